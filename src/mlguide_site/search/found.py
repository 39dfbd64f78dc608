"""What of a page is found, as a page of its own that takes a fraction of the time to index: most of a page is its
frame, and most of an article is addresses and classes.

Pagefind reads of an element its text, its `id`, and what `data-pagefind-…` and a few names tell
(https://pagefind.app/docs/indexing/). Whatever isn't plain stays as it is, so that the index comes out the same.
"""

import re
from itertools import islice
from typing import NamedTuple

BODY = b"data-pagefind-body"
"""What marks the part of a page that is found."""
_NAME = re.compile(rb"<([a-z]{1,20})[\s>]")
_HTML = re.compile(rb"<html[^<>]{0,500}>")
_TITLE = re.compile(rb"<title>[^<]{0,5000}</title>")
_OTHER = re.compile(rb"data-pagefind-(?!ignore)")
_READ = re.compile(rb"(?i)[\s\"']id\s{0,9}=|data-pagefind-|headerlink|/$")
"""What makes a tag one that is left as it is."""
_RAW = (b"<!", b"<?", b"<script", b"<style", b"<textarea")
"""What may hold signs that look like tags and are none."""
INLINE = frozenset((b"a", b"abbr", b"b", b"code", b"em", b"i", b"kbd", b"span", b"strong", b"time"))
"""Elements that are nothing but their text."""
ENCLOSING = frozenset((b"aside", b"details", b"div", b"dl", b"nav", b"ol", b"section", b"svg", b"table", b"ul"))
"""Elements that end with a tag of their own and don't overlap."""
PLAIN = ENCLOSING | frozenset((b"dd", b"dt", b"h2", b"h3", b"h4", b"h5", b"h6", b"li", b"p", b"td", b"th", b"tr"))
"""Elements whose other attributes say nothing."""
SEEN = frozenset((b"h1", b"img"))
"""Elements of which Pagefind takes note wherever they stand."""


class Tag(NamedTuple):
    """What is to be known of a tag: its element where that is one of those above, else ""; whether it ends one; what
    is left of it; whether Pagefind takes note of it, and ignores what it holds. `is_odd` where it may be no tag."""

    name: str
    closes: bool
    left: bytes
    is_marked: bool
    ignores: bool
    is_odd: bool


def read_tag(tag: bytes) -> Tag:
    """What stands between `<` and the next `>`.

    >>> read_tag(b'p class="a"').left, read_tag(b'a href="b"').left, read_tag(b'a id="b"').left
    (b'<p>', b'', b'<a id="b">')
    """
    closes = tag.startswith(b"/")
    parts = tag[closes:].split(None, 1)
    name = parts[0] if parts else b""
    is_read = _READ.search(tag) is not None
    left = b"<" + (name if name in PLAIN and not closes and not is_read else tag) + b">"
    if name in INLINE and not closes and not is_read:
        left = b""
    return Tag(
        name=name.decode() if name in INLINE or name in ENCLOSING else "",
        closes=closes,
        left=left,
        is_marked=name in SEEN or _OTHER.search(tag) is not None,
        ignores=b"data-pagefind-ignore" in tag,
        is_odd=tag.count(b'"') % 2 > 0 or b"='" in tag or b"= '" in tag,
    )


def _undrawn(part: bytes) -> bytes:
    """HTML without what stands in drawings, of which Pagefind reads nothing; as it is where one may hold another."""
    drawings = part.split(b"</svg>")
    if any(text.count(b"<svg") != 1 for text in drawings[:-1]) or b"<svg" in drawings[-1]:
        return part
    return b"</svg>".join([*map(_until_drawing, drawings[:-1]), drawings[-1]])


def _until_drawing(text: bytes) -> bytes:
    at = text.find(b"<svg")
    return text if _OTHER.search(text, at) else text[: text.find(b">", at) + 1] or text


def slim(part: bytes, tags: dict[bytes, Tag] | None = None) -> bytes:
    """HTML without what Pagefind doesn't read: attributes, tags within texts, what stands in an element to be ignored.
    As it is where a tag can't be told from text without reading it as a browser does. `tags` are those read before, to
    which those of this part are added: pages share most of theirs.

    >>> slim(b'<p class="a">One <a href="b">two</a>, <b id="t">three</b></p><ul data-pagefind-ignore><li>Four</ul>')
    b'<p>One two, <b id="t">three</b></p><ul data-pagefind-ignore></ul>'
    """
    if any(sign in part for sign in _RAW):
        return part
    tags = {} if tags is None else tags
    texts = _undrawn(part).split(b"<")
    out = [texts[0]]
    # of each element within texts that is open, what was left of its tag
    within: dict[str, list[bytes]] = {name.decode(): [] for name in INLINE}
    # of each enclosing element that is open: its name; where it is to be cut, or 0; and the marks seen before
    around: list[tuple[str, int, int]] = []
    cuts, marks = True, 0
    for text in islice(texts, 1, None):
        tag, ends, rest = text.partition(b">")
        if (told := tags.get(tag)) is None:
            told = tags[tag] = read_tag(tag)
        if not ends or told.is_odd:
            return part
        marks += told.is_marked
        name = told.name
        if not name:
            pass
        elif name in within:
            if not told.closes:
                within[name].append(told.left)
            elif within[name] and not within[name].pop():
                out.append(rest)
                continue
        elif not told.closes:
            around.append((name, len(out) + 1 if told.ignores else 0, marks))
        elif around and around[-1][0] == name:
            _, cut, before = around.pop()
            if cut and cuts and marks == before:
                del out[cut:]
                out.append(told.left + rest)
                continue
        else:
            # one ended before another that it holds
            cuts = False
        out.append(told.left)
        out.append(rest)
    return b"".join(out)


def found_part(page: bytes, tags: dict[bytes, Tag] | None = None) -> bytes | None:
    """Of a page the language, the title and what is read of the element that is marked to be found; the whole page
    where other parts are marked as well; None where nothing is found of it. `tags` as for `slim`.

    >>> found_part(b"<html><head><title>T</title></head><body><nav></nav><p data-pagefind-body>A</p></body></html>")
    b'<!DOCTYPE html><html><head><title>T</title></head><body><p data-pagefind-body>A</p></body></html>'
    """
    at = page.find(BODY)
    if at < 0:
        return None
    start = page.rfind(b"<", 0, at)
    name = _NAME.match(page, start)
    html, title = _HTML.search(page), _TITLE.search(page)
    end = page.rfind(b"</" + name[1] + b">") if name else -1
    if name is None or html is None or title is None or end < 0:
        return page
    end += len(name[1]) + 3
    if page.count(BODY) > 1 or _OTHER.search(page, 0, start) or _OTHER.search(page, end):
        return page
    head = b"<head>" + title[0] + b"</head>"
    return b"<!DOCTYPE html>" + html[0] + head + b"<body>" + slim(page[start:end], tags) + b"</body></html>"
