"""Matches drafts with episodes of the root, and assigns ids to new episodes."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from posixpath import dirname

from mlguide_site.importers import Draft
from mlguide_site.importers.common.naming import MIN_GUID, read_number, whole_number
from mlguide_site.merge.keys import (
    ABSENT,
    BLANK,
    COUNTED,
    days_between,
    draft_keys,
    has_only_text,
    plain_lines,
    plain_title,
    subject_keys,
)
from mlguide_site.merge.records import key_hash
from mlguide_site.model.digests import short_digest
from mlguide_site.model.slugs import episode_id, is_slug, make_slug, parse_id

MAX_ID = 64
NEAR = 3  # days between the dates of an episode that a feed may have changed, with its title and guid
MAX_STUB, MAX_MOVE = 3, 60  # maximum number of lines in the notes of a planned session, and of days that it may move
CHINESE = r"\u2e80-\u9fff\uf900-\ufaff"  # characters of which each is a word
_WORD = re.compile(rf"[{CHINESE}]|[^\W_{CHINESE}]+")
_LIKE_NUMBER = re.compile(r"(?:s\d+-)?\d+")
_KINDS = tuple("guid address enclosure text session file subject day number titled content title".split())
"""The kinds of keys that match drafts with episodes, with the most reliable kind first."""


@dataclass(frozen=True, slots=True)
class Known:
    """The data that identifies an episode of the root."""

    id: str
    series: str
    number: int | None
    season: int | None
    title: str
    date: str  # the date in the front matter, as text
    keys: frozenset[str]  # hashes of the guid, addresses, number and title (see `key_hash`)
    imported: bool = True
    is_listed: bool = False  # true if the episode may be from a feed
    is_deleted: bool = False
    lines: frozenset[str] = frozenset()  # hashes of the lines that an import of a person's notes last wrote
    place: frozenset[str] = frozenset()  # hashes of the file of these notes and of its folders


def is_other_episode(draft: Draft, known: Known) -> bool:
    """Return whether a draft and an episode with its number share no key, similar title or similar date."""
    return _is_unlike(draft, known, 1) and known.keys.isdisjoint(draft_keys(draft).values())


def _is_unlike(draft: Draft, known: Known, most: int, usual: Set[str] = frozenset()) -> bool:
    """Return whether the titles of a draft and an episode have at most half of the words of the shorter one in common,
    and the dates are more than `most` days apart. `usual` words don't count."""
    days = days_between(draft.fields.get("date"), known.date)
    return days is not None and days > most and not _are_alike(draft, known, usual)


def _are_alike(draft: Draft, known: Known, usual: Set[str]) -> bool:
    """Return whether the titles have more than half of the words of the shorter one in common. `usual` words don't
    count. Titles without other words are alike."""
    own, other = (_words(one.title) - usual for one in (draft, known))
    return not (own and other) or 2 * len(own & other) > min(len(own), len(other))


def _words(title: str) -> set[str]:
    return set(re.findall(r"\w{3,}", title.casefold()))


def _with_present_keys(known: Sequence[Known], drafts: Sequence[Draft]) -> Sequence[Known]:
    """Replace the hashes of typed paths, which records of earlier versions have, by those of the drafts' places."""
    present: dict[str, str] = {}
    for one in (one for one in drafts if one.place):
        own, typed = draft_keys(one), draft_keys(replace(one, place=""))
        present |= {typed[kind]: own[kind] for kind in own}

    def renew(keys: Set[str]) -> frozenset[str]:
        return frozenset(present.get(key, key) for key in keys)

    return [replace(one, keys=renew(one.keys), place=renew(one.place)) for one in known] if present else known


