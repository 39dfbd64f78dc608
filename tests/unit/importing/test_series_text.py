"""Series written into `series.yml` as text: what is there stays, byte for byte."""

import pytest

from mlguide_site.errors import ContentError
from mlguide_site.importing.series import add_series

FIELDS = {"title": "Wood: and Glue", "home": "https://wood.example/", "promotion": ["Buy planks * today", "yes"]}
ENTRY = """wood:
  title: 'Wood: and Glue'
  home: https://wood.example/
  promotion:
    - Buy planks * today
    - 'yes'
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ENTRY),
        ("# head\n", f"# head\n\n{ENTRY}"),
        ("# head\n# more\n\n\n", f"# head\n# more\n\n{ENTRY}"),
        ("ash:\n  title: A\n", f"ash:\n  title: A\n\n{ENTRY}"),
        ("# head\n\n# of yew\nyew: {title: Y} # end", f"# head\n\n{ENTRY}\n# of yew\nyew: {{title: Y}} # end"),
        ("# head\nyew:\n  title: Y\n", f"# head\n\n{ENTRY}\nyew:\n  title: Y\n"),
        ("zoo:\n  title: Z\n\nash:\n  title: A\n# last\n", f"zoo:\n  title: Z\n\nash:\n  title: A\n# last\n\n{ENTRY}"),
        ("ash:\r\n  title: A\r\n", f"ash:\n  title: A\n\n{ENTRY}".replace("\n", "\r\n")),
    ],
)
def test_a_new_series_is_added_in_order(before: str, after: str) -> None:
    change = add_series(before, {"wood": FIELDS}, {})
    assert change.text == after
    assert (change.new, dict(change.added)) == (("wood",), {"wood": ("title", "home", "promotion")})


def test_a_series_that_was_taken_out_stays_out() -> None:
    change = add_series("# head\n", {"wood": FIELDS}, {"wood": ["title"]})
    assert (change.text, change.new) == ("# head\n", ())


def test_missing_keys_are_added_where_no_one_took_them_out() -> None:
    before = "wood:\n    # ours\n    title: Ours\n    promotion: []\n\n# foot\nyew:\n  title: Y\n"
    change = add_series(before, {"wood": {**FIELDS, "feed": "https://wood.example/feed"}}, {"wood": ["feed"]})
    assert change.text == before.replace("    title: Ours\n", "    title: Ours\n    home: https://wood.example/\n")
    assert dict(change.added) == {"wood": ("home",)}


def test_keys_are_put_at_the_end_of_an_entry() -> None:
    before = "wood:\n  title: Ours\n  # a note\n\n# foot\nyew:\n  title: Y\n"
    change = add_series(before, {"wood": FIELDS}, {})
    assert change.text.startswith(
        "wood:\n  title: Ours\n  home: https://wood.example/\n  promotion:\n    - Buy planks * today\n"
    )
    assert change.text.endswith("  # a note\n\n# foot\nyew:\n  title: Y\n")


@pytest.mark.parametrize("before", ["wood: {title: Ours}\n", "wood: {}\n", '{"wood": {"title": "Ours"}}\n'])
def test_what_cant_be_added_safely_is_a_hint(before: str) -> None:
    change = add_series(before, {"wood": FIELDS}, {})
    assert change.text == before
    assert "home: https://wood.example/" in change.problems[0].remedy


def test_a_new_series_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ContentError, match="add it by hand"):
        add_series('{"ash": {"title": "A"}}\n', {"wood": FIELDS}, {})
