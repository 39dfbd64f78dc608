"""All texts that name no episode, pending ones and those of this import: matched, merged, and held where ambiguous."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from mlguide_site.errors import Problem, Severity, Span
from mlguide_site.importers import Draft
from mlguide_site.importers.common.promotion import cut_out, find_matches
from mlguide_site.merge.episodes import Episodes
from mlguide_site.merge.merging import is_bare
from mlguide_site.merge.pending import FOLDER, Pending, RunFile, dump_run, run_name, without_taken
from mlguide_site.merge.records import FILL, PENDING_PATH, Base, line_hashes, value_hash
from mlguide_site.merge.unmatched import (
    HEAD_WORDS,
    Candidate,
    Match,
    Run,
    is_teaser,
    match_run,
    most_similar,
    part_of,
    plain_words,
    with_lead,
)

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_MARK = re.compile(r"(\s*(?:[-+*]|\d{1,9}[.)])\s+|#{1,6}\s+|\s*)")


class Matched(NamedTuple):
    """A text and the episode that took it: its source and line, its kind (`teaser`, `notes`, `transcript` or
    `chapters`), why (see `unmatched.Match`), and the text itself, "" for a transcript."""

    id: str
    source: str
    line: int
    kind: str
    by: str
    text: str = ""


class Held(NamedTuple):
    """A text that no episode took: the file that holds it ("" where a person deleted that), its line in its source, its
    kind, the text ("" for a transcript), how many of its first words are promotion, and the most similar episodes."""

    path: str
    line: int
    kind: str
    text: str
    lead: int = 0
    like: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The files of pending texts to write by path (None: to remove), what was matched and what is held."""

    files: Mapping[str, bytes | None]
    matched: tuple[Matched, ...]
    held: tuple[Held, ...]
    problems: tuple[Problem, ...]


class _Source(NamedTuple):
    """The texts of one source: the name of their file, the name of the source, the file, and the run of texts."""

    name: str
    shown: str
    file: RunFile | None
    run: Run


def match_pending(
    sources: Sequence[tuple[str, Sequence[Draft]]], pending: Pending, episodes: Episodes, series: Mapping[str, Any]
) -> Outcome:
    """Merge every text that names no episode into the one that it is of, where that is certain.

    `sources` are names with drafts, `series` the entries of `series.yml` as they will be. Notes in full come before
    teasers, so that teasers are compared with them.
    """
    runs = list(_sources(sources, pending))
    if not runs:
        return Outcome({}, (), (), ())
    merger = _Merger(episodes, series)
    found: dict[str, dict[int, Match]] = {}
    for teasers in (False, True):
        candidates = merger.candidates()
        for source in runs:
            open_ = {at: one for at, one in source.run.drafts.items() if is_teaser(one) == teasers}
            run = merger.with_leads(replace(source.run, drafts=open_))
            found.setdefault(source.name, {}).update(match_run(run, candidates, merger.prefixes))
        for source in runs:
            for place, match in sorted(found[source.name].items()):
                if is_teaser(source.run.drafts[place]) == teasers:
                    merger.merge(source, with_lead(source.run.drafts[place], merger.promotions), match)
    return _outcome(runs, found, pending, merger)


def _sources(sources: Sequence[tuple[str, Sequence[Draft]]], pending: Pending) -> Iterator[_Source]:
    """Pending runs and those of this import, by name; of a run that is both, the file says what is open."""
    fresh = {run_name(drafts): (name, drafts) for name, drafts in sources if drafts}
    for name in sorted({*fresh, *pending.runs}):
        shown, drafts = fresh.get(name, (f"{FOLDER}/{name}.yml", ()))
        file = pending.runs.get(name)
        run = Run({draft.loose.place: draft for draft in drafts if draft.loose}, {}, {})
        yield _Source(name, shown, file, file.run if file else run)


