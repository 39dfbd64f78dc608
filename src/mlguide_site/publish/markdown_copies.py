"""Generates a clean Markdown copy of each page. HTML blocks from the templates are converted to Markdown. In notes,
only links, footnotes, emphasis and formulas are converted. Links between pages become links between Markdown copies."""

import posixpath
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

from mlguide_site.config import Settings
from mlguide_site.markdown.engine_escape import drop_unprintable, escape_heading, unescape
from mlguide_site.markdown.plain import escape, escape_start
from mlguide_site.markdown.sanitiser import INLINE_TAGS
from mlguide_site.model.slugs import page_url

_BLOCK_START = re.compile(rf"<(?!(?:a|span|{'|'.join(INLINE_TAGS)})\b)(!--|[a-z][a-z0-9]*(?=[\s>/]))")
_FENCE = re.compile(r"[ >]{0,200}(`{3,})")
_LINK = re.compile(r"(?<!\\)((?:\\\\){0,8}\]\()([^()\s]+)")
# matches inline code that `engine_markdown` wrote; other backticks are written as character references
_CODE = re.compile(r"(`` .*? ``|`[^`]*`)")
# matches links to and from footnotes, which only `engine_markdown` writes
_FOOTNOTE = re.compile(r'<sup[^<>]*><a href="#fn(ref)?\.(\d+)"[^<>]*>\d+</a></sup>')
# matches formulas that `markdown/formulas.py` converted
_FORMULA = re.compile(r'<span[^<>]*><math((?: display="block")? alttext="[^"]*")>.*?</math></span>')
# matches the subtitle in a title that `pages/render.py` wrote
_SUBTITLE = re.compile(r'<span class="mg-visually-hidden">:</span> <small>(.*)</small>')
_MAY_CHANGE = re.compile(r'\]\(|"#?fn|</(?:strong|em|del|math|small)>')
_EMPHASIS = re.compile(r"</?(strong|em|del)>")
_SIGNS = {"strong": "**", "em": "*", "del": "~~"}
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:|[/#?]")
_UNWANTED = ('<nav class="mg-crumbs"', '<div class="mg-progress', "<!--")
"""The starts of HTML blocks that copies omit: breadcrumbs, controls that need scripts, and list separators."""
_VOID = frozenset(["hr", "img"])
_SKIPPED = re.compile(
    r"<(script|style|template|noscript|audio|video|svg|canvas|object|iframe|button|select|textarea|progress|meter"
    r"|dialog|title|form|label)\b.*?</\1>"
    r'|<figure class="mg-graph.*?</figure>'
    r'|<(a|nav|p|span) class="mg-(?:find|heads|progress|tags).*?</\2>',
    re.DOTALL,
)
"""HTML elements that copies omit, such as scripts, forms, jumps, labels of columns, and drawings, which pages also show
as lists."""
_HEADINGS = {f"h{level}": f"{'#' * level} " for level in range(1, 7)}
_LISTS = frozenset(["ul", "ol", "menu"])
_BLOCKS = frozenset(
    "address article aside blockquote caption details div dl dt fieldset figcaption figure footer header hgroup hr li"
    " main nav p search section summary table tbody td tfoot th thead tr".split()
).union(_HEADINGS, _LISTS)
_TOKEN = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:[^<>\"]++|\"[^\"]*\")*+)>|<!--.*?-->|([^<]+|<)", re.DOTALL)
_HREF = re.compile(r"href=\"([^\"]*)\"")
_ALLOWED = re.compile(r"(?i)(?:https?:|mailto:)|[^:]+$|[^:]*[/?#]")
_UNSAFE = re.compile(r"[\s()<>\\\"`]")
_LINE, _PART, _LEAD = "\0", "\1", "\2"
"""Control characters, which texts don't contain: a new line, a new block in an item, and the end of `- ` or `# `."""


def markdown_path(page: str, directories: bool = True) -> str:
    """Return the path of a page's copy in the site, such as `tools/docker/index.md` for the page `tools/docker.md`."""
    return page_url(page, True) + "index.md" if directories else page


def markdown_copy(page: str, text: str, settings: Settings) -> str:
    """Return the Markdown copy of the page at the path `page`. `text` is the page's whole text, with front matter."""
    directories = settings.directories
    above = "" if not directories or posixpath.basename(page) == "index.md" else "../"
    if text.startswith("---\n") and (end := text.find("\n---\n", 3)) >= 0:
        text = text[end + 5 :]
    parts = []
    for is_html, block in _blocks(text, above if directories else None):
        if is_html and not block.startswith(_UNWANTED):
            parts.append(html_to_markdown(block, lambda address: _from_page(address, directories)))
        elif not is_html:
            parts.append(block.strip("\n"))
    if settings.site_url:
        parts.append(f"---\n\nPage: <{settings.site_url}{page_url(page, directories)}>")
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def _blocks(text: str, above: str | None) -> Iterator[tuple[bool, str]]:
    """Yield the parts of a page as (True, HTML block) or (False, converted notes). An HTML block begins in the first
    column, outside fenced code. `above` is added before relative addresses in notes: `../` if the copy is in its own
    folder, or else "". If `above` is None, addresses stay unchanged."""
    lines: list[str] = []
    fence, name, depth = "", "", 0
    for line in text.split("\n"):
        if fence:
            fence = "" if line.strip(" >").startswith(fence) else fence
        elif not name and (found := _BLOCK_START.match(line)):
            yield False, "\n".join(lines)
            name, depth, lines = found[1], 0, []
        elif not name and (opened := _FENCE.match(line)):
            fence = opened[1]
        elif not name and _MAY_CHANGE.search(line):
            line = _note_line(line, above)
        lines.append(line)
        if name:
            depth += len(re.findall(rf"<{name}(?=[\s>/])", line)) - line.count(f"</{name}") if name in line else 0
            if "-->" in line if name == "!--" else depth <= 0 or name in _VOID:
                yield True, "\n".join(lines)
                name, lines = "", []
    yield bool(name), "\n".join(lines)


def _note_line(line: str, above: str | None) -> str:
    """Convert emphasis, footnotes, links and formulas in a line of notes, except in inline code."""
    parts = _CODE.split(_SUBTITLE.sub(r": \1", line) if line.startswith("# ") else line)
    for at in range(0, len(parts), 2):
        text = _EMPHASIS.sub(lambda found: _SIGNS[found[1]], parts[at])
        text = _FOOTNOTE.sub(lambda found: f"[^{found[2]}]{':' if found[1] else ''}", text)
        text = text if above is None else _LINK.sub(lambda link: link[1] + _from_file(link[2], above), text)
        parts[at] = _FORMULA.sub(lambda found: _tex(found[1]), text)
    return "".join(parts).rstrip()


def _tex(attributes: str) -> str:
    """Return a formula's TeX between dollar signs, without HTML and links."""
    sign, tex = "$$" if "display=" in attributes else "$", unescape(attributes.split('"')[-2])
    return sign + tex.replace("<", r"\lt ").replace("](", "] (") + sign


def _from_file(address: str, above: str) -> str:
    """Convert an address relative to a generated file into an address relative to the Markdown copy."""
    if _ABSOLUTE.match(address):
        return address
    path, *rest = re.split("(?=[?#])", address, maxsplit=1)
    if path.endswith(".md"):
        path = path if posixpath.basename(path) == "index.md" else f"{path.removesuffix('.md')}/index.md"
    return posixpath.normpath(above + path) + "".join(rest)


def _from_page(address: str, directories: bool) -> str:
    """Convert an address relative to a page's URL into an address relative to the Markdown copy."""
    if _ABSOLUTE.match(address):
        return address
    path, mark, anchor = address.partition("#")
    if directories:
        path = f"{path}index.md" if path.endswith("/") else path
    elif path.endswith(".html"):
        path = f"{path.removesuffix('.html')}.md"
    return path + mark + anchor


def html_to_markdown(html: str, link: Callable[[str], str]) -> str:
    r"""Return HTML as Markdown without a newline at the end. The function `link` converts the addresses of links.

    >>> html_to_markdown('<p>A <b>bold</b> <a href="x/">link*</a></p><ul><li>one</li><li>two</li></ul>', str)
    'A bold [link\\*](x/)\n\n- one\n- two'
    """
    pieces: list[str] = []
    lists = 0
    # `opened` contains the open link's index in `pieces`, and its address
    opened: tuple[int, str] | None = None
    # `findall` would need several times the memory of the page
    for found in _TOKEN.finditer(_SKIPPED.sub("", _FORMULA.sub(r"<math\1>", html))):
        close, name, attributes, text = found.groups("")
        tag = name.lower()
        if text:
            # `<` stays a character reference, so that programs that read Markdown as HTML see no tags
            bare = drop_unprintable(unescape(text)) if "&#" in text else unescape(text)
            pieces.append("&lt;".join(map(escape, bare.split("<"))))
        elif tag == "math":
            pieces.append(_tex(attributes))
        elif tag == "a" and not close:
            opened = opened or (len(pieces), _address(attributes, link))
        elif tag == "a" and opened:
            _end_link(pieces, *opened)
            opened = None
        elif tag == "span" and close and opened:
            # add a space after a label at the start of a link
            pieces.append(" ")
        elif tag == "li" and lists and not close:
            pieces.append(f"{_LINE}{'    ' * min(lists - 1, 9)}- {_LEAD}")
        elif tag in _HEADINGS and not (lists or close):
            pieces.append(f"{_LINE}{_HEADINGS[tag]}{_LEAD}")
        elif tag in _BLOCKS and not (tag == "dt" and close):
            lists = max(0, lists + (-1 if close else 1)) if tag in _LISTS else lists
            # text after an inner list is an item of its own
            is_after_list = close and lists and tag in _LISTS
            pieces.append(f"{_LINE}{'    ' * min(lists, 9)}- {_LEAD}" if is_after_list else _PART if lists else _LINE)
        elif tag in {"br", "dd"} and not close:
            pieces.append(": " if tag == "dd" else " ")
    return "\n".join(_joined_lines("".join(pieces)))


def _address(attributes: str, link: Callable[[str], str]) -> str:
    """Return the address in a link's attributes, converted by `link`, or "" if it is missing or not allowed."""
    found = _HREF.search(attributes)
    value = unescape(found[1]).strip() if found else ""
    address = link(value) if value and _ALLOWED.match(value) else ""
    return _UNSAFE.sub(lambda char: quote(char[0], safe="", errors="replace"), address)


def _end_link(pieces: list[str], at: int, address: str) -> None:
    """Replace the items of `pieces` from index `at` by a link with their text, unless the text spans several lines."""
    inner = "".join(pieces[at:])
    text = " ".join(inner.split())
    if not address or not text or _LINE in inner or _PART in inner:
        return
    before = pieces[at - 1] if at else ""
    if before.endswith("!"):
        # escape the `!`, because `![` would start an image
        pieces[at - 1] = before[:-1] + "\\!"
    space = " " * (before.endswith(")") or inner[0].isspace())
    pieces[at:] = [f"{space}[{text}]({address}){' ' * inner[-1].isspace()}"]


def _joined_lines(text: str) -> Iterator[str]:
    was_item: bool | None = None
    for line in text.split(_LINE):
        lead, _, rest = line.rpartition(_LEAD)
        words = " · ".join(part for block in rest.split(_PART) if (part := " ".join(block.split())))
        if not words:
            continue
        is_item = bool(lead) and not lead.startswith("#")
        if was_item is not None and not (is_item and was_item):
            yield ""
        yield lead + (escape_heading(words) if lead.startswith("#") else escape_start(words))
        was_item = is_item
