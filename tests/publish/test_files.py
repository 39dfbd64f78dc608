"""Tests of `llms.txt`, `robots.txt` and the schema of `catalog.json`."""

import json
import re
from dataclasses import replace
from typing import get_args

import pytest
from jsonschema import Draft202012Validator

from labels import Settings
from mlguide_site.model.base import SLUG_PATTERN
from mlguide_site.model.records import Difficulty, Importance, Pick, SeriesKind, Status
from mlguide_site.pages.facets import PRICES
from mlguide_site.publish.catalog import catalog_json
from mlguide_site.publish.machine_files import MOST_EPISODES, llms_txt, robots_txt
from pages.builder import make, own_page
from publish.show import ADDRESS, SETTINGS, published_files


@pytest.fixture
def validator(show) -> Draft202012Validator:
    """A validator for catalogs. It uses the published schema."""
    schema = json.loads(published_files(show, SETTINGS)["catalog.schema.json"])
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_the_catalog_holds_to_its_schema_and_no_field_is_untold(show, validator) -> None:
    catalog = json.loads(catalog_json(show, SETTINGS))
    assert [error.message for error in validator.iter_errors(catalog)] == []
    for name, entries in catalog.items():
        described = validator.schema["properties"][name]["items"]["properties"]
        assert entries, name
        assert all(entry.keys() == described.keys() - {"pages"} for entry in entries), name


@pytest.mark.parametrize("change", [{"duration": "31"}, {"status": "gone"}, {"topics": ["No Slug"]}, {"id": None}])
def test_the_schema_refuses_what_is_none(show, validator, change) -> None:
    catalog = json.loads(catalog_json(show, SETTINGS))
    catalog["episodes"][0] |= change
    assert not validator.is_valid(catalog)


def test_the_schema_has_the_values_of_the_model(validator) -> None:
    lists = validator.schema["properties"]

    def values(name: str, field: str) -> set[str]:
        known = lists[name]["items"]["properties"][field]
        return set(known.get("enum") or known["anyOf"][0]["enum"])

    assert validator.schema["$defs"]["slug"]["pattern"] == SLUG_PATTERN
    assert values("series", "kind") == set(SeriesKind)
    assert values("episodes", "status") == set(Status)
    models = {"importance": Importance, "difficulty": Difficulty, "price": PRICES, "pick": get_args(Pick)}
    for field, model in models.items():
        assert values("resources", field) == set(model)


LINKS = re.compile(r"^- \[(.+?)\]\((\S+?)\)(?:: .+)?$")


def sections(text: str) -> dict[str, list[str]]:
    """Return the lines in each section of an llms.txt. Fails if the file doesn't have the format's structure."""
    first, quote, *rest = text.split("\n\n")
    assert first.startswith("# ")
    assert quote.startswith("> ")
    found: dict[str, list[str]] = {}
    for heading, body in zip(rest[1::2], rest[2::2], strict=True):
        assert heading.startswith("## ")
        found[heading[3:]] = body.strip().split("\n")
    return found


def test_llms_txt_has_its_form_and_leads_to_twins(show) -> None:
    found = sections(llms_txt(show, SETTINGS).decode())
    assert list(found) == ["Series", "Episodes", "Topics", "Tools", "Indexes", "Optional"]
    for name, lines in found.items():
        for line in lines:
            matched = LINKS.match(line)
            assert matched, line
            assert matched[2].startswith(ADDRESS)
            assert name == "Optional" or matched[2].endswith("index.md")
    assert len(found["Episodes"]) == 5


def test_llms_txt_is_relative_without_an_address_and_names_files_without_folders(show) -> None:
    found = sections(llms_txt(show, Settings("S", directories=False)).decode())
    assert "- [Winch](tools/winch.md)" in found["Tools"]
    assert not any("feed.xml" in line for line in found["Optional"])


def test_llms_txt_names_no_page_that_mkdocs_leaves_out() -> None:
    base = make(
        {"series": {"a": {"title": "A"}}}, [own_page("plan/secret", title="S"), own_page("about", title="About")]
    )
    text = llms_txt(
        base.linked, Settings("S", left_out=((r"^plan/.*$", True), ("^about.md$", True), ("^about", False)))
    ).decode()
    assert sections(text)["Pages"] == ["- [About](about/index.md)"]


def test_llms_txt_names_no_index_that_is_empty(show) -> None:
    whole = sections(llms_txt(show, SETTINGS).decode())["Indexes"]
    catalog = replace(show.catalog, topics={}, terms={})
    found = sections(llms_txt(replace(show, catalog=catalog), SETTINGS).decode())["Indexes"]
    assert [line for line in whole if line not in found] == [
        line for line in whole if "/topics/" in line or "/glossary/" in line
    ]
    assert len(found) == len(whole) - 2


def test_llms_txt_has_a_limit(show) -> None:
    some = show.catalog.episodes["a-001"]
    many = {}
    for number in range(2000):
        id = f"a-{number:04}"
        many[id] = replace(some, meta=some.meta.model_copy(update={"id": id, "title": "T" * 400}))
    catalog = replace(show.catalog, episodes=many)
    text = llms_txt(replace(show, catalog=catalog), SETTINGS).decode()
    assert "Episodes" not in sections(text)
    assert "2000 episodes" in text
    assert len(text) < 40_000
    assert MOST_EPISODES < 2000


def test_robots_may_read_everything() -> None:
    assert robots_txt(Settings("S")) == b"User-agent: *\nAllow: /\n"
