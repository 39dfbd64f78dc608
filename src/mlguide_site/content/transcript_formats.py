"""Reads and writes transcripts (WebVTT, SRT, JSON of Podcasting 2.0 and Whisper) and chapters (JSON Chapters 1.2).

An episode's transcript is the first existing file of `<id>.vtt`, `<id>.srt` and `<id>.json`. The chapters are in
`<id>.chapters.json`. Invalid parts of a file cause warnings, and valid parts are used. Text with an invalid time starts
at the end of the previous cue; parser libraries would drop this text. All parsers run in linear time. Limits: 16 MiB,
200,000 cues, 5,000 chapters, times up to 1,000 hours. To add a format, add a row to `TRANSCRIPTS`."""

import html
import json
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile, groupby
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from mlguide_site.content.files import decode_content
from mlguide_site.errors import ContentError, Problem, Severity, Span
from mlguide_site.model.base import is_allowed_url
from mlguide_site.model.transcript import Chapter, Cue, Note, Transcript, format_time, one_line, read_seconds, read_time

MAX_FILE = 16 * 1024 * 1024  # maximum size of a file in bytes; callers read one more byte, to detect larger files
MAX_CUES, MAX_ALL_CUES = 200_000, 2_000_000  # maximum number of cues in a file, and in all files of a root
MAX_SPEAKER = 500
MAX_PAUSE = 1  # maximum number of seconds between cues of rolling captions that repeat a line
MAX_SHOWN = 4  # maximum number of lines that a cue of rolling captions repeats
MAX_CHAPTERS = 5_000
MAX_NOTES = 1_000  # maximum number of problems reported for one file
MAX_TITLE = 500
CHAPTERS = ".chapters.json"
WRITTEN = ".vtt"  # the suffix of imported transcripts
_TIMES = re.compile(r"\s{0,99}[0-9][^<>\n]{0,40}-->")
_TIMES_LINE = re.compile(r"^[ \t]{0,20}[0-9:.,]{4,20}[ \t]{0,20}-->[ \t]{0,20}[0-9:.,]{4,20}", re.M)
_ARROW = re.compile(r"^[ \t]{0,20}[0-9:.,]{4,20}[ \t]{0,20}[-–—=]{0,3}>[ \t]{0,20}[0-9:.,]{4,20}", re.M)
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?[ \t]++([^<>\n]{1,5000})>")
# in captions of some programs, the name follows `>>` or stands in brackets
_NAMED = re.compile(
    r"(?:>> ?(?!.*>>)|(\[)(?!.*\]:.*\]:))?([^\W\d_][\w.'’-]{0,30}(?: [^\W_][\w.'’-]{0,30}){0,3})(?(1)\]): +(?=\S)",
    re.DOTALL,
)
# this matches WebVTT tags (W3C, cue text), SRT tags that players support, and timestamps in a cue
_TAG = re.compile(r"</?(?:b|c|font|i|lang|rt|ruby|s|u|v)(?:[.\s][^<>]{0,300})?>|<[0-9:.]{1,20}>", re.I)
_ROLLING = re.compile(r"<[0-9:.]{4,20}><c>")  # a word's time, as in automatic captions
_BRIEF = re.compile(r"([0-9]{2}:[0-9]{2}[.,])([0-9]{3}) --> (?:[0-9]{2}:)?\1([0-9]{3})")
"""Matches a cue within one second. About half of the cues of automatic captions have 10 milliseconds, also without the
times of words."""
_STYLE = re.compile(r"\{\\[^{}]{0,100}\}")
_ENTITY = re.compile(r"&(?:#x?[0-9A-Fa-f]{1,7}|[A-Za-z][A-Za-z0-9]{1,30});")
_HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")
_HEADER_OR_COMMENT = re.compile(r"(?:\A|\n[ \t]{0,20}\n)(?:WEBVTT|NOTE|STYLE|REGION)\b[^\n]*(?:\n[^\n]+)*")
_COMMENT_OR_STYLE = re.compile(r"(?:NOTE(?:[ \t].*)?|STYLE[ \t]*|REGION[ \t]*)")
Result = tuple[Transcript, list[Note]]
_UNTIMED = "no valid timestamp"
ChapterResult = tuple[tuple[Chapter, ...], list[Note]]
R = TypeVar("R", Result, ChapterResult)


