"""Tests of the published lists of resources and terms: complete, in order, and with correct URLs."""

import json
from collections import Counter

from conftest import CHECKOUT
from labels import Settings
from mlguide_site.content.resources import read_wording
from mlguide_site.pages.facets import EPISODE_LIST
from mlguide_site.publish import machine_files
from mlguide_site.publish.machine_files import ENTRY_LISTS, RESOURCE_LIST, site_files
from pages.builder import ferns, make
from publish.show import published_files

TERMS = "glossary/index.json"


def read(base, **settings) -> dict:
    files = site_files(base.linked, Settings("Ferns", **settings))
    return {path: json.loads(files[path]()) for path in (RESOURCE_LIST, *ENTRY_LISTS.values()) if path in files}


def test_resources_are_found_by_all_names_of_their_topics():
    topics = {"soil": {"name": "Soil", "aliases": ["earth", "ERT"]}, "moss": {"name": "Moss"}}
    resources = {slug: {"title": slug, "topics": [slug]} for slug in topics}
    base = make({"topics": topics, "resources": resources, "series": {"s": {"title": "S"}}}, [])
    assert read(base)[RESOURCE_LIST]["topics"] == {"moss": "Moss", "soil": "Soil  earth  ERT"}


def test_resources_stand_in_the_order_of_the_tree():
    base = ferns(8)
    found = read(base)[RESOURCE_LIST]
    titles = [entry[1] for entry in found["resources"]]
    assert titles == ["A shelf of books", "On Mosses", "Spores at Home", "The Open Herbarium"]
    url, _, formats, importance, difficulty, price, _, _, _, parent, _, address, authors, count = found["resources"][1]
    assert (url, formats, importance, difficulty, price) == ("resources/mosses/", ["book"], "", "", "free")
    assert (found["resources"][parent][1], found["resources"][parent][10]) == ("A shelf of books", "ordered")
    assert (address, authors, count) == ("https://m.example/", [], 0)
    assert found["resources"][0][9] == -1
    assert found["labels"]["book"] == "book"
    german = Settings("Ferns", wording=read_wording(CHECKOUT, "de"))
    labels = json.loads(site_files(base.linked, german)[RESOURCE_LIST]())["labels"]
    assert (labels["book"], labels["hard"], labels["essential"]) == ("Buch", "schwer", "unerlässlich")
    assert "other" not in labels
    named = found["resources"][3][7]
    assert [found["episodes"][at] for at in named] == [
        ["episodes/fern/fern-002/", "FH 002", "About fern-002", "fern-002", 1]
    ]


def test_terms_stand_as_in_the_glossary():
    assert read(ferns(3))[TERMS] == [
        ["glossary/frond/", "Frond", [], [], ["A fern's leaf.", ""], 3, []],
        ["glossary/rhizome/", "Rhizome", ["RZ"], [], ["A stem below the ground.", ""], 3, []],
    ]
    assert read(ferns(3), directories=False)[TERMS][0][0] == "glossary/frond.html"


def test_tools_and_people_have_lists_with_formulas():
    tool = {"name": "Scale", "aliases": ["Balance"], "category": "Kitchen", "summary": "Weighs $m^2$ at once."}
    base = make({"tools": {"scale": tool}, "people": {"ada": {"name": "Ada", "role": "author"}}})
    (row,) = read(base)["tools/index.json"]
    assert row[:4] == ["tools/scale/", "Scale", ["Kitchen"], ["Balance"]]
    assert (row[4][0], "<msup>" in row[4][1], row[4][2], row[5]) == ("Weighs ", True, " at once.", 0)
    assert read(base)["people/index.json"] == [["people/ada/", "Ada", ["author"], [], ["", ""], 0, [], [[], []]]]


def test_episodes_are_listed_with_their_topics_the_latest_first(monkeypatch):
    base = ferns(3)
    found = json.loads(site_files(base.linked, Settings("Ferns"))[EPISODE_LIST]())
    assert [row[0] for row in found if row[0].startswith("episodes/fern/")] == [
        f"episodes/fern/fern-00{n}/" for n in (3, 2, 1)
    ]
    row = next(row for row in found if row[1] == "About fern-003")
    assert (row[2][0], row[3], "compost" in row[6]) == ("FH 003", ["The Fern Hour"], True)
    # the names of the episode's entries are searched too
    assert {"Frond", "Rhizome", "RZ"} <= set(row[4][2].split(", "))
    monkeypatch.setattr(machine_files, "NAMES", 2 * len(found))
    fewer = json.loads(site_files(base.linked, Settings("Ferns"))[EPISODE_LIST]())
    assert max(len(row[4][2].split(", ")) for row in fewer) == 2
    options = base.views["episodes/index.md"].subjects
    assert {slug: count for slug, _, count in options} == Counter(slug for row in found for slug in row[6])
    monkeypatch.setattr(machine_files, "FINDABLE", 2)
    assert EPISODE_LIST not in site_files(base.linked, Settings("Ferns"))


def test_nothing_gives_no_list():
    assert read(make({})) == {}
    assert not {RESOURCE_LIST, *ENTRY_LISTS.values(), "glossary.csv"} & set(
        published_files(make({}).linked, Settings("S"))
    )


def test_no_sign_of_a_tag_is_in_a_list():
    bad = "</script><b>x</b>"
    base = make({"glossary": {"a": {"term": bad, "definition": bad}}, "resources": {"r": {"title": bad}}})
    files = published_files(base.linked, Settings("S"))
    assert not any(b"<" in files[path] for path in (RESOURCE_LIST, TERMS))
    assert read(base)[TERMS][0][1] == bad
