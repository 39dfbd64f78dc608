"""Text with links in it, as outlines and chat messages hold them: HTML anchors, Markdown links and bare addresses."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from mlguide_site.markdown.escape import unescape
from mlguide_site.markdown.from_html import strip_tags

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
