"""Creates an episode or a knowledge entry from a completed issue form of a code host. A form may be hostile.

The forms in `.github/ISSUE_TEMPLATE/` define the labels of the fields, and which fields are required."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mlguide_site.content.files import change_files, decode, exclusive, read_bytes, resolve_inside
from mlguide_site.content.front_matter import dump_note
from mlguide_site.content.knowledge import PATHS
from mlguide_site.content.load import load
from mlguide_site.content.resources import packaged_templates
from mlguide_site.content.root import read_root
from mlguide_site.content.validate import validate
from mlguide_site.content.yaml_read import Located, read_yaml
from mlguide_site.editing.scaffold import ENTRY_FIELDS, next_episode, refuse_known, refuse_same_title, with_entries
from mlguide_site.errors import ContentError, Problem, Span, content_error, refuse_errors, suggestion, visible
from mlguide_site.importers import Source
from mlguide_site.importers.folder import Folder
from mlguide_site.importers.notes.callouts_and_boxes import write_body
from mlguide_site.importers.notes.inline import InlineWriter
from mlguide_site.importers.notes.source import parse_lines, read_lines
from mlguide_site.markdown.engine_escape import find_unprintable
from mlguide_site.markdown.parse_and_sanitise import Outline
from mlguide_site.merge.drafts import fit_body
from mlguide_site.merge.entries import name_field
from mlguide_site.merge.three_way import NEW_BODY
from mlguide_site.model.base import Record
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import Episode, Resource, Term, Tool
from mlguide_site.model.slugs import id_suggestion, name_slug, relative_path

FOLDER = ".github/ISSUE_TEMPLATE"
EPISODE, ENTRY, CORRECTION = "new-episode", "new-entry", "correction"  # file names in FOLDER, without `.yml`
MAX_CHARACTERS = 65_536  # maximum number of characters in a form; GitHub has the same limit for issues
MAX_TEXT = 1_000  # maximum number of characters in a field, except in an episode's notes
# for each kind of entry: the class of its record, and the form's field for each field of the record
_KINDS: Mapping[str, tuple[type[Record], Mapping[str, str]]] = {
    "tool": (Tool, {"name": "name", "homepage": "address", "summary": "summary"}),
    "term": (Term, {"term": "name", "definition": "summary"}),
    "resource": (Resource, {"title": "name", "urls": "address", "episodes": "episodes", "summary": "summary"}),
}


@dataclass
class Field:
    """A field of a form: its label, its text, and the line of its heading."""

    label: str
    type: str = "input"
    required: bool = False
    value: str = ""
    line: int = 1


@dataclass
class Form:
    """A completed form in the file `source`. `fields` maps ids to fields. `problems` contains pairs of a field's label
    and a problem. `path` is the path of the written file, and `slug` the new id or slug; both are "" without a file."""

    name: str
    source: str
    fields: Mapping[str, Field]
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    path: str = ""
    slug: str = ""

    def values(self, ids: str) -> list[str]:
        return [self.fields[id].value if id in self.fields else "" for id in ids.split()]

    def report(self, id: str, message: str, remedy: str) -> None:
        one = self.fields.get(id, Field(id))
        self.problems.append((one.label, Problem(self.source, Span(one.line), f"{one.label}: {message}", remedy)))

    def attempt(self, id: str, act: Callable[..., Any], *arguments: Any) -> Any:
        """Return the function's result. If the function raises ContentError, report its problems for the field `id`."""
        try:
            return act(*arguments)
        except ContentError as error:
            for problem in error.problems:
                self.report(id, problem.message, problem.remedy)

    def result(self) -> dict[str, Any]:
        """Return the result as plain values, ready for JSON."""
        rows = [(label, f"{one.message}; {one.remedy}".removeprefix(f"{label}: ")) for label, one in self.problems]
        problems = [{"field": label, "text": visible(text)} for label, text in rows]
        return {"form": self.name, "path": self.path, "slug": self.slug, "problems": problems}


