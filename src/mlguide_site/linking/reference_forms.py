"""The ways in which people write a reference to an episode of a series, as patterns made from the series' entry.

For a series with prefix MLG, id mlg, title "Machine Learning Guide" and address https://ocdevel.com/mlg/{number}:
- `MLG 9`, `MLG009`, `MLG-9`, `mlg/9`, `MLG #9`, `MLG episode 9`, `Machine Learning Guide episode 9`, and behind any of
  these a range (`18-20`, `18 to 20`) or a list (`18, 19 and 20`; see `numbers`);
- `episode 9 of MLG`, `episodes 18-20 of the Machine Learning Guide`;
- `mlg-009`, `mlg-s2-003`, `mlg-trailer` (ids; of those without number only ids that exist), with or without `.md`;
- `ocdevel.com/mlg/9`, with or without scheme, `www.`, final slash and fragment, `/mlg/9`, `mlg/9`; where the last part
  of the address ends in the number, also `/mlg/mlg9` and `/mlg/mlg-9`;
- whatever the entry's `references` say, `{number}` standing for the number;
- where seasons restart, `MLG S2E3`, and in the series' own notes `S2E3` and `season 2 episode 3`;
- where all episodes that name a season name the same, and none's id does, that season in these forms; where none names
  any, season 1 behind the prefix;
- where the root holds one podcast and nothing else, `episode 9` in its notes, and `S1E9` where no season is named.

A prefix written like a word ("Day", "Lecture") counts with its capital and in the series' own notes only; one of one or
two letters counts as it is written. Every pattern is tried where its trigger is, and bounded in length.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from mlguide_site.model import Series

SPACE = r"[ \xa0\n]"
WORD = r"(?:episodes?|eps?\.?|nos?\.?|numbers?)"
_NUMBER = r"(?P<number>\d{1,5})"
_BEFORE_NUMBER = rf"(?:[-–_/#]|(?:['’]s)?,?{SPACE}(?:#|{WORD}{SPACE}?#?)|{SPACE}|)"
_SEASON = rf"s(?P<season>\d{{1,3}}){SPACE}?e(?P<number>\d{{1,5}})"
_LONG_SEASON = rf"season{SPACE}(?P<season>\d{{1,3}})(?:,?{SPACE}|,)episode{SPACE}(?P<number>\d{{1,5}})"
_ADDRESS_END = r"(?:/(?![\w/]))?(?:[?#](?:[\w\-./?#=&%+~:]{0,200}[\w/=])?)?(?![\w/=%-])(?!\.\w)"
_FIELD = re.compile(r"\{number(?::(0\d+))?\}")
_FIELD_MARK = "\x00"
_WORDLIKE = re.compile(r"[A-Z][a-z]+")


class SeriesForms(NamedTuple):
    """What the forms of a series are made from: id and entry; whether its seasons restart; whether it's the only series
    of the root, and a podcast; the ids of its episodes that have no number; the seasons that its episodes name, where
    they don't restart."""

    id: str
    series: Series
    seasonal: bool
    alone: bool
    slugs: tuple[str, ...]
    seasons: tuple[int, ...] = ()


class Form(NamedTuple):
    """One way to write a reference. `trigger` is the lower-case text that begins it; `own`: it counts only in notes of
    the series itself; `listed`: a range or a list may follow the number; `then`: what must follow them all; `address`:
    it is a web address or path; `file`: it is the name of a note file; `id`: the episode, where it has no number."""

    series: str
    trigger: str
    pattern: re.Pattern[str]
    own: bool = False
    listed: bool = False
    then: re.Pattern[str] | None = None
    address: bool = False
    file: bool = False
    id: str = ""


def forms_of(given: SeriesForms) -> Iterator[Form]:
    """Every form of a series."""
    series, id = given.series, given.id
    title = _spelled(series.title)
    names = [title]
    if series.prefix and _trigger(series.prefix):
        names.append(_spelled(series.prefix))
        yield from _prefixed(given, series.prefix)
    titled = rf"{title}(?:['’]s)?,?(?:{SPACE}|(?=#))(?:#|{WORD}{SPACE}?#?){SPACE}?{_NUMBER}"
    yield Form(id, _trigger(series.title), _compile(titled), listed=True)
    of = rf"{SPACE}(?:of|from|in){SPACE}(?:the{SPACE})?(?:{'|'.join(names)})(?!\w)"
    yield Form(id, "episode", _compile(rf"episodes?{SPACE}#?{_NUMBER}"), listed=True, then=_compile(of))
    yield from _ids(given)
    for pattern in series.references:
        yield from _given(given, pattern)
    if series.address:
        yield from _addresses(given, series.address)
    if given.seasonal or len(given.seasons) == 1 or (given.alone and not given.seasons):
        for trigger, pattern in zip(("s", "season"), _season_patterns(given), strict=True):
            yield Form(id, trigger, _compile(pattern), own=True)
    if given.alone:
        # an episode of something else is none of ours
        bare = rf"(?:episodes?|eps?\.?){SPACE}?#?{_NUMBER}(?!\d)(?!{SPACE}(?:of|from){SPACE})"
        yield Form(id, "ep", _compile(bare), own=True, listed=True)


