"""Changes the slug of an entry or the id of an episode in all files. A failed rename changes nothing."""

import codecs
import contextlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from posixpath import basename, dirname, join, normpath, relpath
from typing import Any
from urllib.parse import unquote

import yaml

from mlguide_site.checks.catalog import check_catalog
from mlguide_site.content.files import change_files, decode, exclusive, has_lone_returns, resolve_inside
from mlguide_site.content.front_matter import read_front_matter, set_field
from mlguide_site.content.knowledge import NAMING, PATHS
from mlguide_site.content.load import Loaded, load
from mlguide_site.content.root import RootFiles, read_root
from mlguide_site.content.yaml_edit import CHILDREN, Addition, add_all, dump_value, flat_entries, set_slug
from mlguide_site.content.yaml_read import place_of, read_yaml
from mlguide_site.errors import ContentError, Problem, Severity, UsageError, content_error, counted, suggestion
from mlguide_site.markdown.fences import fenced
from mlguide_site.merge.records import ENTRIES_PATH, FILES_PATH, FOLDER, Records, dump_record, read_records
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import Episode, Kind
from mlguide_site.model.slugs import KIND_FOLDERS, PAGES, id_suggestion, is_slug, series_of

EPISODE, FORMER = "episode", "former"
_IMAGE = "image"
NOTE_USES: Mapping[str, str] = {**NAMING[EPISODE], "person": "person", "image": _IMAGE}
"""Maps each front matter field that contains slugs, ids or images to the kind of record that they name, or `_IMAGE`."""
USES: Mapping[str, Mapping[str, str]] = {
    PATHS[kind]: {**own, "cover": _IMAGE} if kind == "series" else own
    for kind, own in NAMING.items()
    if kind != EPISODE
}
"""For each knowledge file, maps each such field to the kind of record, or to `_IMAGE`."""
_ORDER = list(Episode.model_fields)
_ADDRESS = re.compile(
    r"((?:\]\(|^\s{0,3}\[(?!\^)[^\]]{1,200}\]:)\s*<?)(?!(?i:[a-z][a-z0-9+.-]*:)|//)"
    r"((?<=<)[^<>]+|(?:[^\s()<>[\]]|\([^\s()<>]*\))+)"
)
"""Matches the start of a link or definition, and its address. Addresses with a host don't match."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned rename. `kind` is the kind of the record, such as `tool`. All paths are relative to the root."""

    kind: str
    old: str
    new: str
    writes: Mapping[str, bytes]  # the changed files, by new path
    moves: Mapping[str, str]  # the new paths of moved files, by old path
    uses: Mapping[str, int]  # the number of changed fields and links, by old path

    @property
    def removes(self) -> list[str]:
        """The old paths of the files that are both moved and changed."""
        return [path for path, goal in self.moves.items() if goal in self.writes]


@dataclass(frozen=True, slots=True)
class _Change:
    """What a rename changes in other files. `stems` maps each old path without its suffix to the new one. `files`
    contains the paths of all files before the rename. See `Plan` for the other fields."""

    kind: str
    old: str
    new: str
    moves: Mapping[str, str]
    stems: Mapping[str, str]
    files: frozenset[str]

    @property
    def leaves_series(self) -> bool:
        """Whether an episode moves to the folder of another series."""
        return any(dirname(old) != dirname(new) for old, new in self.stems.items())

    def has_image(self, name: str) -> bool:
        """Return whether an image beside notes is a file of the renamed episode."""
        return self.kind == EPISODE and name.startswith((f"{self.old}.", f"{self.old}/"))

    def target_after(self, path: str) -> str:
        """Return the path of a link's target after the rename."""
        stems = (old for old in self.stems if path.startswith((f"{old}.", f"{old}/")))
        return next((self.stems[old] + path.removeprefix(old) for old in stems), path)


