"""Social cards: the picture that a shared link shows, one for each series and each kind of page."""

import io
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution, version
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import PIL
from PIL import Image, ImageDraw, ImageFont

from mlguide_site.config import Settings
from mlguide_site.model.catalog import Catalog

FOLDER = "assets/mlguide/cards"
COLOURS = ("#8ab6ff", "#d3a8e6", "#f2a179", "#a3b9f7", "#c6cf74", "#f49bb8")
"""Those of the series in the dark, in their order."""
KINDS = ("episodes", "topics", "tools", "resources", "glossary", "people")
HOME = "home"


class Card(NamedTuple):
    """What a card says: large, small, and the colour of its bar."""

    title: str
    line: str
    colour: str


def cards(catalog: Catalog, settings: Settings) -> Mapping[str, Card]:
    """The cards by path in the site; none without the site's address, for they need absolute ones."""
    if not settings.site_url:
        return {}
    titles = {f"{FOLDER}/{kind}.png": kind.capitalize() for kind in KINDS}
    titles |= {_series_card(name): series.title for name, series in catalog.series.items()}
    home = Card(settings.site_name, settings.site_description, COLOURS[0])
    return {f"{FOLDER}/{HOME}.png": home} | {
        path: Card(title, settings.site_name, colour)
        for (path, title), colour in zip(titles.items(), cycle(COLOURS), strict=False)
    }


def card_of(path: str, catalog: Catalog) -> str:
    """The path of the card of a page, by its path in the folder of pages."""
    parts = path.split("/")
    if parts[0] == "episodes" and len(parts) > 2 and parts[1] in catalog.series:
        return _series_card(parts[1])
    return f"{FOLDER}/{parts[0] if parts[0] in KINDS else HOME}.png"


def _series_card(name: str) -> str:
    return f"{FOLDER}/series-{name}.png"


DRAWN_BY = f"2, Pillow {PIL.__version__}, MkDocs {version('mkdocs')}"
"""What a card looks like besides its words: to be counted up where it changes."""
SIZE = (1200, 630)
"""Pixels, as the Open Graph protocol's readers crop least."""
PAPER, INK, QUIET = "#14181d", "#f4f1ea", "#b4b8bd"
BOLD, PLAIN = "lato-bold.woff", "lato-normal.woff"
MARGIN = 90
LINES = 4
SIZES = (84, 60, 48)


def card_png(card: Card) -> bytes:
    """The picture of a card. A line that the font has no letters for is left out; so a card may show its bar alone."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 24, SIZE[1]), fill=card.colour)
    title, line = (text if drawable(text) else "" for text in (card.title, card.line))
    # the largest size at which it is whole
    size = next((size for size in SIZES if "…" not in "".join(wrapped(title, size, LINES))), SIZES[-1])
    lines = wrapped(title, size, LINES)
    y = MARGIN
    for part in lines:
        draw.text((MARGIN, y), part, font=_font(size), fill=INK)
        y += size * 5 // 4
    draw.rectangle((MARGIN, SIZE[1] - 150, MARGIN + 120, SIZE[1] - 144), fill=card.colour)
    for part in wrapped(line, 32, 1):
        draw.text((MARGIN, SIZE[1] - 120), part, font=_font(32, PLAIN), fill=QUIET)
    out = io.BytesIO()
    image.quantize(32, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def wrapped(text: str, size: int, most: int) -> list[str]:
    """A text as at most so many lines of a card; what is too long ends in an ellipsis."""
    lines: list[str] = []
    words = text.split()[:100]
    while words and len(lines) < most:
        line, *words = words
        while words and _fits(f"{line} {words[0]}", size):
            line = f"{line} {words.pop(0)}"
        if not _fits(line, size) or (words and len(lines) + 1 == most):
            line = line[: SIZE[0] // 8]
            while line and not _fits(f"{line}…", size):
                line = line[:-1]
            line += "…"
        lines.append(line)
    return lines


def _fits(text: str, size: int) -> bool:
    return bool(_font(size).getlength(text) <= SIZE[0] - 2 * MARGIN)


@lru_cache(maxsize=8)
def _font(size: int, name: str = BOLD) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    try:
        # by the distribution, not the package, which another engine may have put itself in the place of
        found = distribution("mkdocs").locate_file(f"mkdocs/themes/readthedocs/css/fonts/{name}")
        return ImageFont.truetype(io.BytesIO(Path(str(found)).read_bytes()), size)
    except (PackageNotFoundError, OSError):
        return ImageFont.load_default(size)


def drawable(text: str) -> bool:
    """Whether the font has a letter for every character.

    >>> drawable("Größe & C++"), drawable("機械学習")
    (True, False)
    """
    return all(_has(char) for char in set(text[:500]) if not char.isspace())


@lru_cache(maxsize=1024)
def _has(char: str) -> bool:
    """Whether the font has a letter: it draws the same box for all that it hasn't."""
    font = _font(32)
    return bytes(font.getmask(char)) != bytes(font.getmask("\U0010fffe"))
