"""What notes show by raw HTML: pictures, sound, films and pages of other hosts in frames."""

import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from typing import NamedTuple

from mlguide_site.importers.marks import Held
from mlguide_site.importers.sections import Line

MAX_JOINED = 20
"""Lines that a tag may stand on."""
_NAMES = "iframe|img|video|audio|source|embed"
# no `<` may stand in a value: so each sign is looked at once
_TAG = re.compile(
    rf"<(?P<name>{_NAMES})(?=[\s/>])(?P<rest>(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+)>|</(?:{_NAMES})\s*>[ \t]*", re.I
)
_OPEN = re.compile(rf"<(?:{_NAMES})(?=\s|$)(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+(?:[\"'][^\"'<]*+)?$", re.I)


class Media(NamedTuple):
    """What a tag shows: the tag's name, the address, and what the tag says of it ("" for nothing)."""

    name: str
    address: str
    label: str


class _Attributes(HTMLParser):
    """Takes the attributes of one tag; the first of a name counts, as browsers have it."""

    found: dict[str, str]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found = {name: value or "" for name, value in reversed(attrs)}


def replace_media(text: str, held: Held, show: Callable[[Media], str]) -> str:
    """A line in which each tag that shows something is what `show` says of it, held; tags that show nothing go.

    >>> held = Held()
    >>> text = replace_media('a <img src="b.png" alt="B &amp; C">d</video>', held, lambda media: repr(media))
    >>> held.free(text)
    "a Media(name='img', address='b.png', label='B & C') d"
    """

    def one(found: re.Match[str]) -> str:
        if not found["name"]:
            return ""
        media = _read(found)
        shown = show(media) if media.address else media.label
        behind = found.string[found.end() : found.end() + 1]
        return (held.hold(shown) if shown else "") + " " * bool(shown and (behind.isalnum() or behind == "<"))

    return _TAG.sub(one, text) if "<" in text else text


def without_media(text: str) -> str:
    """A line with a letter for each such tag: what kind of block it begins without them.

    >>> without_media('<iframe src="x"></iframe> <div>')
    'xx<div>'
    """
    return _TAG.sub("x", text) if "<" in text else text


def _read(found: re.Match[str]) -> Media:
    reader = _Attributes()
    reader.feed(f"<{found['name']}{found['rest']}>")
    reader.close()
    fields = getattr(reader, "found", {})
    address = fields.get("src", "").strip()
    name = found["name"].casefold()
    said = ("alt", "title") if name == "img" else ("title", "aria-label", "alt")
    label = next((text for key in said if (text := " ".join(fields.get(key, "").split()))), "")
    return Media(name, f"https:{address}" if address.startswith("//") else address, label)


def join_tags(lines: Sequence[Line]) -> list[Line]:
    """Lines of which those that one such tag stands on are one.

    >>> [line.text for line in join_tags([Line(1, "a <img"), Line(2, ' src="b.png"'), Line(3, "/> c")])]
    ['a <img src="b.png" /> c']
    """
    result: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line.code and "<" in line.text and _OPEN.search(line.text) and not line.text.lstrip().startswith(">"):
            text = line.text
            for more in range(at, min(at + MAX_JOINED, len(lines))):
                if lines[more].code or not lines[more].text.strip():
                    break
                text = f"{text.rstrip()} {lines[more].text.strip()}"
                if ">" in lines[more].text:
                    line, at = line._replace(text=text), more + 1
                    break
        result.append(line)
    return result
