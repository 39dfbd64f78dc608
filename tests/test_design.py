"""Tests of the design page: it lists each colour and size with its values, and text has enough contrast."""

import re

import pytest

from conftest import CHECKOUT

STYLES = CHECKOUT / "templates" / "assets" / "site.css"
PAGE = CHECKOUT / "DESIGN.md"
NAMED = re.compile(r"^\s*(?:\.(mg-hue\d) \{ )?--mg-([a-z-]+): (.+?);?(?: \})?$", re.M)
PAIR = re.compile(r"light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\)")
ROW = re.compile(r"^\| `(.+?)` \| (.*?) \| (.*?) \| (.+?) \|$", re.M)
LONGEST = 60


def named() -> dict[str, tuple[str, str]]:
    """Return the light and the dark value of each name in the style sheet. A single value is used for both."""
    head = STYLES.read_text("utf-8").partition("/* Material's names */")[0]
    found = {}
    for hue, name, value in NAMED.findall(head):
        pair = PAIR.fullmatch(value)
        shown = value if len(value) <= LONGEST else value[:LONGEST].rpartition(",")[0] + " …"
        key = f"--mg-{name} .{hue}" if hue else f"--mg-{name}"
        found[key] = (pair[1], pair[2]) if pair else (shown, shown)
    return found


def test_the_page_names_each_with_its_values(golden) -> None:
    text = PAGE.read_text("utf-8")
    uses = {name: use for name, _, _, use in ROW.findall(text)}
    before = text.partition("| --- |")[0] + "| --- | --- | --- | --- |\n"
    rows = []
    for name, (light, dark) in named().items():
        shown = [f"`{value}`" if "url(" not in value else "a picture" for value in (light, dark)]
        rows.append(
            f"| `{name}` | {shown[0]} | {shown[1] if dark != light else 'the same'} | {uses.get(name, '?')} |\n"
        )
    golden(PAGE, before + "".join(rows))
    assert "?" not in uses.values(), "say in DESIGN.md what each name is for"


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


ON = {
    "paper": ("ink", "soft", "pine", "ember", "series"),
    "card": ("ink", "soft", "pine", "ember", "series"),
    "mist": ("ink", "soft", "pine"),
    "dawn": ("ink",),
    "night": ("moon", "amber"),
}
READ = [(words, ground) for ground, names in ON.items() for words in names]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), READ)
def test_words_can_be_read_on_what_they_stand_on(words, ground, scheme) -> None:
    values = named()
    colours = [pair for name, pair in values.items() if name.split()[0] == f"--mg-{words}"]
    assert colours
    for pair in colours:
        assert contrast(pair[scheme], values[f"--mg-{ground}"][scheme]) >= 4.5, (pair, ground)
