"""What imports remember of what was renamed, under its new name."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.merge.records import ENTRIES_PATH, FILES_PATH, FOLDER


class Record(NamedTuple):
    """A file of `.mlguide/imported/`: its path and its bytes."""

    path: str
    data: bytes


def renamed_record(path: str, data: bytes, kind: str, old: str, new: str, moves: Mapping[str, str]) -> Record:
    """The record of an import as it is after a rename; the same where it says nothing of what was renamed.

    Hashes of fields stay: where a list of slugs changed it counts as a person's edit, which later imports keep.
    """
    if path == f"{FOLDER}/{old}.json" and kind == "episode":
        goal = next((goal for source, goal in moves.items() if source.endswith(f"/{old}.md")), "")
        value = _read(data, path)
        if isinstance(value, dict) and "series" in value and goal.count("/") == 2:
            value["series"] = goal.split("/")[1]
        return Record(f"{FOLDER}/{new}.json", _write(value))
    if path == FILES_PATH and kind == "episode":
        value = _read(data, path)
        if isinstance(value, dict):
            return Record(path, _write({moves.get(name, name): found for name, found in value.items()}))
    if path == ENTRIES_PATH and kind != "episode":
        value = _read(data, path)
        if isinstance(value, dict) and isinstance(value.get(kind), dict) and old in value[kind]:
            value[kind] = {new if slug == old else slug: found for slug, found in value[kind].items()}
            return Record(path, _write(value))
    return Record(path, data)


def _read(data: bytes, path: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        remedy = "take the file from an earlier commit, or remove it"
        raise ContentError([Problem(path, Span(), "not a record of an import", remedy)]) from None


def _write(value: Any) -> bytes:
    return (json.dumps(value, sort_keys=True, indent=1) + "\n").encode()
