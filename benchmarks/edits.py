"""The edits to a corpus that the benchmark measures, one of each kind. Each edit can be repeated."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from types import MappingProxyType

Edit = Callable[[Path, int], None]
_PAIR = re.compile(r"(?<![\w-])(?=([a-z]{4,} [a-z]{4,}))")


def _note(root: Path, at: float) -> Path:
    """Return the note file at a relative position in the list of all notes, from 0 to 1."""
    notes = sorted(root.glob("episodes/*/*.md"))
    return notes[min(len(notes) - 1, int(len(notes) * at))]


def _replace(path: Path, pattern: str, replacement: str) -> None:
    """Replace the first line of a file that matches a pattern."""
    text = re.sub(pattern, replacement, path.read_text("utf-8"), count=1, flags=re.MULTILINE)
    path.write_text(text, "utf-8")


def body(root: Path, number: int) -> None:
    """Add a sentence without names to the end of a note."""
    path = _note(root, 0.25)
    path.write_text(f"{path.read_text('utf-8').rstrip()}\n\nSaid once more, for the {number}th time.\n", "utf-8")


def mention(root: Path, number: int) -> None:
    """Add a sentence that mentions a tool to the end of a note."""
    path = _note(root, 0.5)
    tools = re.findall(r"^  name: (.+)$", (root / "knowledge/tools.yml").read_text("utf-8"), re.MULTILINE)
    said = f"Said of {tools[number % len(tools)]} as well."
    path.write_text(f"{path.read_text('utf-8').rstrip()}\n\n{said}\n", "utf-8")


def title(root: Path, number: int) -> None:
    """Change the title of an episode."""
    path = _note(root, 0.75)
    text = re.sub(
        r"^title: .*$", f"title: Called otherwise {number}", path.read_text("utf-8"), count=1, flags=re.MULTILINE
    )
    path.write_text(text, "utf-8")


def added(root: Path, number: int) -> None:
    """Add an episode at the end of a series."""
    last = sorted(root.glob("episodes/*/*.md"))[-1]
    series = last.parent.name
    id = f"{series}-{int(last.stem.rpartition('-')[2]) + 1:03}"
    text = f"---\nid: {id}\ntitle: New episode {number}\n---\n\nAll about it.\n"
    last.with_name(f"{id}.md").write_text(text, "utf-8")


def summary(root: Path, number: int) -> None:
    """Change the summary of a tool."""
    path = root / "knowledge/tools.yml"
    text = re.sub(
        r"summary: .*$", f"summary: Said anew {number}.", path.read_text("utf-8"), count=1, flags=re.MULTILINE
    )
    path.write_text(text, "utf-8")


def alias(root: Path, number: int) -> None:
    """Add an alias to another tool. The alias consists of two words in about an eighth of all notes, so that about 500
    of 2,000 pages change."""
    path = root / "knowledge/tools.yml"
    names = _pairs(root, 0.13)
    before, name, after = re.split(
        r"^(  name: .*\n)(?!  aliases)", path.read_text("utf-8"), maxsplit=1, flags=re.MULTILINE
    )
    path.write_text(f"{before}{name}  aliases: [{names[number % len(names)]}]\n{after}", "utf-8")


def _pairs(root: Path, share: float) -> list[str]:
    """Return five pairs of words that are in about this share of all notes, but not in the name of an entry."""
    notes = [path.read_text("utf-8").lower() for path in sorted(root.glob("episodes/*/*.md"))]
    known = "\n".join(path.read_text("utf-8").lower() for path in sorted((root / "knowledge").glob("*.yml")))
    counts = Counter(pair for note in notes for pair in set(_PAIR.findall(note)))
    ranked = sorted(counts, key=lambda pair: (abs(counts[pair] - share * len(notes)), pair))
    return list(islice((pair for pair in ranked if pair not in known), 5))


EDITS: Mapping[str, Edit] = MappingProxyType(
    {
        "body": body,
        "body, naming a tool": mention,
        "title": title,
        "summary of a tool": summary,
        "alias of a tool": alias,
        "episode added": added,
    }
)
"""Maps names to edits."""
