"""Splits long lists into pages, groups the entries of indexes, and turns trees into nested lists."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from mlguide_site.linking.disambiguation import EntryKey
from mlguide_site.model.records import Difficulty, Importance, Kind, PersonRole, Resource, Topic
from mlguide_site.model.slugs import make_slug, sort_key
from mlguide_site.pages.view import Jump, Pager, Section, TreeItem

T = TypeVar("T")
EPISODES_PER_PAGE = 50  # maximum number of episodes or mentions on a page of a paginated list
ENTRIES_PER_PAGE = 64  # maximum number of entries on a page of an index
# rows of resources are longer than those of other entries
PER_PAGE = {**dict.fromkeys(Kind, ENTRIES_PER_PAGE), Kind.RESOURCE: 40}
FIRST_MENTIONS = 10  # maximum number of mentions on the page of an entry or episode
TOPIC_STEPS = 12  # maximum number of episodes in a topic's learning path, unless the topic's `order` is longer
ORDERED = 60  # maximum number of episodes in a topic's learning path, even if the topic's `order` is longer
FOLLOWED = 1000  # maximum number of prerequisites that are followed to find the learning path of a topic
BEFORE = 20  # maximum number of an episode's prerequisites on other pages
ESSENTIAL = "ESSENTIAL"
MAX_DEPTH = 8  # maximum depth of nested lists on a page; deeper items are shown at this depth


def paged(items: Sequence[T], size: int, first: int = 0) -> list[Sequence[T]]:
    """Split a list into one or more pages of `size` items. If `first` is set, the first page has `first` items."""
    first = first or size
    return [items[:first], *(items[at : at + size] for at in range(first, len(items), size))]


def index_page(index: str, number: int) -> str:
    """Return the path of a page of an index, such as `tools/page/2.md`."""
    return index if number == 1 else f"{index.removesuffix('index.md')}page/{number}.md"


def mention_page(page: str, number: int) -> str:
    """Return the path of one page that lists mentions of an entry or episode."""
    return page if number == 1 else f"{page.removesuffix('.md')}/mentions-{number}.md"


def pager(number: int, count: int, url: Callable[[int], str]) -> Pager | None:
    """Return links to the first, previous, next and last pages. In `steps`, the number 0 represents a gap."""
    if count < 2:
        return None
    steps: list[tuple[int, str]] = []
    last = 0
    for page in sorted({1, count, *range(max(1, number - 1), min(count, number + 1) + 1)}):
        if page == last + 2:
            steps.append((page - 1, url(page - 1)))
        elif page > last + 1:
            steps.append((0, ""))
        steps.append((page, "" if page == number else url(page)))
        last = page
    previous, following = (url(page) if 1 <= page <= count else "" for page in (number - 1, number + 1))
    return Pager(number, previous, following, tuple(steps))


def above(entries: Mapping[str, Topic | Resource], slug: str) -> list[str]:
    """Return the slugs of an entry's ancestors, the topmost first."""
    found: list[str] = []
    parent = entries[slug].parent
    while parent and parent in entries and parent not in found:
        found.append(parent)
        parent = entries[parent].parent
    return found[::-1]


def with_above(entries: Mapping[str, Topic], slugs: Iterable[str]) -> tuple[str, ...]:
    """Return the slugs that exist in `entries`, and the slugs of their ancestors, sorted."""
    return tuple(sorted({slug for own in slugs if own in entries for slug in (own, *above(entries, own))}))


def tree(entries: Mapping[str, Topic | Resource], key: Callable[[str], Any]) -> Mapping[str, tuple[str, ...]]:
    """Map each entry to its sorted children. The key "" maps to the top-level entries."""
    children: dict[str, list[str]] = {}
    for slug, entry in entries.items():
        children.setdefault(entry.parent if entry.parent and entry.parent in entries else "", []).append(slug)
    return {slug: tuple(sorted(below, key=key)) for slug, below in children.items()}


def resource_tree(
    resources: Mapping[str, Resource], named_by: Mapping[EntryKey, Sequence[str]], places: Mapping[Any, Any]
) -> Mapping[str, tuple[str, ...]]:
    """Map each resource to its children in file order, or, if readers choose from them, by importance. The key "" maps
    to the top-level resources, sorted by importance and number of mentions. A group has those of its best member. First
    come single essential resources, the easiest first. Then, of equal importance, groups come before single resources;
    single resources that are neither essential nor valuable come last."""
    best: dict[str, tuple[int, int]] = {}
    for slug, resource in resources.items():
        top = [*above(resources, slug), slug][0]
        weight = [*Importance, None].index(resource.importance), -len(named_by.get((Kind.RESOURCE, slug), ()))
        shown = (max(weight[0], int(slug != top)), weight[1])  # essential members are also above all groups
        best[top] = min(shown, best.get(top, shown))
        if slug != top and resources[above(resources, slug)[-1]].pick in ("any", "one"):
            best[slug] = weight[0], 0
    groups = {resource.parent for resource in resources.values()}

    def order(slug: str) -> tuple[object, ...]:
        place = places["resource", slug][1]
        if slug not in best:
            return (place,)
        rank, mentions = best[slug]
        level = 0 if rank else [*Difficulty, None].index(resources[slug].difficulty)
        return min(rank, 2), (slug in groups) == (rank == 0), rank, level, mentions, place

    return tree(resources, order)


class Node(NamedTuple):
    slug: str
    depth: int


