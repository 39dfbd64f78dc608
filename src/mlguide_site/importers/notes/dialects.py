"""The dialects of notes: how each dialect is detected, and how its notes are split into episodes.

A HackMD note has a heading for each session. A learning log has a line such as `Day 5` before each entry. A vault (of
Obsidian or a similar program) is a folder of notes, or a file with the days or weeks of a course."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import pairwise
from os.path import basename, splitext
from typing import NamedTuple

from markdown_it.common.utils import normalizeReference

from mlguide_site.errors import Problem, Severity
from mlguide_site.importers import EntryDraft, Source, warning
from mlguide_site.importers.common.dates_and_durations import When, fill_years, is_unsure, read_date, read_when
from mlguide_site.importers.common.decoding import beginning
from mlguide_site.importers.folder import SETTINGS, is_note
from mlguide_site.importers.notes.front_matter import Head
from mlguide_site.importers.notes.inline import bare_text, links_in
from mlguide_site.importers.notes.openers import DAY_UNITS, Opener, date_lines, log_openers, read_opener, take_date
from mlguide_site.importers.notes.source import ITEM, Line, share_footnotes, stem_title, visible_lines
from mlguide_site.markdown.fences import without_fences

MAX_META = 20  # how many lines below a heading are searched for the date and the platform
MAX_WORDS = 12
CANCELLED_WORDS = 80  # maximum number of words in notes that only announce a cancelled session
MAX_DEFINITION = 500
_BRACKETS = re.compile(r"\[([^\[\]\n]{1,1000})\]")
HEAD_LINES = 6
_HEADING = re.compile(r"^ {0,3}(?:#{1,6}[ \t]+\S|[^\s#>|=-][^\n|]*\n {0,3}(?:=+|-+)[ \t]*$)", re.M)
_TAGS = re.compile(r" {0,3}#{1,6}[ \t]+tags:((?:[ \t,;]*`[^`]{1,200}`)+)[ \t]*$", re.I)
_TRACES = re.compile(
    r"^ {0,3}#{1,6}[ \t]+tags:[ \t]*`|^ {0,3}:::[ \t]*(?:info|success|warning|danger|spoiler)\b"
    r"|^ {0,3}---+[ \t]*\n(?:[ \t]*\n)*+ {0,3}---+[ \t]*$"
    r"|!\[Uploading [^\[\]\n]{0,300}\]\(\)|\{%\s*(?:youtube|vimeo|gist|slideshare|speakerdeck|pdf|figma)\s"
    r"|\[(?:name|time|color)=[^\[\]\n]{1,100}\]|https://(?:i\.imgur\.com|hackmd\.io)/"
    r"|\]\((?:https?://[^\s/()<>]{1,200})?/_?uploads/[\w.-]{1,200}|\]\(/[\w@-][^\s()]{4,200}\)",
    re.I | re.M,
)
"""Syntax that is typical of HackMD: tags, admonitions, uploads, embeds, and addresses of HackMD servers."""
_LABEL = re.compile(r"\*{0,3}[^\W\d_](?:[^\W\d_]|[ /&-]){0,30}?\*{0,3}\s{0,9}[:：]\s{0,9}\*{0,3}\s{0,9}(?=\S)")
_LINK = re.compile(r"(?<!!)\[([^\[\]]{1,300})\]\([^()\s]{1,2000}\)")
_OTHER_DATE = re.compile(
    r"\b(?:due|deadlines?|submit|submission|hand[ -]?in|turn[ -]?in|next|until|ends?|birth|born|updated?"
    r"|modified|last|expires?|abgabe|frist|nächste\w*|entrega|plazo|échéance|remise|próxim[ao])\b|締切|截止|마감",
    re.I,
)
"""Words of labels before a date that isn't the date of the session."""
_PLACES = re.compile(
    r"(?:(?:.{0,80}\d(?:[.:]\d\d|\s?[ap]m)\b.{0,20}\s)?(?:on|via)\s)?"
    r"(zoom|you\s?tube(?: live)?|(?:microsoft |ms )?teams|google meet|webex|discord|twitch|online|in person|hybrid)",
    re.I,
)
_CANCELLED = re.compile(
    r"\W*(?:the |this )?(?P<what>event|session|talk|meeting|lecture|class)?\s*(?:(?:was|is|got|has been) )?"
    r"(?:cancell?ed|called off|never (?:happened|took place)|did(?:n[’']t| not) (?:happen|take place))(?(what).*|\W*)$",
    re.I,
)
_CALLOUT = re.compile(r"^\s{0,3}>\s?\[!\w", re.M)
_VAULT = re.compile(r"!?\[\[[^\[\]\n]{1,300}\]\]|^\s{0,3}>\s?\[!\w+\]|(?<![=\w])==[^\s=]|^>\s?NOTE:", re.M)
_OBSIDIAN = re.compile(rf"{_VAULT.pattern}|(?<!\S)%%(?!%).*%%|^\s*(?:#[^\W\d][\w/-]*\s*)+$", re.M)
"""Syntax of Obsidian, including comments, and lines with only hashtags."""
_DAILY = re.compile(
    r"((?:19|20)\d\d)([-_]?)([01]\d)\2([0-3]\d)(?:[\s,_-]+(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6})?", re.I
)
_NAMED_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([ .-]?)([01]\d)\2([0-3]\d)(?!\d)")
_VERSION = re.compile(r"\W*(?:(?:v|version|release)\W*\d|\d[\d\W]*$)", re.I)
_POST = re.compile(r"(\d{4}[ -]\d\d[ -]\d\d) (.+)")
_CODE = re.compile(
    rb"(?<!`)(`{3,9})(?!`).*?\1|~~~.*?~~~|`[^`\n]*`|\n[ \t]*\n(?: {4}|\t)[^\n]*(?:\n(?: {4}|\t)[^\n]*)*", re.S
)
_LAYOUT = re.compile(rb"---\s*\n(?:(?!---).*\n){0,60}?(?:layout|permalink):")
_WIKI = re.compile(r"\[\[(?!\s*-?[\d.]+\s*,)[^\[\]\n]+\]\]")
_CONTENT = "^/content/"
_POSTS = "/_(?!includes|layouts|data|sass|site|plugins|templates?|index)[^/.]+/"
_PAGE = re.compile(
    r"(?:index|about|contact|imprint|privacy|readme|license|licence|contributing|code[-_]of[-_]conduct|404)\.\w+"
    r"|tags/[^/]+|(?:.*/)?_(?:index|sidebar|footer|navbar)\.\w+",
    re.I,
)


