"""Lists of times in flat text: `[00:00] Opening [04:30] The loom 12:10 Questions`, one after the other in a line.

Times that rise are a list where most of them are at places at which an item may begin, and what is between them looks
like titles. The times of a sentence (`at 12:30 we met`, `from 9:00 to 17:00`) are none.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from mlguide_site.recovery.words import FEWEST, OPENERS, bare, begins_item, ends_sentence

NEARLY = 60
"""A list of chapters begins in the first minute."""
MAX_TITLE = 40
"""Words of a title; of a list that doesn't begin at zero, `MAX_DAY` of them."""
MAX_DAY = 16
_CLOCK = r"(?:\d{1,2}:)?\d{1,3}:[0-5]\d"
_TIME = re.compile(
    rf"(?P<open>[\[(]?)(?P<first>{_CLOCK})(?:[-–—](?P<last>{_CLOCK}))?"
    r"(?P<close>[\])]?)(?P<mark>[-–—:|]?)(?P<glued>(?:[^\W_]|[\"'“‘«])\S{0,200})?",
    re.A,
)
_DASHES = frozenset({"-", "–", "—"})
_MARKS = _DASHES | {"|", ":"}
SIGNS = _DASHES | {"*", "•", "·"}
"""Signs that stand for bullets before times."""
_TO = _DASHES | {"to", "bis", "à", "until"}
_BEFORE = frozenset(
    "a an the at from to until till by around about before after since between and or for of in on near past than um"
    " von ab gegen à de vers desde hasta las".split()
)
"""Words behind which a time belongs to the sentence."""
_BEHIND = frozenset(
    "am pm a.m p.m uhr h o'clock o’clock utc gmt est edt cst cdt mst mdt pst pdt cet cest bst ist jst hours hrs sharp"
    " to until till bis i you he she it we they is are was were be been has have had do does did can could may might"
    " will would shall should must and or".split()
)
"""Words before which it does, or is a time of day."""
_NAMES = frozenset("timestamps timestamp timecodes timecode chapters timeline".split())
_SECOND_NAMES = frozenset("stamps codes markers marks outline chapters guide index list".split())
_FIRST_NAMES = frozenset("time chapter chapters episode show podcast video topic segment".split())


class Entry(NamedTuple):
    """An item: the place of its first word, that of the first word behind its lead (a time, a number), and the second
    that a time means, with that at which it ends (-1: unknown)."""

    start: int
    body: int
    second: int = -1
    until: int = -1


class Listed(NamedTuple):
    """A list: what leads its items (`time`, `number`), its items, how far the last of them may reach at most, whether
    it does, and where the words begin that name the list (its beginning where there are none)."""

    kind: str
    entries: tuple[Entry, ...]
    end: int
    closed: bool
    title: int

    @property
    def start(self) -> int:
        return self.entries[0].start


class _Time(NamedTuple):
    """A time with its place, that of the word behind it, its meaning, whether brackets hold it, and whether it belongs
    to a sentence."""

    entry: Entry
    held: bool
    weak: bool


def read_clock(text: str) -> int | None:
    """The seconds of a time such as `4:30` or `1:02:03`; None where it is none.

    >>> read_clock("4:30"), read_clock("1:02:03"), read_clock("75:00"), read_clock("1:75:00"), read_clock("16:9")
    (270, 3723, 4500, None, None)
    """
    if not re.fullmatch(_CLOCK, text, re.A):
        return None
    *hours, minutes, seconds = map(int, text.split(":"))
    return None if hours and minutes > 59 else sum(hours) * 3600 + minutes * 60 + seconds


def title_of(words: Sequence[str], entry: Entry, end: int) -> str:
    """What an item of a list of times is about: its words up to a place, without times and the marks beside them.

    >>> words = "00:00 - 04:30 Opening [04:30]The loom".split()
    >>> title_of(words, Entry(0, 3, 0, 270), 4), title_of(words, Entry(4, 4, 270), 6)
    ('Opening', 'The loom')
    """
    first, *others = words[entry.body : end] or [""]
    if entry.body == entry.start:
        found = _TIME.fullmatch(first)
        first = found["glued"] or "" if found and found["close"] else first
        while others and (_TIME.fullmatch(others[-1]) or others[-1] in _MARKS):
            others.pop()
    return " ".join([first, *others]).strip(" -–—|:,;/•")