def read_timed(text: str) -> Result:
    """Parse a WebVTT or SRT file, even if it is damaged. Return the transcript and its problems."""
    cues: list[Cue] = []
    notes: list[Note] = []
    # remove positions and styles such as {\an8} from the text of SRT files
    text = text if _HEADER.match(text) else _STYLE.sub("", text)
    start = end = 0.0
    brief = sum(int(end) - int(at) == 10 for _, at, end in _BRIEF.findall(text))
    is_rolling = bool(_ROLLING.search(text)) or brief * 3 > text.count("-->")
    is_timed, shown = False, list[str]()
    for number, times, lines in _blocks(text):
        first, _, rest = times.partition("-->")
        begins, ends = read_time(first[:40]), read_time((rest.split(maxsplit=1) or [""])[0][:40])
        is_timed = is_timed or begins is not None
        if times and begins is None:
            notes.append(Note(number, "a timestamp is invalid; the text gets the time of the previous cue"))
        elif times and (ends is None or ends < (begins or 0)):
            notes.append(Note(number, "a cue has no valid end time, or ends before it starts"))
        is_rolling_on = is_rolling and (begins is None or begins <= end + MAX_PAUSE)
        start = end if begins is None else begins
        end = start if begins is None or ends is None else max(start, ends)
        if is_rolling:
            lines, shown = _new_lines(lines, shown if is_rolling_on else [])
        parts = _VOICE.split("\n".join(lines))
        spoken = zip(["", *parts[1::2]], map(_plain, parts[0::2]), strict=True)
        cues += [Cue(start, end, _plain(speaker), words) for speaker, words in spoken if words]
        if len(cues) > MAX_CUES:
            return (), [*notes, Note(number, f"more than {MAX_CUES:,} cues")]
    if cues and not is_timed:
        return (), [Note(notes[0].line if notes else 1, _UNTIMED)]
    line, at = 1, 0
    for found in _HEADER_OR_COMMENT.finditer(text):
        if re.search("<[A-Za-z!/]", found[0].partition("-->")[0]):
            start = found.end() - len(found[0].lstrip())
            line, at = line + text.count("\n", at, start), start
            notes.append(Note(line, "tags in the file header and in comments are omitted"))
    return put_in_order(_with_names(cues), notes)


def _with_names(cues: list[Cue]) -> list[Cue]:
    """Return cues without speakers with those names before a colon that begin several cues, as in `Ann: Hello`
    (podcast-namespace, transcripts, section SRT). Because words such as `Example:` also begin cues, a name must begin
    the first cue that isn't a sound, or two names must begin a large part of the cues."""
    found = [_NAMED.match(cue.text) for cue in cues]
    is_marked = any(one and cue.text.startswith(">>") for cue, one in zip(cues, found, strict=True))
    unnamed = (re.match(r">>(?! *[\[(♪*])", cue.text) for cue, one in zip(cues, found, strict=True) if not one)
    if is_marked and any(unnamed):
        return cues  # `>>` alone begins the words of another person, but not a sound
    uses = Counter(one[2] for one in found if one and not one[2][0].islower())
    first = [one and uses[one[2]] > 1 for cue, one in zip(cues, found, strict=True) if cue.text[0] not in "[(♪*"][:3]
    is_dialogue = sum(count > 1 for count in uses.values()) > 1
    is_likely = is_dialogue and (3 if any(first) else 2) * sum(map(bool, found)) >= len(cues)
    if any(cue.speaker for cue in cues) or not (any(first[:1]) or is_likely):
        return cues
    return [
        cue._replace(speaker=one[2], text=cue.text[one.end() :]) if one and uses[one[2]] > 1 else cue
        for cue, one in zip(cues, found, strict=True)
    ]