@dataclass(slots=True, eq=False)
class Part:
    """An episode within a note. `at` is the index of its first line; if `is_kept` is true, the line is part of the
    body. `slug`, unless it is "", replaces the title in the id. Other notes may link to `heading`. `above` has the
    lines before the first of several episodes."""

    note: "Note"
    title: str
    at: int = 0
    number: int | None = None
    season: int | None = None
    when: When | None = None
    is_kept: bool = True
    day: date | None = None
    slug: str = ""
    heading: str = ""
    line: int = 1
    lines: Sequence[Line] = ()
    above: Sequence[Line] = ()
    place: str = ""
    links: Sequence[dict[str, str]] = ()
    tags: Sequence[str] = ()
    resources: Sequence[EntryDraft] = ()


@dataclass(slots=True, eq=False)
class Note:
    """A file of notes: the front matter, the lines after the front matter, and the title, or "". `day_first` is true if
    dates such as `3/4/2024` begin with the day; None means unknown. `split` sets `parts`, and reports uncertain dates.
    `ids` maps ids of headings to the texts of the headings."""

    name: str
    head: Head
    lines: list[Line]
    title: str = ""
    day_first: bool | None = None
    parts: Sequence[Part] = ()
    problems: list[Problem] = field(default_factory=list)
    ids: Mapping[str, str] = field(default_factory=dict)

    def split(self, parts: Sequence[Part]) -> None:
        """Split the note into episodes. Lines before the first episode belong to the first episode. Definitions of web
        addresses (`[name]: https://…`) and footnotes are repeated in each episode that uses them. The heading of a
        group of episodes belongs to the first of them."""
        self.parts, start = parts, 0
        plain = [one._replace(text=one.text.strip(" \t>"), quotes=0) for one in self.lines if one.kind == "definition"]
        definitions = {normalizeReference(one.text[1:].partition("]")[0]): one for one in reversed(plain)}
        ends = [*(self._start(part.at, before.at) for before, part in pairwise(parts)), len(self.lines)]
        openers = (read_opener(part.heading, is_heading=True) for part in parts)
        numbers, whens = [one.number for one in openers if one], [part.when for part in parts]
        is_rising = len(numbers) > 1 and numbers == sorted(numbers)
        for part, end, day in zip(parts, ends, fill_years(whens, is_rising), strict=False):
            first = self.lines[part.at : part.at + 1]
            part.line = first[0].number if first else 1
            if part.heading and first:
                first = [first[0]._replace(text=first[0].heading, level=0)]
            kept = first if part.is_kept else []
            lines = [*self.lines[start : part.at], *kept, *self.lines[part.at + 1 : end]]
            # a horizontal rule (`---`) at the end only separates two episodes
            while lines and (not lines[-1].text.strip() or (lines[-1].kind == "rule" and "-" in lines[-1].text)):
                lines.pop()
            names = (name for one in lines if not one.code for name in _BRACKETS.findall(one.text))
            used = filter(None, map(definitions.get, dict.fromkeys(map(normalizeReference, names))))
            own = {one.number for one in lines}
            added = [one for one in used if one.number not in own and len(one.text) <= MAX_DEFINITION]
            part.lines = [*lines, Line(added[0].number, ""), *added] if added else lines
            part.day = day
            if part.when:
                self._check_date(part.when, part.line, day)
            start = end
        if len(parts) > 1:
            parts[0].above = self.lines[: parts[0].at]
            for part, lines in zip(parts, share_footnotes([part.lines for part in parts]), strict=True):
                part.lines = lines

    def _start(self, at: int, before: int) -> int:
        """Return where the lines of the episode with the heading `at` begin: at that of a group of episodes, such as a
        term, directly above it, but below the heading `before` of another episode."""
        start, level = at, self.lines[at].level
        for one in range(at - 1, before, -1):
            line = self.lines[one]
            if line.text.strip() and not 0 < line.level < level:
                break
            start, level = (one, line.level) if line.level else (start, level)
        return start

    def _check_date(self, when: When, line: int, day: date | None) -> None:
        if when.year is None:
            message = f'"{when.text}" has no year' + (f"; read as {day}, based on the dates around it" if day else "")
            level = Severity.HINT if day else Severity.WARNING
            self.problems.append(warning(self.name, line, message, "correct the date if it is wrong", level))
        elif self.day_first is None and is_unsure(when):
            self.day_first = True
            self.problems.append(unsure_dates(self.name))


