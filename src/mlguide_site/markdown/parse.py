"""A Markdown body to its syntax tree: parsed once as CommonMark with tables, strikethrough, task lists, footnotes
and admonitions, then cleaned.

The tree that comes out holds nothing that may not stand on a page, and is what markdown-it's own renderer could render:
refused addresses are gone (their text stays), raw HTML is cleaned or has become text, bare web addresses and images on
other hosts have become links, headings fit the page. `serialize` writes it back.
"""

import re
from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from mlguide_site.errors import Severity
from mlguide_site.markdown import policy
from mlguide_site.markdown.boxes import box_plugin, box_rule
from mlguide_site.markdown.document import Block, Document, Finding, LinkUse, Section, opening_of
from mlguide_site.markdown.escape import drop_unprintable, find_unprintable
from mlguide_site.markdown.first_sign import FirstSignParser
from mlguide_site.markdown.folds import fold_details
from mlguide_site.markdown.footnotes import footnote_def, footnotes_plugin, settle_footnotes
from mlguide_site.markdown.gathered import Gathered
from mlguide_site.markdown.headings import Outline
from mlguide_site.markdown.inline import InlineCleaner
from mlguide_site.markdown.limits import MAX_NESTING, LimitError, check_inline, check_source, fallback
from mlguide_site.markdown.places import Places
from mlguide_site.markdown.tasks import mark_tasks

# what markdown-it and its plugins may raise on a text that they were not made for
_PARSER_FAULTS = (RecursionError, RuntimeError, LookupError, ValueError, TypeError, AttributeError)
# what goes where nothing is in it
_MAY_BE_EMPTY = frozenset(["paragraph_open", "heading_open", "admonition_title_open", "blockquote_open"])
_CLOSING = frozenset(kind.replace("open", "close") for kind in _MAY_BE_EMPTY)


_MARKED = re.compile(r"[\n\\`~*_\[<&]")
"""What the inline rules that are on begin with; a `!` is a mark only before a bracket."""


class _Inline(ParserInline):
    """Markdown-it's inline parser, with a short way for text without marks, which is most of what people write."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        if src and not _MARKED.search(src):
            tokens.append(Token("text", "", 0, content=src))
            return tokens
        return super().parse(src, md, env, tokens)


class _Parser(MarkdownIt):
    """Markdown-it without its own policy for addresses: ours decides on the finished tree and says so to the author."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the name is markdown-it's
        return True


@cache
def parser() -> MarkdownIt:
    """Markdown-it as a body is read with; made once."""
    made = _Parser()
    made.inline = _Inline()
    made.configure("commonmark", {"maxNesting": MAX_NESTING + 20})
    made.enable(["table", "strikethrough"])
    # the cleaner joins runs of text itself
    made.disable(["text_join", "fragments_join"])
    made.use(box_plugin)
    made.use(footnotes_plugin)
    made.core.ruler.before("inline", "limits", check_inline)
    made.core.ruler.before("inline", "tasks", mark_tasks)
    made.block = FirstSignParser(made.block, {box_rule: "!?", footnote_def: "["})
    return made


def parse(body: str, title: str = "") -> Document:
    """A body to its document. `title` is the page's own, whose heading comes first and takes its anchor before all
    others.

    Never raises: a body beyond a limit (`limits`) comes out as plain paragraphs of its text, with an ERROR finding.
    """
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    builder = _Builder(text, title)
    if (at := find_unprintable(text)) >= 0:
        builder.report_unprintable(at)
        text = drop_unprintable(text)
    try:
        check_source(text)
        env: EnvType = {}
        tokens: Sequence[Token] = parser().parse(text, env)
    except LimitError as error:
        return builder.refused(text, error)
    except _PARSER_FAULTS as error:
        return builder.refused(text, LimitError(1, f"the text can't be parsed ({error})", "look for odd marks in it"))
    return builder.build(settle_footnotes(fold_details(tokens), env, builder.gathered))


