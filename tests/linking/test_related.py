"""Tests of related episodes and their reasons."""

import random

from mlguide_site.linking.rank_related import (
    MAX_BECAUSE,
    MAX_POSTINGS,
    MAX_RELATED,
    Related,
    RelatedEpisodes,
    is_common,
)
from mlguide_site.model.records import Kind


def tools(text):
    return [(Kind.TOOL, name) for name in text.split()]


def names(items):
    return [(item.id, [slug for _, slug in item.because]) for item in items]


def test_the_rarest_shared_entries_come_first():
    common = {f"z{n}": tools("x" if n < 5 else "") for n in range(20)}
    found = RelatedEpisodes({"a": tools("x y z"), "b": tools("x y"), "c": tools("z x y"), **common}, {})
    assert names(found["a"])[:2] == [("c", ["z", "y", "x"]), ("b", ["y", "x"])]


def test_topics_weigh_more_than_words():
    rare = {id: [(Kind.TERM, "word")] for id in "ab"}
    about = {id: [*rare.get(id, ()), (Kind.TOPIC, "bees")] for id in "ac"}
    found = RelatedEpisodes(rare | about | {f"z{n}": [] for n in range(9)}, {})
    assert found["a"] == (Related("c", ((Kind.TOPIC, "bees"),)), Related("b", ((Kind.TERM, "word"),)))


def test_references_count_either_way_and_need_no_shared_entry():
    found = RelatedEpisodes({"a": [], "b": tools("x"), "c": tools("x"), "d": []}, {"a": ["b", "nowhere", "a"]})
    assert found["a"] == (Related("b", ()),)
    assert names(found["b"]) == [("a", []), ("c", ["x"])]
    assert found["d"] == ()


def test_ties_go_to_the_nearer_then_to_the_earlier():
    found = RelatedEpisodes({id: tools("x") for id in "abcdefghij"} | {id: [] for id in "klmnopqrst"}, {})
    assert [item.id for item in found["e"]] == ["d", "f", "c", "g", "b", "h"]


def test_lists_are_bounded():
    entries = tools("p q r s t u")
    related = RelatedEpisodes({str(n): entries if n < 20 else [] for n in range(40)}, {})
    found = [related[str(n)] for n in range(40)]
    assert {len(items) for items in found if items} == {MAX_RELATED}
    assert {len(item.because) for items in found for item in items} == {MAX_BECAUSE}


def test_an_entry_of_very_many_episodes_relates_none_but_still_explains():
    crowd = {f"e{n:03}": tools("" if n % 3 else "many") for n in range(3 * MAX_POSTINGS + 3)}
    assert RelatedEpisodes(crowd, {})["e000"] == ()
    crowd |= {"x": tools("many rare"), "y": tools("many rare")}
    assert names(RelatedEpisodes(crowd, {})["x"]) == [("y", ["rare", "many"])]


def test_what_most_episodes_name_ties_none_and_is_no_reason():
    host = (Kind.PERSON, "host")
    found = RelatedEpisodes({id: [host, *tools("x" if id in "ab" else "")] for id in "abcd"} | {"e": []}, {"c": ["d"]})
    assert found["a"] == (Related("b", ((Kind.TOOL, "x"),)),)
    assert found["c"] == (Related("d", ()),)
    assert names(RelatedEpisodes({id: [host] for id in "abc"}, {})["a"]) == [("b", ["host"]), ("c", ["host"])]


def test_a_small_edit_elsewhere_changes_no_list():
    chance = random.Random(4)
    entries = {f"e{n:03}": tools(" ".join(chance.sample([f"t{k}" for k in range(40)], 5))) for n in range(100)}
    before = RelatedEpisodes(entries, {})
    edited = RelatedEpisodes(entries | {"e099": [*entries["e099"], (Kind.TOOL, "brand-new")]}, {})
    assert {id for id in entries if before[id] != edited[id]} <= {"e099"}


def test_is_common() -> None:
    assert is_common(3, 4)
    assert not is_common(2, 4)
    assert not is_common(3, 3)