class _Merger:
    """Merges matched texts into episodes."""

    def __init__(self, episodes: Episodes, series: Mapping[str, Any]) -> None:
        self.episodes = episodes
        self.series = {id: fields for id, fields in series.items() if isinstance(fields, Mapping)}
        self.matched: list[Matched] = []
        self.prefixes = {str(one["prefix"]).upper(): id for id, one in sorted(self.series.items()) if one.get("prefix")}
        patterns = {pattern for id in self.series for pattern in self.patterns(id)}
        self.promotions = [plain_words(pattern) for pattern in sorted(patterns)]

    def patterns(self, series: str) -> list[str]:
        return [str(pattern) for pattern in self.series.get(series, {}).get("promotion") or ()]

    def with_leads(self, run: Run) -> Run:
        return replace(run, drafts={at: with_lead(draft, self.promotions) for at, draft in run.drafts.items()})

    def candidates(self) -> dict[str, Candidate]:
        """The episodes of podcasts with their words, without those that teasers filled in."""
        found = {}
        for id in sorted(self.episodes.fronts):
            known, base = self.episodes.known_one(id), self.episodes.bases.get(id)
            if (self.series.get(known.series, {}).get("kind") or "podcast") != "podcast":
                continue
            given = base.fields.get("summary") if base else None
            summary = self.episodes.fronts[id].get("summary")
            body = self.episodes.body(id)
            if base and base.body and base.body.format == FILL and line_hashes(body) == base.body.lines:
                body = ""
            words = plain_words(body)
            texts = (known.title, "" if given and given.format == FILL else str(summary or ""))
            text = (*(word for one in texts for word in plain_words(one)), *words)
            found[id] = Candidate(known, text, part_of(known.title, " ".join(words[:HEAD_WORDS])))
        return found

    def merge(self, source: _Source, draft: Draft, match: Match) -> None:
        """Merge a text into its episode: notes in full as those of any source, a teaser only where something lacks."""
        id, series, format = match.id, self.episodes.places[match.id], str(draft.fields["source"]["format"])
        notes, left_out = _without_promotion(draft, self.patterns(series))
        base, body, front = self.episodes.bases.get(id), self.episodes.body(id), self.episodes.fronts[id]
        cut: dict[str, Any] = {"truncated": True} if draft.truncated else {}
        plain = replace(draft, series=series, loose=None, number=None, fields=cut, body=notes, assets=())
        merged = False
        if not is_teaser(draft):
            if merged := not _has_more(base, body, notes, format):
                self.episodes.merge(plain, id, format)
        elif notes and _may_fill_body(base, body, notes, draft.truncated):
            merged = True
            self.episodes.merge(plain, id, FILL)
        fields = {name: draft.fields[name] for name in ("date", "duration") if name in draft.fields}
        fields = {name: value for name, value in fields.items() if not front.get(name)}
        summary = " ".join(_ESCAPED.sub(r"\1", notes).split()) if is_teaser(draft) and match.by != "text" else ""
        if summary and _may_fill_summary(base, front.get("summary"), summary):
            merged = True
            fields["summary"] = summary
        if fields:
            self.episodes.merge(replace(plain, fields=fields, body=""), id, FILL)
        now = self.episodes.bases.get(id)
        if not is_teaser(draft) and now and now.body and now.body.format == format:
            self.episodes.merge(replace(plain, fields={"source": draft.fields["source"]}, body=""), id, format)
        if merged:
            self.episodes.promotion.update((series, pattern) for pattern in set(left_out))
        kind = "teaser" if is_teaser(draft) else "notes"
        self.matched.append(Matched(id, source.shown, draft.line, kind, match.by, draft.body))


