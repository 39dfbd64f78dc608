"""Golden tests of importers: reading `<format>/<case>.in.<ext>` returns `<case>.expected.json`. Two new files are a new
case.

A file `<case>.context.json` beside them has the importer's context: `given` and `series`. A folder `<case>.files` has
the files of a source. A folder of notes is an empty `<case>.in.vault` with such files.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from mlguide_site.importers import (
    Context,
    Draft,
    EntryDraft,
    FileDraft,
    Item,
    KnownSeries,
    Source,
)
from mlguide_site.importers.formats import IMPORTERS
from mlguide_site.merge.drafts import check_draft
from mlguide_site.model.records import Series

HERE = Path(__file__).parent
CASES = sorted(path for folder in sorted(HERE.iterdir()) if folder.is_dir() for path in folder.glob("*.in.*"))


def stem(path: Path) -> str:
    return path.name.partition(".in.")[0]


def context_of(path: Path) -> Context:
    file = path.with_name(f"{stem(path)}.context.json")
    if not file.exists():
        return Context()
    given = json.loads(file.read_text("utf-8"))
    series = {
        id: KnownSeries(id, **{**fields, "promotion": tuple(fields["promotion"]) if "promotion" in fields else None})
        for id, fields in given.get("series", {}).items()
    }
    return Context(MappingProxyType(series), given.get("given", ""))


def files_of(path: Path) -> dict[str, bytes]:
    folder = path.with_name(f"{stem(path)}.files")
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def shown(item: Item) -> dict[str, Any]:
    if isinstance(item, Draft):
        names = ["series", "number", "season", "slug", "fields", "guid", "address", "enclosure", "line", "left_out"]
        found = {name: plain(getattr(item, name)) for name in names} | {"body": item.body.split("\n")}
        if item.unmatched:
            found["unmatched"] = item.unmatched
        if item.files:
            found["files"] = [{"suffix": file.suffix, "text": file.data.decode().split("\n")} for file in item.files]
        if item.note_links:
            found |= {"note_links": [list(lead) for lead in item.note_links]}
        return {"draft": found | ({"assets": [*item.assets]} if item.assets else {})}
    if isinstance(item, EntryDraft) and item.kind == "series":
        return {"series": item.slug, "fields": plain(item.fields)}
    if isinstance(item, EntryDraft):
        found = {"entry": f"{item.kind} {item.slug}", "fields": plain(item.fields), "line": item.line}
        return found | ({"parent": item.parent} if item.parent else {})
    if isinstance(item, FileDraft):
        names = ["suffix", "series", "number", "season", "title"]
        return {"file": {name: getattr(item, name) for name in names}, "text": item.data.decode().split("\n")}
    return {"problem": str(item), "severity": item.severity.value}


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{stem(path)}")
def test_case(path: Path, golden: Callable[[Path, str], None]) -> None:
    importer = next(one for one in IMPORTERS if one.name == path.parent.name)
    source = Source(path.name, path.read_bytes(), files=files_of(path))
    items = list(importer.items(source, context_of(path)))
    for item in items:
        if isinstance(item, Draft) and (not item.unmatched or item.title):
            assert check_draft(item, path.name) == (item, [])
        elif isinstance(item, EntryDraft) and item.kind == "series":
            Series.model_validate(item.fields)
    found = {
        "sniffed": [one.name for one in IMPORTERS if one.sniff(source)],
        "items": [shown(item) for item in items],
    }
    golden(path.with_name(f"{stem(path)}.expected.json"), json.dumps(found, indent=1, ensure_ascii=False) + "\n")


def test_every_expectation_is_used() -> None:
    wanted = {path.with_name(f"{stem(path)}.{end}.json") for path in CASES for end in ("expected", "context")}
    folders = [folder for folder in HERE.iterdir() if folder.is_dir()]
    assert [
        path for folder in folders for path in folder.glob("*.json") if path not in wanted and path not in CASES
    ] == []


def test_every_format_has_cases() -> None:
    assert {path.parent.name for path in CASES} == {importer.name for importer in IMPORTERS}
