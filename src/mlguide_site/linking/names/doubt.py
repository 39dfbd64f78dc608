"""Names that could be ordinary words or mere letters where they stand. When in doubt a name doesn't count; what stands
around it can lift the doubt. All texts are plain (see `folding`)."""

import re

_STARTERS = frozenset(".!?:;*\x00\n|-")
_REACH = 60
_LAST_WORD = re.compile(r"([A-Za-z]{1,30})[ \n]?$")
_NEXT_WORD = re.compile(r"[ \n]([A-Za-z']{1,30})(?=([^A-Za-z']?))")
_AS_NAME = frozenset(
    """
    is was has had does did can cannot will would could should may might must and or vs versus also lets itself isn't
    doesn't wasn't won't
    """.split()
)
"""Words that follow the name of a thing, not an order to do something."""
_NO_VERBS = frozenset(
    """
    this its his us as ours yours theirs hers plus across always less towards things places perhaps besides unless class
    cross press process access success thus sometimes is's
    """.split()
)
_AS_ORDER = frozenset(
    """
    a about across after again ahead all along and any around as at away back before behind beyond by down each
    either every everything far first for forth forward from further her here his home how if in into it its itself
    like me more most much my no not on once one online only or our out over past really right some someone
    something somewhere sure than that the their them then there these this those through to today together too
    toward towards under until up upon us what when where whether which while who why with within without you your
    yourself
    """.split()
)
"""Words that follow an order to do something, rarely the name of a thing."""
_LETTERED = frozenset(
    """
    appendix block bus case category chapter choice class column exhibit figure fig gate grade group hepatitis item
    label letter level line matrix node option panel part phase plan player point question round scenario section
    series set stage step street table team tier type unit variable variant vector version vitamin
    """.split()
)
"""What a single letter behind it numbers: plan B, vitamin C."""
_INITIAL = re.compile(r"\. ?[A-Z]")
_FORMULA = re.compile(r" ?[=<>^*+]|\(|:[\\/]")


def begins_sentence(text: str, start: int) -> bool:
    """Whether a word stands first in its sentence, item or block.

    >>> begins_sentence("So. Go on", 4), begins_sentence("we Go", 3), begins_sentence("Go", 0)
    (True, False, True)
    """
    at = start - 1
    while at >= 0 and start - at < _REACH and text[at] in " \"'([_":
        at -= 1
    return at < 0 or text[at] in _STARTERS


def reads_as_name(text: str, end: int) -> bool:
    """Whether what follows a first word shows that it's a name: a verb in the third person, a colon, the end.

    >>> [reads_as_name(text, 5) for text in ("Spark runs on", "Spark your", "Spark: fast", "Spark")]
    [True, False, True, True]
    """
    found = _NEXT_WORD.match(text, end)
    if not found:
        return text[end : end + 1] != "-"
    word = found[1]
    if word in _AS_NAME:
        return True
    if word.islower():
        return word.endswith("s") and word not in _NO_VERBS and not word.endswith("ss")
    # "Spark SQL", "Go (the language)"; but not "Make API calls", "Go To"
    return False


def reads_as_order(text: str, end: int) -> bool:
    """Whether what follows a first word shows that it asks for something to be done.

    >>> reads_as_order("Spark your interest", 5), reads_as_order("Spark applications", 5)
    (True, False)
    """
    found = _NEXT_WORD.match(text, end)
    return found is not None and found[1].lower() in _AS_ORDER


def shouted(text: str, start: int, end: int) -> bool:
    """Whether a word in capitals stands among words in capitals, where its own say nothing.

    >>> shouted("WE GO HOME", 3, 5), shouted("written in GO and C", 11, 13)
    (True, False)
    """
    before = _LAST_WORD.search(text, max(0, start - 31), start)
    after = _NEXT_WORD.match(text, end)
    return any(word and len(word[1]) > 1 and word[1].isupper() for word in (before, after))


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
