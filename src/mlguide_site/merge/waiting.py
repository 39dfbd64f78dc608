"""Texts that name no episode: those that wait in the root and those of this import's sources, matched and merged, and
what then still waits. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Draft
from mlguide_site.merge.base import FILL, FOLDER, Base, line_hashes
from mlguide_site.merge.fill import parts_of, source_part
from mlguide_site.merge.likeness import plain_words
from mlguide_site.merge.loose import (
    HEAD_WORDS,
    Candidate,
    Match,
    Run,
    is_teaser,
    match_named,
    match_notes,
    with_lead,
)
from mlguide_site.merge.loose_teasers import likest, match_teasers
from mlguide_site.merge.match import known_episode
from mlguide_site.merge.merge import read_note
from mlguide_site.merge.neighbours import Spot, part_of, read_day
from mlguide_site.merge.pending import FOLDER as WAITING
from mlguide_site.merge.pending import Pending, RunFile, dump_run, run_name, shorten

WRITTEN = f"{FOLDER}/pending.txt"
BEGINNING = 60


class Matched(NamedTuple):
    """A text and the episode that took it: where the text stands, its kind (`teaser`, `notes`, `transcript` or
    `chapters`), what told the episode (see `loose.Match`), and the text itself, "" for a transcript."""

    id: str
    source: str
    line: int
    kind: str
    by: str
    text: str = ""


class StillWaiting(NamedTuple):
    """A text that no episode took: the file in which it waits ("" where a person doesn't want it to), where it stands
    in its source, its kind, the text ("" for a transcript), how many of its first words others begin with as well, and
    the ids of the episodes that are most like it."""

    path: str
    line: int
    kind: str
    text: str
    lead: int = 0
    like: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waited:
    """What became of all that waited: files to write by path (None: to be removed), what was matched, what waits, what
    was left out as promotion, and what is to be said."""

    files: Mapping[str, bytes | None]
    matched: tuple[Matched, ...]
    waiting: tuple[StillWaiting, ...]
    promotion: Mapping[tuple[str, str], int]
    problems: tuple[Problem, ...]


class Episodes(Protocol):
    """The episodes of a root while an import changes them: texts, front matter, records and series by id."""

    notes: dict[str, str]
    fronts: dict[str, Mapping[str, Any]]
    bases: dict[str, Base]
    places: dict[str, str]

    def path(self, id: str) -> str: ...

    def merge(self, draft: Draft, id: str, format: str) -> None: ...


class _Source(NamedTuple):
    """The texts of one source: the name of their file, what is shown of where they come from, those that are open, and
    drafts that are matched already and may say something new."""

    name: str
    shown: str
    file: RunFile | None
    run: Run
    again: Mapping[int, Draft]


def take_waiting(
    told: Sequence[tuple[str, Sequence[Draft]]], pending: Pending, episodes: Episodes, series: Mapping[str, Any]
) -> Waited:
    """Give every text that names no episode to the one that it is of, as far as that can be told.

    `told` are the sources' names with their drafts, `series` the entries of `series.yml` as they will be.
    """
    work = _Work(episodes, series)
    sources = list(_sources(told, pending))
    found: dict[str, dict[int, Match]] = {}
    for teasers in (False, True):
        for source in sources:
            for place, id in source.run.taken.items():
                if place in source.again and is_teaser(source.again[place]) == teasers and id in episodes.notes:
                    work.give(source, source.again[place], Match(id, "earlier"))
        candidates = work.candidates()
        for source in sources:
            matches = found.setdefault(source.name, {})
            run = work.led(_only(source.run, teasers))
            named = match_named(run, candidates, work.prefixes)
            more = match_teasers(run, candidates, named) if teasers else match_notes(_without(run, named), candidates)
            matches |= named | more
        for source in sources:
            for place, match in sorted(found[source.name].items()):
                if is_teaser(source.run.drafts[place]) == teasers:
                    work.give(source, with_lead(source.run.drafts[place], work.promotions), match)
    return _outcome(sources, found, pending, work)


def _sources(told: Sequence[tuple[str, Sequence[Draft]]], pending: Pending) -> Iterator[_Source]:
    """The runs that wait and those that were read, by name; of a run that is both, the file says what is open."""
    fresh = {run_name(drafts): (name, drafts) for name, drafts in told if drafts}
    for name in sorted({*fresh, *pending.runs}):
        shown, drafts = fresh.get(name, (f"{WAITING}/{name}.yml", ()))
        by_place = {draft.loose.place: draft for draft in drafts if draft.loose}
        if file := pending.runs.get(name):
            again = {place: draft for place, draft in by_place.items() if place in file.run.taken}
            yield _Source(name, shown, file, file.run, again)
        else:
            yield _Source(name, shown, None, Run(by_place, {}, {}), {})


def _only(run: Run, teasers: bool) -> Run:
    return replace(run, drafts={place: draft for place, draft in run.drafts.items() if is_teaser(draft) == teasers})


def _without(run: Run, named: Mapping[int, Match]) -> Run:
    return replace(run, drafts={place: draft for place, draft in run.drafts.items() if place not in named})


class _Work:
    """The episodes while texts are merged into them, and what there is to say."""

    def __init__(self, episodes: Episodes, series: Mapping[str, Any]) -> None:
        self.episodes, self.series = episodes, series
        self.matched: list[Matched] = []
        self.promotion: Counter[tuple[str, str]] = Counter()
        self.prefixes = {
            str(fields["prefix"]).upper(): id
            for id, fields in sorted(series.items())
            if isinstance(fields, Mapping) and fields.get("prefix")
        }

        patterns = {str(pattern) for id in series for pattern in self._fields(id).get("promotion") or ()}
        self.promotions = [plain_words(pattern) for pattern in sorted(patterns)]

    def led(self, run: Run) -> Run:
        """A run whose texts know how many of their first words are promotion."""
        return replace(run, drafts={at: with_lead(draft, self.promotions) for at, draft in run.drafts.items()})

    def _fields(self, series: str) -> Mapping[str, Any]:
        found = self.series.get(series)
        return found if isinstance(found, Mapping) else {}

    def candidates(self) -> dict[str, Candidate]:
        """The episodes of podcasts, with what their texts say; what teasers filled in aside, so that it can't speak for
        others."""
        found = {}
        for id, front in sorted(self.episodes.fronts.items()):
            place = self.episodes.places[id]
            if (self._fields(place).get("kind") or "podcast") != "podcast":
                continue
            base = self.episodes.bases.get(id)
            known = known_episode(id, place, front, base.keys if base else ())
            body = read_note(self.episodes.notes[id], self.episodes.path(id))[1]
            given = base.fields.get("summary") if base else None
            summary = "" if given and given.format == FILL else str(front.get("summary") or "")
            if base and base.body and base.body.format == FILL and line_hashes(body) == base.body.lines:
                body = ""
            words = plain_words(body)
            spot = Spot(place, known.season, known.number, read_day(known.date))
            part = part_of(known.title, " ".join(words[:HEAD_WORDS]))
            text = (*plain_words(known.title), *plain_words(summary), *words)
            found[id] = Candidate(id, spot, known.title, text, known.keys, part)
        return found

    def give(self, source: _Source, draft: Draft, match: Match) -> None:
        """Merge a text into its episode."""
        place = self.episodes.places[match.id]
        patterns = [str(pattern) for pattern in self._fields(place).get("promotion") or ()]
        body = read_note(self.episodes.notes[match.id], self.episodes.path(match.id))[1]
        base = self.episodes.bases.get(match.id)
        format = str(draft.fields["source"]["format"])
        front = self.episodes.fronts[match.id]
        said = match.by == "text"
        if match.by == "earlier" and is_teaser(draft):
            # what the first match gave stands
            return
        for part in parts_of(draft, front, body, base, format, patterns, said):
            self.episodes.merge(replace(part.draft, series=place), match.id, part.format)
            self.promotion.update((place, pattern) for pattern in set(part.left_out))
        now = self.episodes.bases.get(match.id)
        if not is_teaser(draft) and now and now.body and now.body.format == format:
            self.episodes.merge(replace(source_part(draft).draft, series=place), match.id, format)
        kind = "teaser" if is_teaser(draft) else "notes"
        self.matched.append(Matched(match.id, source.shown, draft.line, kind, match.by, draft.body))


def _outcome(
    sources: Sequence[_Source], found: Mapping[str, Mapping[int, Match]], pending: Pending, work: _Work
) -> Waited:
    files: dict[str, bytes | None] = {}
    waiting: list[StillWaiting] = []
    problems: list[Problem] = []
    candidates = work.candidates()
    for source in sources:
        path = f"{WAITING}/{source.name}.yml"
        taken = {**source.run.taken, **{place: match.id for place, match in found[source.name].items()}}
        left = Run(_without(source.run, found[source.name]).drafts, source.run.given, dict(sorted(taken.items())))
        left = replace(left, given={place: id for place, id in left.given.items() if place in left.drafts})
        problems += [_unknown(path, left.drafts[place], id) for place, id in left.given.items()]
        deleted = source.file is None and source.name in pending.written and bool(left.drafts)
        if deleted:
            problems.append(_deleted(path, len(left.drafts)))
        like = likest(work.led(left), candidates)
        for place, draft in sorted(left.drafts.items()):
            kind, lead = "teaser" if is_teaser(draft) else "notes", draft.loose.lead if draft.loose else 0
            waiting.append(StillWaiting("" if deleted else path, draft.line, kind, draft.body, lead, like[place]))
        if deleted:
            continue
        if left.drafts:
            text = dump_run(left) if source.file is None else source.file.text
            if source.file is not None and left != source.file.run:
                text = shorten(source.file, left, path)
            if source.file is None or text != source.file.text:
                files[path] = text.encode()
        else:
            files |= {path: None} if source.file or source.name in pending.written else {}
    return Waited(files, tuple(work.matched), tuple(waiting), dict(work.promotion), tuple(problems))


def _unknown(path: str, draft: Draft, id: str) -> Problem:
    message = f'there is no episode "{id}" for the text of line {draft.line}'
    return Problem(path, Span(), message, "write the id of one that is there", Severity.WARNING)


def _deleted(path: str, count: int) -> Problem:
    message = f"this file was deleted by hand; {count} text(s) of its source that no episode took don't wait again"
    remedy = f"take its name out of {WRITTEN} to have them wait"
    return Problem(path, Span(), message, remedy, Severity.HINT)
