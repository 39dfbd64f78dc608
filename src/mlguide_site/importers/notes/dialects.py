"""The dialects of notes: how each is recognised, and where its episodes begin.

Notes of lectures from HackMD and its relatives hold sessions, each with a heading, mostly with a date. Learning logs
are plain text or Markdown in which each day begins with a line that says which day it is. Notes of a vault (Obsidian
and its relatives) are a file with days or weeks of a course, or a folder of notes.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from os.path import basename, splitext
from typing import NamedTuple

from mlguide_site.importers import Source
from mlguide_site.importers.assets import is_note
from mlguide_site.importers.common.dates_and_durations import MONTHS, WEEKDAY, When, read_date, read_when
from mlguide_site.importers.common.titles import MAX_NUMBER
from mlguide_site.importers.notes.body import BOX
from mlguide_site.importers.notes.front_matter import read_head
from mlguide_site.importers.notes.inline import STUB, bare_text, links_in
from mlguide_site.importers.notes.source import HEADING, Line, Note, Part, is_rule, sniffed, stem_title, without_fences
from mlguide_site.markdown.plain import SECTION_NAMES

MAX_META = 20
"""Lines under a heading that may say when and where."""
MAX_WORDS = 12
CANCELLED_WORDS = 80
_UNDERLINED = re.compile(r"^ {0,3}[^\s#>|=-][^\n|]*\n {0,3}(?:=+|-+)[ \t]*$", re.M)
_TAGS = re.compile(r" {0,3}#{1,6}[ \t]+tags:((?:[ \t,;]*`[^`]{1,200}`)+)[ \t]*$", re.I)
_TRACES = re.compile(
    rf"{STUB}|\{{%\s*(?:youtube|vimeo|gist|slideshare|speakerdeck|pdf|figma)\s|\[(?:name|time|color)=[^\[\]\n]{{1,100}}\]"
    r"|\]\((?:https?://[^\s/()<>]{1,200})?/_?uploads/[\w.-]{1,200}|\]\(/[\w@-][^\s()]{4,200}\)"
    r"|https://(?:i\.imgur\.com|hackmd\.io)/",
    re.I,
)
_ITEM = re.compile(r"^\s*(?:[-+*]|\d{1,3}[.)])\s+")
_LABEL = re.compile(r"\**[A-Za-z][A-Za-z /&-]{0,30}?\**\s*:\s*\**\s*(?=\S)")
_PLACES = re.compile(
    r"zoom|you\s?tube(?: live)?|(?:microsoft |ms )?teams|google meet|webex|discord|twitch|online|in person|hybrid", re.I
)
_OFF = re.compile(
    r"\W*(?:the |this )?(?P<what>event|session|talk|meeting|lecture|class)?\s*(?:(?:was|is|got|has been) )?"
    r"(?:cancell?ed|called off|never (?:happened|took place)|did(?:n[’']t| not) (?:happen|take place))(?(what).*|\W*)$",
    re.I,
)
HEAD_LINES = 6
SHOWN = 60
MAX_OPENER = 300
_OPEN = re.compile(
    r"(?P<hashes>#{1,6}\s*)?(?P<bold>\*\*|__)?"
    r"(?:(?:day|entry|log(?: entry)?)\s{0,3}[#–-]?\s{0,3}(?P<day>\d{1,5})"
    r"|(?:round\s?|r)(?P<round>\d{1,3})[\s,:-]{0,3}(?:day\s?|d)(?P<within>\d{1,5}))(?!\w)"
    r"(?P<until>\s?(?:&|and)\s?(?:day\s?)?\d{1,5}(?!\w))?"
    r"(?P<of>(?:\s?/\s?\d{1,5}(?!\w))?(?:\s+of\s+(?:my\s+|the\s+)?(?:#\w{2,60}|\d{1,5}(?!\w)))?)(?P<rest>.*)$",
    re.I,
)
_SEPARATOR = re.compile(r"\s*[-–—:.|!]\s*|\s*(?=[(\[])")
_MARKS = " \t-–—:|!."
_BEFORE = re.compile(rf"(?:^|\s*[(\[,–—:|-])\s*(?:{WEEKDAY})?[\s(\[,]*$", re.I)
_AFTER = re.compile(rf"[\s,(\[]*(?:{WEEKDAY}(?!\w))?[\s)\],;]*(?=$|[\s–—:|!.-])", re.I)
_PROSE = re.compile(
    r"(?:^|[^\w-])(?:(?:today (?:is|was|marks)|this is|it[’']?s|welcome to)\s+(?:my\s+|the\s+)?"
    r"(?:day|entry)\s*#?\s*(?P<day>\d{1,5})|(?P<ordinal>\d{1,5})(?:st|nd|rd|th) day of)\b",
    re.I,
)
"""A sentence that says which day it is."""
_DATED = re.compile(rf"(?:[\W_]*(?:date|when)[*_]{{0,2}}\s*:)?\s*[*_]{{0,2}}\s*(?:{WEEKDAY},?\s+)?", re.I)
_CALLOUT = re.compile(r"^\s{0,3}>\s?\[!\w", re.M)
_VAULT = re.compile(r"!?\[\[[^\[\]\n]{1,300}\]\]|^\s{0,3}>\s?\[!\w+\]|(?<![=\w])==[^\s=]|^>\s?NOTE:", re.M)
_DAY = re.compile(
    r"(?P<unit>day|week|module|lesson|lecture|session|class|unit|chapter|part|meeting|cohort)"
    r"\s{0,3}[-–—#.:]?\s{0,3}(?P<number>\d{1,5})(?![\w/])"
    r"[\s:.|)–—-]*(?P<title>.*)$",
    re.I,
)
_DAILY = re.compile(
    r"((?:19|20)\d\d)([-_]?)([01]\d)\2([0-3]\d)(?:[\s,_-]+(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6})?", re.I
)


def sniff_hackmd(source: Source) -> bool:
    """Whether a source is Markdown with a trace of HackMD: front matter twice, pairs of `---`, stubs, boxes, hosts."""
    lines = [Line(at, line) for at, line in enumerate(sniffed(source).split("\n"), 1)]
    head = read_head(lines).lines
    body = without_fences([line.text for line in lines[len(head) :]])
    words = "\n".join(body)
    if "[[" in words or not (any(HEADING.match(line) for line in body) or _UNDERLINED.search(words)):
        return False
    return (
        sum(is_rule(line.text) for line in head) >= 4
        or bool(_rule_pairs(body) or _TRACES.search(words) or re.search("hackmd|hedgedoc", source.name, re.I))
        or any(BOX.match(line) or _TAGS.match(line) for line in body)
    )


def cut_sessions(note: Note) -> Note:
    """The sessions of a file. They are separated by pairs of `---`, by headings with dates, or by headings of the level
    that the file uses most outwardly. Tags on a line of their own are everyone's."""
    tagged = {at: found[1] for at, line in enumerate(note.lines) if (found := _TAGS.match(line.text))}
    note.head.tags += tuple(
        tag.strip().lstrip("#") for found in tagged.values() for tag in re.findall(r"`([^`]+)`", found)
    )
    lines = [line for at, line in enumerate(note.lines) if at not in tagged]
    pairs = _rule_pairs([line.text if line.kind in {"text", "rule"} else "." for line in lines])
    lines = [line._replace(text="") if at in pairs else line for at, line in enumerate(lines)]
    note = replace(note, lines=lines, title=note.title.rstrip(". ") or stem_title(note.name) or "Notes")
    levels = [line.level for line in lines if line.heading]
    level = 1 if levels.count(1) > 1 else 2 if 2 in levels else min(levels, default=0)
    parts, kept, after_rules = list[Part](), list[Part](), True
    for at, line in enumerate(lines):
        after_rules = after_rules or at in pairs
        if line.level == level and line.heading:
            parts.append(_session(at, note))
            kept += parts[-1:] if parts[-1].when or after_rules else []
            after_rules = False
    # beside dates and pairs of rules, a heading without these is one of its session's own
    parts = kept if pairs or any(part.when for part in kept) else parts
    while len(parts) > 1 and not parts[-1].when and parts[-1].title.strip(" :.").casefold() in SECTION_NAMES:
        parts.pop()
    return note.cut(parts)


