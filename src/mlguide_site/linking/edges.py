"""Whether a name that was found is a word of its own, not a part of another word, of an address, a path, a file name or
a piece of code. All texts are plain (see `folding`)."""

import re

from mlguide_site.linking.folding import is_unspaced

_SAFE = frozenset(' \n\t\x00"()[]{},;:!?|*')
"""Signs that end or begin a word and never hold one together."""
_ENDING = re.compile(r"'(?:s|S|ll|d|ve|re)?(?!\w)")
_MADE_OF = frozenset(
    """
    based like style powered native driven compatible specific only first enabled centric friendly ready related free
    aware styled type flavored flavoured inspired backed hosted managed oriented heavy generated trained written side
    """.split()
)
"""What joins a name by a hyphen and leaves it the name it is: Docker-based."""
_BEFORE = frozenset("non pre post multi pro anti ex all any co inter intra".split())
"""What is before a name with a hyphen and leaves it the name it is: non-Docker."""
_WORD = re.compile(r"[A-Za-z0-9]{1,40}")
_NO_WORD = re.compile(r"[^A-Za-z0-9]")
_NUMBERED = re.compile(r"\d{1,2}(?:\.\d{1,3}){0,2}(?![\w.]*\w)")
_REACH = 300
_DOMAIN = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}\.([a-z]{2,24})(?::\d{1,5})?/")
_FILE_ENDINGS = frozenset("js ts py md ipynb json yml yaml csv txt html css sh cpp rs go".split())
_RUN_START = re.compile(r'[ \n\t\x00|"(<\[,;]')
_RUN_END = re.compile(r'[ \n\t\x00|"<]')
_ROOTED = re.compile(r"(?:[~.]{0,2}/|[A-Za-z]:\\)[\w.]")


def starts_word(text: str, start: int) -> bool:
    """Whether a name may begin at `start`.

    >>> [starts_word(text, text.index("Docker")) for text in ("non-Docker", "O'Docker", "x/Docker", "a.Docker")]
    [True, False, True, False]
    """
    if start == 0 or text[start - 1] in _SAFE:
        return True
    before, further = text[start - 1], text[start - 2] if start > 1 else " "
    if before.isalnum() or before == "_":
        return is_unspaced(before) or is_unspaced(text[start])
    if before == "-":
        word = _NO_WORD.split(text[max(0, start - 12) : start - 1])[-1]
        # without a word: a dash, or an option on a command line
        return not text[start].islower() and (not word or word.lower() in _BEFORE)
    if before in "'.&#":
        return not further.isalnum() and further not in "&_"
    if before in "@\\$%<`~^":
        return before in "<~`" and not further.isalnum()
    return not in_address(text, start)


def ends_word(text: str, start: int, end: int, firm: bool) -> int:
    """Where a name found from `start` to `end` ends: `end`, or behind a version number glued to it; 0 where the name
    doesn't end there. A `firm` one stays the same name where a hyphen joins it to a word.

    >>> [ends_word(text, 0, 6, True) for text in ("Python3.11 is", "Python's", "Pythonic", "Python()")]
    [10, 6, 0, 0]
    """
    after, following = text[end : end + 1], text[end + 1 : end + 2] or " "
    if not after:
        return end
    if after in _SAFE:
        return 0 if after == "(" and following == ")" else end
    if after.isalnum() or after == "_":
        if is_unspaced(after) or is_unspaced(text[end - 1]):
            return end
        glued = _NUMBERED.match(text, end) if end - start > 3 and text[end - 1].isalpha() else None
        return glued.end() if glued else 0
    good = True
    if after == "'":
        good = _ENDING.match(text, end) is not None
    elif after == "-":
        word = _WORD.match(text, end + 1)
        good = not following.isalnum() or firm or (word is not None and word[0].lower() in _MADE_OF)
    elif after in ".&":
        good = not following.isalnum() and following != "_"
    elif after == "+":
        good = following.isalnum()
    elif after in "#@\\$^=":
        good = False
    if end - start < 2 and after not in "'.":
        # a single letter is a name only where little can be made of it
        good = after == "/" and not following.isdigit()
    return end if good and not (after in "/+=%~:-" and in_address(text, start)) else 0


def in_address(text: str, at: int) -> bool:
    """Whether the run of characters without white space around a place is an address, a path or a mail address. Looks
    300 characters either way.

    >>> in_address("see github.com/docker/compose", 15), in_address("AWS/GCP", 4), in_address("Node.js/Deno", 8)
    (True, False, False)
    """
    before, after = text[max(0, at - _REACH) : at], text[at : at + _REACH]
    stop = _RUN_END.search(after)
    if not stop and len(before) == len(after) == _REACH and not _RUN_START.search(before):
        # so long a run is no prose
        return True
    run = _RUN_START.split(before)[-1] + (after[: stop.start()] if stop else after)
    if "://" in run or run.startswith("www.") or _ROOTED.match(run):
        return True
    if "@" in run and "." in run.partition("@")[2]:
        return True
    domain = _DOMAIN.match(run)
    return domain is not None and domain[1] not in _FILE_ENDINGS


_LETTERED = frozenset(
    """
    appendix block bus case category chapter choice class column exhibit figure fig gate grade group item label letter
    level line matrix node option panel part phase plan player point question round scenario section series set stage
    step street table team tier type unit variable variant vector version vitamin
    """.split()
)
"""What a single letter numbers: plan B, vitamin C."""
_INITIAL = re.compile(r"\. ?[A-Z]")
_FORMULA = re.compile(r" ?[=<>^*+]|\(|:[\\/]")
_LAST_WORD = re.compile(r"([A-Za-z]{1,30})[ \n]?$")


def is_mere_letter(text: str, start: int, end: int) -> bool:
    """Whether a single letter is an initial, a numbering or a quantity rather than a name.

    >>> [is_mere_letter(text, text.index("R"), text.index("R") + 1)
    ...  for text in ("by R. Fisher", "plan R", "R = 0.8", "written in R. The", "in R")]
    [True, True, True, False, False]
    """
    before = _LAST_WORD.search(text, max(0, start - 31), start)
    word = before[1] if before else ""
    if _FORMULA.match(text, end) or word.lower() in _LETTERED:
        return True
    is_initial = word not in {"in", "with", "use", "using", "and", "or", "like", "to", "learn", "than", "from"}
    return is_initial and _INITIAL.match(text, end) is not None
