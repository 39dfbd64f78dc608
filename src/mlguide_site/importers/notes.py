"""The notes of a feed's item: what its several descriptions say, each word once, as Markdown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mlguide_site.characters import unescape
from mlguide_site.importers.html import cut_promotion, looks_like_html, parse_html, strip_tags
from mlguide_site.importers.markdown import plain_notes, to_markdown


class Part(NamedTuple):
    """One description of an item: its text, and the media type it is said to have ("" where nobody says)."""

    text: str
    type: str

    @property
    def html(self) -> bool:
        """Whether it is HTML: not said to be plain text, and with tags that notes are written with."""
        return self.type != "text/plain" and looks_like_html(self.text)

    @property
    def plain(self) -> str:
        """Its text. Entities in what isn't said to be plain text stand for their characters."""
        if self.html:
            return strip_tags(self.text)
        return self.text.strip() if self.type == "text/plain" else unescape(self.text).strip()


@dataclass(frozen=True, slots=True)
class Notes:
    """The descriptions that say something of their own, in order, and what relative addresses are relative to."""

    parts: tuple[Part, ...] = ()
    base: str = ""

    @property
    def text(self) -> str:
        return "\n".join(part.plain for part in self.parts)

    @property
    def blocks(self) -> list[str]:
        """The text of each block, headings aside."""
        found: list[str] = []
        for part in self.parts:
            found += (strip_tags(part.text, headings=False) if part.html else part.plain).split("\n")
        return [text for text in found if text.strip()]

    def holds(self, text: str) -> bool:
        """Whether the notes say a text already, word for word, a cut at its end aside."""
        return _holds(self.text, text)

    def markdown(self, patterns: Sequence[str]) -> tuple[str, tuple[str, ...], str]:
        """The notes as Markdown without promotion; the patterns that matched; and the remaining text."""
        bodies: list[str] = []
        used: list[str] = []
        for part in self.parts:
            if part.html:
                soup = parse_html(part.text, self.base)
                used += cut_promotion(soup, patterns)
                bodies.append(to_markdown(soup))
            else:
                body, found = plain_notes(part.plain, patterns)
                bodies.append(body)
                used += found
        body = "\n\n".join(filter(None, bodies))
        return body, tuple(used), body


def read_notes(parts: Sequence[Part], base: str) -> Notes:
    """The parts of an item that say something of their own; what another part holds whole counts once.

    >>> read_notes([Part("<p>Long notes of the day.</p>", ""), Part("Long notes…", ""), Part("Short.", "")], "").text
    'Short.\\nLong notes of the day.'
    """
    chosen: list[Part] = []
    for part in parts:
        if not part.plain or any(_holds(other.plain, part.plain) for other in chosen):
            continue
        held = [other for other in chosen if _holds(part.plain, other.plain)]
        if held:
            chosen[chosen.index(held[0])] = part
            chosen = [other for other in chosen if other not in held]
        else:
            chosen.append(part)
    # the first part is the fullest; others that say something else introduce it
    return Notes((*chosen[1:], *chosen[:1]), base)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _holds(text: str, part: str) -> bool:
    words = _words(part)
    if re.search(r"(?:…|\.\.\.)\W{0,3}$", part):
        words = words[:-1] if len(words) > 3 else words
    return not words or f" {' '.join(words)} " in f" {' '.join(_words(text))} "
