"""A change to several files that was cut off is taken back whole, and nobody's edit with it."""

import json
from pathlib import Path

import pytest

from mlguide_site.content.files import exclusive, journal
from mlguide_site.errors import ContentError

NOTE, TOOLS, NEW = "episodes/a/a-001.md", "knowledge/tools.yml", "episodes/a/a-002.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with a change that was cut off when two of its three files were written."""
    for path, text in ((NOTE, b"old"), (TOOLS, b"old tools")):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_bytes(text)
    changes = {
        NOTE: journal.Change(b"old", b"new"),
        TOOLS: journal.Change(b"old tools", b"new tools"),
        NEW: journal.Change(None, b"made"),
    }
    journal.begin(tmp_path, changes, {})
    (tmp_path / NOTE).write_bytes(b"new")
    (tmp_path / NEW).write_bytes(b"made")
    return tmp_path


def test_whoever_takes_the_lock_finds_the_root_as_it_was(root: Path) -> None:
    with exclusive(root):
        assert (root / NOTE).read_bytes() == b"old"
        assert (root / TOOLS).read_bytes() == b"old tools"
        assert not (root / NEW).exists()
    assert not journal.is_open(root)


def test_what_a_person_wrote_since_stays(root: Path) -> None:
    (root / NOTE).write_bytes(b"new, and an evening's work")
    (root / NEW).write_bytes(b"made, and more")
    assert journal.take_back(root)
    assert (root / NOTE).read_bytes() == b"new, and an evening's work"
    assert (root / NEW).read_bytes() == b"made, and more"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "[]",
        '{"files": {}}',
        json.dumps({"files": {"mkdocs.yml": {"before": "eA==", "after": None}}, "moves": {}}),
        json.dumps({"files": {}, "moves": {"episodes/a/a-001.md": "templates/home.md.jinja"}}),
        json.dumps({"files": {"episodes/a.md": {"before": "x", "after": None}}, "moves": {}}),
    ],
)
def test_a_record_that_somebody_else_wrote_is_refused(root: Path, said: str) -> None:
    (root / journal.PATH).write_text(said)
    (root / "mkdocs.yml").unlink(missing_ok=True)
    with pytest.raises(ContentError, match="not a record of a change"), exclusive(root):
        pass
    assert not (root / "mkdocs.yml").exists()


def test_a_record_cannot_lead_out_of_the_root(root: Path) -> None:
    said = {"files": {"episodes/../../x.md": {"before": "eA==", "after": None}}, "moves": {}}
    (root / journal.PATH).write_text(json.dumps(said))
    with pytest.raises(ContentError, match="leaves the root"):
        journal.take_back(root)
