"""Tests of linked data: it expands without loss, describes the page, and can't escape its element."""

import json
from typing import Any

import pytest
from pyld import jsonld

from labels import Settings
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.publish.linked_data import _party, head, inert
from pages.builder import views
from publish.show import ADDRESS, HOSTILE, SETTINGS, SHOW
from publish.vocabulary import CONTEXT, SCHEMA


def heads(linked: LinkedCatalog, settings: Settings) -> dict[str, dict[str, str]]:
    """Return the values in the head of each page, by path."""
    return {view.path: dict(head(view, linked.catalog, settings)) for view in views(linked, settings)}


@pytest.fixture
def linked_data(show) -> dict[str, Any]:
    """The linked data of each page that has linked data, by path."""
    return {
        path: json.loads(found["linked_data"])
        for path, found in heads(show, SETTINGS).items()
        if "linked_data" in found
    }


def bundled(address: str, _options: object) -> dict[str, Any]:
    """Return the bundled context. Other contexts are not allowed."""
    assert address.rstrip("/") == SCHEMA.rstrip("/")
    return {"contextUrl": None, "documentUrl": address, "document": CONTEXT, "contentType": "application/ld+json"}


def keys(value: Any) -> list[str]:
    """Return all names in a value, without keywords."""
    if isinstance(value, list):
        return [key for item in value for key in keys(item)]
    if isinstance(value, dict):
        return [key for name, item in value.items() for key in ([] if name[0] == "@" else [name]) + keys(item)]
    return []


def test_all_of_it_expands_and_no_name_is_unknown(linked_data) -> None:
    assert len(linked_data) > 12
    for path, data in linked_data.items():
        expanded = jsonld.expand(data, {"documentLoader": bundled, "base": ADDRESS + path})
        assert expanded, path
        graph = data.get("@graph", [{name: value for name, value in data.items() if name != "@context"}])
        assert sorted(set(keys(expanded))) == sorted({SCHEMA + key for key in keys(graph)}), path
        types = [node["@type"][0] for node in expanded]
        assert all(type.startswith(SCHEMA) for type in types), path


def about(linked_data: dict[str, Any], path: str) -> dict[str, Any]:
    """Return the description of a page's subject."""
    data = linked_data[path]
    return data["@graph"][0] if "@graph" in data else data


@pytest.mark.parametrize(
    ("path", "type"),
    [
        ("index.md", "WebSite"),
        ("episodes/a/index.md", "PodcastSeries"),
        ("episodes/b/index.md", "Course"),
        ("episodes/a/a-001.md", "PodcastEpisode"),
        ("episodes/b/b-001.md", "LearningResource"),
        ("tools/winch.md", "SoftwareApplication"),
        ("resources/spans.md", "Book"),
        ("glossary/span.md", "DefinedTerm"),
        ("people/mo.md", "Person"),
        ("episodes/a/a-001/transcript.md", "BreadcrumbList"),
    ],
)
def test_a_page_is_told_as_what_it_is(linked_data, path: str, type: str) -> None:
    assert about(linked_data, path)["@type"] == type


def test_an_episode_tells_what_its_page_does(linked_data) -> None:
    assert about(linked_data, "episodes/a/a-001.md") == {
        "@type": "PodcastEpisode",
        "name": "Title of a-001",
        "description": "Why a long span hangs.",
        "mainEntityOfPage": f"{ADDRESS}episodes/a/a-001/",
        "datePublished": "2025-03-03",
        "episodeNumber": 1,
        "duration": "PT1865S",
        "inLanguage": "en",
        "associatedMedia": {
            "@type": "AudioObject",
            "contentUrl": "https://bridges.example/1.mp3",
            "encodingFormat": "audio/mpeg",
        },
        "contributor": {"@type": "Person", "name": "Mo Cable", "url": f"{ADDRESS}people/mo/"},
        "partOfSeries": {"@type": "PodcastSeries", "name": "Bridges", "url": f"{ADDRESS}episodes/a/"},
    }


def test_organisations_are_not_people(linked) -> None:
    people = "mo: {name: Mo Cable}\npier: {name: Pier Media}\nquay: {name: Quay, role: organisation}\n"
    front = "people: [{person: mo}, {person: pier}, {person: quay}]"
    texts = SHOW | {"knowledge/people.yml": people}
    texts["knowledge/series.yml"] = SHOW["knowledge/series.yml"].replace("Ada Span", "Bridge Studios")
    texts["a-001"] = f"{front}\n---\n\nText.\n"
    found = {path: json.loads(one.get("linked_data", "{}")) for path, one in heads(linked(texts), SETTINGS).items()}
    types = [one["@type"] for one in about(found, "episodes/a/a-001.md")["contributor"]]
    assert types == ["Person", "Organization", "Organization"]
    assert about(found, "people/quay.md")["@type"] == about(found, "people/pier.md")["@type"] == "Organization"
    assert about(found, "episodes/a/index.md")["author"]["@type"] == "Organization"


def test_breadcrumbs_lead_to_the_page(linked_data) -> None:
    trail = linked_data["tools/winch.md"]["@graph"][1]["itemListElement"]
    assert [(item["position"], item["name"]) for item in trail] == [(1, "Tools"), (2, "Lifting"), (3, "Winch")]
    assert trail[0]["item"] == f"{ADDRESS}tools/"


def test_a_cancelled_episode_is_told_by_its_breadcrumbs_alone(linked_data) -> None:
    assert linked_data["episodes/a/a-003.md"]["@type"] == "BreadcrumbList"


def test_without_an_address_of_the_site_addresses_are_relative_to_the_page(show) -> None:
    found = heads(show, Settings("S"))["episodes/a/a-001.md"]
    assert about({"": json.loads(found["linked_data"])}, "")["partOfSeries"]["url"] == "../../../episodes/a/"
    assert set(found) == {"linked_data"}


def test_cards_and_feeds_are_told_where_the_site_has_an_address(show) -> None:
    found = heads(show, SETTINGS)
    assert found["episodes/b/index.md"]["feed"] == "episodes/b/feed.xml"
    cards = {
        path: found[path]["card"].rpartition("/")[2] for path in ("index.md", "tools/winch.md", "episodes/a/a-001.md")
    }
    assert cards == {"index.md": "home.png", "tools/winch.md": "home.png", "episodes/a/a-001.md": "series-a.png"}


def test_hostile_words_cannot_end_the_element(show, linked_data) -> None:
    text = heads(show, SETTINGS)["episodes/b/b-002.md"]["linked_data"]
    assert not set("<>&\n") & set(text)
    assert about(linked_data, "episodes/b/b-002.md")["name"] == HOSTILE


def test_a_page_grows_by_less_than_a_kilobyte(show) -> None:
    for path, found in heads(show, SETTINGS).items():
        assert len("".join(found.values()).encode()) < 1000, path


def test_inert() -> None:
    assert inert({"a": "</script><!-- & \u2028"}) == '{"a":"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028"}'


def test_party() -> None:
    assert _party("Ada Plank", "host") == "Person"
    assert _party("Loom Media Ltd.") == "Organization"
    assert _party("Weft", "organisation") == "Organization"


def test_a_role_at_an_organisation_is_a_persons() -> None:
    roles = ("Professor at Stanford University", "founder of Acme Inc.", "CEO of the Mozilla Foundation")
    assert {_party("Ann Lee", role) for role in roles} == {"Person"}
