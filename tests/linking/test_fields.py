"""Tests of names that are everyday words, in small roots on other subjects. Expected links are marked ⟦…⟧."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.linking.mentions import scan
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import ReferenceTable
from mlguide_site.markdown.parse_and_sanitise import parse

FIELDS = Path(__file__).parent / "fields"
MARK = re.compile("⟦([^⟧]+)⟧")


class Score(NamedTuple):
    """The places that are linked correctly or wrongly, and the missed places, each with its context."""

    right: list[str]
    wrong: list[str]
    missed: list[str]

    @property
    def precision(self) -> float:
        return len(self.right) / (len(self.right) + len(self.wrong))

    @property
    def recall(self) -> float:
        return len(self.right) / (len(self.right) + len(self.missed))


def marked(text: str) -> tuple[str, set[tuple[int, int]]]:
    """Return a text without its marks, and the marked places."""
    places: set[tuple[int, int]] = set()
    removed = 0
    for found in MARK.finditer(text):
        start = found.start() - removed
        places.add((start, start + len(found[1])))
        removed += 2
    return MARK.sub(r"\1", text), places


def score(root: Path) -> Score:
    files = read_root(root)
    catalog = load(files.texts, files.assets).catalog
    names, references = NameTable.of(catalog), ReferenceTable.of(catalog)
    result = Score([], [], [])
    for id, file in catalog.episodes.items():
        expected = [marked(block.text) for block in parse(file.body, file.meta.title).blocks]
        document = parse(MARK.sub(r"\1", file.body), file.meta.title)
        assert [block.text for block in document.blocks] == [text for text, _ in expected]
        found: dict[int, set[tuple[int, int]]] = {}
        for mention in scan(document, names, references, file.meta).mentions:
            segment = document.segments[mention.segment]
            place = (segment.offset + mention.start, segment.offset + mention.end)
            found.setdefault(segment.block, set()).add(place)
        for number, (text, places) in enumerate(expected):
            here = found.get(number, set())
            for group, those in (
                (result.right, here & places),
                (result.wrong, here - places),
                (result.missed, places - here),
            ):
                for start, end in sorted(those):
                    around = f"{text[max(0, start - 50) : start]}[{text[start:end]}]{text[end : end + 40]}"
                    group.append(f"{id}: " + " ".join(around.split()))
    return result


@pytest.mark.parametrize("field", ["gardening", "running"])
def test_everyday_names_of_other_fields(field: str) -> None:
    result = score(FIELDS / field)
    assert result.recall >= 0.98, "\n".join(result.missed)
    assert result.precision >= 0.9, "\n".join(result.wrong)


@pytest.mark.parametrize("field", ["gardening", "running"])
def test_at_most_a_third_of_the_entries_have_rules(field: str) -> None:
    catalog = load(read_root(FIELDS / field).texts).catalog
    table = NameTable.of(catalog)
    assert len([entry for entry in table.named if entry.rules]) * 3 <= len(table.named)
