"""WebVTT and SRT: read, broken or not, and written.

The reader is ours and linear: libraries drop what they can't read without a place. No word is lost: text under a time
that can't be read is added to the cue before it. Limits: 200,000 cues, times up to 1,000 hours.
"""

import html
import re
from collections.abc import Iterator, Sequence

from mlguide_site.model.transcript import MAX_CUES, Cue, Note, Transcript, format_time, one_line, read_time

Result = tuple[Transcript, list[Note]]
_TIMES = re.compile(r"\s{0,99}[0-9][^<>\n]{0,40}-->")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?[ \t]+([^<>\n]{1,5000})>")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>|<[0-9:.]{1,20}>")
_NAMED = re.compile(r"<([A-Za-z][A-Za-z0-9]{0,30})[^<>]{0,300}>")
# those of WebVTT (W3C, cue text) and of SRT as players read it
_KNOWN = frozenset("b c font i lang rt ruby s u v".split())
_STYLE = re.compile(r"\{\\[^{}]{0,100}\}")
_ENTITY = re.compile(r"&(?:#x?[0-9A-Fa-f]{1,7}|[A-Za-z][A-Za-z0-9]{1,30});")
_HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")
_NO_CUE = re.compile(r"(?:NOTE(?:[ \t].*)?|STYLE[ \t]*|REGION[ \t]*)")


def read_timed(text: str) -> Result:
    """A transcript from WebVTT or SRT, broken or not, with what was wrong with it.

    >>> transcript, _ = read_timed("WEBVTT\\n\\n00:01.000 --> 00:02.000\\n<v Ann>Hi <b>there</b> &amp; <v Bob>you")
    >>> transcript.cues
    (Cue(start=1.0, end=2.0, speaker='Ann', text='Hi there &'), Cue(start=1.0, end=2.0, speaker='Bob', text='you'))
    """
    cues: list[Cue] = []
    notes: list[Note] = []
    # SRT files have display settings in the text
    text = text if _HEADER.match(text) else _STYLE.sub("", text)
    blocks = [(number, _times(times), "\n".join(lines)) for number, times, lines in _blocks(text.split("\n"))]
    known = next((times[0] for _, times, _ in blocks if times and times[0] is not None), None)
    unread = next((number for number, times, _ in blocks if times), 0)
    if known is None and unread:
        # all of it at the beginning would look like a transcript, and be none
        return Transcript(()), [Note(unread, "no cue has a time that can be read")]
    start = end = 0.0
    before = False
    for number, times, text in blocks:
        if times is not None:
            first, last = times
            if first is None:
                neighbour = "before it" if before else "of the first that can"
                notes.append(Note(number, f"a time that can't be read; its text has the time {neighbour}"))
                start = last = end if before else known or 0.0
            elif last is None or last < first:
                what = "whose end can't be read" if last is None else "that ends before it begins"
                notes.append(Note(number, f"a cue {what}"))
                last = first
            start, before = first if first is not None else start, before or first is not None
            end = last if last is not None else start
        if strange := sorted({name.lower() for name in _NAMED.findall(text)} - _KNOWN):
            notes.append(Note(number, f"removed <{strange[0]}>, which no transcript has"))
        cues += _voices(start, end, text)
        if len(cues) > MAX_CUES:
            return Transcript(()), [*notes, Note(number, f"more than {MAX_CUES:,} cues")]
    return put_in_order(cues, notes)


