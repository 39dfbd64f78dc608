"""Texts that name no episode, such as those of a podcast player's page: matched and merged, or held.

A text is of the episode that a person gave it, else of the only one with its title, else of the only one that has most
of its words in runs. An ambiguous text is held in `.mlguide/pending/`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import accumulate
from typing import Any, NamedTuple

from mlguide_site.importers import Draft
from mlguide_site.importers.common.promotion import cut_out, find_matches
from mlguide_site.importers.common.titles import read_number, read_prefix
from mlguide_site.merge.episodes import Episodes
from mlguide_site.merge.matching import Known, plain_title, read_day
from mlguide_site.merge.merging import is_bare
from mlguide_site.merge.pending import FOLDER, Held, Matched, Queue, Run, dump_run, run_name
from mlguide_site.merge.records import FILL, Base, line_hashes, value_hash

RUN = 3
"""How many neighbouring words make a run."""
COMMON_FROM, COMMON = 8, 0.25
"""Runs in more than this share of at least so many episodes say nothing."""
SURE, SURE_NOTES, SURE_WORDS, SURE_LEAD = 0.7, 0.5, 8, 0.2
"""Which share of a teaser, or of notes in full, an episode must have in runs, how many words these must hold, and by
how much it must lead every other episode."""
SIMILAR = 0.2
"""From which share on an episode is listed as similar."""
HEAD_WORDS = 60
FAR = timedelta(days=3)
_ADDRESS = re.compile(r"\]\([^()\s]{0,2000}\)|https?://\S{1,2000}")
_WORD = re.compile(r"[^\W_]+")
_PART = re.compile(r"\b(?:part|pt|teil|chapter|volume|vol)\.?\s{1,3}#?([0-9]{1,2}|[a-z]{1,5})\b", re.I)
_PART_NAMES = ("one two three four five six seven eight nine ten", "i ii iii iv v vi vii viii ix x")
_PARTS = {name: str(at) for names in _PART_NAMES for at, name in enumerate(names.split(), 1)}
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_MARK = re.compile(r"(\s*(?:[-+*]|\d{1,9}[.)])\s+|#{1,6}\s+|\s*)")

Shares = Mapping[str, float]
"""By id of an episode, which share of a text's words it has in runs."""


class Candidate(NamedTuple):
    """An episode that a text may be of. `words` are those of title, summary and notes, but for those that teasers gave;
    `part` tells which of several parts it is, "" for none."""

    known: Known
    words: tuple[str, ...]
    part: str


class Match(NamedTuple):
    """The episode of a text, and why: `hand`, `title` or `text`."""

    id: str
    by: str


def match_pending(
    sources: Iterable[tuple[str, Sequence[Draft]]],
    runs: Mapping[str, Run],
    queue: Queue,
    episodes: Episodes,
    series: Mapping[str, Any],
) -> None:
    """Merge every text that names no episode into the one that it is of, where that is certain; hold the others.

    `sources` are names with drafts, `runs` what is pending, `series` the entries of `series.yml` as they will be. Notes
    in full come before teasers, so that teasers are compared with them.
    """
    fresh = {run_name(drafts): (name, drafts) for name, drafts in sources if drafts}
    names = {name: fresh[name][0] if name in fresh else f"{FOLDER}/{name}.yml" for name in sorted({*fresh, *runs})}
    # of a run that is pending and imported again, its file says what is open
    new = {name: Run({one.loose.place: one for one in own if one.loose}, {}, {}) for name, (_, own) in fresh.items()}
    matches: dict[str, dict[int, Match]] = {name: {} for name in names}
    merger = _Merger(episodes, series, queue)
    for teasers in (False, True) if names else ():
        candidates = merger.candidates()
        now = {name: merger.with_leads(runs.get(name) or new[name], teasers) for name in names}
        for name, run in now.items():
            matches[name] |= match_run(run, candidates)
        for name, run in now.items():
            for place, draft in sorted(run.drafts.items()):
                if place in matches[name]:
                    merger.merge(names[name], draft, matches[name][place])
    candidates = merger.candidates() if names else {}
    for name in names:
        before, ids = runs.get(name) or new[name], {place: match.id for place, match in matches[name].items()}
        left = Run(
            {place: draft for place, draft in before.drafts.items() if place not in ids},
            {place: id for place, id in before.given.items() if place not in ids},
            dict(sorted({**before.taken, **ids}.items())),
        )
        is_changed = name not in runs or left != before
        _hold(name, left, is_changed, merger, candidates)


