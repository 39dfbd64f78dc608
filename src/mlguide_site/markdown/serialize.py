"""A document back to Markdown: one spelling for each construct, which Python-Markdown can read in one way only.

The form (Python-Markdown 3.x with tables, admonition, sane_lists, toc and pymdownx highlight, superfences, details):
every paragraph on one line, nothing in it that an extension could take for its own; four spaces for each level of a
list or admonition, `> ` for each of a quote; `-` for bullets and `***` for rules, so that neither is taken for the
other; code in fences longer than any run inside; raw HTML on one line of its own; footnotes as a list, references to
them and ways back as links in HTML with ids and roles, which every engine leaves as they are.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape

from markdown_it.token import Token

from mlguide_site.markdown.document import Document, Insertion
from mlguide_site.markdown.escape import escape_code, escape_heading, guard, unescape
from mlguide_site.markdown.serialize_inline import TRAPS, InlineWriter, note_anchor

_BACKTICKS = re.compile(r"`{3,}")
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]{1,40}")
_ALIGNMENTS = {"text-align:left": ":---", "text-align:center": ":---:", "text-align:right": "---:"}
_TAG = re.compile(r"(<[^<>]*>)")
_LIVE_IN_TAG = re.compile(r"[`*_\[\]\\{!]")
# invisible; separates two lists or quotes, and gives a list item a first line
_SEPARATOR = "<!-- -->"


def to_markdown(
    document: Document,
    insertions: Mapping[int, Sequence[Insertion]] | None = None,
    resolve: Callable[[str], str | None] = lambda address: address,
) -> str:
    """The document as Markdown for the engine, ending in one line end, or "" if it is empty.

    `insertions` are links to set, by index in `document.segments`; those of a segment are sorted and don't overlap.
    `resolve` maps an author's address, percent-encoded as in `LinkUse.href`, to that on the page; None leaves the text
    of the link, or the description of the image, alone.
    """
    writer = _Writer(document.tokens, InlineWriter(document, insertions or {}, resolve))
    for at, token in enumerate(document.tokens):
        write = _WRITERS.get(token.type)
        if write:
            write(writer, token, at)
    return "\n".join(writer.lines) + "\n" if writer.lines else ""


class _Writer:
    """The lines written so far, and the container of the next block."""

    def __init__(self, tokens: Sequence[Token], inline: InlineWriter) -> None:
        self.tokens = tokens
        self.inline = inline
        self.lines: list[str] = []
        self.prefix = ""
        """what each line of the container begins with"""
        self.lead: str | None = None
        """what the next line begins with, where it is the first of a list item"""
        self.gap: str | None = None
        """the blank line that comes before the next block"""
        self.tight = False
        self.sibling = ""
        """the type of the block before, where it matters"""
        self.stack: list[tuple[str, bool, str, int]] = []
        self.numbers: list[int] = []
        self.loose = loose_lists(tokens)
        self.cells: list[str] = []
        self.rows: list[str] = []

    def put(self, *lines: str) -> None:
        """Write a block that is not a paragraph."""
        self.start()
        prefix = self.prefix
        self.lines.extend((prefix + line).rstrip() for line in lines)
        self.end("")

    def start(self) -> None:
        """Begin a block that can't follow a list item's marker, nor directly another block."""
        self.settle()
        self.flush()

    def settle(self) -> None:
        """Give a list item whose first block can't follow the marker an invisible first line."""
        if self.lead is not None:
            self.lines.append(self.lead + _SEPARATOR)
            self.lead = None
            self.end("")

    def flush(self) -> None:
        """Write the blank line before a block."""
        if self.gap is not None:
            self.lines.append(self.gap)
            self.gap = None

    def end(self, sibling: str) -> None:
        """A block is finished."""
        self.gap = None if self.tight else self.prefix.rstrip()
        self.sibling = sibling

    def paragraph(self, line: str) -> None:
        """Write a paragraph of one line, behind the marker if it is the first block of a list item."""
        if not line:
            return
        if self.lead is not None:
            self.lines.append(self.lead + line)
            self.lead = None
        else:
            self.flush()
            self.lines.append(self.prefix + line)
        self.end("")

    def text(self, token: Token, at: int) -> None:
        """Write inline content, by the kind of its block."""
        kind = self.tokens[at - 1].type
        children = token.children or ()
        if kind == "paragraph_open":
            self.paragraph(guard(self.inline.line(children, at)))
        elif kind == "heading_open":
            level = int(self.tokens[at - 1].tag[1])
            self.put(f"{'#' * level} {escape_heading(self.inline.line(children, at))}")
        elif kind in {"td_open", "th_open"}:
            self.cells.append(self.inline.line(children, at, cell=True))

    def separate(self, kind: str) -> None:
        """Separate a list or quote from one of the same kind before it, to which it would be added."""
        if self.sibling == kind:
            self.put(_SEPARATOR)

    def open(self, prefix: str, tight: bool) -> None:
        """Open a container whose lines begin with `prefix` after the prefixes of outer ones."""
        self.stack.append((self.prefix, self.tight, self.sibling, len(self.lines)))
        self.prefix += prefix
        self.tight = tight
        self.sibling = ""

    def close(self, sibling: str) -> None:
        """Close the innermost container."""
        self.prefix, self.tight, before, lines = self.stack.pop()
        if len(self.lines) > lines:
            self.end(sibling)
        else:
            # nothing was in it
            self.sibling = before

    def open_quote(self, token: Token, at: int) -> None:
        self.separate("blockquote")
        self.settle()
        self.open("> ", tight=False)

    def close_quote(self, token: Token, at: int) -> None:
        self.close("blockquote")

    def open_list(self, token: Token, at: int) -> None:
        self.separate(token.type)
        self.start()
        self.numbers.append(int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else -1)
        self.open("", tight=at not in self.loose)

    def close_list(self, token: Token, at: int) -> None:
        self.numbers.pop()
        self.close(token.type.replace("close", "open"))

    def open_item(self, token: Token, at: int) -> None:
        number = self.numbers[-1]
        self.flush()
        self.lead = self.prefix + ("- " if number < 0 else f"{number}. ")
        if token.meta:
            self.lead += note_anchor(token.meta["footnote"])
        if number >= 0:
            self.numbers[-1] = number + 1
        self.open("    ", self.tight)

    def close_item(self, token: Token, at: int) -> None:
        self.settle()
        self.close("")

    def open_admonition(self, token: Token, at: int) -> None:
        self.start()
        kind = str(token.meta["kind"])
        title = ""
        if self.tokens[at + 1].type == "admonition_title_open":
            # guarded too: the details extension would make a heading of one that begins with a hash
            title = guard(self.inline.line(self.tokens[at + 2].children or (), at + 2)).replace('"', "&quot;")
        self.open("    ", tight=False)
        self.lines.append(f'{self.stack[-1][0]}{token.markup} {kind} "{title}"')
        self.gap = self.prefix.rstrip()

    def close_admonition(self, token: Token, at: int) -> None:
        self.close("")

    def code(self, token: Token, at: int) -> None:
        """Write a fence, or raw HTML if a template or another preprocessor would change the code."""
        content = token.content.rstrip().expandtabs(4)
        if TRAPS.search(content):
            code = escape(content, quote=False).replace("{", "&#123;").replace("\n", "&#10;")
            self.raw(f"<pre><code>{code}</code></pre>")
            return
        longest = max(map(len, _BACKTICKS.findall(content)), default=2)
        fence = "`" * (longest + 1)
        language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
        self.put(fence + (language if _LANGUAGE.fullmatch(language) else ""), *content.split("\n"), fence)

    def rule(self, token: Token, at: int) -> None:
        self.put("***")

    def html(self, token: Token, at: int) -> None:
        self.raw(token.content)

    def raw(self, line: str) -> None:
        """Write raw HTML as a block of its own; in a container, where the engine's parser knows inline HTML only, its
        text is spelled so that none of it can be Markdown."""
        self.put(_inline_html(line) if self.prefix else line)

    def close_row(self, token: Token, at: int) -> None:
        self.rows.append(f"| {' | '.join(self.cells)} |")
        self.cells.clear()

    def close_head(self, token: Token, at: int) -> None:
        cells = []
        while self.tokens[at].type != "thead_open":
            if self.tokens[at].type == "th_open":
                cells.append(_ALIGNMENTS.get(str(self.tokens[at].attrs.get("style", "")), "---"))
            at -= 1
        self.rows.append(f"| {' | '.join(reversed(cells))} |")

    def close_table(self, token: Token, at: int) -> None:
        self.put(*self.rows)
        self.rows.clear()


