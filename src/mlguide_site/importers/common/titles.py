"""Season, number and series in titles and file names."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from mlguide_site.content.transcript_formats import TRANSCRIPTS
from mlguide_site.importers import FileDraft, KnownSeries
from mlguide_site.importers.assets import NOTES
from mlguide_site.model.base import is_allowed_url
from mlguide_site.model.slugs import make_slug

MAX_NUMBER = 99_999
MAX_SERIES_SLUG = 24
GLUED_CUT = 30
_MARKERS = frozenset("ep eps epi episode ep. no no. nr nr. number folge part pt vol season".split())
_GLUE = re.compile(
    r"(?:S(?:eason)?\.?\s?(?P<season>\d{1,3})[\s:,·|-]{0,3}E(?:p(?:isode)?)?|Ep(?:isode)?)\.?\s?#?(?P<digits>\d{1,9})(?P<rest>.*)",
    re.I | re.A,
)
_PREFIX = re.compile(
    r"(?P<prefix>[A-Za-z][A-Za-z&]{1,9})(?:\s?[-–—#:]\s?|\s?)#?(?P<digits>\d{1,5})(?!\d)(?P<rest>.*)", re.A
)
_BREAK = r"(?:\s*[-–—:|.·]\s*|\s+)"
_WHOLE = r"(?!\d|[.,:]\d)"
"""What may follow an integer: `118.5` and `12:30` are not 118 and 12."""
_NO_COUNT = r"(?!\s{0,9}\d{1,5}\s{0,9}[-–—:.,])"
"""What may follow a single number, unlike in `3 - 2 - 1`."""
_NO_YEAR = r"(?!(?:19|20)\d\d\b)"
"""A bare year before a title is its subject, not a number."""
_NUMBERED: tuple[re.Pattern[str], ...] = (
    re.compile(
        r"S(?:eason)?\.?\s?(?P<season>\d{1,3})[\s:,·|-]{0,3}E(?:p(?:isode)?)?\.?\s?#?(?P<number>\d{1,5})(?P<rest>\W.*)?$",
        re.I | re.A,
    ),
    re.compile(
        rf"(?:Episode|Ep\.?|No\.?|Folge|Lesson|Lecture|Day)\s?#?(?P<number>\d{{1,5}}){_WHOLE}(?:{_BREAK}(?P<rest>.+))?$",
        re.I | re.A,
    ),
    re.compile(rf"#(?P<number>\d{{1,5}}){_WHOLE}(?:{_BREAK}(?P<rest>.+))?$", re.A),
    re.compile(rf"{_NO_YEAR}(?P<number>\d{{1,5}})\s*(?:[:|–—.)](?!\d)|\s-\s){_NO_COUNT}\s*(?P<rest>.+)$", re.A),
    re.compile(r"(?P<number>0\d{1,4})\s+(?P<rest>.+)$", re.A),
    re.compile(rf"(?P<rest>.+?){_BREAK}[(\[]?(?:#|(?:Episode|Ep\.?)\s?#?)(?P<number>\d{{1,5}})[)\]]?$", re.I | re.A),
)
"""Ways to write a number in a title, in order: `S2 E12 T`, `Episode 12: T`, `#12 T`, `12. T`, `012 T`, `T (#12)`."""
_LEAD = re.compile(r"^\s*[-–—:|.·]+\s*")


class Prefixed(NamedTuple):
    """A title split into prefix as written, number, whether that is zero-padded, and the rest."""

    prefix: str
    number: int
    padded: bool
    title: str


class Numbered(NamedTuple):
    """A title, season and number before it or None, and the id of its series, "" if that isn't known yet."""

    season: int | None
    number: int | None
    title: str
    series: str = ""


def read_prefix(title: str) -> Prefixed | None:
    """Prefix and number before a title; None without a run of at least two capitals."""
    found = _PREFIX.match(title.strip())
    if not found or found["prefix"].casefold() in _MARKERS or sum(c.isupper() for c in found["prefix"]) < 2:
        return None
    rest, digits = found["rest"], found["digits"]
    if rest[:1].isalnum() and not rest[0].isupper():
        return None
    return Prefixed(found["prefix"], int(digits), digits.startswith("0"), _LEAD.sub("", rest).strip())


def series_prefixes(titles: Sequence[str], known: Collection[str] = ()) -> frozenset[str]:
    """The prefixes, in capitals, that name a series in the titles of one source.

    Known ones always count. Others count if at least half of the titles have a prefix, and each prefix has its own
    numbers: padded ones, or at least two different ones. So `GPT 4 is here` among fifty titles is no series.
    """
    named = frozenset(prefix.upper() for prefix in known)
    read = [found for title in titles if (found := read_prefix(title))]
    if 2 * len(read) < len(titles):
        return named
    numbers = Counter(prefix for prefix, _ in {(found.prefix.upper(), found.number) for found in read})
    padded = {found.prefix.upper() for found in read if found.padded}
    return named | {prefix for prefix, count in numbers.items() if count > 1 or prefix in padded}


def read_number(title: str) -> Numbered:
    """A number written before or after a title, and the title without it."""
    title = title.strip()
    for pattern in _NUMBERED:
        if found := pattern.match(title):
            season = found.groupdict().get("season")
            return Numbered(
                int(season) if season else None,
                int(found["number"]),
                _LEAD.sub("", found["rest"] or "").strip() or title,
            )
    return Numbered(None, None, title)


def read_numbers(titles: Sequence[str]) -> list[Numbered]:
    """The numbers of `read_number` for the titles of one source, where at least half of them have one of their own."""
    read = [read_number(title) for title in titles]
    if 2 * len({found.number for found in read} - {None}) >= len(titles):
        return read
    return [Numbered(None, None, title.strip()) for title in titles]