def uses_of(node: yaml.Node | None, kinds: Mapping[str, str], field: str = "") -> Iterator[tuple[str, yaml.ScalarNode]]:
    """Yield (kind of record, YAML node) for each slug or id in a mapping. `kinds` maps fields to kinds of record."""
    if isinstance(node, yaml.ScalarNode) and field in kinds:
        yield kinds[field], node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from uses_of(item, kinds, field)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from uses_of(value, kinds, key.value)


def former_after(former: Sequence[str], old: str, new: str) -> list[str]:
    """Return the former names of a record after a rename from `old` to `new`."""
    return [name for name in dict.fromkeys([*former, old]) if name != new]


def find_target(catalog: Catalog, name: str) -> tuple[str, str]:
    """Return the kind and slug of the only record with a name: an id, a slug or `kind:slug`. Raises UsageError."""
    tables = {EPISODE: catalog.episodes, **{kind.value: catalog.entries(kind) for kind in Kind}}
    kind, _, slug = name.rpartition(":")
    found = [(one, slug) for one, table in tables.items() if slug in table and kind in ("", one)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f'"{name}" is ambiguous; write one of: {", ".join(map(":".join, found))}')
    if kind == "series" or slug in catalog.series:
        # the slug of a series is part of ids, addresses, file names and import records
        remedy = "rename the episodes one by one, or change the title of the series in knowledge/series.yml"
        raise UsageError(f'"{name}" is a series, and a series can\'t be renamed; {remedy}')
    if kind and kind not in tables:
        raise UsageError(f'unknown kind "{kind}"; {suggestion(kind, list(tables))}')
    if slug in catalog.broken:
        raise UsageError(f'"{slug}" has an error; run: mlguide check, and correct it first')
    known = sorted({slug for one, table in tables.items() if kind in ("", one) for slug in table})
    near = id_suggestion(slug, list(catalog.episodes), suggestion(slug, known, "look in knowledge/ and episodes/"))
    raise UsageError(f'no {kind or "entry or episode"} "{slug}"; {near}')


def plan_rename(files: RootFiles, records: Records, kind: str, old: str, new: str) -> Plan:
    """Plan a rename in all files and import records of a root. Raises UsageError if `new` is invalid or in use. Raises
    ContentError if a file can't be changed, or if the rename would cause an error."""
    if not is_slug(new):
        raise UsageError(f'"{new}" can\'t be a slug; use at most 64 lower-case letters, digits and hyphens')
    if new == old:
        raise UsageError(f'the {kind} is already called "{new}"; choose another name')
    before = load(files.texts, files.assets, drafts=True)
    catalog = before.catalog
    moves = _moves(files, catalog, old, new) if kind == EPISODE else {}
    own_path = catalog.episodes[old].path if kind == EPISODE else PATHS[kind]
    stems = {f"{PAGES}{KIND_FOLDERS[kind]}/{old}": f"{PAGES}{KIND_FOLDERS[kind]}/{new}"}
    if kind == EPISODE:
        stem, new_stem = own_path.removesuffix(".md"), moves[own_path].removesuffix(".md")
        stems = {stem: new_stem, PAGES + stem: PAGES + new_stem}
    change = _Change(kind, old, new, moves, stems, files.assets | files.texts.keys())
    texts: dict[str, str] = {}
    uses: dict[str, int] = {}
    for path, data in sorted(files.texts.items()):
        if old.encode() in data and (path.endswith(".md") or path in {own_path, *USES}):
            text = decode(data, path)
            if has_lone_returns(text):
                raise _refusal(path, "a line ends in a carriage return alone")
            texts[path], uses[path] = _with_uses(text, path, change)
    if kind == EPISODE:
        texts[own_path] = _with_id(texts[own_path], catalog.episodes[old].meta, old, new)
    else:
        texts[own_path] = _with_key(texts[own_path], own_path, catalog, kind, old, new)
    # remove the new name from the former names of all records, because it is now the name of the renamed record
    former = {id: (file.path, file.meta.former) for id, file in catalog.episodes.items()}
    if kind != EPISODE:
        former = {slug: (own_path, entry.former) for slug, entry in catalog.entries(Kind(kind)).items()}
    for slug, (path, names) in former.items():
        if new in names and slug != old:
            text, left = texts.get(path) or decode(files.texts[path], path), [name for name in names if name != new]
            is_note = kind == EPISODE
            texts[path] = set_field(text, FORMER, left or None) if is_note else _with_former(text, path, slug, left)
    writes: dict[str, bytes] = {}
    for path, text in texts.items():
        bom = codecs.BOM_UTF8 if files.texts[path].startswith(codecs.BOM_UTF8) else b""
        if bom + text.encode() != files.texts[path]:
            writes[moves.get(path, path)] = bom + text.encode()
    after = {moves.get(path, path): data for path, data in files.texts.items()} | writes
    assets = frozenset(moves.get(path, path) for path in files.assets)
    # an error that was there before may be in another place now
    known = Counter((moves.get(one.path, one.path), one.message) for one in _errors(before))
    found = sorted(_errors(load(after, assets, drafts=True)))
    known.subtract((one.path, one.message) for one in found)
    if new_errors := [one for one in found if known[one.path, one.message] < 0]:
        raise ContentError(new_errors)
    writes |= _changed_records(records, kind, old, new, moves)
    return Plan(kind, old, new, writes, moves, {path: count for path, count in uses.items() if count})


