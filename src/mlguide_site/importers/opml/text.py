"""The text of an outline's items: its links, and hash tags such as `#format:book:course`, the fields of a resource."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, get_args
from urllib.parse import parse_qsl, urlsplit

from mlguide_site.importers import Context
from mlguide_site.markdown.escape import unescape
from mlguide_site.markdown.from_html import strip_tags
from mlguide_site.model.knowledge import Difficulty, Format, Importance, Pick, Resource
from mlguide_site.model.slugs import episode_id, make_slug

MAX_HOPS = 3
MAX_URL = 2000
_OPEN = re.compile(r"<a(?=[\s>])([^<>]{0,4000})>", re.I)
_CLOSE = re.compile(r"</a\s{0,9}>", re.I)
_HREF = re.compile(r"(?:^|\s)href\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))", re.I)
_DESTINATION = r"<?([A-Za-z][A-Za-z0-9+.-]{1,15}:[^\s()<>]{1,2000}(?:\([^\s()<>]{0,300}\)[^\s()<>]{0,500}){0,3})>?"
_WRITTEN = re.compile(
    rf"(?<!!)\[([^\[\]]{{1,500}})\]\({_DESTINATION}(?:\s{{1,9}}\"[^\"]{{0,300}}\")?\)|(?<![\w/])(https?://[^\s<>\"`]{{1,2000}})",
    re.I,
)
_MARKUP = re.compile(r"</?[A-Za-z]")


class Piece(NamedTuple):
    """A run of text, or a link with its label; `url` is as written, "" for text. A bare address is its own label."""

    text: str
    url: str = ""


def read_pieces(text: str) -> list[Piece]:
    """A text as runs and links, in order; HTML elements other than anchors are read as the text that they show.

    >>> read_pieces('Read <a href="https://a.example/b">the book</a> or [this](https://c.example), https://d.example/e.')
    ... # doctest: +NORMALIZE_WHITESPACE
    [Piece(text='Read ', url=''), Piece(text='the book', url='https://a.example/b'), Piece(text=' or ', url=''),
     Piece(text='this', url='https://c.example'), Piece(text=', ', url=''),
     Piece(text='https://d.example/e', url='https://d.example/e'), Piece(text='.', url='')]
    """
    found: list[Piece] = []
    at = 0
    for start, end, label, url in _anchors(text):
        found += _written(_shown(text[at:start]))
        shown = _shown(label)
        found.append(Piece(" ".join(shown.split()) or url, url))
        at = end
    return found + _written(_shown(text[at:]))


def _anchors(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Start, end, label and address of each anchor with an address. Linear: nothing is searched twice."""
    at = 0
    while opened := _OPEN.search(text, at):
        closed = _CLOSE.search(text, opened.end())
        if not closed:
            return
        at = closed.end()
        if href := _HREF.search(opened[1]):
            url = unescape(next(part for part in href.groups() if part is not None)).strip()
            if url:
                yield opened.start(), at, text[opened.end() : closed.start()], url


def _shown(text: str) -> str:
    """What a reader sees of text that may hold HTML; white space at its ends stays."""
    if _MARKUP.search(text):
        inner = strip_tags(text)
        return f"{' ' * text[:1].isspace()}{inner}{' ' * text[-1:].isspace()}"
    return unescape(text) if "&" in text else text


def _written(text: str) -> list[Piece]:
    found: list[Piece] = []
    at = 0
    for link in _WRITTEN.finditer(text):
        end = link.end()
        if link[3]:
            url = _trimmed(link[3])
            end = link.start() + len(url)
            piece = Piece(url, url)
        else:
            piece = Piece(" ".join(link[1].split()) or link[2], link[2])
        found += [Piece(text[at : link.start()])] if link.start() > at else []
        found.append(piece)
        at = end
    return found + ([Piece(text[at:])] if at < len(text) else [])


def _trimmed(url: str) -> str:
    """A bare address without the punctuation of the sentence around it; a bracket that it opens it closes too."""
    opened, closed = url.count("("), url.count(")")
    end = len(url)
    while end:
        last = url[end - 1]
        if last == ")" and closed > opened:
            closed -= 1
        elif last not in ".,;:!?'*_]}…":
            break
        end -= 1
    return url[:end]


def unwrap(url: str) -> str:
    """The address behind one that only redirects: a path that ends in `/url` with the target as `q` or `url`.

    >>> unwrap("https://www.search.example/url?sa=E&q=https%3A%2F%2Fa.example%2Fb%3Fc%3D1&x=2")
    'https://a.example/b?c=1'
    >>> unwrap("https://a.example/url?q=words"), unwrap("https://a.example/b?q=https://c.example")
    ('https://a.example/url?q=words', 'https://a.example/b?q=https://c.example')
    """
    for _ in range(MAX_HOPS):
        try:
            parts = urlsplit(url)
            fields = dict(parse_qsl(parts.query, max_num_fields=100)) if parts.path.rstrip("/").endswith("/url") else {}
        except ValueError:
            return url
        target = next((fields[key] for key in ("q", "url") if re.match(r"https?://\S", fields.get(key, ""), re.I)), "")
        if not target:
            return url
        url = target
    return url


_TAG = re.compile(r"#([A-Za-z][A-Za-z0-9_-]{0,63})((?::[^\s:#]{1,100}){0,300}):?")
_DANGLING = " -–—|,;:"
_PRICES = ("free", "$", "$$", "$$$")
_ENGAGEMENT = ("passive", "active")
_ONE: Mapping[str, tuple[str, ...]] = {
    "importance": tuple(Importance),
    "difficulty": tuple(Difficulty),
    "engagement": _ENGAGEMENT,
    "price": _PRICES,
    "pick": tuple(Pick),
}
"""Tags with one value, and the values."""
FORMATS: tuple[str, ...] = get_args(Format)
_BARE = frozenset({"hide", "pick"})
NAMES = frozenset({*_ONE, "format", "topic", *_BARE})
"""The tags that are known whatever the series are."""