def create_from_form(root: Path, source: Path) -> Form:
    """Read a completed form, and create its episode or entry. If there are problems, or if the form is a correction,
    nothing is written. Raises ContentError if the text isn't a completed form, and ResourceError if the disk fails."""
    text = read_bytes(source, 4 * MAX_CHARACTERS + 1).decode("utf-8-sig", "replace")
    form = read_form(text[:MAX_CHARACTERS], str(source), form_fields(root))
    if len(text) > MAX_CHARACTERS:
        remedy = "shorten the text; for long notes, open a pull request"
        form.problems.clear()
        form.report("form", f"the text is longer than {MAX_CHARACTERS:,} characters", remedy)
    elif form.name != CORRECTION and any(one.value for one in form.fields.values()):
        with exclusive(root):
            files = read_root(root).texts
            create = _episode if form.name == EPISODE else _entry
            path, slug, data = create(form, root, files, load(files, drafts=True).catalog)
            if not form.problems:
                change_files(root, {path: data}, known={path: files.get(path)})
                form.path, form.slug = path, slug
    return form


def form_fields(root: Path) -> dict[str, dict[str, Field]]:
    """Map each form's name to its fields, by id. Packaged forms replace missing ones. Raises ContentError."""
    found: dict[str, dict[str, Field]] = {}
    for name in (EPISODE, ENTRY, CORRECTION):
        own = resolve_inside(root, f"{FOLDER}/{name}.yml")
        path = own if own.exists() else packaged_templates() / "hosting/github" / FOLDER / own.name
        rows = read_yaml(decode(read_bytes(path), str(path)), str(path)).value
        try:
            found[name] = {
                one["id"]: Field(one["attributes"]["label"], one["type"], "true" in one.get("validations", {}).values())
                for one in rows["body"]
                if "id" in one
            }
            next(iter(found[name]))
        except (AttributeError, KeyError, StopIteration, TypeError):
            raise content_error(str(path), "this is not an issue form", "restore the file") from None
    return found


def read_form(text: str, source: str, forms: Mapping[str, Mapping[str, Field]]) -> Form:
    """Split a completed form into fields. Raises ContentError if the text doesn't begin with the first heading of any
    form. Adds all other mistakes to `problems`. If a heading is missing or misplaced, all fields are empty."""
    lines = [line.rstrip() for line in re.split(r"\r\n|\r|\n", text)]
    first = next(filter(None, lines), "")
    name = next((name for name, own in forms.items() if f"### {next(iter(own.values())).label}" == first), "")
    if not name:
        remedy = "open a new issue with a form, and keep its headings"
        raise content_error(source, "this is not the text of a completed form", remedy)
    form, starts = Form(name, source, forms[name]), [0]
    for id, one in form.fields.items():
        places = [at for at, line in enumerate(lines, 1) if line == f"### {one.label}"]
        one.line = places[0] if places else 1
        if len(places) != 1 or one.line <= starts[-1]:
            what = "occurs more than once" if len(places) > 1 else "is missing or in the wrong place"
            remedy = "keep each heading of the form once, in the original order; write your own headings with ##"
            form.report(id, f'the heading "### {one.label}" {what}', remedy)
        starts.append(max(starts[-1], one.line))
    rows = [] if form.problems else zip(form.fields.items(), [*starts[2:], len(lines) + 1], strict=True)
    for (id, one), end in rows:
        value = "\n".join(lines[one.line : end - 1]).strip("\n")
        value = "" if value == "_No response_" else value
        one.value = value if id == "notes" else " ".join(value.split())
        if (at := find_unprintable(value)) >= 0:
            form.report(id, f"the text contains a control character (U+{ord(value[at]):04X})", "remove it")
        if one.required and not one.value:
            form.report(id, "this field is required", "fill it in")
        if id != "notes" and len(value) > MAX_TEXT:
            form.report(id, f"the text is longer than {MAX_TEXT:,} characters", "shorten it")
        elif one.type != "textarea" and "\n" in value:
            form.report(id, "the text has more than one line", "write one line")
    return form


