"""Tests of `catalog.json`, the stable contract with other programs."""

import json

from labels import Settings
from mlguide_site.publish import catalog
from mlguide_site.publish.catalog import catalog_files, catalog_json
from mlguide_site.publish.machine_files import addresses
from pages.builder import ferns

ROOT = {
    "knowledge/series.yml": "a: {title: Alpha, prefix: AL}",
    "knowledge/topics.yml": "boats: {name: Boats}",
    "knowledge/tools.yml": "docker: {name: Docker, aliases: [Moby], topics: [boats], homepage: 'https://d.example'}",
    "knowledge/resources.yml": "b: {title: A Book Here, urls: [{url: 'https://b.example', price: $}], "
    "format: [book, course]}",
    "knowledge/people.yml": "ada: {name: Ada Lovelace}",
    "a-001": "date: 2020-01-02 03:04:05\nduration: '00:30:00'\npeople: [{person: ada, role: guest}]\n---\n"
    "## Ships\n\nDocker carries boats.",
    "a-002": "requires: [a-001]\n---\nAL 1 said it. Ada Lovelace wrote A Book Here.",
}


def test_every_field_of_the_contract(linked):
    data = json.loads(catalog_json(linked(ROOT), Settings("T")))
    first, second = data["episodes"]
    assert list(data) == ["series", "episodes", "topics", "tools", "resources", "terms", "people"]
    assert first == {
        "id": "a-001",
        "series": "a",
        "number": 1,
        "season": None,
        "title": "Title of a-001",
        "date": "2020-01-02T03:04:05",
        "notes_as_of": None,
        "duration": 1800,
        "status": "published",
        "truncated": False,
        "summary": "",
        "url": "episodes/a/a-001/",
        "topics": ["boats"],
        "tools": ["docker"],
        "resources": [],
        "terms": [],
        "tags": [],
        "people": [{"slug": "ada", "role": "guest"}],
        "references": [],
        "referenced_by": ["a-002"],
        "related": first["related"],
        "requires": [],
    }
    assert (second["references"], second["requires"]) == (["a-001"], ["a-001"])
    assert second["people"] == [{"slug": "ada", "role": "mentioned"}]
    assert data["tools"] == [
        {
            "slug": "docker",
            "name": "Docker",
            "aliases": ["Moby"],
            "homepage": "https://d.example",
            "category": "Other",
            "url": "tools/docker/",
            "episodes": ["a-001"],
            "mentions": [{"episode": "a-001", "heading": "Ships", "text": "Docker carries boats."}],
        }
    ]
    assert data["resources"][0]["price"] == "$"
    assert (data["resources"][0]["format"], data["resources"][0]["formats"]) == ("book", ["book", "course"])
    assert data["topics"][0]["tools"] == ["docker"]
    assert data["series"] == [
        {"id": "a", "title": "Alpha", "kind": "podcast", "episodes": ["a-001", "a-002"], "missing": []}
    ]


def test_addresses_follow_the_engine(linked):
    data = json.loads(catalog_json(linked(ROOT), Settings("T", directories=False)))
    assert data["episodes"][0]["url"] == "episodes/a/a-001.html"


def test_a_large_catalog_is_in_parts(monkeypatch) -> None:
    """All parts together contain the same data as a single file."""
    base = ferns(8)
    whole = json.loads(catalog_files(base.linked, base.settings)["catalog.json"]())
    assert list(catalog_files(base.linked, base.settings)) == ["catalog.json"]
    monkeypatch.setattr(catalog, "PART", 4)
    made = {name: json.loads(make()) for name, make in catalog_files(base.linked, base.settings).items()}
    main = made.pop("catalog.json")
    assert main.pop("parts") == list(made) == ["catalog-1.json", "catalog-2.json", "catalog-3.json"]
    assert [len(part["episodes"]) for part in made.values()] == [4, 4, 2]
    assert main["episodes"] == [] and main["tools"][0]["mentions"] == []
    main["episodes"] = [episode for part in made.values() for episode in part["episodes"]]
    for at, tool in enumerate(main["tools"]):
        assert {part["tools"][at]["slug"] for part in made.values()} == {tool["slug"]}
        tool["mentions"] = [mention for part in made.values() for mention in part["tools"][at]["mentions"]]
    assert main == whole
    assert any(tool["mentions"] for tool in whole["tools"])


def test_addresses() -> None:
    assert addresses(["tools/docker/", "", "tools/a b/"]) == b"\ntools/a%20b/\ntools/docker/\n"


def test_records_are_one_item_a_line() -> None:
    lines = ["{", '"name": "a \\u003c b",', '"items": [', '{"id": 1},', '{"id": 2}', "],", '"none": []', "}", ""]
    assert (
        catalog.records_json({"name": "a < b", "items": [{"id": 1}, {"id": 2}], "none": []})
        == "\n".join(lines).encode()
    )