@dataclass
class Tags:
    """What the tags of an item say. `fields` are those of a resource; `refused` are tags, as written, that are not
    known or have a value that isn't; `picked` is true where the item has `#pick`, with or without a value."""

    fields: dict[str, Any] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    picked: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What tags may name beside the fixed ones: series by id or prefix, in small letters, and topics by name."""

    series: Mapping[str, str]
    topics: Mapping[str, str]

    def knows(self, name: str) -> bool:
        return name in NAMES or name in self.series


def vocabulary(context: Context, more: Iterable[str] = ()) -> Vocabulary:
    """The vocabulary of a root: its series, the one given with `--series`, and the ids in `more`."""
    ids = {*context.series, *more, *([context.given] if context.given else [])}
    series = {id: id for id in sorted(ids)}
    for id, known in sorted(context.series.items()):
        if known.prefix:
            series.setdefault(known.prefix.casefold().rstrip(), id)
    return Vocabulary({name.casefold(): id for name, id in series.items()}, context.topics)


def cut_tags(text: str, known: Vocabulary, tags: Tags) -> str:
    """A text without its tags, white space folded; what they say is added to `tags`.

    An unknown tag is cut out if it has a value or is among those at the end; else it is a word.

    >>> tags = Tags()
    >>> cut_tags("Learn #rust #format:book:scroll #price:$ #mine", Vocabulary({}, {}), tags)
    'Learn #rust'
    >>> tags.fields, tags.refused
    ({'format': ('book',), 'price': '$'}, ['#format:scroll', '#mine'])
    """
    words = text.split()
    end = len(words)
    while end and _TAG.fullmatch(words[end - 1]):
        end -= 1
    # the words that are known tags at the end, or behind one of them, are no part of the text
    first = next((at for at in range(end, len(words)) if known.knows(_name(words[at]))), len(words))
    kept = []
    for at, word in enumerate(words):
        found = _TAG.fullmatch(word) or _TAG.fullmatch(word.rstrip(",;.)"))
        if found and (known.knows(_name(word)) or found[2] or at >= first):
            _read(found[0], found[1].casefold(), [value for value in found[2].split(":") if value], known, tags)
        else:
            kept.append(word)
    shown = " ".join(kept)
    return shown.rstrip(_DANGLING) if len(kept) < len(words) else shown


def _name(word: str) -> str:
    found = _TAG.match(word)
    return found[1].casefold() if found else ""


def _read(tag: str, name: str, values: list[str], known: Vocabulary, tags: Tags) -> None:
    if name == "pick":
        tags.picked = True
    if name == "hide" and not values:
        tags.fields["hide"] = True
    elif name == "pick" and not values:
        return
    elif name in _ONE and values:
        good = [value.casefold() for value in values if value.casefold() in _ONE[name]]
        if good:
            tags.fields.setdefault(name, good[0])
        bad = [v for v in values if v.casefold() not in _ONE[name] or v.casefold() != tags.fields.get(name)]
        tags.refused += [f"#{name}:{value}" for value in bad]
    elif name == "format" and values:
        good = [value for given in values if (value := _format(given))]
        tags.fields["format"] = tuple(dict.fromkeys([*tags.fields.get("format", ()), *good]))
        if not tags.fields["format"]:
            del tags.fields["format"]
        tags.refused += [f"#format:{value}" for value in values if not _format(value)]
    elif name == "topic" and values:
        slugs = [known.topics.get(value.casefold().replace("-", " ")) or make_slug(value, "") for value in values]
        tags.fields["topics"] = tuple(dict.fromkeys([*tags.fields.get("topics", ()), *filter(None, slugs)]))
        if not tags.fields["topics"]:
            del tags.fields["topics"]
        tags.refused += [f"#topic:{value}" for value, slug in zip(values, slugs, strict=True) if not slug]
    elif name in known.series and values:
        good = [value for value in values if re.fullmatch(r"[0-9]{1,5}", value)]
        ids = [episode_id(known.series[name], int(value)) for value in good]
        if ids:
            tags.fields["episodes"] = tuple(dict.fromkeys([*tags.fields.get("episodes", ()), *ids]))
        tags.refused += [f"#{name}:{value}" for value in values if value not in good]
    else:
        tags.refused.append(tag)


def _format(value: str) -> str:
    name = value.casefold()
    return name if name in FORMATS else name[:-1] if name.endswith("s") and name[:-1] in FORMATS else ""


def tags_of(resource: Resource, series: Iterable[str]) -> list[str]:
    """The tags that say what a resource's fields do, as far as tags can; `series` are the ids that tags may name."""
    ids = sorted(series, key=len, reverse=True)
    numbers: dict[str, list[str]] = {}
    for episode in resource.episodes:
        owner = next((id for id in ids if re.fullmatch(rf"{re.escape(id)}-[0-9]{{3,5}}", episode)), "")
        if owner:
            numbers.setdefault(owner, []).append(str(int(episode[len(owner) + 1 :])))
    formats = [name for name in resource.formats if resource.format != "other"]
    tags = [":".join(["#format", *formats])] if formats else []
    for name in ("importance", "difficulty", "engagement", "price"):
        if value := getattr(resource, name):
            tags.append(f"#{name}:{value}")
    tags += [":".join(["#topic", *resource.topics])] if resource.topics else []
    tags += [f"#{id}:{':'.join(own)}" for id, own in numbers.items()]
    tags += [f"#pick:{resource.pick}"] if resource.pick else []
    return [*tags, "#hide"] if resource.hide else tags
