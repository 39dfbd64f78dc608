"""Notes of lectures from HackMD and its relatives: in one file each session has a heading, mostly with a date."""

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf
from typing import NamedTuple

from mlguide_site.importers import Source
from mlguide_site.importers.common.titles import read_number
from mlguide_site.importers.common.uncertain_dates import BadDate, When, bad_date, is_day_first, read_when
from mlguide_site.importers.notes.body import BOX
from mlguide_site.importers.notes.front_matter import read_head
from mlguide_site.importers.notes.inline import PLAYER, STUB, bare_text, links_in, take_pictures
from mlguide_site.importers.notes.source import (
    HEADING,
    MAX_TITLE,
    Line,
    Note,
    Part,
    Start,
    cut_at,
    is_rule,
    series_of,
    sniffed,
    stem_title,
    warning,
    without_fences,
)

MAX_META = 20
"""Lines under a heading that may say when and where."""
MAX_WORDS = 12
CANCELLED_WORDS = 80
CLOSING = frozenset(
    "resources references links literature bibliography sources footnotes acknowledgements acknowledgments credits"
    " appendix".split()
) | {"further reading", "see also", "useful links", "additional resources", "further resources", "reading list"}
"""Headings after the last session that begin none."""
_UNDERLINED = re.compile(r"^ {0,3}[^\s#>|=-][^\n|]*\n {0,3}(?:=+|-+)[ \t]*$", re.M)
_TAGS = re.compile(r" {0,3}#{1,6}[ \t]+tags:[ \t]*(\S.*)$", re.I)
_TRACES = re.compile(
    rf"{STUB.pattern}|{PLAYER.pattern}|\[(?:name|time|color)=[^\[\]\n]{{1,100}}\]"
    r"|\]\((?:https?://[^\s/()<>]{1,200})?/_?uploads/[\w.-]{1,200}",
    re.I,
)
_KEYS = frozenset(("breaks", "slideoptions", "ga", "disqus", "opengraph"))
_HOST = re.compile(r"(?<!!)\[[^\[\]\n]{0,200}\]\(/[\w@-][^\s()]{4,200}\)|https://(?:i\.imgur\.com|hackmd\.io)/")
_NAME = re.compile(r"(?:hackmd|hedgedoc|codimd)[^/\\]*$", re.I)
_LABEL = re.compile(r"\**(?P<label>[A-Za-z][A-Za-z /&-]{0,30}?)\**\s*:\s*\**\s*(?P<value>\S.*)$")
_ITEM = re.compile(r"^\s*(?:[-+*]|\d{1,3}[.)])\s+")
_WHERE = frozenset("format place location where venue platform room channel".split())
_WHEN = frozenset(["date", "date/time", "time", "when", "day", "date and time", "date & time"])
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
_EVENT = re.compile(
    r"\b(?:event|session|talk|meeting|lecture|class|webinar|call|workshop|seminar|course|day|it|this)\b", re.I
)


class _Meta(NamedTuple):
    """What a session's heading and first lines say: its date with its line, what is wrong with a date, place, links."""

    when: When | None
    line: int
    bad: BadDate | None
    place: str
    links: list[dict[str, str]]


def sniff(source: Source) -> bool:
    """Whether a source is Markdown with a trace of HackMD: front matter twice, pairs of `---`, stubs, boxes, hosts."""
    text = sniffed(source)
    if "![[" in text:
        return False
    lines = [Line(at, line) for at, line in enumerate(text.split("\n"), 1)]
    head = read_head(lines)
    body = without_fences([line.text for line in lines[len(head.lines) :]])
    words = "\n".join(body)
    if not any(HEADING.match(line) for line in body) and not _UNDERLINED.search(words):
        return False
    if sum(is_rule(line.text) for line in head.lines) >= 4 or _rule_pairs(body):
        return True
    if _TRACES.search(words) or _KEYS & head.fields.keys() or any(BOX.match(line) or _tags(line) for line in body):
        return True
    return "[[" not in words and bool(_HOST.search(text) or _NAME.search(source.name))


def _tags(line: str) -> list[str]:
    """The tags that a line names as HackMD does; none where it is no such line.

    >>> _tags("###### tags: `wood` `hand tools`"), _tags("## Tags: and what they are for")
    (['wood', 'hand tools'], [])
    """
    found = _TAGS.match(line)
    if not found or re.sub(r"`[^`]{1,200}`", "", found[1]).strip(" ,;\t"):
        return []
    return [tag.strip().lstrip("#").strip() for tag in re.findall(r"`([^`]{1,200})`", found[1]) if tag.strip("# ")]


def cut(note: Note) -> Note:
    """The sessions of a note, with the tags that their lines name; those before the first session are everyone's."""
    tagged = {line.number: tags for line in note.lines if line.level and (tags := _tags(line.text))}
    lines = [line for line in note.lines if line.number not in tagged]
    first = next((at for at, line in enumerate(lines) if line.text.strip()), len(lines))
    level, shown = (lines[first].level, bare_text(lines[first].heading)) if first < len(lines) else (0, "")
    levels = [line.level for line in lines[first + 1 :] if line.level]
    own = shown if level == 1 and 1 not in levels and len(shown) <= MAX_TITLE else ""
    title = note.head.text("title") or own
    # a heading of another level is the title where sessions have headings of that level
    if title and level and (level == 1 or level in levels) and shown.casefold() == title.casefold():
        lines = [*lines[:first], *lines[first + 1 :]]
    title = title.rstrip(". ") or stem_title(note.name) or "Notes"
    made = _cut_sessions(replace(note, lines=lines), title)
    starts = [part.line for part in made.parts]
    shared = tuple(tag for line, tags in tagged.items() if starts and line < starts[0] for tag in tags)
    parts = [
        replace(part, tags=(*shared, *(tag for line, tags in tagged.items() if part.line < line < end for tag in tags)))
        for part, end in zip(made.parts, [*starts[1:], inf], strict=False)
    ]
    return replace(made, parts=tuple(parts))