def _rule_pairs(texts: Sequence[str]) -> set[int]:
    """The indexes from the first to the last `---` of each run of several with nothing but blank lines between."""
    found, run = set[int](), list[int]()
    for at, text in enumerate([*texts, "."]):
        if is_rule(text):
            run.append(at)
        elif text.strip():
            found |= set(range(run[0], run[-1] + 1)) if len(run) > 1 else set()
            run = []
    return found


def _session(at: int, note: Note) -> Part:
    """A session by its heading and the short lines under it, up to the first heading, picture or longer line: its date,
    the platform where it took place, and its links."""
    heading = note.lines[at]
    when, place, links = read_when(heading.heading, note.day_first), "", links_in(heading.text)
    for line in note.lines[at + 1 : at + 1 + MAX_META]:
        text = _ITEM.sub("", line.text).strip()
        if line.code or text.startswith("!") or line.level or len(bare_text(text).split()) > MAX_WORDS:
            break
        value = bare_text(_LABEL.sub("", text, count=1))
        links += links_in(text)
        place = place or (value if _PLACES.fullmatch(value) else "")
        date = read_when(value, note.day_first) if when is None else None
        if date and len(value.partition(date.text)[0].split()) <= 2:
            when = date
    fields = {"links": [{"title": name, "url": url} for name, url in links], "place": place}
    return Part(bare_text(heading.heading) or "Untitled", at, heading.pictures(), when=when, fields=fields)


