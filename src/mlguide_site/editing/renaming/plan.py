"""What a rename changes, planned as a whole before anything is written."""

import codecs
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from mlguide_site.checks.catalog import check_catalog
from mlguide_site.content.files import decode
from mlguide_site.content.front_matter import set_field, split_front_matter
from mlguide_site.content.load import load
from mlguide_site.content.root import RootFiles
from mlguide_site.content.yaml_edit import edited, replaced
from mlguide_site.content.yaml_read import MAX_FRONT_MATTER, Located, read_yaml
from mlguide_site.editing.renaming.uses import NOTE, entries_of, former_after, set_former, uses_of
from mlguide_site.editing.scaffold import ENTRY_FILES
from mlguide_site.errors import ContentError, Problem, Severity, Span, UsageError, suggestion
from mlguide_site.merge.records import ENTRIES_PATH, FILES_PATH, FOLDER, dump_record, load_record
from mlguide_site.model import Episode, Kind
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.slugs import id_suggestion, is_slug, parse_id

EPISODE = "episode"
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
    writes: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    moves: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    removes: tuple[str, ...] = ()
    uses: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


def find_target(catalog: Catalog, name: str) -> Target:
    """What a name given on the command line means: an id, `kind:slug`, or a slug that only one entry has.

    Raises UsageError where it means nothing, or several.
    """
    tables = {EPISODE: catalog.episodes} | {kind: catalog.entries(Kind(kind)) for kind in KNOWLEDGE_OF}
    kind, colon, slug = name.partition(":")
    found = [Target(kind, name) for kind, table in tables.items() if name in table]
    if kind == "series" or (name in catalog.series and not found):
        # its slug is part of ids, addresses and names of files, and of what imports remember
        remedy = "give its episodes other ids one by one, or another title to the series in knowledge/series.yml"
        raise UsageError(f'"{name}" is a series, and these can\'t be renamed; {remedy}')
    if colon:
        if kind not in tables:
            known = [*KNOWLEDGE_OF, EPISODE]
            raise UsageError(f'unknown kind "{kind}"; {suggestion(kind, known, "use one of " + ", ".join(known))}')
        if slug not in tables[kind]:
            near = suggestion(slug, sorted(tables[kind]), "mlguide stats lists what there is")
            raise UsageError(f'no {kind} "{slug}"; {near}')
        return Target(kind, slug)
    if len(found) > 1:
        ways = ", ".join(f"{one.kind}:{one.slug}" for one in found)
        raise UsageError(f'"{name}" can be several; say which: {ways}')
    if not found:
        near = suggestion(
            name, sorted({slug for table in tables.values() for slug in table}), "give its slug or its id"
        )
        raise UsageError(f'no entry or episode "{name}"; {id_suggestion(name, list(catalog.episodes), near)}')
    return found[0]


def plan_rename(files: RootFiles, others: Mapping[str, bytes], target: Target, new: str) -> Plan:
    """Everything that renaming changes. `others` are the files of `.mlguide/imported/` by path, and what is beside
    notes counts by path in `files.assets`.

    Raises UsageError for a name that can't be, or is taken; ContentError where a file can't be read or changed, or
    where the root would have an error that it hasn't now.
    """
    catalog = load(files.texts, files.assets, drafts=True).catalog
    if not is_slug(new):
        raise UsageError(f'"{new}" can\'t be a slug; use lower-case letters, digits and hyphens, 64 at most')
    if new == target.slug:
        raise UsageError(f'it is called "{new}" already')
    plan = _Plan(files, others, target, new, catalog)
    if target.kind == EPISODE:
        plan.move_episode()
    else:
        plan.rename_entry()
    plan.change_uses()
    return plan.finished()


