"""Functions for web addresses: remove secrets, find addresses in text, and find the page of an episode."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from mlguide_site.markdown.blocks_from_html import safe_address, without_password
from mlguide_site.model.base import is_allowed_url

AUDIO_TYPES = {
    ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".opus": "audio/ogg", ".mp4": "video/mp4",
}  # fmt: skip
"""The media types of audio files, by suffix."""
MIN_SHARE = 0.5  # a pattern must match at least this share of the episodes that have addresses
MAX_RUNS = 4  # maximum number of places of an episode's number in an address; the last places are used
_ADDRESS = re.compile(
    r"(?<![\w@/.-])(?:https?://)?(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}(?::\d{2,5})?/[^\s<>\"'`{}|\\^]{1,400}"
)
_TRAILING = ".,;:!?)]}'\"…"
_SECRET = re.compile(
    r"auth(?!or(?!i[sz]))|token|key|secret|sig|pass|pwd|session|sid$|code|cred|hash|access|jwt|uid", re.I
)
_RANDOM = re.compile(r"(?=.{0,200}[0-9])(?=.{0,200}[A-Za-z])[\w%.~+/=-]{16,}")
_CHANNEL = re.compile(r"(?:channel|playlist)(?:[_-]?id)?|list|v", re.I)
_VALUE = re.compile(r"(?<![^&])(?:(?P<name>[^=&#]*)=)?(?P<value>[^&#]+)")


def is_web_address(name: str) -> bool:
    """Check whether the name of a source is an address, not a path. Any scheme counts, even `file://`."""
    return "://" in name[:20]


def web_address(url: Any, base: str) -> str:
    """Return an absolute http or https address without user name and password, or "" for other addresses."""
    whole = safe_address(url, base) if isinstance(url, str) else ""
    return whole if whole[:4].casefold() == "http" else ""


def address_key(url: str) -> str:
    """Return an address without its scheme, `www.` and a slash at the end, because these don't distinguish pages."""
    host, slash, path = url.partition("://")[2].partition("/")
    return f"{host.casefold().removeprefix('www.')}{slash}{path}".rstrip("/")


def without_secrets(url: str) -> str:
    """Remove the user name and password from an address, and mask access keys in its query. A query value counts as a
    key if its name suggests one, or if it is long and has letters and digits, and isn't the id of a channel."""
    head, mark, query = without_password(url).partition("?")
    return head + mark + _VALUE.sub(_masked, query)


def _masked(found: re.Match[str]) -> str:
    name = found["name"] or ""
    is_secret = (_RANDOM.match(found["value"]) and not _CHANNEL.fullmatch(name)) or _SECRET.search(name)
    return found[0].removesuffix(found["value"]) + "…" if is_secret else found[0]


def has_secrets(url: str) -> bool:
    """Check whether the query of an address contains an access key."""
    return without_secrets(url) != without_password(url)


def public_address(url: str) -> str:
    """Return an address without user name and password, or "" if its query contains an access key."""
    return "" if has_secrets(url) else without_password(url)


def find_addresses(text: str) -> list[str]:
    """Return the web addresses in a text, except addresses without a path. The default scheme is `https`."""
    found = (match[0].rstrip(_TRAILING) for match in _ADDRESS.finditer(text))
    whole = (shown if "://" in shown else f"https://{shown}" for shown in found)
    return [url for url in whole if "/" in url.partition("://")[2] and is_allowed_url(url)]


def own_pattern(notes: Iterable[tuple[int, Sequence[str]]]) -> str:
    """Return the address pattern of a series, such as `https://a.example/{number}`, or "". It must match at least three
    episodes, and half of the episodes that have addresses. `notes` contains their numbers and addresses."""
    votes: Counter[str] = Counter()
    asked = 0
    for number, urls in notes:
        asked += bool(urls)
        votes.update({pattern for url in urls for pattern in _patterns(url, number) if len(pattern) <= 500})
    # if several patterns match the most episodes, choose the shortest pattern, then the alphabetically first
    best = min(votes, key=lambda pattern: (-votes[pattern], len(pattern), pattern), default="")
    return best if best and votes[best] >= max(3, MIN_SHARE * asked) else ""


def _patterns(url: str, number: int) -> Iterator[str]:
    """Yield the patterns that match an address. In a pattern, `{number}` replaces 1, and `{number:03}` replaces 001."""
    path = url.find("/", url.find("://") + 3)
    found = [
        run for run in re.finditer(r"(?<!\d)\d{1,5}(?!\d)", url) if run.start() > path >= 0 and int(run[0]) == number
    ]
    for digits in found[-MAX_RUNS:]:
        for form in ("{number}", f"{{number:0{len(digits[0])}}}"):
            if digits[0] == form.format(number=number):
                yield url[: digits.start()] + form + url[digits.end() :]


def own_address(pattern: str, number: int | None, urls: Sequence[str]) -> str:
    """Return the address among `urls` that is the episode's page, or "". The page must be directly in the folder that
    the pattern names. The last part of its address must contain the episode's number and no other number."""
    before, _, after = pattern.partition("{number")
    folder = before.rpartition("/")[0] + "/"
    for url in urls if after else ():
        last = url.removeprefix(folder)
        is_page = last != url and "/" not in last.rstrip("/")
        if is_page and [int(run) for run in re.findall(r"\d{1,9}", last)] == [number]:
            return url
    return ""
