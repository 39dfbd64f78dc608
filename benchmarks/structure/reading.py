"""Headings and running text of the documentation that comes with packages: what the statistics of words are counted in.

Read are archives as package indexes hand them out (`.tar.gz`, `.whl`, `.zip`): files in reStructuredText and Markdown,
notebooks, docstrings of Python and the descriptions in service models (JSON with `"documentation"` fields). Of a text
that comes again only the first one counts.
"""

import json
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

MAX_FILE = 3_000_000
MAX_ARCHIVE = 12_000_000
"""How many characters of one archive count: no package is to speak for all."""
_DOCSTRING = re.compile(r'"""(.*?)"""|\'\'\'(.*?)\'\'\'', re.DOTALL)
_DESCRIPTION = re.compile(r'"documentation":("(?:[^"\\]|\\.)*")')
_KINDS = frozenset(["rst", "md", "mdx", "txt", "py", "ipynb", "json"])
_LEFT_OUT = ("/tests/", "/test/", "/locale/", "license", "authors", "contributors")
_OTHER_LINES = (
    "..",
    ":",
    ">>>",
    "|",
    "$",
    "<",
    "%",
    "{",
    "}",
    "//",
    "@",
    "import ",
    "from ",
    "def ",
    "class ",
    "return",
)
_UNDERLINE = re.compile(r'([=\-~^"*+#`])\1{2,}')
_ITEM = re.compile(r"(?:[-*+•]|\d+[.)])\s+(.*)")
_SPELLED = (
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r":[a-z:]+:`~?\.?([^`<]*)[^`]*`"), r"\1"),
    (re.compile(r"``?([^`]*)``?_*"), r"\1"),
    (re.compile(r"\*\*|__|\*"), ""),
    (re.compile(r"<[^>]{1,200}>"), " "),
)


class Passage(NamedTuple):
    """A heading, or a paragraph or item."""

    is_heading: bool
    text: str


def passages(archives: Path) -> Iterator[Passage]:
    """The passages of all archives of a folder, in the order of their names, each text once."""
    seen: set[str] = set()
    for archive in sorted(archives.iterdir()):
        size = 0
        for name, read in _members(archive):
            if size > MAX_ARCHIVE:
                break
            for passage in _of_file(name, read):
                if not passage.is_heading:
                    if passage.text in seen:
                        continue
                    seen.add(passage.text)
                    size += len(passage.text)
                yield passage


def _members(archive: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    if archive.suffix in {".whl", ".zip"}:
        with zipfile.ZipFile(archive) as packed:
            for info in sorted(packed.infolist(), key=lambda info: info.filename):
                if not info.is_dir() and info.file_size < MAX_FILE:
                    yield info.filename, lambda info=info: packed.read(info)  # type: ignore[misc]
    elif archive.name.endswith(".tar.gz"):
        with tarfile.open(archive) as tar:
            for member in tar:
                if member.isfile() and member.size < MAX_FILE and (file := tar.extractfile(member)):
                    yield member.name, file.read


def _of_file(name: str, read: Callable[[], bytes]) -> Iterator[Passage]:
    kind = name.rpartition(".")[2].lower()
    if kind not in {"rst", "md", "mdx", "txt", "py", "ipynb", "json"} or any(
        part in name.lower() for part in _LEFT_OUT
    ):
        return
    try:
        text = read().decode()
        if kind == "py":
            text = "\n\n".join(one or other for one, other in _DOCSTRING.findall(text))
        elif kind == "ipynb":
            cells = json.loads(text)["cells"]
            text = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        elif kind == "json":
            found: list[str] = [json.loads(one) for one in _DESCRIPTION.findall(text)]
            text = "\n\n".join(re.sub(r"</?[a-z]+>", "\n\n", one) for one in found)
    except (ValueError, KeyError, TypeError, AttributeError):
        return
    for passage in _blocks(text.split("\n"), kind in {"md", "mdx", "ipynb"}):
        spelled = passage.text
        for pattern, plain in _SPELLED:
            spelled = pattern.sub(plain, spelled)
        spelled = " ".join(spelled.split())
        if (2 <= len(spelled) <= 100) if passage.is_heading else len(spelled) >= 20:
            yield Passage(passage.is_heading, spelled)


def _blocks(lines: list[str], is_markdown: bool) -> Iterator[Passage]:
    held: list[str] = []
    is_code, at = False, 0

    def flushed() -> Iterator[Passage]:
        if held:
            yield Passage(False, " ".join(held))
        held.clear()

    while at < len(lines):
        line = lines[at].strip()
        below = lines[at + 1].strip() if at + 1 < len(lines) else ""
        at += 1
        if line.startswith(("```", "~~~")):
            is_code = not is_code
            yield from flushed()
        elif is_code:
            continue
        elif not line:
            yield from flushed()
        elif is_markdown and re.match(r"#{1,6} \S", line):
            yield from flushed()
            yield Passage(True, line.strip("# "))
        elif len(line) < 100 and abs(len(below) - len(line)) <= 6 and _UNDERLINE.fullmatch(below):
            yield from flushed()
            yield Passage(True, line)
            at += 1
        elif line.startswith(_OTHER_LINES):
            yield from flushed()
        elif item := _ITEM.match(line):
            yield from flushed()
            held.append(item.group(1))
        else:
            held.append(line)
    yield from flushed()
