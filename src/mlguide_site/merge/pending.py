"""What waits in `.mlguide/pending/` for an episode that takes it: files that people can read, edit and delete.

`<name>.yml` holds the texts of one source, or says what is known of a transcript or of chapters, which stand beside it
as `<name>.vtt` or `<name>.chapters.json`. The name is made from what the source says, so that the same source always
waits in the same file. Limits: 32 MiB a file, 1,000 texts, 1 MiB a text.
"""

import contextlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, StringConstraints

from mlguide_site.content.codec import Located, dump_value, read_yaml
from mlguide_site.content.validate import validate
from mlguide_site.errors import ContentError, Problem, Span
from mlguide_site.importers import Draft, FileDraft, Loose
from mlguide_site.merge.base import digest
from mlguide_site.merge.loose import Run
from mlguide_site.model import Record, format_duration
from mlguide_site.model.base import Duration, IsoDate, Slug, Text, Url

FOLDER = ".mlguide/pending"
MAX_FILE = 32 * 1024 * 1024
MAX_TEXT = 1024 * 1024
MAX_TEXTS = 1_000
REMEDY = "correct it, or remove the file and import its source again"
_HEAD = """\
# {what} that no episode here has taken yet; each import tries again.
# A line such as "episode: mla-012" {where} tells whose it is. What isn't wanted can be taken out.
"""


class WaitingText(Record):
    """One text of a source as its file says it: see `importers.Draft` and `importers.Loose`."""

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


class WaitingRun(Record):
    """The texts of one source that wait, and the episodes that took others of them, by place."""

    format: Literal["player"]
    taken: dict[Annotated[int, Field(ge=1)], Slug] = Field(default_factory=dict)
    waiting: Annotated[tuple[WaitingText, ...], Field(max_length=MAX_TEXTS)] = ()


class WaitingFile(Record):
    """What is known of a transcript or of chapters that wait: what the source was called, and the series given."""

    format: Literal["transcript"]
    suffix: Literal[".vtt", ".chapters.json"]
    name: Annotated[str, StringConstraints(max_length=300)] = ""
    series: Slug | None = None
    episode: Slug | None = None


@dataclass(frozen=True, slots=True)
class RunFile:
    """A file of waiting texts: its text, and what it says."""

    text: str
    run: Run


@dataclass(frozen=True, slots=True)
class SidecarFile:
    """A transcript that waits: the bytes of its description, what it is, and the episode that a person gave it."""

    text: str
    draft: FileDraft
    given: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """All that waits in a root, by name, and the names of what imports have put there; and the bytes of data files
    without a description, by path, which an import that was cut off has left."""

    runs: Mapping[str, RunFile] = field(default_factory=lambda: MappingProxyType({}))
    files: Mapping[str, SidecarFile] = field(default_factory=lambda: MappingProxyType({}))
    written: frozenset[str] = frozenset()
    left: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))


def run_name(drafts: Iterable[Draft]) -> str:
    """The name of the file in which the texts of a source wait."""
    return digest("\n\n".join(_entry(draft, "") for draft in drafts))


def file_name(draft: FileDraft) -> str:
    """The name under which a transcript waits."""
    return digest("\n".join((draft.suffix, draft.given, draft.name, digest(draft.data.decode("utf-8", "replace")))))


def is_name(name: str) -> bool:
    """Whether imports name files so."""
    return len(name) == 16 and set(name) <= set("0123456789abcdef")


