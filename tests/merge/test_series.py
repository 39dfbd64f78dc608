"""Series written into `series.yml` as text: what is there stays, byte for byte."""

import pytest

from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError, Severity
from mlguide_site.merge.entries import add_series
from mlguide_site.merge.records import SeriesRecord as Written
from mlguide_site.merge.records import value_hash

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
        ("# head\n\n# of yew\nyew: {title: Y} # end", f"# head\n\n{ENTRY}\n# of yew\nyew: {{title: Y}} # end\n"),
        ("# head\nyew:\n  title: Y\n", f"# head\n\n{ENTRY}\nyew:\n  title: Y\n"),
        ("zoo:\n  title: Z\n\nash:\n  title: A\n# last\n", f"zoo:\n  title: Z\n\nash:\n  title: A\n# last\n\n{ENTRY}"),
        ("ash:\r\n  title: A\r\n", f"ash:\n  title: A\n\n{ENTRY}".replace("\n", "\r\n")),
    ],
)
def test_a_new_series_is_added_in_order(before: str, after: str) -> None:
    change = add_series(before, {"wood": FIELDS}, {})
    assert change.text == after
    assert change.new == ("wood",)
    assert change.written == {"wood": Written(("home", "promotion", "title"), value_hash(FIELDS["promotion"]))}


def test_a_series_that_was_taken_out_stays_out() -> None:
    change = add_series("# head\n", {"wood": FIELDS}, {"wood": Written(("title",))})
    assert (change.text, change.new) == ("# head\n", ())
    [told] = change.problems
    assert (told.path, told.severity) == ("knowledge/series.yml", Severity.WARNING)
    assert told.message == 'the series "wood" was removed here, and is not written again'
    back = told.remedy.split('"')[1]
    again = add_series(f"# head\n{back}\n", {"wood": FIELDS}, {"wood": Written(("title",))})
    assert again.problems == ()
    assert read_yaml(back, "series.yml").value["wood"]["title"] == FIELDS["title"]


def test_missing_keys_are_added_where_no_one_took_them_out() -> None:
    before = "wood:\n    # ours\n    title: Ours\n    promotion: []\n\n# foot\nyew:\n  title: Y\n"
    change = add_series(before, {"wood": {**FIELDS, "feed": "https://wood.example/feed"}}, {"wood": Written(("feed",))})
    assert change.text == before.replace("    title: Ours\n", "    title: Ours\n    home: https://wood.example/\n")
    assert change.written["wood"].keys == ("feed", "home")


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


def test_promotion_that_only_imports_wrote_grows() -> None:
    first = add_series("# head\n", {"wood": FIELDS}, {})
    more = {**FIELDS, "promotion": ["yes", "And a hammer."]}
    second = add_series(f"{first.text}  # foot\n", {"wood": more}, first.written)
    assert second.text == f"{first.text}  # foot\n".replace("    - Buy", "    - And a hammer.\n    - Buy")
    assert add_series(second.text, {"wood": FIELDS}, second.written) == (second.text, (), second.written, ())


def test_promotion_that_a_person_changed_stays() -> None:
    first = add_series("", {"wood": FIELDS}, {})
    text = first.text.replace("    - 'yes'\n", "")
    change = add_series(text, {"wood": {**FIELDS, "promotion": ["yes", "And a hammer."]}}, first.written)
    assert (change.text, change.written) == (text, first.written)
