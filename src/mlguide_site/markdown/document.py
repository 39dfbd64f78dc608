"""Records of a parsed Markdown body. Each body is parsed once, and then scanned for names and rendered."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from markdown_it.token import Token

from mlguide_site.errors import Severity
from mlguide_site.markdown.formulas import plain_formulas

NO_LINKS = -1
MAX_OPENING = 400
FEW_WORDS = 3  # maximum number of words in a greeting, not counting the title
MAX_LINK_WORDS = 8  # maximum number of words in a link that is no opening
PICTURES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp")
_PICTURE = re.compile(f"(?:{'|'.join(map(re.escape, PICTURES))})(?:[?#]|$)", re.I)
_REFERENCE = re.compile(r"(?:[^\s./]{1,40} ){0,5}(?:https?://\S|[\w-]{1,63}\.[\w.-]{1,63}/)\S{0,2000}?(?:[.!?]\s|$)")
"""Matches a first sentence that only refers to an address, such as `Slides: https://a.example/slides`."""

_LABEL = re.compile(r"(?:[^\s:]{1,40} ){0,2}[^\s:]{1,40}[:：]\s?")  # as in `Slides: [week 3](w3.pdf)`
_EMPHASISED = re.compile(r"([*_])(?![*_\s])[^\n]*(?:\n[^\n]+)*(?<![\s*_])\1[ \t]*(?:\n[ \t]*)?(?:\n|\Z)")
MAX_CAPTION = 400  # maximum number of characters of a caption, on at most `CAPTION_LINES` lines
CAPTION_LINES = 9


class Section(NamedTuple):
    """The part of a body under one heading. The section before the first heading has no heading and no anchor.
    `former` is the heading's anchor in earlier versions, or "" if the anchor is the same."""

    heading: str
    anchor: str
    level: int
    line: int
    former: str = ""


class Block(NamedTuple):
    """A paragraph, list item, table cell, heading or raw HTML, with its plain text, section index and first line."""

    text: str
    section: int
    line: int


class Segment(NamedTuple):
    """A run of plain text that is searched for names. Code, HTML and images have no segments. `token` and `child` are
    indexes in the syntax tree. In headings and links, `child` is `NO_LINKS`. `offset` is the position in the block."""

    text: str
    token: int
    child: int
    block: int
    offset: int


class LinkUse(NamedTuple):
    """A link or image that the author wrote: its address, text and position. `caption` is the text of the emphasised
    paragraph after a paragraph that contains only the image."""

    href: str
    text: str
    block: int
    offset: int
    line: int
    image: bool = False
    caption: str = ""


class Finding(NamedTuple):
    """A problem in the text, to report to the author. `line` is the line number in the body, counted from 1."""

    line: int
    column: int
    message: str
    remedy: str
    severity: Severity


class Insertion(NamedTuple):
    """A link to insert around the characters `start` to `end` of a segment. `target` may be a relative path."""

    start: int
    end: int
    target: str


@dataclass(frozen=True)
class Document:
    """A parsed body. Callers must not change the tokens. `opening` is the text that `opening_of` chooses, as one line
    of at most 400 characters. Lists of episodes show `opening` for an episode that has no summary."""

    tokens: Sequence[Token] = ()
    blocks: Sequence[Block] = ()
    sections: Sequence[Section] = ()
    segments: Sequence[Segment] = ()
    links: Sequence[LinkUse] = ()
    findings: Sequence[Finding] = ()
    opening: str = ""

    @cached_property
    def anchors(self) -> dict[str, str]:
        """Maps the anchors of all headings to themselves, and former anchors, which old links contain, to anchors."""
        former = {section.former: section.anchor for section in self.sections if section.former}
        return former | {section.anchor: section.anchor for section in self.sections if section.anchor}


@dataclass(slots=True)
class DocumentBuilder:
    text: str
    title: str = ""
    tokens: list[Token] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=lambda: [Section("", "", 0, 1)])
    segments: list[Segment] = field(default_factory=list)
    links: list[LinkUse] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    section: int = 0
    lines: list[str] = field(default_factory=list)  # see `source_lines`

    def warn(self, place: tuple[int, int], message: str, remedy: str, severity: Severity = Severity.WARNING) -> None:
        self.findings.append(Finding(*place, message, remedy, severity))

    def source_lines(self) -> list[str]:
        """Return the lines of the text, which is split on first use."""
        self.lines = self.lines or self.text.split("\n")
        return self.lines

    def place_of_text(self, needle: str, line: int) -> tuple[int, int]:
        """Search ten lines from `line` for the first line of `needle`. Return its line and column, or `line` and 1."""
        needle, lines = needle.split("\n", 1)[0], self.source_lines()
        for number in range(line, min(line + 10, len(lines) + 1)):
            if (found := lines[number - 1].find(needle)) >= 0:
                return number, found + 1
        return line, 1

    def document(self) -> Document:
        titles = {section.line for section in self.sections if section.heading}
        # the block of a fence's line is the title of the code
        fences = (token for token in self.tokens if token.type == "fence" and "html" not in token.meta)
        titles |= {token.map[0] + 1 for token in fences if token.map}
        texts = {at: one.text for at, one in enumerate(self.blocks) if one.line not in titles and one.text.strip()}
        # pictures, also as links, and tables may come before the first sentence
        rows = (token.map for token in self.tokens if token.type == "tr_open" and token.map)
        cells = {line for first, end in rows for line in range(first + 1, end + 1)}
        # the items of a list stay, even if they are links, but not those of a table of contents
        items = {token.map[0] + 1 for token in self.tokens if token.type == "list_item_open" and token.map}
        pictures = {
            link.block
            for link in self.links
            if (text := texts.get(link.block, "")).endswith(link.text)
            and (text == link.text or _LABEL.fullmatch(text.removesuffix(link.text)))
            and (
                link.image
                or link.href.startswith("#")
                or _PICTURE.search(link.href)
                or (self.blocks[link.block].line not in items and len(link.text.split()) <= MAX_LINK_WORDS)
            )
        }
        prose = [text for at, text in texts.items() if at not in pictures and self.blocks[at].line not in cells]
        opening = opening_of(prose, self.title) or opening_of(texts.values(), self.title)
        opening = plain_formulas(opening)[:MAX_OPENING]
        findings = sorted({*self.findings})
        links = [link._replace(caption=self._caption(link)) if link.image else link for link in self.links]
        return Document(self.tokens, self.blocks, self.sections, self.segments, links, findings, opening)

    def _caption(self, image: LinkUse) -> str:
        """Return the text of an image's caption, or "" if there is none."""
        own, *following = self.blocks[image.block : image.block + 2]
        for block in following if own.text == image.text else ():
            lines = self.source_lines()[block.line - 1 : block.line + CAPTION_LINES]
            if len(block.text) <= MAX_CAPTION and _EMPHASISED.match("\n".join(lines)):
                return block.text
        return ""


def opening_of(texts: Iterable[str], title: str) -> str:
    """Return the first text that isn't a greeting and doesn't end in a colon, or else the first text. A greeting
    contains the title and few other words. A first sentence that only refers to an address is removed."""
    others = ""
    for text in texts:
        line = " ".join(text.split())
        line = line[found.end() :] if (found := _REFERENCE.match(line)) else line
        is_greeting = bool(title) and title in line and len(re.findall(r"\w+", line.replace(title, ""))) <= FEW_WORDS
        if line and not is_greeting and not line.endswith(":"):
            return line
        others = others or line
    return others
