"""Tests of reading structured notes as blocks of plain words."""

from mlguide_site.recovery.markdown import BODY, HEADING, ITEM, LABEL, PARAGRAPH, read_blocks

BODY_TEXT = """Intro with a [link](https://example.org/).
Still the intro.

## Looms & Frames

- **Floor Loom:** Heavy,
  and steady.
- *Inkle* loom
- Shuttle: Carries the weft
- This clause is much too long to be called a label: and so it is none
"""


def test_blocks() -> None:
    assert read_blocks(BODY_TEXT) == [
        (PARAGRAPH, "Intro with a link. Still the intro."),
        (HEADING, "Looms & Frames"),
        (LABEL, "Floor Loom:"),
        (BODY, "Heavy, and steady."),
        (ITEM, "Inkle loom"),
        (LABEL, "Shuttle:"),
        (BODY, "Carries the weft"),
        (ITEM, "This clause is much too long to be called a label: and so it is none"),
    ]
