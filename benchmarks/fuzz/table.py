"""Generates the table of limits in LIMITS.md from the constants: `python -m benchmarks.fuzz.table`."""

from collections.abc import Sequence

from mlguide_site.build.preview.server import IDLE_SECONDS, MAX_CONNECTIONS
from mlguide_site.checks import catalog as checks
from mlguide_site.checks import templates as template_checks
from mlguide_site.checks.fixes import MAX_COMPARED
from mlguide_site.content import drawings, knowledge, root, site_settings
from mlguide_site.content import transcript_formats as chapters
from mlguide_site.content.yaml_read import MAX_DEPTH, MAX_DIRECTIVES, MAX_KNOWLEDGE, MAX_VALUES
from mlguide_site.editing import fetch_files
from mlguide_site.importers import (
    directory,
    opml,
    player,
    transcript,
)
from mlguide_site.importers.common import naming
from mlguide_site.importers.feed import descriptions, drafts, entries, podcast, xml
from mlguide_site.importers.notes import inline, reader, source
from mlguide_site.importers.notes.dialects import DIALECTS
from mlguide_site.linking.folding import LONGEST_PHRASE
from mlguide_site.linking.mentions import MAX_NAMED
from mlguide_site.linking.names import MAX_ALIKE, MAX_ALIKE_RULES, MAX_GROUPS, MAX_NESTED, MAX_WORDS
from mlguide_site.linking.references import MAX_FORMS, MAX_FOUND, MAX_SHARED
from mlguide_site.linking.search_names import LONGEST, MAX_ALIASES
from mlguide_site.linking.timestamps import MAX_PLACES, MAX_SPOKEN
from mlguide_site.markdown import limits
from mlguide_site.merge import drafts as sound
from mlguide_site.merge import sources as gather
from mlguide_site.model import flashcards
from mlguide_site.model import transcript as cues
from mlguide_site.model.base import MAX_PHRASE, MAX_PHRASE_WORDS, MAX_SHORT, MAX_TEXT
from mlguide_site.model.records import MAX_ALIASES as OTHER_NAMES
from mlguide_site.model.records import (
    MAX_AUTHORS,
    MAX_FOLLOWS,
    MAX_ITEMS,
    MAX_LINKS,
    MAX_PROMOTION,
    MAX_REFERENCES,
    MAX_REQUIRED,
    MAX_RULE_WORDS,
    MAX_RULES,
    MAX_SEE,
    MAX_TOPICS,
    MAX_WILDCARDS,
)
from mlguide_site.pages import books
from mlguide_site.pages.entity import QUESTIONS
from mlguide_site.pages.episode_lists import SEARCHED_TEXT
from mlguide_site.pages.pagination import BEFORE
from mlguide_site.pages.render import LONGEST_HOST
from mlguide_site.pages.site import MAX_BESIDE, NAME, TITLE
from mlguide_site.publish.feeds import CATEGORIES
from mlguide_site.publish.feeds import LONGEST as LONGEST_TEXT
from mlguide_site.publish.redirects import MAX_EXAMINED, MAX_REDIRECTS

KIBI, MEBI = 1024, 1024 * 1024


def size(number: int) -> str:
    """Return a number of bytes in MiB or KiB.

    >>> size(4194304), size(65536)
    ('4 MiB', '64 KiB')
    """
    return f"{number // MEBI} MiB" if number % MEBI == 0 else f"{number // KIBI} KiB"