def _refusal(path: str, what: str) -> ContentError:
    return content_error(path, what, "change the file by hand, then run mlguide check")


def _moves(files: RootFiles, catalog: Catalog, old: str, new: str) -> dict[str, str]:
    """Return the new paths of an episode's note and files, by old path."""
    file = catalog.episodes[old]
    series = next(series_of(new, catalog.series), "")
    if not series:
        known = ", ".join(catalog.series)
        raise UsageError(f'"{new}" belongs to no series; begin the id with a series slug and a hyphen ({known})')
    if new in catalog.episodes:
        raise UsageError(f'the episode "{new}" already exists; choose another id')
    own = f"episodes/{file.series}/{old}"
    if file.path != f"{own}.md":
        raise _refusal(file.path, "the file name of the note is not the id of the episode")
    paths = sorted(path for path in {*files.assets, *files.texts} if path.startswith((f"{own}.", f"{own}/")))
    return {path: f"episodes/{series}/{new}{path.removeprefix(own)}" for path in paths}


def _with_id(text: str, meta: Episode, old: str, new: str) -> str:
    text = set_field(text, "id", new, _ORDER)
    return set_field(text, FORMER, former_after(meta.former, old, new) or None, _ORDER)


def _with_key(text: str, path: str, catalog: Catalog, kind: str, old: str, new: str) -> str:
    entries = catalog.entries(Kind(kind))
    if new in entries:
        place, span = catalog.places[kind, new]
        remedy = f'choose another slug; or to join them, move what you need from "{old}" to "{new}", and'
        remedy += f' add "former: [{old}]" there'
        raise UsageError(f'the {kind} "{new}" already exists ({place}:{span.line}); {remedy}')
    located, lines = read_yaml(text, path), text.split("\n")
    where = next(where for slug, _, where in flat_entries(located.value) if slug == old)
    if not set_slug(lines, located.find_key(where), old, new):
        raise _refusal(path, f'the key "{old}" can\'t be changed safely')
    return _with_former("\n".join(lines), path, new, former_after(entries[old].former, old, new))