def read_glued(titles: Sequence[str]) -> list[Numbered]:
    """Season and number joined to the titles of a listing, such as `S1 Ep 66Title`.

    If a title begins with digits, the number is split so that it is nearest to its neighbours' numbers.
    """
    found = [_GLUE.fullmatch(title.strip()) for title in titles]
    # a single title may begin like this by chance
    is_listing = 2 * sum(match is not None for match in found) >= len(titles)
    result, last = list[Numbered](), 0
    # most listings begin with the newest episode: it is safer to start at the end
    for title, match in zip(titles[::-1], found[::-1], strict=True):
        if not match or not (is_listing or match["season"]):
            result.append(Numbered(None, None, title.strip()))
            continue
        digits, rest = match["digits"], match["rest"]
        lengths = [len(digits)]
        if last and rest.strip():
            lengths += [at for at in range(1, len(digits)) if digits[at] != "0"]
        # costs more if the title would begin with a word of digits and letters
        costs = {at: abs(last + 1 - int(digits[:at])) for at in lengths}
        length = min(lengths, key=lambda at: costs[at] + GLUED_CUT * (rest[:1].isalpha() and at < len(digits)))
        last = int(digits[:length])
        shown = _LEAD.sub("", digits[length:] + rest).strip()
        result.append(Numbered(int(match["season"]) if match["season"] else None, last, shown or title.strip()))
    return result[::-1]


def whole_number(value: Any, digits: int = 5) -> int | None:
    """A number in a feed or in front matter; None if it isn't one.

    >>> whole_number(" 12 "), whole_number("3.5"), whole_number("1e9")
    (12, None, None)
    """
    text = str(value if value is not None else "").strip()
    return int(text) if re.fullmatch(rf"[0-9]{{1,{digits}}}", text) else None


def series_slug(title: str) -> str:
    """A short slug for a show: of the title up to a colon or dash, at most 24 characters, cut between words."""
    head = re.split(r"\s*[:|–—]\s|\s-\s", title.strip())[0]
    return short_slug(head if make_slug(head, "") else title, "show", MAX_SERIES_SLUG)


def short_slug(title: str, fallback: str, limit: int) -> str:
    """The slug of a title, cut between words."""
    slug = make_slug(title, fallback)
    while len(slug) > limit and "-" in slug:
        slug = slug.rpartition("-")[0]
    return slug[:limit].strip("-") or fallback


def acronym(title: str) -> str:
    """The first letters of a title's capitalised words.

    >>> acronym("Machine Learning Guide"), acronym("The Art of Doors")
    ('MLG', 'TAD')
    """
    return "".join(word[0] for word in re.findall(r"[^\W\d_]+", title) if word[0].isupper())


MAX_NAME = 300
_ENDINGS = re.compile(
    r"(?:[._ -](?:transcript|chapters|captions|subtitles|[a-z]{2}(?:-[a-z]{2})?))?"
    rf"(?:{'|'.join(map(re.escape, (*TRANSCRIPTS, *NOTES, '.txt')))})$",
    re.I,
)
_FILE = re.compile(
    r"(?:(?P<series>[^\W\d_][\w -]{0,40}?)[\s_.#-]*)??"
    r"(?:(?<![^\W\d_])s(?P<season>[0-9]{1,3})[\s_.-]{0,3}(?:ep?\.?\s?|x)?)?"
    r"(?P<number>[0-9]{1,5})(?![0-9])(?:[\s_.:–—-]+(?P<title>.*))?",
    re.I,
)
_FILE_WORDS = frozenset(["", "ep", "episode", "e", "no", "nr", "transcript", "part"])


def file_stem(name: str) -> str:
    """The part of a path or address that may name an episode: without folders, suffix and language.

    >>> file_stem("talks/MLA_12 - Docker.en.vtt")
    'MLA 12 - Docker'
    """
    path = urlsplit(name).path if is_allowed_url(name) else name.replace("\\", "/")
    stem = _ENDINGS.sub("", unquote(PurePosixPath(path).name))
    return " ".join("".join(c if c.isprintable() else " " for c in stem.replace("_", " ")).split())[:MAX_NAME]


def name_file(suffix: str, data: bytes, name: str, given: str, known: Mapping[str, KnownSeries]) -> FileDraft:
    """A file with the episode data in its name, as returned by `file_stem`; `given` is the series given by the user.

    >>> draft = name_file(".vtt", b"", "MLA 12 - Docker", "mla", {})
    >>> draft.series, draft.number, draft.title
    ('mla', 12, 'Docker')
    """
    found = _FILE.fullmatch(name)
    written = re.sub(r"[\s.#-]+$", "", found["series"] or "").casefold() if found else ""
    series = given if written in _FILE_WORDS else _series_called(written, given, known)
    if not found or not (series or written in _FILE_WORDS):
        return FileDraft(suffix, data, given, title=name, name=name)
    season, title = int(found["season"]) if found["season"] else None, (found["title"] or "").strip()
    return FileDraft(suffix, data, series, int(found["number"]), season, title, name)


def _series_called(name: str, given: str, known: Mapping[str, KnownSeries]) -> str:
    """The id of a series by its id, prefix or title; "" if there is no such series."""
    ids = {id: {id, make_slug(one.prefix, ""), make_slug(one.title, "")} for id, one in sorted(known.items())}
    return next((id for id, names in [(given, {given}), *ids.items()] if make_slug(name, "") in names), "")
