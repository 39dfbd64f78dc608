"""Makes the keys that identify drafts and episodes, such as hashes of guids, titles, files and lines of notes."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Set
from datetime import date
from posixpath import basename, dirname, normpath

from mlguide_site.importers import Draft
from mlguide_site.importers.common.dates_and_durations import read_when, weekday_pattern
from mlguide_site.linking.folding import is_word_part
from mlguide_site.merge.records import body_lines, key_hash, line_hash, note_name
from mlguide_site.model.digests import short_digest

MAX_DATE = 60  # maximum number of characters in a line that is only a date
BLANK = line_hash("")
ABSENT = key_hash("absent", "")  # marks episodes whose notes an earlier import has missed
# a number such as `Lecture 3:` or `03`
COUNTED = re.compile(r"\W*(?:[^\W\d_]+\W{0,3})?\d{1,4}(?=\s*(?:[:()–—-]|[.,](?!\d)|$))|(?<![\d.,])0\d{1,3}\b")
_LINK_IN_ROOT = re.compile(r"!?\[([^\[\]]*)\]\((?!https?:)[^()\n]*\)")


def plain_title(title: str) -> str:
    """Normalise a title for comparison: remove spaces and punctuation, and ignore case."""
    folded = unicodedata.normalize("NFC", title.casefold())
    return "".join(filter(is_word_part, folded)) or "".join(folded.split())


def subject(title: str) -> str:
    """Normalise the title of notes without a date, and without a number at the start, which may be a position."""
    rest = title
    if when := read_when(title):
        rest = re.sub(rf"(?:{weekday_pattern()}\W{{0,4}})?{re.escape(when.text)}", "", rest, count=1, flags=re.I)
    rest = plain_title(COUNTED.sub("", rest, count=1))
    return rest if any(map(str.isalpha, rest)) else plain_title(title)


def plain_lines(body: str, known: Set[str] | None = None) -> frozenset[str]:
    """Return hashes of the lines of notes, without what depends on their place: levels of headings, addresses of other
    notes and files, and lines that are only a date. If `known` has hashes of the lines that an import wrote,
    only these count, and lines that a person has changed count with their hash in `known`."""
    by_hash = {line_hash(line): line for line in body_lines(body)}
    if known is None:
        known = by_hash.keys()
    plain = {line_hash(_plain_line(by_hash[one])) if one in by_hash else one for one in known}
    return frozenset(plain) - {BLANK}


def _plain_line(line: str) -> str:
    text = _LINK_IN_ROOT.sub(r"\1", line.strip().lstrip("#"))
    when = read_when(text) if len(text) <= MAX_DATE else None
    return "" if when and not any(map(str.isalpha, text.replace(when.text, "", 1))) else text.strip()


def days_between(one: object, other: object) -> int | None:
    """Return the number of days between two dates in front matter, or None if a value isn't a date."""
    try:
        days = date.fromisoformat(str(one or "")[:10]) - date.fromisoformat(str(other or "")[:10])
    except ValueError:
        return None
    return abs(days.days)


def draft_keys(draft: Draft) -> dict[str, str]:
    """Return hashes of a draft's identifiers, by kind of identifier, such as `guid`."""
    day, title = draft.fields.get("date"), plain_title(draft.title)
    values = {
        "guid": draft.guid,
        "address": draft.address,
        "enclosure": draft.enclosure,
        "titled": f"{day} {title}" if day and title else "",
    }
    if draft.file:
        file = _path(draft)
        values |= {"source": f"{draft.series} {file}", "folder": f"{draft.series} {dirname(file)}"}
        values["file"] = f"{draft.series} {title} {file}"
        values |= subject_keys(draft.series, draft.title, day)
        values["day"] = f"{draft.series} {day} {file}" if day else ""
    if has_only_text(draft):
        values["content"] = f"{draft.series} {draft.number} {title} {short_digest(draft.body)}"
    return {kind: key_hash(kind, value) for kind, value in values.items() if value}


def _path(draft: Draft) -> str:
    # no typed path begins with "./" after `normpath`, so the hashes of typed paths differ from those of places
    return f"./{normpath(draft.place)}" if draft.place else normpath(draft.file)


def subject_keys(series: str, title: str, day: object) -> dict[str, str]:
    """Return the values of the keys `subject` and `session`, which also has the day."""
    own = f"{series} {subject(title)}"
    return {"subject": own, "session": f"{own} {day}" if day else ""}


def folder_keys(series: str, path: str) -> Iterator[str]:
    """Yield the hashes of a folder and of the folders above it."""
    yield key_hash("within", f"{series} {path}")
    if basename(path) not in ("", ".", ".."):
        yield from folder_keys(series, dirname(path))


def place_keys(draft: Draft, keys: Mapping[str, str]) -> tuple[str, ...]:
    """Return the hashes of a draft's file, of its folder, and of the folders that contain it. `keys` are the result of
    `draft_keys`."""
    return (keys["source"], keys["folder"], *folder_keys(draft.series, dirname(_path(draft))))


def name_keys(draft: Draft) -> tuple[str, ...]:
    """Return the hashes of the names by which other notes can link to a draft."""
    return tuple(key_hash("name", name) for one in draft.names if (name := note_name(one)))


def has_only_text(draft: Draft) -> bool:
    """Return whether a draft can be identified only by its title and text."""
    return not (draft.guid or draft.address or draft.enclosure or draft.fields.get("date"))