def unsure_dates(name: str) -> Problem:
    """Return the hint that the dates of a note could begin with the month."""
    message = "dates such as 3/4/2024 are read with the day first"
    return warning(name, 1, message, "if the month comes first, write 2024-03-04", Severity.HINT)


def sniff_hackmd(source: Source) -> bool:
    """Check whether a source is Markdown with syntax of HackMD, such as `:::info` or two successive `---` lines."""
    words = "\n".join(without_fences(beginning(source).split("\n")))
    if _has_wiki_links(words) or not _HEADING.search(words):
        return False
    return bool(_TRACES.search(words) or re.search("hackmd|hedgedoc", source.name, re.I))


def _has_wiki_links(text: str) -> bool:
    """Check whether a text has wiki links outside of code. Matrices such as `[[1, 2]]` aren't links."""
    return _WIKI.search(_CODE.sub(b"", text.encode()).decode()) is not None


def cut_sessions(note: Note) -> list[Part]:
    """Split a note into sessions at the outermost headings. If some headings have a date or follow a horizontal rule,
    only these headings and the first one begin a session. Tags on a separate line apply to all sessions."""
    tagged = [found[1] for line in note.lines if (found := _TAGS.match(line.text))]
    note.head.tags += tuple(tag.strip().lstrip("#") for found in tagged for tag in re.findall(r"`([^`]+)`", found))
    note.lines = [line for line in note.lines if not _TAGS.match(line.text)]
    note.title = note.title.rstrip(". ") or stem_title(note.name) or "Notes"
    levels = [line.level for line in note.lines if line.heading]
    level = 1 if levels.count(1) > 1 else 2 if 2 in levels else min(levels, default=0)
    parts, marked, before = list[Part](), list[Part](), ""
    for at, line in enumerate(note.lines):
        if line.heading and line.level == level:
            parts.append(_session(note, at))
            marked += parts[-1:] if not marked or parts[-1].when or before == "rule" else []
        before = line.kind if line.text.strip() else before
    if not any(part.when for part in marked):
        return marked if len(marked) > 1 else parts
    openers = ((part, read_opener(part.title, note.day_first, is_heading=True)) for part in parts)
    units = {id(part): one.unit for part, one in openers if one and not one.is_phrase}
    # `Lecture 3` is a session beside `Lecture 2 (5 Feb 2024)`
    kept, dated = {*map(id, marked)}, {units.get(id(part), "") for part in marked if part.when} - {""}
    return [part for part in parts if id(part) in kept or units.get(id(part)) in dated]


