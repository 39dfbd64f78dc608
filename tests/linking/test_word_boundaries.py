"""Tests of word boundaries in texts that are searched together: names are found at the edges, but not across texts."""

import pytest

from mlguide_site.content.load import load
from mlguide_site.linking.folding import BREAK
from mlguide_site.linking.names import NameTable

TABLE = NameTable.of(
    load(
        {"knowledge/glossary.yml": b"a: {term: Smoke point}\nb: {term: Oil}", "knowledge/tools.yml": b"c: {name: Wok}"}
    ).catalog
)


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        (f"One.{BREAK}Smoke point{BREAK}Oil", ["a", "b"]),
        (f"Wok{BREAK}smoke point", ["c", "a"]),
        (f"Smoke{BREAK}point", []),
        (f"The smoke {BREAK} point", []),
        ("Wok를 쓴다. 새Wok와", ["c", "c"]),
        ("用Wok炒", ["c"]),
    ],
)
def test_blocks_begin_and_end_names(text, slugs):
    assert [slug for found in TABLE.find(text) for _, slug in found.entries] == slugs
