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
from mlguide_site.merge.pending import FOLDER, Held, Matched, PendingText, Queue, Run, dump_run, pending_text, run_name
from mlguide_site.merge.records import FILL, Base, line_hashes, value_hash
from mlguide_site.model import format_duration

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

FORMAT = "player"
"""The format of which such texts are."""
Shares = Mapping[str, float]
"""By id of an episode, which share of a text's words it has in runs."""


class Candidate(NamedTuple):
    """An episode that a text may be of. `words` are those of title, summary and notes, but for those that teasers gave;
    `part` tells which of several parts it is, "" for none."""

    known: Known
    words: tuple[str, ...]
    part: str


Candidates = Mapping[str, Candidate]


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
    # of a run that is pending and imported again, its file says what is open
    open_ = {name: sorted(run.waiting, key=lambda text: text.place) for name, run in runs.items()}
    shown = {name: f"{FOLDER}/{name}.yml" for name in runs}
    for source, drafts in sources:
        if new := list(map(pending_text, drafts)):
            shown[name := run_name(new)] = source
            open_.setdefault(name, new)
    merger = _Merger(episodes, series, queue)
    before = {name: runs[name].taken if name in runs else {} for name in sorted(open_)}
    found: dict[str, dict[int, str]] = {name: {} for name in before}
    for kind in ("notes", "teaser") if open_ else ():
        candidates = merger.candidates()
        now = {name: [merger.with_lead(text) for text in open_[name] if text.kind == kind] for name in before}
        matches = {name: match_run(texts, before[name].values(), candidates) for name, texts in now.items()}
        for name, texts in now.items():
            for text in texts:
                if match := matches[name].get(text.place):
                    found[name][text.place] = match.id
                    merger.merge(shown[name], text, match)
    candidates = merger.candidates() if open_ else {}
    for name, ids in found.items():
        left = [text for text in open_[name] if text.place not in ids]
        dumped = {".yml": dump_run(left, {**before[name], **ids}).encode()} if ids or name not in runs else {}
        _hold(name, left, dumped, merger, candidates)


def _hold(
    name: str, left: Sequence[PendingText], files: Mapping[str, bytes], merger: "_Merger", candidates: Candidates
) -> None:
    """Hold what is left of a run, with the two most similar episodes of each text for a person to look at."""
    queue, open_ = merger.queue, list(map(merger.with_lead, left))
    for text in open_:
        if text.episode:
            message = f'there is no episode "{text.episode}" for the text of line {text.line}'
            queue.unknown_episode(f"{FOLDER}/{name}.yml", message)
    if not left:
        queue.remove(name, ".yml")
        return
    path = queue.put(name, files, f"{len(left)} text(s)")
    for text, shares in zip(open_, shares_of(open_, candidates), strict=True):
        near = sorted((-share, id) for id, share in shares.items() if share >= SIMILAR)[:2]
        queue.held.append(Held(path, text.line, text.kind, text.text, text.lead, tuple(id for _, id in near)))


def match_run(texts: Sequence[PendingText], taken: Iterable[str], candidates: Candidates) -> dict[int, Match]:
    """The texts of a source, all of one kind, whose episode is certain, by place; no two are of one episode. `taken`
    are the episodes of its other texts."""
    found = {text.place: Match(text.episode, "hand") for text in texts if text.episode in candidates and text.episode}
    for by, ids in (("title", _by_title(texts, candidates)), ("text", _by_words(texts, shares_of(texts, candidates)))):
        used = {match.id for match in found.values()}
        if by == "text" and any(text.kind == "teaser" for text in texts):
            used |= set(taken)
        open_ = {place: id for place, id in ids.items() if place not in found}
        uses = Counter(open_.values())
        found |= {place: Match(id, by) for place, id in open_.items() if uses[id] == 1 and id not in used}
    return found


def _by_title(texts: Iterable[PendingText], candidates: Candidates) -> dict[int, str]:
    """The texts with the title of exactly one episode, which may be written with a number."""
    ids: dict[str, list[str]] = defaultdict(list)
    for id, one in candidates.items():
        ids[plain_title(one.known.title)].append(id)
    found: dict[int, str] = {}
    for text in texts:
        prefixed = read_prefix(text.title)
        names = {text.title, read_number(text.title).title, prefixed.title if prefixed else ""} - {""}
        same = {id for name in names for id in ids.get(plain_title(name), ()) if is_possible(text, candidates[id])}
        if len(same) == 1:
            found[text.place] = same.pop()
    return found


def _by_words(texts: Sequence[PendingText], shares: Sequence[Shares]) -> dict[int, str]:
    """The texts that an episode has most of, where no other episode and no other text comes near."""
    found: dict[int, str] = {}
    for at, text in enumerate(texts):
        ranked = sorted(((share, id) for id, share in shares[at].items()), reverse=True)
        share, id = ranked[0] if ranked else (0.0, "")
        others = [other for other, _ in ranked[1:2]] + [own.get(id, 0.0) for own in (*shares[:at], *shares[at + 1 :])]
        least = SURE if text.kind == "teaser" else SURE_NOTES
        enough = share >= least and share * len(text_words(text)) >= SURE_WORDS
        if enough and all(other <= share - SURE_LEAD for other in others):
            found[text.place] = id
    return found