def _session(note: Note, at: int) -> Part:
    heading = note.lines[at]
    when, place, links = _details(note.lines[at + 1 :], note.day_first)
    when = read_when(heading.heading, note.day_first) or when
    title = heading.title or "Untitled"
    (shown,) = visible_lines([heading])
    own = [{"title": label, "url": url} for label, url in links_in(shown.text) + links]
    return Part(note, title, at, when=when, is_kept="![" in heading.text, heading=title, place=place, links=own)


def _details(lines: Sequence[Line], day_first: bool | None) -> tuple[When | None, str, list[tuple[str, str]]]:
    """Return the date, the platform and the links in the short lines before the first heading, image or longer line.
    Dates of labels such as `Deadline:` don't count."""
    when, place, links = None, "", list[tuple[str, str]]()
    for line in visible_lines(lines[:MAX_META]):
        text = ITEM.sub("", line.text).strip()
        if line.code or text.startswith("!") or line.level or len(bare_text(text).split()) > MAX_WORDS:
            break
        label = _LABEL.search(text)
        value = bare_text(_LABEL.sub("", text, count=1))
        links += links_in(text)
        place = place or (named[1] if (named := _PLACES.fullmatch(value)) else "")
        # the date may precede such a label
        is_other = label and _OTHER_DATE.search(label[0])
        found = read_when(bare_text(text[: label.start()]) if label and is_other else value, day_first)
        # the date may follow a day of the week
        if when is None and found and len(value.partition(found.text)[0].split()) <= 1:
            when = found
    return when, place, links


def is_cancelled(part: Part) -> bool:
    """Check whether a session was cancelled, according to its title or to a line in very short notes."""
    texts = [part.title.replace(part.when.text, "", 1) if part.when else part.title]
    if not any(line.level for line in part.lines):
        said = [bare_text(ITEM.sub("", line.text)) for line in part.lines if not line.code]
        texts += said if len(" ".join(said).split()) <= CANCELLED_WORDS else []
    is_titled = bool(re.search(r"(?:^\W*|[(\[–—:-]\s?)cancell?ed(?:\W*$|:)", texts[0], re.I))
    return is_titled or any(len(text.split()) <= MAX_WORDS and _CANCELLED.match(text) for text in texts)


