"""Books, courses and other works that a text names by title: `Title by Author`, `the book “Title”`."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from mlguide_site.editing.suggest import lists, world
from mlguide_site.editing.suggest.tokens import Word, is_marked, is_plain_word

MAX_TITLE = 12
_QUOTED = re.compile(r"[\"“]([^\"“”]{4,100})[\"”]")
_INSIDE = frozenset([" ", ": ", ", ", " & ", "\n"])


class Work(NamedTuple):
    """A title, its authors, where the title begins and ends in the text, and where a link on it leads; `title` has no
    quotes."""

    title: str
    authors: tuple[str, ...]
    start: int
    end: int
    url: str = ""


def works_of(text: str, words: Sequence[Word]) -> list[Work]:
    """The works that a block names, in order."""
    found: dict[int, Work] = {}
    for at, word in enumerate(words):
        if word.low != "by" or not 0 < at < len(words) - 1:
            continue
        authors = _authors(text, words, at + 1)
        if authors and (work := _before(text, words, at, authors)):
            found[work.start] = work
    starts = [word.start for word in words]
    for match in _QUOTED.finditer(text):
        if work := _quoted(words, starts, match):
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


def _quoted(words: Sequence[Word], starts: Sequence[int], match: re.Match[str]) -> Work | None:
    """The title in quotes, where a noun beside it says that it is one."""
    first, last = bisect_left(starts, match.start(1)), bisect_left(starts, match.end(1))
    if not _is_title(words[first:last]) or not _called_work(words, first, last):
        return None
    title = match[1].strip(" .,;:")
    return Work(" ".join(title.split()), (), match.start(1), match.start(1) + len(title))


def linked_work(
    text: str, words: Sequence[Word], starts: Sequence[int], title: str, href: str, start: int
) -> Work | None:
    """The work that a link names, from the link's text and where it begins: where authors follow, or a noun beside it
    or the link's host says that it is one."""
    first, last = bisect_left(starts, start), bisect_left(starts, start + len(title))
    host = href.partition("://")[2].partition("/")[0].lower().split(".")
    if not href.startswith(("http://", "https://")) or not _is_title(words[first:last]):
        return None
    known = any(part in lists.WORK_HOSTS for part in host)
    authors = _authors(text, words, last + 1) if last < len(words) and words[last].low == "by" else ()
    if not (known or authors or _called_work(words, first, last)):
        return None
    if any(word.low in lists.MARKUP_WORDS or word.low in lists.NO_WORKS for word in words[first:last]):
        return None
    return Work(" ".join(title.split()), authors, start, start + len(title), href)


def _is_title(inside: Sequence[Word]) -> bool:
    """Whether words are written as a title: two or more that tell something, each with a capital."""
    telling = [word for word in inside if word.low not in lists.JOINERS and word.low not in lists.SMALL]
    raised = all(word.capital or word.text.isdigit() for word in telling)
    return len(telling) > 1 and len(inside) <= MAX_TITLE and raised and all(word.bare for word in inside)


def _called_work(words: Sequence[Word], first: int, last: int) -> bool:
    """Whether one of the words just before or behind a title is a noun for works."""
    around = [*words[max(0, first - 3) : first], *words[last : last + 2]]
    return any(word.low in lists.RESOURCE_NOUNS for word in around)