def status_of(part: Part) -> str:
    """`cancelled` where a session's title, or a line of notes that are no more, says that it did not take place.

    >>> status_of(Part("Loom", lines=(Line(1, "**EVENT NEVER HAPPENED**"),))), status_of(Part("Cancelled flights"))
    ('cancelled', '')
    """
    lines = part.lines
    texts = [part.title.replace(part.when.text, "", 1) if part.when else part.title]
    if not any(line.level for line in lines) and sum(len(line.text.split()) for line in lines) <= CANCELLED_WORDS:
        texts += [bare_text(_ITEM.sub("", line.text)) for line in lines if not line.code]
    return "cancelled" if any(len(text.split()) <= MAX_WORDS and _OFF.match(text) for text in texts) else ""


class Opener(NamedTuple):
    """What a line says that begins a day: the number, the round, the title, and the date. `heading` tells that it is a
    heading, `whole` that it says nothing else, and `sure` that it also says of how many, of which hashtag, in which
    round or on which date."""

    number: int
    round: int | None = None
    title: str = ""
    when: When | None = None
    heading: bool = False
    whole: bool = False
    sure: bool = False


def read_opener(line: str, day_first: bool | None = None) -> Opener | None:
    """What a line says that begins a day; None where it begins none, as in `Day 5 was best`.

    >>> lines = ["Day 3/100 of #100Days", "### R1D3 - March 4, 2024", "## Day 3 & 4", "Day 2 (16 Jan 2024): Grids"]
    >>> for line in lines:
    ...     one = read_opener(line)
    ...     print(one.number, one.round, repr(one.title), one.when and one.when.text, one.whole)
    3 None '' None False
    3 1 '' March 4, 2024 True
    3 None 'Day 3 & 4' None True
    2 None 'Grids' 16 Jan 2024 True
    >>> read_opener("Day 5 was best."), read_opener("Day 2 of the course was fun"), read_opener("Tomorrow is Day 6")
    (None, None, None)
    """
    text = line.strip()
    found = _OPEN.match(text) if len(text) <= MAX_OPENER else None
    if not found:
        return None
    number, rest = int(found["day"] or found["within"]), found["rest"].replace(found["bold"] or "\0", "", 1)
    separator = _SEPARATOR.match(rest)
    when, title = take_date(rest[separator.end() :].strip() if separator else rest.strip(), day_first)
    if rest.strip() and not separator and "#" not in found["of"] and when is None:
        return None
    title = title.strip(_MARKS) if separator or when else ""
    if found["until"]:
        title = f"Day {number}{found['until']}" + (f": {title}" if title else "")
    season = int(found["round"]) if found["round"] else None
    sure = bool(season is not None or found["of"] or when)
    whole = not found["of"] and bool(title or when or not rest.strip(_MARKS))
    return Opener(number, season, title, when, bool(found["hashes"]), whole, sure)


def take_date(text: str, day_first: bool | None = None) -> tuple[When | None, str]:
    """The date at the beginning or the end of a title, set off by a mark, and the title without it.

    >>> [take_date(text)[1] for text in ["(16 Jan 2024): Grids", "Grids (Tue, 16 Jan 2024)", "On 16 Jan we met"]]
    ['Grids', 'Grids', 'On 16 Jan we met']
    """
    when = read_when(text, day_first)
    before, _, after = text.partition(when.text) if when else (text, "", "")
    set_off, rest = _BEFORE.search(before), _AFTER.match(after)
    if not when or not set_off or not rest:
        return None, text
    title, tail = before[: set_off.start()].strip(), after[rest.end() :].strip(_MARKS)
    return (None, text) if title and tail else (when, title or tail)