def _new_lines(lines: list[str], shown: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines of a cue of rolling captions that the previous cue didn't show, and the plain text of all its
    lines. `shown` is that of the previous cue. A line of another voice isn't a repetition."""
    plain = [line if "<v" in line else words for line in lines if (words := _plain(line))]
    sizes = range(min(len(plain), len(shown), MAX_SHOWN), 0, -1)
    repeated = next((size for size in sizes if plain[:size] == shown[-size:]), 0)
    return [line for line in lines if _plain(line)][repeated:], plain


def _blocks(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Yield the line number, timing line and text lines of each cue, and first, without timing, the text before it."""
    number, times, text_lines = 1, "", []  # type: int, str, list[str]
    for is_text, group in groupby(enumerate(text.split("\n"), 1), key=lambda line: bool(line[1].strip())):
        block = list(group)
        if not is_text or _COMMENT_OR_STYLE.fullmatch(block[0][1]):
            continue
        if block[0][0] == 1 and _HEADER.fullmatch(block[0][1].removeprefix("\ufeff")):
            block = list(dropwhile(lambda line: "-->" not in line[1], block))
        for at, (place, line) in enumerate(block):
            if not _TIMES.match(line):
                text_lines.append(line)
                continue
            if text_lines and at and (at == 1 or block[at - 1][1].strip().isdecimal()):
                # remove the cue's identifier: a number, or the first line of a block
                text_lines.pop()
            yield number, times, text_lines
            number, times, text_lines = place, line, []
    yield number, times, text_lines


def _plain(text: str) -> str:
    """Return a cue's text as one line, without tags. Entities are decoded, and control characters become spaces."""
    bare = _TAG.sub("", text)
    return one_line(_ENTITY.sub(lambda found: html.unescape(found[0]), bare) if "&" in bare else bare)


def put_in_order(cues: list[Cue], notes: list[Note]) -> Result:
    """Return the cues sorted by start time. If sorting changes the order, add a problem to `notes`."""
    ordered = sorted(cues, key=lambda cue: cue.start)
    if ordered != cues:
        notes.append(Note(1, "the cues were not in chronological order and have been sorted"))
    return tuple(ordered), notes


def vtt_text(transcript: Transcript) -> str:
    """Return the transcript as WebVTT, which `read_timed` parses into the same transcript."""
    blocks = ["WEBVTT\n"]
    for cue in transcript:
        # a hyphen at the end of a name and the tag's `>` could form the arrow `-->`
        name = re.sub("-$", "&#45;", html.escape(cue.speaker, quote=False))
        speaker = f"<v {name}>" if name else ""
        words = html.escape(cue.text, quote=False)
        blocks.append(f"{format_time(cue.start)} --> {format_time(cue.end)}\n{speaker}{words}\n")
    return "\n".join(blocks)


def srt_text(transcript: Transcript) -> str:
    """Return the transcript as SRT."""
    cues = (cue.partition("\n") for cue in vtt_text(transcript).split("\n\n")[1:])
    return "\n\n".join(f"{at}\n{times.replace('.', ',')}\n{text}" for at, (times, _, text) in enumerate(cues, 1))


def json_text(transcript: Transcript) -> str:
    """Return the transcript as Podcasting 2.0 JSON."""
    segments = [dict(zip(("startTime", "endTime", "speaker", "body"), cue, strict=True)) for cue in transcript]
    return json.dumps({"version": "1.0.0", "segments": segments}, ensure_ascii=False, indent=1) + "\n"


def _json_list(text: str, key: str) -> list[Any] | None:
    """Return the list at `key` of a JSON object, or None if there is no such list. Of a list of segments with a start,
    the segments are returned."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    found = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, list) and key == "segments" and any(isinstance(one, dict) and "start" in one for one in value):
        return value
    return found if isinstance(found, list) else None


def read_json(text: str) -> Result | None:
    """Parse a JSON transcript of Podcasting 2.0, Whisper or youtube-transcript-api. Return the cues and their problems,
    or None if the text isn't a transcript. If no time is valid, there are no cues."""
    segments = _json_list(text, "segments")
    if segments is None:
        return None
    if len(segments) > MAX_CUES:
        return (), [Note(1, f"more than {MAX_CUES:,} cues")]
    cues: list[Cue] = []
    notes: list[Note] = []
    before, timed = 0.0, False
    for number, segment in enumerate(segments, 1):
        fields = segment if isinstance(segment, dict) else {}
        body, speaker = fields.get("body", fields.get("text")), fields.get("speaker")
        if not isinstance(body, str):
            notes.append(Note(1, f"segment {number} has no text"))
            continue
        start, end = _seconds(fields, "startTime", "start"), _seconds(fields, "endTime", "end")
        if start is not None and end is None and (length := _seconds(fields, "duration")):
            end = start + length
        timed = timed or start is not None
        if start is None:
            notes.append(Note(1, f"segment {number} has no valid time and gets the time of the previous segment"))
            start = before
        before = end if end is not None and end >= start else start
        name = one_line(speaker)[:MAX_SPEAKER].strip() if isinstance(speaker, str) else ""
        if words := one_line(body):
            cues.append(Cue(start, before, name, words))
    return put_in_order(cues, notes) if timed or not cues else ((), [Note(1, _UNTIMED)])


def _seconds(segment: Mapping[str, Any], *names: str) -> float | None:
    """Return the first field in `names` that is set, as a time in seconds. Text such as `00:01:02` is converted."""
    value = next((segment[name] for name in names if segment.get(name) is not None), None)
    return read_time(value[:40]) if isinstance(value, str) else read_seconds(value)


def read_chapters(text: str) -> ChapterResult | None:
    """Parse JSON chapters. Return the sorted chapters and their problems, or None if the text isn't JSON chapters."""
    entries = _json_list(text, "chapters")
    if entries is None:
        return None
    if len(entries) > MAX_CHAPTERS:
        return (), [Note(1, f"more than {MAX_CHAPTERS:,} chapters")]
    found: list[Chapter] = []
    notes: list[Note] = []
    for number, entry in enumerate(entries, 1):
        fields = entry if isinstance(entry, dict) else {}
        start, end = read_seconds(fields.get("startTime")), read_seconds(fields.get("endTime"))
        name, toc = fields.get("title"), fields.get("toc") is not False
        title = one_line(name)[:MAX_TITLE].strip() if isinstance(name, str) else ""
        if start is None or (not title and toc):
            missing = "valid time" if start is None else "title"
            notes.append(Note(1, f"chapter {number} has no {missing}{f': {title[:60]}' if title else ''}"))
            continue
        if end is not None and end < start:
            notes.append(Note(1, f"chapter {number} ends before it begins"))
            end = None
        urls = {name: str(fields.get(name) or "") for name in ("url", "img")}
        for name, url in urls.items():
            if url and not (len(url) <= 2000 and url[:4].casefold() == "http" and is_allowed_url(url)):
                notes.append(Note(1, f"{name} of chapter {number} is not a web address and is left out"))
                urls[name] = ""
        found.append(Chapter(start, end, title, urls["url"], urls["img"], toc))
    return tuple(sorted(found, key=lambda chapter: chapter.start)), notes


def chapters_text(chapters: Sequence[Chapter]) -> str:
    """Return chapters as JSON Chapters, which `read_chapters` parses into the same chapters."""
    entries = []
    for chapter in chapters:
        fields: dict[str, Any] = {"startTime": chapter.start, "endTime": chapter.end, "title": chapter.title}
        fields |= {"url": chapter.url, "img": chapter.img, "toc": None if chapter.toc else False}
        entries.append({name: value for name, value in fields.items() if value not in (None, "")})
    return json.dumps({"version": "1.2.0", "chapters": entries}, ensure_ascii=False, indent=1) + "\n"


class TranscriptFormat(NamedTuple):
    """A transcript format. `sniff` tests whether a text may be in this format. `read` returns None for other texts."""

    media_type: str
    sniff: Callable[[str], object]
    read: Callable[[str], Result | None]
    write: Callable[[Transcript], str]


def _is_json(text: str) -> bool:
    is_list = bool(re.match(r'\s*\[\s*\{[^{}]*"start"\s*:', text))
    is_list = is_list or (text.lstrip().startswith("{") and bool(re.search(r'"segments"\s*:\s*\[', text)))
    return is_list and any(name in text for name in ('"startTime"', '"body"', '"text"'))


def is_chapters(text: str) -> bool:
    """Return whether a text looks like JSON chapters."""
    return text.lstrip().startswith("{") and '"startTime"' in text and bool(re.search(r'"chapters"\s*:\s*\[', text))


TRANSCRIPTS: Mapping[str, TranscriptFormat] = {
    ".vtt": TranscriptFormat(
        "text/vtt",
        re.compile(r"WEBVTT(?:\s|$)").match,
        lambda text: read_timed(text) if "-->" in text else None,
        vtt_text,
    ),
    ".srt": TranscriptFormat(
        "application/x-subrip",
        lambda text: text.lstrip()[:1] not in "{<" and _TIMES_LINE.search(text),
        read_timed,
        srt_text,
    ),
    ".json": TranscriptFormat("application/json", _is_json, read_json, json_text),
}
"""The transcript formats by suffix, the preferred format first."""


@dataclass(frozen=True, slots=True)
class RootTranscripts:
    """Transcripts and chapters by episode id, and the problems in their files."""

    transcripts: Mapping[str, Transcript]
    chapters: Mapping[str, tuple[Chapter, ...]]
    problems: tuple[Problem, ...]


def may_be_transcript(path: str) -> bool:
    """Return whether a file with this path may contain a transcript or chapters."""
    return path.count("/") == 2 and path.endswith(tuple(TRANSCRIPTS))


def read_root_transcripts(files: Mapping[str, bytes], episodes: Iterable[tuple[str, str]]) -> RootTranscripts:
    """Parse the transcripts and chapters of `episodes` (pairs of series and id). `files` maps paths to bytes."""
    transcripts: dict[str, Transcript] = {}
    chapters: dict[str, tuple[Chapter, ...]] = {}
    problems, left = set[Problem](), MAX_ALL_CUES
    for series, id in episodes:
        stem = f"episodes/{series}/{id}"
        suffix = next((suffix for suffix in TRANSCRIPTS if stem + suffix in files), "")
        found = _read(stem + suffix, files, problems, TRANSCRIPTS[suffix].read) if suffix and left >= 0 else None
        if found and found[0]:
            left -= len(found[0])
            if left >= 0:
                transcripts[id] = found[0]
            else:
                message = f"more than {MAX_ALL_CUES:,} cues in all transcripts; this one and later ones are left out"
                problems.add(Problem(stem + suffix, Span(), message, "join short cues", Severity.WARNING))
        listed = _read(stem + CHAPTERS, files, problems, read_chapters)
        if listed and listed[0]:
            chapters[id] = listed[0]
    return RootTranscripts(MappingProxyType(transcripts), MappingProxyType(chapters), tuple(sorted(problems)))


def _read(path: str, files: Mapping[str, bytes], problems: set[Problem], read: Callable[[str], R | None]) -> R | None:
    """Parse a file with `read`, and collect its problems. Return None if the file is missing or invalid."""
    if path not in files:
        return None
    if len(files[path]) > MAX_FILE:
        message = f"more than {MAX_FILE // 1024 // 1024} MiB"
        problems.add(Problem(path, Span(), message, "shorten the file", Severity.WARNING))
        return None
    try:
        text = decode_content(files[path], path).replace("\r\n", "\n").replace("\r", "\n")
        result = read(text)
    except ContentError as error:
        problems |= {Problem(path, one.span, one.message, one.remedy, Severity.WARNING) for one in error.problems}
        return None
    if not (result and result[0]) and (found := _ARROW.search(text)) and "-->" not in found[0]:
        place = Span(text.count("\n", 0, found.start()) + 1)
        problems.add(Problem(path, place, "an arrow is misspelled", "write --> between the times", Severity.WARNING))
        return None
    if result and not result[1] and not result[0]:
        result[1].append(Note(1, "there is no cue or chapter in this file"))
    notes = result[1][:MAX_NOTES] if result else [Note(1, "this is neither a transcript nor chapters")]
    remedy = "correct the file; valid parts are used" if result else "see the Podcasting 2.0 namespace for the format"
    problems |= {Problem(path, Span(note.line), note.message, remedy, Severity.WARNING) for note in notes}
    return result


def published(path: str, data: bytes) -> bytes | None:
    """Return the bytes to publish for a transcript or chapters file, or None if it has no valid parts. The valid parts
    are serialised again, so that browsers never treat the file as HTML."""
    if path.endswith(CHAPTERS):
        listed = _read(path, {path: data}, set(), read_chapters)
        text = chapters_text(listed[0]) if listed and listed[0] else ""
    else:
        format = TRANSCRIPTS[posixpath.splitext(path)[1]]
        found = _read(path, {path: data}, set(), format.read)
        text = format.write(found[0]) if found and found[0] else ""
    return (text.replace("<", "\\u003c") if path.endswith(".json") else text).encode() or None