_WRITERS: dict[str, Callable[[_Writer, Token, int], None]] = {
    "inline": _Writer.text,
    "bullet_list_open": _Writer.open_list,
    "bullet_list_close": _Writer.close_list,
    "ordered_list_open": _Writer.open_list,
    "ordered_list_close": _Writer.close_list,
    "list_item_open": _Writer.open_item,
    "list_item_close": _Writer.close_item,
    "blockquote_open": _Writer.open_quote,
    "blockquote_close": _Writer.close_quote,
    "admonition_open": _Writer.open_admonition,
    "admonition_close": _Writer.close_admonition,
    "fence": _Writer.code,
    "code_block": _Writer.code,
    "hr": _Writer.rule,
    "html_block": _Writer.html,
    "thead_close": _Writer.close_head,
    "tr_close": _Writer.close_row,
    "table_close": _Writer.close_table,
}


def _inline_html(line: str) -> str:
    """A line of cleaned HTML whose text Python-Markdown's inline patterns leave alone."""
    parts = _TAG.split(line)
    parts[::2] = [escape_code(unescape(part)) for part in parts[::2]]
    parts[1::2] = [_LIVE_IN_TAG.sub(lambda found: f"&#{ord(found.group())};", part) for part in parts[1::2]]
    return "".join(parts)


def loose_lists(tokens: Sequence[Token]) -> frozenset[int]:
    """The lists, by the index of their opening token, that need blank lines between items: those written so, and those
    with an item of more than a paragraph followed by a tight list."""
    loose = set()
    lists: list[int] = []
    open_items: list[str] = []
    """for each open list item its last block: "", "p" or "l"; other containers are marked "x" """
    for at, token in enumerate(tokens):
        kind = token.type
        if kind in {"bullet_list_open", "ordered_list_open"}:
            if open_items and lists:
                if open_items[-1] == "l":
                    loose.add(lists[-1])
                open_items[-1] = "l"
            lists.append(at)
        elif kind in {"bullet_list_close", "ordered_list_close"}:
            inner = lists.pop()
            if inner in loose and lists and open_items and open_items[-1] != "x":
                loose.add(lists[-1])
        elif kind == "list_item_open":
            open_items.append("")
        elif kind in {"list_item_close", "blockquote_close", "admonition_close"}:
            open_items.pop()
        elif not open_items or open_items[-1] == "x":
            if kind in {"blockquote_open", "admonition_open"}:
                open_items.append("x")
        elif kind in {"blockquote_open", "admonition_open"}:
            loose.add(lists[-1])
            open_items.append("x")
        elif kind == "paragraph_open":
            if not token.hidden or open_items[-1]:
                loose.add(lists[-1])
            open_items[-1] = "p"
        elif kind in {"fence", "code_block", "hr", "html_block", "heading_open", "table_open"}:
            loose.add(lists[-1])
    return frozenset(loose)
