"""Parses a Markdown body into a sanitised syntax tree, which is safe to publish.

Raw HTML becomes Markdown or text. Headings are assigned their levels and anchors on the page. `sanitise_inline`
sanitises paragraphs, and `engine_markdown` converts the tree back to Markdown."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from itertools import islice

from markdown.extensions.toc import slugify, slugify_unicode, unique
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType

from mlguide_site.errors import Severity
from mlguide_site.markdown.blocks_from_html import TAGS, parse_html
from mlguide_site.markdown.blocks_to_markdown import block_lines
from mlguide_site.markdown.document import Document, DocumentBuilder, Section
from mlguide_site.markdown.engine_escape import clean_text, drop_unprintable, find_unprintable
from mlguide_site.markdown.footnotes import link_footnotes
from mlguide_site.markdown.formulas import IN_BACKSLASHES
from mlguide_site.markdown.limits import MAX_HEADING, MAX_TOKENS, LimitError, check_inline, check_source
from mlguide_site.markdown.parser import PARSER_FAULTS, parser
from mlguide_site.markdown.sanitise_inline import clean_inline

MAX_REPORTED = 20  # maximum number of reported places with markup of another program in a paragraph
_REMOVED = re.compile(
    r"(?i)<([a-z][a-z0-9]{0,20})|\bon[a-z]{3,20}(?=\s*=)|\b(?:href|src)\s*=\s*[\"']?(?!https?:|mailto:)[^\s\"'>]{1,60}"
)
"""Matches the parts of raw HTML to report: tags, event handlers, and addresses that aren't absolute."""
_FOREIGN = (
    (
        "[[",
        re.compile(r"!?\[\[(?![a-z0-9]+(?:-[a-z0-9]+)+[|\]])[^\W\d][^\[\]\n,=]{0,200}\]\](?![(\[:])"),
        "write only the name, [[show-012]], [text](show-012.md#heading) or ![text](show-012/picture.png)",
    ),
    (
        "[!",
        re.compile(r"\A\[![A-Za-z][\w-]{0,30}\][+-]?"),
        'write an admonition, such as !!! warning "Title", and indent its text by four spaces',
    ),
    ("%%", re.compile(r"(?<!%)%%(?!%)[^%`]{1,5000}%%(?!%)"), "write comments as <!-- not published -->"),
    (
        "<!--",
        re.compile(r"(?:(?<=[^\s\\])|(?<=\S\s))<!--(?:(?!-->|<!--)[\s\S]){0,5000}\Z"),
        "begin the comment on a line of its own, because this one ends with its paragraph or list item",
    ),
    ("$$", re.compile(r"\A\$\$[^$]*\Z"), "write the formula on one line, between dollar signs: $$a = b$$"),
    ("TOC]", re.compile(r"\A\[\[?_?TOC_?\]?\]\Z"), "remove it, because each page has a table of contents"),
    (
        "[^",
        re.compile(r"(?<=[\w.,;:!?)\]\"'’”])\[\^[\w-]{1,40}\](?![\w*+?{(:]|\[[^^])"),
        "add a line with the footnote's text, such as [^1]: Text; titles and headings can't have footnotes",
    ),
    (
        "^[",
        re.compile(r"(?<=[\w.,;:!?)\"'’”])\^\[(?=[^\[\]\n]{0,200}[^\W\d_]{2})[^\[\]\n]{1,200}\]?"),
        "write a reference such as [^1] here, and the footnote in a paragraph of its own: [^1]: Text",
    ),
    (
        "](",
        re.compile(
            r"(?<![\\\w])!?\[[^\[\]\n]{1,200}\]\((?>https?:/|#\w|[\w./%-]{1,200}\.(?:md|png|jpe?g|webp|gif|svg)\b)"
            r"[^\s()<>]{0,300}+(?!\S|\s*[\"'()])"
        ),
        'write ")" directly after the address, without a space',
    ),
    (
        "](",
        re.compile(
            r"!?\[[^\[\]\n]{0,200}\]\((?=[^()<>\"'\s]{1,200} )(?:[^()<>\"'\n]|\([^()<>\"'\n]{0,40}\)){1,400}"
            r"(?<=\.)(?i:md|png|jpe?g|webp|gif|svg|pdf)\)"
        ),
        "write < and > around an address with spaces: ![text](<my picture.png>)",
    ),
    (":::", re.compile(r"\A:{3,}[ \t]?\w[\w-]{0,30}"), 'write !!! tip "Title", and indent the text by four spaces'),
    ("\\(", IN_BACKSLASHES, "write the formula between dollar signs: $a = b$"),
    (
        "\\[",
        re.compile(
            r"\A\\\[(?![^$\\{]{0,5000}(?:https?:|\b[A-Za-z]{3,}(?::| [A-Za-z]{2})))"
            r"(?=[^$]{0,200}?[\^_=\\] ?[\w{])(?:(?!\\\])[^$]){1,5000}\\\]\Z"
        ),
        "write the formula between two dollar signs: $$a = b$$",
    ),
    ("##", re.compile(r"(?m)^#{2,6}\w.{0,200}"), "write a space after the # of a heading, as in ## Heading"),
    (
        "|\n|",
        re.compile(r"(?m)(?<=\|\n)\|(?:[ \t]{0,9}:?-{1,100}:?[ \t]{0,9}\|){1,100}$"),
        "a row of dashes needs as many cells as the first row of its table: | --- | --- |",
    ),
    (
        "{",
        re.compile(
            r"(?<=[)\]*`])[ ]?\{:?(?: ?(?:[.#][A-Za-z][\w-]{0,60}|[A-Za-z-]{1,40}="
            r"(?:\"[^\"\n]{0,100}\"|[\w.%-]{1,40}))){1,9} ?\}|(?<=\w) ?\{:? ?#[A-Za-z][\w-]{0,60} ?\}\Z"
        ),
        "remove the attributes, which have no effect",
    ),
    (
        "==",
        re.compile(r"(?<![=\w\"'(<])==(?=\w)[^=\n]{0,200}(?<=\w)==(?![=\w\"'>)])"),
        "write **text** to stress words",
    ),
    ("--8<--", re.compile(r'\A-{1,2}8<-{1,2} ?"[^"\n]{1,200}"'), "copy the text of the other file here"),
    ("===", re.compile(r'\A===[!+]{0,2} "[^"\n]{0,200}"'), 'write a heading or an admonition: !!! note "Title"'),
)
"""Markup of other programs, and misspelled Markdown: a substring for a quick search, a pattern, and a remedy."""
_NOT_TEXT = {"code_inline", "footnote_ref", "formula"}  # tokens in which this markup has another meaning
# anchors are cached, because headings such as "Resources" recur in every episode
_slug = lru_cache(maxsize=4096)(partial(slugify_unicode, separator="-"))
_former_slug = lru_cache(maxsize=4096)(partial(slugify, separator="-"))  # of earlier versions; keeps only ASCII letters
_FIRST_LEVEL, _LAST_LEVEL = 2, 6


