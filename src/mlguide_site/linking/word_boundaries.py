"""Checks whether a name found in a text is part of another word, an address, a path, a file name or code.

Each argument `text` is a result of `folding.plain`."""

import re
from functools import lru_cache

from mlguide_site.linking.folding import is_unspaced

_SAFE = frozenset(' \n\t\x00"()[]{},;:!?|*')  # characters that never join two words
_POSSESSIVE = re.compile(r"'(?:s|S|ll|d|ve|re)?(?!\w)")
_COMPOUND = re.compile(
    r"-(?:based|like|style|powered|native|driven|compatible|specific|only|first|enabled|centric|friendly|ready|related"
    r"|free|aware|type|backed|hosted|managed|oriented|heavy|generated|trained|written|side)(?![^\W_])",
    re.IGNORECASE,
)
"""Matches the second part of a compound word whose first part can be a name, as in "Docker-based"."""
_REACH = 300
_RUN_START = re.compile(r'[ \n\t\x00|"(<\[,;]')
_RUN_END = re.compile(r'[ \n\t\x00|"<]')
_ADDRESS = re.compile(
    r".*://|www\.|[~.]{0,2}/[\w.]|[A-Za-z]:\\|[^@]*@[^@]*\.|[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}\.(?!js)[a-z]{2,24}(?::\d+)?/"
)
_INITIAL = re.compile(r"\. ?[A-Z]")
_FORMULA = re.compile(r" ?[=<>^*+]|\(|:[\\/]")
_BEFORE_NAME = re.compile(r"\b(?:in|with|use|using|and|or|like|to|learn|than|from) $")


def starts_word(text: str, start: int) -> bool:
    """Return whether a name may begin at `start`."""
    if start == 0 or text[start - 1] in _SAFE:
        return True
    before, further = text[start - 1], text[start - 2] if start > 1 else " "
    if before.isalnum() or before == "_":
        return is_unspaced(before) or is_unspaced(text[start])
    if before in "-'.&#<`~":
        # a hyphen before a lower-case letter may begin a command-line option
        is_option = before == "-" and text[start].islower()
        return not is_option and not further.isalnum() and further not in "&_"
    return before not in "@\\$%^" and not in_address(text, start)


def ends_word(text: str, start: int, end: int, joined: bool) -> bool:
    """Return whether a name may end at `end`. If `joined` is true, a hyphen and any word may follow."""
    after, following = text[end : end + 1], text[end + 1 : end + 2] or " "
    if not after:
        return True
    if after in _SAFE:
        return after != "(" or following != ")"
    if after.isalnum() or after == "_":
        return is_unspaced(after) or is_unspaced(text[end - 1])
    good = after not in "#@\\$^="
    if after == "'":
        good = _POSSESSIVE.match(text, end) is not None
    elif after == "-":
        good = joined or not following.isalnum() or _COMPOUND.match(text, end) is not None
    elif after in ".&":
        good = not following.isalnum() and following != "_"
    elif after == "+":
        good = following.isalnum()
    if end - start < 2 and after not in "'.":
        # a single letter before punctuation is a name only in alternatives ("R/Python")
        good = after == "/" and not following.isdigit()
    return good and not (after in "/+=%~:-" and in_address(text, start))


@lru_cache(maxsize=1)
def in_address(text: str, at: int) -> bool:
    """Return whether the characters around a position, up to whitespace, are a web address, path or email address."""
    before, after = text[max(0, at - _REACH) : at], text[at : at + _REACH]
    stop = _RUN_END.search(after)
    run = _RUN_START.split(before)[-1] + (after[: stop.start()] if stop else after)
    # a very long run of characters isn't prose
    return len(run) >= 2 * _REACH or _ADDRESS.match(run) is not None


def is_mere_letter(text: str, start: int, end: int) -> bool:
    """Return whether a single letter is an initial or part of a formula, and therefore not a name."""
    if _INITIAL.match(text, end):
        return _BEFORE_NAME.search(text, max(0, start - 10), start) is None
    return _FORMULA.match(text, end) is not None
