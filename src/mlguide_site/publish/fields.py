"""Leaves of feeds: moments, texts that XML can hold, licences."""

import re
from datetime import UTC, date, datetime

# XML 1.0, production Char
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ADDRESSED = re.compile(r"([^()]{0,300}?) ?\((https?://[^()\s]{1,2000})\)")
_VERSIONED = re.compile(r"cc-(by[a-z-]*)-([0-9.]+)")
_PUBLIC = re.compile(r"cc-by(-nc)?(-sa|-nd)?-[1-4]\.[0-9]|cc0-1\.0|cc-pddc")


def moment(value: date | None) -> int:
    """Seconds since the beginning of the year 1, a plain date being 00:00 UTC, a time without zone UTC; -1 for none.

    >>> moment(date(1, 1, 2)), moment(datetime(1, 1, 1, 0, 1)), moment(None)
    (86400, 60, -1)
    """
    if value is None:
        return -1
    seconds = (value.toordinal() - 1) * 86400
    if isinstance(value, datetime):
        offset = value.utcoffset()
        seconds += value.hour * 3600 + value.minute * 60 + value.second - (int(offset.total_seconds()) if offset else 0)
    return seconds


def in_utc(value: date) -> datetime:
    """A date as a moment in UTC; a time zone that leads out of the calendar is let go.

    >>> in_utc(date(2020, 11, 9)).isoformat(), in_utc(datetime.fromisoformat("2020-11-09T01:00:00+02:00")).isoformat()
    ('2020-11-09T00:00:00+00:00', '2020-11-08T23:00:00+00:00')
    """
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if value.tzinfo is None:
        return value.replace(tzinfo=UTC, microsecond=0)
    try:
        return value.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        return value.replace(tzinfo=UTC, microsecond=0)


def xml_text(text: str) -> str:
    r"""A text without the characters that XML 1.0 can't hold.

    >>> xml_text("a\x00b\ufffe ]]>")
    'ab ]]>'
    """
    return _NO_XML.sub("", text)


def licence_of(text: str) -> tuple[str, str] | None:
    """What podcast:license says of a licence, with its address or "": a public licence by its lower-case identifier, or
    any with an address behind it in brackets. None for others: the namespace wants an address for them.

    >>> licence_of("CC BY-SA 4.0"), licence_of("Ours (https://a.example/l)"), licence_of("Ours")
    (('cc-by-sa-4.0', ''), ('Ours', 'https://a.example/l'), None)
    """
    if found := _ADDRESSED.fullmatch(text.strip()):
        name = _identifier(found[1])
        return (name if _PUBLIC.fullmatch(name) else found[1] or found[2]), found[2]
    name = _identifier(text)
    return (name, "") if _PUBLIC.fullmatch(name) else None


def licence_address(text: str) -> str:
    """The address of a licence: its own, that of a Creative Commons licence, or "".

    >>> licence_address("CC BY-SA 4.0"), licence_address("CC0 1.0"), licence_address("Ours")
    ('https://creativecommons.org/licenses/by-sa/4.0/', 'https://creativecommons.org/publicdomain/zero/1.0/', '')
    """
    name, address = licence_of(text) or ("", "")
    if address or not name:
        return address
    if found := _VERSIONED.fullmatch(name):
        return f"https://creativecommons.org/licenses/{found[1]}/{found[2]}/"
    return "https://creativecommons.org/publicdomain/zero/1.0/" if name == "cc0-1.0" else ""


def _identifier(text: str) -> str:
    return "-".join(text.lower().split())
