"""Splits titles and file names into series, season, number and title. Also finds the series and people of a source."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from unicodedata import decimal, normalize
from urllib.parse import unquote, urlsplit

from mlguide_site.content.transcript_formats import TRANSCRIPTS
from mlguide_site.errors import visible
from mlguide_site.importers import Context, Draft, EntryDraft, FileDraft, KnownSeries
from mlguide_site.importers.common.addresses import own_pattern
from mlguide_site.importers.folder import NOTES
from mlguide_site.model.base import is_allowed_url
from mlguide_site.model.digests import digest, short_digest
from mlguide_site.model.slugs import is_plain_name, make_slug

MAX_NUMBER = 99_999
MAX_SERIES_SLUG = 24
MAX_PREFIXES = 20  # maximum number of prefixes that become new series
MIN_GUID = 12  # minimum length of a guid that counts as unique across shows
GLUED_CUT = 30
MAX_SPAN = 9  # maximum difference of the two numbers in a title such as `Episode 10-12 Doors`
_MARKERS = frozenset(
    "ep eps epi episode ep. no no. nr nr. number folge part pt vol season lecture lesson day session week chapter"
    " module unit bonus trailer class talk video avsnitt afsnit odcinek jakso bölüm aflevering".split()
)
_GLUE = re.compile(
    r"(?:S(?:eason)?\.?\s?(?P<season>\d{1,3})[\s:,·|-]{0,3}E(?:p(?:isode)?)?|Ep(?:isode)?)\.?\s?#?(?P<digits>\d{1,9})(?P<rest>.*)",
    re.I | re.A,
)
_PREFIX = re.compile(
    r"(?P<prefix>[A-Za-z][A-Za-z&]{1,9})(?:\s?[-–—#:]\s?|\s?)#?(?P<digits>\d{1,5})(?!\d)(?P<rest>.*)", re.A
)
_BREAK = r"(?:\s*[-–—:：|｜.·]\s*|\s+)"
_SIGN = r"\s?(?:#|№\s?|[Nn][°º]\s?)?"
_EPISODE = (
    r"(?:[ÉéE]pisode|Epis[oóÓ]dio|Ep\.?|(?-i:[Ee]ps)\.?|Folge|Aflevering|Afl\.|Avsnitt|Afsnit|Jakso|Odcinek"
    r"|B[öÖ]l[üÜ]m|Puntata|Episodul|Epizoda|[Вв]ыпуск|[Вв]ипуск|[ЭэЕеЄєІі]п[иі]зод|[Εε]πεισόδιο|(?:ال)?حلقة(?:\sرقم)?"
    r"|פרק|قسمت|에피소드|エピソード|ตอนที่|एपिसोड)" + _SIGN
)
"""The words and signs before a number in a title, in several languages."""
_COUNTED = (
    r"(?:b[öÖ]l[üÜ]m|jakso|r[éÉ]sz|folge|epizode|epizoda|episode|d[íÍ]l|odcinek|epiz[óÓ]d|ad[áÁ]s|sendung|ausgabe|teil"
    r"|avsnitt|afsnit|nastavak|[вВ]ыпуск)"
)
"""The words after a number, as in `12. Bölüm`."""
_FIRST = (
    r"(?:Cap[iíÍ]tulo|D[íÍ]l|T[ậẬ]p|Episod"
    r"|(?:Vol\.?|Sendung|Ausgabe)(?=\s?#?(?!(?:19|20)\d\d\b)\d{1,5}"
    r"(?:\s*[:：|–—]|(?:\s+-|-\s)(?!\s*\d)|\s+[(\"„“«»]|\s+[^\x00-\u024f]|$)))"
)
"""The words before a number at the beginning of a title, but not at its end."""
_NO_YEAR = r"(?!(?:19|20)\d\d\b)"
"""The lookahead before a number; it excludes years, because some titles begin with a year."""
_MARK = rf"(?:#|{_EPISODE})"
_BETWEEN = r"(?:\s?[-–—/&+,]\s?|\s[^\s\d]{1,3}\s)"
_JOIN = r"(?:\s?\(?[&+]\s?|\s\(?(?:and|through|to|und|bis|et|y|e|og|och|en|à|i|ja|ve|и|και)\s)"
_PAIR = re.compile(
    rf"(?:,\s?|\s[-–—]\s)S\d{{1,3}}\s?E\d"
    rf"|(?:(?P<word>{_JOIN})|(?P<dash>[-–—/])|\s?[-–—/,]\s?)(?P<mark>{_MARK}|(?:S\d{{1,3}}\s?)?E)?"
    rf"{_NO_YEAR}(?P<second>\d{{1,5}})(?!\d)(?P<end>\s*(?:[:：|](?!\d)|\s[-–—]\s|$))?",
    re.I | re.A,
)
"""Matches a sign or word after a number, and the number that follows."""
_PHRASE = re.compile(rf"{_JOIN}|(?:[-–—]|\s[^\W\d]{{1,3}}\s)\d|\s?/|-[a-z]")
"""Matches the text after a number that belongs to a phrase, as in `5-minute habits` or `3 and 20 questions`."""
_WHOLE = r"(?!\d|[.,:]\d)"
"""The lookahead after an integer; it excludes decimals such as `118.5`, and times such as `12:30`."""
_OF = r"\s(?:of|von|de|di|do|sur|van|av|af|из)\s"
_TOTAL = rf"(?:(?:{_OF}|\s?/\s?)(?P<total>\d{{1,5}})(?=\s*(?:[:：|｜.·)\]–—-]|$)))?"
"""The total after a number, as in `1 of 4: T` or `1/4: T`."""
_TOTAL_OF = _TOTAL.replace(r"|\s?/\s?", "")
"""The same without a slash, because two numbers such as `Episode 3/4` are two episodes."""
_LESSON = re.compile(
    r"(?:Lesson|Lecture|Day|Session|Chapter|(?:Module|Unit|Class|Talk|Video)(?!\s?#?\d+\s+(?-i:[a-z])))"
    rf"\s?#?(?P<number>\d{{1,5}}){_TOTAL}{_WHOLE}(?:{_BREAK}(?P<rest>.+))?$",
    re.I | re.A,
)
"""Matches a unit and its number, but not a phrase such as `Class 1 lasers`. Weeks aren't units, because their numbers
begin again each year."""
_FRACTION = re.compile(r"(?P<number>\d{1,5})/(?P<total>\d{1,5})\s+(?P<rest>[^\sa-z].*)$", re.A)
_IN_SEASON = r"S(?:eason)?\.?\s?(?P<season>\d{1,3})[\s:,·|-]{0,3}E(?:p(?:isode)?)?\.?\s?#?(?P<number>\d{1,5})"
_SEASON_LAST = re.compile(rf"(?P<rest>.+?)\s*(?:[|·,(\[]|\s[–—-]\s)\s*{_IN_SEASON}[)\]]?$", re.I | re.A)
"""Matches the number at the end of `T (S2 E12)`. Episodes about other shows have such titles, too."""
_NUMBERED: tuple[re.Pattern[str], ...] = (
    re.compile(rf"{_IN_SEASON}{_TOTAL_OF}{_WHOLE}(?P<rest>\W.*)?$", re.I | re.A),
    re.compile(
        rf"(?:{_EPISODE}|{_FIRST}{_SIGN}|N[oº°]\.?\s?#?)(?P<number>\d{{1,5}}){_TOTAL_OF}{_WHOLE}(?:{_BREAK}(?P<rest>.+))?$",
        re.I | re.A,
    ),
    _LESSON,
    re.compile(
        rf"(?:[【［](?=[第제\s\d回话話期集화회]*[】］]))?[第제]\s?(?P<number>\d{{1,5}})\s?[回話话期集화회](?:(?:[】］]|{_BREAK}|(?=[「『【（(]))(?P<rest>.+))?$",
        re.A,
    ),
    re.compile(rf"(?P<number>\d{{1,5}})화(?:{_BREAK}(?P<rest>.+))?$", re.A),
    re.compile(
        rf"(?:[【［](?=[#\s\d]*[】］]))?#(?P<number>\d{{1,5}}){_TOTAL_OF}{_WHOLE}(?:(?:[】］]|{_BREAK})(?P<rest>.+))?$",
        re.A,
    ),
    re.compile(rf"(?P<number>\d{{1,5}})\.\s?{_COUNTED}(?:\s*[:：|–—-]\s*(?P<rest>.+))?$", re.I | re.A),
    re.compile(rf"E?{_NO_YEAR}(?P<number>\d{{1,5}}){_TOTAL}\s*(?:[:|–—.)](?!\d)|\s-\s)\s*(?P<rest>.+)$", re.A),
    _FRACTION,
    re.compile(rf"(?P<number>0\d{{1,4}}){_WHOLE}\s+(?P<rest>.+)$", re.A),
    _SEASON_LAST,
    re.compile(
        rf"(?P<rest>(?:(?!{_MARK}\d{{1,5}}{_BETWEEN}{_MARK}\d).)+?),?{_BREAK}[(\[]?"
        rf"{_MARK}(?P<number>\d{{1,5}})[)\]]?$",
        re.I | re.A,
    ),
)
"""Notations of a number in a title, by priority: `S2 E12 T`, `Episode 12: T`, `第12回 T`, `12화 T`, `#12 T`,
`12. Bölüm: T`, `12. T`, `1/4 T`, `012 T`, `T (S2 E12)`, `T (#12)`."""
_EMOJI = re.compile(r"(?:[\u2190-\u2bff\U0001f000-\U0001faff][\ufe0f\u200d\U0001f3fb-\U0001f3ff]*\s*)*")
_LEAD = re.compile(r"^\s*[-–—:：|｜.·]+\s*")
MAX_NAME = 300
_SUFFIXES = re.compile(rf"(?:{'|'.join(map(re.escape, (*TRANSCRIPTS, *NOTES, '.txt')))})$", re.I)
_LANGUAGES = (
    "ar bg ca cs da de el en es fa fi fr he hi hr hu id it ja ko lt lv nb nl nn pl pt ro ru sk sl sr sv th tr uk vi zh"
)
_ENDINGS = re.compile(
    r"(?:[._ -](?:transcript|chapters|captions|subtitles)|\.[a-z]{2}(?:-[a-z]{2})?"
    rf"|[_ -](?:{'|'.join(_LANGUAGES.split())})(?:-[a-z]{{2}})?)?{_SUFFIXES.pattern}",
    re.I,
)
_FILE = re.compile(
    r"(?:(?P<series>[^\W\d_][\w -]{0,40}?)[\s_.#-]*)??"
    r"(?:(?<![^\W\d_])s(?P<season>[0-9]{1,3})[\s_.-]{0,3}(?:ep?\.?\s?|x)?)?"
    r"(?P<number>[0-9]{1,5})(?![0-9])(?:[\s_.:–—-]+(?P<title>.*))?",
    re.I,
)
_FILE_WORDS = frozenset(["", *"ep episode e no nr transcript part lecture lesson session week day talk".split()])


class Prefixed(NamedTuple):
    """The parts of a title such as `MLA 030 Knots`. `padded` means that the number begins with 0."""

    prefix: str
    number: int
    padded: bool
    title: str


class Numbered(NamedTuple):
    """The season, number and title of an entry; None means unknown. `series` is "" until the series is determined."""

    season: int | None
    number: int | None
    title: str
    series: str = ""


def read_prefix(title: str, known: Collection[str] = ()) -> Prefixed | None:
    """Split prefix and number from a title (`MLA 030 Knots`). Return None if the prefix has fewer than two capitals,
    or for two numbers (`MLA 12 & 13 Knots`). A word such as `TALK` is a prefix only if it is `known`."""
    found = _PREFIX.match(title.strip())
    if not found or sum(c.isupper() for c in found["prefix"]) < 2:
        return None
    if found["prefix"].casefold() in _MARKERS and found["prefix"].upper() not in known:
        return None
    rest, digits = found["rest"], found["digits"]
    first = int(digits)
    again = rf"(?:{_JOIN}|\s?[-–—/,]\s?){found['prefix']}[\s#-]{{0,2}}\d"
    if _is_pair(first, rest) or re.match(again, rest) or (rest[:1].isalnum() and not rest[0].isupper()):
        return None
    shown = title.strip() if _PHRASE.match(rest) else _LEAD.sub("", rest).strip()
    return Prefixed(found["prefix"], first, digits.startswith("0"), shown)


def _is_pair(first: int, rest: str) -> bool:
    """Check whether the text after a number begins with a second number of the same title, as in `1-2: T`, `1 & #4 T`
    or `1 and 2 T`. In `3 and 20 questions`, the second number belongs to a phrase."""
    found = _PAIR.match(rest)
    if not found or found["second"] is None or found["end"] is not None:
        return found is not None
    if found["mark"]:
        return bool(found["word"] or found["dash"])
    return 0 < int(found["second"]) - first <= (1 if found["word"] else MAX_SPAN if found["dash"] else 0)


def series_prefixes(titles: Sequence[str], known: Collection[str] = ()) -> frozenset[str]:
    """Return the upper-case prefixes that identify series in the titles of one source: the `known` prefixes and, if at
    least half of the titles have a prefix, up to `MAX_PREFIXES` others. Other prefixes must occur with several
    different numbers, or with a zero-padded number, and with a new number in at least four of five titles (with
    zero-padded numbers, in half of them). Titles such as `GPT 4 is here` and `GTA 6 trailer` don't create series."""
    named = frozenset(prefix.upper() for prefix in known)
    read = [found for title in titles if (found := read_prefix(title, named))]
    if 2 * len(read) < len(titles):
        return named
    numbers = Counter(prefix for prefix, _ in {(found.prefix.upper(), found.number) for found in read})
    padded = {found.prefix.upper() for found in read if found.padded}
    uses = Counter(found.prefix.upper() for found in read)
    likely = {prefix for prefix, count in numbers.items() if count * (2 if prefix in padded else 1.25) >= uses[prefix]}
    others = {prefix for prefix in likely if numbers[prefix] > 1 or prefix in padded} - named
    return named | others if len(others) <= MAX_PREFIXES else named


