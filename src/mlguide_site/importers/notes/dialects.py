"""The dialects of notes: what each is recognised by, and how a note of it is cut into episodes."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from mlguide_site.importers import EntryDraft, Source
from mlguide_site.importers.assets import is_note
from mlguide_site.importers.notes.body import BOX
from mlguide_site.importers.notes.dates import read_opener
from mlguide_site.importers.notes.episodes import (
    HEAD_LINES,
    PROSE,
    cut_course,
    cut_log,
    cut_sessions,
    is_day,
    rule_pairs,
)
from mlguide_site.importers.notes.inline import PLAYER, STUB, bare_text
from mlguide_site.importers.notes.source import (
    MAX_TITLE,
    Line,
    Parts,
    Text,
    is_rule,
    read_head,
    stem_title,
    without_fences,
)
from mlguide_site.model.slugs import make_slug

SNIFFED = 200_000
MIN_ABBREVIATIONS = 3
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)$")
_UNDERLINED = re.compile(r"^ {0,3}[^\s#>|=-][^\n|]*\n {0,3}(?:=+|-+)[ \t]*$", re.M)
_VAULT = re.compile(r"!?\[\[[^\[\]\n]{1,300}\]\]|^\s{0,3}>\s?\[!\w+\]|(?<![=\w])==[^\s=]|^>\s?NOTE:", re.M)
_CALLOUT = re.compile(r"^\s{0,3}>\s?\[!\w", re.M)
_TAGS = re.compile(r" {0,3}#{1,6}[ \t]+tags:[ \t]*(\S.*)$", re.I)
_HACKMD = re.compile(
    rf"{STUB.pattern}|{PLAYER.pattern}|\[(?:name|time|color)=[^\[\]\n]{{1,100}}\]"
    r"|\]\((?:https?://[^\s/()<>]{1,200})?/_?uploads/[\w.-]{1,200}",
    re.I,
)
_HACKMD_KEYS = frozenset(("breaks", "slideoptions", "ga", "disqus", "opengraph"))
_HACKMD_HOST = re.compile(r"(?<!!)\[[^\[\]\n]{0,200}\]\(/[\w@-][^\s()]{4,200}\)|https://(?:i\.imgur\.com|hackmd\.io)/")
_HACKMD_NAME = re.compile(r"(?:hackmd|hedgedoc|codimd)[^/\\]*$", re.I)
_LEAD = re.compile(r"(?:firstly|secondly|thirdly)\b", re.I)
_NAMED = re.compile(
    r"(?:\bday\s+\d{1,5}|\d(?:st|nd|rd|th) day)\s+of\s+(?:my\s+|the\s+)?"
    r"(?P<name>[A-Za-z0-9][^.!?,;:()\n]{2,60}?)\s*(?:[.!?,;:()]|$)"
    r"|(?P<tag>#\d{2,4}days\w{2,30})",
    re.I,
)
_ABBREVIATION = re.compile(
    r"(?<![\w/])(?P<short>[A-Z][A-Za-z0-9/&-]{0,9}[A-Z0-9]s?):\s+(?P<long>[A-Za-z][^,.;:()\n]{2,60}?)(?=\s*(?:[,.;]|\band\b|$))"
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """A kind of notes. `series` is the kind of series that they make. `wiki` tells whether they have wiki links, embeds
    and comments. A `vault` may be a folder, and has hashtags and lists of resources; of a `log` the title may be a
    guess, and abbreviations become terms."""

    name: str
    series: str
    sniff: Callable[[Source], bool]
    cut: Callable[[Text], Parts]
    signs: str
    wiki: bool = False
    vault: bool = False
    log: bool = False


def _sniffed(source: Source) -> str:
    """The beginning of a source; "" where it is nothing that a note begins with."""
    text = source.data[:SNIFFED].decode("utf-8", "replace").lstrip("\ufeff")
    is_other = text.lstrip().startswith(("<", "{")) or "\x00" in text
    return "" if is_other else text.replace("\r\n", "\n").replace("\r", "\n")


def sniff_hackmd(source: Source) -> bool:
    """Whether a source is Markdown with a trace of HackMD: front matter twice, pairs of `---`, stubs, boxes, hosts."""
    text = _sniffed(source)
    if "![[" in text:
        return False
    lines = [Line(at, line) for at, line in enumerate(text.split("\n"), 1)]
    head = read_head(lines)
    body = without_fences([line.text for line in lines[head.end :]])
    words = "\n".join(body)
    if not any(_HEADING.match(line) for line in body) and not _UNDERLINED.search(words):
        return False
    if sum(is_rule(line.text) for line in lines[: head.end]) >= 4 or rule_pairs(body):
        return True
    if _HACKMD.search(words) or _HACKMD_KEYS & head.fields.keys():
        return True
    if any(BOX.match(line) or read_tags(line) for line in body):
        return True
    return "[[" not in words and bool(_HACKMD_HOST.search(text) or _HACKMD_NAME.search(source.name))


def read_tags(line: str) -> list[str]:
    """The tags that a line names as HackMD does; none where it is no such line.

    >>> read_tags("###### tags: `wood` `hand tools`"), read_tags("## Tags: and what they are for")
    (['wood', 'hand tools'], [])
    """
    found = _TAGS.match(line)
    if not found or re.sub(r"`[^`]{1,200}`", "", found[1]).strip(" ,;\t"):
        return []
    return [tag.strip().lstrip("#").strip() for tag in re.findall(r"`([^`]{1,200})`", found[1]) if tag.strip("# ")]


def _cut_hackmd(text: Text) -> Parts:
    tagged = {line.number: tags for line in text.lines if line.level and (tags := read_tags(line.text))}
    lines = [line for line in text.lines if line.number not in tagged]
    first = next((at for at, line in enumerate(lines) if line.text.strip()), len(lines))
    level, shown = (lines[first].level, bare_text(lines[first].heading)) if first < len(lines) else (0, "")
    levels = [line.level for line in lines[first + 1 :] if line.level]
    own = shown if level == 1 and 1 not in levels and len(shown) <= MAX_TITLE else ""
    title = text.head.text("title") or own
    # a heading of another level is the title where sessions have headings of that level
    if title and level and (level == 1 or level in levels) and shown.casefold() == title.casefold():
        lines = [*lines[:first], *lines[first + 1 :]]
    title = title.rstrip(". ") or stem_title(text.name) or "Notes"
    made = cut_sessions(text._replace(lines=lines), title)
    starts = [part.line for part in made.parts]
    shared = tuple(tag for line, tags in tagged.items() if starts and line < starts[0] for tag in tags)
    parts = [
        replace(part, tags=(*shared, *(tag for line, tags in tagged.items() if part.line < line < end for tag in tags)))
        for part, end in zip(made.parts, [*starts[1:], inf], strict=False)
    ]
    return replace(made, parts=tuple(parts), title=title)


def sniff_log(source: Source) -> bool:
    """Whether a source is text that says at its beginning which day it is, or that counts its sections in words."""
    text = _sniffed(source)[:20_000].lstrip(" \n\t")
    if text.startswith("---") or "[[" in text:
        return False
    texts, words = [line for line in text.split("\n") if line.strip()], without_fences(text.split("\n"))
    openers = [opener for line in words if (opener := read_opener(line))]
    several = len({(opener.round, opener.number) for opener in openers}) > 1
    # days that begin in ways that only logs have: with a date, a round, a hashtag, or as plain lines
    signs = sum(opener.sure or not opener.heading for opener in openers)
    if several and 2 * signs >= len(openers) and not _CALLOUT.search(text):
        return True
    if sum((found := _HEADING.match(line)) is not None and len(found[1]) == 2 for line in words) > 1:
        return False
    first = [opener for line in texts[:HEAD_LINES] if (opener := read_opener(line))]
    if any(opener.sure for opener in first) or any(PROSE.search(line[:300]) for line in texts[:HEAD_LINES]):
        return True
    leads = {line.split()[0].casefold().strip(",:") for line in texts if _LEAD.match(line)}
    return bool(texts and read_opener(texts[0])) or len(leads) > 1


def _cut_log(text: Text) -> Parts:
    made = cut_log(text.lines, text.name)
    return replace(made, title=made.title or text.head.text("title") or _log_title(text.name, text.lines))


def _log_title(name: str, lines: Sequence[Line]) -> str:
    """The title of a log: as its text says (`Day 3 of Reading Less`), as its file, or else `Learning Log`."""
    for line in [line for line in lines if line.text.strip()][:HEAD_LINES]:
        if found := _NAMED.search(line.text[:500]):
            return (found["name"] or found["tag"].lstrip("#")).strip()
    stem = stem_title(name).split()
    words = [word for word in stem if re.fullmatch(r"[^\W\d_]{3,30}", word)]
    coded = any(re.fullmatch(r"(?=[a-z]*\d)[0-9a-f]{6,64}", word) for word in stem)
    if coded or all(word.casefold() in {"day", "entry", "notes", "note", "txt"} for word in words):
        return "Learning Log"
    shown = [word for word in words if word.casefold() not in {"day", "entry", "notes", "note", "txt"}]
    return " ".join(shown).title() if shown[0].islower() else " ".join(shown)


def find_terms(lines: Sequence[Line]) -> Iterator[EntryDraft]:
    """Terms for the abbreviations of lines that explain several, or that call themselves so."""
    for line in lines:
        found = [] if line.kind == "fence" else list(_ABBREVIATION.finditer(line.text[:5000]))
        if len(found) < MIN_ABBREVIATIONS and not (found and "abbreviation" in line.text.casefold()):
            continue
        for one in found:
            long = " ".join(one["long"].split())
            fields = {"term": long, "abbreviations": [one["short"]]}
            yield EntryDraft("term", make_slug(long), fields, line=line.number)


def sniff_vault(source: Source) -> bool:
    """Whether a source is a folder of notes, or Markdown with embeds, wiki links, callouts, highlights or days."""
    if not source.data and any(is_note(path) for path in source.files):
        return True
    text = _sniffed(source)
    if _VAULT.search(text):
        return True
    headings = [bare_text(found[2]) for line in without_fences(text.split("\n")) if (found := _HEADING.match(line))]
    return any(map(is_day, headings)) or bool(headings and is_note(source.name))


DIALECTS = (
    Dialect(
        "hackmd", "lectures", sniff_hackmd, _cut_hackmd, "it is Markdown with traces of HackMD, such as pairs of ---"
    ),
    Dialect("log", "log", sniff_log, _cut_log, "it says at its beginning which day it is", wiki=True, log=True),
    Dialect(
        "obsidian",
        "course",
        sniff_vault,
        cut_course,
        "it is Markdown with headings, days, wiki links or callouts",
        wiki=True,
        vault=True,
    ),
)
