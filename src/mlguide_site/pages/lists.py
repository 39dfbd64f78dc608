"""Lists on pages: pages of long lists, groups of indexes with their anchors, trees as nested lists."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from mlguide_site.model.slugs import make_slug
from mlguide_site.pages.view import EntryCard, Pager, ResourceRow, Step, TreeItem

T = TypeVar("T")
EPISODES_PER_PAGE = 50
"""How many episodes or mentions a page of a paged list holds."""
ENTRIES_PER_PAGE = 80
"""How many entries a page of an index holds."""
FIRST_MENTIONS = 10
"""How many mentions the page of an entry or episode itself shows; so it hardly grows with the number of episodes."""
MAX_DEPTH = 8
"""How deep lists nest on a page; what stands deeper is shown at that depth."""


def page_count(items: int, size: int, first: int | None = None) -> int:
    """How many pages a list takes, at least 1; the first page may hold `first` instead of `size`.

    >>> page_count(0, 50), page_count(50, 50), page_count(51, 50), page_count(63, 50, 12)
    (1, 1, 2, 3)
    """
    first = size if first is None else first
    return 1 + max(0, -(-(items - first) // size))


def cut(items: Sequence[T], number: int, size: int, first: int | None = None) -> Sequence[T]:
    """The items on page `number`, counted from 1.

    >>> cut(range(63), 2, 50, 12), cut(range(63), 3, 50, 12), cut(range(5), 1, 50)
    (range(12, 62), range(62, 63), range(0, 5))
    """
    first = size if first is None else first
    if number == 1:
        return items[:first]
    start = first + (number - 2) * size
    return items[start : start + size]


def index_page(index: str, number: int) -> str:
    """The path of a page of a paged index; a slug never has a slash, so no entry's page can be in its place.

    >>> index_page("tools/index.md", 1), index_page("tools/index.md", 2)
    ('tools/index.md', 'tools/page/2.md')
    """
    return index if number == 1 else f"{index.removesuffix('index.md')}page/{number}.md"


def mention_page(page: str, number: int) -> str:
    """The path of a page of the mentions that an entry's or episode's own page has no room for.

    >>> mention_page("tools/docker.md", 1), mention_page("tools/docker.md", 2)
    ('tools/docker.md', 'tools/docker/mentions-2.md')
    """
    return page if number == 1 else f"{page.removesuffix('.md')}/mentions-{number}.md"


def pager(number: int, count: int, url: Callable[[int], str]) -> Pager | None:
    """The way through `count` pages from page `number`: its neighbours, first and last, and 0 for those left out.

    >>> [step.number for step in pager(6, 20, str).steps]
    [1, 0, 5, 6, 7, 0, 20]
    """
    if count < 2:
        return None
    near = sorted({1, count, *range(max(1, number - 1), min(count, number + 1) + 1)})
    steps: list[Step] = []
    for at, page in enumerate(near):
        if at and page == near[at - 1] + 2:
            steps.append(Step(page - 1, url(page - 1)))
        elif at and page > near[at - 1] + 1:
            steps.append(Step(0, ""))
        steps.append(Step(page, "" if page == number else url(page)))
    previous = url(number - 1) if number > 1 else ""
    following = url(number + 1) if number < count else ""
    return Pager(number, count, previous, following, tuple(steps))


class Nested(Protocol):
    """An entry that may belong to another of its kind: a topic or a resource."""

    @property
    def parent(self) -> str | None:
        """The slug of the entry above it."""


def above(entries: Mapping[str, Nested], slug: str) -> list[str]:
    """The slugs above an entry, the topmost first."""
    found: list[str] = []
    parent = entries[slug].parent
    while parent and parent in entries and parent not in found:
        found.append(parent)
        parent = entries[parent].parent
    return found[::-1]


def tree(entries: Mapping[str, Nested], key: Callable[[str], Any]) -> Mapping[str, tuple[str, ...]]:
    """The slugs below each entry, sorted; those whose parent is unknown are below ""."""
    children: dict[str, list[str]] = {}
    for slug, entry in entries.items():
        children.setdefault(entry.parent if entry.parent and entry.parent in entries else "", []).append(slug)
    return {slug: tuple(sorted(below, key=key)) for slug, below in children.items()}


class Node(NamedTuple):
    """A node of a tree in the order of a walk, with its depth."""

    slug: str
    depth: int


def walk(children: Mapping[str, Sequence[str]], start: str) -> list[Node]:
    """All nodes below `start`, each before its children; a node that stands above itself is not entered again.

    >>> walk({"": ["a", "b"], "a": ["c"], "c": ["a"]}, "")
    [Node(slug='a', depth=0), Node(slug='c', depth=1), Node(slug='b', depth=0)]
    """
    found: list[Node] = []
    seen = {start}
    stack = [Node(slug, 0) for slug in reversed(children.get(start, ()))]
    while stack:
        node = stack.pop()
        if node.slug in seen:
            continue
        seen.add(node.slug)
        found.append(node)
        stack += [Node(slug, node.depth + 1) for slug in reversed(children.get(node.slug, ()))]
    return found


def branch_pages(children: Mapping[str, Sequence[str]]) -> list[list[list[Node]]]:
    """The branches of a tree on pages of about as many entries as fit; the head of each comes first.

    A branch that has no end goes on under its head on the next page, cut between the nodes just below the head where
    there is one in time. The nodes below a head are one level higher than `walk` gives them: they begin at depth 0.
    """
    pages: list[list[list[Node]]] = [[]]
    room = ENTRIES_PER_PAGE
    for node in walk(children, ""):
        if room <= 0 and (node.depth < 2 or room <= -ENTRIES_PER_PAGE):
            pages.append([[pages[-1][-1][0]]] if node.depth else [])
            room = ENTRIES_PER_PAGE
        if node.depth == 0:
            pages[-1].append([node])
        else:
            pages[-1][-1].append(Node(node.slug, node.depth - 1))
        room -= 1
    return pages


def nested(nodes: Iterable[tuple[EntryCard, int, ResourceRow | None]]) -> tuple[TreeItem, ...]:
    """Cards of a walk with their depths as items of nested lists; the template opens and closes the outermost list.

    An item whose `opens` is true begins a list inside the item before it; `closes` items end behind it: none where the
    next one begins a list inside it, itself alone, or itself and items around it with their lists.
    """
    items = list(nodes)
    found = []
    depth = 0
    for at, (card, wanted, row) in enumerate(items):
        here = min(wanted, depth + 1 if at else 0, MAX_DEPTH)
        following = min(items[at + 1][1], here + 1, MAX_DEPTH) if at + 1 < len(items) else 0
        found.append(TreeItem(card, row, here, here > depth, max(0, here - following + 1)))
        depth = here
    return tuple(found)


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
