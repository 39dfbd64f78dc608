"""Slips mended in the files: as text, each file read back and written whole."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

from mlguide_site.checks.vocabulary import Slip, find_slips
from mlguide_site.checks.vocabulary.slips import Where, without_blanks, yaml_of
from mlguide_site.content.codec import MAX_KNOWLEDGE, read_yaml
from mlguide_site.content.files import exclusive, resolve_inside, write_atomic
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.content.yaml_edit import Edit, edited, lines_with_ends, replaced, without_items
from mlguide_site.errors import ContentError

_ROUNDS = 4


class Mended(NamedTuple):
    """The files that change, by path, and the slips that are gone then."""

    files: Mapping[str, bytes]
    slips: tuple[Slip, ...]


def mend_root(root: Path) -> tuple[Slip, ...]:
    """Mend every slip of a root that can be mended safely; returns those that are gone. Raises ResourceError where the
    disk refuses."""
    with exclusive(root):
        files = read_root(root)
        mended = mend(files.texts)
        for path, data in sorted(mended.files.items()):
            write_atomic(resolve_inside(root, path), data)
    return mended.slips


def mend(texts: Mapping[str, bytes]) -> Mended:
    """The files of a root without their slips, by path. Mending may bring others to light: a slug corrected may then
    stand twice."""
    now = dict(texts)
    gone: list[Slip] = []
    for _ in range(_ROUNDS):
        slips = find_slips(now, load(now, drafts=True).catalog)
        changed = False
        for path in sorted({slip.problem.path for slip in slips}):
            mine = [slip for slip in slips if slip.problem.path == path]
            for group in ([slip for slip in mine if slip.where], [slip for slip in mine if not slip.where]):
                after = _mended(path, now[path], group) if group else None
                if after is not None and after != now[path]:
                    now[path] = after
                    gone += group
                    changed = True
        if not changed:
            break
    return Mended({path: data for path, data in now.items() if data != texts[path]}, tuple(gone))


def _mended(path: str, data: bytes, slips: Sequence[Slip]) -> bytes | None:
    """A file's bytes without some slips; None where that can't be done without harm."""
    text, before = yaml_of(path, data)
    located = read_yaml(text, path, limit=MAX_KNOWLEDGE)
    meant = deepcopy(located.value)
    edits: list[Edit] = []
    lists: dict[Where, list[int]] = {}
    for slip in slips:
        last = slip.where[-1] if slip.where else ""
        if slip.new is not None:
            edit = replaced(located.descend(slip.where)[-1][1], slip.new)
            if edit is None:
                return None
            edits.append(edit)
            _container(meant, slip.where)[last] = slip.new
        elif isinstance(last, int):
            lists.setdefault(slip.where[:-1], []).append(last)
    for where, gone in sorted(lists.items(), key=lambda item: str(item[0])):
        key, node = located.descend(where)[-1]
        found = without_items(text, key, node, gone) if key is not None else None
        if found is None:
            return None
        edits += found
        items = _container(meant, where)[where[-1]]
        kept = [item for at, item in enumerate(items) if at not in gone]
        if kept or not any(edit.whole for edit in found):
            _container(meant, where)[where[-1]] = kept
        else:
            del _container(meant, where)[where[-1]]
    changed = edited(text, edits) if edits else without_blanks(text)
    try:
        if read_yaml(changed, path).value != meant:
            return None
    except ContentError:
        return None
    return _put_back(data, before, text, changed)


def _container(values: Any, where: Where) -> Any:
    for step in where[:-1]:
        values = values[step]
    return values


def _put_back(data: bytes, before: int, text: str, changed: str) -> bytes | None:
    """A file with its YAML changed, and every other byte, line ends included, as it was; None where line ends of
    several kinds leave it open which a line has."""
    whole = data.decode("utf-8")
    if not before:
        return (whole[: len(whole) - len(text)] + changed).encode()
    lines = lines_with_ends(whole)
    count = text.count("\n") + 1
    ends = {line[len(line.rstrip("\r\n")) :] for line in lines[before : before + count]}
    if len(ends) != 1:
        return None
    (end,) = ends
    lines[before : before + count] = [f"{line}{end}" for line in changed.split("\n")]
    return "".join(lines).encode()
