"""Notes of lectures from HackMD and its relatives: in one file each session has a heading, mostly with a date."""

import re
from collections.abc import Sequence
from dataclasses import replace

from mlguide_site.importers import Source
from mlguide_site.importers.common.dates_and_durations import read_when
from mlguide_site.importers.notes.body import BOX
from mlguide_site.importers.notes.front_matter import read_head
from mlguide_site.importers.notes.inline import STUB, bare_text, links_in
from mlguide_site.importers.notes.source import (
    HEADING,
    Line,
    Note,
    Part,
    is_rule,
    sniffed,
    stem_title,
    without_fences,
)
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


def sniff(source: Source) -> bool:
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


def cut(note: Note) -> Note:
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
            parts.append(_part(at, note))
            kept += parts[-1:] if parts[-1].when or after_rules else []
            after_rules = False
    # beside dates and pairs of rules, a heading without these is one of its session's own
    parts = kept if pairs or any(part.when for part in kept) else parts
    while len(parts) > 1 and not parts[-1].when and parts[-1].title.strip(" :.").casefold() in SECTION_NAMES:
        parts.pop()
    ends = [*(part.at for part in parts[1:]), len(lines)]
    made = [
        replace(part, fields={**part.fields, "status": _status(part, lines[part.at + 1 : end])})
        for part, end in zip(parts, ends, strict=False)
    ]
    return note.cut(made)


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


def _part(at: int, note: Note) -> Part:
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


def _status(part: Part, lines: Sequence[Line]) -> str:
    """`cancelled` where a session's title, or a line of notes that are no more, says that it did not take place.

    >>> _status(Part("Loom"), [Line(1, "**EVENT NEVER HAPPENED**")]), _status(Part("Cancelled flights"), ())
    ('cancelled', '')
    """
    texts = [part.title.replace(part.when.text, "", 1) if part.when else part.title]
    if not any(line.level for line in lines) and sum(len(line.text.split()) for line in lines) <= CANCELLED_WORDS:
        texts += [bare_text(_ITEM.sub("", line.text)) for line in lines if not line.code]
    return "cancelled" if any(len(text.split()) <= MAX_WORDS and _OFF.match(text) for text in texts) else ""
