"""Whether the place where a name was found is one where it stands for itself: a word of its own, not a part of another
word, of an address, a path, a file name or a piece of code. All texts are plain (see `folding`)."""

import re

from mlguide_site.linking.folding import is_unspaced

SAFE = frozenset(' \n\t\x00"()[]{},;:!?|*')
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
"""What stands before a name with a hyphen and leaves it the name it is: non-Docker."""
_WORD = re.compile(r"[A-Za-z0-9]{1,40}")
_NUMBERED = re.compile(r"\d{1,2}(?:\.\d{1,3}){0,2}(?![\w.]*\w)")
_REACH = 300
_DOMAIN = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,6}\.([a-z]{2,24})(?::\d{1,5})?/")
_FILE_ENDINGS = frozenset("js ts py md ipynb json yml yaml csv txt html css sh cpp rs go".split())
_RUN_START = re.compile(r'[ \n\t\x00|"(<\[,;]')
_RUN_END = re.compile(r'[ \n\t\x00|"<]')
_ROOTED = re.compile(r"(?:[~.]{0,2}/|[A-Za-z]:\\)[\w.]")


def starts_word(text: str, start: int, proper: bool, ordinary: bool) -> bool:
    """Whether a name may begin at `start`. `proper`: it's a proper name, `ordinary`: an ordinary word as well."""
    if start == 0:
        return True
    before = text[start - 1]
    if before in SAFE:
        return True
    if before.isalnum() or before == "_":
        return is_unspaced(before) or is_unspaced(text[start])
    further = text[start - 2] if start > 1 else " "
    if before == "-":
        return _after_hyphen(text, start, proper, ordinary)
    if before in "'.&#":
        return not further.isalnum() and further not in "&_"
    if before in "@\\$%<`~^":
        return before in "<~`" and not further.isalnum()
    return not in_address(text, start)


def _after_hyphen(text: str, start: int, proper: bool, ordinary: bool) -> bool:
    """`multi-GPU` and `non-Docker` name GPU and Docker; `semi-supervised`, `Alpha-Go` and options of commands don't."""
    first = start - 2
    while first >= 0 and start - first < 42 and text[first].isalnum():
        first -= 1
    word = text[first + 1 : start - 1]
    if not word:
        # a dash before a word, or an option on a command line
        return not text[start].islower()
    if word.lower() in _BEFORE:
        return proper
    named = word[0].isupper() and not word.isupper()
    return proper and not ordinary and not named and len(word) > 1 and not in_address(text, start)


def ends_word(text: str, start: int, end: int, proper: bool, ordinary: bool) -> int:
    """Where a name found from `start` to `end` ends: `end`, or behind a version number glued to it; 0 where the name
    doesn't end there."""
    if end >= len(text):
        return end
    after = text[end]
    if after in SAFE:
        return 0 if after == "(" and text[end + 1 : end + 2] == ")" else end
    if after.isalnum() or after == "_":
        if is_unspaced(after) or is_unspaced(text[end - 1]):
            return end
        return _numbered(text, start, end) if proper else 0
    following = text[end + 1] if end + 1 < len(text) else " "
    good = True
    if after == "'":
        good = _ENDING.match(text, end) is not None
    elif after == "-":
        good = _before_hyphen(text, start, end, following, proper, ordinary)
    elif after in ".&":
        good = not following.isalnum() and following != "_"
    elif after == "+":
        good = following.isalnum()
    elif after in "#@\\$^=":
        good = False
    if good and after not in "'." and end - start < 2:
        # a single letter is a name only where little can be made of it
        good = after == "/" and not following.isdigit()
    return end if good and not (after in "/+=%~:" and in_address(text, start)) else 0


def _before_hyphen(text: str, start: int, end: int, following: str, proper: bool, ordinary: bool) -> bool:
    if not following.isalnum():
        return end - start > 1
    if end - start == 1:
        return False
    found = _WORD.match(text, end + 1)
    word = found[0] if found else ""
    if word.lower() in _MADE_OF:
        return True
    return proper and not ordinary and not in_address(text, start)


def _numbered(text: str, start: int, end: int) -> int:
    """The end of a version number glued to a name of four letters or more (`Python3`, `Qwen2.5`)."""
    if end - start < 4 or not text[end - 1].isalpha():
        return 0
    found = _NUMBERED.match(text, end)
    return found.end() if found else 0


def in_address(text: str, at: int) -> bool:
    """Whether the run of characters without white space around a place is an address, a path or a mail address. Looks
    300 characters either way.

    >>> in_address("see github.com/docker/compose", 15), in_address("AWS/GCP", 4), in_address("Node.js/Deno", 8)
    (True, False, False)
    """
    before = text[max(0, at - _REACH) : at]
    after = text[at : at + _REACH]
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
    if _FORMULA.match(text, end):
        return True
    before = _LAST_WORD.search(text, max(0, start - 31), start)
    word = before[1] if before else ""
    if word.lower() in _LETTERED:
        return True
    if _INITIAL.match(text, end):
        return word not in {"in", "with", "use", "using", "and", "or", "like", "to", "learn", "than", "from"}
    return False
