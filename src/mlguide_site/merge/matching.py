"""Which episode of the root a draft is, and the id of one that is new."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from mlguide_site.importers import Draft
from mlguide_site.merge.records import digest, key_hash
from mlguide_site.model.slugs import episode_id, is_slug, make_slug, parse_id

MAX_ID = 64
MIN_GUID = 12
"""Characters of a guid that no two shows are likely to share."""
_LIKE_NUMBER = re.compile(r"(?:s\d+-)?\d{3,}")


@dataclass(frozen=True, slots=True)
class Known:
    """What identifies an episode of the root. `keys` are hashes as in `key_hash`; `date` is text as written. `is_open`:
    the note is as `mlguide new` made it, with a date that no person gave."""

    id: str
    series: str
    number: int | None
    season: int | None
    title: str
    date: str
    keys: frozenset[str]
    is_open: bool = False


class Assigned(NamedTuple):
    """A draft and the id of its episode."""

    draft: Draft
    id: str


def plain_title(title: str) -> str:
    """A title as two sources compare it.

    >>> plain_title("S1: Doors & hinges!")
    's1doorshinges'
    """
    return re.sub(r"[\W_]+", "", title.casefold()) or "".join(title.casefold().split())


def read_day(text: object) -> date | None:
    """The day of a date as front matter writes it.

    >>> read_day("2024-05-02T10:00:00Z"), read_day("soon")
    (datetime.date(2024, 5, 2), None)
    """
    try:
        return date.fromisoformat(str(text or "")[:10])
    except ValueError:
        return None


def draft_keys(draft: Draft) -> tuple[str, ...]:
    """Hashes of what identifies a draft, the strongest first."""
    return tuple(key_hash(kind, value) for kind, value in _identity(draft).items() if value)


def _identity(draft: Draft) -> dict[str, str]:
    day, title = draft.fields.get("date"), plain_title(draft.title)
    return {
        "guid": draft.guid,
        "address": draft.address,
        "enclosure": draft.enclosure,
        "titled": f"{day} {title}" if day and title else "",
        "content": _content(draft),
    }


def _content(draft: Draft) -> str:
    """The text of a draft that nothing else identifies; else ""."""
    if draft.guid or draft.address or draft.enclosure or draft.fields.get("date"):
        return ""
    return f"{draft.series} {draft.number} {plain_title(draft.title)} {digest(draft.body)}"


def _same_show(draft: Draft, known: Known) -> bool:
    """Whether a guid identifies an episode: a short one, such as `12`, does so only within a series."""
    return draft.series == known.series or len(draft.guid) >= MIN_GUID


def _same_season(draft: Draft, known: Known) -> bool:
    return draft.season is None or known.season is None or draft.season == known.season


def _same_day(draft: Draft, known: Known) -> bool:
    one, other = read_day(draft.fields.get("date")), read_day(known.date)
    return one is not None and other is not None and abs(one - other) <= timedelta(days=1)


def _fits_open(draft: Draft, known: Known) -> bool:
    return known.is_open and draft.number in (None, known.number) and _same_season(draft, known)


_WAYS: Mapping[str, Callable[[Draft, Known], bool]] = {
    "guid": _same_show,
    "address": lambda _draft, _known: True,
    "enclosure": lambda _draft, _known: True,
    "number": _same_season,
    "titled": lambda _draft, _known: True,
    "content": lambda _draft, _known: True,
    "title": _same_day,
    "open": _fits_open,
}
"""The kinds of keys by which a draft is matched, the surest first; and whether two that share one may be the same."""


def _keys_of(draft: Draft) -> dict[str, object]:
    """The keys of a draft by kind."""
    keys: dict[str, object] = {kind: key_hash(kind, value) for kind, value in _identity(draft).items() if value}
    if draft.number is not None:
        keys["number"] = (draft.series, draft.number)
    if title := plain_title(draft.title):
        keys |= {"title": ("title", title), "open": ("open", draft.series, title)}
    return keys


def _index(known: Iterable[Known]) -> Mapping[object, Sequence[Known]]:
    """The episodes by their keys."""
    index: dict[object, list[Known]] = defaultdict(list)
    for one in known:
        title = plain_title(one.title)
        keys: set[object] = {*one.keys, ("title", title)}
        if one.number is not None:
            keys.add((one.series, one.number))
        if one.is_open:
            keys.add(("open", one.series, title))
        for key in keys:
            index[key].append(one)
    return index


def assign(drafts: Iterable[Draft], known: Sequence[Known]) -> list[Assigned]:
    """The episode of each draft of one source, oldest draft first; duplicates within the source come once.

    A draft is the episode with the same guid; else its own address; its enclosure; series and number (and season, where
    both have one); date (give or take a day) and title; the title of a note that was made for it. What sources said in
    earlier imports counts too. A key that two drafts of the source share, or two episodes, decides nothing, and no two
    drafts become one episode. A draft with nothing else is matched by its text, then by its title within the series, of
    several equal titles in their order. A draft that matches none gets an id that no later import changes.
    """
    ordered = list(_distinct(sorted(drafts, key=_order)))
    seasons = _restarting(ordered, known)
    index = _index(known)
    keys = [_keys_of(draft) for draft in ordered]
    result: dict[int, str] = {}
    for kind, agree in _WAYS.items():
        uses = Counter(own[kind] for own in keys if kind in own)
        taken = set(result.values())
        for at, own in enumerate(keys):
            if at not in result and kind in own and uses[own[kind]] == 1:
                same = (one for one in index.get(own[kind], ()) if one.id not in taken and agree(ordered[at], one))
                if len(found := {one.id for one in same}) == 1:
                    result[at] = found.pop()
                    taken.add(result[at])
    result |= _by_title(ordered, known, result)
    used = {episode.id for episode in known} | set(result.values())
    for at, draft in enumerate(ordered):
        if at not in result:
            result[at] = new_id(draft, used, seasons.get(draft.series, frozenset()))
            used.add(result[at])
    return [Assigned(draft, result[at]) for at, draft in enumerate(ordered)]


def _order(draft: Draft) -> tuple[str, int, str, str, str, str]:
    """Oldest first, so that the source's own order makes no difference."""
    number = -1 if draft.number is None else draft.number
    day = str(draft.fields.get("date") or "9999")
    return day, number, draft.title, draft.guid, draft.enclosure, digest(draft.body)