def read_number(title: str) -> Numbered:
    """Split a number from the beginning or the end of a title."""
    return _read_notation(title.strip())[1]


def has_marked_number(title: str) -> bool:
    """Return whether a title begins or ends with a number that a word or sign marks, as in `Ep 3 Knots`."""
    return bool(re.match(rf"{_MARK}\d", title.strip(), re.I) or re.search(rf"\W{_MARK}\d{{1,5}}[)\]]?$", title, re.I))


def _read_notation(title: str) -> tuple[re.Pattern[str] | None, Numbered]:
    """Return the notation of a number in a title, and the parts of the title."""
    written = normalize("NFC", title)
    # the patterns match only ASCII digits
    plain = "".join(str(decimal(char)) if char.isdecimal() else char for char in written)
    start = found.end() if (found := _EMOJI.match(plain)) else 0
    for pattern in _NUMBERED:
        if found := pattern.match(plain, start):
            number, groups = int(found["number"]), found.groupdict()
            after = found.string[found.end("total" if groups.get("total") else "number") :]
            if _is_pair(number, after) or number > int(groups.get("total") or number):
                continue
            begin, end = found.span("rest")
            rest = "" if _PHRASE.match(after) or not found["rest"] else written[0 if begin == start else begin : end]
            rest = _LEAD.sub("", rest).strip()
            return pattern, Numbered(whole_number(groups.get("season")), number, rest or title)
    return None, Numbered(None, None, title)