def walk(children: Mapping[str, Sequence[str]], start: str) -> list[Node]:
    """Return all nodes below `start`, parents before children. If nodes form a cycle, return each node only once."""
    found: dict[str, int] = {}
    stack = [Node(slug, 0) for slug in reversed(children.get(start, ()))]
    while stack:
        slug, depth = stack.pop()
        if slug not in found and slug != start:
            found[slug] = depth
            stack += [Node(below, depth + 1) for below in reversed(children.get(slug, ()))]
    return [Node(slug, depth) for slug, depth in found.items()]


def nested(items: Iterable[TreeItem]) -> tuple[TreeItem, ...]:
    """Reduce the depths of items (in depth-first order), so that none is more than one level below the previous one."""
    found: list[TreeItem] = []
    for item in items:
        below = found[-1].depth + 1 if found else 0
        found.append(item._replace(depth=min(item.depth, below, MAX_DEPTH)))
    return tuple(found)


def by_branch(
    below: Mapping[str, Sequence[str]], entries: Mapping[str, Topic | Resource], rest: str
) -> list[tuple[str, str]]:
    """Return each topic or resource with the slug of its top-level entry, which is a heading and is omitted. The group
    of a top-level entry without children is `ESSENTIAL`, "VALUABLE" or `rest`, in upper case, so that it isn't a slug.
    The group `ESSENTIAL` comes first; it also contains essential members of other groups, and begins with easy ones.
    Groups with more valuable resources come before others.
    """
    found, head, valuable = list[tuple[str, str]](), "", Counter[str]()
    for slug, depth in walk(below, ""):
        importance = getattr(entries[slug], "importance", None)
        group = str(importance if importance in list(Importance)[:2] else rest).upper()
        if depth:
            found.append((slug, head))
        elif slug in below:
            head = slug
        if slug not in below and (not depth or group == ESSENTIAL):
            found.append((slug, group))
        valuable[head if depth or slug in below else group] += importance == Importance.VALUABLE
    levels = [*Difficulty, None]

    def order(one: tuple[str, str]) -> tuple[bool, int]:
        slug, group = one
        is_first = group == ESSENTIAL
        level = levels.index(getattr(entries[slug], "difficulty", None)) if is_first else -valuable[group]
        return not is_first, level

    return sorted(found, key=order)


def by_category(categories: Mapping[str, str], other: str = "Other") -> dict[str, str]:
    """Map tools to categories, sorted by name without case; `other`, the category "Other", is the last."""
    folded = {slug: name.casefold() for slug, name in categories.items()}
    folded = {slug: "other" if name == other.casefold() else name for slug, name in folded.items()}
    names = {folded[slug]: categories[slug] for slug in reversed(folded)} | {"other": other}
    order = sorted(folded, key=lambda slug: (folded[slug] == "other", folded[slug]))
    return {slug: names[folded[slug]] for slug in order}


def by_letter(titles: Mapping[str, str]) -> dict[str, str]:
    """Map each slug to the first letter of its title, without accent, or to "#" (sorted first) for a non-letter."""
    firsts = {slug: unicodedata.normalize("NFKD", titles[slug])[:1].upper() for slug in sorted(titles)}
    letters = {slug: first if first.isalpha() else "#" for slug, first in firsts.items()}
    order = sorted(letters, key=lambda slug: (letters[slug] != "#", letters[slug], sort_key(titles[slug])))
    return {slug: letters[slug] for slug in order}


def by_part(people: Sequence[str], parts: Sequence[PersonRole], authors: Iterable[str]) -> dict[str, str]:
    """Map people to the keys of their groups, sorted by group; within a group, the order stays. `parts` lists roles."""
    # the crew of a feed has roles with a group, such as "post-production: editor"
    parts = [part for part in parts if ": " not in part.role]
    hosts = {part.person for part in parts if part.role in ("host", "co-host")}
    guests = {part.person for part in parts if part.role != "author"}
    wrote = {*authors, *(part.person for part in parts)}
    found: dict[str, str] = {}
    for key, group in (("hosts", hosts), ("guests", guests), ("authors-teachers", wrote), ("others", people)):
        found |= {slug: key for slug in people if slug in group and slug not in found}
    return found


class Grouped(NamedTuple):
    """A grouped list: group titles by item, items by group, links to the starts of groups, and the groups per page."""

    groups: Mapping[str, str]
    members: Mapping[str, Sequence[str]]
    jumps: Mapping[str, Jump]
    pages: Sequence[Sequence[Section[str]]]


def grouped(items: Sequence[tuple[str, str]], size: int, prefix: str, url: Callable[[int], str]) -> Grouped:
    """Split items into pages of at most `size` items, with a section for each group. A page ends before a group that it
    would split, if it is then at least half full. `items` has the title of each item's group. `url` maps the number of
    a page to its address."""
    used, at = set[str](), 0
    members: dict[str, list[str]] = {}
    for item, title in items:
        members.setdefault(title, []).append(item)
    jumps: dict[str, Jump] = {}
    anchors: dict[str, str] = {}
    pages: list[list[Section[str]]] = []
    while at < len(items) or not pages:
        ends = range(at + size // 2, at + size + 1)
        whole = [end for end in ends if end >= len(items) or items[end - 1][1] != items[end][1]]
        end, number = whole[-1] if whole else at + size, len(pages) + 1
        page, at = items[at:end], end
        sections: dict[str, list[str]] = {}
        for item, title in page:
            if title not in anchors:
                anchor = f"{prefix}.{make_slug(title, 'other' if title else 'undated')}"
                anchors[title] = f"{anchor}.{len(anchors)}" if anchor in used else anchor
                used.add(anchors[title])
                jumps[title] = Jump(title, f"{url(number)}#{anchors[title]}", len(members[title]))
            sections.setdefault(title, []).append(item)
        pages.append([Section(title, anchors[title], tuple(own)) for title, own in sections.items()])
    return Grouped(dict(items), members, jumps, pages)