def _distinct(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """The drafts without duplicates. Drafts identified only by date and title are duplicates only if one body equals,
    or is a prefix of, the other."""
    alike: dict[object, list[Draft]] = defaultdict(list)
    for draft in drafts:
        day = str(draft.fields.get("date"))
        same = (draft.series, draft.number, draft.season, draft.title, day, draft.guid, draft.enclosure)
        alike[*same, _content(draft)].append(draft)
    for group in alike.values():
        first = group[0]
        if first.guid or first.address or first.enclosure or first.number is not None or len(group) == 1:
            yield first
            continue
        kept: list[Draft] = []
        for draft in sorted(group, key=lambda one: -len(one.body.split())):
            if not any(_starts_with(other.body, draft.body) for other in kept):
                kept.append(draft)
        yield from (draft for draft in group if any(draft is one for one in kept))


def _starts_with(text: str, other: str) -> bool:
    """Whether a text starts with another one that may be cut.

    >>> _starts_with("Oak and elm.", "Oak and el..."), _starts_with("Oak and elm.", "Oak or elm.")
    (True, False)
    """
    words = other.split()
    if words and words[-1].endswith(("...", "…")):
        words.pop()
    return text.split()[: len(words)] == words


def _by_title(drafts: Sequence[Draft], known: Sequence[Known], done: Mapping[int, str]) -> dict[int, str]:
    """The episodes of drafts that only their titles tell apart, by index; of several with one title in a series the
    first is the first. An episode whose title a person changed is found by its id."""
    taken = set(done.values())
    free: dict[tuple[str, str], list[Known]] = defaultdict(list)
    for episode in sorted(known, key=lambda one: (len(one.id), one.id)):
        if episode.id not in taken:
            free[episode.series, plain_title(episode.title)].append(episode)
    ids = {episode.id for some in free.values() for episode in some if episode.number is None}
    found: dict[int, str] = {}
    rest = [at for at in range(len(drafts)) if at not in done]
    # titles that compare as equal may differ as written
    for literally in (True, False):
        for at in (at for at in rest if at not in found):
            draft = drafts[at]
            same = free[draft.series, plain_title(draft.title)]
            if fit := [one for one in same if _fits(draft, one) and (one.title == draft.title or not literally)]:
                own = new_id(draft, set(), frozenset())
                one = min(fit, key=lambda one: one.id != own)
                same.remove(one)
                found[at] = one.id
    ids -= set(found.values())
    for at in rest:
        if at not in found and _content(drafts[at]) and (id := new_id(drafts[at], set(), frozenset())) in ids:
            found[at] = id
            ids.remove(id)
    return found


def _fits(draft: Draft, known: Known) -> bool:
    """Whether two of one title may be one episode: neither their numbers nor what identifies them contradicts it."""
    keys = set() if _content(draft) else set(draft_keys(draft))
    return known.number in (None, draft.number) and (not keys or not keys.isdisjoint(known.keys))


def _restarting(drafts: Sequence[Draft], known: Sequence[Known]) -> Mapping[str, frozenset[int]]:
    """By series, the seasons after the first whose numbers restart: they have a 1, or a number of an earlier season."""
    numbers: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    both: list[Draft | Known] = [*drafts, *known]
    for one in both:
        if one.season is not None and one.number is not None:
            numbers[one.series][one.season].add(one.number)
    return {
        series: frozenset(
            season
            for season, own in seasons.items()
            if season > 1 and (1 in own or any(own & other for earlier, other in seasons.items() if earlier < season))
        )
        for series, seasons in numbers.items()
    }


def new_id(draft: Draft, used: set[str], restarting: frozenset[int]) -> str:
    """The id of a new episode: its number, with its season where that restarts or the id is taken; else a slug."""
    if draft.number is not None:
        marked = episode_id(draft.series, draft.number, draft.season) if draft.season is not None else ""
        plain = episode_id(draft.series, draft.number)
        for id in (marked, plain) if draft.season in restarting else (plain, marked):
            if id and id not in used and is_slug(id):
                return id
    slug = make_slug(draft.slug or draft.title, "episode")
    if _LIKE_NUMBER.fullmatch(slug):
        slug = f"title-{slug}"
    room = MAX_ID - len(draft.series) - 1
    stem = slug[:room].strip("-")
    id, count = episode_id(draft.series, slug=stem), 1
    while id in used:
        count += 1
        end = f"-{count}"
        id = episode_id(draft.series, slug=stem[: room - len(end)].strip("-") + end)
    return id


def known_episode(
    id: str, series: str, front: Mapping[str, object], keys: Iterable[str], is_open: bool = False
) -> Known:
    """What identifies an episode, from its front matter as read (scalars as text) and the record of imports."""
    key = parse_id(series, id)
    season = key.season if key and key.season is not None else whole_number(front.get("season"))
    links, audio = front.get("links"), front.get("audio")
    own = [
        key_hash("address", str(link["url"]))
        for link in (links if isinstance(links, list) else ())
        if isinstance(link, dict) and "url" in link
    ]
    if isinstance(audio, dict) and audio.get("url"):
        own.append(key_hash("enclosure", str(audio["url"])))
    if front.get("guid"):
        own.append(key_hash("guid", str(front["guid"])))
    title, day = str(front.get("title") or ""), str(front.get("date") or "")
    return Known(id, series, key.number if key else None, season, title, day, frozenset([*own, *keys]), is_open)


def whole_number(value: object) -> int | None:
    """A season or number as front matter writes it; None where it is none."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None
