"""Renames an entry's slug or an episode's id, with every use of it: all changes or none."""

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from mlguide_site.checks.catalog import check_catalog
from mlguide_site.content.files import change_files, decode, exclusive, is_interrupted, read_bytes, resolve_inside
from mlguide_site.content.front_matter import set_field, split_front_matter
from mlguide_site.content.load import load
from mlguide_site.content.root import RootFiles, read_root
from mlguide_site.content.yaml_edit import CHILDREN, Addition, Edit, add_all, dump_value, edited, flat_entries, replaced
from mlguide_site.content.yaml_read import MAX_FRONT_MATTER, read_yaml
from mlguide_site.editing.scaffold import ENTRY_FILES
from mlguide_site.errors import ContentError, Problem, Severity, Span, UsageError, counted, suggestion
from mlguide_site.merge.records import ENTRIES_PATH, FILES_PATH, FOLDER, dump_record, load_record
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.schema import Episode, Kind
from mlguide_site.model.slugs import id_suggestion, is_slug, parse_id

EPISODE, NOTE, FORMER = "episode", "note", "former"
_TOPICS = {"topics": "topic"}
USES: Mapping[str, Mapping[str, str]] = {
    NOTE: {**_TOPICS, "tools": "tool", "resources": "resource", "person": "person", "requires": EPISODE},
    "topics": {"parent": "topic", "order": EPISODE},
    "tools": _TOPICS,
    "resources": {**_TOPICS, "episodes": EPISODE},
    "glossary": {**_TOPICS, "see": "term"},
    "people": {},
}
"""For front matter and each knowledge file: the fields that name something, and the kind of what they name."""
KNOWLEDGE_OF: Mapping[str, str] = {kind: file for kind, (file, _) in ENTRY_FILES.items() if kind != "series"}
_ORDER = list(Episode.model_fields)


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be renamed: its kind (`episode`, `tool` …) and its id or slug."""

    kind: str
    slug: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned rename: `writes` are files that change or are new, `moves` those that go elsewhere, `removes` those
    of them that go because what they become is among `writes`; all by path relative to the root. `uses` counts the
    places that name it, by the path that a file had."""

    target: Target
    new: str
    writes: Mapping[str, bytes]
    moves: Mapping[str, str]
    removes: tuple[str, ...]
    uses: Mapping[str, int]


def uses_of(node: yaml.Node | None, kinds: Mapping[str, str], field: str = "") -> Iterator[tuple[str, yaml.ScalarNode]]:
    """What the fields of front matter, or of a knowledge file, name, in order: kind and node of each."""
    if isinstance(node, yaml.ScalarNode) and field in kinds:
        yield kinds[field], node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from uses_of(item, kinds, field)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from uses_of(value, kinds, key.value)


def _entry(text: str, slug: str, path: str) -> tuple[tuple[str, ...], yaml.Node | None, yaml.Node | None]:
    """An entry of a knowledge file, which has it: its path of keys, and the nodes of its key and of its fields."""
    located = read_yaml(text, path)
    where = next(place for name, _, place in flat_entries(located.value) if name == slug)
    return where, *located.descend(where)[-1]


def former_after(former: Sequence[str], old: str, new: str) -> list[str]:
    """The former names of something renamed from `old` to `new`.

    >>> former_after(["a", "b"], "c", "a"), former_after([], "a", "b")
    (['b', 'c'], ['a'])
    """
    return [name for name in dict.fromkeys([*former, old]) if name != new]


def set_former(text: str, slug: str, former: Sequence[str], path: str) -> str | None:
    """The text of a knowledge file with an entry's list of former names; None if its place can't be written to."""
    where, _, entry = _entry(text, slug, path)
    if not isinstance(entry, yaml.MappingNode) or not entry.value:
        return None
    if not entry.flow_style:
        changed, failed = add_all(text, [Addition(where, {FORMER: former}, (FORMER, CHILDREN), replace=True)], path)
        return None if failed else changed
    value = next((value for key, value in entry.value if key.value == FORMER), None)
    begin, end = (value.start_mark, value.end_mark) if value else (entry.value[-1][1].end_mark,) * 2
    if begin.line != end.line:
        return None
    written = dump_value(list(former)) if value else f", {FORMER}: {dump_value(list(former))}"
    return edited(text, [Edit(begin.line, begin.column, end.column, written)])


