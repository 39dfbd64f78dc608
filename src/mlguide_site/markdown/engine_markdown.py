"""Writes a document as Markdown for the engine, in a form that is unambiguous for Python-Markdown.

The engine needs Python-Markdown 3.x with the extensions in `EXTENSIONS`. Each paragraph is one line. Lists and
admonitions are indented by four spaces per level, and quotes by `> `. Bullets are `-` and horizontal rules are `***`,
so that no parser confuses the two. A code fence is longer than any run of backticks in the code. Links to and from
footnotes are HTML, which all engines leave unchanged."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from markdown_it.token import Token

from mlguide_site.markdown.document import Document, Insertion
from mlguide_site.markdown.engine_escape import (
    clean_text,
    end_line,
    escape_address,
    escape_code,
    escape_heading,
    escape_run,
    escape_title,
    guard,
)
from mlguide_site.markdown.limits import MAX_ALL_COLOURED, MAX_COLOURED, MAX_COLOURED_LINE

EXTENSIONS = "admonition sane_lists tables toc pymdownx.details pymdownx.highlight pymdownx.superfences".split()
# preprocessors (templates, snippets, CriticMarkup) replace these sequences even in code
_TRAPS = re.compile(r"\{(?:[{%#]|\+\+|--|~~|==|>>)|8<-")
_BACKTICKS = re.compile(r"`{3,}")
# Pygments needs quadratic time for long code or long lines in many languages, and seconds for short code in others.
# Its lexers for Markdown and HTTP call those of all other languages, and that for Terraform repeats parts of the code
COLOURED = frozenset(
    "bash c c++ clojure console cpp css dart diff docker dockerfile elixir fish go golang graphql haskell html ini"
    " javascript jinja js json jsx julia kotlin latex lua makefile nginx nix php powershell pycon py python python3 r"
    " rb rs ruby rust scala scheme sh shell shell-session sql swift tex toml ts typescript xml yaml yml zsh".split()
)
_LANGUAGE_MARKS = ("#!", ":::")
_ALIGNMENTS = {"text-align:left": ":---", "text-align:center": ":---:", "text-align:right": "---:"}
_SEPARATOR = "<!-- -->"  # this invisible comment separates adjacent lists or quotes, or begins a list item
_INDENT = "    "
_SEPARATED = frozenset(["bullet_list_open", "ordered_list_open", "blockquote_open"])
# emphasis is written as HTML tags, because asterisks can be ambiguous
_FIXED = {
    "hardbreak": "<br>", "s_open": "<del>", "s_close": "</del>", "strong_open": "<strong>", "strong_close": "</strong>",
    "em_open": "<em>", "em_close": "</em>",
}  # fmt: skip


def to_markdown(
    document: Document,
    insertions: Mapping[int, Sequence[Insertion]] | None = None,
    resolve: Callable[[str], str | None] = lambda address: address,
) -> str:
    """Return the document as Markdown for the engine, or "" for an empty document. `insertions` maps indexes of
    `document.segments` to the links to insert, which are sorted and don't overlap. `resolve` maps an author's address
    (`LinkUse.href`) to the address on the page. If `resolve` returns None, a link or image becomes text."""
    lines = _joined(_Writer(document, insertions or {}, resolve).blocks(), [""])
    return "\n".join(lines) + "\n" if lines else ""


class _Block(NamedTuple):
    """The lines of a block, the type of its first token, and whether the block makes the surrounding list loose."""

    kind: str
    lines: Sequence[str]
    loose: bool = True


def _joined(blocks: Sequence[_Block], gap: Sequence[str]) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        lines += gap if lines else ()
        lines += block.lines
    return lines


class _Writer:
    """A writer for the tokens of one document. Each method in `_WRITERS` is called with the first token of a block."""

    def __init__(
        self, document: Document, insertions: Mapping[int, Sequence[Insertion]], resolve: Callable[[str], str | None]
    ) -> None:
        self.tokens = document.tokens
        self.at = 0
        self.colourable = MAX_ALL_COLOURED  # how many more characters of code can have syntax highlighting
        self.resolve = resolve
        self.insertions = {
            (document.segments[index].token, document.segments[index].child): links
            for index, links in insertions.items()
        }

    def blocks(self, closing: str = "") -> list[_Block]:
        """Return the blocks up to a `closing` token. Separate adjacent lists and quotes, which engines would merge."""
        found: list[_Block] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.type == closing:
                break
            write = _WRITERS.get(token.type)
            block = write(self, token) if write else None
            if block and block.lines:
                if found and found[-1].kind == block.kind and block.kind in _SEPARATED:
                    found.append(_Block("", [_SEPARATOR]))
                found.append(block)
        return found

    def inline(self, cell: bool = False) -> str:
        """Return the inline content of the current block as Markdown, and move past the block."""
        line = self.line(self.tokens[self.at].children or (), self.at, cell)
        self.at += 2
        return line

    def paragraph(self, token: Token) -> _Block:
        line = guard(self.inline())
        return _Block(token.type, [line] if line else [], not token.hidden)

    def heading(self, token: Token) -> _Block:
        return _Block(token.type, [f"{'#' * int(token.tag[1])} {escape_heading(self.inline())}"])

    def quote(self, token: Token) -> _Block:
        lines = _joined(self.blocks("blockquote_close"), [""])
        return _Block(token.type, [f"> {line}" if line else ">" for line in lines])

    def list(self, token: Token) -> _Block:
        """Write a list. In a loose list, blank lines separate the items and their blocks. A list is also loose if an
        item has a second paragraph or more than two blocks, and never loose if all it has is one block."""
        is_bullet = token.type == "bullet_list_open"
        number = int(token.attrs.get("start", 1))
        closing = token.type.replace("open", "close")
        items: list[tuple[str, list[_Block]]] = []
        while self.tokens[self.at].type != closing:
            self.at += 1
            blocks = self.blocks("list_item_close")
            if not blocks or blocks[0].kind != "paragraph_open":
                # only a paragraph can directly follow the marker of a list item
                blocks.insert(0, _Block("", [_SEPARATOR], loose=False))
            items.append(("- " if is_bullet else f"{number}. ", blocks))
            number += 1
        self.at += 1
        loose = sum(len(blocks) for _, blocks in items) > 1 and any(
            block.loose or at > 1 or (at and block.kind == "paragraph_open")
            for _, blocks in items
            for at, block in enumerate(blocks)
        )
        gap = [""] if loose else []
        lines: list[str] = []
        for lead, blocks in items:
            first, *rest = _joined(blocks, gap)
            lines += gap if lines else ()
            lines += [lead + first, *(line and _INDENT + line for line in rest)]
        return _Block(token.type, lines, loose)

    def admonition(self, token: Token) -> _Block:
        title = ""
        if self.tokens[self.at].type == "admonition_title_open":
            self.at += 1
            # the details extension would turn a title that begins with `#` into a heading
            title = guard(self.inline()).replace('"', "&quot;")
        lines = _joined(self.blocks("admonition_close"), [""])
        head = f'{token.markup} {token.meta["kind"]} "{title}"'
        return _Block(token.type, [head, *[""][: len(lines)], *(line and _INDENT + line for line in lines)])

    def code(self, token: Token) -> _Block:
        """Write fenced code, or raw HTML if a preprocessor (such as a template engine) would change the code."""
        content = token.content.rstrip().expandtabs(4)
        if _TRAPS.search(content):
            return _Block("html_block", [f"<pre><code>{escape_code(content)}</code></pre>"])
        fence = "`" * (max(map(len, _BACKTICKS.findall(content)), default=2) + 1)
        language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
        lines = [line.rstrip() for line in content.split("\n")]
        is_short = len(content) <= min(MAX_COLOURED, self.colourable) and max(map(len, lines)) <= MAX_COLOURED_LINE
        language = language if is_short and language.lower() in COLOURED else ""
        self.colourable -= len(content) if language else 0
        return _Block(token.type, [fence + language, *lines, fence])

    def table(self, token: Token) -> _Block:
        rows: list[str] = []
        cells: list[str] = []
        alignments: list[str] = []
        while (part := self.tokens[self.at]).type != "table_close":
            self.at += 1
            if part.type in {"th_open", "td_open"}:
                cells.append(self.inline(cell=True))
                alignments.append(_ALIGNMENTS.get(str(part.attrs.get("style", "")), "---"))
            elif part.type == "tr_close":
                rows.append(f"| {' | '.join(cells)} |")
                if len(rows) == 1:
                    rows.append(f"| {' | '.join(alignments)} |")
                cells.clear()
        self.at += 1
        return _Block(token.type, rows)

    def line(self, children: Sequence[Token], index: int, cell: bool) -> str:
        """Return the children of token `index` as a line. The caller must escape its start (`guard`) in a new block."""
        if len(children) == 1 and not self.insertions and children[0].type == "text":
            return end_line(escape_run(clean_text(children[0].content)).strip())
        out: list[str] = []
        closings: list[str] = []
        for at, child in enumerate(children):
            kind = child.type
            if kind == "text":
                links = self.insertions.get((index, at))
                out.append(_text(child.content, links) if links else escape_run(clean_text(child.content)))
            elif kind == "code_inline":
                out.append(_code(child.content, cell, out[-1][-1:] if out else ""))
            elif kind == "link_open":
                target = self.target(child, "href")
                out.append("[" if target else "")
                closings.append(target and f"]{target}")
            elif kind == "link_close":
                out.append(closings.pop())
            elif kind == "html_inline":
                out.append(child.content)
            elif kind == "image":
                target = self.target(child, "src")
                out.append(f"![{escape_title(child.content)}]{target}" if target else escape_run(child.content))
            elif kind == "footnote_ref":
                out.append(_note_link(child.meta["number"], "fnref" if child.meta["first"] else "", "fn", "noteref"))
            elif kind == "footnote_label":
                out.append(_note_link(child.meta["number"], "fn", "fnref", "backlink") + " ")
            else:
                out.append(_FIXED.get(kind, ""))
        line = "".join(out).strip()
        while line.endswith("<br>"):
            line = line.removesuffix("<br>").rstrip()
        return end_line(line)

    def target(self, token: Token, attribute: str) -> str:
        target, title = self.resolve(str(token.attrs[attribute])), escape_title(str(token.attrs.get("title", "")))
        quoted = f' "{title}"' if title else ""
        return "" if target is None else f"({escape_address(target)}{quoted})"


_WRITERS: dict[str, Callable[[_Writer, Token], _Block]] = {
    "paragraph_open": _Writer.paragraph,
    "heading_open": _Writer.heading,
    "bullet_list_open": _Writer.list,
    "ordered_list_open": _Writer.list,
    "blockquote_open": _Writer.quote,
    "admonition_open": _Writer.admonition,
    "fence": _Writer.code,
    "code_block": _Writer.code,
    "hr": lambda _, token: _Block(token.type, ["***"]),
    "table_open": _Writer.table,
}


def _note_link(number: int, here: str, there: str, role: str) -> str:
    """Return the link to a footnote, or the link from a footnote to its reference. The search ignores the link, so that
    the number isn't joined to a word. The full stop in the id prevents clashes with headings."""
    id = f' id="{here}.{number}"' if here else ""
    return f'<sup{id} data-pagefind-ignore><a href="#{there}.{number}" role="doc-{role}">{number}</a></sup>'


def _text(text: str, links: Sequence[Insertion]) -> str:
    out = []
    done = 0
    for link in links:
        label = escape_run(clean_text(text[link.start : link.end]))
        out += [escape_run(clean_text(text[done : link.start])), f"[{label}]({escape_address(link.target)})"]
        done = link.end
    return "".join([*out, escape_run(clean_text(text[done:]))])


def _code(text: str, cell: bool, before: str) -> str:
    """Return code between backticks, or between `<code>` tags if backticks would be ambiguous."""
    if (
        "``" in text
        or before == "`"
        or _TRAPS.search(text)
        or text.startswith(_LANGUAGE_MARKS)
        # `]:` in a link at the start of a paragraph would be read as a link definition
        or "]:" in text
        or (cell and ("|" in text or "\\" in text or "`" in text))
    ):
        return f"<code>{escape_run(text)}</code>"
    return f"`` {text} ``" if "`" in text else f"`{text}`"