def _without_promotion(draft: Draft, patterns: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """A body without the promotion of its series and, of a teaser, without its lead."""
    if not is_teaser(draft):
        return cut_lines(draft.body, patterns)
    words = draft.body.split(" ")
    lead = draft.loose.lead if draft.loose else 0
    matches = find_matches(text := " ".join(words[lead:]), patterns)
    own = (_ESCAPED.sub(r"\1", " ".join(words[:lead])),) if lead else ()
    return cut_out(text, matches), (*own, *(match.pattern for match in matches))


def cut_lines(body: str, patterns: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Notes without promotion, and the patterns that matched. A line that is nothing else goes, unless others are
    nested under it.

    >>> cut_lines("- Buy a loom\\n- Buy a loom, or weave.\\n- Buy a loom\\n    - cheap", ["Buy a loom"])
    ('- or weave.\\n- Buy a loom\\n    - cheap', ('Buy a loom', 'Buy a loom'))
    """
    lines = body.split("\n")
    kept: list[str] = []
    used: list[str] = []
    for at, line in enumerate(lines):
        found = _MARK.match(line)
        mark = found[1] if found else ""
        matches = find_matches(line[len(mark) :], patterns)
        rest = cut_out(line[len(mark) :], matches)
        below = lines[at + 1] if at + 1 < len(lines) else ""
        nests = len(below) - len(below.lstrip()) > len(line) - len(line.lstrip())
        if not matches or (not rest and (nests or line.startswith("#"))):
            kept.append(line)
            continue
        used += [match.pattern for match in matches]
        if rest:
            kept.append(mark + rest)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n"), tuple(used)


def _has_more(base: Base | None, body: str, notes: str, format: str) -> bool:
    """Whether the episode has longer notes of the same format, whichever came first."""
    if base is None or base.body is None or base.body.format != format or line_hashes(body) != base.body.lines:
        return False
    return (len(notes.split()), notes) < (len(body.split()), body.strip("\n"))


def _may_fill_body(base: Base | None, body: str, notes: str, cut: bool) -> bool:
    """Whether a teaser stands in for notes: where there are none and nobody removed them, or a shorter teaser does."""
    if base is None or base.body is None:
        return is_bare(body)
    if base.body.format != FILL or line_hashes(body) != base.body.lines:
        return False
    return (not cut, len(notes), notes) > (not base.body.truncated, len(body.strip("\n")), body.strip("\n"))


def _may_fill_summary(base: Base | None, now: object, summary: str) -> bool:
    """Whether a teaser becomes the summary: where there is none, or that of a shorter teaser."""
    before = base.fields.get("summary") if base else None
    if before is None:
        return not now
    is_ours = before.format == FILL and value_hash(now) == before.hash
    return is_ours and (len(summary), summary) > (len(str(now)), str(now))


def _outcome(
    sources: Sequence[_Source], found: Mapping[str, Mapping[int, Match]], pending: Pending, merger: _Merger
) -> Outcome:
    files: dict[str, bytes | None] = {}
    held: list[Held] = []
    problems: list[Problem] = []
    candidates = merger.candidates()
    for source in sources:
        path = f"{FOLDER}/{source.name}.yml"
        taken = dict(sorted({**source.run.taken, **{at: one.id for at, one in found[source.name].items()}}.items()))
        drafts = {at: one for at, one in source.run.drafts.items() if at not in found[source.name]}
        left = Run(drafts, {at: id for at, id in source.run.given.items() if at in drafts}, taken)
        for place, id in left.given.items():
            message = f'there is no episode "{id}" for the text of line {drafts[place].line}'
            problems.append(Problem(path, Span(), message, "write the id of an existing one", Severity.WARNING))
        is_deleted = source.file is None and source.name in pending.written and bool(drafts)
        if is_deleted:
            problems.append(deleted_problem(path, f"{len(drafts)} text(s)"))
        like = most_similar(run := merger.with_leads(left), candidates)
        for place, draft in sorted(run.drafts.items()):
            kind, lead = "teaser" if is_teaser(draft) else "notes", draft.loose.lead if draft.loose else 0
            held.append(Held("" if is_deleted else path, draft.line, kind, draft.body, lead, like[place]))
        if not drafts and (source.file or source.name in pending.written):
            files[path] = None
        elif drafts and source.file is None and not is_deleted:
            files[path] = dump_run(left).encode()
        elif drafts and source.file is not None and left != source.file.run:
            files[path] = without_taken(source.file, left, path).encode()
    return Outcome(files, tuple(merger.matched), tuple(held), tuple(problems))


def deleted_problem(path: str, what: str) -> Problem:
    """A hint about pending drafts whose file a person deleted."""
    message = f"this file was deleted by hand; {what} of its source will not be queued again"
    return Problem(path, Span(), message, f"remove its name from {PENDING_PATH} to queue them again", Severity.HINT)
