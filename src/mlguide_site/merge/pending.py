"""What is held in `.mlguide/pending/` until an episode takes it: files that people can read, edit and delete.

`<name>.yml` holds the texts of one source, or describes a transcript or chapters, which are beside it as `<name>.vtt`
or `<name>.chapters.json`. The name is made from the content of the source: the same source is always held in the same
file. Limits: 32 MiB a file, 1,000 texts, 1 MiB a text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import yaml
from pydantic import Field, StringConstraints

from mlguide_site.content.files import decode, read_bytes, resolve_inside
from mlguide_site.content.validate import validate
from mlguide_site.content.yaml_edit import dump_mapping
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError, Problem, Severity, Span
from mlguide_site.importers import Draft, FileDraft, Loose
from mlguide_site.merge.records import PENDING_PATH, digest, files_at, read_record
from mlguide_site.model import Record
from mlguide_site.model.base import Duration, IsoDate, Slug, Text, Url, parse_duration

FOLDER = ".mlguide/pending"
MAX_FILE = 32 * 1024 * 1024
MAX_TEXT = 1024 * 1024
MAX_TEXTS = 1_000
KINDS = {".vtt": "transcript", ".chapters.json": "chapters"}
_HEAD = """\
# {what} that no episode here has taken yet; each import tries again.
# A line such as "episode: mla-012" {where} tells whose it is. What isn't wanted can be taken out.
"""


class PendingText(Record):
    """One text of a source: see `importers.Draft` and `importers.Loose`. `episode` is the one that a person gave it."""

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


class Run(Record):
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
class Pending:
    """All that is pending in a root, by name: texts; files, each described and with its data; and the names of what
    imports have put there."""

    runs: Mapping[str, Run]
    files: Mapping[str, tuple[PendingFile, bytes]]
    written: frozenset[str]


class Matched(NamedTuple):
    """A text or file and the episode that took it: its source and line, its kind (`teaser`, `notes`, `transcript` or
    `chapters`), why (`hand`, `title`, `text` or `name`), and the text itself, "" for a file."""

    id: str
    source: str
    line: int
    kind: str
    by: str
    text: str = ""


class Held(NamedTuple):
    """What no episode took: the file that holds it ("" where a person deleted that), its line in its source, its kind,
    the text or name, how many of its first words are promotion, and the most similar episodes."""

    path: str
    line: int
    kind: str
    text: str
    lead: int = 0
    like: tuple[str, ...] = ()


class Queue:
    """The folder of pending drafts while an import fills and empties it, and what there is to report. `files` are to be
    written by path (None: to be removed), `names` are those that imports have put there."""

    def __init__(self, pending: Pending) -> None:
        self.present = {*pending.runs, *pending.files}
        self.written = pending.written
        self.names = self.present | pending.written
        self.files: dict[str, bytes | None] = {}
        self.matched: list[Matched] = []
        self.held: list[Held] = []
        self.problems: list[Problem] = []

    def put(self, name: str, files: Mapping[str, bytes], what: str) -> str:
        """Hold files, by suffix, under a name, unless a person deleted them. Returns the path to report."""
        path = f"{FOLDER}/{name}.yml"
        if name not in self.present and name in self.written:
            message = f"this file was deleted by hand; {what} of its source will not be queued again"
            remedy = f"remove its name from {PENDING_PATH} to queue them again"
            self.problems.append(Problem(path, Span(), message, remedy, Severity.HINT))
            return ""
        self.files |= {f"{FOLDER}/{name}{suffix}": data for suffix, data in files.items()}
        self.names.add(name)
        return path

    def remove(self, name: str, *suffixes: str) -> None:
        """Remove files whose drafts have found their episodes."""
        self.names.discard(name)
        if name in self.present:
            self.files |= {f"{FOLDER}/{name}{suffix}": None for suffix in suffixes}

    def unknown_episode(self, path: str, message: str) -> None:
        """Report a draft for which a person named an episode that doesn't exist."""
        remedy = "write the id of an existing one"
        self.problems.append(Problem(path, Span(), message, remedy, Severity.WARNING))


def pending_text(draft: Draft) -> PendingText:
    """A draft that names no episode as it is held."""
    loose, source, duration = draft.loose or Loose(1, True), draft.fields.get("source"), draft.fields.get("duration")
    # what an importer yields is valid; validation would strip the text
    values: dict[str, Any] = {
        "place": loose.place,
        "kind": "teaser" if loose.teaser else "notes",
        "line": draft.line,
        "lead": loose.lead,
        "cut": draft.truncated,
        "title": draft.title,
        "date": draft.fields.get("date"),
        "duration": parse_duration(str(duration)) if duration else None,
        "series": draft.series,
        "url": source.get("url") if isinstance(source, Mapping) else None,
        "text": draft.body,
    }
    given: Any = {name: value for name, value in values.items() if value}
    return PendingText.model_construct(**given)