class _Matcher:
    """Decides which drafts and episodes can match. For a feed, `listed` has the hashes that identify the feed."""

    def __init__(self, drafts: Sequence[Draft], known: Sequence[Known], listed: frozenset[str]) -> None:
        self.drafts, self.listed = drafts, listed
        both: list[Draft | Known] = [*drafts, *known]
        # the words of most titles, such as the name of the show
        counts = Counter(word for one in both for word in _words(one.title))
        self.usual = {word for word, count in counts.items() if count > max(3, len(both) // 2)}
        self.index = defaultdict[str, list[Known]](list)
        for one in known:
            for key in one.keys:
                self.index[key].append(one)
        self.keys = list(map(draft_keys, drafts))
        for own, draft in zip(self.keys, drafts, strict=True):
            # add these keys here, because import records don't contain them: the number and the title are in the note
            if draft.number is not None:
                own["number"] = key_hash("number", f"{draft.series} {draft.number}")
            if title := plain_title(draft.title):
                own["title"] = key_hash("title", title)
        self.titles = {own["title"] for own in self.keys if "title" in own}
        self.subjects = {own["subject"] for own in self.keys if "subject" in own}
        self.sources = defaultdict[str, list[int]](list)  # the drafts of each file
        for at, own in enumerate(self.keys):
            if "source" in own:
                self.sources[own["source"]].append(at)
        self.folders = {own["folder"] for own in self.keys if "folder" in own}
        # the hashes of the lines of each of a person's notes
        self.texts = {at: plain_lines(one.body) - plain_lines(one.above) for at, one in enumerate(drafts) if one.file}
        self.known = {one.lines for one in known if one.lines}
        places = {place for one in known for place in one.place}
        self.in_known_files = {at for at in self.texts if self.keys[at]["source"] in places}
        # unlike a copy of a plan, notes that are numbered again are in files of other notes
        uses = Counter([*self.texts.values(), *(one.lines for one in known)])
        self.moved = {text for at in self.in_known_files if uses[text := self.texts[at]] == 2}
        self._compare_texts(known)

    def _compare_texts(self, known: Sequence[Known]) -> None:
        """Add the key `text` to notes with the text of the episode with which they share most lines. Lines of several
        notes or episodes don't count."""
        uses = Counter(line for own in self.texts.values() for line in own)
        texts = {one.id: one for one in known if one.lines} if self.texts else {}
        owners: dict[str, str] = {}
        for one in texts.values():
            for line in one.lines:
                owners[line] = "" if line in owners or uses[line] > 1 else one.id
        # lines of a template; a copy of one note may have the lines of this note
        shared = Counter(line for one in texts.values() for line in one.lines)
        self.common = {line for line, count in shared.items() if count > 1}
        own_lines = Counter(owners.values())
        for at, own in self.texts.items():
            lines = [owners.get(line, at) for line in own if uses[line] == 1]
            for id, count in Counter(id for id in lines if id in texts).most_common(1):
                # of a single note, each line may be from a template
                is_sure = min(len(self.texts), len(texts)) > 1 and count >= MAX_STUB
                most = max(own_lines[id], len(lines) - lines.count(""))
                if self._has_text_of(at, texts[id], is_sure and 4 * count >= 3 * most):
                    self.keys[at]["text"] = key_hash("text", id)
                    self.index[self.keys[at]["text"]].append(texts[id])

    def _has_text_of(self, at: int, known: Known, has_own_lines: bool) -> bool:
        """Return whether notes have the text of an episode. Notes of one day, and notes without a date that have most
        of the lines that only this episode has (`has_own_lines`), may differ in a few lines, but otherwise, notes that
        differ may be from the same template. If the file of the episode now has other notes, files must have been
        numbered again: they have few lines of the episode; or the text is the same, and it is in the file of another
        episode, or they have the text of another episode. Otherwise, the notes may be a new copy of a template. Notes
        with the text of notes that were absent have come back."""
        is_same_text, days = self.texts[at] == known.lines, self._days(at, known)
        is_similar = (days == 0 and self._has_most_lines_of(at, known)) or (days is None and has_own_lines)
        if self._is_same_or_renamed_file(at, known):
            is_same_text |= is_similar
        elif (is_same_text or is_similar) and ABSENT not in known.keys:
            there = [one for place in known.place for one in self.sources.get(place, ())]
            is_moved = is_same_text and at in self.in_known_files
            is_moved |= is_same_text and any(self.texts[one] in self.known for one in there)
            is_moved |= all(self._has_other_text(one, known) for one in there)
            # the whole folder of the episode may have another name
            is_moved &= bool(there) or (is_same_text and at in self.in_known_files)
            is_same_text = is_moved and not any(self._has_most_lines_of(one, known) for one in there)
        return self.drafts[at].series == known.series and is_same_text

    def _has_most_lines_of(self, at: int, known: Known) -> bool:
        text, lines = self._own_lines(at, known)
        return 4 * len(text & lines) >= 3 * max(len(text), len(lines))

    def _own_lines(self, at: int, known: Known) -> tuple[Set[str], Set[str]]:
        """Return the lines of notes and of an episode, without those of a template if the episode has others."""
        lines = known.lines - self.common
        return (self.texts[at] - self.common, lines) if lines else (self.texts[at], known.lines)

    def _days(self, at: int, known: Known) -> int | None:
        # a person may have corrected the date in the root
        is_same = self.keys[at].get("session") in known.keys
        return 0 if is_same else days_between(self.drafts[at].fields.get("date"), known.date)

    def _is_unlike(self, at: int, known: Known) -> bool:
        return _is_unlike(self.drafts[at], known, NEAR, self.usual)

    def _is_renamed(self, at: int, known: Known) -> bool:
        """Return whether a draft and the episode with its number or date can be the same notes, because both have the
        same subject, or because each has a subject that the other side lacks, and a similar text, title or date."""
        mine = self.keys[at].get("subject", "")
        if mine in known.keys:
            return True
        is_near = self._days(at, known) in range(NEAR + 1)
        is_free = mine not in self.index and known.keys.isdisjoint(self.subjects)
        return is_free and not self._is_unlike(at, known) and (is_near or not self._has_other_text(at, known))

    def _is_same_file(self, at: int, known: Known) -> bool:
        # records of earlier versions have the hash of the file, or only that of the file and title, among the keys
        own = self.keys[at]
        return own["source"] in known.place if known.place else not known.keys.isdisjoint((own["file"], own["source"]))

    def _is_same_or_renamed_file(self, at: int, known: Known) -> bool:
        """Return whether notes are in the file of an episode, or the other files of a folder show that this file was
        renamed. A single file may be a copy."""
        is_in_folder = len(self.sources) > 1 and not known.place.isdisjoint(self.folders)
        return self._is_same_file(at, known) or (is_in_folder and known.place.isdisjoint(self.sources))

    def _has_other_text(self, at: int, known: Known) -> bool:
        """Return whether notes can't replace an episode's text, because lines would be lost. In the same file, half of
        the lines must stay, but a planned session may get any text, unless its own text is in another file now. In a
        renamed file, and in the file of notes that were absent, most lines must stay. In another file, or after two
        months, all lines must stay, and another file of another day may be a copy."""
        missing, days = len(known.lines - self.texts[at]), self._days(at, known) or 0
        text, lines = self._own_lines(at, known)
        is_same = ABSENT not in known.keys and self._is_same_file(at, known)
        if days <= MAX_MOVE and is_same:
            is_moved = known.lines in self.moved and self.texts[at] != known.lines
            return (len(known.lines) > MAX_STUB or is_moved) and 2 * len(lines - text) > len(lines)
        if days <= MAX_MOVE and self._is_same_or_renamed_file(at, known):
            return missing > 0 and not self._has_most_lines_of(at, known)
        return missing > 0 or (days > NEAR and bool(known.place) and not is_same)

    def are_other_notes(self, at: int, known: Known) -> bool:
        """Return whether notes have neither the text nor the file and date of an episode, such as day 1 of another
        year, or the summary in another folder."""
        if not self.drafts[at].file:
            return False
        is_elsewhere = not self._is_same_file(at, known) or (self._days(at, known) or 0) > NEAR
        return (is_elsewhere or ABSENT in known.keys) and self._has_other_text(at, known)

    def can_match(self, kind: str, at: int, known: Known) -> bool:
        """Return whether a draft and an episode that have the same key of this kind can match."""
        draft, own = self.drafts[at], self.keys[at]
        is_sure = kind in ("guid", "address", "enclosure") or (kind == "text" and (self._days(at, known) or 0) <= NEAR)
        if not is_sure and self.are_other_notes(at, known):
            return False
        is_other = draft.guid or draft.enclosure or (self.listed and self.listed.isdisjoint(known.keys))
        match kind:
            case "titled" | "title" if draft.file and (known.place or known.lines) and draft.series != known.series:
                # notes in another series, such as a diary with the same template, are other notes
                return False
            case "address" if not draft.file and (known.place or not known.imported) and not known.is_listed:
                # a person's notes may link to an episode without being its notes
                is_same_day = self._days(at, known) in range(NEAR + 1)
                return is_same_day or own.get("number") in known.keys or _are_alike(draft, known, self.usual)
            case "titled" | "title" if known.is_listed and is_other and draft.series != known.series:
                # two shows may publish episodes with equal titles on the same day
                return False
            case "guid":
                # a short guid, such as `12`, identifies an episode only within a series
                return draft.series == known.series or len(draft.guid) >= MIN_GUID
            case "address" | "enclosure" | "number" if (
                draft.guid
                and known.is_listed
                and self._is_unlike(at, known)
                and not (own.get("enclosure") in known.keys and {own.get("address"), own.get("number")} & known.keys)
            ):
                # the numbers of a feed may restart, its episodes may have the same audio address, two shows may have
                # the same title, and a person may add a link to another episode
                return not known.imported and kind == "number"
            case "number" if draft.guid and not known.imported and own.get("title") not in known.keys:
                # the note of a planned episode may have the number of another one, which has the same title and date
                named = self.index.get(own.get("title", ""), ())
                if any(self._days(at, one) == 0 and one is not known for one in named):
                    return False
            case "day" | "number" if known.is_deleted and any((draft.file, draft.guid, draft.address, draft.enclosure)):
                return False
            case "day" | "number" if draft.file and known.imported and not known.is_listed:
                # a number may be a position, and a session may be cancelled
                if not self._is_renamed(at, known):
                    return False
            case "number" if (draft.file and known.is_listed) or (draft.guid and known.lines):
                # the number of a person's notes may be a position, and that of a feed isn't
                title = own.get("title", "")
                if title not in known.keys and (title in self.index or not known.keys.isdisjoint(self.titles)):
                    # one of the two has the title of another episode or of other notes
                    return False
                rests = (COUNTED.sub("", one.title).casefold() for one in (draft, known))
                words, others = ({*_WORD.findall(rest)} - self.usual for rest in rests)
                if words and others and words.isdisjoint(others) and self._days(at, known) not in range(NEAR + 1):
                    return False
        match kind:
            case "number":
                return draft.season is None or known.season is None or draft.season == known.season
            case "title":
                # `mlguide new` writes the current date into a note, not the date of the episode
                is_planned = not known.imported and draft.number is None and draft.series == known.series
                return is_planned or days_between(draft.fields.get("date"), known.date) in (0, 1)
        return True


def assign(
    drafts: Iterable[Draft], known: Sequence[Known], listed: frozenset[str] = frozenset()
) -> list[tuple[Draft, str]]:
    """Return a source's drafts with the ids of their episodes, oldest draft first and without duplicates. For a feed,
    `listed` contains the hashes that identify the feed.

    A draft matches an episode if both have the same key (for example, the same guid or number), and if the matcher
    allows the match. The kinds of keys are compared in the order of `_KINDS`. A key is ignored if several drafts or
    several episodes have it. Drafts that match no key are matched by title within the series. Two drafts never match
    the same episode. A new id is assigned to a draft without a match."""
    ordered = sorted(_distinct(drafts), key=_order)
    known = _with_present_keys(known, ordered)
    above = frozenset(line for one in ordered if one.above for line in plain_lines(one.above))
    known = [replace(one, lines=one.lines - above) for one in known] if above else known
    # numbers restart if a later season has an episode 1
    both: list[Draft | Known] = [*ordered, *known]
    restarting = {(one.series, one.season) for one in both if one.number == 1 and (one.season or 0) > 1}
    matcher = _Matcher(ordered, known, listed)
    by_id, result = {one.id: one for one in known}, dict[int, str]()
    for kind in _KINDS:
        uses = Counter(own[kind] for own in matcher.keys if kind in own)
        taken = set(result.values())
        for at, own in enumerate(matcher.keys):
            if at not in result and kind in own and uses[own[kind]] == 1:
                found = {one.id for one in matcher.index.get(own[kind], ()) if matcher.can_match(kind, at, one)} - taken
                if len(found) == 1:
                    result[at] = found.pop()
                    taken.add(result[at])
    titled = _by_title(ordered, known, result)
    result |= {at: id for at, id in titled.items() if not matcher.are_other_notes(at, by_id[id])}
    used = {episode.id for episode in known} | set(result.values())
    for at, draft in enumerate(ordered):
        if at not in result:
            result[at] = new_id(draft, used, (draft.series, draft.season) in restarting)
            used.add(result[at])
    return [(draft, result[at]) for at, draft in enumerate(ordered)]


def _order(draft: Draft) -> tuple[str, int, str, str, str, str, str]:
    """Return the key for sorting drafts from oldest to newest. The key doesn't depend on the order in the source."""
    number = -1 if draft.number is None else draft.number
    day = str(draft.fields.get("date") or "9999")
    return day, number, draft.title, draft.guid, draft.enclosure, draft.file, short_digest(draft.body)


def _distinct(drafts: Iterable[Draft]) -> list[Draft]:
    """Keep only the longest of duplicate drafts. The parts of an episode may have the same title, date, number and
    enclosure. Therefore, drafts with neither guid nor address are duplicates only if one text begins with the other.
    Drafts with two addresses aren't duplicates. Of the notes of two files, one must be a copy of the other."""
    kept = defaultdict[object, list[Draft]](list)
    for draft in sorted(drafts, key=lambda one: (-len(one.body), _order(one), not one.files)):
        group = kept[draft.series, draft.season, *_order(draft)[:5], draft.body if has_only_text(draft) else ""]
        start = draft.body.rstrip(" .…")
        same = [
            one
            for one in group
            if one.address == draft.address
            or not (one.address and draft.address)
            or (draft.enclosure and one.body == draft.body)
            if one.file == draft.file or (start and _is_copy(one, draft))
        ]
        if not same or not (draft.guid or draft.address or any(other.body.startswith(start) for other in same)):
            group.append(draft)
    return [draft for group in kept.values() for draft in group]


def _is_copy(one: Draft, other: Draft) -> bool:
    """Return whether the notes in two files have the same text, or, in one folder, the beginning of the longer one."""
    start = other.body.rstrip(" .…")
    return one.body == other.body or (one.body.startswith(start) and dirname(one.file) == dirname(other.file))


def _by_title(drafts: Sequence[Draft], known: Sequence[Known], done: Mapping[int, str]) -> dict[int, str]:
    """Match the drafts that aren't in `done` with episodes by title, in order. Map the index of each matched draft to
    an episode id. If a person has edited a title, use the id that an earlier import derived from the original title."""
    free = {one.id: one for one in known if one.id not in set(done.values())}
    # thousands of episodes may share a title, so look up those that also share a number and a key
    titled = defaultdict[object, dict[str, None]](dict)
    for one in sorted(free.values(), key=lambda one: (len(one.id), one.id)):
        for place in _titled_places(one):
            titled[place][one.id] = None
    found: dict[int, str] = {}
    for is_titled in (True, False):
        for at, draft in enumerate(drafts):
            if at in done or at in found:
                continue
            own = new_id(draft, set())
            if is_titled:
                title, keys = plain_title(draft.title), () if has_only_text(draft) else draft_keys(draft).values()
                # the episode must not have a different number; if the draft has keys, they must share at least one
                numbers = {None, draft.number}
                same = [titled[draft.series, title, number, key] for number in numbers for key in keys or [""]]
                fit = {own if own in ids else next(iter(ids)) for ids in same if ids}
            else:
                fit = {own} if has_only_text(draft) and own in free and free[own].number is None else set()
            if fit:
                found[at] = min(fit, key=lambda one: (one != own, len(one), one))
                for place in _titled_places(free.pop(found[at])):
                    del titled[place][found[at]]
    return found


def _titled_places(one: Known) -> list[object]:
    # a title from a feed keeps a number that the id lacks
    titles = dict.fromkeys(plain_title(title) for title in (one.title, read_number(one.title).title))
    return [(one.series, title, one.number, key) for title in titles for key in ("", *one.keys)]


def new_id(draft: Draft, used: set[str], restarts: bool = False) -> str:
    """Return an unused id that ends with the draft's number (`mla-012`) or else with a slug (`mla-welcome`). The season
    is added if numbers restart each season (`restarts`), or if the id without the season is in use."""
    if draft.number is not None:
        seasonal = episode_id(draft.series, draft.number, draft.season) if draft.season is not None else ""
        plain = episode_id(draft.series, draft.number)
        for id in (seasonal, plain) if restarts else (plain, seasonal):
            if id and id not in used and is_slug(id):
                return id
    slug = make_slug(draft.slug or draft.title, "episode")
    if _LIKE_NUMBER.fullmatch(slug):
        slug = f"title-{slug}"
    max_slug = MAX_ID - len(draft.series) - 1
    stem = slug[:max_slug].strip("-")

    def numbered(count: int) -> str:
        suffix = f"-{count}" if count > 1 else ""
        return episode_id(draft.series, slug=stem[: max_slug - len(suffix)].strip("-") + suffix)

    # thousands of episodes may share a title: double the number until an id is free, then use binary search
    high = 1
    while numbered(high) in used:
        high *= 2
    return numbered(bisect_left(range(high + 1), True, high // 2 + 1, key=lambda count: numbered(count) not in used))


def known_episode(
    id: str,
    series: str,
    front: Mapping[str, object],
    keys: Set[str],
    lines: Iterable[str] = (),
    place: Iterable[str] = (),
) -> Known:
    """Return the data that identifies an episode. `keys`, `lines` and `place` are hashes in its import record."""
    key = parse_id(series, id)
    season = key.season if key and key.season is not None else whole_number(front.get("season"), 4)
    links, audio = front.get("links"), front.get("audio")
    links = links if isinstance(links, list) else []
    found = [("address", link.get("url")) for link in links if isinstance(link, dict)]
    found += [("enclosure", audio.get("url"))] if isinstance(audio, dict) else []
    title, day, number = str(front.get("title") or ""), str(front.get("date") or ""), key.number if key else None
    found += [("guid", front.get("guid")), ("title", plain_title(title))]
    found += [("number", f"{series} {number}")] if number is not None else []
    source = front.get("source")
    is_listed = any((front.get("guid"), audio, isinstance(source, dict) and "feed" in source.values()))
    if keys and front:
        subjects = subject_keys(series, title, day)
        found += [("session", subjects["session"])] if is_listed else subjects.items()
    own = frozenset(key_hash(kind, str(value)) for kind, value in found if value)
    data = (title, day, own.union(keys), bool(keys), is_listed or not front, not front)
    return Known(id, series, number, season, *data, frozenset(lines) - {BLANK}, frozenset(place))
