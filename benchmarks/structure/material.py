"""The material for generated notes: sections written for it, and lists of words by subject."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "material"
SUBJECTS = ("learning", "software", "business", "health", "world")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a section: a labelled item (label and text), a plain item or a paragraph (empty label)."""

    kind: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section of notes: its heading, its entries, and the file that it stands in."""

    heading: str
    entries: tuple[Entry, ...]
    subject: str


@cache
def sections() -> tuple[Section, ...]:
    """All written sections, in the order of files and lines.

    In a file a line is `## Heading`, `= Label: text`, `- plain item` or `> paragraph`.
    """
    found: list[Section] = []
    for path in sorted((FOLDER / "sections").glob("*.txt")):
        heading, entries = "", list[Entry]()
        for line in [*path.read_text("utf-8").splitlines(), "## "]:
            sign, _, rest = line.partition(" ")
            if sign == "##":
                if heading:
                    found.append(Section(heading, tuple(entries), path.stem))
                heading, entries = rest.strip(), []
            elif sign == "=":
                label, _, text = rest.partition(": ")
                entries.append(Entry("label", label, text))
            elif sign in (">", "-"):
                entries.append(Entry("paragraph" if sign == ">" else "item", "", rest))
    return tuple(found)


@cache
def outlines() -> dict[str, tuple[tuple[str, ...], ...]]:
    """For each subject its outlines: a heading and the labels under it."""
    return {
        path.stem: tuple(
            tuple(part.strip() for part in line.split(" | ")) for line in path.read_text("utf-8").splitlines()
        )
        for path in sorted((FOLDER / "outlines").glob("*.txt"))
    }


@cache
def words() -> dict[str, tuple[str, ...]]:
    """Lists of words by name, such as `nouns of health` or `heads`."""
    lists: dict[str, tuple[str, ...]] = {}
    name = ""
    for line in (FOLDER / "words.txt").read_text("utf-8").splitlines():
        if line.startswith("# "):
            name = line[2:]
        elif line.strip():
            lists[name] = tuple(word.strip() for word in line.split("|"))
    return lists
