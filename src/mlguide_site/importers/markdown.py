"""A cleaned HTML tree, or plain text, as Markdown that reads as it did. markdownify does the work; the rest is here."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from markdownify import MarkdownConverter

from mlguide_site.importers.html import BLOCKS, outside, text_blocks
from mlguide_site.importers.plain import escape, escape_start, paragraphs
from mlguide_site.importers.promotion import find_matches


def to_markdown(soup: BeautifulSoup) -> str:
    """The Markdown of a cleaned tree; headings begin at the second level."""
    if soup.find("h1"):
        for element in soup.find_all(re.compile("^h[1-6]$")):
            element.name = f"h{min(6, int(element.name[1]) + 1)}"
    for block in text_blocks(soup):
        _fold_spaces(block)
    for element in list(soup.find_all(["b", "i"])):
        while isinstance(other := element.next_sibling, Tag) and other.name == element.name:
            element.extend(list(other.contents))
            other.decompose()
    text = _Converter(soup).convert_soup(soup)
    lines = [line.rstrip() for line in text.strip().split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _fold_spaces(block: Sequence[NavigableString]) -> None:
    """White space as a reader sees it: one space between words, none at a block's ends; preformatted text stays."""
    if block[0].find_parent("pre"):
        return
    folded, at_space = [], True
    for piece in block:
        text = re.sub(r"\s+", " ", piece)
        text = text.lstrip() if at_space else text
        at_space = text.endswith(" ") if text else at_space
        folded.append(text)
    for at in range(len(folded) - 1, -1, -1):
        folded[at] = folded[at].rstrip()
        if folded[at]:
            break
    for piece, text in zip(block, folded, strict=True):
        # markdownify takes an empty string for the end of a block
        piece.replace_with(NavigableString(text)) if text else piece.extract()


def _siblings(element: Any, forward: bool) -> Iterator[Any]:
    """What stands beside an element, nearest first, white space and empty tags passed over."""
    for other in element.next_siblings if forward else element.previous_siblings:
        if (isinstance(other, Tag) and other.name in {"br", "hr"}) or other.get_text().strip():
            yield other


def _line_starts(element: Tag, starts: set[int], at_start: bool = True) -> bool:
    """Gather (by identity) the pieces of text that begin a block or follow a line break; whether the next one does."""
    for child in element.children:
        if isinstance(child, Tag):
            breaks = child.name == "br" or child.name in BLOCKS
            at_start = _line_starts(child, starts, at_start or breaks) or breaks
        elif child.get_text().strip():
            if at_start:
                starts.add(id(child))
            at_start = False
    return at_start


class _Converter(MarkdownConverter):
    """markdownify's converter, but for the places where what it writes could be read as something else."""

    def __init__(self, soup: BeautifulSoup) -> None:
        super().__init__(heading_style="atx", bullets="-", wrap=True, wrap_width=None, table_infer_header=True)
        self.starts: set[int] = set()
        _line_starts(soup, self.starts)

    def escape(self, text: str, parent_tags: set[str]) -> str:
        shown = escape(text)
        return shown.replace("|", "\\|") if {"td", "th"} & parent_tags else shown

    def process_text(self, el: Any, parent_tags: set[str] | None = None) -> str:
        text: str = super().process_text(el, parent_tags)  # type: ignore[misc]
        if "_noformat" in (parent_tags or set()):
            return text
        after = el.next_sibling
        if text.endswith("!") and isinstance(after, Tag) and (after.name == "a" or after.find("a")):
            text = text[:-1] + "\\!"  # before a link it would make a picture of it
        if text.strip() and id(el) in self.starts:
            space = text[: len(text) - len(text.lstrip())]
            text = space + escape_start(text.lstrip())
        return text

    def convert_a(self, el: Any, text: str, parent_tags: set[str]) -> str:
        href, shown = el.get("href"), " ".join(text.split())
        if not shown or not href or "_noformat" in parent_tags:
            return text
        before, after = (_edge(text[: len(text) - len(text.lstrip())]), _edge(text[len(text.rstrip()) :]))
        target = f"<{href}>" if re.search(r"[()]", href) else href
        return f"{before}[{shown}]({target}){after}"

    def convert_b(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return _marked(el, text, "**", parent_tags)

    def convert_i(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return _marked(el, text, "*", parent_tags)

    def convert_s(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return _marked(el, text, "~~", parent_tags)

    def convert_q(self, el: Any, text: str, parent_tags: set[str]) -> str:
        return text

    def convert_br(self, el: Any, text: str, parent_tags: set[str]) -> str:
        if "_inline" in parent_tags:
            return " " + text
        after = next(_siblings(el, forward=True), None)
        before = next(_siblings(el, forward=False), None)
        if after is None or before is None or any(isinstance(o, Tag) and o.name in BLOCKS for o in (after, before)):
            return " "
        if isinstance(after, Tag) and after.name == "br":
            return "\n\n"
        return "" if isinstance(before, Tag) and before.name == "br" else "\\\n"

    def convert_code(self, el: Any, text: str, parent_tags: set[str]) -> str:
        for line_end in el.find_all("br"):
            line_end.replace_with(" ")
        code = " ".join(el.get_text().split())
        if not code or "_noformat" in parent_tags:
            return code
        if {"td", "th"} & parent_tags:
            code = code.replace("|", "\\|")
        fence = "`" * (1 + max(map(len, re.findall("`+", code)), default=0))
        space = " " if code.startswith("`") or code.endswith("`") else ""
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        return f"{before[:1]}{fence}{space}{code}{space}{fence}{after[:1]}"

    convert_kbd = convert_code
    convert_samp = convert_code

    def convert_pre(self, el: Any, text: str, parent_tags: set[str]) -> str:
        for line_end in el.find_all("br"):
            line_end.replace_with("\n")
        code = el.get_text().strip("\n")
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", code)), default=0))
        return f"\n\n{fence}\n{code}\n{fence}\n\n" if code.strip() else ""


def _edge(space: str) -> str:
    return "\n\n" if "\n" in space else space[:1]


def _marked(el: Any, text: str, mark: str, parent_tags: set[str]) -> str:
    """Emphasis where Markdown would read it so: not around blocks, nor where a mark would touch a word's wrong side."""
    inner = text.strip()
    if not inner or "_noformat" in parent_tags or "\n\n" in inner or el.find_parent(el.name):
        return text
    before, after = el.previous_sibling, el.next_sibling
    lead = (
        str(before)[-1:]
        if isinstance(before, NavigableString) and not text[0].isspace()
        else "x"
        if isinstance(before, Tag)
        else ""
    )
    trail = (
        str(after)[:1]
        if isinstance(after, NavigableString) and not text[-1].isspace()
        else "x"
        if isinstance(after, Tag)
        else ""
    )
    # a mark between a word and punctuation neither opens nor closes
    if (trail.isalnum() and not inner[-1].isalnum()) or (lead.isalnum() and not inner[0].isalnum()):
        return text
    start = text[: len(text) - len(text.lstrip())]
    end = text[len(text.rstrip()) :]
    return f"{start}{mark}{inner}{mark}{end}"


def plain_notes(text: str, patterns: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Plain text as Markdown without its promotion, line by line; and the patterns that matched."""
    lines: list[str] = []
    used: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        matches = find_matches(line, patterns)
        used.extend(match.pattern for match in matches)
        kept = outside(line, 0, matches)
        if kept.strip() or not matches:
            lines.append(kept)
    return paragraphs("\n".join(lines)), tuple(used)
