"""The table of limits in LIMITS.md, from the constants: `python -m benchmarks.fuzz.table`."""

from collections.abc import Sequence

from mlguide_site.checks import catalog as checks
from mlguide_site.checks import templates as template_checks
from mlguide_site.content import knowledge, root, site_settings
from mlguide_site.content import transcript_formats as chapters
from mlguide_site.content.yaml_read import MAX_DEPTH, MAX_KNOWLEDGE, MAX_VALUES
from mlguide_site.importers import (
    directory,
    opml,
    player,
    transcript,
)
from mlguide_site.importers.feed import descriptions, drafts, podcast, xml
from mlguide_site.importers.notes import inline, source
from mlguide_site.linking.names import MAX_NESTED, MAX_WORDS
from mlguide_site.markdown import limits
from mlguide_site.merge import drafts as sound
from mlguide_site.merge import sources as gather
from mlguide_site.model import transcript as cues
from mlguide_site.model.base import MAX_PHRASE
from mlguide_site.model.records import MAX_RULE_WORDS, MAX_RULES

KIBI, MEBI = 1024, 1024 * 1024


def size(number: int) -> str:
    """A number of bytes as a person writes it.

    >>> size(4194304), size(65536)
    ('4 MiB', '64 KiB')
    """
    return f"{number // MEBI} MiB" if number % MEBI == 0 else f"{number // KIBI} KiB"


def _rows() -> Sequence[tuple[str, Sequence[str]]]:
    text = [
        size(source.MAX_NOTES_SOURCE_BYTES),
        f"{source.MAX_LINES:,} lines",
        f"{source.MAX_LINE:,} characters a line",
        f"{source.MAX_SIGNS:,} signs that may be Markdown (a line counts as three)",
        f"{source.MAX_PARTS:,} sessions or days a file",
        f"{source.MAX_TAGS} tags a file",
    ]
    return (
        ("any source", [size(gather.MAX_SOURCE)]),
        (
            "`feed`",
            [
                size(xml.MAX_FEED_BYTES),
                f"{drafts.MAX_ITEMS:,} items",
                f"{drafts.MAX_ALL_NOTES // MEBI} Mi characters and {drafts.MAX_ALL_PIECES:,} tags or lines of"
                " descriptions (an address counts as two)",
                f"{descriptions.MAX_PARTS} descriptions an item",
                f"of one {descriptions.MAX_NOTES // MEBI} Mi characters and {descriptions.MAX_PIECES:,} tags or lines",
                f"{podcast.MAX_CHAPTERS:,} chapters of an episode",
            ],
        ),
        ("`player`", [size(player.MAX_PLAYER_BYTES), f"{player.MAX_TEXTS:,} texts"]),
        ("`directory`", [size(directory.MAX_DIRECTORY_BYTES)]),
        (
            "`transcript`",
            [size(transcript.MAX_TRANSCRIPT_BYTES), f"{cues.MAX_CUES:,} cues", f"{cues.MAX_SECONDS // 3600:,} hours"],
        ),
        ("chapters", [size(transcript.MAX_TRANSCRIPT_BYTES), f"{chapters.MAX_CHAPTERS:,} chapters"]),
        ("`hackmd`, `log`, `obsidian`: a file", text),
        (
            "`obsidian`: links to other notes",
            [f"{inline.MAX_NOTE_LINKS:,} an episode; the rest are kept as text"],
        ),
        (
            "`obsidian`: a folder",
            [
                f"{gather.MAX_NOTES:,} notes",
                f"{size(gather.MAX_NOTES_BYTES)} of notes, and as many signs as a file",
                f"{gather.MAX_ENTRIES:,} files",
                f"{size(gather.MAX_ASSET)} a picture or other file, {size(gather.MAX_ASSETS)} in all",
            ],
        ),
        (
            "`opml`",
            [
                size(opml.MAX_OPML_BYTES),
                f"{opml.MAX_OUTLINES:,} items",
                f"{opml.MAX_DEPTH} levels",
                f"{opml.MAX_ATTRIBUTES} attributes of an item",
            ],
        ),
        (
            "a note file",
            [
                size(limits.MAX_NOTE_BYTES),
                f"front matter: {size(limits.MAX_FRONT_MATTER)}, {MAX_DEPTH} levels",
                f"title: {sound.MAX_TITLE} characters",
            ],
        ),
        (
            "notes as Markdown",
            [
                size(limits.MAX_NOTE_BYTES),
                f"{limits.MAX_LINES:,} lines that are not blank",
                f"{limits.MAX_LINE:,} characters a line, {limits.MAX_PARAGRAPH:,} a paragraph",
                f"{limits.MAX_NESTING} levels",
                f"{limits.MAX_MARKS:,} marks a paragraph, {limits.MAX_ALL_MARKS:,} in all",
                f"{limits.MAX_ALL_BRACKETS:,} brackets",
                f"{limits.MAX_PIECES:,} pieces of code and HTML, {limits.MAX_TAGS:,} tags a piece",
                f"{limits.MAX_TOKENS:,} beginnings and ends of paragraphs, items and cells",
            ],
        ),
        (
            "a knowledge file",
            [
                size(MAX_KNOWLEDGE),
                f"{MAX_VALUES:,} keys and values",
                f"{MAX_DEPTH} levels",
                f"{knowledge.MAX_PROBLEMS:,} problems are reported",
            ],
        ),
        (
            "`match` rules",
            [
                f"{MAX_RULES} of an entry",
                f"{MAX_RULE_WORDS} words or phrases a list, of {MAX_PHRASE} characters",
            ],
        ),
        (
            "names in a text",
            [f"{MAX_WORDS} words a name", f"of names that begin at the same word the {MAX_NESTED} longest"],
        ),
        ("topics", [f"{checks.MAX_TOPIC_DEPTH} above each other"]),
        (
            "a root",
            [f"{root.MAX_FILES:,} files in `episodes/`", f"{root.MAX_DEPTH} levels", f"{size(root.MAX_TEXTS)} of text"],
        ),
        ("`mkdocs.yml`", [size(site_settings.MAX_SETTINGS_BYTES), f"{site_settings.MAX_DEPTH} levels"]),
        ("a template", [size(template_checks.MAX_TEMPLATE_BYTES)]),
    )


HEAD = """# Limits

Within these limits each reader needs at most ten seconds and 512 MiB; what goes beyond one is refused with its place,
the limit and what to do, and nothing of it is written. `make limits` measures it, `make fuzz` tries random and broken
input. This table is generated from the code by `make accept`.

| reader | takes at most |
| --- | --- |
"""


def table() -> str:
    """The text of LIMITS.md."""
    return HEAD + "".join(f"| {reader} | {'; '.join(most)} |\n" for reader, most in _rows())


if __name__ == "__main__":
    print(table(), end="")
