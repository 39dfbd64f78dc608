"""Parses a Markdown body into a sanitised syntax tree: CommonMark with tables, strikethrough, tasks, footnotes and
admonitions.

The tree is safe to publish, and markdown-it's own renderer could render it: refused addresses are removed (their text
is kept), raw HTML is cleaned or has become text, bare web addresses and images on other hosts have become links,
headings have levels and anchors for the page. `serialize` writes it back.
"""

from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.utils import EnvType

from mlguide_site.errors import Severity
from mlguide_site.markdown import sanitiser
from mlguide_site.markdown.blocks import blocks_plugin
from mlguide_site.markdown.document import Document, DocumentBuilder, LinkUse, Section
from mlguide_site.markdown.escape import drop_unprintable, find_unprintable
from mlguide_site.markdown.footnotes import footnotes_plugin, link_footnotes
from mlguide_site.markdown.headings import Outline
from mlguide_site.markdown.inline import clean_inline
from mlguide_site.markdown.limits import MAX_NESTING, LimitError, check_inline, check_source, fallback

# what markdown-it and its plugins may raise on unexpected input
_PARSER_FAULTS = (RecursionError, RuntimeError, LookupError, ValueError, TypeError, AttributeError)


class _Parser(MarkdownIt):
    """Markdown-it without its own policy for addresses: ours is applied to the finished tree, and reports to the
    author."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the name is markdown-it's
        return True


@cache
def parser() -> MarkdownIt:
    """The parser of a body; made once."""
    made = _Parser("commonmark", {"maxNesting": MAX_NESTING + 20})
    made.enable(["table", "strikethrough"])
    # the cleaner joins runs of text itself
    made.disable(["text_join", "fragments_join"])
    made.core.ruler.before("inline", "limits", check_inline)
    made.use(blocks_plugin)
    made.use(footnotes_plugin)
    return made


def parse(body: str, title: str = "") -> Document:
    """Parse a body. `title` is the page's own; its heading comes first, so its anchor is taken.

    Never raises: a body beyond a limit (`limits`) becomes plain paragraphs of its text, with an ERROR finding.
    """
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    walker = _Walker(text, title)
    if (at := find_unprintable(text)) >= 0:
        place = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        walker.builder.warn(place, "the text holds a control character", "remove it")
        text = drop_unprintable(text)
    try:
        check_source(text)
        env: EnvType = {}
        tokens: Sequence[Token] = parser().parse(text, env)
    except LimitError as error:
        return walker.refused(text, error)
    except _PARSER_FAULTS as error:
        return walker.refused(text, LimitError(1, f"the text can't be parsed ({error})", "look for odd marks in it"))
    return walker.walk(link_footnotes(tokens, env, walker.builder))


class _Walker:
    """Walks the tokens of one body once and builds its document."""

    def __init__(self, text: str, title: str) -> None:
        self.outline = Outline(title)
        self.builder = DocumentBuilder(text)

    def walk(self, tokens: Sequence[Token]) -> Document:
        """The document of the tokens of a body."""
        builder, out = self.builder, self.builder.tokens
        before = ""
        for token in tokens:
            kind = token.type
            if kind == "inline":
                line = token.map[0] + 1 if token.map else 1
                if before == "heading_open":
                    self.heading(token, line)
                else:
                    clean_inline(builder, token, line, title=before == "admonition_title_open")
                    out.append(token)
            elif kind == "html_block":
                self.html(token)
            else:
                if kind == "heading_close":
                    # its opening may have become a paragraph's
                    token.tag, token.type = out[-2].tag, out[-2].type.replace("_open", "_close")
                out.append(token)
            before = kind
        return builder.document()

    def heading(self, token: Token, line: int) -> None:
        """Give a heading its level and anchor, and open a section; a heading whose anchor could be mistaken for an id
        of the theme's scripts becomes a paragraph."""
        builder = self.builder
        opening = builder.tokens[-1]
        clean_inline(builder, token, line, heading=True)
        text = " ".join(builder.blocks[-1].text.split())
        anchor = self.outline.anchor(text) if text else None
        if anchor is None:
            opening.type, opening.tag = "paragraph_open", "p"
        if text and anchor is None:
            message = f'the heading "{text[:60]}" is shown as a paragraph: its anchor would begin with "_"'
            builder.warn((line, 1), message, "reword it")
        elif anchor:
            level = self.outline.level(int(opening.tag[1]))
            opening.tag = f"h{level}"
            builder.open_section(Section(text, anchor, level, line))
            builder.blocks[-1] = builder.blocks[-1]._replace(section=builder.section)
        builder.tokens.append(token)

    def html(self, token: Token) -> None:
        """Clean a block of raw HTML, and leave it out if nothing of it is visible."""
        builder, raw, line = self.builder, token.content, token.map[0] + 1 if token.map else 1
        for offset, what in sanitiser.removals(raw):
            needle = raw[offset : offset + 40].split("\n", 1)[0]
            place = builder.place_of_text(needle, line + raw.count("\n", 0, offset))
            builder.warn(place, f"removed {what}", "leave it out; write Markdown")
        token.content = sanitiser.clean_html(raw)
        if not token.content:
            return
        text = sanitiser.html_text(token.content)
        for address, label in sanitiser.html_links(token.content):
            builder.links.append(LinkUse(address, label, len(builder.blocks), max(text.find(label), 0), line))
        builder.add_block(text, line)
        builder.tokens.append(token)

    def refused(self, text: str, error: LimitError) -> Document:
        """The document of a body beyond a limit."""
        token = fallback(text)
        self.builder.add_block(sanitiser.html_text(token.content), 1)
        self.builder.tokens.append(token)
        self.builder.warn((error.line, 1), error.message, error.remedy, Severity.ERROR)
        return self.builder.document()