def read_numbers(titles: Sequence[str]) -> list[Numbered]:
    """Apply `read_number` to a source's titles. Titles are split only if at least half have different numbers. In a few
    titles, `Session 5 & Friends` and `9/11 Remembered` have no number of the episode."""
    notations = [_read_notation(title.strip()) for title in titles]
    uses = Counter(notation for notation, _ in notations)
    rare = {one for one in (_LESSON, _FRACTION, _SEASON_LAST) if 4 * uses[one] < len(titles)}
    plain = [Numbered(None, None, title.strip()) for title in titles]
    read = [own if one in rare else found for (one, found), own in zip(notations, plain, strict=True)]
    different = {(found.season, found.number) for found in read if found.number is not None}
    return read if 2 * len(different) >= len(titles) else plain


def read_glued(titles: Sequence[str]) -> list[Numbered]:
    """Split season and number from titles without a space after the number, such as `S1 Ep 66Title`. In `Ep 6610 Keys`,
    the number may be 66 or 6610; the number that continues the sequence is chosen."""
    found = [_GLUE.fullmatch(title.strip()) for title in titles]
    # if few titles match, `Ep 5` may be just a part of one title
    is_listing = 2 * sum(match is not None for match in found) >= len(titles)
    result, last = list[Numbered](), 0
    # most listings begin with the newest episode, so the numbers increase from the last entry to the first
    for title, match in zip(titles[::-1], found[::-1], strict=True):
        if not match or not (is_listing or match["season"]):
            result.append(Numbered(None, None, title.strip()))
            continue
        digits, rest = match["digits"], match["rest"]
        lengths = [len(digits)]
        if last and rest.strip():
            lengths += [at for at in range(1, len(digits)) if digits[at] != "0"]
        # a split costs more if the remaining title would begin with digits and letters, such as `3D`
        costs = {at: abs(last + 1 - int(digits[:at])) for at in lengths}
        length = min(lengths, key=lambda at: costs[at] + GLUED_CUT * (rest[:1].isalpha() and at < len(digits)))
        last = int(digits[:length])
        shown = _LEAD.sub("", digits[length:] + rest).strip()
        result.append(Numbered(whole_number(match["season"]), last, shown or title.strip()))
    return result[::-1]


