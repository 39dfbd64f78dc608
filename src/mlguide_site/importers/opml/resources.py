"""The items of an outline as resources.

An item that its tags call a book, a course or the like is one resource with the links that its children are. Other
items are resources too, nested as they are: a branch is the resource that its children belong to. Our own export is
read as exactly what was exported.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers import Context, EntryDraft, Item, Source
from mlguide_site.importers.opml.outline import Link, Outline, opml_head, read_outline
from mlguide_site.importers.opml.tags import FORMATS
from mlguide_site.model.slugs import is_slug, make_slug

MAX_LEVEL = 8
MAX_TITLE = 500
_INHERITED = ("format", "importance", "difficulty", "engagement", "price", "topics", "episodes")
_OF_A_THING = frozenset({"format", "importance", "difficulty", "engagement", "episodes"})
_LISTS = frozenset({"urls", "authors", "format", "topics", "episodes"})
_BRANCHES = frozenset({*(f"{name}s" for name in FORMATS), "more", "archive", "other", "resources"})


def sniff(source: Source) -> bool:
    """Whether a source is OPML."""
    return opml_head(source.data)


def read(source: Source, context: Context) -> Iterator[Item]:
    """Resources, the topics that they name, and the problems of the outline."""
    items = read_outline(source, context)
    if isinstance(items, Problem):
        yield items
        return
    if not items:
        yield Problem(source.name, Span(), "the outline has no items", "see whether it was exported whole")
        return
    reader = _Reader()
    for item in items:
        reader.add(item, "", {})
    found = [(slug, one, one.plain()) for slug, one in reader.by_slug.items()]
    drafts = [EntryDraft("resource", slug, fields, one.parent, one.line, True) for slug, one, fields in found]
    known = set(context.topics.values())
    topics: dict[str, int] = {}
    for draft in drafts:
        named = draft.fields.get("topics")
        for slug in named if isinstance(named, list) else ():
            if isinstance(slug, str) and is_slug(slug) and slug not in known:
                topics.setdefault(slug, draft.line)
    for slug, line in sorted(topics.items()):
        name = slug.replace("-", " ")
        yield EntryDraft("topic", slug, {"name": name[0].upper() + name[1:]}, "", line, True)
    yield from drafts
    yield from _problems(source.name, items)


def _problems(name: str, items: Sequence[Outline]) -> Iterator[Problem]:
    """One problem for each message, with all of its lines."""
    lines: dict[tuple[str, str], set[int]] = defaultdict(set)
    for item in (below for top in items for below in top.walk()):
        remedy = "it is kept as text; correct it, or import its series first"
        for remark in (*item.remarks, *((f'unknown tag "{visible(tag)[:80]}"', remedy) for tag in item.tags.refused)):
            lines[remark].add(item.line)
    for (message, remedy), found in sorted(lines.items()):
        also = f", in {len(found)} places" if len(found) > 1 else ""
        yield Problem(name, Span(min(found), 1), message + also, remedy, Severity.WARNING)


@dataclass
class _Resource:
    """A resource while items are read; its lists are dictionaries, for they hold each value once, in order."""

    fields: dict[str, Any]
    parent: str
    line: int
    ancestors: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """The fields as a knowledge file has them."""
        found = {name: list(value) if isinstance(value, dict) else value for name, value in self.fields.items()}
        if isinstance(self.fields.get("urls"), dict):
            found["urls"] = [_url(link) if isinstance(link, Link) else link for link in found["urls"]]
        if isinstance(self.fields.get("format"), dict) and len(found["format"]) == 1:
            found["format"] = found["format"][0]
        return {name: value for name, value in found.items() if value}


class _Reader:
    def __init__(self) -> None:
        self.by_slug: dict[str, _Resource] = {}
        self.slugs: dict[tuple[str, ...], str] = {}
        self.taken: set[str] = set()

    def add(self, item: Outline, parent: str, inherited: Mapping[str, Any]) -> None:
        """Add an item under the resource `parent`, with the tags of the branches above it."""
        links, rest = _parted(item)
        if not (item.fields or item.title.strip(" -–—_*=.") or item.note or item.links or item.children):
            # a line that parts others, or tags of nothing
            item.remarks.append(("an item without text", "it is left out"))
            return
        title = str(item.fields.get("title") or item.title[:MAX_TITLE].strip() or "Untitled")
        fields = {"title": title, **item.fields} if item.fields else _fields(item, title, links, bool(rest), inherited)
        slug = self.slug(item, title, parent)
        if slug in self.by_slug:
            self.join(slug, fields, item, parent)
        else:
            above = self.by_slug[parent].ancestors if parent else ()
            if len(above) >= MAX_LEVEL:
                item.remarks.append((f"nested deeper than {MAX_LEVEL} levels", f"it is put on level {MAX_LEVEL}"))
                above = above[: MAX_LEVEL - 1]
            self.by_slug[slug] = _Resource(fields, above[-1] if above else "", item.line, (*above, slug))
        own = {name: item.tags.fields[name] for name in _INHERITED if name in item.tags.fields}
        for child in rest:
            self.add(child, slug, {**inherited, **own})

    def slug(self, item: Outline, title: str, parent: str) -> str:
        """The slug of the item: of an earlier one with the same title, if it isn't a branch, else one of its own."""
        if is_slug(item.slug):
            self.taken.add(item.slug)
            return item.slug
        name = " ".join(title.casefold().split())
        # branches such as "More" are in many places and are not the same
        is_branch = item.tags.picked or (bool(item.children) and not item.links and not item.tags.fields)
        key = (name, parent) if is_branch else (name,)
        if key not in self.slugs:
            wanted = make_slug(title, "resource")
            if wanted in self.taken and is_branch and parent:
                wanted = make_slug(f"{parent} {title}", "resource")
            if wanted in self.taken:
                mark = blake2b("\n".join(key).encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
                wanted = f"{wanted[:55].rstrip('-')}-{mark}"
            self.slugs[key] = wanted
            self.taken.add(wanted)
        return self.slugs[key]

    def join(self, slug: str, fields: Mapping[str, Any], item: Outline, parent: str) -> None:
        """Add the fields of a second item of the same title to the first, which keeps its place and its own values."""
        first = self.by_slug[slug]
        lost = [] if parent in (first.parent, slug) else ["place"]
        for name, value in fields.items():
            before = first.fields.setdefault(name, value)
            if name in _LISTS and isinstance(before, dict) and isinstance(value, dict):
                before |= value
            elif name == "summary" and str(value) not in str(before):
                first.fields[name] = f"{before} {value}"
            elif name not in ("title", "summary") and value != before:
                lost.append(name)
        if lost:
            title = visible(str(fields["title"]))[:60]
            message = f'"{title}" comes twice, also on line {first.line}, with another {" and ".join(lost)}'
            item.remarks.append((message, "the first counts; give it a topic to find it by the second"))


def _fields(
    item: Outline, title: str, links: Sequence[Outline], has_below: bool, inherited: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields of the resource that an item is, with the children that are its links."""
    urls = [*item.links, *(link for child in links for link in _links_of(child))]
    urls += item.note_links if not item.note or not (urls or has_below) else []
    is_bare_branch = (item.tags.picked or has_below) and not item.tags.fields
    fields = {**({} if is_bare_branch else inherited), **item.tags.fields}
    if len(urls) == 1 and "price" in item.tags.fields and not urls[0].price:
        urls = [urls[0]._replace(price=item.tags.fields["price"])]
    refused = [*item.tags.refused, *(tag for child in links for tag in child.tags.refused)]
    texts = [item.title if len(item.title) > MAX_TITLE else "", item.note]
    found = {
        "title": title,
        "urls": dict.fromkeys(urls),
        **{name: dict.fromkeys(value) if name in _LISTS else value for name, value in fields.items()},
        "summary": " ".join(filter(None, [*texts, *dict.fromkeys(refused)])),
    }
    return {name: value for name, value in found.items() if value}


def _url(link: Link) -> str | dict[str, str]:
    parts = {"url": link.url, "title": " ".join(link.title.split())[:MAX_TITLE], "price": link.price}
    found = {name: value for name, value in parts.items() if value}
    return found if len(found) > 1 else link.url


def _links_of(child: Outline) -> list[Link]:
    """The links of an item that is a link of the one above it: labelled by its title, with its price."""
    price = str(child.tags.fields.get("price") or "")
    links = [*child.links, *child.note_links]
    titled = child.title if child.title not in {link.url for link in links} else ""
    return [Link(link.url, titled or link.title, link.price or price) for link in links]


def _parted(item: Outline) -> tuple[list[Outline], list[Outline]]:
    """The children of an item: its links, and resources of their own. An item that its tags call a book, a course or
    the like, rather than a branch of such, has the children as links that are nothing else, and plain text as notes."""
    is_branch = item.tags.picked or item.title.casefold() in _BRANCHES
    is_thing = not is_branch and bool(_OF_A_THING & set(item.tags.fields))
    is_linked = is_thing and any(one.links or one.note_links for one in (item, *item.children))
    links: list[Outline] = []
    rest: list[Outline] = []
    for child in item.children:
        more = child.children or child.note or child.fields or child.tags.picked or set(child.tags.fields) - {"price"}
        is_plain = is_linked and not more
        if child.is_link or (is_plain and (child.links or child.note_links)):
            links.append(child)
        elif is_plain and not child.tags.fields and not child.tags.refused:
            item.note = " ".join(filter(None, [item.note, child.title]))
        else:
            rest.append(child)
    return links, rest