def sniff_log(source: Source) -> bool:
    """Whether a source is text that says at its beginning which day it is, or that counts its sections in days."""
    text = sniffed(source)[:20_000].lstrip(" \n\t")
    if text.startswith("---") or "[[" in text:
        return False
    lines = without_fences(text.split("\n"))
    openers = [opener for line in lines if (opener := read_opener(line))]
    several = len({(opener.round, opener.number) for opener in openers}) > 1
    # days that begin in ways that only logs have: with a date, a round, a hashtag, or as plain lines
    signs = sum(opener.sure or not opener.heading for opener in openers)
    if several and 2 * signs >= len(openers) and not _CALLOUT.search(text):
        return True
    if sum((found := HEADING.match(line)) is not None and len(found[1]) == 2 for line in lines) > 1:
        return False
    texts = [line for line in text.split("\n") if line.strip()][:HEAD_LINES]
    first = [read_opener(line) for line in texts]
    return any(one and (one.sure or not at) for at, one in enumerate(first)) or any(
        _PROSE.search(line[:300]) for line in texts
    )


def cut_log(note: Note) -> Note:
    """The days of a log, or the log as one episode."""
    lines = note.lines
    found = _log_days(note)
    rounds = len({opener.round for _, opener in found if opener.round is not None}) > 1
    ends = [*(at for at, _ in found[1:]), len(lines)]
    parts = [
        Part(
            bare_text(opener.title) or f"Day {opener.number}",
            at,
            _kept(lines[at], opener),
            opener.number,
            opener.round if rounds else None,
            opener.when or _own_date(lines[at:end], note.day_first),
        )
        for (at, opener), end in zip(found, ends, strict=False)
    ]
    entry = Part(stem_title(note.name) or "Entry", 0, tuple(lines[:1]), when=_own_date(lines, note.day_first))
    plain = sum(opener.heading for _, opener in found) < max(2, len(parts) / 2)
    return replace(note, title=note.title or _guess_title(note.name)).cut(parts or [entry], plain=plain)


def _log_days(note: Note) -> list[tuple[int, Opener]]:
    """Index and opener of the lines that begin days, the first of each number."""
    outside = [(at, line.text) for at, line in enumerate(note.lines) if line.kind != "fence"]
    read = {at: opener for at, text in outside if (opener := read_opener(text, note.day_first))}
    prose = {
        at: Opener(int(one["day"] or one["ordinal"])) for at, text in outside if (one := _PROSE.search(text[:300]))
    }
    # where days begin with lines of their own, a sentence that names a day begins none
    counted = {**prose, **read} if len(prose) >= len(read) else read
    starts: dict[tuple[int | None, int], tuple[int, Opener]] = {}
    for at, opener in sorted(counted.items()):
        starts.setdefault((opener.round, opener.number), (at, opener))
    return list(starts.values())


def _kept(line: Line, opener: Opener) -> tuple[Line, ...]:
    """The line that begins a day as it stays in the body: none where it is a heading whose fields say all of it."""
    if not opener.heading:
        return (line,)
    if opener.whole and bare_text(opener.title) == opener.title:
        return ()
    return (line._replace(text=line.text.strip().lstrip("#").strip(), level=0),)


def _guess_title(name: str) -> str:
    """The title of a log: the words of its file's name, or `Learning Log`.

    >>> _guess_title("my_first-knots.txt"), _guess_title("day-12.md"), _guess_title("004_aa598ef4.txt")
    ('First Knots', 'Learning Log', 'Learning Log')
    """
    words = re.findall(r"(?<![^\W_])[^\W\d_]{3,30}(?![^\W_])", stem_title(name))
    named = [word for word in words if word.casefold() not in {"day", "entry", "note", "notes"}]
    return " ".join(word[0].upper() + word[1:] for word in named) or "Learning Log"


def _own_date(lines: Sequence[Line], day_first: bool | None) -> When | None:
    """The date with which one of a day's first short lines begins."""
    head = [line.text.strip() for line in lines if line.text.strip()][:HEAD_LINES]
    texts = (_DATED.sub("", text, count=1) for text in head if len(text) <= SHOWN)
    found = ((read_when(text, day_first), text) for text in texts)
    return next((when for when, text in found if when and when.date and text.startswith(when.text)), None)


