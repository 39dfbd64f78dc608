"""Books, courses and other works that a text names by title: `Title by Author`, `the book “Title”`."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from mlguide_site.suggest import lists, world
from mlguide_site.suggest.tokens import Word, is_marked, is_plain_word

MAX_TITLE = 12
_QUOTED = re.compile(r"[\"“]([^\"“”]{4,100})[\"”]")
_INSIDE = frozenset([" ", ": ", ", ", " & ", "\n"])


class Work(NamedTuple):
    """A title, its authors and where the title begins and ends in the text; `title` has no quotes."""

    title: str
    authors: tuple[str, ...]
    start: int
    end: int


def works_of(text: str, words: Sequence[Word]) -> list[Work]:
    """The works that a block names, in order."""
    found: dict[int, Work] = {}
    for at, word in enumerate(words):
        if word.low != "by" or not 0 < at < len(words) - 1:
            continue
        authors = _authors(text, words, at + 1)
        if authors and (work := _before(text, words, at, authors)):
            found[work.start] = work
    for match in _QUOTED.finditer(text):
        if work := _quoted(words, match):
            found.setdefault(work.start, work)
    return [found[start] for start in sorted(found)]


def _authors(text: str, words: Sequence[Word], at: int) -> tuple[str, ...]:
    """The people named from a word on: one, or several with `and` or commas between them."""
    people: list[str] = []
    while at < len(words) and len(people) < 4:
        last = at
        while (
            last + 1 < len(words)
            and words[last + 1].capital
            and words[last + 1].before in {" ", ". "}
            and last - at < 3
        ):
            if words[last + 1].before == ". " and len(words[last].text) > 1:
                break
            last += 1
        name = text[words[at].start : words[last].end]
        if not is_person(name.split()) or not all(word.bare for word in words[at : last + 1]):
            break
        people.append(name)
        at = last + 1
        if at < len(words) and words[at].low == "and":
            at += 1
        elif at >= len(words) or words[at].before != ", ":
            break
    return tuple(people)


def is_person(names: Sequence[str]) -> bool:
    """Whether words look like a person's first and last names.

    >>> is_person(["Jane", "Roe"]), is_person(["J.", "Q.", "Roe"]), is_person(["Open", "Source"]), is_person(["Google"])
    (True, True, False, False)
    """
    if not 2 <= len(names) <= 4 or not all(name[:1].isupper() for name in names):
        return False
    if names[-1].lower() in world.BODY_ENDINGS or any(is_marked(name) and "." not in name for name in names):
        return False
    first = names[0].rstrip(".")
    if len(first) == 1 or first.lower() in world.FIRST_NAMES:
        return True
    return not any(is_plain_word(name.strip(".")) or name.lower() in world.BODIES for name in names)


def _before(text: str, words: Sequence[Word], at: int, authors: tuple[str, ...]) -> Work | None:
    """The title that ends before `by`, if there is one."""
    end = words[at - 1].end
    gap = text[end : words[at].start]
    if gap.strip() and not re.fullmatch(r"\s?[\"”*),]{0,3}\s", gap):
        return None
    first = at
    while first and at - first < MAX_TITLE:
        word = words[first - 1]
        if not word.bare or not (
            word.capital or word.low in lists.JOINERS or word.low in lists.SMALL or word.text.isdigit()
        ):
            break
        first -= 1
        if (word.first and word.before != ": ") or word.before not in _INSIDE:
            break
    while first < at and (not words[first].capital or words[first].low in lists.BOOK_WORDS):
        first += 1
    title = text[words[first].start : end] if first < at else ""
    raised = sum(word.capital for word in words[first:at])
    quoted = '"' in gap or "”" in gap
    if raised < 2 and not quoted:
        return None
    return Work(" ".join(title.split()), authors, words[first].start, end) if title else None


def _quoted(words: Sequence[Word], match: re.Match[str]) -> Work | None:
    """The title in quotes, where a noun beside it says that it is one."""
    inside = [word for word in words if match.start(1) <= word.start < match.end(1)]
    telling = [word for word in inside if word.low not in lists.JOINERS and word.low not in lists.SMALL]
    if len(telling) < 2 or not all(word.capital or word.text.isdigit() for word in telling):
        return None
    if not all(word.bare for word in inside):
        return None
    before = [word.low for word in words if match.start() - 40 <= word.start < match.start()][-3:]
    after = [word.low for word in words if match.end() <= word.start < match.end() + 30][:2]
    if not any(word in lists.RESOURCE_NOUNS for word in (*before, *after)):
        return None
    title = match[1].strip(" .,;:")
    return Work(" ".join(title.split()), (), match.start(1), match.start(1) + len(title))