def _with_former(text: str, path: str, slug: str, former: Sequence[str]) -> str:
    located, lines = read_yaml(text, path), text.split("\n")
    where, values = next((where, values) for one, values, where in flat_entries(located.value) if one == slug)
    entry = located.descend(where)[-1][1]
    if isinstance(entry, yaml.MappingNode) and entry.flow_style and entry.start_mark.line == entry.end_mark.line:
        line, start, end = entry.start_mark.line, entry.start_mark.column, entry.end_mark.column
        lines[line] = lines[line][:start] + dump_value({**values, FORMER: former}) + lines[line][end:]
        return "\n".join(lines)
    text, failed = add_all(text, [Addition(where, {FORMER: former}, (FORMER, CHILDREN), replace=True)], path)
    if failed:
        raise _refusal(path, f'the field "{FORMER}" of "{slug}" can\'t be changed safely')
    return text


def _with_uses(text: str, path: str, change: _Change) -> tuple[str, int]:
    """Update a file's fields and links. Return the new text and the number of changes."""
    lines, old, new = text.split("\n"), change.old, change.new
    if path.endswith(".md"):
        parts, located = read_front_matter(text, path)
        kinds, first, body_line = NOTE_USES, parts.yaml_line, parts.body_line
    else:
        located, kinds, first, body_line = read_yaml(text, path), USES.get(path, {}), 1, 1
    count = 0
    # change the last use first, so that earlier positions stay valid
    for kind, node in reversed([*uses_of(located.descend(())[0][1], kinds)]):
        is_image = kind == _IMAGE and change.has_image(node.value)
        if is_image or (kind, node.value) == (change.kind, old):
            place = place_of(node.start_mark, first)
            if is_image and change.leaves_series and path not in change.moves:
                message = f'the image "{node.value}" would be in the folder of another series'
                raise content_error(path, message, "use another image here, then rename the episode", place)
            if not set_slug(lines, place, old, new):
                raise _refusal(path, f'the uses of "{old}" can\'t be changed safely')
            count += 1
    # in knowledge files, guides contain links
    for at in (at for at, is_code in enumerate(fenced(lines[body_line - 1 :]), body_line - 1) if not is_code):
        changed = _with_links(lines[at], path, change)
        count += changed != lines[at]
        lines[at] = changed
    return "\n".join(lines), count


def _with_links(line: str, path: str, change: _Change) -> str:
    """Update the links in a line of the file `path`."""
    line = _ADDRESS.sub(lambda found: found[1] + _new_address(found[2], path, change), line)
    folder = f"{KIND_FOLDERS[change.kind]}/" if change.kind != EPISODE else ""
    return re.sub(rf"(?<=\[\[{re.escape(folder)}){re.escape(change.old)}(?=\]\]|\|)", change.new, line)


def _new_address(address: str, path: str, change: _Change) -> str:
    """Return a relative address in the file `path` after a rename. It changes if its target or the file itself moves,
    or if it names the renamed note, because a link to a note is valid in every folder."""
    paths = path, change.moves.get(path, path)
    before, after = (dirname(PAGES if one.startswith("knowledge/") else one) for one in paths)
    name, rest = re.split("(?=[#?]|$)", address, maxsplit=1)
    renamed = re.sub(rf"(?<![^/]){re.escape(change.old)}(?=[./])", change.new, name)
    target = normpath(join(before, name))
    goal, is_file = change.target_after(target), unquote(target) in change.files
    if goal != target or (before != after and is_file):
        # keep the form of the address if possible
        forms = (one for one in (name, renamed) if normpath(join(after, one)) == goal)
        return next(forms, relpath(goal, after)) + rest
    is_note = change.kind == EPISODE and basename(name) == f"{change.old}.md" and not is_file
    return renamed + rest if is_note else address