def sniff_vault(source: Source) -> bool:
    """Whether a source is a folder of notes, or Markdown with embeds, wiki links, callouts, highlights or days."""
    if not source.data and any(is_note(path) for path in source.files):
        return True
    text = sniffed(source)
    headings = [bare_text(found[2]) for line in without_fences(text.split("\n")) if (found := HEADING.match(line))]
    return bool(_VAULT.search(text)) or any(map(_DAY.match, headings)) or bool(headings and is_note(source.name))


def day_of(name: str) -> date | None:
    """The day that a note is named after, as daily notes are.

    >>> [str(day_of(name)) for name in ("j/2024_05_01.md", "20240501.md", "2024-05-01 Wednesday.md", "2024-05-01 Saws")]
    ['2024-05-01', '2024-05-01', '2024-05-01', 'None']
    """
    found = _DAILY.fullmatch(splitext(basename(name.rstrip("/\\")))[0].strip())
    return read_date(f"{found[1]}-{found[3]}-{found[4]}") if found else None


def cut_vault(note: Note) -> Note:
    """The days of a note of a vault, or the note as one episode. A note that is named after a day and has no title of
    its own has the day's date."""
    day = day_of(note.name)
    dated = f"{day.day} {MONTHS[day.month - 1].capitalize()} {day.year}" if day else ""
    note = replace(note, title=note.title or dated or stem_title(note.name))
    if parts := _vault_days(note):
        return replace(note, title=note.title or "Notes").cut(parts)
    # the title of a note tells its number; `Day 3 - Saws` is called Saws
    named = _DAY.match(note.title)
    number = int(named["number"]) if named and int(named["number"]) <= MAX_NUMBER else None
    title, slug = (named["title"] if named else "") or note.title, day.isoformat() if day else ""
    return note.cut([Part(title, 0, tuple(note.lines[:1]), number, slug=slug)])


def _vault_days(note: Note) -> Sequence[Part]:
    """The headings that begin a day: of the first unit and level that has several, or that is no deeper than 2; each
    number once."""
    found = [
        (at, (day["unit"].casefold(), line.level), day)
        for at, line in enumerate(note.lines)
        if line.level and (day := _DAY.match(bare_text(line.heading)))
    ]
    kinds = Counter(kind for _, kind, _ in found)
    chosen = next((kind for kind in kinds if kinds[kind] > 1 or kind[1] <= 2), None)
    days: dict[int, Part] = {}
    for at, kind, day in found:
        if kind == chosen:
            days.setdefault(int(day["number"]), _vault_day(note, at, day))
    return list(days.values())


def _vault_day(note: Note, at: int, day: re.Match[str]) -> Part:
    """A day of a note, by its heading."""
    line, number = note.lines[at], int(day["number"])
    when, title = take_date(day["title"].rstrip(" :-–—"), note.day_first)
    return Part(
        title or f"{day['unit'].capitalize()} {number}",
        at,
        line.pictures(),
        number if number <= MAX_NUMBER else None,
        when=when,
        heading=day[0].strip(),
        fields={"links": [{"title": label, "url": url} for label, url in links_in(line.heading)]},
    )


@dataclass(frozen=True, slots=True)
class Dialect:
    """A kind of notes: what it is recognised by, the kind of series that it makes, how a note is cut into episodes, and
    which headings begin one. Those of lectures are numbered `in_order`. `wiki` tells whether notes have wiki links,
    embeds and comments. A `vault` may be a folder, and has hashtags and lists of resources; of a `log` the title may
    be a guess, and abbreviations become terms."""

    name: str
    series: str
    sniff: Callable[[Source], bool]
    cut: Callable[[Note], Note]
    is_day: Callable[[str], object]
    signs: str
    in_order: bool = False
    wiki: bool = False
    vault: bool = False
    log: bool = False


DIALECTS = (
    Dialect(
        "hackmd",
        "lectures",
        sniff_hackmd,
        cut_sessions,
        lambda _: False,
        "it is Markdown with traces of HackMD, such as pairs of ---",
        in_order=True,
    ),
    Dialect(
        "log", "log", sniff_log, cut_log, read_opener, "it says at its beginning which day it is", wiki=True, log=True
    ),
    Dialect(
        "obsidian",
        "course",
        sniff_vault,
        cut_vault,
        _DAY.match,
        "it is Markdown with headings, days, wiki links or callouts",
        wiki=True,
        vault=True,
    ),
)
