"""The text of an outline's items: its links, and hash tags such as `#format:book:course`, the fields of a resource."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, get_args
from urllib.parse import parse_qsl, urlsplit

from mlguide_site.importers import Context
from mlguide_site.markdown.escape import unescape
from mlguide_site.markdown.from_html import strip_tags
from mlguide_site.model.knowledge import Difficulty, Format, Importance, Pick, Resource
from mlguide_site.model.slugs import episode_id, make_slug

_LINK = re.compile(
    r"<a\s(?P<attributes>[^<>]{0,4000})>(?P<html>(?:[^<]|<(?!/?a\b))*+)</a\s{0,9}>|</?[A-Za-z][^<>]{0,4000}>"
    r"|(?<!!)\[(?P<label>[^\[\]]{1,500})\]\(<?(?P<target>[A-Za-z][A-Za-z0-9+.-]{1,15}:[^\s()<>]{1,2000}"
    r"(?:\([^\s()<>]{0,300}\)[^\s()<>]{0,500}){0,3})>?(?:\s{1,9}\"[^\"]{0,300}\")?\)"
    r"|(?<![\w/])(?P<bare>https?://[^\s<>\"`]{1,2000})",
    re.I,
)
_HREF = re.compile(r"(?:^|\s)href\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]+))", re.I)


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
    for link in _LINK.finditer(text):
        end = link.end()
        if link["bare"]:
            written = _trimmed(link["bare"])
            end = link.start() + len(written)
            label = url = unescape(written)
        elif link["target"]:
            label, url = unescape(link["label"]), link["target"]
        else:
            href = _HREF.search(link["attributes"] or "")
            url = unescape(href[1] or href[2] or href[3] or "").strip() if href else ""
            label = _shown(link["html"] or "")
        if url:
            found += [Piece(_shown(text[at : link.start()]))] if link.start() > at else []
            found.append(Piece(" ".join(label.split()) or url, url))
            at = end
    return found + ([Piece(_shown(text[at:]))] if at < len(text) else [])


def _shown(text: str) -> str:
    """What a reader sees of text that may hold HTML; white space at its ends stays."""
    if re.search(r"</?[A-Za-z]", text):
        return f"{' ' * text[:1].isspace()}{strip_tags(text)}{' ' * text[-1:].isspace()}"
    return unescape(text)


def _trimmed(url: str) -> str:
    """A bare address without the punctuation of the sentence around it; a bracket that it opens it closes too."""
    unopened, end = url.count(")") - url.count("("), len(url)
    while end and (url[end - 1] in ".,;:!?'*_]}…" or (url[end - 1] == ")" and unopened > 0)):
        unopened -= url[end - 1] == ")"
        end -= 1
    return url[:end]


def unwrap(url: str) -> str:
    """The address behind one that only redirects: a path that ends in `/url` with the target as `q` or `url`.

    >>> unwrap("https://www.search.example/url?sa=E&q=https%3A%2F%2Fa.example%2Fb%3Fc%3D1&x=2")
    'https://a.example/b?c=1'
    >>> unwrap("https://a.example/url?q=words"), unwrap("https://a.example/b?q=https://c.example")
    ('https://a.example/url?q=words', 'https://a.example/b?q=https://c.example')
    """
    for _ in range(3):
        try:
            parts = urlsplit(url)
            fields = dict(parse_qsl(parts.query, max_num_fields=100)) if parts.path.rstrip("/").endswith("/url") else {}
        except ValueError:
            break
        target = fields.get("q") or fields.get("url") or ""
        if not re.match(r"https?://\S", target, re.I):
            break
        url = target
    return url


_TAG = re.compile(r"#([A-Za-z][A-Za-z0-9_-]{0,63})((?::[^\s:#]{1,100}){0,300}):?")
_ONE: Mapping[str, tuple[str, ...]] = {
    "importance": tuple(Importance),
    "difficulty": tuple(Difficulty),
    "engagement": ("passive", "active"),
    "price": ("free", "$", "$$", "$$$"),
    "pick": tuple(Pick),
}
"""Tags with one value, and the values."""
FORMATS: tuple[str, ...] = get_args(Format)
_BARE = frozenset({"hide", "pick"})
_NAMES = frozenset({*_ONE, "format", "topic", *_BARE})
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
    """What tags may name beside the fixed ones: series by id or prefix in lower case, and topics by name."""

    series: Mapping[str, str]
    topics: Mapping[str, str]

    def knows(self, word: str) -> bool:
        """Whether a word begins with a known tag."""
        found = _TAG.match(word)
        return found is not None and (found[1].casefold() in _NAMES or found[1].casefold() in self.series)


def vocabulary(context: Context) -> Vocabulary:
    """The vocabulary of a root: its series, and the one given with `--series`."""
    ids = {*context.series, *([context.given] if context.given else [])}
    series = {id.casefold(): id for id in sorted(ids)}
    for id, known in sorted(context.series.items()):
        if known.prefix:
            series.setdefault(known.prefix.casefold().rstrip(), id)
    return Vocabulary(series, context.topics)


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
    first = next((at for at in range(end, len(words)) if known.knows(words[at])), len(words))
    kept = []
    for at, word in enumerate(words):
        found = _TAG.fullmatch(word) or _TAG.fullmatch(word.rstrip(",;.)"))
        if found and (known.knows(word) or found[2] or at >= first):
            _read_tag(found[0], found[1].casefold(), [value for value in found[2].split(":") if value], known, tags)
        else:
            kept.append(word)
    shown = " ".join(kept)
    return shown.rstrip(" -–—|,;:") if len(kept) < len(words) else shown


def _read_tag(tag: str, name: str, values: list[str], known: Vocabulary, tags: Tags) -> None:
    """Add the values of one tag to `tags`; those that are not known, and a tag without any, are refused."""
    if name == "pick":
        tags.picked = True
    if name in _BARE and not values:
        tags.fields |= {"hide": True} if name == "hide" else {}
        return
    read: list[str] = []
    listed = {"format": "format", "topic": "topics"}.get(name) or ("episodes" if name in known.series else "")
    if name in _ONE:
        names = [value.casefold() for value in values]
        read = [one if one in _ONE[name] and tags.fields.setdefault(name, one) == one else "" for one in names]
    elif listed:
        if name == "format":
            read = [_format(value.casefold()) for value in values]
        elif name == "topic":
            read = [known.topics.get(one.casefold().replace("-", " ")) or make_slug(one, "") for one in values]
        else:
            numbers = (int(value) if re.fullmatch(r"[0-9]{1,5}", value) else None for value in values)
            read = [episode_id(known.series[name], number) if number is not None else "" for number in numbers]
        if any(read):
            before = tags.fields.get(listed, ())
            tags.fields[listed] = tuple(dict.fromkeys([*before, *filter(None, read)]))
    tags.refused += [f"#{name}:{value}" for value, good in zip(values, read, strict=False) if not good]
    tags.refused += [] if read else [tag]


def _format(name: str) -> str:
    return name if name in FORMATS else name[:-1] if name.endswith("s") and name[:-1] in FORMATS else ""


def tags_of(resource: Resource) -> list[str]:
    """The tags that say what a resource's fields do, as far as tags can."""
    numbers: dict[str, list[str]] = {}
    for episode in resource.episodes:
        owner, _, number = episode.rpartition("-")
        if owner and owner not in _NAMES and re.fullmatch(r"[0-9]{3,5}", number):
            numbers.setdefault(owner, []).append(str(int(number)))
    formats = [name for name in resource.formats if resource.format != "other"]
    tags = [":".join(["#format", *formats])] if formats else []
    for name in ("importance", "difficulty", "engagement", "price"):
        if value := getattr(resource, name):
            tags.append(f"#{name}:{value}")
    tags += [":".join(["#topic", *resource.topics])] if resource.topics else []
    tags += [f"#{id}:{':'.join(own)}" for id, own in numbers.items()]
    tags += [f"#pick:{resource.pick}"] if resource.pick else []
    return [*tags, "#hide"] if resource.hide else tags
