"""Matches texts with episodes by title or by words. For example, a podcast player's page doesn't name its episodes."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mlguide_site.importers import Draft
from mlguide_site.importers.common.naming import read_number, read_prefix
from mlguide_site.markdown.plain import without_escapes
from mlguide_site.merge.drafts import Read
from mlguide_site.merge.episodes import Episodes
from mlguide_site.merge.keys import days_between, plain_title
from mlguide_site.merge.match_episodes import Known
from mlguide_site.merge.records import Base, line_hashes
from mlguide_site.merge.report import Matched
from mlguide_site.merge.three_way import FILL, RUN, is_bare, word_runs

PLAYER = "player"  # the format of sources whose texts name no episode
COMMON = 0.25  # runs that occur in more than this share of the episodes are ignored
COMMON_FROM = 8  # common runs are ignored only if there are at least this many episodes
MIN_SHARE = {"teaser": 0.7, "notes": 0.5}  # at least this share of the words in a text must be in runs
MIN_WORDS = 8  # at least this many words in a text must be in runs
MIN_LEAD = 0.2  # minimum difference between the highest and the second-highest share of an episode
MAX_DAYS = 3  # maximum number of days between the dates of a text and its episode
_ADDRESS = re.compile(r"\]\([^()\s]{0,2000}\)|https?://\S{1,2000}")
_WORD = re.compile(r"[^\W_]+")
Candidate = tuple[Known, Sequence[str]]
"""An episode, and the words in its title, summary and notes, except words from teasers."""


def match_pending(reads: Iterable[Read], episodes: Episodes) -> None:
    """Merge texts that certainly match an episode by title or by words. Keep sources with unmatched texts pending."""
    found = {read: [draft for draft in read.drafts if draft.unmatched] for read in reads}
    left = {read: found[read] for read in sorted(found, key=lambda read: read.loaded.key) if found[read]}
    # merge full notes first, because teasers are compared with the notes
    for kind in ("notes", "teaser") if left else ():
        candidates = _candidates(episodes)
        # match all sources before merging, so that their order makes no difference
        matches = {
            read: match_texts([text for text in own if text.unmatched == kind], candidates)
            for read, own in left.items()
        }
        for read, own in matches.items():
            for text, id, by in own:
                _merge(text, id, by, episodes)
                if not read.loaded.is_pending or episodes.notes[id] != episodes.state.notes.get(id):
                    episodes.matched.append(Matched(id, read.name, text.line, kind, by, text.body))
            done = {text.line for text, _, _ in own}
            left[read] = [text for text in left[read] if text.line not in done]
    for read, texts in left.items():
        episodes.hold(read.loaded, [(text.line, text.unmatched, text.body) for text in texts])


def _words(text: Draft) -> Sequence[str]:
    """Return the words of a text, without the last word if it may be truncated."""
    words = plain_words(text.body)
    return words[:-1] if text.truncated and text.body.rstrip(".… ")[-1:].isalnum() else words


def match_texts(texts: Sequence[Draft], candidates: Mapping[str, Candidate]) -> list[tuple[Draft, str, str]]:
    """Return the texts that certainly match, at most one per episode, with id and reason (`title` or `text`)."""
    found: dict[int, tuple[Draft, str, str]] = {}
    for by, ids in (("title", _by_title(texts, candidates)), ("text", _by_words(texts, candidates))):
        used = {id for _, id, _ in found.values()}
        uses = Counter(id for line, id in ids.items() if line not in found and id not in used)
        for text in texts:
            id = ids.get(text.line, "")
            if text.line not in found and uses[id] == 1:
                found[text.line] = text, id, by
    return [found[line] for line in sorted(found)]


def _by_title(texts: Iterable[Draft], candidates: Mapping[str, Candidate]) -> dict[int, str]:
    """Match each text with the only episode of the same title. Map the line of each matched text to an episode id."""
    ids: dict[str, list[str]] = defaultdict(list)
    for id, (known, _) in candidates.items():
        ids[plain_title(known.title)].append(id)
    found: dict[int, str] = {}
    for text in texts:
        counted, prefixed = read_number(text.title), read_prefix(text.title)
        names: list[tuple[str, int | None]] = [(text.title, None), (counted.title, counted.number)]
        names += [(prefixed.title, prefixed.number)] if prefixed else []
        # several episodes may have a title such as `Q&A`, which the number tells apart
        same = {
            id
            for name, number in names
            for id in ids.get(plain_title(name), ())
            if name and _is_possible(text, candidates[id][0])
            if number is None or candidates[id][0].number in (None, number)
        }
        if len(same) == 1:
            found[text.line] = same.pop()
    return found


def _by_words(texts: Sequence[Draft], candidates: Mapping[str, Candidate]) -> dict[int, str]:
    """Like `_by_title`, but compare words. The episode must contain all numbers and most words of the text."""
    word_lists = list(map(_words, texts))
    all_shares = compare(word_lists, {id: words for id, (_, words) in candidates.items()})
    numbers_of = {id: {str(known.number), *filter(str.isdigit, words)} for id, (known, words) in candidates.items()}
    found: dict[int, str] = {}
    for text, own_words, shares in zip(texts, word_lists, all_shares, strict=True):
        # the texts of two parts of an episode may differ only in the part's number
        numbers = set(filter(str.isdigit, own_words))
        ids = (id for id in shares if _is_possible(text, candidates[id][0]) and numbers <= numbers_of[id])
        own = [(0.0, ""), (0.0, ""), *((shares[id], id) for id in ids)]
        (share, id), (other, _), *_ = sorted(own, reverse=True)
        is_similar = share >= MIN_SHARE[text.unmatched] and share * len(own_words) >= MIN_WORDS
        if is_similar and other <= share - MIN_LEAD:
            found[text.line] = id
    return found


def _is_possible(text: Draft, known: Known) -> bool:
    days = days_between(text.fields.get("date"), known.date) or 0
    return text.series in ("", known.series) and days <= MAX_DAYS


def compare(texts: Sequence[Sequence[str]], episodes: Mapping[str, Sequence[str]]) -> Iterator[dict[str, float]]:
    """For each text, map the ids of episodes to the share of the text's words that the episode also contains. A word
    counts only if it is in a run: a sequence of `RUN` words that text and episode share. Runs that many episodes
    contain are ignored (see `COMMON`). The running time is linear in the length of all texts."""
    wanted = {run for text in texts for run in word_runs(text)}
    holders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for id, words in sorted(episodes.items()):
        for run in wanted.intersection(word_runs(words)):
            holders[run].append(id)
    most = COMMON * len(episodes) if len(episodes) >= COMMON_FROM else len(episodes)
    for text in texts:
        covered: dict[str, set[int]] = defaultdict(set)
        for at, run in enumerate(word_runs(text)):
            ids = holders.get(run, ())
            for id in ids if len(ids) <= most else ():
                covered[id].update(range(at, at + RUN))
        yield {id: round(len(places) / len(text), 6) for id, places in covered.items()}


def plain_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation and addresses."""
    return _WORD.findall(_ADDRESS.sub(" ", text).casefold())


