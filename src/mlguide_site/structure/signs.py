"""Stars and dashes that stand for bullets in a flat text, and those that are nothing but stars and dashes."""

import re
from collections.abc import Callable, Collection, Sequence

SIGNS = ("*", "-", "–")
FEWEST = 3
"""How many of a sign make a list."""
MAX_ITEM = 12
"""How many words an item in small letters may have behind a dash: longer ones are rather sentences."""
_OPENERS = "\"'“‘«([{"
_OPERAND = re.compile(r"[(\[{|]*[-+±√∂Δ]?(?:\d[\d.,]*%?|[^\W\d_](?:_\w{1,3})?)[²³'′!)\]}|^\d]*[.,;:?]?")
_ASIDE = frozenset(
    "and or nor but so yet i you he she it we they who whom which that is are was were be been has have had do does did"
    " can could may might will would shall should must as if when while because though although even not never just"
    " also then than".split()
)
"""Words with which an aside between dashes begins, or a sentence goes on behind one, and hardly an item."""


def list_signs(words: Sequence[str], lines: Collection[int], ends: Callable[[str], bool]) -> frozenset[int]:
    """Places of stars and dashes that stand for bullets.

    `lines` are the places at which a line begins, `ends` says whether a word ends a sentence. A sign counts where it is
    one of several that stand before something, and isn't part of a calculation.

    >>> sorted(list_signs("Parts: - reed - shuttle - warp beam".split(), (), lambda word: False))
    [1, 3, 5]
    >>> list_signs("He came - late - and sat - alone".split(), (), lambda word: False)
    frozenset()
    >>> list_signs("So 2 * 3 * 4 * 5 is x".split(), (), lambda word: False)
    frozenset()
    """
    signs: set[int] = set()
    for sign in SIGNS:
        places = [
            at
            for at, word in enumerate(words[:-1])
            if word == sign and words[at + 1][0].lstrip(_OPENERS) and not _calculates(words, at)
        ]
        if len(places) < FEWEST:
            continue
        if sign == "*":
            signs.update(places)
            continue
        capital = [at for at in places if words[at + 1][0].isupper()]
        behind = [at for at in capital if at == 0 or ends(words[at - 1]) or words[at - 1].endswith(":")]
        # a dash inside a sentence is a dash; in a list all but the first stand behind the end of an item
        if len(capital) >= FEWEST and 2 * len(behind) > len(capital):
            signs.update(behind)
        signs.update(_runs(words, places, lines, ends))
    return frozenset(signs)


def _calculates(words: Sequence[str], at: int) -> bool:
    """Whether a sign stands between two operands, such as numbers or letters."""
    return at > 0 and all(_OPERAND.fullmatch(words[near][:20]) is not None for near in (at - 1, at + 1))


def _runs(
    words: Sequence[str], places: Sequence[int], lines: Collection[int], ends: Callable[[str], bool]
) -> set[int]:
    """The dashes of runs that begin where an item may begin, with nothing but short items between them."""
    found: set[int] = set()
    run: list[int] = []
    for at in [*places, len(words)]:
        is_item = at < len(words) and words[at + 1].casefold().strip(".,;:!?\"'") not in _ASIDE
        opens = at < len(words) and (at == 0 or at in lines or ends(words[at - 1]) or words[at - 1].endswith(":"))
        if run and is_item and _is_short(words[run[-1] + 1 : at], ends):
            run.append(at)
            continue
        if len(run) >= FEWEST:
            found.update(run)
        run = [at] if is_item and opens else []
    return found


def _is_short(item: Sequence[str], ends: Callable[[str], bool]) -> bool:
    return 0 < len(item) <= MAX_ITEM and not any(map(ends, item[:-1]))