class _Builder:
    """Walks the tokens of one body once and gathers what a document holds."""

    def __init__(self, text: str, title: str) -> None:
        self.outline = Outline(title)
        self.tokens: list[Token] = []
        self.gathered = Gathered(Places(text))
        self.cleaner = InlineCleaner(self.gathered, parser().normalizeLink)

    def build(self, tokens: Sequence[Token]) -> Document:
        """The document of the tokens of a body."""
        out = self.tokens
        before = ""
        for token in tokens:
            kind = token.type
            if kind == "inline":
                line = token.map[0] + 1 if token.map else 1
                if before == "heading_open":
                    self._heading(token, line)
                else:
                    self.cleaner.clean(token, line, len(out), title=before == "admonition_title_open")
                    if token.children or before not in _MAY_BE_EMPTY:
                        out.append(token)
                    else:
                        self.gathered.blocks.pop()
            elif kind == "html_block":
                self._html(token)
            elif kind in _CLOSING and out[-1].nesting > 0:
                out.pop()
            elif kind == "heading_close":
                self._close_heading(token)
            else:
                if kind == "list_item_open" and token.meta:
                    self.gathered.enter_note(token.meta["footnote"])
                out.append(token)
            before = kind
        return self._document()

    def _heading(self, token: Token, line: int) -> None:
        """A heading gets its level and anchor, and opens a section; one whose anchor the theme's scripts may look for
        becomes a paragraph in bold."""
        opening = self.tokens[-1]
        self.cleaner.clean(token, line, len(self.tokens), heading=True)
        text = " ".join(self.gathered.blocks[-1].text.split())
        if not text:
            self.gathered.blocks.pop()
            return
        anchor = self.outline.anchor(text)
        if anchor is None:
            opening.type, opening.tag = "paragraph_open", "p"
            bold = [Token("strong_open", "strong", 1, markup="**"), Token("strong_close", "strong", -1, markup="**")]
            token.children = [bold[0], *(token.children or []), bold[1]]
            self.gathered.warn(
                (line, 1),
                f'the heading "{text[:60]}" is shown in bold only: its anchor would begin with "_"',
                "reword it",
            )
        else:
            opening.tag = f"h{self.outline.level(int(opening.tag[1]))}"
            section = self.gathered.open_section(Section(text, anchor, int(opening.tag[1]), line))
            self.gathered.blocks[-1] = self.gathered.blocks[-1]._replace(section=section)
        self.tokens.append(token)

    def _close_heading(self, token: Token) -> None:
        opening = self.tokens[-2]
        token.tag = opening.tag
        token.type = opening.type.replace("_open", "_close")
        self.tokens.append(token)

    def _html(self, token: Token) -> None:
        """A block of raw HTML is cleaned; nothing of it is put on the page where nothing is to be shown."""
        raw, line = token.content, token.map[0] + 1 if token.map else 1
        for offset, what in policy.removals(raw):
            above = raw.count("\n", 0, offset)
            needle = raw[offset : offset + 40].split("\n", 1)[0]
            place = self.gathered.places.of_text(needle, line + above)
            self.gathered.warn(place, f"removed {what}", "leave it out; write Markdown")
        cleaned = policy.clean_html(raw)
        if not cleaned:
            return
        text = policy.html_text(cleaned)
        for address, label in policy.html_links(cleaned):
            self.gathered.links.append(
                LinkUse(address, label, len(self.gathered.blocks), max(text.find(label), 0), line)
            )
        token.content = cleaned
        self.add_html(token, text, line)

    def add_html(self, token: Token, text: str, line: int) -> None:
        """Adds a block of cleaned HTML and its text."""
        self.gathered.blocks.append(Block(text, self.gathered.section, line))
        self.tokens.append(token)

    def report_unprintable(self, offset: int) -> None:
        """A character that may not be in a text is left out; the first is reported."""
        self.gathered.warn(self.gathered.places.of_offset(offset), "the text holds a control character", "remove it")

    def refused(self, text: str, error: LimitError) -> Document:
        """The document of a body beyond a limit."""
        token = fallback(text)
        self.add_html(token, policy.html_text(token.content), 1)
        self.gathered.findings.append(Finding(error.line, 1, error.message, error.remedy, Severity.ERROR))
        return self._document()

    def _document(self) -> Document:
        return Document(
            tuple(self.tokens),
            tuple(self.gathered.blocks),
            tuple(self.gathered.sections),
            tuple(self.gathered.segments),
            tuple(self.gathered.links),
            tuple(sorted(self.gathered.findings)),
            opening_of(self.gathered.blocks, self.gathered.sections),
        )
