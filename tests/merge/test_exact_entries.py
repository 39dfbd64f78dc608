"""Tests of entries that a source distinguishes: they stay separate, even with the same name or URL."""

from mlguide_site.importers import EntryDraft
from mlguide_site.merge.entries import add_entries

PATH = "knowledge/resources.yml"
WEEKS = tuple(
    EntryDraft("resource", slug, {"title": title, "urls": ["https://course.example/"]}, parent, 1, True)
    for slug, title, parent in [("course", "Course", ""), ("week", "Week", "course"), ("week-2", "week", "course")]
)


def test_drafts_with_slugs_of_their_own_are_not_joined() -> None:
    change = add_entries({}, [("a.opml", WEEKS)], {})
    assert change.new == ("resource course", "resource week", "resource week-2")
    again = add_entries(change.texts, [("a.opml", WEEKS)], change.written)
    assert (again.texts, again.new, again.changed) == ({}, (), ())


def test_what_the_root_has_is_still_found_by_its_address() -> None:
    text = "examples:\n  title: Lessons\n  urls: [https://www.course.example]\n"
    change = add_entries({PATH: text}, [("a.opml", WEEKS[:1])], {})
    assert (change.texts, change.new) == ({}, ())
