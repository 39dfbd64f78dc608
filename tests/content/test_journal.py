"""Tests of the journal: an interrupted change to several files is undone completely, but edits by people are kept."""

import json
from pathlib import Path

import pytest

from mlguide_site.content import files
from mlguide_site.content.files import JOURNAL, exclusive, is_interrupted, undo_change
from mlguide_site.errors import ContentError, ResourceError

NOTE, TOOLS, NEW = "episodes/a/a-001.md", "knowledge/tools.yml", "episodes/a/a-002.md"
PAGE = "pages/about.md"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root with a change to four files that was interrupted after three of them."""
    for path, text in ((NOTE, b"old"), (TOOLS, b"old tools"), (PAGE, b"old page")):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_bytes(text)
    real = files.write_atomic

    def write(path: Path, data: bytes) -> None:
        if path.name == "tools.yml":
            raise KeyboardInterrupt
        real(path, data)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(files, "write_atomic", write)
        # simulates a killed process: nothing is undone
        patched.setattr(files, "undo_change", lambda root: False)
        files.change_files(tmp_path, {NOTE: b"new", PAGE: b"new page", NEW: b"made", TOOLS: b"new tools"})
    return tmp_path


def test_a_change_that_the_disk_refuses_is_undone(tmp_path: Path) -> None:
    (tmp_path / "episodes/a").mkdir(parents=True)
    (tmp_path / NOTE).write_bytes(b"old")
    with pytest.raises(ResourceError):
        files.change_files(tmp_path, {NOTE: b"new"}, {TOOLS: "knowledge/topics.yml"})
    assert (tmp_path / NOTE).read_bytes() == b"old"
    assert not files.is_interrupted(tmp_path)


def test_whoever_takes_the_lock_finds_the_root_as_it_was(root: Path) -> None:
    with exclusive(root):
        assert (root / NOTE).read_bytes() == b"old"
        assert (root / TOOLS).read_bytes() == b"old tools"
        assert (root / PAGE).read_bytes() == b"old page"
        assert not (root / NEW).exists()
    assert not is_interrupted(root)


def test_what_a_person_wrote_since_stays(root: Path) -> None:
    (root / NOTE).write_bytes(b"new, and an evening's work")
    (root / NEW).write_bytes(b"made, and more")
    assert undo_change(root)
    assert (root / NOTE).read_bytes() == b"new, and an evening's work"
    assert (root / NEW).read_bytes() == b"made, and more"


@pytest.mark.parametrize(
    "said",
    [
        "",
        "[]",
        '{"files": {}}',
        json.dumps({"files": {".git/config": ["eA==", None]}, "moves": {}}),
        json.dumps({"files": {}, "moves": {"episodes/a/a-001.md": "templates/home.md.jinja"}}),
        json.dumps({"files": {"episodes/a.md": ["x", None]}, "moves": {}}),
    ],
)
def test_a_record_that_somebody_else_wrote_is_refused(root: Path, said: str) -> None:
    (root / JOURNAL).write_text(said)
    with pytest.raises(ContentError, match="not a valid journal"), exclusive(root):
        pass
    assert not (root / ".git").exists()


def test_a_change_that_a_journal_could_not_undo_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"\.git/config:1:1: mlguide doesn't change this file"):
        files.change_files(tmp_path, {NOTE: b"new", ".git/config": b"x"})
    assert not any(tmp_path.iterdir())


def test_a_record_cannot_lead_out_of_the_root(root: Path) -> None:
    said = {"files": {"episodes/../../x.md": ["eA==", None]}, "moves": {}}
    (root / JOURNAL).write_text(json.dumps(said))
    with pytest.raises(ContentError, match="leaves the root"):
        undo_change(root)


@pytest.mark.parametrize("before", [b"old", b""], ids=["text", "empty"])
@pytest.mark.parametrize("saved", [NOTE, PAGE])
def test_a_file_that_a_person_saves_meanwhile_is_kept(saved: str, before: bytes, tmp_path: Path) -> None:
    """Check a file that is saved after the command has read it, and one that is saved during the change."""
    known = {NOTE: before, PAGE: before}
    for path, data in known.items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_bytes(data)
    (tmp_path / saved).write_bytes(b"mine")
    with exclusive(tmp_path), pytest.raises(ResourceError, match=f"{saved}: the file has just been changed by another"):
        files.change_files(tmp_path, {NEW: b"made", NOTE: b"new", PAGE: None}, known=known)
    assert {path: (tmp_path / path).read_bytes() for path in known} == known | {saved: b"mine"}
    assert not (tmp_path / NEW).exists() and not is_interrupted(tmp_path)


def test_an_edited_copy_of_a_renamed_note_is_reported_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / NOTE).parent.mkdir(parents=True)
    (tmp_path / NOTE).write_bytes(b"old")
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(files, "remove_file", lambda path: (_ for _ in ()).throw(KeyboardInterrupt))
        patched.setattr(files, "undo_change", lambda root: False)
        files.change_files(tmp_path, {NEW: b"renamed", NOTE: None})
    (tmp_path / NEW).write_bytes(b"renamed, and more")
    with pytest.raises(ContentError, match=f"{NEW}:1:1: this note was edited .* move your edits to {NOTE}"):
        undo_change(tmp_path)
    assert (tmp_path / NEW).read_bytes() == b"renamed, and more" and (tmp_path / NOTE).read_bytes() == b"old"
    assert not undo_change(tmp_path)
