"""What stands under the heading of a lecture, course day or meeting before its notes: when, where, with which links."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from mlguide_site.importers.marks import Fault, bare_text, links_in
from mlguide_site.importers.sections import Line, heading
from mlguide_site.importers.session_dates import When, read_when, unread_when

MAX_META = 20
MAX_WORDS = 12
CANCELLED_WORDS = 80
_LABEL = re.compile(r"\**(?P<label>[A-Za-z][A-Za-z /&-]{0,30}?)\**\s*:\s*\**\s*(?P<value>\S.*)$")
_ITEM = re.compile(r"^\s*(?:[-+*]|\d{1,3}[.)])\s+")
_WHERE_LABELS = frozenset("format place location where venue platform room channel".split())
_WHEN_LABELS = frozenset(["date", "date/time", "time", "when", "day", "date and time", "date & time"])
_PLACES = re.compile(
    r"(?:zoom|you\s?tube(?: live)?|(?:microsoft |ms )?teams|google meet|webex|discord|twitch|linked\s?in live|online"
    r"|in person|hybrid|live\s?stream|slack|skype|jitsi|virtual|remote|on\s?site|gather(?:\.town)?)",
    re.I,
)
_OFF = re.compile(
    r"\b(?:never (?:happened|took place|occurred)|(?:did|has) ?(?:n[o'’]t|not) (?:happen|take place|taken place)"
    r"|(?:was|is|got|has been|were) (?:cancell?ed|called off)|cancell?ed|called off)\b",
    re.I,
)


class Meta(NamedTuple):
    """What stands before the notes of a session: the date with its line, the place, links, and what was wrong with a
    date, with the line of that."""

    when: When | None
    line: int
    place: str
    links: tuple[dict[str, str], ...]
    unread: tuple[int, Fault] | None = None

    @property
    def is_dated(self) -> bool:
        """Whether a date stands there, one that can't be read among them."""
        return self.when is not None or self.unread is not None


def read_meta(title: Line, lines: Sequence[Line], day_first: bool | None = None, short: bool = False) -> Meta:
    """What a session's heading says of its date and links, and the short lines under it, up to the first heading,
    picture or longer line. `day_first` and `short` (for the heading) are as in `read_when`."""
    head = heading(title)
    named = head.text if head else title.text
    when, at, places = read_when(named, day_first, short), title.number, list[str]()
    fault = None if when else unread_when(named, day_first)
    unread = (title.number, fault[1]) if fault else None
    links = [{"title": label, "url": url} for label, url in links_in(title.text)]
    for line in lines[:MAX_META]:
        text = _ITEM.sub("", line.text).strip()
        if line.code or text.startswith("!") or heading(line) or len(bare_text(text).split()) > MAX_WORDS:
            break
        if not text or re.fullmatch(r"<br\s*/?>\\?", text):
            continue
        if found := links_in(text):
            links += [{"title": label, "url": url} for label, url in found]
            continue
        labelled = _LABEL.match(text)
        label = labelled["label"].strip().casefold() if labelled else ""
        value = labelled["value"].strip(" *\\") if labelled and label in _WHERE_LABELS | _WHEN_LABELS else text
        if label in _WHERE_LABELS or _PLACES.fullmatch(bare_text(value)):
            places.append(bare_text(value))
        elif when is None and (found_when := read_when(value, day_first)):
            if _begins(value, found_when.text, label):
                when, at = found_when, line.number
        elif when is None and unread is None and (fault := unread_when(value, day_first, label in _WHEN_LABELS)):
            unread = (line.number, fault[1]) if _begins(value, fault[0], label) else None
    return Meta(when, at, ", ".join(dict.fromkeys(places)), tuple(links), unread)


def _begins(value: str, shown: str, label: str) -> bool:
    """Whether a line is about its date, which is `shown`: labelled so, or little stands before it."""
    return label in _WHEN_LABELS or len(bare_text(value).partition(shown)[0].split()) <= 2


def is_off(title: str, when: When | None) -> bool:
    """Whether the title of a session says, beside its date, only that it did not take place.

    >>> is_off("11/30: cancelled!", When(None, 11, 30, "11/30")), is_off("Cancelled flights", None)
    (True, False)
    """
    rest = title.replace(when.text, " ", 1) if when else title
    return bool(_OFF.fullmatch(re.sub(r"^[\W_]+|[\W_]+$", "", rest)))


def is_cancelled(lines: Sequence[Line]) -> bool:
    """Whether a session's notes are little more than a line that says that it did not take place.

    >>> is_cancelled([Line(1, "**EVENT NEVER HAPPENED**")]), is_cancelled([Line(1, "We cancelled the terms, then")])
    (True, False)
    """
    if any(heading(line) for line in lines) or sum(len(line.text.split()) for line in lines) > CANCELLED_WORDS:
        return False
    texts = (bare_text(_ITEM.sub("", line.text)) for line in lines if not line.code)
    return any(
        len(text.split()) <= MAX_WORDS and (found := _OFF.search(text)) and _about_event(text, found) for text in texts
    )


def _about_event(text: str, found: re.Match[str]) -> bool:
    before = text[: found.start()].casefold()
    named = re.search(
        r"\b(?:event|session|talk|meeting|lecture|class|webinar|call|workshop|seminar|course|day|it|this)\b", before
    )
    return not before.strip(" :-") or bool(named) or text.isupper()


def fill_years(whens: Sequence[When | None]) -> list[tuple[date | None, int]]:
    """The day of each date of one file in order, and which neighbour (its index) gave the year; -1 where none had to.

    The one before gives it, or the one behind; a date that would then go back by more than half a year is one of the
    next year.

    >>> days = fill_years([When(2022, 12, 30, ""), None, When(None, 1, 5, ""), When(None, 1, 9, "")])
    >>> [(str(day), given) for day, given in days]
    [('2022-12-30', -1), ('None', -1), ('2023-01-05', 0), ('2023-01-09', 2)]
    """
    days: list[tuple[date | None, int]] = [
        (when.on(when.year) if when and when.year is not None else None, -1) for when in whens
    ]
    known = [at for at, (day, _) in enumerate(days) if day]
    for order in (range(len(whens)), range(len(whens) - 1, -1, -1)):
        last = -1
        for at in order:
            when, day = whens[at], days[at][0]
            if day is None and when is not None and last >= 0 and known:
                days[at] = (_near(when, days[last][0], order.step > 0), last)
            if days[at][0]:
                last = at
    return days


def _near(when: When, other: date | None, behind: bool) -> date | None:
    if other is None:
        return None
    day = when.on(other.year)
    if day and behind and (other - day).days > 183:
        return when.on(other.year + 1)
    if day and not behind and (day - other).days > 183:
        return when.on(other.year - 1)
    return day


def session_fields(meta: Meta, day: date | None) -> dict[str, Any]:
    """Front matter fields of a session."""
    fields: dict[str, Any] = {"date": day, "links": list(meta.links), "place": meta.place}
    return {key: value for key, value in fields.items() if value}
