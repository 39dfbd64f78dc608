"""Tests of series that are added to `series.yml` as text: existing text is kept byte for byte."""

from collections.abc import Mapping

import pytest

from mlguide_site.errors import ContentError
from mlguide_site.importers import EntryDraft
from mlguide_site.merge.entries import EntryChange, add_entries

FIELDS = {"title": "Wood: and Glue", "home": "https://wood.example/", "promotion": ["Buy planks * today", "yes"]}
ENTRY = """wood:
  title: 'Wood: and Glue'
  home: https://wood.example/
  promotion:
    - Buy planks * today
    - 'yes'
"""
PATH = "knowledge/series.yml"
Keys = Mapping[str, tuple[str, ...]]


def add(text: str, fields: Mapping[str, object], keys: Keys | None = None) -> EntryChange:
    draft = EntryDraft("series", "wood", fields)
    return add_entries({PATH: text}, [("feed.xml", [draft])], {"series": keys or {}})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ENTRY),
        ("# head\n", f"# head\n\n{ENTRY}"),
        ("# head\n# more\n\n\n", f"# head\n# more\n\n{ENTRY}"),
        ("ash:\n  title: A\n", f"ash:\n  title: A\n\n{ENTRY}"),
        ("# head\n\n# of yew\nyew: {title: Y} # end", f"# head\n\n{ENTRY}\n# of yew\nyew: {{title: Y}} # end\n"),
        ("# head\nyew:\n  title: Y\n", f"# head\n\n{ENTRY}\nyew:\n  title: Y\n"),
        ("zoo:\n  title: Z\n\nash:\n  title: A\n# last\n", f"zoo:\n  title: Z\n\nash:\n  title: A\n# last\n\n{ENTRY}"),
        ("ash:\r\n  title: A\r\n", f"ash:\n  title: A\n\n{ENTRY}".replace("\n", "\r\n")),
    ],
)
def test_a_new_series_is_added_in_order(before: str, after: str) -> None:
    change = add(before, FIELDS)
    assert change.texts == {PATH: after}
    assert change.new == ("series wood",)
    assert change.written == {"series": {"wood": ("home", "promotion", "title")}}


def test_a_series_that_was_taken_out_stays_out() -> None:
    change = add("# head\n", FIELDS, {"wood": ("title",)})
    assert (change.texts, change.new, change.problems) == ({}, (), ())


def test_missing_keys_are_added_where_no_one_took_them_out() -> None:
    before = "wood:\n    # ours\n    title: Ours\n    promotion: []\n\n# foot\nyew:\n  title: Y\n"
    change = add(before, {**FIELDS, "feed": "https://wood.example/feed"}, {"wood": ("feed",)})
    assert change.texts[PATH] == before.replace(
        "    title: Ours\n", "    title: Ours\n    home: https://wood.example/\n"
    )
    assert change.written["series"]["wood"] == ("feed", "home")


def test_keys_are_put_at_the_end_of_an_entry() -> None:
    text = add("wood:\n  title: Ours\n  # a note\n\n# foot\nyew:\n  title: Y\n", FIELDS).texts[PATH]
    assert text.startswith(
        "wood:\n  title: Ours\n  home: https://wood.example/\n  promotion:\n    - Buy planks * today\n"
    )
    assert text.endswith("  # a note\n\n# foot\nyew:\n  title: Y\n")


@pytest.mark.parametrize("before", ["wood: {title: Ours}\n", "wood: {}\n", '{"wood": {"title": "Ours"}}\n'])
def test_what_cant_be_added_safely_is_a_hint(before: str) -> None:
    change = add(before, FIELDS)
    assert change.texts == {}
    assert "home: https://wood.example/" in change.problems[0].remedy


def test_a_new_series_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ContentError, match="add them by hand"):
        add('{"ash": {"title": "A"}}\n', FIELDS)


def test_promotion_stays_as_it_is() -> None:
    first = add("", FIELDS)
    text = first.texts[PATH].replace("    - 'yes'\n", "")
    change = add(text, {**FIELDS, "promotion": ["yes", "And a hammer."]}, first.written["series"])
    assert (change.texts, change.written) == ({}, first.written)