def _hold(name: str, run: Run, is_changed: bool, merger: "_Merger", candidates: Mapping[str, Candidate]) -> None:
    """Hold what is left of a run, with the two most similar episodes of each text for a person to look at."""
    for place, id in run.given.items():
        message = f'there is no episode "{id}" for the text of line {run.drafts[place].line}'
        merger.queue.unknown_episode(f"{FOLDER}/{name}.yml", message)
    if not run.drafts:
        merger.queue.remove(name, ".yml")
        return
    files = {".yml": dump_run(run).encode()} if is_changed else {}
    path = merger.queue.put(name, files, f"{len(run.drafts)} text(s)")
    shares = shares_of(run := merger.with_leads(run), candidates)
    for place, draft in sorted(run.drafts.items()):
        near = sorted((-share, id) for id, share in shares[place].items() if share >= SIMILAR)[:2]
        like = tuple(id for _, id in near)
        merger.queue.held.append(Held(path, draft.line, _kind(draft), draft.body, lead_of(draft), like))


def match_run(run: Run, candidates: Mapping[str, Candidate]) -> dict[int, Match]:
    """The texts of a run, all of one kind, whose episode is certain; no two are of one episode."""
    shares = shares_of(run, candidates)
    found = {place: Match(id, "hand") for place, id in run.given.items() if id in candidates and place in run.drafts}
    for by, ids in (("title", _by_title(run, candidates)), ("text", _by_words(run, shares))):
        used = {match.id for match in found.values()}
        if by == "text":
            used |= {id for id in run.taken.values() if any(map(is_teaser, run.drafts.values()))}
        open_ = {at: id for at, id in ids.items() if at not in found}
        uses = Counter(open_.values())
        found |= {at: Match(id, by) for at, id in open_.items() if uses[id] == 1 and id not in used}
    return found


def _by_title(run: Run, candidates: Mapping[str, Candidate]) -> dict[int, str]:
    """The texts with the title of exactly one episode, which may be written with a number."""
    ids: dict[str, list[str]] = defaultdict(list)
    for id, one in candidates.items():
        ids[plain_title(one.known.title)].append(id)
    found: dict[int, str] = {}
    for place, draft in run.drafts.items():
        prefixed = read_prefix(draft.title)
        names = {draft.title, read_number(draft.title).title, prefixed.title if prefixed else ""} - {""}
        same = {id for name in names for id in ids.get(plain_title(name), ()) if is_possible(draft, candidates[id])}
        if len(same) == 1:
            found[place] = same.pop()
    return found


def _by_words(run: Run, shares: Mapping[int, Shares]) -> dict[int, str]:
    """The texts that an episode has most of, where no other episode and no other text comes near."""
    found: dict[int, str] = {}
    for place, draft in run.drafts.items():
        ranked = sorted(((share, id) for id, share in shares[place].items()), reverse=True)
        share, id = ranked[0] if ranked else (0.0, "")
        others = [other for other, _ in ranked[1:2]] + [own.get(id, 0.0) for at, own in shares.items() if at != place]
        enough = share >= (SURE if is_teaser(draft) else SURE_NOTES) and share * len(text_words(draft)) >= SURE_WORDS
        if enough and all(other <= share - SURE_LEAD for other in others):
            found[place] = id
    return found


def shares_of(run: Run, candidates: Mapping[str, Candidate]) -> dict[int, Shares]:
    """For each text of a run the episodes that it may be of and that share runs of words with it."""
    words = [text_words(draft) for draft in run.drafts.values()]
    found = compare(words, {id: one.words for id, one in candidates.items()})
    return {
        place: {id: share for id, share in own.items() if is_possible(draft, candidates[id])}
        for (place, draft), own in zip(run.drafts.items(), found, strict=True)
    }


def compare(texts: Sequence[Sequence[str]], episodes: Mapping[str, Sequence[str]]) -> list[Shares]:
    """For each text the episodes that share a run with it, and which share of its words is in such runs. Runs that many
    episodes have don't count. Linear in the length of texts and notes.

    >>> compare(["a loom weaves cloth".split()], {"a": "how a loom weaves cloth on a frame".split(), "b": ["how"]})
    [{'a': 1.0}]
    """
    wanted = {run for text in texts for run in _runs(text)}
    holders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for id, words in sorted(episodes.items()):
        for run in wanted.intersection(_runs(words)):
            holders[run].append(id)
    most = COMMON * len(episodes) if len(episodes) >= COMMON_FROM else len(episodes)
    found: list[Shares] = []
    for text in texts:
        covered: dict[str, set[int]] = defaultdict(set)
        for at, run in enumerate(_runs(text)):
            ids = holders.get(run, ())
            for id in ids if len(ids) <= most else ():
                covered[id].update(range(at, at + RUN))
        found.append({id: round(len(places) / len(text), 6) for id, places in covered.items()})
    return found


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def plain_words(text: str) -> list[str]:
    """The words of a text or a body as they are compared: small letters, no marks, no addresses.

    >>> plain_words("See **Docker's** [page](https://d.example/x), or https://a.example")
    ['see', 'docker', 's', 'page', 'or']
    """
    return _WORD.findall(_ADDRESS.sub(" ", text).casefold())