def _changed_records(records: Records, kind: str, old: str, new: str, moves: dict[str, str]) -> dict[str, bytes]:
    """Return the changed import records by path, and add the move of an episode's record to `moves`. Hashes of fields
    aren't changed, so that later imports treat a renamed slug as a person's edit."""
    if kind != EPISODE:
        own = records.entries.get(kind, {})
        entries = {**records.entries, kind: {new if slug == old else slug: names for slug, names in own.items()}}
        return {ENTRIES_PATH: dump_record(entries)} if old in own else {}
    note = next(path for path in moves if path.endswith(f"/{old}.md"))
    stem, new_stem = note.removesuffix(".md"), moves[note].removesuffix(".md")
    # the record of a missing file moves too, because the record shows that a person deleted the file
    moved = {path: hash for path, hash in records.files.items() if path.startswith((f"{stem}.", f"{stem}/"))}
    files = {path: hash for path, hash in records.files.items() if path not in moved}
    files |= {new_stem + path.removeprefix(stem): hash for path, hash in moved.items()}
    writes = {FILES_PATH: dump_record(files)} if moved else {}
    if base := records.bases.get(old):
        moves[f"{FOLDER}/{old}.json"] = f"{FOLDER}/{new}.json"
        writes[f"{FOLDER}/{new}.json"] = dump_record(replace(base, series=new_stem.split("/")[1]))
    return writes


def _errors(loaded: Loaded) -> set[Problem]:
    found = [*loaded.problems, *check_catalog(loaded.catalog)]
    return {problem for problem in found if problem.severity is Severity.ERROR}


def rename(root: Path, old: str, new: str, dry_run: bool = False) -> Plan:
    """Rename an entry (`docker` or `tool:docker`) or an episode (`mla-012`) in all files, and return the plan. With
    `dry_run`, nothing is written. Raises UsageError, ContentError or ResourceError without changing any file."""
    with contextlib.nullcontext() if dry_run else exclusive(root):
        files = read_root(root)
        kind, slug = find_target(load(files.texts, files.assets, drafts=True).catalog, old)
        plan = plan_rename(files, read_records(root), kind, slug, new)
        note = next((goal for goal in plan.moves.values() if goal.endswith(f"/{new}.md")), None)
        if note and (left := files_with_id(root, note.split("/")[1], new)):
            remedy = "move or remove them, or choose another id"
            if f"{FOLDER}/{new}.json" in left:
                remedy += " (without its import record, a deleted episode is imported again)"
            raise UsageError(f'another episode with the id "{new}" has left files: {", ".join(left)}; {remedy}')
        if not dry_run:
            moved = {path: goal for path, goal in plan.moves.items() if path not in plan.removes}
            change_files(root, {**plan.writes, **dict.fromkeys(plan.removes)}, moved, files.texts)
    return plan


def files_with_id(root: Path, series: str, id: str) -> list[str]:
    """Return the paths of the existing files that belong to an episode with an id: its note, the files beside the note,
    the contents of its folder, and its import record."""
    own = resolve_inside(root, f"episodes/{series}/{id}")
    found = [*own.parent.glob(f"{id}.*"), *own.glob("*")]
    paths = [f"{FOLDER}/{id}.json", *(path.relative_to(root).as_posix() for path in found)]
    return sorted(path for path in paths if resolve_inside(root, path).exists())


def report_lines(plan: Plan, dry_run: bool) -> list[str]:
    """Return a line about the rename, and a line for each moved or changed file."""
    would = "would be " if dry_run else ""
    renamed = f'{plan.kind} "{plan.old}" {would}renamed to "{plan.new}"'
    lines = [f"{renamed}; the old address redirects to the new one"]
    lines += [f"  {path} -> {goal}" for path, goal in plan.moves.items()]
    for path in plan.writes:
        if path not in plan.moves.values():
            count = plan.uses.get(path, 0)
            lines.append(f"  {path}" + (f": {counted(count, 'use')}" if count else ""))
    return lines


def report_values(plan: Plan) -> dict[str, Any]:
    """Return a plan as a JSON object."""
    files = {"written": sorted(plan.writes), "moved": dict(plan.moves), "removed": plan.removes}
    return {"kind": plan.kind, "old": plan.old, "new": plan.new, **files, "uses": dict(plan.uses)}
