"""Transcripts (WebVTT, SRT, Podcasting 2.0 JSON, Markdown with `[HH:MM:SS]` stamps) and JSON chapters.

The name of the source says which episode it is of; merging finds it. Limit: 16 MiB.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from mlguide_site.errors import Problem, Severity
from mlguide_site.importers.base import Context, FileDraft, Item, Source
from mlguide_site.importers.text import decode_text
from mlguide_site.model import Span
from mlguide_site.transcripts import (
    Note,
    Transcript,
    chapters_text,
    read_chapters,
    read_json,
    read_markdown,
    read_timed,
    vtt_text,
)
from mlguide_site.transcripts.read import load_json

MAX_BYTES = 16 * 1024 * 1024
MAX_NOTES = 50
_HEAD = 64 * 1024
_TIMED = re.compile(r"^[ \t]{0,20}[0-9:.,]{4,20}[ \t]{0,20}-->[ \t]{0,20}[0-9:.,]{4,20}", re.M)
_STAMPED = re.compile(r"^[^\[\n]{0,60}\[(?:[0-9]{1,3}:)?[0-9]{1,2}:[0-9]{2}(?:[.,][0-9]{1,3})?\](?!\()", re.M)
_JSON = re.compile(r'"(?:segments|chapters)"\s*:\s*\[')
_ENDINGS = re.compile(
    r"(?:[._ -](?:transcript|chapters|captions|subtitles|[a-z]{2}(?:-[a-z]{2})?))?\.(?:vtt|srt|json|md|markdown|txt)$",
    re.I,
)
_SERIES = r"(?:(?P<series>[^\W\d_][\w -]{0,40}?)[\s_.#-]*)?"
_NUMBER = r"(?P<number>[0-9]{1,5})(?![0-9])(?:[\s_.:–—-]+(?P<title>.*))?"
_PATTERNS = tuple(
    re.compile(_SERIES + season + _NUMBER, re.I)
    for season in (r"(?<![^\W\d_])s(?P<season>[0-9]{1,3})[\s_.-]{0,3}(?:ep?\.?\s?|x)?", "(?P<season>)")
)
_WORDS = frozenset(["ep", "episode", "e", "no", "nr", "transcript", "part"])


def sniff(source: Source) -> bool:
    """Whether a source looks like a transcript or like chapters: its header, several times with arrows, time stamps at
    the beginning of a good part of its lines, or the lists of the JSON formats."""
    text = source.data[:_HEAD].decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    lead = text.lstrip()[:1]
    if re.match(r"WEBVTT(?:\s|$)", text):
        return True
    if lead == "{":
        return bool(_JSON.search(text)) and '"startTime"' in text
    if lead == "<":
        return False
    if _TIMED.search(text):
        return True
    lines = sum(1 for line in text.split("\n") if line.strip())
    return (count := len(_STAMPED.findall(text))) >= 3 and count * 6 >= lines


def read(source: Source, context: Context) -> Iterator[Item]:
    """The file that is to stand beside an episode, and what was wrong with the source."""
    text = decode_text(source, MAX_BYTES)
    if isinstance(text, Problem):
        yield text
        return
    suffix, found, notes = _content(text)
    if not found:
        said = notes[0].message if notes else "no words with times in it"
        yield Problem(source.name, Span(notes[0].line if notes else 1, 1), said, "see whether it was saved whole")
        return
    yield _named(source, suffix, found.encode(), context)
    for note in notes[:MAX_NOTES]:
        yield Problem(source.name, Span(note.line, 1), note.message, "correct it in the source", Severity.WARNING)
    if len(notes) > MAX_NOTES:
        line, more = notes[MAX_NOTES].line, len(notes) - MAX_NOTES
        message = f"{more:,} more such faults from here on"
        yield Problem(source.name, Span(line, 1), message, "correct them in the source", Severity.WARNING)


def _content(text: str) -> tuple[str, str, list[Note]]:
    """Suffix and text of the file to write, "" where there is nothing to write, and what was wrong."""
    if text.lstrip()[:1] in ("{", "["):
        value = load_json(text)
        if (chapters := read_chapters(value)) is not None:
            return ".chapters.json", chapters_text(chapters[0]) if chapters[0] else "", chapters[1]
        if (transcript := read_json(value)) is not None:
            return _written(*transcript)
        if value is None and text.lstrip()[:1] == "{":
            return ".vtt", "", [Note(1, "this is not valid JSON")]
    if text.startswith("WEBVTT") or _TIMED.search(text):
        return _written(*read_timed(text))
    if not _STAMPED.search(text):
        return ".vtt", "", [Note(1, "this is no transcript and no chapters")]
    return _written(*read_markdown(text))


def _written(transcript: Transcript, notes: list[Note]) -> tuple[str, str, list[Note]]:
    return ".vtt", vtt_text(transcript) if transcript.cues else "", notes


def _named(source: Source, suffix: str, data: bytes, context: Context) -> FileDraft:
    """The file with what the source's name says of its episode.

    >>> draft = _named(Source("talks/MLA 12 - Docker.en.vtt", b""), ".vtt", b"", Context(given="mla"))
    >>> draft.series, draft.number, draft.title
    ('mla', 12, 'Docker')
    """
    path = urlsplit(source.name).path if "://" in source.name else source.name.replace("\\", "/")
    stem = _ENDINGS.sub("", unquote(PurePosixPath(path).name))
    stem = " ".join(stem.replace("_", " ").split())
    series, number, season, title = context.given, None, None, stem
    if found := next((match for pattern in _PATTERNS if (match := pattern.fullmatch(stem))), None):
        name = re.sub(r"[\s.#-]+$", "", found["series"] or "").casefold()
        known = _series(name, context) if name not in _WORDS else ""
        if not name or name in _WORDS or known:
            series = known or series
            number = int(found["number"])
            season = int(found["season"]) if found["season"] else None
            title = (found["title"] or "").strip()
    return FileDraft(suffix, data, series, number, season, title)


def _series(name: str, context: Context) -> str:
    """The id of a series by its id, prefix or title, in small letters; "" where no series is called so."""
    ids = {*context.series, *([context.given] if context.given else [])}
    names = {id.casefold(): id for id in sorted(ids)}
    for id, known in sorted(context.series.items()):
        for other in (known.prefix, known.title):
            if other:
                names.setdefault(other.casefold(), id)
    return names.get(name) or names.get(name.replace(" ", "-")) or ""
