"""Reads the texts and their marks; `README.md` here says what a mark is and how it was set.

A mark is set on the source. What is linked is found in the segments of the parsed body, so a text is parsed twice:
bare, and with two private characters around each marked run. Where both give the same segments, the second parse tells
the place of every mark in the first. A mark on a link of the author's own is known by the link's address instead.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from mlguide_site.content.front_matter import split_front_matter
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.markdown.document import Document
from mlguide_site.markdown.parse import parse

FOLDER = Path(__file__).parent
PARTS = ("development", "measuring")
_MARK = re.compile(r"⟦([^|⟧]+)\|([a-z]+:[^⟧\s]+)⟧")
_OPEN, _CLOSE = "\ue000", "\ue001"
_STRAY = re.compile(f"[⟦⟧{_OPEN}{_CLOSE}]")


class Label(NamedTuple):
    """A marked run: place in the bare body, the words, and what they name.

    A mention has one answer or several of which each is right, as `kind:slug`; a reference the ids it refers to.
    """

    start: int
    end: int
    words: str
    answers: tuple[str, ...]
    reference: bool


class Text(NamedTuple):
    """A text without its marks. `origin[i]` is the place of the body's character i in the file, and of its end."""

    path: Path
    source: str
    title: str
    topics: tuple[str, ...]
    body: str
    labels: tuple[Label, ...]
    origin: tuple[int, ...]

    def place(self, offset: int) -> str:
        """`path:line:column` in the file of a place in the body, the path relative to this folder."""
        at = self.origin[offset]
        line = self.source.count("\n", 0, at) + 1
        column = at - self.source.rfind("\n", 0, at)
        return f"{self.path.relative_to(FOLDER).as_posix()}:{line}:{column}"


class Placed(NamedTuple):
    """A label in the parsed body: segment, start and end in its text; or the index of the author's own link, or -1."""

    label: Label
    segment: int
    start: int
    end: int
    link: int


def part_of(name: str) -> str:
    """The half that a file name falls into.

    >>> part_of("one.md"), part_of("two.md")
    ('development', 'measuring')
    """
    return PARTS[hashlib.sha256(name.encode()).digest()[0] % 2]


def read_texts(part: str) -> list[Text]:
    """The texts of a half, by file name. Raises ValueError for a mark that is not one."""
    return [read_text(path) for path in sorted((FOLDER / part).glob("*.md"))]


def read_text(path: Path) -> Text:
    """One text with its labels taken out of the body."""
    source = path.read_text("utf-8")
    parts = split_front_matter(source, path.name)
    meta = read_yaml(parts.yaml, path.name, parts.yaml_line).value
    body, labels, origin = unmark(parts.body)
    if stray := _STRAY.search(body):
        raise ValueError(f"{path.name}: a broken mark near {body[max(0, stray.start() - 20) : stray.end() + 20]!r}")
    before = len(source) - len(parts.body)
    places = tuple(at + before for at in origin)
    return Text(path, source, str(meta["title"]), tuple(meta["topics"]), body, labels, places)


def unmark(marked: str) -> tuple[str, tuple[Label, ...], tuple[int, ...]]:
    """The body without marks, the labels, and where each character of it stood.

    >>> unmark("a ⟦b|tool:x⟧ c")
    ('a b c', (Label(start=2, end=3, words='b', answers=('tool:x',), reference=False),), (0, 1, 3, 12, 13, 14))
    """
    bare: list[str] = []
    labels: list[Label] = []
    origin: list[int] = []
    end = 0
    for mark in _MARK.finditer(marked):
        origin += [*range(end, mark.start()), *range(mark.start(1), mark.end(1))]
        bare += [marked[end : mark.start()], mark[1]]
        kind, _, rest = mark[2].partition(":")
        answers = tuple(rest.split(",")) if kind == "ref" else tuple(mark[2].split("/"))
        labels.append(Label(len(origin) - len(mark[1]), len(origin), mark[1], answers, kind == "ref"))
        end = mark.end()
    return "".join([*bare, marked[end:]]), tuple(labels), (*origin, *range(end, len(marked) + 1))


def locate(text: Text, document: Document) -> list[Placed]:
    """Where the labels stand in the parsed body. Raises ValueError for one where nothing may be linked."""
    inside = {label: index for index, label in _on_links(text, document)}
    rest = [label for label in text.labels if label not in inside]
    marked = parse(_surround(text.body, rest), text.title)
    found = list(_runs(document, marked, text.path.name))
    if len(found) != len(rest):
        raise ValueError(f"{text.path.name}: {len(rest) - len(found)} marks stand where nothing may be linked")
    placed = [Placed(label, *run, -1) for label, run in zip(rest, found, strict=True)]
    for label, (segment, start, end) in zip(rest, found, strict=True):
        if document.segments[segment].text[start:end].split() != label.words.split():
            raise ValueError(f"{text.path.name}: the mark on {label.words!r} does not stand in one run of text")
    return [*placed, *(Placed(label, -1, 0, 0, link) for label, link in inside.items())]


def _surround(body: str, labels: Sequence[Label]) -> str:
    pieces: list[str] = []
    end = 0
    for label in labels:
        pieces += [body[end : label.start], _OPEN, body[label.start : label.end], _CLOSE]
        end = label.end
    return "".join([*pieces, body[end:]])


def _runs(bare: Document, marked: Document, name: str) -> Iterator[tuple[int, int, int]]:
    if [_STRAY.sub("", segment.text) for segment in marked.segments] != [segment.text for segment in bare.segments]:
        raise ValueError(f"{name}: the marks change how the text is read")
    for index, segment in enumerate(marked.segments):
        seen = 0
        starts: list[int] = []
        for at, character in enumerate(segment.text):
            if character == _OPEN:
                starts.append(at - seen)
                seen += 1
            elif character == _CLOSE:
                yield index, starts.pop(), at - seen
                seen += 1


def _on_links(text: Text, document: Document) -> Iterator[tuple[int, Label]]:
    """The labels that mark a link, with its index. Links stand in the order of the source, addresses word for word."""
    cursor = 0
    for index, link in enumerate(document.links):
        cursor = text.body.index(link.href, cursor)
        for label in text.labels:
            if label.start <= cursor < label.end and link.href in label.words:
                yield index, label
        cursor += len(link.href)
