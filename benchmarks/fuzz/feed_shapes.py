"""Hostile feeds of the maximum size; see `shapes`."""

from collections.abc import Mapping
from itertools import count
from types import MappingProxyType

from benchmarks.fuzz.shapes import Shape, fill, numbered

_HEAD = "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>Show</title>"
_ITEM, _END, _TAIL = "<item><title>T</title><description>", "</description></item>", "</channel></rss>"
_ONE = _HEAD + _ITEM
_MAX_NOTE = 1_000_000
_TALK = "Some plain words on planes, rasps and saws, and what they are good for; then more. "


def _notes(piece: str, most: int = 39_000) -> Shape:
    """Return items whose notes repeat a fragment up to the maximum length. The notes are escaped, as in most feeds."""
    times = min(_MAX_NOTE // len(piece), most // max(1, piece.count("<") + piece.count("\n")))
    shown = (piece * times).replace("&", "&amp;").replace("<", "&lt;")

    def make(size: int) -> bytes:
        parts, room = [_HEAD], size - len(_HEAD) - len(_TAIL)
        for number in count():
            item = f"<item><title>T{number}</title><guid>{number}</guid><description>{shown}{_END}"
            room -= len(item.encode())
            if room < 0:
                return "".join([*parts, _TAIL]).encode()
            parts.append(item)
        return b""

    return make


def _items(fields: str) -> Shape:
    return lambda size: numbered(f"<item>{fields}</item>", size, _HEAD, _TAIL)


_DATED = "<title>T@</title><guid>@</guid><pubDate>Mon, 01 Apr 2024 08:00:00 GMT</pubDate>"
_EVERY = (
    f"{_DATED}<description>{_TALK * 3}</description><content:encoded><![CDATA[<p>{_TALK}<a href='https://a.example/@'>@"
    "</a></p><ul><li>One</li><li>Two</li></ul>]]></content:encoded><enclosure url='https://a.example/@.mp3'"
    " type='audio/mpeg' length='9'/>"
)
_SPACE = "<p:chapters xmlns:p='http://podlove.org/simple-chapters'>"
_CHAPTER = "<p:chapter start='1' title='x'/>"
_CHAPTERS = f"{_HEAD}<item><title>T</title>{_SPACE}"
FEEDS: Mapping[str, Shape] = MappingProxyType(
    {
        "items": _items(_EVERY),
        "bare items": _items(_DATED),
        "empty items": lambda n: fill("<item/>", n, _HEAD, _TAIL),
        "same items": lambda n: fill(f"{_ITEM}{_TALK}{_END}", n, _HEAD, _TAIL),
        "chapters": lambda n: fill(_CHAPTER, n, _CHAPTERS, "</p:chapters></item>" + _TAIL),
        "items of chapters": _items(f"{_DATED}{_SPACE}{_CHAPTER * 900}</p:chapters>"),
        "long notes": _notes(_TALK),
        "words": _notes("word "),
        "one word": _notes("x"),
        "emoji": _notes("\U0001f600 "),
        "paragraphs": _notes(f"<p>{_TALK}</p>"),
        "short paragraphs": _notes("<p>x"),
        "line breaks": _notes("a<br>"),
        "lines": _notes("a\n"),
        "items of a list": _notes("<li>x"),
        "lists in lists": _notes("<ul><li>"),
        "quotes in quotes": _notes("<blockquote>x"),
        "bold": _notes("<b>x</b> "),
        "bold and slanted": _notes("<i>a<b>b</i>c</b> "),
        "links": _notes("<a href='https://a.example/x'>y</a> "),
        "pictures": _notes("<img src='https://a.example/x' alt='y'> "),
        "code": _notes("<code>x</code> "),
        "pieces of code": _notes("<pre>x</pre>"),
        "headings": _notes("<h2>x</h2>"),
        "tables": _notes("<table><tr><td>x<td>y</table>"),
        "cells": _notes("<td>x"),
        "rows": _notes("<tr><td>x<td>y"),
        "open tags": _notes("<a "),
        "closing tags": _notes("</p>"),
        "attributes": lambda n: numbered(" a@=1", min(n, _MAX_NOTE), _ONE + "&lt;p", f"&gt;x{_END}{_TAIL}"),
        "comments in notes": _notes("<!-- "),
        "brackets": _notes("[x "),
        "stars": _notes("*x* "),
        "backticks": _notes("`x` "),
        "entities": _notes("&copy; "),
        "addresses": _notes("https://a.example/x "),
        "elements": lambda n: fill("<a/>", n, _ONE, _END + _TAIL),
        "element names": lambda n: numbered("<a@/>", n, _ONE, _END + _TAIL),
        "xml attributes": lambda n: numbered(" a@='1'", n, _HEAD + "<item", "/>" + _TAIL),
        "namespaces": lambda n: numbered(" xmlns:a@='u@'", n, _HEAD + "<item", "/>" + _TAIL),
        "xml nesting": lambda n: fill("<a>", n, _ONE),
        "xml comments": lambda n: fill("<!-- -->", n, _HEAD, _TAIL),
        "sections": lambda n: fill("<![CDATA[x]]>", n, _ONE, _END + _TAIL),
        "open sections": lambda n: fill("<![CDATA[", n, _ONE),
        "xml entities": lambda n: fill("&a;", n, _ONE, _END + _TAIL),
        "stray signs": lambda n: fill("& ", n, _ONE, _END + _TAIL),
        "people": _items(f"{_DATED}<podcast:person>P@</podcast:person>"),
        "transcripts": lambda n: fill(
            "<podcast:transcript url='https://a.example/'/>", n, _HEAD + "<item>", "</item>" + _TAIL
        ),
    }
)
"""Shapes of feeds."""
