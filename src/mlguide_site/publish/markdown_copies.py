"""Markdown copies: each page of the folder of pages as clean Markdown, for readers and language models.

A page consists of notes in Markdown and blocks of HTML from the templates. The blocks are converted to Markdown; in the
notes only links and footnotes are. Links lead to the copies of their pages.
"""

import posixpath
import re
from collections.abc import Iterator

from mlguide_site.config import Settings
from mlguide_site.markdown.sanitiser import INLINE_TAGS
from mlguide_site.model.slugs import page_url
from mlguide_site.publish.html_to_markdown import html_to_markdown

_BLOCK = re.compile(rf"<(?!(?:a|span|{'|'.join(INLINE_TAGS)})\b)(!--|[a-z][a-z0-9]*(?=[\s>/]))")
_FENCE = re.compile(r"[ >]{0,200}(`{3,})")
_LINK = re.compile(r"(?<!\\)((?:\\\\){0,8}\]\()([^()\s]+)")
# code as `serialize` writes it: a backtick outside of code is a reference
_CODE = re.compile(r"(`` .*? ``|`[^`]*`)")
# footnotes as `serialize` writes them; nobody's own HTML has ids
_NOTE = re.compile(r'<sup[^<>]*><a href="#fn(ref)?\.(\d+)"[^<>]*>\d+</a></sup>')
_MAY_CHANGE = re.compile(r'\]\(|"#?fn|</(?:strong|em|del)>')
_EMPHASIS = re.compile(r"</?(strong|em|del)>")
_SIGNS = {"strong": "**", "em": "*", "del": "~~"}
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:|[/#?]")
_UNWANTED = ('<nav class="mg-crumbs"', '<div class="mg-progress', "<!--")
"""Blocks that copies leave out: breadcrumbs, controls that need the page's script, and separators of lists."""
_DRAWN = re.compile(r'<figure class="mg-graph".*?</figure>|<div class="mg-net.*?</div>', re.DOTALL)
"""Graphs and maps: names in two columns with lines between them. The page has what they show as lists too."""
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
    if text.startswith("---\n") and (end := text.find("\n---\n", 3)) >= 0:
        text = text[end + 5 :]
    parts = []
    for is_html, block in _blocks(text):
        if is_html and not block.startswith(_UNWANTED):
            parts.append(html_to_markdown(_DRAWN.sub("", block), lambda address: _from_page(address, directories)))
        elif not is_html:
            parts.append("\n".join(_notes(block.split("\n"), above if directories else None)).strip("\n"))
    if settings.site_url:
        parts.append(f"---\n\nPage: <{settings.site_url}{page_url(page, directories)}>")
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def _blocks(text: str) -> Iterator[tuple[bool, str]]:
    """The blocks of HTML of a page and the text between them, each with whether it is HTML. A block begins in the first
    column, outside of fenced code, and goes on to the end of the element that it begins with."""
    lines: list[str] = []
    fence, name, depth = "", "", 0
    for line in text.split("\n"):
        if fence:
            fence = "" if line.strip(" >").startswith(fence) else fence
        elif not name and (found := _BLOCK.match(line)):
            yield False, "\n".join(lines)
            name, depth, lines = found[1], 0, []
        elif not name and (opened := _FENCE.match(line)):
            fence = opened[1]
        lines.append(line)
        if name:
            depth += len(re.findall(rf"<{name}(?=[\s>/])", line)) - line.count(f"</{name}") if name in line else 0
            if depth <= 0 or name in _VOID:
                yield True, "\n".join(lines)
                name, lines = "", []
    yield bool(name), "\n".join(lines)


def _notes(lines: list[str], above: str | None) -> Iterator[str]:
    """The lines of notes, changed outside of code: links to pages, given as their files, lead to copies, footnotes are
    Markdown. `above` is the way from the copy to the page's folder, None where copies are beside the pages."""
    fence = ""
    for line in lines:
        if fence:
            fence = "" if line.strip(" >").startswith(fence) else fence
        elif opened := _FENCE.match(line):
            fence = opened[1]
        elif _MAY_CHANGE.search(line):
            parts = _CODE.split(line)
            parts[::2] = [_relinked(_as_markdown(part), above) for part in parts[::2]]
            line = "".join(parts).rstrip()
        yield line


def _relinked(text: str, above: str | None) -> str:
    return text if above is None else _LINK.sub(lambda found: found[1] + _from_file(found[2], above), text)


def _as_markdown(text: str) -> str:
    """Part of a line with emphasis, references to footnotes and their labels as Markdown has them."""
    text = _EMPHASIS.sub(lambda found: _SIGNS[found[1]], text)
    return _NOTE.sub(lambda found: f"[^{found[2]}]{':' if found[1] else ''}", text)


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