def _rows() -> Sequence[tuple[str, Sequence[str]]]:
    text = [
        size(source.MAX_NOTES_SOURCE_BYTES),
        f"{source.MAX_LINES:,} lines",
        f"{source.MAX_LINE:,} characters per line",
        f"{source.MAX_SIGNS:,} Markdown syntax characters (each line counts as three)",
        f"{reader.MAX_PARTS:,} sessions or days per file",
        f"{reader.MAX_TAGS} tags per file",
        f"{source.MAX_REPEATED:,} characters of footnotes repeated in episodes"
        " (beyond that, footnotes stay where they are)",
    ]
    files = ", ".join(f"`{dialect.name}`" for dialect in DIALECTS if not dialect.posts)
    return (
        ("any source", [size(gather.MAX_SOURCE)]),
        (
            "`feed`",
            [
                size(xml.MAX_FEED_BYTES),
                f"{drafts.MAX_ITEMS:,} items",
                f"{drafts.MAX_PEOPLE:,} people",
                f"{naming.MAX_PREFIXES} new series (in a feed with more prefixes, prefixes are part of the titles)",
                f"{xml.MAX_NAMESPACES:,} characters in the prefixes and addresses of all namespaces together",
                f"{drafts.MAX_ALL_NOTES:,} characters in all descriptions together",
                f"{drafts.MAX_ALL_PIECES:,} tags or lines in all descriptions together (an address counts as two)",
                f"{descriptions.MAX_PARTS} descriptions per item",
                f"{descriptions.MAX_NOTES:,} characters per description",
                f"{descriptions.MAX_PIECES:,} tags or lines per description",
                f"{podcast.MAX_CHAPTERS:,} chapters per episode",
                f"{entries.MAX_EACH:,} categories per item (further categories are left out)",
            ],
        ),
        ("`player`", [size(player.MAX_PLAYER_BYTES), f"{player.MAX_TEXTS:,} teasers and descriptions"]),
        ("`directory`", [size(directory.MAX_DIRECTORY_BYTES)]),
        (
            "`transcript`",
            [
                f"source: {size(transcript.MAX_TRANSCRIPT_BYTES)}",
                f"the file that the import writes: {size(chapters.MAX_FILE)}",
                f"{chapters.MAX_CUES:,} cues",
                f"{cues.MAX_SECONDS // 3600:,} hours",
            ],
        ),
        (
            "chapters",
            [
                f"source: {size(transcript.MAX_TRANSCRIPT_BYTES)}",
                f"the file that the import writes: {size(chapters.MAX_FILE)}",
                f"{chapters.MAX_CHAPTERS:,} chapters",
            ],
        ),
        (
            "`import --fetch`",
            [
                f"{size(transcript.MAX_TRANSCRIPT_BYTES)} per file",
                f"{fetch_files.MAX_SECONDS / 60:.0f} minutes per import",
                f"{size(fetch_files.MAX_WRITTEN)} of files per import",
                "the next `import --fetch` downloads the remaining files",
            ],
        ),
        (f"{files}: a file", text),
        (
            "`obsidian`: links to other notes",
            [f"{inline.MAX_NOTE_LINKS:,} per episode (further links are kept as text)"],
        ),
        (
            "`obsidian`: a folder",
            [
                f"{gather.MAX_NOTES:,} notes",
                f"{size(gather.MAX_NOTES_BYTES)} in all notes together",
                f"{source.MAX_SIGNS:,} Markdown syntax characters in all notes together",
                f"{gather.MAX_ENTRIES:,} files",
                f"{size(gather.MAX_ASSET)} per asset, such as a picture",
                f"{size(gather.MAX_ASSETS)} in all assets together",
            ],
        ),
        (
            "`opml`",
            [
                size(opml.MAX_OPML_BYTES),
                f"{opml.MAX_OUTLINES:,} items",
                f"{opml.MAX_DEPTH} levels of nesting",
                f"{opml.MAX_ATTRIBUTES} attributes per item",
            ],
        ),
        (
            "a note file",
            [
                size(limits.MAX_NOTE_BYTES),
                f"{size(limits.MAX_FRONT_MATTER)} of front matter, with {MAX_DEPTH} levels of nesting",
                f"{sound.MAX_TITLE} characters in the title",
                f"{MAX_REQUIRED} ids in `requires` (other pages show the first {BEFORE} prerequisites)",
            ],
        ),
        (
            "notes as Markdown",
            [
                size(limits.MAX_NOTE_BYTES),
                f"{limits.MAX_LINES:,} non-blank lines",
                f"{limits.MAX_LINE:,} characters per line",
                f"{limits.MAX_PARAGRAPH:,} characters per paragraph",
                f"{limits.MAX_HEADING} characters per heading (longer ones are paragraphs)",
                f"{limits.MAX_NESTING} levels of nesting",
                f"{limits.MAX_MARKS:,} Markdown syntax characters per paragraph",
                f"{limits.MAX_ALL_MARKS:,} Markdown syntax characters in the whole text",
                f"{limits.MAX_ALL_BRACKETS:,} opening brackets (`[`)",
                f"{limits.MAX_PIECES:,} code blocks and raw HTML blocks",
                f"{limits.MAX_TAGS:,} tags per HTML block",
                f"{limits.MAX_COLOURED:,} characters, and {limits.MAX_COLOURED_LINE} per line, in code with syntax"
                f" highlighting, and {limits.MAX_ALL_COLOURED:,} characters in all such code together",
                f"{limits.MAX_FORMULA:,} characters per formula (longer ones, and definitions of macros, are code)",
                f"{limits.MAX_ALL_FORMULAS:,} characters in all formulas together",
                f"{limits.MAX_TOKENS:,} block tokens, such as the start or end of a paragraph, list item or cell",
            ],
        ),
        (
            "a knowledge file",
            [
                size(MAX_KNOWLEDGE),
                f"{knowledge.MAX_ENTRIES:,} entries and {knowledge.MAX_NAMES:,} names (imports leave out further ones)",
                f"{OTHER_NAMES} aliases, {OTHER_NAMES} abbreviations, {MAX_LINKS} addresses, {MAX_TOPICS} topics,"
                f" {MAX_SEE} related terms and a `category` of {MAX_SHORT} characters per entry",
                f"{MAX_VALUES:,} keys and values",
                f"{MAX_ITEMS:,} items per list",
                f"{MAX_DEPTH} levels of nesting",
                f"{MAX_TEXT:,} characters per text",
                f"{limits.MAX_FILE_FORMULAS:,} characters in the formulas of all definitions and answers together",
                f"{MAX_DIRECTIVES} lines that begin with `%`",
                f"{MAX_AUTHORS} authors per resource",
                f"{knowledge.MAX_PROBLEMS:,} reported problems",
            ],
        ),
        (
            "`match` rules",
            [
                f"{MAX_RULES} rules per entry",
                f"{MAX_ALIKE_RULES} rules for all entries with the same name (others aren't found by this name)",
                f"{MAX_RULE_WORDS} words or phrases per list",
                f"{MAX_PHRASE} characters and {MAX_PHRASE_WORDS} words per phrase",
            ],
        ),
        (
            "names in a text",
            [
                f"{MAX_WORDS} words per name",
                f"if several names could begin at a word, only the {MAX_NESTED} longest names are tried",
                f"{MAX_ALIKE} names that differ only in symbols, such as `C` and `C#`",
                f"{MAX_ALIKE} entries with the same name; the first {MAX_GROUPS} topics of each tell them apart",
            ],
        ),
        (
            "mentions",
            [
                f"the first {MAX_NAMED:,} entries of an episode, with the authors of its resources (those that its"
                " front matter lists come first; pages of further entries don't list the episode)"
            ],
        ),
        (
            "questions on the page of a topic",
            [
                f"the first {QUESTIONS} of each episode; names of up to {LONGEST_PHRASE} words in the first"
                f" {SEARCHED_TEXT} characters of a question come first"
            ],
        ),
        ("cards for review", [f"the first {flashcards.MOST_TOPICS} topics of an episode or term"]),
        (
            "lists of episodes and entries, and links to them",
            [
                f"{TITLE} characters of a title, {NAME} of a role or abbreviation, {LONGEST_HOST} of a host, and"
                " addresses of up to 500 characters (the page of the episode or entry has the whole text)"
            ],
        ),
        ("search", [f"the first {MAX_ALIASES} names of an entry; {LONGEST} characters each"]),
        (
            "EPUB books",
            [
                f"{size(books.MAX_IMAGES)} of images, {size(books.MAX_TOPIC_IMAGES)} in the book of a topic"
                " (further images are left out)",
                f"{books.MOST_EPISODES} episodes (builds of larger sites write no books)",
                f"{books.MOST_TOPICS} topics (builds of sites with more topics write no books of topics)",
                f"{books.MOST_MENTIONS:,} mentions and {books.MOST_TEXT:,} characters of notes, questions and mentioned"
                " entries in a topic's episodes (builds write no book of a larger topic)",
            ],
        ),
        (
            "names in a transcript",
            [
                f"the first {MAX_SPOKEN:,} names of the entries in an episode, each at the first {MAX_PLACES:,} places"
                " of its rarest word"
            ],
        ),
        (
            "series",
            [
                f"{knowledge.MAX_SERIES} series per root (an import that would add more is refused)",
                f"{MAX_REFERENCES} patterns in `references`",
                f"{MAX_FOLLOWS} links in `subscribe`",
                f"{MAX_FOLLOWS} links in `funding`",
                f"{MAX_SHORT} characters in `prefix`",
            ],
        ),
        (
            "references to episodes in a text",
            [
                f"the first {MAX_FOUND:,} references",
                f"{MAX_FORMS} patterns of references that begin with the same words",
                f"{MAX_SHARED} series with the same pattern of references",
            ],
        ),
        (
            "`promotion` of a series",
            [f"{MAX_PROMOTION} sentences of up to 500 characters; {MAX_WILDCARDS} `*` per sentence"],
        ),
        (
            "redirects from former addresses",
            [
                f"{MAX_REDIRECTS:,} per site (further addresses aren't redirected)",
                f"the first {MAX_EXAMINED:,} addresses in the field `redirects` of all episodes",
            ],
        ),
        (
            "feeds of a site",
            [f"the first {CATEGORIES} topics and tags of an episode", f"{LONGEST_TEXT} characters of each"],
        ),
        ("topics", [f"{checks.MAX_TOPIC_DEPTH} levels of subtopics"]),
        (
            "graphs and “Often mentioned with”",
            [f"the first {MAX_BESIDE} topics, tools, resources and terms of an episode, sorted by slug"],
        ),
        ("`check --fix`", [f"{MAX_COMPARED:,} comparisons of unknown slugs with known slugs"]),
        (
            "the preview",
            [
                f"{MAX_CONNECTIONS} connections (a new one closes the oldest)",
                f"{IDLE_SECONDS:.0f} seconds without data per connection",
            ],
        ),
        (
            "a root",
            [
                f"{root.MAX_FILES:,} files in `episodes/` and `pages/`",
                f"{root.MAX_DEPTH} levels of folders",
                f"{size(root.MAX_TEXTS)} of text",
                f"{size(root.MAX_ASSET)} per picture, recording or other file",
                f"{size(root.MAX_TIMED)} of transcripts and chapters",
                f"{chapters.MAX_ALL_CUES:,} cues in all transcripts",
            ],
        ),
        ("`mkdocs.yml`", [size(site_settings.MAX_SETTINGS_BYTES), f"{site_settings.MAX_DEPTH} levels of nesting"]),
        ("an SVG file", [size(drawings.MAX_DRAWING)]),
        ("a template", [size(template_checks.MAX_TEMPLATE_BYTES)]),
    )


HEAD = """# Limits

Within these limits, each parser needs at most ten seconds and 512 MiB of memory. Unless the table says otherwise,
`mlguide` refuses input that exceeds a limit, and writes nothing from this input. The error message shows the place, the
limit and a fix. `make limits` measures the parsers at these limits. `make fuzz` tests the parsers with random and
damaged input. `make accept` generates this table from the code.

Each entry and each episode has a page. A first build writes about 150 pages per second, so the build of a knowledge
base with 8,000 entries takes about a minute. The largest allowed transcript needs 13 seconds and 470 MiB.

| input | limits |
| --- | --- |
"""


def table() -> str:
    """Return the text of LIMITS.md."""
    return HEAD + "".join(f"| {reader} | {'; '.join(most)} |\n" for reader, most in _rows())


if __name__ == "__main__":
    print(table(), end="")