def whole_number(value: Any, digits: int = 5) -> int | None:
    """Convert a value such as `12` or `" 12 "` to a whole number; return None if this is impossible."""
    text = str(value if value is not None else "").strip()
    return int(text) if re.fullmatch(rf"[0-9]{{1,{digits}}}", text) else None


def series_slug(title: str) -> str:
    """Convert the title of a show, up to a colon or dash, to a slug of at most 24 characters."""
    head = re.split(r"\s*[:|–—]\s|\s-\s", title.strip())[0]
    return make_slug(head if make_slug(head, "") else title, "show", MAX_SERIES_SLUG)


def _new_slug(show: str, context: Context) -> str:
    """Return a show's `series_slug`, or a longer one if another show has it, whose title begins with other words."""
    # signs that can't be printed are written in a visible form
    slug, written = series_slug(show), visible(show)
    for longer in (make_slug(show, "show"), f"{slug}-{short_digest(show)[:4]}"):
        title = context.series[slug].title if slug in context.series else written
        one, other = (re.findall(r"\w+", text.casefold()) for text in (title, written))
        # the title of a known series may have been edited, and the name of another site may follow it
        is_same_head = make_slug(title.split("|")[0]) == make_slug(written.split("|")[0])
        if all(map(str.__eq__, one, other)) or is_same_head or series_slug(title) != series_slug(show):
            break
        slug = longer
    return slug


