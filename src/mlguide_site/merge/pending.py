"""What is held in `.mlguide/pending/` until an episode takes it: files that people can read, edit and delete.

`<name>.yml` holds the texts of one source, or describes a transcript or chapters, which are beside it as `<name>.vtt`
or `<name>.chapters.json`. The name is made from the content of the source: the same source is always held in the same
file. Limits: 32 MiB a file, 1,000 texts, 1 MiB a text.
"""

import contextlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, StringConstraints

from mlguide_site.content.files import decode, read_bytes, resolve_inside
from mlguide_site.content.validate import validate
from mlguide_site.content.yaml_read import Located, read_yaml
from mlguide_site.content.yaml_write import dump_value
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.importers import Draft, FileDraft, Loose
from mlguide_site.merge.records import PENDING_PATH, digest, files_at, read_record
from mlguide_site.model import Record, format_duration
from mlguide_site.model.base import Duration, IsoDate, Slug, Text, Url

FOLDER = ".mlguide/pending"
MAX_FILE = 32 * 1024 * 1024
MAX_TEXT = 1024 * 1024
MAX_TEXTS = 1_000
_HEAD = """\
# {what} that no episode here has taken yet; each import tries again.
# A line such as "episode: mla-012" {where} tells whose it is. What isn't wanted can be taken out.
"""


class PendingText(Record):
    """One text of a source as its file has it: see `importers.Draft` and `importers.Loose`."""

    place: Annotated[int, Field(ge=1, le=1_000_000)]
    kind: Literal["teaser", "notes"] = "teaser"
    line: Annotated[int, Field(ge=1)] = 1
    lead: Annotated[int, Field(ge=0)] = 0
    cut: bool = False
    title: Annotated[Text, StringConstraints(max_length=500)] = ""
    date: IsoDate | None = None
    duration: Duration | None = None
    series: Slug | None = None
    url: Url | None = None
    episode: Slug | None = None
    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT)]


class PendingRun(Record):
    """The pending texts of one source, and the episodes that took others of them, by place."""

    format: Literal["player"]
    taken: dict[Annotated[int, Field(ge=1)], Slug] = Field(default_factory=dict)
    waiting: Annotated[tuple[PendingText, ...], Field(max_length=MAX_TEXTS)] = ()


class PendingFile(Record):
    """The description of a pending transcript or of chapters: the name of the source, and the series given."""

    format: Literal["transcript"]
    suffix: Literal[".vtt", ".chapters.json"]
    name: Annotated[str, StringConstraints(max_length=300)] = ""
    series: Slug | None = None
    episode: Slug | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """The unmatched texts of one source by place, the episodes that a person gave some of them, and the episodes of its
    matched texts."""

    drafts: Mapping[int, Draft]
    given: Mapping[int, str]
    taken: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class RunFile:
    """A file of pending texts: its text, and the run that it holds."""

    text: str
    run: Run


@dataclass(frozen=True, slots=True)
class SidecarFile:
    """A pending transcript: the text of its description, the draft, and the episode that a person gave it."""

    text: str
    draft: FileDraft
    given: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """All that is pending in a root, by name, and the names of what imports have put there."""

    runs: Mapping[str, RunFile] = field(default_factory=lambda: MappingProxyType({}))
    files: Mapping[str, SidecarFile] = field(default_factory=lambda: MappingProxyType({}))
    written: frozenset[str] = frozenset()


def run_name(drafts: Iterable[Draft]) -> str:
    """The name of the file in which the texts of a source are held."""
    return digest("\n\n".join(_entry(draft, "") for draft in drafts))


def file_name(draft: FileDraft) -> str:
    """The name under which a transcript is held."""
    return digest("\n".join((draft.suffix, draft.given, draft.name, digest(draft.data.decode("utf-8", "replace")))))


def load_pending(root: Path) -> Pending:
    """All that is pending in a root. Raises ContentError with every fault of every file there, ResourceError where the
    disk refuses."""
    runs: dict[str, RunFile] = {}
    files: dict[str, SidecarFile] = {}
    problems: list[Problem] = []
    for place in files_at(root, FOLDER, 1, ".yml"):
        path = place.relative_to(root).as_posix()
        try:
            text = decode(_data(root, path), path)
            found = read_pending(text, path)
            if isinstance(found, Run):
                runs[place.stem] = RunFile(text, found)
            else:
                draft, given = found
                data = _data(root, path.removesuffix(".yml") + draft.suffix)
                files[place.stem] = SidecarFile(text, replace(draft, data=data), given)
        except ContentError as error:
            problems.extend(error.problems)
    if problems:
        raise ContentError(problems)
    return Pending(runs, files, read_record(root, PENDING_PATH))


def is_pending(root: Path) -> bool:
    """Whether anything is pending in a root."""
    return bool(files_at(root, FOLDER, 1, ".yml"))


def _data(root: Path, path: str) -> bytes:
    place = resolve_inside(root, path)
    if not place.is_file():
        remedy = "put it back, or remove the file of this name that ends in .yml"
        raise ContentError([Problem(path, Span(), "this pending file is missing", remedy)])
    if place.stat().st_size > MAX_FILE:
        remedy = "correct it, or remove the file and import its source again"
        raise ContentError([Problem(path, Span(), f"larger than {MAX_FILE // 2**20} MiB", remedy)])
    return read_bytes(place)


