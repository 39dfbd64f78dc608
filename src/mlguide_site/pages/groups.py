"""The groups of an index, each with an anchor, cut into pages: tools by category, terms and people by letter."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from mlguide_site.model.slugs import make_slug

LAST_CATEGORY = "Other"
"""The category of tools that have none of their own; it stands last."""


class Group(NamedTuple):
    """Entries that stand together under a title; the anchor is unique within the index."""

    title: str
    anchor: str
    slugs: tuple[str, ...]


class Place(NamedTuple):
    """Where a group begins: its title, page and anchor, and how many entries it has."""

    title: str
    page: int
    anchor: str
    size: int


def by_category(categories: Mapping[str, str], titles: Mapping[str, str]) -> tuple[Group, ...]:
    """Slugs by category; categories that differ in case alone are one. Both sorted by title.

    >>> by_category({"a": "Web", "b": "Other", "c": "web"}, {"a": "A", "b": "B", "c": "C"})
    (Group(title='Web', anchor='c.web', slugs=('a', 'c')), Group(title='Other', anchor='c.other', slugs=('b',)))
    """
    names: dict[str, str] = {}
    for slug in sorted(categories):
        names.setdefault(categories[slug].casefold(), categories[slug])
    order = sorted(names, key=lambda key: (key == LAST_CATEGORY.casefold(), key))
    return _groups(
        ((names[key], "c", [slug for slug in categories if categories[slug].casefold() == key]) for key in order),
        titles,
    )


def by_letter(titles: Mapping[str, str]) -> tuple[Group, ...]:
    """Slugs by the first letter of their title, without its accents; digits and signs stand first, under "#".

    >>> [(group.title, group.slugs) for group in by_letter({"a": "Éclair", "b": "eagle", "c": "2D"})]
    [('#', ('c',)), ('E', ('b', 'a'))]
    """
    letters: dict[str, list[str]] = {}
    for slug, title in titles.items():
        first = unicodedata.normalize("NFKD", title)[:1].upper()
        letters.setdefault(first if first.isalpha() else "#", []).append(slug)
    order = sorted(letters, key=lambda letter: (letter != "#", letter))
    return _groups(((letter, "l", letters[letter]) for letter in order), titles)


def _groups(parts: Iterable[tuple[str, str, list[str]]], titles: Mapping[str, str]) -> tuple[Group, ...]:
    found: list[Group] = []
    used: set[str] = set()
    for title, prefix, slugs in parts:
        anchor = f"{prefix}.{make_slug(title, 'other')}"
        if anchor in used:
            anchor = f"{anchor}.{len(found)}"
        used.add(anchor)
        found.append(Group(title, anchor, tuple(sorted(slugs, key=lambda slug: (titles[slug].casefold(), slug)))))
    return tuple(found)


def cut_groups(groups: Sequence[Group], size: int) -> list[list[Group]]:
    """Groups on pages of at most `size` entries; a group that goes on keeps its title and anchor. At least one page.

    >>> pages = cut_groups([Group("A", "a", tuple("abc")), Group("B", "b", ("d",))], 2)
    >>> [[(group.title, group.slugs) for group in page] for page in pages]
    [[('A', ('a', 'b'))], [('A', ('c',)), ('B', ('d',))]]
    """
    pages: list[list[Group]] = [[]]
    room = size
    for group in groups:
        rest = group.slugs
        while rest:
            if not room:
                pages.append([])
                room = size
            pages[-1].append(group._replace(slugs=rest[:room]))
            taken = len(pages[-1][-1].slugs)
            rest, room = rest[taken:], room - taken
    return pages


def places(pages: Sequence[Sequence[Group]]) -> tuple[Place, ...]:
    """Where each group begins, in order."""
    found: dict[str, Place] = {}
    for number, page in enumerate(pages, 1):
        for group in page:
            first = found.get(group.anchor)
            size = len(group.slugs) + (first.size if first else 0)
            found[group.anchor] = (first or Place(group.title, number, group.anchor, 0))._replace(size=size)
    return tuple(found.values())
