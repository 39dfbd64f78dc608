"""Runs the Python code in the bundled notes, and compares what it prints with the comments beside it.

Code that needs scikit-learn or FastAPI, on which mlguide doesn't depend, runs only where they are installed.
"""

import re
import subprocess
import sys
from importlib.util import find_spec

import frontmatter
import pytest
from markdown_it import MarkdownIt

from conftest import CHECKOUT

BOX = re.compile(r"^    ", re.M)
EXTRA = ("fastapi", "sklearn")
"""The packages that the code of notes may need besides the dependencies of the tests."""


def snippets() -> list[tuple[str, str]]:
    """Return the id of each note with Python code, and the code."""
    found = []
    for path in sorted((CHECKOUT / "episodes").glob("*/*.md")):
        # code in boxes is indented
        body = BOX.sub("", frontmatter.load(str(path)).content)
        fences = [token for token in MarkdownIt().parse(body) if token.type == "fence" and token.info == "python"]
        found += [(path.stem, token.content) for token in fences]
    return found


@pytest.mark.parametrize(("note", "code"), snippets())
def test_code_prints_what_its_comments_say(note: str, code: str) -> None:
    missing = [name for name in EXTRA if re.search(rf"^from {name}\b", code, re.M) and find_spec(name) is None]
    if missing:
        pytest.skip(f"needs {missing[0]}")
    command = [sys.executable, "-I", "-c", code]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    expected = re.findall(r"^(?:.*\)  )?# (.+)$", code, re.M)
    assert (run.stderr, run.stdout.splitlines()) == ("", expected), note


def test_most_subjects_with_code_have_some() -> None:
    assert len({note for note, _ in snippets()}) >= 14
