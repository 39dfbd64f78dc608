"""The items of an outline as resources.

An item without `#pick` whose children are bare links is one resource with these links. Other items are resources too,
nested as they stand: a branch is the resource that its children stand under. Our own export is read as exactly what was
exported.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers import Context, EntryDraft, Item, Source
from mlguide_site.importers.opml.outline import Item as Entry
from mlguide_site.importers.opml.outline import Link, all_items, opml_head, read_outline
from mlguide_site.importers.opml.text import FORMATS
from mlguide_site.model.slugs import is_slug, make_slug

MAX_LEVEL = 8
MAX_TITLE = 500
MAX_PLACES = 8
_INHERITED = ("format", "importance", "difficulty", "engagement", "price", "topics", "episodes")
_OF_A_THING = frozenset({"format", "importance", "difficulty", "engagement", "episodes"})
_LISTS = frozenset({"urls", "authors", "format", "topics", "episodes"})
_BRANCHES = frozenset({*(f"{name}s" for name in FORMATS), "more", "archive", "other", "resources"})
_LABELS = frozenset(
    "amazon audible audio audiobook blog book buy code course docs documentation download ebook free github home"
    " homepage kindle link notes official page paper paperback pdf playlist print publisher site slides video videos"
    " watch web webpage website youtube".split()
)
"""The usual labels of links."""


def sniff(source: Source) -> bool:
    """Whether a source is OPML."""
    return opml_head(source.data)


def read(source: Source, context: Context) -> Iterator[Item]:
    """Resources, the topics that they name, and the problems of the outline."""
    outline = read_outline(source, context)
    if isinstance(outline, Problem):
        yield outline
        return
    if not outline.items:
        yield Problem(source.name, Span(), "the outline has no items", "see whether it was exported whole")
        return
    reader = _Reader(source.name, outline.own)
    for item in outline.items:
        reader.take(item, "", {}, 1)
    yield from _topics(reader.made.values(), context)
    for slug, made in reader.made.items():
        yield EntryDraft("resource", slug, made.fields, made.parent, made.line, True)
    yield from _problems(source.name, outline.items, reader)


def _topics(made: Sequence["_Made"] | Any, context: Context) -> Iterator[EntryDraft]:
    known = set(context.topics.values())
    first: dict[str, int] = {}
    for one in made:
        for slug in one.fields.get("topics", ()):
            if isinstance(slug, str) and is_slug(slug) and slug not in known:
                first.setdefault(slug, one.line)
    for slug, line in sorted(first.items()):
        name = slug.replace("-", " ")
        yield EntryDraft("topic", slug, {"name": name[0].upper() + name[1:]}, "", line, True)


def _problems(name: str, items: Sequence[Entry], reader: "_Reader") -> Iterator[Problem]:
    """One problem for each tag and address that was refused, with its lines."""
    lines: dict[tuple[str, str], list[int]] = defaultdict(list)
    for item in all_items(items):
        for remark in item.remarks:
            lines[remark].append(item.line)
        for tag in item.tags.refused:
            lines[
                f'unknown tag "{visible(tag)[:80]}"', "it is kept as text; correct it, or import its series first"
            ].append(item.line)
        for url in item.refused_urls:
            lines[f"not a web address: {visible(url)[:80]}", "it is left out; only http and https are allowed"].append(
                item.line
            )
    for at, message, remedy in reader.remarks:
        lines[message, remedy].append(at)
    for (message, remedy), found in sorted(lines.items()):
        others = sorted(set(found))[1:]
        shown = ", ".join(map(str, others[:MAX_PLACES])) + (
            f" and {len(others) - MAX_PLACES} more" * (len(others) > MAX_PLACES)
        )
        more = f" (also on line {shown})" if others else ""
        yield Problem(name, Span(min(found), 1), message + more, remedy, Severity.WARNING)


@dataclass
class _Made:
    """A resource while items are taken in."""

    fields: dict[str, Any]
    parent: str
    line: int
    level: int
    ancestors: tuple[str, ...] = ()
    seen: dict[str, set[str]] = field(default_factory=dict)


class _Reader:
    def __init__(self, name: str, own: bool) -> None:
        self.name, self.own = name, own
        self.made: dict[str, _Made] = {}
        self.slugs: dict[tuple[str, ...], str] = {}
        self.taken: set[str] = set()
        self.remarks: list[tuple[int, str, str]] = []

    def take(self, item: Entry, parent: str, inherited: Mapping[str, Any], level: int) -> None:
        """Take in an item under the resource `parent`, with the tags of the branches above it."""
        links, remarks, rest = _parted(item, self.own)
        title = item.title[:MAX_TITLE]
        if self.own and isinstance(item.own, Mapping) and isinstance(item.own.get("title"), str):
            title = item.own["title"]
        if not self.own and not title.strip(" -–—_*=."):
            if not (item.note or item.links or item.children):
                # a line that parts others, or tags of nothing
                self.remarks.append((item.line, "an item without text", "it is left out"))
                return
            title = title.strip() or "Untitled"
        fields = _fields(item, title, (links, remarks, rest), inherited, self.own)
        slug = self._slug(item, title, parent)
        own = {name: item.tags.fields[name] for name in _INHERITED if name in item.tags.fields}
        if slug in self.made:
            self._join(slug, fields, item.line)
            self._report_second_place(slug, title, parent, item.line)
        else:
            if level > MAX_LEVEL:
                message, remedy = f"nested deeper than {MAX_LEVEL} levels", f"it is put on level {MAX_LEVEL}"
                self.remarks.append((item.line, message, remedy))
                parent = self.made[parent].ancestors[MAX_LEVEL - 2]
            above = self.made[parent] if parent else None
            ancestors = (*above.ancestors, slug) if above else (slug,)
            self.made[slug] = _Made(fields, parent, item.line, len(ancestors), ancestors)
        passed = {} if self.own else {**inherited, **own}
        for child in rest:
            self.take(child, slug, passed, self.made[slug].level + 1)

    def _slug(self, item: Entry, title: str, parent: str) -> str:
        """The slug of the item: of an earlier one with the same title, if it isn't a branch, else one of its own."""
        if self.own and is_slug(item.slug):
            self.taken.add(item.slug)
            return item.slug
        name = " ".join(title.casefold().split())
        # branches such as "More" stand in many places and are not the same
        is_branch = item.tags.picked or (bool(item.children) and not item.links and not item.tags.fields)
        key = (name, parent) if is_branch else (name,)
        if key not in self.slugs:
            taken = self.taken
            wanted = make_slug(title, "resource")
            if wanted in taken and is_branch and parent:
                wanted = make_slug(f"{parent} {title}", "resource")
            if wanted in taken:
                mark = blake2b("\n".join(key).encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
                wanted = f"{wanted[:55].rstrip('-')}-{mark}"
            self.slugs[key] = wanted
            taken.add(wanted)
        return self.slugs[key]

    def _report_second_place(self, slug: str, title: str, parent: str, line: int) -> None:
        """Report a place that a resource loses: it has one place only."""
        first = self.made[slug].parent
        if parent != first and slug not in (parent, *(self.made[parent].ancestors if parent else ())):
            # an export that was changed by hand may lack titles
            here, there = (
                f'"{visible(str(self.made[p].fields.get("title", p)))[:60]}"' if p else "no branch"
                for p in (parent, first)
            )
            message = f'"{visible(title)[:60]}" is under {there} and under {here}'
            self.remarks.append((line, message, "it is kept under the first; give it a topic to find it by the second"))

    def _join(self, slug: str, fields: Mapping[str, Any], line: int) -> None:
        """Add the fields of a second item of the same title to the first."""
        first = self.made[slug]
        for name, value in fields.items():
            before = first.fields.get(name)
            if before is None:
                first.fields[name] = value
            elif name in _LISTS:
                both = before if isinstance(before, list) else [before]
                if name not in first.seen:
                    first.seen[name] = {repr(one) for one in both}
                seen = first.seen[name]
                for one in value if isinstance(value, list) else [value]:
                    if repr(one) not in seen:
                        seen.add(repr(one))
                        both.append(one)
                first.fields[name] = both if len(both) > 1 or name != "format" else both[0]
            elif name == "summary" and str(value) not in str(before):
                first.fields[name] = f"{before} {value}"
            elif name not in ("title", "summary") and value != before:
                title = visible(str(fields["title"]))[:60]
                message = f'"{title}" comes twice, also on line {first.line}, with another {name}'
                self.remarks.append((line, message, "the first counts"))


def own_fields(item: Entry, links: Sequence[Entry]) -> dict[str, Any]:
    """The fields of an item of our own export with the items that are its links."""
    return _fields(item, item.title, (links, (), ()), {}, True)


def _fields(
    item: Entry,
    title: str,
    parts: tuple[Sequence[Entry], Sequence[Entry], Sequence[Entry]],
    inherited: Mapping[str, Any],
    own: bool,
) -> dict[str, Any]:
    links, remarks, rest = parts
    urls = [*item.links, *(link for child in links for link in _links_of(child))]
    urls += item.noted if item.bare or (not urls and not rest) else []
    is_branch = item.tags.picked or bool(rest)
    fields_of_tags = {} if is_branch and not item.tags.fields else dict(inherited)
    fields_of_tags |= item.tags.fields
    if not own and len(urls) == 1 and "price" in item.tags.fields and not urls[0].price:
        urls = [urls[0]._replace(price=item.tags.fields["price"])]
    texts = [
        item.title if len(item.title) > MAX_TITLE and not own else "",
        item.note,
        *(child.title for child in remarks),
    ]
    refused = [*item.tags.refused, *(tag for child in links for tag in child.tags.refused)]
    summary = " ".join(text for text in [*texts, *dict.fromkeys(refused)] if text)
    fields: dict[str, Any] = {"title": title, "urls": [_url(link) for link in dict.fromkeys(urls)], **fields_of_tags}
    if isinstance(fields.get("format"), tuple):
        fields["format"] = fields["format"][0] if len(fields["format"]) == 1 else list(fields["format"])
    for name in ("topics", "episodes"):
        fields[name] = list(fields.get(name, ()))
    fields |= {"summary": summary} | ({"hide": True} if item.hidden else {})
    if item.own:
        fields |= {str(name): value for name, value in item.own.items()}
    return {name: value for name, value in fields.items() if value not in (None, "", [])}


def _url(link: Link) -> str | dict[str, str]:
    parts = {"url": link.url, "title": " ".join(link.title.split())[:MAX_TITLE], "price": link.price}
    found = {name: value for name, value in parts.items() if value}
    return found if len(found) > 1 else link.url


def _links_of(child: Entry) -> list[Link]:
    """The links of an item that is a link of the one above it: labelled by its title, with its price."""
    price = str(child.tags.fields.get("price") or "")
    links = [*child.links, *child.noted]
    titled = child.title if child.title not in {link.url for link in links} else ""
    return [Link(link.url, titled or link.title, link.price or price) for link in links]


def _parted(item: Entry, own: bool) -> tuple[list[Entry], list[Entry], list[Entry]]:
    """The children of an item: its links, plain text about it, and resources of their own."""
    named = all(_is_label(child) and not child.children for child in item.children)
    links = [child for child in item.children if child.is_link or (not own and _is_link_of(child, item, named))]
    about = bool(item.links or links or item.noted) and not item.tags.picked and not own
    remarks = [child for child in item.children if about and _is_plain(child)]
    apart = {id(child) for child in (*links, *remarks)}
    return links, remarks, [child for child in item.children if id(child) not in apart]


def _is_link_of(child: Entry, item: Entry, named: bool) -> bool:
    """Whether an item is no more than a link of the one above it; `named` is true where all beside it are called as
    links are."""
    if item.tags.picked or child.children or child.tags.picked or child.hidden or set(child.tags.fields) - {"price"}:
        return False
    if not (child.links or child.noted) or (child.note and not child.bare):
        return False
    is_thing = bool(_OF_A_THING & set(item.tags.fields)) and item.title.casefold() not in _BRANCHES
    is_bare = "://" in child.title or not child.title
    if is_thing:
        return is_bare or "price" in child.tags.fields or _is_label(child)
    # a branch without a word on what it is: of a thing only if nothing but links with the usual names stand there
    return not is_bare and named


def _is_label(child: Entry) -> bool:
    """Whether an item is called as links are: by what they lead to, or by their host."""
    links = (*child.links, *child.noted)
    words = child.title.casefold().replace("/", " ").replace(",", " ").split()
    hosts = {part for link in links for part in (urlsplit(link.url).hostname or "").split(".")}
    return bool(links) and bool(
        (set(words) & _LABELS and len(words) <= 4) or (len(words) <= 2 and "".join(words) in hosts)
    )


def _is_plain(child: Entry) -> bool:
    """Whether an item is text and nothing else."""
    linked = child.links or child.noted or child.note or child.children
    return bool(child.title) and not (linked or child.tags.fields or child.tags.refused or child.tags.picked)
