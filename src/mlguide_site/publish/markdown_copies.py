"""Markdown copies: each page of the folder of pages as clean Markdown, for readers and language models.

A page is notes in Markdown and blocks of HTML from the templates; the notes stay as they are but for their links and
footnotes, which are Markdown again, the blocks are turned into Markdown. Links lead to the copies of their pages.
"""

import posixpath
import re
from collections.abc import Callable
from functools import lru_cache

from mlguide_site.config import Settings
from mlguide_site.model.slugs import page_url
from mlguide_site.publish.html_to_markdown import blocks_to_markdown

_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9]{0,15})(?=[\s>/])")
_COMMENT = re.compile(r"<!--.*-->\s*$")
_FENCE = re.compile(r"[ >]{0,200}(`{3,})")
_LINK = re.compile(r"(?<!\\)((?:\\\\){0,8}\]\()([^()\s]+)")
# footnotes as `markup` writes them; nobody's own HTML has ids
_NOTE = re.compile(r'^\d{1,9}\. <span id="fn\.(\d{1,9})"></span>(?:<!-- -->)?')
_REFERENCE = re.compile(
    r'<sup id="fnref\.[\d.]{1,20}"[^<>]{0,40}><a href="#fn\.(\d{1,9})"[^<>]{0,40}>\d{1,9}</a></sup>'
)
_WAY_BACK = re.compile(r' ?<a href="#fnref\.[\d.]{1,20}" role="doc-backlink"[^<>]{0,40}>[^<>]{1,20}</a>')
_TICKS = re.compile(r"`+")
_MAY_CHANGE = re.compile(r'\]\(|"#?fn')
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:|[/#?]")
_CRUMBS = '<nav class="mg-crumbs"'
_BLOCKS = frozenset(
    "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav "
    "ol p pre section search table ul audio video svg style script template noscript dialog img".split()
)
_VOID = frozenset(["hr", "img"])


def markdown_path(page: str, directories: bool = True) -> str:
    """Where the copy of a page is in the site, by the page's path in the folder of pages.

    >>> markdown_path("tools/docker.md"), markdown_path("index.md"), markdown_path("tools/docker.md", False)
    ('tools/docker/index.md', 'index.md', 'tools/docker.md')
    """
    return page_url(page, True) + "index.md" if directories else page


def markdown_copy(page: str, text: str, settings: Settings) -> str:
    """The Markdown copy of a page, by its path in the folder of pages; it ends in one line end. `text` is the page's
    whole text, front matter included."""
    directories = settings.directories
    above = "" if not directories or posixpath.basename(page) == "index.md" else "../"

    def relinked(text: str) -> str:
        """Text outside of code: links to pages, given as their files, lead to copies, footnotes are Markdown."""
        if directories and "](" in text:
            text = _LINK.sub(lambda found: found[1] + _from_file(found[2], above), text)
        return _with_footnotes(text)

    runs = [run for run in _runs(_body(text), relinked) if not run[1].startswith(_CRUMBS)]
    html = [block for is_html, block in runs if is_html]
    written = iter(blocks_to_markdown(html, lambda address: _from_page(address, directories)))
    parts = [next(written) if is_html else block.strip("\n") for is_html, block in runs]
    if settings.site_url:
        parts.append(f"---\n\nPage: <{settings.site_url}{page_url(page, directories)}>")
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def _body(text: str) -> str:
    """A page's text behind its front matter."""
    if not text.startswith("---\n"):
        return text
    end = text.find("\n---\n", 3)
    return text[end + 5 :] if end >= 0 else text


def _runs(text: str, relinked: Callable[[str], str]) -> list[tuple[bool, str]]:
    """A page in runs: whether a run is a block of HTML, and its lines, those of text relinked. A block begins in the
    first column, outside of fenced code, and goes on to the end of the element that it begins with."""
    runs: list[tuple[bool, list[str]]] = [(False, [])]
    fence, name, depth = "", "", 0
    for line in text.split("\n"):
        if fence:
            fence = "" if _closes(line, fence) else fence
        elif not name and (found := _TAG.match(line)) and (tag := found[1].lower()) in _BLOCKS:
            name, depth = tag, 0
            runs.append((True, []))
        elif not name and _COMMENT.match(line):
            continue
        elif not name and (opened := _FENCE.match(line)):
            fence = opened[1]
        elif not name and _MAY_CHANGE.search(line):
            line = _outside_code(line, relinked).rstrip()
        runs[-1][1].append(line)
        if name:
            depth += _change(line, name)
            if depth <= 0 or name in _VOID:
                name = ""
                runs.append((False, []))
    return [(is_html, "\n".join(lines)) for is_html, lines in runs if lines]


def _closes(line: str, fence: str) -> bool:
    ticks = line.strip(" >")
    return len(ticks) >= len(fence) and not ticks.strip("`")


def _change(line: str, name: str) -> int:
    """By how much the nesting of an element grows on a line."""
    if name not in line.lower():
        return 0
    return sum(-1 if found == "/" else 1 for found in _tags(name).findall(line))


@lru_cache(maxsize=64)
def _tags(name: str) -> re.Pattern[str]:
    return re.compile(rf"<(/?){name}(?=[\s>/])", re.IGNORECASE)


def _with_footnotes(text: str) -> str:
    """Part of a line with references to footnotes, and where they begin and lead back, as Markdown has them.

    >>> _with_footnotes('1. <span id="fn.1"></span>Of looms. <a href="#fnref.1" role="doc-backlink">b</a>')
    '[^1]: Of looms.'
    """
    return _NOTE.sub(r"[^\1]: ", _REFERENCE.sub(r"[^\1]", _WAY_BACK.sub("", text)))


def _outside_code(line: str, change: Callable[[str], str]) -> str:
    """A line, changed outside of its code spans."""
    out = []
    done = 0
    for start, end in _code_spans(line):
        out += [change(line[done:start]), line[start:end]]
        done = end
    out.append(change(line[done:]))
    return "".join(out)


def _code_spans(line: str) -> list[tuple[int, int]]:
    """The places of a line's code spans: from a run of backticks to the next one of that length."""
    if "`" not in line:
        return []
    runs = [found.span() for found in _TICKS.finditer(line) if line[found.start() - 1 : found.start()] != "\\"]
    following: dict[int, int] = {}
    closes = [-1] * len(runs)
    for at in range(len(runs) - 1, -1, -1):
        length = runs[at][1] - runs[at][0]
        closes[at] = following.get(length, -1)
        following[length] = at
    spans = []
    at = 0
    while at < len(runs):
        if closes[at] >= 0:
            spans.append((runs[at][0], runs[closes[at]][1]))
            at = closes[at]
        at += 1
    return spans


def _from_file(address: str, above: str) -> str:
    """A link between files of the folder of pages, as the copy has it."""
    if _ABSOLUTE.match(address):
        return address
    path, mark, anchor = address.partition("#")
    if path.endswith(".md"):
        path = path if posixpath.basename(path) == "index.md" else f"{path.removesuffix('.md')}/index.md"
    return posixpath.normpath(above + path) + mark + anchor


def _from_page(address: str, directories: bool) -> str:
    """A link between pages of the site, as the copy has it: it is where the page is."""
    if _ABSOLUTE.match(address):
        return address
    path, mark, anchor = address.partition("#")
    if directories:
        path = f"{path}index.md" if path.endswith("/") else path
    elif path.endswith(".html"):
        path = f"{path.removesuffix('.html')}.md"
    return path + mark + anchor
