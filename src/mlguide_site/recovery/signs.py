"""Tokens of a flat text, with stars and dashes that stand for bullets told from those that are stars and dashes."""

import re
from collections.abc import Collection, Sequence

from mlguide_site.recovery.times import begins_item
from mlguide_site.recovery.words import OPENERS, Token, ends_sentence, tokenize

_WORD = re.compile(r"\S+")
SIGNS = ("*", "-", "–")
FEWEST = 3
"""How many of a sign make a list."""
MAX_ITEM = 12
"""How many words an item in small letters may have behind a dash: longer ones are rather sentences."""
_OPERAND = re.compile(r"[(\[{|]*[-+±√∂Δ]?(?:\d[\d.,]*%?|[^\W\d_](?:_\w{1,3})?)[²³'′!)\]}|^\d]*[.,;:?]?")
_ASIDE = frozenset(
    "and or nor but so yet i you he she it we they who whom which that is are was were be been has have had do does did"
    " can could may might will would shall should must as if when while because though although even not never just"
    " also then than".split()
)
"""Words with which an aside between dashes begins, or a sentence goes on behind one, and hardly an item."""


def read_tokens(text: str) -> list[Token]:
    """The tokens of a text as `tokenize` gives them, but for stars and dashes: see `list_signs`.

    >>> [(token.text, token.mark) for token in read_tokens("Kit: - reed - comb - wool")]
    [('Kit:', ''), ('reed', 'item'), ('comb', 'item'), ('wool', 'item')]
    >>> [token.text for token in read_tokens("2 * 3 * 4 * 5")]
    ['2', '*', '3', '*', '4', '*', '5']
    """
    tokens = tokenize(text)
    if not any(sign in text for sign in SIGNS):
        return tokens
    found = [(match.group(), match.start()) for match in _WORD.finditer(text)]
    words = [word for word, _ in found]
    ends = [0, *(start + len(word) for word, start in found)]
    breaks = frozenset(at for at, (_, start) in enumerate(found) if at and "\n" in text[ends[at] : start])
    wanted = list_signs(words, breaks)
    known = {token.start: token for token in tokens}
    result: list[Token] = []
    between: list[int] = []
    """places of marks since the last token"""
    for at, (word, start) in enumerate(found):
        token = known.get(start)
        if at in wanted or (token is None and word not in SIGNS):
            between.append(at)
        elif token is None:
            kind = "heading" if any("#" in words[place] for place in between) else "item" if between else ""
            result.append(Token(word, start, at in breaks, kind))
            between = []
        else:
            signed = "item" if any(place in wanted for place in between) else ""
            mark = token.mark if any(place not in wanted for place in between) else signed
            hard = bool(result) and any(place in breaks for place in (*between, at))
            result.append(token._replace(mark=mark, hard=hard))
            between = []
    return result


def list_signs(words: Sequence[str], lines: Collection[int]) -> frozenset[int]:
    """Places of stars and dashes that stand for bullets; `lines` are the places at which a line begins.

    A sign counts where it is one of several that stand before something, and isn't part of a calculation.

    >>> sorted(list_signs("Parts: - reed - shuttle - warp beam".split(), ()))
    [1, 3, 5]
    >>> list_signs("He came - late - and sat - alone".split(), ())
    frozenset()
    >>> list_signs("So 2 * 3 * 4 * 5 is x".split(), ())
    frozenset()
    """
    signs: set[int] = set()
    for sign in SIGNS:
        places = [
            at
            for at, word in enumerate(words[:-1])
            if word == sign and words[at + 1][0].lstrip(OPENERS) and not _calculates(words, at)
        ]
        if len(places) < FEWEST:
            continue
        if sign == "*":
            signs.update(places)
            continue
        capital = [at for at in places if words[at + 1][0].isupper()]
        behind = [at for at in capital if at == 0 or ends_sentence(words[at - 1]) or words[at - 1].endswith(":")]
        # a dash inside a sentence is a dash; in a list all but the first stand behind the end of an item
        if len(capital) >= FEWEST and 2 * len(behind) > len(capital):
            signs.update(behind)
        signs.update(_runs(words, places, lines))
    return frozenset(signs)


def _calculates(words: Sequence[str], at: int) -> bool:
    """Whether a sign stands between two operands, such as numbers or letters."""
    return at > 0 and all(_OPERAND.fullmatch(words[near][:20]) is not None for near in (at - 1, at + 1))


def _runs(words: Sequence[str], places: Sequence[int], lines: Collection[int]) -> set[int]:
    """The dashes of runs that begin where an item may begin, with nothing but short items between them."""
    found: set[int] = set()
    run: list[int] = []
    for at in [*places, len(words)]:
        is_item = at < len(words) and words[at + 1].casefold().strip(".,;:!?\"'") not in _ASIDE
        opens = at < len(words) and begins_item(words, at, lines)
        if run and is_item and _is_short(words[run[-1] + 1 : at]):
            run.append(at)
            continue
        if len(run) >= FEWEST:
            found.update(run)
        run = [at] if is_item and opens else []
    return found


def _is_short(item: Sequence[str]) -> bool:
    return 0 < len(item) <= MAX_ITEM and not any(map(ends_sentence, item[:-1]))
