"""A transcript as WebVTT (W3C, WebVTT: The Web Video Text Tracks Format), always written the same way."""

from mlguide_site.model.transcript import Transcript, format_time


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
