"""The base class of all records, and the field types that several records use."""

import re
import unicodedata
from contextlib import suppress
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, PlainSerializer, StringConstraints
from pydantic.json_schema import WithJsonSchema

SLUG_PATTERN = r"^[a-z0-9][a-z0-9-]{0,63}$"
_ADDRESS = re.compile(r"(?i:https?://[^\s<>\"\\^`{|}\x00-\x20\x7f]+|mailto:[^\s<>\"\\^`{|}\x00-\x20\x7f]+)")
_DURATION = re.compile(r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]\d)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9-])")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


class Record(BaseModel, frozen=True, extra="forbid", str_strip_whitespace=True):
    """The base class of frozen records. A record with an unknown key is invalid."""


def parse_duration(text: str) -> int:
    """Return a duration (`HH:MM:SS` or `MM:SS`) in seconds. Raises ValueError for any other text."""
    found = _DURATION.fullmatch(text.strip())
    if not found:
        raise ValueError("is not a duration; write it as HH:MM:SS")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def format_duration(seconds: int) -> str:
    """Return a number of seconds as `HH:MM:SS`."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _read_date(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip()
    with suppress(ValueError):
        if _DATE.match(text):
            return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text.replace(" ", "T", 1))
    raise ValueError("is not a date; write it as YYYY-MM-DD")


def _printable(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError("contains a control character; remove it")
    return value


def _one_line(value: str) -> str:
    return " ".join(_printable(value).split())


def _allowed_url(value: str) -> str:
    if not is_allowed_url(value):
        raise ValueError("is not a web address; begin it with https://, http:// or mailto:")
    return value


def is_allowed_url(value: str) -> bool:
    """Return whether an address is safe to publish: its scheme is http, https or mailto, and its host is valid."""
    with suppress(ValueError):
        return bool(_ADDRESS.fullmatch(value) and urlsplit(value))
    return False


Duration = Annotated[
    int,
    BeforeValidator(lambda value: parse_duration(value) if isinstance(value, str) else value),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^(\d{1,4}:)?[0-5]?\d:[0-5]\d$", "examples": ["00:31:00"]}),
]
IsoDate = Annotated[
    datetime | date,
    BeforeValidator(_read_date),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}),
]
Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN)]
MAX_TEXT = 10_000  # the limit is low, because many pages may repeat a text, such as a licence
Text = Annotated[str, StringConstraints(max_length=MAX_TEXT), AfterValidator(_one_line)]
"""One line of plain text. Whitespace is collapsed, and control characters are not allowed."""
Markdown = Annotated[str, StringConstraints(max_length=MAX_TEXT), AfterValidator(_printable)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_one_line)]
MAX_SHORT = 100
ShortText = Annotated[str, StringConstraints(max_length=MAX_SHORT), AfterValidator(_one_line)]
MAX_PHRASE = 40
MAX_PHRASE_WORDS = 4
MAX_PHRASE_PARTS = 8  # `don't` and `Node.js` have two; match rules compare all runs of so many parts of a block


def _few_words(text: str) -> str:
    # a vowel sign, as in Hindi, separates no words
    letters = "".join(char for char in text if unicodedata.category(char)[0] != "M")
    words = re.findall(r"[.'’]*\w[\w.'’]*", letters)
    if len(words) > MAX_PHRASE_WORDS or len(re.findall(r"\w+", letters)) > MAX_PHRASE_PARTS:
        raise ValueError(f"has more than {MAX_PHRASE_WORDS} words; shorten it")
    return _one_line(text)


Phrase = Annotated[str, StringConstraints(min_length=1, max_length=MAX_PHRASE), AfterValidator(_few_words)]
Url = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_allowed_url)]
