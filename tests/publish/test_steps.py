"""Tests of the learning path for browsers: each episode occurs once, after its prerequisites, with its URL."""

import json

from mlguide_site.publish.machine_files import STEPS, site_files
from pages.builder import ferns, make, note


def test_steps_follow_the_path():
    base = ferns(8)
    rows = json.loads(site_files(base.linked, base.settings)[STEPS]())
    assert [row[0] for row in rows] == list(base.site.path)
    assert "talk-002" not in {row[0] for row in rows}
    at = {row[0]: place for place, row in enumerate(rows)}
    assert all(at[need] < at[row[0]] for row in rows for need in row[4])
    assert rows[at["talk-001"]] == [
        "talk-001",
        "Garden Talks · Lecture 1",
        "About talk-001",
        "episodes/talk/talk-001/",
        ["fern-001"],
        [],
        base.site.rank["talk-001"],
        base.site.stages["talk-001"],
    ]


def test_steps_tell_the_order_of_a_series():
    dates = {"fern-zest": "2020-01-01", "fern-apex": "2020-01-02"}
    base = make({"series": {"fern": {"title": "Ferns"}}}, [note(id, date=day) for id, day in dates.items()])
    rows = json.loads(site_files(base.linked, base.settings)[STEPS]())
    assert [row[0] for row in sorted(rows, key=lambda row: row[6])] == list(dates)


def test_addresses_are_those_of_the_site():
    base = ferns(2, directories=False)
    rows = json.loads(site_files(base.linked, base.settings)[STEPS]())
    assert rows[0][3] == "episodes/fern/fern-001.html"


def test_an_empty_root_has_an_empty_path():
    base = make({})
    assert site_files(base.linked, base.settings)[STEPS]() == b"[]\n"