def dump_run(run: Run) -> str:
    """The text of the file in which a run waits.

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
    lines = [_HEAD.format(what="Texts of a podcast player's page", where="in its entry"), "format: player\n"]
    lines.append(_taken(run.taken))
    lines.append("waiting:\n")
    lines += [_entry(draft, run.given.get(place, "")) for place, draft in sorted(run.drafts.items())]
    return "".join(lines)


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
    """A text as a block of lines, or quoted where it would read otherwise."""
    lines = "".join(f"\n    {line}" if line else "\n" for line in text.split("\n"))
    with contextlib.suppress(ContentError):
        if read_yaml(f"text: |-{lines}\n", "", limit=MAX_FILE).value == {"text": text}:
            return f"|-{lines}"
    return yaml.safe_dump(text, default_style='"', width=1_000_000).rstrip("\n")


def dump_file(draft: FileDraft, given: str = "") -> str:
    """The text of the file that describes a waiting transcript."""
    what = "Chapters" if draft.suffix == ".chapters.json" else "A transcript"
    values = {
        "format": "transcript",
        "suffix": draft.suffix,
        "name": draft.name,
        "series": draft.given,
        "episode": given,
    }
    lines = "".join(f"{key}: {dump_value(value)}\n" for key, value in values.items() if value)
    return _HEAD.format(what=f"{what} beside this file", where="here") + lines


def shorten(file: RunFile, left: Run, path: str) -> str:
    """The text of a file from which some entries go, because episodes took them: what else a person wrote stays."""
    if file.text == dump_run(file.run):
        return dump_run(left)
    located = read_yaml(file.text.removeprefix("\ufeff"), path, limit=MAX_FILE)
    entries = located.value["waiting"]
    starts = [located.find(("waiting", at)).line - 1 for at in range(len(entries))]
    lines = re.split(r"(?<=\n)", file.text)
    gone: set[int] = set()
    for at, start in enumerate(starts):
        if int(entries[at]["place"]) not in left.drafts:
            end = starts[at + 1] if at + 1 < len(starts) else len(lines)
            # comments right above an entry are about it
            while end > start + 1 and at + 1 < len(starts) and lines[end - 1].startswith("#"):
                end -= 1
            gone.update(range(start, end))
    extent = located.extent("taken")
    if extent:
        gone.update(range(*extent))
    at = located.find_key(("waiting",)).line - 1
    kept = ["".join(line for n, line in enumerate(lines[:at]) if n not in gone), _taken(left.taken)]
    kept += [line for n, line in enumerate(lines[at:], at) if n not in gone]
    result = "".join(kept)
    try:
        found = read_pending(result, path)
    except ContentError:
        return dump_run(left)
    return result if isinstance(found, Run) and found == left else dump_run(left)


def read_pending(text: str, path: str) -> Run | tuple[FileDraft, str]:
    """What a file says: a run of texts, or a transcript without its data and the episode given to it.

    Raises ContentError with the place of everything that is wrong with it.
    """
    located = read_yaml(text.removeprefix("\ufeff"), path, limit=MAX_FILE)
    if located.value.get("format") == "transcript":
        record, problems = validate(WaitingFile, located.value, located, path)
        if record is None:
            raise ContentError(problems)
        return FileDraft(record.suffix, b"", name=record.name, given=record.series or ""), record.episode or ""
    run, problems = validate(WaitingRun, located.value, located, path)
    if run is None:
        raise ContentError(problems)
    return _run(run, located, path)


def _run(record: WaitingRun, located: Located, path: str) -> Run:
    drafts: dict[int, Draft] = {}
    given: dict[int, str] = {}
    for at, text in enumerate(record.waiting):
        if text.place in drafts or text.place in record.taken:
            span = located.find(("waiting", at))
            raise ContentError([Problem(path, span, f"place {text.place} stands twice", "take one of the two out")])
        drafts[text.place] = _draft(text)
        if text.episode:
            given[text.place] = text.episode
    return Run(dict(sorted(drafts.items())), given, dict(sorted(record.taken.items())))


def _draft(text: WaitingText) -> Draft:
    fields: dict[str, Any] = {"title": text.title} if text.title else {}
    fields |= {"date": text.date} if text.date else {}
    fields |= {"duration": format_duration(text.duration)} if text.duration else {}
    fields["source"] = {"format": "player", **({"url": text.url} if text.url else {})}
    fields |= {"truncated": True} if text.cut else {}
    loose = Loose(text.place, text.kind == "teaser", text.lead)
    return Draft(text.series or "", None, None, "", fields, text.text, line=text.line, loose=loose)


def dump_written(names: Iterable[str]) -> bytes | None:
    """The record of what imports have put among what waits, one name a line; None for nothing."""
    lines = sorted(names)
    return "".join(f"{name}\n" for name in lines).encode() if lines else None


def load_written(data: bytes, path: str) -> frozenset[str]:
    """The record from the bytes of its file. Raises ContentError where they are none."""
    names = data.decode("utf-8", "replace").split()
    if not all(is_name(name) for name in names):
        remedy = "take the file from an earlier commit, or remove it"
        raise ContentError([Problem(path, Span(), "not a record of an import", remedy)])
    return frozenset(names)