def run_name(texts: Iterable[PendingText]) -> str:
    """The name of the file in which the texts of a source are held."""
    return digest("\n\n".join(_yaml([_values(text)]) for text in texts))


def file_name(draft: FileDraft) -> str:
    """The name under which a transcript is held."""
    return digest("\n".join((draft.suffix, draft.given, draft.name, digest(draft.data.decode("utf-8", "replace")))))


def is_pending(root: Path) -> bool:
    """Whether anything is pending in a root."""
    return bool(files_at(root, FOLDER, 1, ".yml"))


def load_pending(root: Path) -> Pending:
    """All that is pending in a root. Raises ContentError with every fault of every file there, ResourceError where the
    disk refuses."""
    runs: dict[str, Run] = {}
    files: dict[str, tuple[PendingFile, bytes]] = {}
    problems: list[Problem] = []
    for place in files_at(root, FOLDER, 1, ".yml"):
        path = place.relative_to(root).as_posix()
        try:
            found = read_pending(decode(_data(root, path), path), path)
            if isinstance(found, Run):
                runs[place.stem] = found
            else:
                files[place.stem] = found, _data(root, path.removesuffix(".yml") + found.suffix)
        except ContentError as error:
            problems.extend(error.problems)
    if problems:
        raise ContentError(problems)
    return Pending(runs, files, read_record(root, PENDING_PATH))


def _data(root: Path, path: str) -> bytes:
    place = resolve_inside(root, path)
    if not place.is_file():
        remedy = "put it back, or remove the file of this name that ends in .yml"
        raise ContentError([Problem(path, Span(), "this pending file is missing", remedy)])
    if place.stat().st_size > MAX_FILE:
        remedy = "correct it, or remove the file and import its source again"
        raise ContentError([Problem(path, Span(), f"larger than {MAX_FILE // 2**20} MiB", remedy)])
    return read_bytes(place)


def read_pending(text: str, path: str) -> Run | PendingFile:
    """What a file holds or describes. Raises ContentError with the place of everything that is wrong with it."""
    located = read_yaml(text.removeprefix("\ufeff"), path, limit=MAX_FILE)
    if located.value.get("format") == "transcript":
        file, problems = validate(PendingFile, located.value, located, path)
        if file is None:
            raise ContentError(problems)
        return file
    run, problems = validate(Run, located.value, located, path)
    if run is None:
        raise ContentError(problems)
    places = [*run.taken, *(text.place for text in run.waiting)]
    if len(set(places)) < len(places):
        span = located.find(("waiting",))
        raise ContentError([Problem(path, span, "a place is used twice", "remove one of the two")])
    return run


class _Block(str):
    """A text that is written as a block of lines where YAML can."""


class _Dumper(yaml.SafeDumper):
    """A writer of YAML that knows such texts."""


_Dumper.add_representer(_Block, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|"))


def dump_run(texts: Iterable[PendingText], taken: Mapping[int, str]) -> str:
    """The text of the file in which the texts of a source are held; `taken` has the episodes of others, by place.

    >>> text = PendingText(place=2, kind="teaser", line=3, title="Looms", text="How to weave.")
    >>> print(dump_run([text], {1: "loom-001"}).partition("out.\\n")[2])
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
    values: dict[str, Any] = {"format": "player", **({"taken": dict(sorted(taken.items()))} if taken else {})}
    values["waiting"] = [_values(text) for text in sorted(texts, key=lambda text: text.place)]
    return head + _yaml(values)


def _values(text: PendingText) -> dict[str, Any]:
    return {**text.model_dump(exclude_unset=True, warnings=False), "text": _Block(text.text)}


def _yaml(values: Any) -> str:
    text: str = yaml.dump(values, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000)
    return text


def dump_file(draft: FileDraft) -> str:
    """The text of the file that describes a pending transcript."""
    values = {"format": "transcript", "suffix": draft.suffix, "name": draft.name, "series": draft.given}
    what = "Chapters" if KINDS[draft.suffix] == "chapters" else "A transcript"
    head = _HEAD.format(what=f"{what} beside this file", where="here")
    return head + dump_mapping({name: value for name, value in values.items() if value})
