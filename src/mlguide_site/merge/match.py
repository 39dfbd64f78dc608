"""Which episode of the root a draft is, and the id of one that is new. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from mlguide_site.importers import Draft
from mlguide_site.merge.base import digest, key_hash
from mlguide_site.merge.twice import distinct
from mlguide_site.model.slugs import episode_id, is_slug, make_slug, parse_id

MAX_ID = 64
MIN_GUID = 12
"""Characters of a guid that no two shows are likely to share."""
_LIKE_NUMBER = re.compile(r"(?:s\d+-)?\d{3,}")


@dataclass(frozen=True, slots=True)
class Known:
    """What identifies an episode that the root has. `keys` are hashes as in `key_hash`; `date` is text as written.
    `is_open`: the note is as `mlguide new` made it, with a number and a day that nobody gave."""

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


def draft_keys(draft: Draft) -> tuple[str, ...]:
    """Hashes of what identifies a draft, the strongest first."""
    given = (
        ("guid", draft.guid),
        ("address", draft.address),
        ("enclosure", draft.enclosure),
        ("titled", _dated_title(draft)),
        ("content", _content(draft)),
    )
    return tuple(key_hash(kind, value) for kind, value in given if value)


def draft_order(draft: Draft) -> tuple[str, int, str, str, str, str]:
    """What drafts of a source are sorted by, so that the source's own order makes no difference: oldest first."""
    day = str(draft.fields.get("date") or "9999")
    number = -1 if draft.number is None else draft.number
    return day, number, draft.title, draft.guid, draft.enclosure, digest(draft.body)


def assign(drafts: Iterable[Draft], known: Sequence[Known]) -> list[Assigned]:
    """The episode of each draft of one source, oldest draft first; what the source says twice comes once.

    A draft is the episode that shares its guid; else its own address; its enclosure; series and number (and season,
    where both tell it); date (give or take a day) and title; the title of a note that was made for it. What sources
    said in earlier imports counts too. What two drafts of the source share, or two episodes, decides nothing. No two
    drafts become one episode. Of a draft with none of all this its words decide, then its title within the series, of
    several such their order. A draft that is none yet gets an id of its own, which no later import changes.
    """
    ordered = list(distinct(sorted(drafts, key=draft_order), _content))
    seasons = _restarting(ordered, known)
    result: dict[int, str] = {}
    taken: set[str] = set()
    for level in _LEVELS:
        index: dict[object, list[Known]] = defaultdict(list)
        for episode in known:
            for key in level.of_known(episode):
                index[key].append(episode)
        wanted = [level.of_draft(draft) for draft in ordered]
        uses = Counter(key for keys in wanted for key in keys)
        for at, keys in enumerate(wanted):
            if at in result:
                continue
            found = {
                e.id
                for key in keys
                if uses[key] == 1
                for e in index.get(key, ())
                if e.id not in taken and level.agree(ordered[at], e)
            }
            if len(found) == 1:
                result[at] = found.pop()
                taken.add(result[at])
    result |= _by_title(ordered, known, result)
    used = {episode.id for episode in known} | set(result.values())
    for at, draft in enumerate(ordered):
        if at not in result:
            result[at] = new_id(draft, used, seasons.get(draft.series, frozenset()))
            used.add(result[at])
    return [Assigned(draft, result[at]) for at, draft in enumerate(ordered)]


def _by_title(drafts: Sequence[Draft], known: Sequence[Known], done: Mapping[int, str]) -> dict[int, str]:
    """The episodes of drafts that nothing but their titles tell apart, by index: they have nothing else, or share it
    with each other. Of several with one title in a series the first is the first. An episode that a person has given
    another title is known by its id."""
    taken = set(done.values())
    free: dict[tuple[str, str], list[Known]] = defaultdict(list)
    for episode in sorted(known, key=lambda one: (len(one.id), one.id)):
        if episode.id not in taken:
            free[episode.series, plain_title(episode.title)].append(episode)
    ids = {episode.id for some in free.values() for episode in some if episode.number is None}
    found: dict[int, str] = {}
    rest = [at for at in range(len(drafts)) if at not in done]
    # two that are compared as one may be told apart as they are written
    for literally in (True, False):
        for at in (at for at in rest if at not in found):
            draft = drafts[at]
            same = free[draft.series, plain_title(draft.title)]
            if fit := [one for one in same if _fits(draft, one) and (one.title == draft.title or not literally)]:
                # the first one has the id as it is; a cut one with a number behind it may come before that
                first = own_id(draft)
                one = min(fit, key=lambda one: one.id != first)
                same.remove(one)
                found[at] = one.id
    ids -= set(found.values())
    for at in rest:
        if at not in found and _content(drafts[at]) and (id := own_id(drafts[at])) in ids:
            found[at] = id
            ids.remove(id)
    return found