def _times(line: str | None) -> tuple[float | None, float | None] | None:
    """Start and end on a line of times, None for what can't be read; display settings may follow.

    >>> _times("00:01.000 --> 00:02.5 align:start"), _times("soon --> 00:02.000"), _times(None)
    ((1.0, 2.5), (None, 2.0), None)
    """
    if line is None:
        return None
    first, _, rest = line.partition("-->")
    words = rest.split(maxsplit=1)
    return read_time(first[:40]), read_time(words[0][:40]) if words else None


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, str | None, list[str]]]:
    """Line number, line of times and lines of text of each cue; text before the first times has none."""
    at = 0
    count = len(lines)
    is_vtt = bool(lines and _HEADER.fullmatch(lines[0].removeprefix("\ufeff")))
    if is_vtt:
        while at < count and lines[at].strip() and "-->" not in lines[at]:
            at += 1
    timed = _times_lines(lines, is_vtt)
    number, times, own = at + 1, None, []  # type: int, str | None, list[str]
    fresh = True
    while at < count:
        line = lines[at]
        if fresh and _NO_CUE.fullmatch(line):
            while at < count and lines[at].strip():
                at += 1
            continue
        if timed[at]:
            # the line above is the name of this cue: a number, or the first of its block
            yield number, times, own
            number, times, own = at + 1, line, []
        elif line.strip() and not (at + 1 < count and timed[at + 1] and (fresh or line.strip().isdecimal())):
            own.append(line)
        fresh = not line.strip()
        at += 1
    yield number, times, own


def _times_lines(lines: Sequence[str], is_vtt: bool) -> list[bool]:
    """Which lines are lines of times, readable or not. Any line with an arrow is one if a cue may begin there: in
    WebVTT, whose text has no arrows, after a name or a blank line; in SRT after a number.

    >>> _times_lines(["1", "one --> two", "x --> y", "", "00:01 --> 00:02"], False)
    [False, True, False, False, True]
    >>> _times_lines(["", "one --> two", "", "name", "x --> y"], True)
    [False, True, False, False, True]
    """
    found: list[bool] = []
    for at, line in enumerate(lines):
        above = lines[at - 1].strip() if at else ""
        first = at < 2 or not lines[at - 2].strip()
        begins = (not above or (first and not found[at - 1])) if is_vtt else (first and above.isdecimal())
        found.append(bool(_TIMES.match(line)) or (begins and "-->" in line))
    return found


def _voices(start: float, end: float, text: str) -> Iterator[Cue]:
    parts = _VOICE.split(text)
    for speaker, spoken in zip(["", *parts[1::2]], parts[0::2], strict=True):
        words = _plain(spoken)
        if words:
            yield Cue(start, end, _plain(speaker), words)


def _plain(text: str) -> str:
    """One line of text without tags, its entities read, control characters as spaces."""
    bare = _TAG.sub("", text)
    bare = _ENTITY.sub(lambda found: html.unescape(found[0]), bare) if "&" in bare else bare
    return one_line(bare)


def put_in_order(cues: list[Cue], notes: list[Note]) -> Result:
    """Cues by their start, and a note if they were in another order."""
    ordered = sorted(cues, key=lambda cue: cue.start)
    if ordered != cues:
        notes.append(Note(1, "cues that are not in the order of their times; they are put in order"))
    return Transcript(tuple(ordered)), notes


def vtt_text(transcript: Transcript) -> str:
    """The file's text. Reading it gives the same transcript.

    >>> from mlguide_site.model.transcript import Cue
    >>> print(vtt_text(Transcript((Cue(0, 1.5, "Ann", "a < b"), Cue(1.5, 2, "", "So.")))), end="")
    WEBVTT
    <BLANKLINE>
    00:00:00.000 --> 00:00:01.500
    <v Ann>a &lt; b
    <BLANKLINE>
    00:00:01.500 --> 00:00:02.000
    So.
    """
    blocks = ["WEBVTT\n"]
    for cue in transcript.cues:
        speaker = f"<v {_annotation(cue.speaker)}>" if cue.speaker else ""
        blocks.append(f"{format_time(cue.start)} --> {format_time(cue.end)}\n{speaker}{_escaped(cue.text)}\n")
    return "\n".join(blocks)


def _annotation(speaker: str) -> str:
    """A name for a voice tag; a hyphen at its end would make an arrow with the tag's own."""
    return f"{_escaped(speaker[:-1])}&#45;" if speaker.endswith("-") else _escaped(speaker)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