def text_words(draft: Draft) -> list[str]:
    """The words of a text, without those that other texts begin with and without a last one that was cut."""
    text = " ".join(draft.body.split()[lead_of(draft) :])
    words = plain_words(text)
    return words[:-1] if draft.truncated and text.rstrip(".… ")[-1:].isalnum() else words


def is_teaser(draft: Draft) -> bool:
    """Whether a draft only fills in what an episode lacks."""
    return draft.loose is not None and draft.loose.teaser


def _kind(draft: Draft) -> str:
    return "teaser" if is_teaser(draft) else "notes"


def lead_of(draft: Draft) -> int:
    """How many of a text's first words belong to something else."""
    return draft.loose.lead if draft.loose else 0


def with_lead(draft: Draft, promotions: Iterable[Sequence[str]]) -> Draft:
    """A teaser with the number of its first words that are promotion, or what is left of it without its links.

    >>> from mlguide_site.importers import Loose
    >>> teaser = Draft("", None, None, "", {}, "to weave at home! How looms work.", loose=Loose(1, True))
    >>> lead_of(with_lead(teaser, [plain_words("Get our book to weave at home")]))
    4
    """
    if draft.loose is None or not draft.loose.teaser:
        return draft
    tokens = [plain_words(token) for token in draft.body.split()]
    flat = [word for words in tokens for word in words]
    runs = {run for promotion in promotions for run in _runs(promotion)}
    known = {at + step for at, run in enumerate(_runs(flat)) if run in runs for step in range(RUN)}
    first = next((at for at in range(len(flat)) if at not in known), len(flat))
    lead = sum(end <= first for end in accumulate(map(len, tokens))) if first else 0
    return replace(draft, loose=replace(draft.loose, lead=max(lead, draft.loose.lead)))


def is_possible(draft: Draft, candidate: Candidate) -> bool:
    """Whether nothing contradicts that a text is of an episode: another part of several, another date or series."""
    if draft.series and draft.series != candidate.known.series:
        return False
    part = part_of(draft.title, text_words(draft))
    if part and candidate.part and part != candidate.part:
        return False
    day, other = read_day(draft.fields.get("date")), read_day(candidate.known.date)
    return day is None or other is None or abs(day - other) <= FAR


def part_of(title: str, words: Sequence[str]) -> str:
    """Which of several parts a title names, else the first words of a text; "" for none.

    >>> part_of("Looms (Part 2)", []), part_of("Looms", ["part", "two", "of", "looms"]), part_of("Looms in 2024", [])
    ('2', '2', '')
    """
    found = _PART.search(title) or _PART.search(" ".join(words[:HEAD_WORDS]))
    name = found[1].casefold() if found else ""
    return name.lstrip("0") if name.isdigit() else _PARTS.get(name, "")


