"""Tests of the JSON Schemas for editors: they are generated from the models, and accept what the models accept."""

import json
from typing import get_args

import pytest
import yaml
from jsonschema import Draft202012Validator

from mlguide_site.content.knowledge import schema_files
from mlguide_site.content.validate import _named
from mlguide_site.importers.formats import IMPORTERS
from mlguide_site.model.records import SourceFormat


@pytest.mark.parametrize("name", sorted(schema_files()))
def test_shipped_schemas_are_current(name, checkout, golden):
    golden(checkout / "schemas" / name, schema_files()[name])


@pytest.mark.parametrize("name", sorted(schema_files()))
def test_schemas_are_schemas(name):
    Draft202012Validator.check_schema(json.loads(schema_files()[name]))


def errors(name: str, text: str) -> list[str]:
    schema = json.loads(schema_files()[f"{name}.schema.json"])
    return [error.message for error in Draft202012Validator(schema).iter_errors(yaml.safe_load(text))]


@pytest.mark.parametrize("name", ["series", "topics", "tools", "resources", "glossary", "people"])
def test_bundled_knowledge_holds_to_its_schema(name, checkout):
    assert errors(name, (checkout / "knowledge" / f"{name}.yml").read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tools", "docker: {name: Docker, homepge: x}"),
        ("tools", "Docker: {name: Docker}"),
        ("resources", "a: {title: A, children: {b: {titel: B}}}"),
        ("episode", "id: a-001"),
        ("episode", "{id: a-001, title: A, status: gone}"),
    ],
)
def test_faults_are_seen(name, text):
    assert errors(name, text)


def test_own_keys_are_allowed():
    assert errors("episode", "{id: a-001, title: A, x-mood: good, duration: '00:31:00', date: '2020-01-02'}") == []


def test_every_importer_is_a_source_format() -> None:
    assert {importer.name for importer in IMPORTERS} == set(get_args(SourceFormat))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ((), "the entry"),
        (("audio", "url"), '"audio.url"'),
        (("topics", 0), 'item 1 of "topics"'),
        (("links", 1, "url"), '"url" of item 2 of "links"'),
    ],
)
def test_messages_name_the_value(path: tuple[str | int, ...], name: str) -> None:
    assert _named(path) == name