def sniff_log(source: Source) -> bool:
    """Check whether a source is text that begins with a numbered day, or that is divided into days."""
    text = beginning(source)[:20_000].lstrip(" \n\t")
    if text.startswith("---") or _has_wiki_links(text) or _CALLOUT.search(text):
        return False
    lines = [line for line in text.split("\n") if line.strip()]
    openers = log_openers(lines)
    # in other notes, days are usually headings without a date, a round or a hashtag
    signs = sum(one.is_sure or not lines[at].startswith("#") for at, one in openers)
    if len({(one.round, one.number) for _, one in openers}) > 1 and 2 * signs >= len(openers):
        return True
    is_sectioned = sum(line.startswith("## ") for line in lines) > 1
    is_opened = any(at < HEAD_LINES and (one.is_sure or one.lead or not at) for at, one in openers)
    return (is_opened and not is_sectioned) or bool(date_lines(text.split("\n")))


def sniff_vault(source: Source) -> bool:
    """Check whether a source is a folder of notes, or Markdown with wiki links, callouts, highlights or day numbers."""
    if not source.data and any(is_note(path) for path in source.files):
        return True
    text = beginning(source)
    headings = [line.lstrip("# ") for line in without_fences(text.split("\n")) if line.startswith("#")]
    is_named = bool(headings) and is_note(source.name)
    return is_named or bool(_VAULT.search(text)) or any(read_opener(one, is_heading=True) for one in headings)


def day_of(name: str) -> date | None:
    """Return the day that a daily note such as `2024-05-01 Wednesday.md` is named after, or None."""
    found = _DAILY.fullmatch(splitext(basename(name.rstrip("/\\")))[0].strip())
    return read_date(f"{found[1]}-{found[3]}-{found[4]}") if found else None


def cut_days(note: Note, is_log: bool = False) -> list[Part]:
    """Split a log or a vault's note into days; a note without days is one episode. All headings of days must have the
    same unit, such as `Week`, and in a vault the same level. If the note is named after a day (`2024-05-01.md`), that
    day replaces a missing title."""
    day = day_of(note.name)
    slug = day.isoformat() if day else ""
    note.title = note.title or slug or stem_title(note.name) or "Notes"
    kinds = defaultdict[tuple[str, int], list[tuple[int, Opener]]](list)
    for at, line in enumerate(note.lines):
        one = read_opener(line.heading, note.day_first, is_heading=True) if line.level else None
        shown = _LINK.sub(r"\1", line.heading)
        if shown != line.heading and not one and (linked := read_opener(shown, note.day_first, is_heading=True)):
            # the unit is within a link, which is kept
            one = linked._replace(is_whole=False)
        if one:
            kinds[one.unit, 0 if is_log else line.level].append((at, one))
    levels = [line.level for line in note.lines]
    found = next((own for (_, level), own in kinds.items() if is_log or _are_days(level, own, levels)), [])
    dated = _dated_parts(note)
    is_day = found and found[0][1].unit in DAY_UNITS and len({one.number for _, one in found}) == len(found)
    has_several = len(dated) not in {0, 1, len(found)}
    if found and not is_day and has_several and note.lines[dated[0].at].level < note.lines[found[0][0]].level:
        # a day with several lectures, which aren't episodes
        return dated
    are_dates = any(0 < one.total < one.number and one.unit not in DAY_UNITS for _, one in found)
    if are_dates and len({one.total for _, one in found}) > 1:
        # dates without a year, as in `Lecture 12/3`, don't tell where a day begins
        found = []
    # the rounds of a log become seasons only if the log has several rounds
    has_rounds = len({one.round for _, one in found} - {None}) > 1
    days: dict[tuple[int | None, int, int], Part] = {}
    term, before, last = 1, 0, 0
    for at, one in found:
        when = one.when or _details(note.lines[at + 1 :], note.day_first)[0]
        title = one.title or f"{one.unit.capitalize()} {one.number}"
        season = one.round if has_rounds else None
        part = Part(note, title, at, one.number, season, when, not one.is_whole, heading=note.lines[at].title)
        # the numbers begin again, with the first one, below a heading such as `Spring term`
        first = days.get((one.round, term, one.number)) if one.number == found[0][1].number else None
        outer = any(0 < line.level < note.lines[at].level for line in note.lines[before:at])
        is_later = when and first and first.when and when[:3] != first.when[:3] and one.number < last
        term, before, last = term + bool(first and (outer or is_later)), at, one.number
        days.setdefault((one.round, term, one.number), part)
    if term > 1 and not has_rounds:
        for (_, own_term, _), part in days.items():
            part.season = own_term
    # a learning log's file name is more reliable than its heading; `Day 3 - Saws.md` becomes "Saws"
    title = (is_log and stem_title(note.name)) or note.title
    opener = read_opener(title, is_heading=True)
    found_in = None if day or note.head.day else _NAMED_DAY.search(stem_title(note.name))
    when = read_when("-".join(found_in.group(1, 3, 4))) if found_in else None
    is_counted = opener and not (when and opener.number == when.year)
    title, number = (opener.title or title, opener.number) if opener and is_counted else (title, None)
    return list(days.values()) or dated or [Part(note, title, 0, number, slug=slug, when=when)]


