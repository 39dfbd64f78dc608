"""Tests of the labelled list of suggestions: the list is valid, and the measured precision stays above its bound."""

import csv

import pytest

from benchmarks.suggest.measure import FIRST, JUDGED, PAGE, precision, proposals, read_judgements
from mlguide_site.editing.suggest.proposals import Proposal
from mlguide_site.model.records import Kind

LEAST = 0.85


def test_the_list_is_sorted_and_each_name_is_judged_once():
    with JUDGED.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = [row["name"] for row in rows]
    assert names == sorted(names, key=lambda name: (name.casefold(), name))
    assert len(read_judgements()) == len(names) >= 150
    assert {row["real"] for row in rows} == {"yes", "no"}
    assert {row["kind"] for row in rows} <= set(Kind)
    # only names, no sentences of the source
    assert all(len(name.split()) < 10 for name in names)


def test_what_nobody_judged_counts_as_wrong():
    found = [Proposal(name, Kind.TOOL, 1.0, 1, (), ()) for name in ("Good", "Bad", "New")]
    result = precision(found, {"good": True, "bad": False}, 3)
    assert (result.count, result.real, result.unjudged) == (3, 1, ("New",))


@pytest.mark.seeds
@pytest.mark.slow
def test_most_of_the_first_hundred_are_real():
    if not PAGE.exists():
        pytest.skip("the original sources are not beside the checkout")
    result = precision(proposals(), read_judgements())
    assert result.count == FIRST
    assert result.real >= LEAST * FIRST, result