class Outline:
    """The outline of one body. The page's title is h1, so the body begins at h2. No level is skipped: an h4 after an h2
    becomes an h3. Anchors are the same as in Python-Markdown's toc extension with the function `slugify_unicode`. No
    heading uses the title's anchor."""

    def __init__(self, title: str, slug: Callable[[str], str] = _slug) -> None:
        self._slug = slug
        self._ranks: list[int] = []
        self._anchors: set[str] = set()
        self._counts: dict[str, int] = {}
        """Maps each anchor to the last number that `unique` appended to it, such as 2 for `clay_2`."""
        if title:
            self._free(slug(title))

    def level(self, rank: int) -> int:
        """Return the level of the next heading on the page. `rank` is the heading's level in the source."""
        while self._ranks and self._ranks[-1] >= rank:
            self._ranks.pop()
        self._ranks.append(rank)
        return min(_FIRST_LEVEL - 1 + len(self._ranks), _LAST_LEVEL)

    def anchor(self, text: str) -> str | None:
        """Return the anchor of the next heading, or None if it would begin with `_`, like theme ids (`__search`)."""
        anchor = self._slug(text)
        # an extension may turn leading hyphens into dashes, which the engine removes from the anchor
        return None if anchor.lstrip("-").startswith("_") else self._free(anchor)

    def _free(self, anchor: str) -> str:
        # the type stubs of `unique` lack the last argument
        return unique(anchor, self._anchors, self._counts)  # type: ignore[call-arg]


