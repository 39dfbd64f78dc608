"""One item of a feed: its fields read, its addresses made whole."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urljoin

from mlguide_site.characters import unescape
from mlguide_site.importers.fields import MAX_YEAR, MIN_YEAR, duration_field, read_date, read_length
from mlguide_site.importers.html import strip_tags
from mlguide_site.importers.notes import Notes, Part, read_notes
from mlguide_site.importers.xml import CONTENT, ITUNES
from mlguide_site.model.base import is_allowed_url

MAX_TITLE = 500
MAX_NOTES = 1024 * 1024
_MEDIA_TYPE = re.compile(r"[a-z]{1,30}/[A-Za-z0-9.+-]{1,80}")
_SOUND = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of a feed, its fields read and its addresses made whole; "" and None where it says nothing."""

    title: str
    notes: Notes
    summary: str
    date: date | None
    dated: str
    duration: str
    guid: str
    link: str
    audio: Mapping[str, Any] | None
    number: int | None
    season: int | None
    kind: str


def one_line(value: Any) -> str:
    """A field as one line of text; entities that were escaped twice are read."""
    text = str(value or "")
    if "&" in text:
        text = unescape(text)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def web_address(url: Any, base: str) -> str:
    """An http or https address made whole; "" where it is none that may be published."""
    if not isinstance(url, str) or not url.strip():
        return ""
    try:
        whole = urljoin(base, url.strip()).replace(" ", "%20")
    except ValueError:
        return ""
    return whole if is_allowed_url(whole) and not whole.casefold().startswith("mailto:") and len(whole) <= 2000 else ""


def _whole(value: Any) -> int | None:
    text = str(value if value is not None else "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else None


def notes_size(item: Any, extra: Mapping[str, str]) -> int:
    """How many characters the descriptions of an item have."""
    texts = [str(part.get("value") or "") for part in item.get("content", ())] + [str(item.get("summary") or "")]
    return max(sum(map(len, extra.values())), sum(map(len, texts)))


def read_entry(item: Any, extra: Mapping[str, str], base: str, atom: bool) -> Entry:
    """An item as feedparser gives it, and its texts by element name, as an entry; addresses are relative to `base`."""
    parts = [Part(extra[name], "") for name in (CONTENT, "description", f"{ITUNES}summary") if extra.get(name)]
    if not parts:
        parts = [Part(str(part.get("value") or ""), str(part.get("type") or "")) for part in item.get("content", ())]
        # without a type of its own the summary is feedparser's copy of the content
        if detail := item.get("summary_detail"):
            parts.append(Part(str(detail.get("value") or ""), str(detail.get("type") or "")))
    links = [link for link in item.get("links", ()) if link.get("rel") == "alternate"]
    link = next((url for one in links if (url := web_address(one.get("href"), base))), "")
    guid = one_line(item.get("id"))
    if not link and item.get("guidislink") and re.match(r"https?://", guid):
        link = web_address(guid, "")
    dated = str(item.get("published") or dict.get(item, "updated") or "").strip()
    lengths = (item.get("itunes_duration"), *(media.get("duration") for media in item.get("media_content", ())))
    seconds = next((found for value in lengths if value and (found := read_length(str(value)))), None)
    title, subtitle = _title(item, atom), one_line(extra.get(f"{ITUNES}subtitle", ""))
    return Entry(
        title,
        read_notes(parts, base),
        subtitle if len(subtitle) <= MAX_TITLE else "",
        _date(item, dated),
        dated,
        duration_field(seconds),
        guid[:MAX_TITLE],
        link,
        _audio(item, base),
        _whole(item.get("itunes_episode") or item.get("podcast_episode")),
        _whole(item.get("itunes_season") or item.get("podcast_season")),
        str(item.get("itunes_episodetype") or "").strip().casefold(),
    )


def _title(item: Any, atom: bool) -> str:
    """The title as text. Only Atom says whether it is HTML; an RSS title is text, whatever it looks like."""
    text = str(item.get("title") or "")
    if atom and (item.get("title_detail") or {}).get("type") in {"text/html", "application/xhtml+xml"}:
        text = strip_tags(text)
    return one_line(text)[:MAX_TITLE] or one_line(item.get("itunes_title"))[:MAX_TITLE]


def _date(item: Any, dated: str) -> date | None:
    """The day that the feed names, in its own time zone."""
    found = read_date(dated)
    if found is not None:
        return found
    parsed = item.get("published_parsed") or dict.get(item, "updated_parsed")
    try:
        day = date(*parsed[:3]) if parsed else None
    except (ValueError, TypeError, OverflowError):
        return None
    return day if day is not None and MIN_YEAR <= day.year <= MAX_YEAR else None


def _audio(item: Any, base: str) -> Mapping[str, Any] | None:
    """The enclosure: the first that is sound, else the first that is a film."""
    found = []
    for enclosure in item.get("enclosures", ()):
        url = web_address(enclosure.get("href"), base)
        type = str(enclosure.get("type") or "").strip()
        type = type if _MEDIA_TYPE.fullmatch(type) else ""
        ending = re.search(r"\.([a-z0-9]{2,4})(?:[?#].*)?$", url, re.I)
        type = type or _SOUND.get(ending[1].casefold() if ending else "", "")
        if url and type.startswith(("audio/", "video/")):
            size = re.fullmatch(r"[0-9]{1,15}", str(enclosure.get("length") or "").strip())
            audio: dict[str, Any] = {"url": url, "type": type}
            if size and int(size[0]) > 1:  # 0 and 1 stand for "unknown"
                audio["bytes"] = int(size[0])
            found.append(audio)
    return min(found, key=lambda audio: audio["type"].startswith("video/"), default=None)