def dump_run(run: Run) -> str:
    """The text of the file in which a run is held.

    >>> draft = Draft("", None, None, "", {"title": "Looms"}, "How to weave.", line=3, loose=Loose(2, True))
    >>> print(dump_run(Run({2: draft}, {}, {1: "loom-001"})).partition("out.\\n")[2])
    format: player
    taken:
      1: loom-001
    waiting:
    - place: 2
      kind: teaser
      line: 3
      title: Looms
      text: |-
        How to weave.
    <BLANKLINE>
    """
    head = _HEAD.format(what="Texts of a podcast player's page", where="in its entry")
    entries = "".join(_entry(draft, run.given.get(place, "")) for place, draft in sorted(run.drafts.items()))
    return f"{head}format: player\n{_taken(run.taken)}waiting:\n{entries}"


def _taken(taken: Mapping[int, str]) -> str:
    return "taken:\n" + "".join(f"  {place}: {id}\n" for place, id in sorted(taken.items())) if taken else ""


def _entry(draft: Draft, given: str) -> str:
    loose = draft.loose or Loose(1, True)
    source = draft.fields.get("source")
    values: dict[str, Any] = {
        "place": loose.place,
        "kind": "teaser" if loose.teaser else "notes",
        "line": draft.line,
        "lead": loose.lead or None,
        "cut": draft.truncated or None,
        "title": draft.title or None,
        "date": draft.fields.get("date"),
        "duration": draft.fields.get("duration"),
        "series": draft.series or None,
        "url": source.get("url") if isinstance(source, Mapping) else None,
        "episode": given or None,
    }
    lines = [f"{key}: {dump_value(value)}\n" for key, value in values.items() if value is not None]
    return "- " + "  ".join([*lines, f"text: {_block(draft.body)}\n"])


def _block(text: str) -> str:
    """A text as a block of lines, or quoted where that would read differently."""
    lines = "".join(f"\n    {line}" if line else "\n" for line in text.split("\n"))
    with contextlib.suppress(ContentError):
        if read_yaml(f"text: |-{lines}\n", "", limit=MAX_FILE).value == {"text": text}:
            return f"|-{lines}"
    return yaml.safe_dump(text, default_style='"', width=1_000_000).rstrip("\n")


def dump_file(draft: FileDraft) -> str:
    """The text of the file that describes a pending transcript."""
    what = "Chapters" if draft.suffix == ".chapters.json" else "A transcript"
    values = {"format": "transcript", "suffix": draft.suffix, "name": draft.name, "series": draft.given}
    lines = "".join(f"{key}: {dump_value(value)}\n" for key, value in values.items() if value)
    return _HEAD.format(what=f"{what} beside this file", where="here") + lines


def without_taken(file: RunFile, left: Run, path: str) -> str:
    """The text of a file without the entries that episodes took: everything else that a person wrote stays."""
    if file.text == dump_run(file.run):
        return dump_run(left)
    located = read_yaml(file.text.removeprefix("\ufeff"), path, limit=MAX_FILE)
    entries = located.value["waiting"]
    starts = [located.find(("waiting", at)).line - 1 for at in range(len(entries))]
    lines = re.split(r"(?<=\n)", file.text)
    gone = set(range(*extent)) if (extent := located.extent("taken")) else set()
    for entry, start, end in zip(entries, starts, [*starts[1:], len(lines)], strict=True):
        if int(entry["place"]) not in left.drafts:
            # comments right above an entry are about it
            while end > start + 1 and end < len(lines) and lines[end - 1].startswith("#"):
                end -= 1
            gone.update(range(start, end))
    at = located.find_key(("waiting",)).line - 1
    kept = [line for n, line in enumerate(lines) if n not in gone]
    kept.insert(at - sum(n < at for n in gone), _taken(left.taken))
    result = "".join(kept)
    with contextlib.suppress(ContentError):
        if read_pending(result, path) == left:
            return result
    return dump_run(left)


def read_pending(text: str, path: str) -> Run | tuple[FileDraft, str]:
    """What a file holds: a run of texts, or a transcript without its data and the episode given to it.

    Raises ContentError with the place of everything that is wrong with it.
    """
    located = read_yaml(text.removeprefix("\ufeff"), path, limit=MAX_FILE)
    if located.value.get("format") == "transcript":
        record, problems = validate(PendingFile, located.value, located, path)
        if record is None:
            raise ContentError(problems)
        return FileDraft(record.suffix, b"", name=record.name, given=record.series or ""), record.episode or ""
    run, problems = validate(PendingRun, located.value, located, path)
    if run is None:
        raise ContentError(problems)
    return _run(run, located, path)


def _run(record: PendingRun, located: Located, path: str) -> Run:
    drafts: dict[int, Draft] = {}
    for at, text in enumerate(record.waiting):
        if text.place in drafts or text.place in record.taken:
            span = located.find(("waiting", at))
            raise ContentError([Problem(path, span, f"place {text.place} is used twice", "remove one of the two")])
        drafts[text.place] = _draft(text)
    given = {text.place: text.episode for text in record.waiting if text.episode}
    return Run(dict(sorted(drafts.items())), given, dict(sorted(record.taken.items())))


def _draft(text: PendingText) -> Draft:
    fields: dict[str, Any] = {"title": text.title} if text.title else {}
    fields |= {"date": text.date} if text.date else {}
    fields |= {"duration": format_duration(text.duration)} if text.duration else {}
    fields["source"] = {"format": "player", **({"url": text.url} if text.url else {})}
    fields |= {"truncated": True} if text.cut else {}
    loose = Loose(text.place, text.kind == "teaser", text.lead)
    return Draft(text.series or "", None, None, "", fields, text.text, line=text.line, loose=loose)