def _cut_sessions(note: Note, title: str) -> Note:
    """The sessions of a file with this title. They are separated by pairs of `---`, by headings with dates, or by
    headings of the level that the file uses most outwardly."""
    lines = note.lines
    headings = {at: line.heading for at, line in enumerate(lines) if line.heading}
    texts = [line.text for line in (*note.head.lines, *lines) if not line.code]
    day_first = is_day_first(texts, list(headings.values()))
    levels = [lines[at].level for at in headings]
    level = 1 if levels.count(1) > 1 else 2 if 2 in levels else min(levels, default=0)
    pairs = _rule_pairs([line.text if line.kind in {"text", "rule"} else "." for line in lines])
    starts = [at for at in headings if lines[at].level == level]
    # together with whole dates, numbers such as 11/30 are dates too
    short = any((when := read_when(headings[at], day_first)) and when.year for at in starts)
    metas = {at: _read_meta(lines[at], lines[at + 1 : at + 1 + MAX_META], day_first, short) for at in starts}
    dated = {at for at in starts if metas[at].when or metas[at].bad}
    if pairs or dated:
        # without a date, a heading within a block is one of its session's own
        edges = sorted(pairs)
        first = {at for last, at in pairwise([-1, *starts]) if last < 0 or bisect(edges, at) > bisect(edges, last)}
        starts = [at for at in starts if at in dated or (at in first if pairs else at == starts[0])]
    titles = {at: bare_text(take_pictures(headings[at])[0]) or "Untitled" for at in starts}
    while len(starts) > 1 and starts[-1] not in dated and titles[starts[-1]].strip(" :.").casefold() in CLOSING:
        starts.pop()
    numbers = _numbers([titles[at] for at in starts], title, note)
    found = list[Start]()
    for at, end, number in zip(starts, [*starts[1:], len(lines)], numbers, strict=False):
        meta, line = metas[at], lines[at].number
        rest = titles[at].replace(meta.when.text, " ", 1) if meta.when else titles[at]
        off = _is_cancelled(rest, lines[at + 1 : end])
        fields = {"links": meta.links, "place": meta.place, "status": "cancelled" if off else ""}
        pictures = take_pictures(headings[at])[1]
        part = Part(titles[at], (Line(line, pictures),) if pictures else (), line, number, fields=fields)
        bad = [warning(note.name, meta.line, *meta.bad[1:])] if meta.bad else []
        found.append(Start(at, part, meta.when, meta.line, bad))
    return cut_at(note, found, pairs, title)


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


def _numbers(titles: Sequence[str], title: str, note: Note) -> list[int | None]:
    """Numbers from the titles where each has its own; else the order, unless the series is another file's."""
    written = [read_number(one).number for one in titles]
    if None not in written and len(set(written)) == len(written):
        return written
    known = note.context.series.get(series_of(title, note.context))
    other = known is not None and known.title.casefold() != title.casefold()
    return [None if other else number for number in range(1, len(titles) + 1)]


def _read_meta(title: Line, lines: Sequence[Line], day_first: bool | None, short: bool) -> _Meta:
    """What a session's heading says of its date and links, and the short lines under it, up to the first heading,
    picture or longer line."""
    when, at, places = read_when(title.heading, day_first, short), title.number, list[str]()
    bad = None if when else bad_date(title.heading, day_first)
    links = links_in(title.text)
    for line in lines:
        text = _ITEM.sub("", line.text).strip()
        if line.code or text.startswith("!") or line.level or len(bare_text(text).split()) > MAX_WORDS:
            break
        if found := links_in(text):
            links += found
            continue
        labelled = _LABEL.match(text)
        label = labelled["label"].strip().casefold() if labelled else ""
        value = labelled["value"].strip(" *\\") if labelled and label in _WHERE | _WHEN else text
        if label in _WHERE or _PLACES.fullmatch(bare_text(value)):
            places.append(bare_text(value))
        elif when is None:
            date = read_when(value, day_first)
            wrong = None if date or bad else bad_date(value, day_first, label in _WHEN)
            # a line is about its date where it is labelled so, or says little before it
            shown = date.text if date else wrong.text if wrong else ""
            if shown and (label in _WHEN or len(bare_text(value).partition(shown)[0].split()) <= 2):
                when, at, bad = date, line.number, wrong or bad
    return _Meta(when, at, bad, ", ".join(dict.fromkeys(places)), [{"title": name, "url": url} for name, url in links])


def _is_cancelled(title: str, lines: Sequence[Line]) -> bool:
    """Whether a session's title says only that it did not take place, or its notes little more.

    >>> _is_cancelled(": cancelled!", ()), _is_cancelled("Cancelled flights", ())
    (True, False)
    >>> _is_cancelled("", [Line(1, "**EVENT NEVER HAPPENED**")]), _is_cancelled("", [Line(1, "We cancelled the terms")])
    (True, False)
    """
    if _OFF.fullmatch(re.sub(r"^[\W_]+|[\W_]+$", "", title)):
        return True
    if any(line.level for line in lines) or sum(len(line.text.split()) for line in lines) > CANCELLED_WORDS:
        return False
    texts = [bare_text(_ITEM.sub("", line.text)) for line in lines if not line.code]
    found = [(text, text[: off.start()]) for text in texts if (off := _OFF.search(text))]
    return any(
        len(text.split()) <= MAX_WORDS and (not before.strip(" :-") or _EVENT.search(before) or text.isupper())
        for text, before in found
    )
