"""What the name of a file says of the episode that it belongs to."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from mlguide_site.importers import FileDraft, KnownSeries
from mlguide_site.model.base import is_allowed_url

MAX_NAME = 300
_ENDINGS = re.compile(
    r"(?:[._ -](?:transcript|chapters|captions|subtitles|[a-z]{2}(?:-[a-z]{2})?))?\.(?:vtt|srt|json|md|markdown|txt)$",
    re.I,
)
_SERIES = r"(?:(?P<series>[^\W\d_][\w -]{0,40}?)[\s_.#-]*)?"
_NUMBER = r"(?P<number>[0-9]{1,5})(?![0-9])(?:[\s_.:–—-]+(?P<title>.*))?"
_PATTERNS = tuple(
    re.compile(_SERIES + season + _NUMBER, re.I)
    for season in (r"(?<![^\W\d_])s(?P<season>[0-9]{1,3})[\s_.-]{0,3}(?:ep?\.?\s?|x)?", "(?P<season>)")
)
_WORDS = frozenset(["ep", "episode", "e", "no", "nr", "transcript", "part"])


def file_stem(name: str) -> str:
    """What of a path or an address may name an episode: no folders, no ending, no language.

    >>> file_stem("talks/MLA_12 - Docker.en.vtt")
    'MLA 12 - Docker'
    """
    path = urlsplit(name).path if is_allowed_url(name) else name.replace("\\", "/")
    stem = _ENDINGS.sub("", unquote(PurePosixPath(path).name))
    return " ".join("".join(c if c.isprintable() else " " for c in stem.replace("_", " ")).split())[:MAX_NAME]


def name_file(suffix: str, data: bytes, name: str, given: str, known: Mapping[str, KnownSeries]) -> FileDraft:
    """A file with what its name, as `file_stem` gives it, says of its episode; `given` is the series that was named.

    >>> draft = name_file(".vtt", b"", "MLA 12 - Docker", "mla", {})
    >>> draft.series, draft.number, draft.title
    ('mla', 12, 'Docker')
    """
    series, number, season, title = given, None, None, name
    if found := next((match for pattern in _PATTERNS if (match := pattern.fullmatch(name))), None):
        written = re.sub(r"[\s.#-]+$", "", found["series"] or "").casefold()
        meant = _series(written, given, known) if written not in _WORDS else ""
        if not written or written in _WORDS or meant:
            series = meant or series
            number = int(found["number"])
            season = int(found["season"]) if found["season"] else None
            title = (found["title"] or "").strip()
    return FileDraft(suffix, data, series, number, season, title, name, given)


def _series(name: str, given: str, known: Mapping[str, KnownSeries]) -> str:
    """The id of a series by its id, prefix or title, in small letters; "" where no series is called so."""
    ids = {*known, *([given] if given else [])}
    names = {id.casefold(): id for id in sorted(ids)}
    for id, series in sorted(known.items()):
        for other in (series.prefix, series.title):
            if other:
                names.setdefault(other.casefold(), id)
    return names.get(name) or names.get(name.replace(" ", "-")) or ""