def time_lists(words: Sequence[str], lines: Collection[int] = frozenset()) -> list[Listed]:
    """The lists of times among words; `lines` are the places at which a line begins.

    >>> found = time_lists("Timestamps: [00:00] Opening [04:30] The loom 12:10 Questions".split())
    >>> [(one.title, [entry.second for entry in one.entries]) for one in found]
    [(0, [0, 270, 730])]
    >>> time_lists("We met at 9:00, at 12:30 we ate, from 14:00 to 17:00 we slept".split())
    []
    """
    found: list[Listed] = []
    runs = list(_runs(words, lines))
    limits = [*(run[0].entry.start for run, _ in runs), len(words)][1:]
    for (run, weak), limit in zip(runs, limits, strict=False):
        listed = _trailing(words, lines, run, weak) or _listed(words, lines, run, weak, limit)
        if listed and (not found or found[-1].entries[-1].body <= listed.title):
            found.append(listed)
    starts = [*(one.title for one in found), len(words)][1:]
    return [one._replace(end=min(one.end, start)) for one, start in zip(found, starts, strict=False)]


def _runs(words: Sequence[str], lines: Collection[int]) -> Iterator[tuple[list[_Time], int]]:
    """Times that rise, with how many times of sentences are between them."""
    run: list[_Time] = []
    weak = passed = 0
    for time in _times(words, lines):
        if time.weak:
            passed += 1
            continue
        own, last = time.entry, run[-1].entry if run else time.entry
        if run and (own.second <= last.second or not 0 < own.start - last.body <= 2 * MAX_TITLE):
            yield run, weak
            run, weak = [], 0
        weak += passed if run else 0
        passed = 0
        run.append(time)
    if run:
        yield run, weak


def _times(words: Sequence[str], lines: Collection[int]) -> Iterator[_Time]:
    at = 0
    while at < len(words):
        time = _time(words, at, lines) if ":" in words[at] else None
        if time is not None:
            yield time
        at = max(time.entry.body if time else 0, at + 1)


def _time(words: Sequence[str], at: int, lines: Collection[int]) -> _Time | None:
    """The time at a place, with what belongs to it: brackets, the time at which it ends, a dash."""
    found = _TIME.fullmatch(words[at])
    second = read_clock(found["first"]) if found else None
    if not found or second is None or (found["glued"] and not found["close"]):
        return None
    held, body = bool(found["open"] and found["close"]), at + 1
    until = read_clock(found["last"] or "")
    behind = words[at + 2] if at + 2 < len(words) and words[at + 1] in _TO else ""
    last = _TIME.fullmatch(behind) if behind and not (found["close"] or found["last"] or found["glued"]) else None
    if last and not (last["open"] or last["last"] or last["glued"]):
        until, body = read_clock(last["first"]), at + 3
        held = bool(found["open"] and last["close"])
    if until is not None and until < second:
        return None
    if not found["glued"] and body < len(words) and words[body] in _MARKS and body not in lines:
        body += 1
    # a word glued to the brackets is the title's first
    body = at if found["glued"] else body
    before = bare(words[at - 1]) if at and at not in lines else ""
    follows = bare(words[body]) if body < len(words) and body not in lines and body > at else ""
    weak = before in _BEFORE or (follows in _BEHIND and (not held or follows.startswith(("am", "pm"))))
    return _Time(Entry(at, body, second, -1 if until is None else until), held, weak)