class _Plan:
    """A rename being planned: the texts as they will be, by their present path."""

    def __init__(
        self, files: RootFiles, others: Mapping[str, bytes], target: Target, new: str, catalog: Catalog
    ) -> None:
        self.files, self.others, self.target, self.new, self.catalog = files, others, target, new, catalog
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
        folder, there = f"episodes/{file.series}/", f"episodes/{series}/"
        if new in self.catalog.episodes or f"{there}{new}.md" in self.files.texts:
            raise UsageError(f'there is an episode "{new}" already; nothing was changed')
        if file.path != f"{folder}{old}.md":
            raise self.fail(file.path, "the note is not named after its id")
        self.moves[file.path] = f"{there}{new}.md"
        for path in sorted({*self.files.assets, *self.files.texts}):
            if path.startswith((f"{folder}{old}.", f"{folder}{old}/")) and path != file.path:
                self.moves[path] = f"{there}{new}{path[len(folder) + len(old) :]}"
        for path, goal in self.moves.items():
            if goal in self.files.assets or goal in self.files.texts:
                raise UsageError(f"{goal} exists already; nothing was changed")
            if path not in self.files.texts and path not in self.files.assets:
                raise self.fail(path, "this file can't be moved")
        text = set_field(self.text(file.path), "id", new, _ORDER)
        former = former_after(file.meta.former, old, new)
        text = set_field(text, "former", former or None, _ORDER)
        if file.meta.image and file.meta.image.startswith((f"{old}.", f"{old}/")):
            text = set_field(text, "image", new + file.meta.image[len(old) :], _ORDER)
        self.texts[file.path] = text
        self._follow_links()

    def _follow_links(self) -> None:
        """Links in notes that lead to the note's file, or into the folder of its assets."""
        old = re.escape(self.target.slug)
        link = re.compile(rf"(?<=[(<\s/]){old}(?=(?:\.md|/[^\s()<>]{{1,200}})[)#?>\s])")
        for path in sorted(self.files.texts):
            if path.endswith(".md") and self.target.slug.encode() in self.files.texts[path]:
                lines = self.text(path).split("\n")
                start = split_front_matter(self.text(path), path).body_line - 1
                for at, line in enumerate(lines[start:], start):
                    if "](" in line or re.match(r"\s{0,3}\[[^\]]{1,200}\]:", line):
                        lines[at] = link.sub(self.new, line)
                        self.uses[path] += lines[at] != line
                self.texts[path] = "\n".join(lines)

    def rename_entry(self) -> None:
        """The entry's key and its former names."""
        kind, old = self.target.kind, self.target.slug
        if self.new in self.catalog.entries(Kind(kind)):
            there = self.catalog.places[kind, self.new]
            raise UsageError(
                f'there is a {kind} "{self.new}" already ({there[0]}:{there[1].line}); nothing was changed'
            )
        path = f"knowledge/{KNOWLEDGE_OF[kind]}.yml"
        text = self.text(path)
        top = read_yaml(text, path).descend(())[-1][1]
        keys = [key for key, _ in entries_of(top) if key.value == old]
        edits = [edit for key in keys if (edit := replaced(key, self.new))]
        if len(edits) != 1:
            raise self.fail(path, f'the key "{old}" can\'t be changed')
        former = former_after(self.catalog.entries(Kind(kind))[old].former, old, self.new)
        changed = set_former(edited(text, edits), self.new, former, path)
        if changed is None:
            raise self.fail(path, f'"former" can\'t be added to "{old}"')
        self.texts[path] = changed

    def change_uses(self) -> None:
        """Every field that names the target; each text is read back."""
        for path in sorted(self.files.texts):
            file = _file_of(path)
            if file and self.target.slug.encode() in self.files.texts[path]:
                self._change_uses(path, file)
        for path, data in sorted(self.others.items()):
            new_path, new_data = self._renamed_record(path, data)
            if new_path != path:
                self.moves[path] = new_path
            if new_data != data:
                self.records[path] = new_data

    def _renamed_record(self, path: str, data: bytes) -> tuple[str, bytes]:
        """Path and bytes of an import's record after the rename. Hashes of fields stay: a list of slugs that changed
        counts as a person's edit, which later imports keep."""
        kind, old, new = self.target.kind, self.target.slug, self.new
        if path == f"{FOLDER}/{old}.json" and kind == EPISODE:
            goal = next((goal for source, goal in self.moves.items() if source.endswith(f"/{old}.md")), "")
            base = load_record(data, path)
            if goal.count("/") == 2:
                base = replace(base, series=goal.split("/")[1])
            return f"{FOLDER}/{new}.json", dump_record(base)
        if path == FILES_PATH and kind == EPISODE:
            files = load_record(data, path)
            return path, dump_record({self.moves.get(name, name): found for name, found in files.items()})
        if path == ENTRIES_PATH and kind != EPISODE:
            entries = load_record(data, path)
            if old in entries.get(kind, {}):
                entries[kind] = {new if slug == old else slug: found for slug, found in entries[kind].items()}
                return path, dump_record(entries)
        return path, data

    def _change_uses(self, path: str, file: str) -> None:
        text = self.text(path)
        located, first = _located(text, path, file)
        uses = list(uses_of(located, file))
        mine = [use for use in uses if (use.kind, use.node.value) == (self.target.kind, self.target.slug)]
        if not mine:
            return
        edits = [edit._replace(line=edit.line + first) for use in mine if (edit := replaced(use.node, self.new))]
        changed = edited(text, edits)
        meant = [(use.kind, self.new if use in mine else use.node.value) for use in uses]
        after = [(use.kind, use.node.value) for use in uses_of(_located(changed, path, file)[0], file)]
        if len(edits) != len(mine) or after != meant:
            raise self.fail(path, f'the uses of "{self.target.slug}" can\'t be changed without harm')
        self.texts[path] = changed
        self.uses[path] += len(mine)

    def finished(self) -> Plan:
        """The plan. Raises ContentError where the root would have an error that it hasn't now."""
        before = self.files.texts
        marks = {path: codecs.BOM_UTF8 if before[path].startswith(codecs.BOM_UTF8) else b"" for path in self.texts}
        changed = {path: marks[path] + text.encode() for path, text in self.texts.items()}
        changed = {path: data for path, data in changed.items() if data != before[path]} | self.records
        writes = {self.moves.get(path, path): data for path, data in changed.items()}
        removes = tuple(sorted(path for path in self.moves if path in changed))
        texts = {self.moves.get(path, path): data for path, data in self.files.texts.items()}
        texts |= {path: data for path, data in writes.items() if path in texts}
        assets = {self.moves.get(path, path) for path in self.files.assets}
        new = _errors(texts, frozenset(assets)) - _errors(self.files.texts, self.files.assets)
        if new:
            raise ContentError(new)
        return Plan(
            self.target,
            self.new,
            MappingProxyType(dict(sorted(writes.items()))),
            MappingProxyType(dict(sorted(self.moves.items()))),
            removes,
            MappingProxyType({path: count for path, count in sorted(self.uses.items()) if count}),
        )


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


def _located(text: str, path: str, file: str) -> tuple[Located, int]:
    """The YAML of a file, and the line on which it begins, counted from 0."""
    if file != NOTE:
        return read_yaml(text, path), 0
    parts = split_front_matter(text, path)
    return read_yaml(parts.yaml, path, parts.yaml_line, MAX_FRONT_MATTER), parts.yaml_line - 1
