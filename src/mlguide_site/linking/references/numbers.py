"""The numbers behind a reference: where the first ends well, and the range or the list that it begins."""

import re
from typing import NamedTuple

from mlguide_site.linking.references.forms import SPACE, WORD

MAX_RANGE = 25
"""A range of more episodes than this is none."""
MAX_LIST = 40

_RANGE = re.compile(rf"(?:[-–—‑]|{SPACE}(?:to|through|thru|till|until){SPACE})(?P<shown>#?(?P<number>\d{{1,5}}))")
_LIST = re.compile(
    rf"(?:{SPACE}?[,;]{SPACE}?(?:(?:and|or|&){SPACE})?|{SPACE}(?:and|or|&|\+){SPACE}|/)"
    rf"(?P<shown>(?:{WORD}{SPACE}?)?#?(?P<number>\d{{1,5}}))",
    re.IGNORECASE,
)
_UNFINISHED = re.compile(
    rf"[\w%°]|[.:]\d|,\d{{3}}(?!\d)|-[^\W\d]|{SPACE}(?:edition|format|formatting|style|citations?|guidelines?)\b",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    rf"""(?:{SPACE}|-)(?:
    percent|per{SPACE}cent|pct|x|times|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|decades?|
    am|pm|a\.m\.|p\.m\.|others?|more|people|books?|courses?|videos?|articles?|papers?|links?|pages?|chapters?|parts?|steps?|
    tools?|models?|layers?|tokens?|parameters?|features?|examples?|samples?|rows?|gb|mb|kb|tb|k|m|b|million|billion|thousand|
    hundred|dollars?|euros?|points?|of{SPACE}(?:these|those|them|my|our|its)|
    jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_OF = re.compile(rf"{SPACE}(?:of|from){SPACE}", re.IGNORECASE)


class Counted(NamedTuple):
    """A further number: itself, where it stands, and whether it stands in the text at all (not so inside a range)."""

    number: int
    start: int
    end: int
    shown: bool


def ends_well(text: str, end: int) -> bool:
    """Whether a number that ends here is a whole one: no version, time, share, amount, edition or compound.

    >>> [ends_well(text, 5) for text in ("MLG 9", "MLG 9.", "MLG 9.5", "MLA 9th", "MLA 9 format", "MLG 9-part")]
    [True, True, False, False, False, False]
    """
    return _UNFINISHED.match(text, end) is None


def further_numbers(text: str, end: int, first: int) -> list[Counted]:
    """The numbers that follow a first one in a range or a list, each greater than the one before.

    >>> [counted.number for counted in further_numbers("MLG 18-20, 22 and 30 minutes", 6, 18)]
    [19, 20, 22]
    """
    result: list[Counted] = []
    last = first
    ranged = False
    while len(result) < MAX_LIST:
        found = None if ranged else _RANGE.match(text, end)
        ranged = found is not None
        found = found or _LIST.match(text, end)
        if not found or not ends_well(text, found.end()) or _QUANTITY.match(text, found.end()):
            break
        if found["shown"][0].isalpha() and _OF.match(text, found.end()):
            # "MLG 3 and episode 12 of another show"
            break
        number = int(found["number"])
        if number <= last or (ranged and number - last > MAX_RANGE):
            break
        if ranged:
            result += [
                Counted(between, found.start("shown"), found.end(), False) for between in range(last + 1, number)
            ]
        result.append(Counted(number, found.start("shown"), found.end(), True))
        last, end = number, found.end()
    return result