def _dated_parts(note: Note) -> list[Part]:
    """Return the days of a journal, or an empty list for other notes. The first heading and all others of its level
    have dates, and no level is lower. A single day begins the note, and has its title. Versions such as
    `1.2 - 2024-03-01` aren't days."""
    levels = [line.level for line in note.lines if line.level]
    if not levels or levels[0] > min(levels):
        return []
    days = [(at, line) for at, line in enumerate(note.lines) if line.level == levels[0]]
    dates = [take_date(line.title, note.day_first) for _, line in days]
    begins_note = not any(line.text.strip() for line in note.lines[: days[0][0]])
    is_journal = (len(days) > 1 or begins_note) and any(when and when.year for when, _ in dates)
    if not is_journal or any(when is None or _VERSION.match(rest) for when, rest in dates):
        return []
    parts = list[Part]()
    for (at, line), (when, rest) in zip(days, dates, strict=True):
        slug = str(when.date) if when and when.date and not rest else ""
        title = (len(days) == 1 and note.title) or line.title
        is_kept = bool(links_in(line.text)) or "![" in line.heading
        heading = line.title if rest or title == line.title else ""
        parts.append(Part(note, rest or title, at, when=when, is_kept=is_kept, heading=heading, slug=slug))
    return parts


def _are_days(level: int, openers: Sequence[tuple[int, Opener]], levels: Sequence[int]) -> bool:
    """Check whether headings divide a note of a vault, and aren't just sections with a number. A single heading must
    have level 1 or 2, and be the first heading of its level. Phrases must count up by one. `levels` has the level of
    each line."""
    sure = [at for at, one in openers if not one.is_phrase]
    is_first = level <= 2 and sure[:1] == [levels.index(level)]
    numbers = [one.number for _, one in openers]
    return is_first or len(sure) > 1 or (len(numbers) > 1 and all(b == a + 1 for a, b in pairwise(numbers)))