def find_target(catalog: Catalog, name: str) -> Target:
    """What a name given on the command line means: an id, `kind:slug`, or a slug that only one entry has.

    Raises UsageError where it means nothing, or several.
    """
    tables = {EPISODE: catalog.episodes} | {kind: catalog.entries(Kind(kind)) for kind in KNOWLEDGE_OF}
    kind, colon, rest = name.partition(":")
    kind, slug = (kind, rest) if colon else ("", name)
    found = [Target(one, slug) for one, table in tables.items() if slug in table and kind in ("", one)]
    if len(found) == 1:
        return found[0]
    if found:
        ways = ", ".join(f"{one.kind}:{one.slug}" for one in found)
        raise UsageError(f'"{name}" can be several; say which: {ways}')
    if kind == "series" or slug in catalog.series:
        # its slug is part of ids, addresses and names of files, and of the records of imports
        remedy = "give its episodes other ids one by one, or another title to the series in knowledge/series.yml"
        raise UsageError(f'"{name}" is a series, and these can\'t be renamed; {remedy}')
    if kind and kind not in tables:
        raise UsageError(f'unknown kind "{kind}"; {suggestion(kind, list(tables), "use one of " + ", ".join(tables))}')
    known = sorted({slug for one, table in tables.items() if kind in ("", one) for slug in table})
    near = id_suggestion(slug, list(catalog.episodes), suggestion(slug, known, "mlguide stats lists what there is"))
    raise UsageError(f'no {kind or "entry or episode"} "{slug}"; {near}')


def plan_rename(files: RootFiles, others: Mapping[str, bytes], target: Target, new: str) -> Plan:
    """Everything that renaming changes. `others` are the files of `.mlguide/imported/` by path, and what is beside
    notes counts by path in `files.assets`.

    Raises UsageError for a name that can't be, or is taken; ContentError where a file can't be read or changed, or
    where the root would have an error that it hasn't now.
    """
    if not is_slug(new):
        raise UsageError(f'"{new}" can\'t be a slug; use lower-case letters, digits and hyphens, 64 at most')
    if new == target.slug:
        raise UsageError(f'it is called "{new}" already')
    plan = _Plan(files, target, new)
    if target.kind == EPISODE:
        plan.move_episode()
    else:
        plan.rename_entry()
    plan.change_uses()
    plan.change_records(others)
    return plan.finished()