def acronym(title: str) -> str:
    """Return the first letters of the capitalised words in a title, such as `MLG` for "Machine Learning Guide"."""
    return "".join(word[0] for word in re.findall(r"[^\W\d_]+", title) if word[0].isupper())


def file_stem(name: str, has_language: bool = True) -> str:
    """Return the part of a path or address that may identify an episode: `MLA 12` for `talks/MLA_12.en.vtt`. With
    `has_language`, a code such as `en` at the end is a language; otherwise, it is part of the name."""
    path = urlsplit(name).path if is_allowed_url(name) else name.replace("\\", "/")
    stem = re.sub(_ENDINGS if has_language else _SUFFIXES, "", unquote(PurePosixPath(path).name))
    return " ".join("".join(c if c.isprintable() else " " for c in stem.replace("_", " ")).split())[:MAX_NAME]


def name_file(suffix: str, data: bytes, name: str, given: str, known: Mapping[str, KnownSeries]) -> FileDraft:
    """Create the draft of a file from `name`, a result of `file_stem`. `given` is the series id from `--series`."""
    found = _FILE.fullmatch(name)
    written = re.sub(r"[\s.#-]+$", "", found["series"] or "").casefold() if found else ""
    # the file name may contain the id, the prefix or the title of a series
    ids = {id: {id, make_slug(one.prefix, ""), make_slug(one.title, "")} for id, one in sorted(known.items())}
    named = (id for id, names in [(given, {given}), *ids.items()] if make_slug(written, "") in names)
    # a series may be called `lecture`
    series = next(named, "") if written else ""
    series = series or (given if written in _FILE_WORDS else "")
    if not found or not (series or written in _FILE_WORDS):
        return FileDraft(suffix, data, given, title=name, name=name)
    season, title = whole_number(found["season"]), (found["title"] or "").strip()
    return FileDraft(suffix, data, series, int(found["number"]), season, title, name)


