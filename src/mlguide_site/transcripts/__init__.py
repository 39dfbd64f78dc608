"""Transcripts and chapters: what was said when. Values in, values out; never disk or network."""

from mlguide_site.transcripts.chapters import Chapter, chapters_text, read_chapters
from mlguide_site.transcripts.cues import Cue, Note, Transcript
from mlguide_site.transcripts.markdown import after_front_matter, read_markdown, read_turn
from mlguide_site.transcripts.places import place_notes
from mlguide_site.transcripts.read import load_json, read_json, read_timed
from mlguide_site.transcripts.write import vtt_text

__all__ = [
    "Chapter",
    "Cue",
    "Note",
    "Transcript",
    "after_front_matter",
    "chapters_text",
    "load_json",
    "place_notes",
    "read_chapters",
    "read_json",
    "read_markdown",
    "read_timed",
    "read_turn",
    "vtt_text",
]
