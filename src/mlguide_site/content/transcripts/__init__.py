"""Transcripts and chapters: what was said when. Values in, values out; never disk or network."""

from mlguide_site.content.transcripts.chapters import chapters_text, read_chapters
from mlguide_site.content.transcripts.markdown import after_front_matter, read_markdown, read_turn
from mlguide_site.content.transcripts.places import place_notes
from mlguide_site.content.transcripts.read import load_json, read_json, read_timed
from mlguide_site.content.transcripts.write import vtt_text
from mlguide_site.model.transcript import Chapter, Cue, Note, Transcript

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