def _fits(draft: Draft, known: Known) -> bool:
    """Whether nothing speaks against two of one title being one episode: their numbers, or all that identifies them."""
    keys = set() if _content(draft) else set(draft_keys(draft))
    return known.number in (None, draft.number) and (not keys or not keys.isdisjoint(known.keys))


class Level(NamedTuple):
    """One way to recognise an episode: its keys in a draft and in a known episode, and whether the two may be one."""

    of_draft: Callable[[Draft], Sequence[object]]
    of_known: Callable[[Known], Iterable[object]]
    agree: Callable[[Draft, Known], bool]


def _always(_draft: Draft, _known: Known) -> bool:
    return True


def _one_key(kind: str, value: Callable[[Draft], str], agree: Callable[[Draft, Known], bool] = _always) -> Level:
    return Level(lambda draft: [key_hash(kind, value(draft))] if value(draft) else [], lambda known: known.keys, agree)


def _same_show(draft: Draft, known: Known) -> bool:
    """Whether a guid means one episode: of one series it does; a short one, such as `12`, other shows may have too."""
    return draft.series == known.series or len(draft.guid) >= MIN_GUID


def _same_season(draft: Draft, known: Known) -> bool:
    return draft.season is None or known.season is None or draft.season == known.season


def _numbered(draft: Draft) -> Sequence[object]:
    return [] if draft.number is None else [(draft.series, draft.number)]


def plain_title(title: str) -> str:
    """A title as two sources compare it.

    >>> plain_title("S1: Doors & hinges!")
    's1doorshinges'
    """
    return re.sub(r"[\W_]+", "", title.casefold()) or "".join(title.casefold().split())


def _dated_title(draft: Draft) -> str:
    day, title = draft.fields.get("date"), plain_title(draft.title)
    return f"{day} {title}" if day and title else ""


def _content(draft: Draft) -> str:
    """What a draft says, where nothing else identifies it; else ""."""
    if draft.guid or draft.address or draft.enclosure or draft.fields.get("date"):
        return ""
    return f"{draft.series} {draft.number} {plain_title(draft.title)} {digest(draft.body)}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _same_day(draft: Draft, known: Known) -> bool:
    one, other = _day(str(draft.fields.get("date") or "")), _day(known.date)
    return one is not None and other is not None and abs(one - other) <= timedelta(days=1)


def _titled(title: str) -> Sequence[object]:
    plain = plain_title(title)
    return [plain] if plain else []


def _may_be_open(draft: Draft, known: Known) -> bool:
    """Whether a draft may be the episode that a note was made for: where it has a number, it is that of the note."""
    return known.is_open and draft.number in (None, known.number) and _same_season(draft, known)


_LEVELS: tuple[Level, ...] = (
    _one_key("guid", lambda draft: draft.guid, _same_show),
    _one_key("address", lambda draft: draft.address),
    _one_key("enclosure", lambda draft: draft.enclosure),
    Level(_numbered, lambda known: [(known.series, known.number)] if known.number is not None else [], _same_season),
    _one_key("titled", _dated_title),
    _one_key("content", _content),
    Level(lambda draft: _titled(draft.title), lambda known: _titled(known.title), _same_day),
    Level(
        lambda draft: [(draft.series, title) for title in _titled(draft.title)],
        lambda known: [(known.series, title) for title in _titled(known.title) if known.is_open],
        _may_be_open,
    ),
)


def _restarting(drafts: Sequence[Draft], known: Sequence[Known]) -> Mapping[str, frozenset[int]]:
    """By series, the seasons after the first that begin anew: they have a 1, or a number of an earlier season."""
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


def own_id(draft: Draft) -> str:
    """The id of a new episode where no other has it."""
    return new_id(draft, set(), frozenset())


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


def known_episode(id: str, series: str, front: Mapping[str, object], keys: Iterable[str]) -> Known:
    """What identifies an episode, from its front matter as read (scalars as text) and what imports remember."""
    key = parse_id(series, id)
    season = key.season if key and key.season is not None else _whole(front.get("season"))
    links = front.get("links")
    urls = (
        [str(link["url"]) for link in links if isinstance(link, dict) and "url" in link]
        if isinstance(links, list)
        else []
    )
    audio = front.get("audio")
    own = [key_hash("address", url) for url in urls]
    if isinstance(audio, dict) and audio.get("url"):
        own.append(key_hash("enclosure", str(audio["url"])))
    if front.get("guid"):
        own.append(key_hash("guid", str(front["guid"])))
    title, day = str(front.get("title") or ""), str(front.get("date") or "")
    return Known(id, series, key.number if key else None, season, title, day, frozenset([*own, *keys]))


def _whole(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None
