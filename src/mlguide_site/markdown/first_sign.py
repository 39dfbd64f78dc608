"""Markdown-it's block rules, tried only where the first sign of a line can open what they look for.

Most lines begin with a letter, which opens no list, quote, fence, heading, rule, reference or HTML; markdown-it asks
each rule all the same, for each line and again for each line that may end a paragraph. What comes out is the same.
"""

from collections.abc import Callable

from markdown_it import rules_block
from markdown_it.parser_block import ParserBlock
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock

Rule = Callable[[StateBlock, int, int, bool], bool]

_OPENING: dict[Rule, str] = {
    rules_block.fence: "`~",
    rules_block.blockquote: ">",
    rules_block.hr: "*-_",
    rules_block.list_block: "*+-0123456789",
    rules_block.reference: "[",
    rules_block.html_block: "<",
    rules_block.heading: "#",
}
"""What a line begins with, indentation aside, that a rule of CommonMark (0.31, "Block structure") may take; one that
is not listed may take any line."""


class FirstSignParser(ParserBlock):
    """Markdown-it's block parser; `opening` adds to what is known of rules."""

    def __init__(self, other: ParserBlock, opening: dict[Rule, str]) -> None:
        self.ruler = _FirstSignRuler(other.ruler, {**_OPENING, **opening})


class _FirstSignRuler(Ruler[Rule]):
    """The rules of another ruler, as one rule for each chain."""

    def __init__(self, other: Ruler[Rule], opening: dict[Rule, str]) -> None:
        super().__init__()
        self.__rules__ = other.__rules__
        self._opening = opening
        self._chains: dict[str, list[Rule]] = {}

    def getRules(self, chainName: str = "") -> list[Rule]:  # noqa: N802, N803 - the names are markdown-it's
        """The one rule of a chain; none where the chain is empty. No rule may be added or turned off afterwards."""
        try:
            return self._chains[chainName]
        except KeyError:
            rules = super().getRules(chainName)
            chain = self._chains[chainName] = [_by_first_sign(rules, self._opening)] if rules else []
            return chain


def _by_first_sign(rules: list[Rule], opening: dict[Rule, str]) -> Rule:
    """One rule in place of several, in their order."""
    signs = {sign for rule in rules for sign in opening.get(rule, "")}
    table = {sign: tuple(rule for rule in rules if sign in opening.get(rule, sign)) for sign in signs}
    table = {
        sign: tuple(_rule_of_signs if rule is rules_block.hr else rule for rule in taking)
        for sign, taking in table.items()
    }
    others = tuple(rule for rule in rules if rule not in opening)
    fitting = table.get

    def first_that_takes(state: StateBlock, line: int, end: int, silent: bool) -> bool:
        start = state.bMarks[line] + state.tShift[line]
        for rule in fitting(state.src[start : start + 1], others):  # noqa: SIM110 - a generator would take its time
            if rule(state, line, end, silent):
                return True
        return False

    return first_that_takes


def _rule_of_signs(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """The rule for a thematic break, asked only where no letter stands third in the line, as in an item of a list."""
    third = state.bMarks[line] + state.tShift[line] + 2
    return not state.src[third : third + 1].isalnum() and rules_block.hr(state, line, end, silent)