class Names(NamedTuple):
    """The entries of a source. `prefixes` maps series ids to prefixes. `main` is the id of the main series."""

    entries: tuple[Numbered, ...]
    prefixes: Mapping[str, str]
    main: str

    @property
    def series(self) -> tuple[str, ...]:
        return tuple(sorted({entry.series for entry in self.entries} or {self.main}))


def name_titles(counted: Sequence[Numbered], show: str, context: Context, recognised: str = "") -> Names:
    """Determine the series, number and title of each entry of a source.

    `counted` contains the titles, with season and number if the source specifies them. A prefix (`MLA 030 …`)
    determines series and number. It overrides a separate number, because a source may number several series in one
    sequence. Without prefixes, all entries belong to the series passed with `--series`. If none is passed, they belong
    to the series with the id `recognised`, the known series with the title `show`, or a new series."""
    titles = [found.title for found in counted]
    bare = [_without_show(title, show) for title in titles]
    known = {series.prefix.upper(): series.id for series in context.series.values() if series.prefix}
    named = [found for title in titles if (found := read_prefix(title, known))]
    is_prefixed = 2 * len(named) >= len(titles)
    same_title = known_series(show, context)
    mine = {context.given, recognised, same_title}
    if not is_prefixed:
        # single titles, and numbers such as `AI 101`, may name another show, but `MLA 001` and `MLA 002` name a series
        uses, padded = Counter(one.prefix.upper() for one in named), {one.prefix.upper() for one in named if one.padded}
        several = {prefix for prefix, count in uses.items() if count > (1 if prefix in padded else 2)}
        known = {prefix: id for prefix, id in known.items() if id in mine or prefix in several}
    accepted = series_prefixes(titles, known)
    prefixes = [read_prefix(title, known) for title in titles]
    read = [found if found and found.prefix.upper() in accepted else None for found in prefixes]
    uses = Counter(found.prefix.upper() for found in read if found)
    written = {found.prefix.upper(): found.prefix for found in reversed(read) if found}
    ids = {prefix: known.get(prefix, make_slug(prefix)) for prefix in uses}
    if context.given and len(uses) == 1:
        ids = dict.fromkeys(uses, context.given)
    main = min(uses, key=lambda prefix: (prefix != acronym(show), -uses[prefix], prefix), default="")
    named_by_most = ids.get(main) if is_prefixed or ids.get(main) in mine else ""
    own = context.given or named_by_most or recognised or same_title or _new_slug(show, context)
    entries = []
    for count, found, own_title, numbered in zip(counted, read, bare, read_numbers(bare), strict=True):
        season, number, title, series = count.season, count.number, count.title, own
        if found:
            season, number, title, series = None, found.number, found.title or title, ids[found.prefix.upper()]
        elif uses and is_prefixed:
            season = number = None
        elif number is None:
            season, number = numbered.season or season, numbered.number
            title = title if number is None else numbered.title
        elif (titled := read_number(own_title)).number == number and titled.season in (None, season):
            # the title repeats the episode's number, so the number is removed from the title
            title = titled.title
        entries.append(Numbered(season, number if 0 <= (number or 0) <= MAX_NUMBER else None, title, series))
    return Names(tuple(entries), {ids[prefix]: written[prefix] for prefix in uses}, own)


def _without_show(title: str, show: str) -> str:
    """Remove the name of the show before a number, as in `Loom Talk 1: Warp`."""
    rest = title.strip()[len(show) :] if show and title.strip().casefold().startswith(show.casefold()) else ""
    found = re.match(rf"[\s,:|–—-]+(?=(?:{_MARK}|E)?\d)", rest, re.I | re.A)
    return rest[found.end() :] if found else title


def known_series(
    title: str, context: Context, feeds: Collection[str] = (), guid: str = "", guids: Sequence[str] = ()
) -> str:
    """Find a known series by the feed's addresses, the feed's guid, the episodes' `guids` or the title, in this order.
    Return its id or "". The newest episode is the first in `guids`."""
    known = context.series.values()
    same = [one.id for one in known if one.feed and one.feed in feeds]
    same += [one.id for one in known if guid and one.guid.casefold() == guid.casefold()]
    same += [one.id for one in known if _has_most(one, [guid for guid in guids if len(guid) >= MIN_GUID])]
    same += [one.id for one in known if one.title.casefold().split() == title.casefold().split()]
    return next(iter(same), "")