def _candidates(episodes: Episodes) -> dict[str, Candidate]:
    found: dict[str, Candidate] = {}
    for id in sorted(episodes.fronts):
        known, base, body = episodes.known_one(id), episodes.bases.get(id, Base()), episodes.body(id)
        summary = base.fields.get("summary")
        words = plain_words(known.title)
        if not summary or summary.format != FILL:
            words += plain_words(str(episodes.fronts[id].get("summary") or ""))
        if not (base.body and base.body.format == FILL and line_hashes(body) == base.body.lines):
            words += plain_words(body)
        found[id] = known, words
    return found


def _merge(draft: Draft, id: str, by: str, episodes: Episodes) -> None:
    """Merge a text into its episode. Complete notes are merged like any draft; a teaser fills only empty fields."""
    is_teaser, given = draft.unmatched == "teaser", draft.fields
    base, front = episodes.bases.get(id, Base()), episodes.fronts[id]
    fields = {name: given[name] for name in ("date", "duration") if given.get(name) and not front.get(name)}
    takes_body = bool(draft.body) and (not is_teaser or (is_bare(episodes.body(id)) and not base.body))
    summary = " ".join(without_escapes(draft.body).split())
    if is_teaser and summary and by != "text" and not front.get("summary") and "summary" not in base.fields:
        fields["summary"] = summary
    if takes_body and draft.truncated:
        fields["truncated"] = True
    if takes_body and not is_teaser:
        fields["source"] = given.get("source") or {"format": PLAYER}
    body = draft.body if takes_body else ""
    if fields or body:
        series = episodes.places[id]
        episodes.merge(Draft(series, None, None, "", fields, body, line=draft.line), id, FILL if is_teaser else PLAYER)
        episodes.promotion.update((series, lead) for lead in draft.left_out)
