"""Creates and parses ids, slugs and page paths."""

import posixpath
import re
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Set
from functools import lru_cache
from typing import NamedTuple

from slugify import slugify

from mlguide_site.errors import nearest
from mlguide_site.model.base import SLUG_PATTERN

_SLUG = re.compile(SLUG_PATTERN)
_DEVICES = {"con", "prn", "aux", "nul", "index"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
_KEY = re.compile(r"(?:s(?P<season>\d+)-)?(?P<number>\d{3,})$")
_LAST_NUMBER = re.compile(r"[0-9]{1,9}$")
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_PLAIN_NAME = re.compile(r"""(?=.*[A-Za-z0-9])(?:[A-Za-z0-9\s,'’‘"“”&/_:()!?–—-]|(?<=\w)\.|\.(?=\s|$))+""", re.S)
MAX_GAPS = 1000
KIND_FOLDERS = {
    "episode": "episodes",
    "topic": "topics",
    "tool": "tools",
    "resource": "resources",
    "term": "glossary",
    "person": "people",
}
PAGES = "pages/"  # the folder for users' own pages
_relative = lru_cache(maxsize=65536)(posixpath.relpath)


class EpisodeKey(NamedTuple):
    """The season and the number in an episode's id. Both are None if the id ends in words, as in `mla-welcome`."""

    season: int | None
    number: int | None


def is_slug(text: str) -> bool:
    """Return whether a string is a slug or id: lower-case letters, digits and hyphens, but no reserved name (`con`)."""
    return bool(_SLUG.match(text)) and "\n" not in text and text not in _DEVICES


def without_zeros(id: str) -> str:
    """Return an id with the leading zeros of its numbers removed."""
    return _ZEROS.sub("", id)


def id_suggestion(id: str, known: Iterable[str], otherwise: str) -> str:
    """Return a remedy that suggests the most similar id with the same number; if there is none, return `otherwise`."""
    number = _LAST_NUMBER.search(id)
    same = _by_number(tuple(known)).get(int(number[0]), {}) if number else {}
    near = nearest(without_zeros(id), list(same))
    return f'did you mean "{same[near]}"?' if near else otherwise


@lru_cache(maxsize=1)
def _by_number(ids: tuple[str, ...]) -> Mapping[int, Mapping[str, str]]:
    """Map the last number of each id to {id without leading zeros: id}."""
    table: dict[int, dict[str, str]] = defaultdict(dict)
    for id in ids:
        if found := _LAST_NUMBER.search(id):
            table[int(found[0])][without_zeros(id)] = id
    return table


def make_slug(text: str, fallback: str = "entry", limit: int = 60) -> str:
    """Return a slug for a string. The slug contains only whole words, and at most about `limit` characters."""
    slug = slugify(text, max_length=limit, word_boundary=True, save_order=True) or fallback
    return f"{slug}-1" if slug in _DEVICES else slug


def name_slug(name: str, fallback: str = "entry") -> str:
    """Return a slug for a new entry, in which `C`, `C++` and `C#` differ."""
    spoken = re.sub(r"(?<=[A-Za-z])\+\+", " plus plus ", re.sub(r"(?<=\b[A-Za-z])#", " sharp ", name))
    return make_slug(spoken, fallback)


def is_plain_name(name: str) -> bool:
    """Return whether the slug of a name contains the whole name, except accents, spaces and common punctuation. Other
    names may share their slug, such as `C` and `C++`, or Chinese names with the same sounds."""
    return bool(_PLAIN_NAME.fullmatch(without_accents(name)))


def without_accents(text: str) -> str:
    """Return a text without accents and other combining marks."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


@lru_cache(maxsize=65536)
def sort_key(title: str) -> tuple[str, str]:
    """Return the key by which titles are sorted: letters without case and accents, and numbers by value.

    >>> sorted(["Python 10", "Zebra", "Über", "Python 2"], key=sort_key)
    ['Python 2', 'Python 10', 'Über', 'Zebra']
    """
    letters = without_accents(title.casefold())
    return re.sub(r"\d{1,20}", lambda number: number[0].zfill(20), letters), title


def episode_id(series: str, number: int | None = None, season: int | None = None, slug: str = "") -> str:
    """Return the id of an episode. Pass `season` only if numbers restart each season."""
    if number is None:
        return f"{series}-{slug}"
    return f"{series}-s{season}-{number:03}" if season is not None else f"{series}-{number:03}"


@lru_cache(maxsize=65536)
def parse_id(series: str, id: str) -> EpisodeKey | None:
    """Return the season and number in an episode's id, or None if the id doesn't belong to the series."""
    if not id.startswith(f"{series}-"):
        return None
    found = _KEY.match(id[len(series) + 1 :])
    if not found:
        return EpisodeKey(None, None)
    season = found["season"]
    return EpisodeKey(int(season) if season else None, int(found["number"]))


def series_of(id: str, known: Container[str]) -> Iterator[str]:
    """Yield the known series ids that an episode's id begins with: `a-b` and then `a` for `a-b-001`."""
    while id := id.rpartition("-")[0]:
        if id in known:
            yield id


def gaps(numbers: Set[int]) -> tuple[int, ...]:
    """Return the missing numbers between the lowest and highest number, or () if more than 1,000 are missing."""
    if not numbers or max(numbers) - min(numbers) - len(numbers) > MAX_GAPS:
        return ()
    return tuple(sorted(set(range(min(numbers), max(numbers) + 1)) - numbers))


def page_path(kind: str, slug: str, series: str = "") -> str:
    """Return the path of the page of an entry or episode, in the folder of generated pages."""
    folder = KIND_FOLDERS[kind]
    return f"{folder}/{series}/{slug}.md" if kind == "episode" else f"{folder}/{slug}.md"


def transcript_path(id: str, series: str) -> str:
    """Return the path of an episode's transcript page, such as `episodes/mla/mla-012/transcript.md`."""
    return f"{page_path('episode', id, series).removesuffix('.md')}/transcript.md"


def page_url(path: str, directories: bool = True) -> str:
    """Return a page's address relative to the site's address. `directories` is MkDocs' option `use_directory_urls`."""
    stem = path.removesuffix(".md")
    if not directories:
        return f"{stem}.html"
    if stem == "index" or stem.endswith("/index"):
        return stem[: -len("index")]
    return f"{stem}/"


def file_in_own_folder(path: str) -> str:
    """Return the path that a page has if each page is an `index.md` in its own folder. Other paths are unchanged."""
    page, *rest = re.split("(?=[?#])", path, maxsplit=1)
    return f"{page_url(page)}index.md{''.join(rest)}" if page.endswith(".md") else path


def relative_path(here: str, there: str, own_folders: bool = False) -> str:
    """Return the path from one file to another. With `own_folders`, first apply `file_in_own_folder` to both."""
    if own_folders:
        here, there = file_in_own_folder(here), file_in_own_folder(there)
    return _relative(there, posixpath.dirname(here) or ".")
