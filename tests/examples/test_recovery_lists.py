"""Examples of the functions in `mlguide_site.recovery.lists`."""

from mlguide_site.recovery.lists import line_blocks, numbered_lists


def test_numbered_lists() -> None:
    assert [one.entries[0].start for one in numbered_lists("Tools: 1. Saw 2. Plane 3. File".split(), ())] == [1]


def test_line_blocks() -> None:
    assert [
        " ".join(block.words) for block in line_blocks(["We need: 1) rope 2) tape 3) glue", "At 9:00 we met."])
    ] == ["We need:", "1) rope", "2) tape", "3) glue", "At 9:00 we met."]