class _Plan:
    """A rename being planned: the texts as they will be, by their present path."""

    def __init__(self, files: RootFiles, target: Target, new: str) -> None:
        self.files, self.target, self.new = files, target, new
        self.catalog = load(files.texts, files.assets, drafts=True).catalog
        self.texts: dict[str, str] = {}
        self.records: dict[str, bytes] = {}
        self.moves: dict[str, str] = {}
        self.uses: Counter[str] = Counter()

    def text(self, path: str) -> str:
        """A file's text as it is so far, without a byte-order mark."""
        if path not in self.texts:
            self.texts[path] = decode(self.files.texts[path], path)
        return self.texts[path]

    def fail(self, path: str, what: str) -> ContentError:
        return ContentError([Problem(path, Span(), what, "change it by hand, then check")])

    def move_episode(self) -> None:
        """The note and its sidecar files."""
        old, new = self.target.slug, self.new
        file = self.catalog.episodes[old]
        series = max((name for name in self.catalog.series if parse_id(name, new)), key=len, default="")
        if not series:
            known = ", ".join(self.catalog.series)
            raise UsageError(f'"{new}" is of no series; begin it with the id of one and a hyphen ({known})')
        if new in self.catalog.episodes:
            raise UsageError(f'there is an episode "{new}" already; nothing was changed')
        folder = f"episodes/{file.series}/"
        if file.path != f"{folder}{old}.md":
            raise self.fail(file.path, "the note is not named after its id")
        present = {*self.files.assets, *self.files.texts}
        for path in sorted(present):
            if path.startswith((f"{folder}{old}.", f"{folder}{old}/")):
                self.moves[path] = f"episodes/{series}/{new}{path[len(folder) + len(old) :]}"
        if taken := sorted(present.intersection(self.moves.values())):
            raise UsageError(f"{taken[0]} exists already; nothing was changed")
        text = set_field(self.text(file.path), "id", new, _ORDER)
        text = set_field(text, FORMER, former_after(file.meta.former, old, new) or None, _ORDER)
        if file.meta.image and file.meta.image.startswith((f"{old}.", f"{old}/")):
            text = set_field(text, "image", new + file.meta.image[len(old) :], _ORDER)
        self.texts[file.path] = text
        self._follow_links()

    def _follow_links(self) -> None:
        """Links in notes that lead to the note's file, or into the folder of its assets."""
        old = re.escape(self.target.slug)
        link = re.compile(rf"(?<=[(<\s/]){old}(?=(?:\.md|/[^\s()<>]{{1,200}})[)#?>\s])")
        for path in self._mentioning():
            if path.endswith(".md"):
                lines = self.text(path).split("\n")
                start = split_front_matter(self.text(path), path).body_line - 1
                for at, line in enumerate(lines[start:], start):
                    if "](" in line or re.match(r"\s{0,3}\[[^\]]{1,200}\]:", line):
                        lines[at] = link.sub(self.new, line)
                        self.uses[path] += lines[at] != line
                self.texts[path] = "\n".join(lines)

    def _mentioning(self) -> list[str]:
        """The files in which the old name occurs at all."""
        slug = self.target.slug.encode()
        return sorted(path for path, data in self.files.texts.items() if slug in data)

    def rename_entry(self) -> None:
        """The entry's key and its former names."""
        kind, old = self.target.kind, self.target.slug
        if self.new in self.catalog.entries(Kind(kind)):
            path, span = self.catalog.places[kind, self.new]
            raise UsageError(f'there is a {kind} "{self.new}" already ({path}:{span.line}); nothing was changed')
        path = f"knowledge/{KNOWLEDGE_OF[kind]}.yml"
        text = self.text(path)
        edit = replaced(_entry(text, old, path)[1], self.new)
        if edit is None:
            raise self.fail(path, f'the key "{old}" can\'t be changed')
        former = former_after(self.catalog.entries(Kind(kind))[old].former, old, self.new)
        changed = set_former(edited(text, [edit]), self.new, former, path)
        if changed is None:
            raise self.fail(path, f'"former" can\'t be added to "{old}"')
        self.texts[path] = changed

    def change_uses(self) -> None:
        """Every field that names the target; each text is read back."""
        old = (self.target.kind, self.target.slug)
        for path in self._mentioning():
            file = _file_of(path)
            if not file:
                continue
            text = self.text(path)
            uses, first = _uses(text, path, file)
            mine = [node for kind, node in uses if (kind, node.value) == old]
            edits = [edit._replace(line=edit.line + first) for node in mine if (edit := replaced(node, self.new))]
            changed = edited(text, edits)
            meant = [(kind, self.new if (kind, node.value) == old else node.value) for kind, node in uses]
            after = [(kind, node.value) for kind, node in _uses(changed, path, file)[0]]
            if len(edits) != len(mine) or after != meant:
                raise self.fail(path, f'the uses of "{self.target.slug}" can\'t be changed without harm')
            self.texts[path] = changed
            self.uses[path] += len(mine)

    def change_records(self, records: Mapping[str, bytes]) -> None:
        """What imports remember, by path. Hashes of fields stay: a list of slugs that changed counts as a person's
        edit, which later imports keep."""
        kind, old, new = self.target.kind, self.target.slug, self.new
        own = f"{FOLDER}/{old}.json"
        if kind == EPISODE and own in records:
            self.moves[own] = f"{FOLDER}/{new}.json"
            series = self.moves[self.catalog.episodes[old].path].split("/")[1]
            self.records[own] = dump_record(replace(load_record(records[own], own), series=series))
        if kind == EPISODE and FILES_PATH in records:
            files = load_record(records[FILES_PATH], FILES_PATH)
            self.records[FILES_PATH] = dump_record({self.moves.get(name, name): file for name, file in files.items()})
        if kind != EPISODE and ENTRIES_PATH in records:
            entries = load_record(records[ENTRIES_PATH], ENTRIES_PATH)
            entries[kind] = {new if slug == old else slug: fields for slug, fields in entries.get(kind, {}).items()}
            self.records[ENTRIES_PATH] = dump_record(entries)
        self.records = {path: data for path, data in self.records.items() if data != records[path]}

    def finished(self) -> Plan:
        """The plan. Raises ContentError where the root would have an error that it hasn't now."""
        before = self.files.texts
        marks = {path: codecs.BOM_UTF8 if before[path].startswith(codecs.BOM_UTF8) else b"" for path in self.texts}
        changed = {path: marks[path] + text.encode() for path, text in self.texts.items()}
        changed = {path: data for path, data in changed.items() if data != before[path]} | self.records
        writes = {self.moves.get(path, path): data for path, data in sorted(changed.items())}
        texts = {self.moves.get(path, path): data for path, data in before.items()}
        texts |= {path: data for path, data in writes.items() if path in texts}
        assets = frozenset(self.moves.get(path, path) for path in self.files.assets)
        if new := _errors(texts, assets) - _errors(before, self.files.assets):
            raise ContentError(new)
        removes = tuple(sorted(path for path in self.moves if path in changed))
        uses = {path: count for path, count in sorted(self.uses.items()) if count}
        return Plan(self.target, self.new, writes, dict(sorted(self.moves.items())), removes, uses)