def _has_most(series: KnownSeries, guids: Sequence[str]) -> bool:
    """Check whether a series contains over half of `guids`, and over 80 % of the guids after the first known guid."""
    found = [guid in series.guids for guid in guids]
    return True in found and sum(found) > max(1, len(found) / 2, 0.8 * len(found[found.index(True) :]))


def address_patterns(names: Names, urls: Sequence[Sequence[str]], context: Context) -> dict[str, str]:
    """Return the address pattern of each series. Unknown patterns are derived from each entry's `urls`."""
    patterns = {}
    for id in names.series:
        known = context.series.get(id)
        own = [(one.number, found) for one, found in zip(names.entries, urls, strict=True) if one.series == id]
        numbered = ((number, list(filter(None, found))) for number, found in own if number is not None)
        seasons = {(one.season, one.number) for one in names.entries if one.series == id}
        # an address with a number but no season identifies an episode only if the numbers don't restart
        pattern = own_pattern(numbered) if len(seasons) == len({number for _, number in seasons}) else ""
        patterns[id] = (known.address if known else "") or pattern
    return patterns


def choose_promotion(series: str, recurring: Sequence[str], context: Context) -> tuple[str, ...]:
    """Return the known promotion patterns of a series, or `recurring` if none are known."""
    known = context.series.get(series)
    return tuple(recurring) if known is None or known.promotion is None else known.promotion


def series_drafts(
    names: Names, show: str, patterns: Mapping[str, str], drafts: Iterable[Draft], context: Context
) -> Iterator[EntryDraft]:
    """Yield a draft of each series. A series is named after the show if it is the only series, or if its prefix
    consists of the show's initials. The default promotion patterns are those that matched in its drafts."""
    used = {(draft.series, pattern) for draft in drafts for pattern in draft.left_out}
    for id in names.series:
        prefix = names.prefixes.get(id, "")
        is_show = len(names.series) < 2 or (prefix and prefix.upper() == acronym(show))
        left_out = sorted(pattern for series, pattern in used if series == id)
        fields = {
            "title": f"{show} ({prefix or id})" if show and not is_show else show or prefix or id,
            "address": patterns[id],
            "prefix": prefix,
            "promotion": list(choose_promotion(id, left_out, context)),
        }
        yield EntryDraft("series", id, {key: value for key, value in fields.items() if value})


class Person(NamedTuple):
    """A participant. `role` is in lower case; `links` are pairs of title and address."""

    name: str
    role: str
    links: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=10_000)
def entry_slug(name: str) -> str:
    """Return the slug that a source has for an entry. If other names have the same slug, a digest of the name is added,
    and the merge chooses the slug."""
    return make_slug(name) if is_plain_name(name) else f"{make_slug(name)[:50]}-{digest(name, 4)}"


def read_person(name: str, role: str = "", group: str = "", href: str = "", img: str = "") -> Person:
    """Create a person from the text and attributes of `podcast:person`. The default role is `host`. A group other than
    `cast` precedes the role: `visuals: designer`. `href` and `img` are absolute addresses or ""."""
    what = role.casefold() or "host"
    shown = what if group.casefold() in {"", "cast"} else f"{group.casefold()}: {what}"
    links = (((urlsplit(href).hostname or "Page").removeprefix("www."), href), ("Picture", img))
    return Person(name, shown[:200], tuple((title, url) for title, url in links if url))


def people_field(people: Iterable[Person]) -> list[dict[str, str]]:
    """Return people as the front matter field `people`, without duplicates."""
    roles = dict.fromkeys((entry_slug(one.name), one.role) for one in people)
    return [{"person": slug, "role": role} for slug, role in roles]


def people_entries(people: Iterable[Person]) -> Iterator[EntryDraft]:
    """Yield one knowledge entry for each person, with all links of this person."""
    by_slug = defaultdict[str, list[Person]](list)
    for one in people:
        by_slug[entry_slug(one.name)].append(one)
    for slug, own in sorted(by_slug.items()):
        links = {url: title for person in reversed(own) for title, url in reversed(person.links)}
        listed = {"links": [{"title": title, "url": url} for url, title in sorted(links.items())]} if links else {}
        yield EntryDraft("person", slug, {"name": own[0].name, **listed})