def shares_of(texts: Sequence[PendingText], candidates: Candidates) -> list[Shares]:
    """For each text the episodes that it may be of and that share runs of words with it."""
    found = compare([text_words(text) for text in texts], {id: one.words for id, one in candidates.items()})
    return [
        {id: share for id, share in own.items() if is_possible(text, candidates[id])}
        for text, own in zip(texts, found, strict=True)
    ]


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


def text_words(text: PendingText) -> list[str]:
    """The words of a text, without those that other texts begin with and without a last one that was cut."""
    own = " ".join(text.text.split()[text.lead :])
    words = plain_words(own)
    return words[:-1] if text.cut and own.rstrip(".… ")[-1:].isalnum() else words


def with_lead(text: PendingText, promotions: Iterable[Sequence[str]]) -> PendingText:
    """A teaser with the number of its first words that are promotion, or the end of a sentence of promotion.

    >>> teaser = PendingText(place=1, kind="teaser", text="to weave at home! How looms work.")
    >>> with_lead(teaser, [plain_words("Get our book to weave at home")]).lead
    4
    """
    if text.kind != "teaser":
        return text
    tokens = [plain_words(token) for token in text.text.split()]
    flat = [word for words in tokens for word in words]
    runs = {run for promotion in promotions for run in _runs(promotion)}
    known = {at + step for at, run in enumerate(_runs(flat)) if run in runs for step in range(RUN)}
    first = next((at for at in range(len(flat)) if at not in known), len(flat))
    lead = sum(end <= first for end in accumulate(map(len, tokens))) if first else 0
    return text.model_copy(update={"lead": max(lead, text.lead)})


def is_possible(text: PendingText, candidate: Candidate) -> bool:
    """Whether nothing contradicts that a text is of an episode: another part of several, another date or series."""
    if text.series and text.series != candidate.known.series:
        return False
    part = part_of(text.title, text_words(text))
    if part and candidate.part and part != candidate.part:
        return False
    day, other = read_day(text.date), read_day(candidate.known.date)
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

    def with_lead(self, text: PendingText) -> PendingText:
        return with_lead(text, self.promotions)

    def candidates(self) -> Candidates:
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

    def merge(self, source: str, text: PendingText, match: Match) -> None:
        """Merge a text into its episode: notes in full as those of any source, a teaser only where something lacks."""
        id, series, is_teaser = match.id, self.episodes.places[match.id], text.kind == "teaser"
        notes, left_out = _without_promotion(text, self.patterns(series))
        base, body, front = self.episodes.bases.get(id), self.episodes.body(id), self.episodes.fronts[id]
        draft = Draft(series, None, None, "", {"truncated": True} if text.cut else {}, notes, line=text.line)
        known = {"date": text.date, "duration": format_duration(text.duration) if text.duration else None}
        fields = {name: value for name, value in known.items() if value and not front.get(name)}
        if is_teaser:
            takes_body = bool(notes) and _may_fill_body(base, body, notes, text.cut)
            summary = " ".join(_ESCAPED.sub(r"\1", notes).split()) if match.by != "text" else ""
            if summary and _may_fill_summary(base, front.get("summary"), summary):
                fields["summary"] = summary
        else:
            # of two versions of the same format the longer one counts, whichever came first
            size = len(notes.split()), notes
            takes_body = not _is_ours(base, body, FORMAT) or size >= (len(body.split()), body.strip("\n"))
        if takes_body:
            self.episodes.merge(draft, id, FILL if is_teaser else FORMAT)
        if fields:
            self.episodes.merge(replace(draft, fields=fields, body=""), id, FILL)
        now = self.episodes.bases.get(id)
        if not is_teaser and now and now.body and now.body.format == FORMAT:
            named = {"source": {"format": FORMAT, **({"url": text.url} if text.url else {})}}
            self.episodes.merge(replace(draft, fields=named, body=""), id, FORMAT)
        if takes_body or "summary" in fields:
            self.episodes.promotion.update((series, pattern) for pattern in set(left_out))
        self.queue.matched.append(Matched(id, source, text.line, text.kind, match.by, text.text))


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


def _without_promotion(text: PendingText, patterns: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """A body without the promotion of its series and, of a teaser, without its lead."""
    if text.kind != "teaser":
        return cut_lines(text.text, patterns)
    words = text.text.split(" ")
    matches = find_matches(rest := " ".join(words[text.lead :]), patterns)
    own = (_ESCAPED.sub(r"\1", " ".join(words[: text.lead])),) if text.lead else ()
    return cut_out(rest, matches), (*own, *(match.pattern for match in matches))


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
