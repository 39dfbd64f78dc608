"""The records of imports on disk: read, and changed where a person confirms what an import was not sure of."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mlguide_site.content.codec import decode, split_front_matter
from mlguide_site.content.files import exclusive, read_bytes, resolve_inside, write_atomic
from mlguide_site.errors import UsageError
from mlguide_site.merge.base import FOLDER, Base, dump_base, load_base
from mlguide_site.merge.doubts import settled
from mlguide_site.merge.entry_record import PATH as ENTRIES_PATH
from mlguide_site.merge.sidecars import PATH as FILES_PATH
from mlguide_site.merge.written import PATH as WRITTEN_PATH

_OTHERS = frozenset({WRITTEN_PATH, ENTRIES_PATH, FILES_PATH})
_PLACE = re.compile(
    r"(?:\./)?(?P<path>episodes/[^/:]{1,200}/(?P<id>[^/:]{1,200})\.md)(?::(?P<line>[0-9]{1,7}))?(?::[0-9]{1,7})?:?"
)


def files_at(root: Path, folder: str, depth: int, suffix: str) -> list[Path]:
    """Files of a kind at a depth below a folder, sorted; links and dot files are passed over."""
    found = [root / folder]
    for _ in range(depth):
        found = [
            p
            for base in found
            if base.is_dir() and not base.is_symlink()
            for p in sorted(base.iterdir())
            if not p.name.startswith(".")
        ]
    return [path for path in found if path.suffix == suffix and path.is_file() and not path.is_symlink()]


def read_records(root: Path) -> dict[str, Base]:
    """The records of a root's episodes by id. Raises ContentError where one of them is none."""
    found = {}
    for path in files_at(root, FOLDER, 1, ".json"):
        relative = path.relative_to(root).as_posix()
        if relative not in _OTHERS:
            found[path.stem] = load_base(read_bytes(path), relative)
    return found


def confirm(root: Path, places: Sequence[str]) -> int:
    """Settle what imports were not sure of, in places such as `episodes/mla/mla-012.md` (all of it) or, with a line
    behind it, `episodes/mla/mla-012.md:14`; how many lines were settled.

    Raises UsageError for a place where nothing is in doubt; then nothing is written.
    """
    with exclusive(root):
        records = read_records(root)
        changed: dict[str, Base] = {}
        count = 0
        for place in places:
            found = _PLACE.fullmatch(place.replace("\\", "/"))
            if found is None:
                raise UsageError(f"{place}: name a note of the root, and a line, as in episodes/mla/mla-012.md:14")
            id, path = found["id"], resolve_inside(root, found["path"])
            base = changed.get(id) or records.get(id)
            if base is None or base.body is None or not path.is_file():
                raise UsageError(f"{place}: no import has written such notes; see what mlguide check prints")
            parts = split_front_matter(decode(read_bytes(path), found["path"]), found["path"])
            body = settled(parts.body, base.body, int(found["line"]) - parts.body_line if found["line"] else None)
            if body is None:
                raise UsageError(f"{place}: nothing is in doubt here; see what mlguide check prints")
            count += len(body.settled - base.body.settled)
            changed[id] = replace(base, body=body)
        for id, base in sorted(changed.items()):
            write_atomic(resolve_inside(root, f"{FOLDER}/{id}.json"), dump_base(base))
    return count
