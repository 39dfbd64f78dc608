"""The social card: the picture that a shared link to a page of the site shows."""

import io
import textwrap
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

import PIL
from PIL import Image, ImageDraw, ImageFont

CARD = "assets/mlguide/cards/home.png"
"""Its path in the site."""
DRAWN_BY = f"3, Pillow {PIL.__version__}, MkDocs {version('mkdocs')}"
"""The version of a card's look: increase the number with every change of it."""
SIZE = (1200, 630)
"""Pixels, as the Open Graph protocol's readers crop least."""
PAPER, INK, QUIET, BAR = "#14181d", "#f4f1ea", "#b4b8bd", "#8ab6ff"
BOLD, PLAIN = "lato-bold.woff", "lato-normal.woff"
MARGIN = 90
LINES = 4
SIZES = (84, 60, 48)
SMALL = 32


def card_png(title: str, line: str) -> bytes:
    """The picture with large and small text. What the font has no letters for is left out, so it may only have bars."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 24, SIZE[1]), fill=BAR)
    title, line = (text[:500] if drawable(text) else "" for text in (title, line))
    # the largest size at which it is whole
    size = next((size for size in SIZES if not wrapped(title, size, LINES).endswith("…")), SIZES[-1])
    draw.multiline_text((MARGIN, MARGIN), wrapped(title, size, LINES), INK, _font(size), spacing=size // 3)
    draw.rectangle((MARGIN, SIZE[1] - 150, MARGIN + 120, SIZE[1] - 144), fill=BAR)
    draw.text((MARGIN, SIZE[1] - 120), wrapped(line, SMALL, 1), QUIET, _font(SMALL, PLAIN))
    out = io.BytesIO()
    image.quantize(32, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def wrapped(text: str, size: int, most: int) -> str:
    """A text in at most so many lines that fit on a card; what is too long ends in an ellipsis."""
    width = SIZE[0] - 2 * MARGIN
    # as many letters as fit of those that the text has
    letters = int(width * len(text) / (_font(size).getlength(text) or width)) if text else 1
    while True:
        lines = textwrap.wrap(text, letters, max_lines=most, placeholder="…")
        if letters == 1 or all(_font(size).getlength(line) <= width for line in lines):
            return "\n".join(lines)
        letters -= 1


@lru_cache(maxsize=8)
def _font(size: int, name: str = BOLD) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    try:
        # by the distribution, not the package, which another engine may have put itself in the place of
        found = distribution("mkdocs").locate_file(f"mkdocs/themes/readthedocs/css/fonts/{name}")
        return ImageFont.truetype(io.BytesIO(Path(str(found)).read_bytes()), size)
    except (PackageNotFoundError, OSError):
        return ImageFont.load_default(size)


def drawable(text: str) -> bool:
    """Whether the font has a letter for every character: it draws the same box for all that it hasn't.

    >>> drawable("Größe & C++"), drawable("機械学習")
    (True, False)
    """
    missing = bytes(_font(SMALL).getmask("\U0010fffe"))
    return all(bytes(_font(SMALL).getmask(char)) != missing for char in set(text[:500]) if not char.isspace())
