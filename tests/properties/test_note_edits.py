"""Property tests of pages that are rendered before a build: they equal the pages of the build."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlguide_site.build.preview.site import NoteEditor
from mlguide_site.errors import ContentError
from mlguide_site.pipeline import build
from properties.test_cached_builds import (
    EXAMPLES,
    FIRST,
    SETTINGS,
    bodies,
    change_body,
    edits,
    fronts,
    ids,
    new_root,
    write,
)

TEXT = f"A loom and the Heddle Press. See [the second](a-002.md#part) and A 2, or {FIRST}.\n"


def editor(root, chosen=SETTINGS[0]):
    return NoteEditor(root, root / "build/pages", build(root, chosen))


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(
    start=st.dictionaries(ids, st.tuples(fronts, bodies), min_size=3, max_size=6),
    changes=st.lists(edits, min_size=8, max_size=8),
    chosen=st.sampled_from(SETTINGS),
)
def test_it_is_the_page_that_the_build_makes(start, changes, chosen):
    with tempfile.TemporaryDirectory() as folder:
        root = new_root(Path(folder), {FIRST: ({"title": "Title"}, "Loom"), **start})
        known = None
        for path, change in changes:
            if path == "settings":
                continue
            if path in ("first", "tail"):
                change_body(root, path, change)
                path = f"episodes/a/{FIRST}.md"
            else:
                write(root, path, change)
            pages = root / "build/pages"
            ahead = known.edit([str(root / path)]) if known else []
            found = {page: (pages / page).read_bytes() for page in ahead}
            try:
                made = build(root, chosen)
            except ContentError:
                # pages rendered ahead are discarded by the build that fixes the error
                known = None
                continue
            assert found == {page: (pages / page).read_bytes() for page in ahead}
            known = NoteEditor(root, pages, made)


def is_left_alone(root: Path) -> bool:
    """Return whether a build leaves the page unwritten."""
    page = root / "build/pages" / PAGE
    before = page.stat().st_mtime_ns
    build(root, SETTINGS[0])
    return page.stat().st_mtime_ns == before


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    front = {"title": "Title", "summary": "In short."}
    return new_root(tmp_path, {FIRST: (front, TEXT), "a-002": ({"title": "Second"}, "Other.")})


PAGE = f"episodes/a/{FIRST}.md"


def edited(root, change):
    path = root / PAGE
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    return [str(path)]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: f"{text}\nOne sentence more.\n",
        # a mention moves to another place
        lambda text: text.replace("First A loom", "Before it all, *something*.\n\nFirst A loom"),
        lambda text: f"{text}\n- a list\n- of two\n",
    ],
)
def test_an_edit_that_only_its_own_page_shows_is_made_ahead(root, change):
    known = editor(root)
    assert known.edit(edited(root, change)) == [PAGE]
    ahead = (root / "build/pages" / PAGE).read_bytes()
    assert is_left_alone(root)
    shutil.rmtree(root / "build")
    build(root, SETTINGS[0])
    assert (root / "build/pages" / PAGE).read_bytes() == ahead


def test_edits_follow_each_other(root):
    known = editor(root)
    for number in range(3):
        assert known.edit(edited(root, lambda text, number=number: f"{text}\nSentence {number}.\n")) == [PAGE]
    assert is_left_alone(root)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: f"{text}\n## Another heading\n",
        lambda text: f"{text}\nThe Loom again, and the warp of the Heddle Press.\n",
        lambda text: f"{text}\nAn [address](https://b.example/).\n",
        lambda text: f"{text}\nEpisode A 2 says more.\n",
        lambda text: text.replace("title: Title", "title: Other"),
        lambda text: text.replace("title: Title", "title: [Title"),
        lambda text: text.replace("title: Title\n", ""),
        lambda text: f"{text}\n<script>alert(1)</script>\n",
        lambda text: f"{text}\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n",
        lambda _: "\udcff",
    ],
)
def test_what_more_hangs_on_is_left_to_the_build(root, change):
    known = editor(root)
    before = (root / "build/pages" / PAGE).read_bytes()
    path = root / PAGE
    path.write_bytes(change(path.read_text("utf-8")).encode("utf-8", "surrogateescape"))
    assert known.edit([str(path)]) == []
    assert (root / "build/pages" / PAGE).read_bytes() == before


def test_files_that_are_no_notes_are_passed_over(root, tmp_path):
    known = editor(root)
    gone = root / "episodes/a/a-002.md"
    gone.unlink()
    paths = [str(gone), str(root / "knowledge/tools.yml"), str(tmp_path), "/", str(root / "episodes/a/.a-001.md.swp")]
    assert known.edit(paths) == []