def parse(body: str, title: str = "") -> Document:
    """Parse a body into a document. `title` is the page's title. If a body exceeds a limit or can't be parsed, no
    exception is raised; the document contains only findings, with at least one ERROR."""
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    builder = DocumentBuilder(text, title)
    if (at := find_unprintable(text)) >= 0:
        place = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        builder.warn(place, "the text contains a control character", "remove it")
        text = drop_unprintable(text)
    try:
        check_source(text)
        env: EnvType = {}
        tokens = _without_html(parser().parse(text, env), env, builder)
    except LimitError as error:
        builder.warn((error.line, 1), error.message, error.remedy, Severity.ERROR)
    except PARSER_FAULTS as error:
        message, remedy = f"the text can't be parsed ({error})", "look for unusual syntax in the text"
        builder.warn((1, 1), message, remedy, Severity.ERROR)
    else:
        outlines = Outline(title), Outline(title, _former_slug)
        _add_tokens(link_footnotes(tokens, env, builder), builder, outlines)
    return builder.document()


def _without_html(tokens: list[Token], env: EnvType, builder: DocumentBuilder) -> list[Token]:
    out: list[Token] = []
    for token in tokens:
        if token.type != "html_block":
            out.append(token)
            continue
        line, at = token.map[0] + 1 if token.map else 1, 0
        if (opening := token.content.rfind("<!--")) > token.content.rfind("-->"):
            message = "the comment is not closed: everything below belongs to it"
            builder.warn((line + token.content.count("\n", 0, opening), 1), message, "write --> at its end")
        for found in _REMOVED.finditer(token.content):
            # count from the last match, because a block may have many
            line, at = line + token.content.count("\n", at, found.start()), found.start()
            name = (found[1] or "").lower()
            what = f"removed {clean_text(found[0])}{'>' * bool(name)}"
            what = "a table in HTML is shown as a simple table or as lines of text" if name == "table" else what
            if name == "table" or name not in TAGS:
                builder.warn(builder.place_of_text(found[0], line), what, "remove it, or write Markdown")
            elif name == "details" and not token.content.startswith("<details open", found.start()):
                remedy = 'write ??? note "Title", and indent the text by four spaces'
                place = builder.place_of_text(found[0], line)
                builder.warn(place, "the text in <details> is not folded", remedy, Severity.HINT)
        for inner in parser().parse("\n".join(block_lines(parse_html(token.content))), {}):
            inner.map = token.map
            inner.meta["html"] = True
            out.append(inner)
        if len(out) > MAX_TOKENS:
            break
    if out != tokens:
        check_inline(StateCore(builder.text, parser(), env, out))
    return out