class _Merger:
    """Merges matched texts into episodes."""

    def __init__(self, episodes: Episodes, series: Mapping[str, Any], queue: Queue) -> None:
        self.episodes, self.queue = episodes, queue
        self.series = {id: fields for id, fields in series.items() if isinstance(fields, Mapping)}
        patterns = {pattern for id in self.series for pattern in self.patterns(id)}
        self.promotions = [plain_words(pattern) for pattern in sorted(patterns)]

    def patterns(self, series: str) -> list[str]:
        return [str(pattern) for pattern in self.series.get(series, {}).get("promotion") or ()]

    def with_leads(self, run: Run, teasers: bool | None = None) -> Run:
        """A run whose teasers have their leads; only its teasers or its notes in full where that is asked for."""
        own = {at: one for at, one in run.drafts.items() if teasers is None or is_teaser(one) == teasers}
        return replace(run, drafts={at: with_lead(draft, self.promotions) for at, draft in own.items()})

    def candidates(self) -> dict[str, Candidate]:
        """The episodes of podcasts with their words, without those that teasers filled in."""
        found: dict[str, Candidate] = {}
        for id in sorted(self.episodes.fronts):
            known, base, body = self.episodes.known_one(id), self.episodes.bases.get(id), self.episodes.body(id)
            if (self.series.get(known.series, {}).get("kind") or "podcast") != "podcast":
                continue
            summary = str(self.episodes.fronts[id].get("summary") or "")
            if base and "summary" in base.fields and base.fields["summary"].format == FILL:
                summary = ""
            notes = [] if _is_ours(base, body, FILL) else plain_words(body)
            words = (*plain_words(known.title), *plain_words(summary), *notes)
            found[id] = Candidate(known, words, part_of(known.title, notes))
        return found

    def merge(self, source: str, draft: Draft, match: Match) -> None:
        """Merge a text into its episode: notes in full as those of any source, a teaser only where something lacks."""
        id, series, format = match.id, self.episodes.places[match.id], str(draft.fields["source"]["format"])
        notes, left_out = _without_promotion(draft, self.patterns(series))
        base, body, front = self.episodes.bases.get(id), self.episodes.body(id), self.episodes.fronts[id]
        cut: dict[str, Any] = {"truncated": True} if draft.truncated else {}
        plain = replace(draft, series=series, loose=None, number=None, fields=cut, body=notes, assets=())
        fields = {name: draft.fields[name] for name in ("date", "duration") if name in draft.fields}
        fields = {name: value for name, value in fields.items() if not front.get(name)}
        if is_teaser(draft):
            takes_body = bool(notes) and _may_fill_body(base, body, notes, draft.truncated)
            summary = " ".join(_ESCAPED.sub(r"\1", notes).split()) if match.by != "text" else ""
            if summary and _may_fill_summary(base, front.get("summary"), summary):
                fields["summary"] = summary
        else:
            # of two versions of the same format the longer one counts, whichever came first
            size = len(notes.split()), notes
            takes_body = not _is_ours(base, body, format) or size >= (len(body.split()), body.strip("\n"))
        if takes_body:
            self.episodes.merge(plain, id, FILL if is_teaser(draft) else format)
        if fields:
            self.episodes.merge(replace(plain, fields=fields, body=""), id, FILL)
        now = self.episodes.bases.get(id)
        if not is_teaser(draft) and now and now.body and now.body.format == format:
            self.episodes.merge(replace(plain, fields={"source": draft.fields["source"]}, body=""), id, format)
        if takes_body or "summary" in fields:
            self.episodes.promotion.update((series, pattern) for pattern in set(left_out))
        self.queue.matched.append(Matched(id, source, draft.line, _kind(draft), match.by, draft.body))


def _is_ours(base: Base | None, body: str, format: str) -> bool:
    """Whether a body is as an import of a format wrote it."""
    return bool(base and base.body and base.body.format == format and line_hashes(body) == base.body.lines)


def _may_fill_body(base: Base | None, body: str, notes: str, cut: bool) -> bool:
    """Whether a teaser stands in for notes: where there are none and nobody removed them, or a shorter teaser does."""
    if base is None or base.body is None:
        return is_bare(body)
    old = not base.body.truncated, len(body.strip("\n")), body.strip("\n")
    return _is_ours(base, body, FILL) and (not cut, len(notes), notes) > old


def _may_fill_summary(base: Base | None, now: object, summary: str) -> bool:
    """Whether a teaser becomes the summary: where there is none, or that of a shorter teaser."""
    before = base.fields.get("summary") if base else None
    if before is None:
        return not now
    is_ours = before.format == FILL and value_hash(now) == before.hash
    return is_ours and (len(summary), summary) > (len(str(now)), str(now))


def _without_promotion(draft: Draft, patterns: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """A body without the promotion of its series and, of a teaser, without its lead."""
    if not is_teaser(draft):
        return cut_lines(draft.body, patterns)
    words, lead = draft.body.split(" "), lead_of(draft)
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
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        mark = found[1] if (found := _MARK.match(line)) else ""
        matches = find_matches(line[len(mark) :], patterns)
        rest = cut_out(line[len(mark) :], matches)
        nests = len(below) - len(below.lstrip()) > len(line) - len(line.lstrip())
        if not matches or (not rest and (nests or line.startswith("#"))):
            kept.append(line)
            continue
        used += [match.pattern for match in matches]
        kept += [mark + rest] if rest else []
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip("\n"), tuple(used)