def _prefixed(given: SeriesForms, prefix: str) -> Iterator[Form]:
    """Forms that begin with the prefix."""
    wordlike = _WORDLIKE.fullmatch(prefix) is not None
    name = _spelled(prefix) if len(prefix) > 2 and not wordlike else f"(?-i:{_spelled(prefix)})"
    trigger = _trigger(prefix)
    yield Form(given.id, trigger, _compile(f"{name}{_BEFORE_NUMBER}{_NUMBER}"), own=wordlike, listed=True)
    if given.seasonal or len(given.seasons) < 2:
        short, long = _season_patterns(given)
        season = rf"{name}(?:,?{SPACE}|-)?(?:{short}|{long.replace('<', '<long_')})"
        yield Form(given.id, trigger, _compile(season), own=wordlike)


def _season_patterns(given: SeriesForms) -> tuple[str, str]:
    """`S2E3` and `season 2 episode 3`. Where there is only one season it says nothing, and no other number will do."""
    if given.seasonal:
        return _SEASON, _LONG_SEASON
    only = rf"0{{0,2}}{given.seasons[0] if given.seasons else 1}"
    season = r"(?P<season>\d{1,3})"
    return _SEASON.replace(season, only), _LONG_SEASON.replace(season, only)


def _ids(given: SeriesForms) -> Iterator[Form]:
    """Ids as in front matter and in names of files."""
    trigger = f"{given.id}-"
    numbered = rf"(?-i:{re.escape(trigger)}(?:s(?P<season>\d{{1,4}})-)?(?P<number>\d{{3,5}}))(?:\.md)?"
    yield Form(given.id, trigger, _compile(numbered), file=True)
    for slug in given.slugs:
        yield Form(given.id, slug, _compile(rf"(?-i:{re.escape(slug)})(?:\.md)?"), file=True, id=slug)


def _given(given: SeriesForms, pattern: str) -> Iterator[Form]:
    """A pattern of the entry's `references`; nothing where it doesn't begin with a text and hold one number."""
    head, field, tail = pattern.partition("{number}")
    if field and "{number}" not in tail and _trigger(head):
        wordlike = _WORDLIKE.fullmatch(head.strip()) is not None
        name = f"(?-i:{_spelled(head)})" if wordlike else _spelled(head)
        numbered = _compile(f"{name}{_NUMBER}{_spelled(tail)}")
        yield Form(given.id, _trigger(head), numbered, own=wordlike, listed=not tail.strip())


def _addresses(given: SeriesForms, address: str) -> Iterator[Form]:
    """The series' own address of an episode: whole, from its path on, or the last two parts of its path."""
    parts = urlsplit(_FIELD.sub(_FIELD_MARK, address))
    if _FIELD_MARK in parts.netloc or not parts.netloc:
        return
    path = urlunsplit(("", "", *parts[2:]))
    folder, _, last = path.rstrip("/").rpartition("/")
    if _FIELD_MARK not in last:
        folder, last = "", path.strip("/")
    number = r"0{0,4}(?P<number>\d{1,5})"
    spelled = [re.escape(last).replace(_FIELD_MARK, number)]
    if re.fullmatch(rf"[\w.-]*{_FIELD_MARK}", last):
        names = {given.id.lower(), (given.series.prefix or given.id).lower()}
        spelled += [rf"{re.escape(name)}[-_]?{number}" for name in sorted(names)]
    host, near = host_of(address), folder.rpartition("/")[2]
    for one in spelled:
        end = f"{one}{_ADDRESS_END}"
        whole = _compile(rf"(?:https?://)?(?:www\.)?{re.escape(host + folder)}/{end}")
        for trigger in (host, "www.", "http://", "https://"):
            yield Form(given.id, trigger, whole, address=True)
        for before in (folder,) * bool(folder) + (near,) * (len(near) > 2):
            yield Form(given.id, f"{before.lower()}/", _compile(f"{re.escape(before)}/{end}"), address=True)


def host_of(address: str) -> str:
    """The host of an address, port included, without `www.`.

    >>> host_of("https://www.a.example/{number}")
    'a.example'
    """
    return urlsplit(address).netloc.rpartition("@")[2].lower().removeprefix("www.")


def address_of(series: Series, number: int) -> str:
    """The series' own address of an episode, or "" where it has none.

    >>> address_of(Series(title="A", address="https://a.example/{number:03}"), 9)
    'https://a.example/009'
    """

    return _FIELD.sub(lambda field: str(number).zfill(min(int((field[1] or "0")[:4]), 20)), series.address or "")


def _trigger(text: str) -> str:
    """The first word of a text, as it is looked for; empty where it holds no letter."""
    word = text.strip().lower().split(" ", 1)[0]
    return word if any(char.isalpha() for char in word) else ""


def _spelled(text: str) -> str:
    """A text as a pattern; any white space will do for its spaces."""
    return SPACE.join(re.escape(part) for part in re.split(r"\s+", text.lstrip()))


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