def _add_tokens(tokens: Sequence[Token], builder: DocumentBuilder, outlines: tuple[Outline, Outline]) -> None:
    out, before, columns = builder.tokens, "", 0
    for token in tokens:
        kind = token.type
        if kind == "inline":
            line = token.map[0] + 1 if token.map else 1
            _check_markup(token, line, builder)
            if before == "heading_open":
                _add_heading(token, line, builder, *outlines)
            else:
                segments = len(builder.segments)
                clean_inline(builder, token, line, title=before == "admonition_title_open")
                if "html" in token.meta:
                    # names in raw HTML must not become links
                    del builder.segments[segments:]
        elif kind == "fence" and token.map and "html" not in token.meta:
            lines = token.content.count("\n") + (token.content[-1:] not in {"", "\n"})
            if token.map[1] - token.map[0] != lines + 2:  # the closing fence is missing
                message = "the code fence is not closed: everything below is code"
                builder.warn((token.map[0] + 1, 1), message, f"write {token.markup} on a line after the code")
        elif kind in {"thead_open", "th_open"}:
            columns = columns + 1 if kind == "th_open" else 0
        elif kind == "tr_open" and before != "thead_open" and token.map and "html" not in token.meta:
            _check_row(token.map[0] + 1, columns, builder)
        elif kind == "admonition_close" and before in {"admonition_open", "admonition_title_close"}:
            where = out[-1 if before == "admonition_open" else -4].map or [0]
            builder.warn((where[0] + 1, 1), "the admonition has no text", "indent its text by four spaces")
        elif kind == "heading_close":
            # copy the tag and type of the opening token, because the heading may have become a paragraph
            token.tag, token.type = out[-2].tag, out[-2].type.replace("_open", "_close")
        out.append(token)
        before = kind


def _check_markup(token: Token, line: int, builder: DocumentBuilder) -> None:
    for sign, form, remedy in _FOREIGN:
        if sign not in token.content:
            continue
        others = [one.content for one in token.children or () if one.type in _NOT_TEXT]
        for found in islice(form.finditer(token.content), MAX_REPORTED):
            if not any(found[0] in one or one in found[0] for one in others):
                what = " ".join(clean_text(found[0]).split())[:60]
                builder.warn(builder.place_of_text(found[0], line), f'"{what}" is shown as text', remedy)


def _check_row(line: int, columns: int, builder: DocumentBuilder) -> None:
    """Warn if a table row has more cells than the header, because the parser drops them (GFM 0.29, section 4.10)."""
    cells = escapedSplit(builder.source_lines()[line - 1].lstrip("> \t"))
    if left_out := "|".join(cells[columns + (not cells[0]) :]).strip(" \t|"):
        message = f'the cell "{clean_text(left_out)[:60]}" is left out, because the row has more cells than the header'
        remedy = "write \\| for a vertical bar, or add cells to the header"
        builder.warn(builder.place_of_text(left_out, line), message, remedy)


def _add_heading(token: Token, line: int, builder: DocumentBuilder, outline: Outline, earlier: Outline) -> None:
    """Set the level and anchor of a heading. A heading without anchor, and a very long one, becomes a paragraph."""
    opening = builder.tokens[-1]
    clean_inline(builder, token, line, heading=True)
    text = " ".join(builder.blocks[-1].text.split())
    # the cache stores the heading and its anchor with each quotation from its section
    is_long = len(text) > MAX_HEADING
    anchor, former = (one.anchor(text) if text and not is_long else None for one in (outline, earlier))
    if anchor is None:
        opening.type, opening.tag = "paragraph_open", "p"
    if text and anchor is None:
        reason = f"it is longer than {MAX_HEADING} characters" if is_long else 'its anchor would begin with "_"'
        message = f'the heading "{text[:60]}" is shown as a paragraph, because {reason}'
        builder.warn((line, 1), message, "shorten it" if is_long else "reword it")
    elif anchor:
        if opening.tag == "h1" and text.casefold() == builder.title.strip().casefold():
            remedy = "remove the heading, because the page shows the title"
            builder.warn((line, 1), "the note's title is repeated as a heading", remedy, Severity.HINT)
        level = outline.level(int(opening.tag[1]))
        opening.tag = f"h{level}"
        # the section includes the heading's block and the following blocks
        builder.section = len(builder.sections)
        builder.sections.append(Section(text, anchor, level, line, former if former and former != anchor else ""))
        builder.blocks[-1] = builder.blocks[-1]._replace(section=builder.section)