def _listed(words: Sequence[str], lines: Collection[int], run: Sequence[_Time], weak: int, limit: int) -> Listed | None:
    """The list of some times, each before its title, up to a place at most; None where they are none."""
    entries = list(_with_signs(words, lines, [time.entry for time in run]))
    while entries and not _title(words, lines, entries[-1].body, limit):
        entries.pop()
    if len(entries) < FEWEST or weak >= len(entries):
        return None
    first, last = entries[0], entries[-1]
    early = first.second < NEARLY
    title = _name_before(words, first.start, lines)
    strict = title < first.start or begins_item(words, first.start, lines)
    titles = [_title(words, lines, entry.body, after.start) for entry, after in pairwise(entries)]
    if not (strict or early or all(time.held for time in run)):
        return None
    if not _are_titles([*titles, words[last.body : last.body + 1]], early, strict):
        return None
    end = next((at for at in range(last.body + 1, limit) if at in lines), limit)
    first_end = next((at + 1 for at in range(last.body, end) if ends_sentence(words[at])), end)
    simple = not any(ends_sentence(word) for one in titles for word in one[:-1])
    closed = end in lines or (simple and first_end - last.body <= max(map(len, titles)) + FEWEST)
    return Listed("time", tuple(entries), first_end if closed and simple else end, closed, title)


def _with_signs(words: Sequence[str], lines: Collection[int], entries: Sequence[Entry]) -> Iterator[Entry]:
    """The times, each with the dash before it that stands for a bullet: one that begins a line, or that all but the
    first have."""
    signs = {words[entry.start - 1] if entry.start else "" for entry in entries[1:]}
    sign = signs.pop() if len(signs) == 1 else ""
    for entry in entries:
        at = entry.start
        before = words[at - 1] if at and at not in lines else ""
        signed = before in SIGNS and (before == sign or at == 1 or at - 1 in lines)
        yield entry._replace(start=at - 1) if signed else entry


def _title(words: Sequence[str], lines: Collection[int], start: int, end: int) -> Sequence[str]:
    """The words from a place on, up to another or the end of the line."""
    at = start
    while at < end and at - start <= MAX_TITLE and (at == start or at not in lines):
        at += 1
    return words[start:at] if start not in lines or start == 0 else ()


def _are_titles(titles: Sequence[Sequence[str]], early: bool, strict: bool) -> bool:
    """Whether the words behind times look like titles."""
    if not all(0 < len(one) <= (MAX_TITLE if early else MAX_DAY) for one in titles):
        return False
    inner = [sum(map(ends_sentence, one[:-1])) for one in titles]
    small = sum(one[0].lstrip(OPENERS)[:1].islower() for one in titles)
    if early:
        return max(inner) <= 2 and (strict or 2 * small < len(titles))
    return not any(inner) and not small


def _trailing(words: Sequence[str], lines: Collection[int], run: Sequence[_Time], weak: int) -> Listed | None:
    """The list in which each time is behind its title, up to the end of the text or line; None where there is none."""
    first, end = run[0].entry.start, run[-1].entry.body
    if len(run) < FEWEST or weak or run[0].entry.second >= NEARLY or (end < len(words) and end not in lines):
        return None
    places = range(first - 1, max(0, first - MAX_DAY) - 1, -1)
    start = next((at for at in places if begins_item(words, at, lines)), -1)
    starts = [start, *(time.entry.body for time in run[:-1])]
    titles = [words[begin : time.entry.start] for begin, time in zip(starts, run, strict=True)]
    broken = any(at in lines for begin, after in pairwise([*starts, end]) for at in range(begin + 1, after))
    if start < 0 or begins_item(words, first, lines) or broken or not _are_titles(titles, False, True):
        return None
    entries = tuple(Entry(begin, begin, *time.entry[2:]) for begin, time in zip(starts, run, strict=True))
    return Listed("time", entries, end, True, _name_before(words, start, lines))


def _name_before(words: Sequence[str], start: int, lines: Collection[int]) -> int:
    """Where the words begin that name a list before it, such as `Timestamps:`; its beginning where there are none."""
    name = bare(words[start - 1]) if start else ""
    at = start - 1
    if start > 1 and at not in lines and name in _SECOND_NAMES and bare(words[at - 1]) in _FIRST_NAMES:
        at -= 1
    elif name not in _NAMES:
        return start
    while at > 0 and at not in lines and words[at - 1][0].isupper() and bare(words[at - 1]) in _FIRST_NAMES:
        at -= 1
    opens = begins_item(words, at, lines) or (words[start - 1].endswith((":", "：")) and words[at][0].isupper())
    return at if opens else start
