"""Defines transcripts and chapters, and parses and formats timestamps."""

import math
import re
from typing import NamedTuple

from mlguide_site.model.base import format_duration

MAX_SECONDS = 1000 * 3600
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
_TIME = re.compile(r"(?:([0-9]{1,4}):)?([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]{1,3})[0-9]{0,6})?")


class Cue(NamedTuple):
    """Spoken words in a transcript. Times are in seconds, with at most three decimals."""

    start: float
    end: float
    speaker: str  # "" if the speaker is unknown
    text: str  # one line


class Chapter(NamedTuple):
    """A chapter of an episode. Times are in seconds."""

    start: float
    end: float | None  # None if the end is unknown
    title: str
    url: str = ""
    img: str = ""  # the address of an image
    toc: bool = True  # true if the table of contents lists the chapter


Transcript = tuple[Cue, ...]  # sorted by start


class Note(NamedTuple):
    """A problem in a transcript or chapters file."""

    line: int
    message: str


def one_line(text: str) -> str:
    """Return a string as one line, without control characters and direction marks."""
    return " ".join(_DIRECTION_MARKS.sub("", _CONTROL.sub(" ", text)).split())


def read_time(text: str) -> float | None:
    """Return a timestamp, such as `01:02:03.500` or `62:03`, in seconds, or None if it is invalid or too large."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        return None
    hours, minutes, seconds = int(found[1] or 0), int(found[2]), int(found[3])
    if seconds > 59 or (found[1] and minutes > 59):
        return None
    whole = hours * 3600 + minutes * 60 + seconds + int((found[4] or "0").ljust(3, "0")) / 1000
    return round(whole, 3) if whole <= MAX_SECONDS else None


def read_seconds(value: object) -> float | None:
    """Return a JSON value as seconds, or None if the value isn't a valid time."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= MAX_SECONDS:
        return None
    return round(float(value), 3) if math.isfinite(value) else None


def format_time(seconds: float) -> str:
    """Return a number of seconds as a WebVTT timestamp."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{format_duration(whole)}.{thousandths:03}"
