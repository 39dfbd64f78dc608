"""Social cards: images that other sites show for links. Each series has a card; all other pages share the home card."""

import io
import re
import textwrap
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import distribution, version
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

import PIL

from mlguide_site.config import Settings
from mlguide_site.model.catalog import Catalog

FOLDER = "assets/mlguide/cards"
HOME = f"{FOLDER}/home.png"
COLOURS = ("#8ab6ff", "#d3a8e6", "#f2a179", "#a3b9f7", "#c6cf74", "#f49bb8")  # the series' colours in the dark scheme
DRAWN_BY = f"5, Pillow {PIL.__version__}, MkDocs {version('mkdocs')}"
"""The version of the cards. Increase the first number whenever the design changes."""
SIZE = (1200, 630)  # in pixels; most Open Graph consumers show this size without cropping
PAPER, INK, QUIET = "#14181d", "#f4f1ea", "#b4b8bd"
BOLD, PLAIN = "lato-bold.woff", "lato-normal.woff"
MARGIN = 90
LINES = 4
SIZES = (84, 60, 48)
SMALL = 32


class Card(NamedTuple):
    """The content of a card: a large text, a small text, and the bar's colour."""

    title: str
    line: str
    colour: str


def cards(catalog: Catalog, settings: Settings) -> Mapping[str, Card]:
    """Map paths to cards. A site without an address has no cards, because cards need absolute addresses. A title that
    can't be drawn has no card."""
    if not settings.site_url:
        return {}
    found = {HOME: Card(settings.site_name, settings.site_description, COLOURS[0])} | {
        _series_card(name): Card(series.title, settings.site_name, colour)
        for (name, series), colour in zip(catalog.series.items(), cycle(COLOURS), strict=False)
        if name not in catalog.sites
    }
    return {path: card for path, card in found.items() if _is_drawable(card.title)}


def card_of(path: str, catalog: Catalog, site_name: str) -> str:
    """Return the path of a page's card, or "" if it has none. `path` is the page's path in the folder of generated
    pages."""
    parts = path.split("/")
    series = catalog.series.get(parts[1]) if parts[0] == "episodes" and len(parts) > 2 else None
    home = HOME if _is_drawable(site_name) else ""
    return _series_card(parts[1]) if series and _is_drawable(series.title) else home


@lru_cache(maxsize=256)
def _is_drawable(title: str) -> bool:
    # most titles need no font
    return title.isascii() or bool(drawable(title[:500]))


def _series_card(name: str) -> str:
    return f"{FOLDER}/series-{name}.png"


def card_png(card: Card, height: int = SIZE[1]) -> bytes:
    """Return a card as a PNG image. A sign that the font lacks, such as an emoji, is omitted. A text is omitted if
    the font lacks one of its letters or digits."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - most builds draw no cards

    image = Image.new("RGB", (SIZE[0], height), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 24, height), fill=card.colour)
    title, line = (drawable(text[:500]) for text in (card.title, card.line))
    # use the largest size at which the title fits
    size = next((size for size in SIZES if not wrapped(title, size, LINES).endswith("…")), SIZES[-1])
    draw.multiline_text((MARGIN, MARGIN), wrapped(title, size, LINES), INK, _font(size), spacing=size // 3)
    draw.rectangle((MARGIN, height - 150, MARGIN + 120, height - 144), fill=card.colour)
    draw.text((MARGIN, height - 120), wrapped(line, SMALL, 1), QUIET, _font(SMALL, PLAIN))
    out = io.BytesIO()
    image.quantize(32, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def wrapped(text: str, size: int, most: int) -> str:
    """Split a string into at most `most` lines that fit the width of a card. Longer strings are cut and end in "…"."""
    width = SIZE[0] - 2 * MARGIN
    # estimate the number of characters that fit on a line
    letters = int(width * len(text) / (_font(size).getlength(text) or width)) if text else 1
    while True:
        lines = textwrap.wrap(text, letters, max_lines=most, placeholder="…")
        if letters == 1 or all(_font(size).getlength(line) <= width for line in lines):
            return "\n".join(lines)
        letters -= 1


@lru_cache(maxsize=8)
def _font(size: int, name: str = BOLD) -> Any:
    from PIL import ImageFont  # noqa: PLC0415 - most builds draw no cards

    # don't import `mkdocs` to find its folder, because ProperDocs may have replaced the module
    found = distribution("mkdocs").locate_file(f"mkdocs/themes/readthedocs/css/fonts/{name}")
    return ImageFont.truetype(io.BytesIO(Path(str(found)).read_bytes()), size)


def drawable(text: str) -> str:
    """Return a string without the signs that the font lacks, or "" if it lacks a letter, a digit, a mathematical sign,
    or a sign after a letter or digit, as in `C♯`."""
    text = re.sub("[\u200d\ufe0f]", "", text)
    missing = bytes(_font(SMALL).getmask("\U0010fffe"))
    lacking = {char for char in {*text} if not char.isspace() and bytes(_font(SMALL).getmask(char)) == missing}
    is_part = any(one.isalnum() or "∀" <= one <= "⋿" or re.search(rf"\w{re.escape(one)}", text) for one in lacking)
    kept = "" if is_part else "".join(char for char in text if char not in lacking)
    return " ".join(kept.split())
