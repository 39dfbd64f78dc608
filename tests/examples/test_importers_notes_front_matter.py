"""Examples of the functions in `mlguide_site.importers.notes.front_matter`."""

from mlguide_site.importers.notes.front_matter import head_order


def test_head_order() -> None:
    assert head_order(["---\ndate: 07/03/2024\n---", "+++\ndate = '07/25/2024'\n+++"]) is False