def sniff_site(name: str, pattern: str, source: Source) -> bool:
    """Check whether a folder is a site of Hugo or Jekyll. Hugo's folders `archetypes` and `content`, or Jekyll's
    folder `_posts` with dates in names, are certain signs. Otherwise, the folder has a path that matches `pattern` and
    wiki links in few notes, or more notes with template tags of the generator outside of code than notes with wiki
    links. In a vault with settings of Obsidian, most notes must have such tags. Jekyll only converts files with front
    matter, so most notes of an uncertain site of Jekyll have it, and it names a layout or an address, unless most
    notes are in folders such as `_episodes`."""
    notes = {path: data for path, data in source.files.items() if is_note(path)} if not source.data else {}
    dated = [path for path in notes if _POST.match(stem_title(path))]
    placed = [path for path in notes if re.search(pattern, f"/{path}")]
    is_hugo, is_vault = name == "hugo", SETTINGS in source.files
    sure, signs = (_CONTENT, [*notes]) if is_hugo else ("/_posts/", dated)
    if placed and any(re.search(sure, f"/{path}") for path in signs):
        return True
    if not is_hugo and 2 * sum(data.startswith(b"---") for data in notes.values()) <= len(notes):
        return False
    tags = rb"\{\{[<%]\s*/?\w|\A\+\+\+\s" if is_hugo else rb"\{%-?\s*\w"
    texts = [_CODE.sub(b"", data) for data in notes.values()] if placed or dated or is_hugo else []
    tagged, linked = (sum(bool(re.search(sign, text)) for text in texts) for sign in (tags, rb"\[\[\w"))
    is_sure = is_hugo or tagged or 2 * len(placed) >= len(notes) or any(map(_LAYOUT.match, notes.values()))
    is_placed = bool(placed) and is_sure and not is_vault and 2 * linked < len(notes)
    return is_placed or (bool(is_hugo or dated) and tagged > max(linked, is_vault * len(texts) // 2))


def cut_post(note: Note) -> list[Part]:
    """Return the only episode of a post. The file name may begin with the date."""
    dated = _POST.match(stem_title(note.name))
    note.title = note.title or (dated[2] if dated else stem_title(note.name)) or "Notes"
    return [Part(note, note.title, when=read_when(dated[1].replace(" ", "-")) if dated and not note.head.day else None)]


def is_site_page(dialect: "Dialect", path: str, paths: Collection[str]) -> bool:
    """Check whether a note is a page of the site, not a post: `about.md`, or a note outside the folders with posts."""
    inside = re.compile(dialect.posts or "")
    is_outside = not inside.search(f"/{path}") and any(inside.search(f"/{one}") for one in paths)
    return is_outside or bool(_PAGE.fullmatch(path.removeprefix("content/")))


def shows_breaks(dialect: "Dialect", files: Mapping[str, bytes], notes: Iterable[Note]) -> bool | None:
    """Check whether the program of the notes shows line breaks within paragraphs, as HackMD and Obsidian do. Other
    programs show a space, as in standard Markdown. Return None if the program of a vault is unknown: `files` has no
    settings of Obsidian, and no note has syntax of Obsidian."""
    if dialect.kind != "course" or dialect.posts:
        return not dialect.posts
    if SETTINGS in files:
        return not re.search(rb'"strictLineBreaks"\s*:\s*true', files[SETTINGS])
    for note in notes:
        if "aliases" in note.head.values or "cssclasses" in note.head.fields:
            return True
        if any(_OBSIDIAN.search(line.text) for line in note.lines if not line.code):
            return True
    return None


class Dialect(NamedTuple):
    """A dialect of notes. `signs` says how the dialect was recognised. `kind` is the kind of the series. Episodes of
    the kind `lectures` are numbered in order. Only notes of the kind `course` can be read from a folder, and only their
    hashtags become topics. `posts` is "", or a pattern for the paths of a site generator's posts."""

    name: str
    sniff: Callable[[Source], bool]
    cut: Callable[[Note], list[Part]]
    signs: str
    kind: str = "course"
    posts: str = ""

    @property
    def is_vault(self) -> bool:
        return self.kind != "lectures" and not self.posts


DIALECTS = (
    Dialect("hackmd", sniff_hackmd, cut_sessions, "it is Markdown with syntax of HackMD, such as :::info", "lectures"),
    Dialect(
        "log", sniff_log, partial(cut_days, is_log=True), 'it begins with a day such as "Day 1", or with a date', "log"
    ),
    Dialect("hugo", partial(sniff_site, "hugo", "/archetypes/"), cut_post, "it has shortcodes of Hugo", posts=_CONTENT),
    Dialect("jekyll", partial(sniff_site, "jekyll", _POSTS), cut_post, "it has posts of Jekyll", posts=_POSTS),
    Dialect("obsidian", sniff_vault, cut_days, "it is Markdown with headings, wiki links or callouts"),
)