def _errors(texts: Mapping[str, bytes], assets: frozenset[str]) -> set[Problem]:
    loaded = load(texts, assets, drafts=True)
    found = [*loaded.problems, *check_catalog(loaded.catalog)]
    return {problem for problem in found if problem.severity is Severity.ERROR}


def _file_of(path: str) -> str:
    """Which uses a file may have: `NOTE`, the name of a knowledge file, or "" where it has none."""
    if path.startswith("episodes/"):
        return NOTE if path.endswith(".md") else ""
    name = path.removeprefix("knowledge/").removesuffix(".yml")
    return name if name in KNOWLEDGE_OF.values() else ""


def _uses(text: str, path: str, file: str) -> tuple[list[tuple[str, yaml.ScalarNode]], int]:
    """What a file names, and the line on which its YAML begins, counted from 0."""
    first, limit = 1, {}
    if file == NOTE:
        parts = split_front_matter(text, path)
        text, first, limit = parts.yaml, parts.yaml_line, {"limit": MAX_FRONT_MATTER}
    located = read_yaml(text, path, first, **limit)
    return list(uses_of(located.descend(())[-1][1], USES[file])), first - 1


def rename(root: Path, old: str, new: str, dry_run: bool = False) -> Plan:
    """Rename an entry (`tool:docker`, or its slug alone) or an episode (its id) with every use; `dry_run` only plans.

    A rename that was cut off is taken back before. Raises UsageError, ContentError (see `plan_rename`) or
    ResourceError; then nothing has changed.
    """
    if dry_run:
        return _planned(root, old, new)
    with exclusive(root):
        plan = _planned(root, old, new)
        moved = {path: goal for path, goal in plan.moves.items() if path not in plan.removes}
        change_files(root, {**plan.writes, **dict.fromkeys(plan.removes)}, moved)
    return plan


def recover(root: Path) -> bool:
    """Take back a rename or an import that was interrupted; whether there was one. Raises ResourceError."""
    if not is_interrupted(root):
        return False
    with exclusive(root):
        return not is_interrupted(root)


def _planned(root: Path, old: str, new: str) -> Plan:
    files = read_root(root)
    catalog = load(files.texts, files.assets, drafts=True).catalog
    folder = root / FOLDER
    records = sorted(folder.glob("*.json")) if folder.is_dir() and not folder.is_symlink() else []
    others = {f"{FOLDER}/{path.name}": read_bytes(path) for path in records if path.is_file() and not path.is_symlink()}
    plan = plan_rename(files, others, find_target(catalog, old), new)
    for path in [*plan.moves.values(), *(goal for goal in plan.writes if goal not in {*files.texts, *others})]:
        if resolve_inside(root, path).exists():
            raise UsageError(f"{path} exists already; nothing was changed")
    return plan


def report_lines(plan: Plan, dry_run: bool) -> list[str]:
    """What a rename changed, or would change, a file a line."""
    would = "would be " if dry_run else ""
    lines = [
        f'{plan.target.kind} "{plan.target.slug}" {would}renamed "{plan.new}"; the old address leads to the new one'
    ]
    for path, goal in plan.moves.items():
        lines.append(f"  {path} -> {goal}")
    for path in plan.writes:
        if path not in plan.moves.values():
            count = plan.uses.get(path, 0)
            lines.append(f"  {path}" + (f": {counted(count, 'use')}" if count else ""))
    return lines


def report_values(plan: Plan) -> dict[str, Any]:
    """A plan as JSON-ready values."""
    names = {"kind": plan.target.kind, "old": plan.target.slug, "new": plan.new}
    files = {"written": sorted(plan.writes), "moved": dict(plan.moves), "removed": list(plan.removes)}
    return {**names, **files, "uses": dict(plan.uses)}