def _episode(form: Form, root: Path, _files: Mapping[str, bytes], catalog: Catalog) -> tuple[str, str, bytes]:
    series, number, title, day, notes = form.values("series number title date notes")
    place = None
    named = (slug for slug, one in catalog.series.items() if one.title.casefold() == series.casefold())
    series = series if series in catalog.series else next(named, series)
    if series and series not in catalog.series:
        form.report("series", f'unknown series "{series[:60]}"', suggestion(series[:60], list(catalog.series)))
    if number and not re.fullmatch("[0-9]{1,5}", number):
        form.report("number", f'"{number[:60]}" is not a number', "write only digits, as in 12")
    elif number and series in catalog.series:
        place = form.attempt("number", next_episode, root, series, int(number))
    form.attempt("title", refuse_same_title, catalog, series, title)
    fields = {"title": title, **({"date": day} if day else {}), "summary": "", "topics": [], "links": []}
    _check(form, Episode, fields, {"title": "title", "date": "date"})
    path, id = place or ("", "")
    others = {id: relative_path(path, one.path) for id, one in catalog.episodes.items()}
    paths = {one.meta.title.casefold(): others[id] for id, one in catalog.episodes.items()} | others
    body = form.attempt("notes", _body, notes, title, form.source, paths) if notes else NEW_BODY
    return path, id, dump_note({"id": id, **fields}, body or "").encode()


def _body(notes: str, title: str, source: str, paths: Mapping[str, str]) -> str:
    """Return the body of a note. `paths` maps ids and titles of other notes to relative paths. Links to notes that
    don't exist become text."""
    writer, found = InlineWriter(source, Folder({}), addresses={name: f"{name}.md" for name in paths}), dict[str, str]()
    text = write_body(parse_lines(read_lines(Source(source, notes.encode()))), writer)
    for link in writer.note_links:
        note = paths.get(link.name.casefold(), link.name and f"{link.name}.md")
        anchor = link.heading and Outline("").anchor(link.heading)
        found[link.address] = f"{note}#{anchor}" if anchor else note
    text = re.sub(r"(?<=\]\()note:\d+-\d+", lambda one: found.get(one[0], one[0]), text)
    known = {*paths.values()}
    own = [*paths, *(one for one in found.values() if one.partition("#")[0] in known)]
    body, problems = fit_body(text, title, own)
    refuse_errors(problems)
    return body


def _entry(form: Form, _root: Path, files: Mapping[str, bytes], catalog: Catalog) -> tuple[str, str, bytes]:
    kind, name, summary, address, listed = form.values("kind name summary address episodes")
    if kind not in _KINDS:
        form.report("kind", f'"{kind[:60]}" is not a kind of entry', f"use one of {', '.join(_KINDS)}")
        kind = "resource"  # report the problems of the other fields too
    (model, ids), path, slug = _KINDS[kind], PATHS[kind], name_slug(name, "")
    if name and not slug:
        form.report("name", "the name contains no letters or digits", "write a name with letters or digits")
    if address and "address" not in ids.values():
        form.report("address", f"a {kind} has no address", "empty this field, or choose the kind resource")
    episodes = listed.replace(",", " ").split()
    for id in (id for id in episodes if id not in catalog.episodes):
        remedy = id_suggestion(id, list(catalog.episodes), "write ids of episodes with notes, as in show-012")
        form.report("episodes", f'unknown episode "{id[:60]}"', remedy)
    given = {"name": name, "summary": summary, "address": address, "episodes": episodes}
    own = {key: [address] if key == "urls" else given[id] for key, id in ids.items() if given[id]}
    fields = {name_field(kind): name, **ENTRY_FIELDS[kind], **own}
    _check(form, model, fields, ids)
    form.attempt("name", refuse_known, catalog, kind, name, slug)
    data, failed = form.attempt("name", with_entries, files.get(path), kind, {slug: fields}) or (b"", ())
    if failed and not form.problems:
        form.report("name", f"an entry can't be added to {path}", "ask a maintainer to add it")
    return path, slug, data


def _check(form: Form, model: type[Record], fields: Mapping[str, Any], ids: Mapping[str, str]) -> None:
    """Report invalid `fields` of a record. `ids` maps each of the record's fields to the id of the form's field."""
    required = {name: "any-001" for name, one in model.model_fields.items() if one.is_required()}
    faulty = {label for label, _ in form.problems}
    for key, id in ids.items():
        if form.fields[id].label not in faulty:
            for one in validate(model, {**required, key: fields.get(key)}, Located({}, None, 1), form.source)[1]:
                form.report(id, one.message.split(f'"{key}" ', 1)[-1], one.remedy)
