"""Tests of long-running builds: they rebuild what has changed, and continue after errors."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from incremental.projects import PAGES, Project, new_project, tree
from mkdocs_incremental.builder import Builder
from mkdocs_incremental.signatures import TICK, take, take_tree
from mkdocs_incremental.signatures import tree as tree_of


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    return new_project(tmp_path)


@pytest.fixture
def rebuilder(project: Project) -> Iterator[Builder]:
    with closing(Builder(lambda: load_config(str(project.folder / "mkdocs.yml")), project.site, project.cache)) as made:
        made.build()
        yield made


def test_each_edit_leaves_what_a_clean_build_would(project: Project, rebuilder: Builder) -> None:
    edits = {
        "docs/guide.md": "# Guide\n\n## Part\n\nOther, see [a](notes/a.md#part).\n",
        "docs/notes/a.md": "---\ndescription: Second\n---\n# A\n\n## Else\n",
        "docs/img/i.png": "j",
        "docs/notes/b.md": "# Better\n\n[a](a.md#else)\n",
        "docs/notes/gone.md": "# Come\n",
        "docs/feed.txt": "{{ pages|length }}",
        "docs/index.md": "# Start\n",
        "theme/foot.html": "<hr>",
    }
    whole = {"theme/foot.html"}
    for path, text in edits.items():
        project.write(path, text)
        built = rebuilder.build()
        expected, warnings = project.build_clean()
        assert tree(project.site) == expected, path
        assert [message.text for message in built.messages] == warnings
        assert built.full == (path in whole), (path, built.reason)
        assert not rebuilder.build().written
    (project.folder / "docs/notes/gone.md").unlink()
    project.settings(name="Other")
    assert rebuilder.build().full
    assert tree(project.site) == project.build_clean()[0]


def test_only_what_reads_the_edit_is_rendered(project: Project, rebuilder: Builder) -> None:
    project.write("docs/guide.md", "# Guide\n\nOther.\n")
    assert rebuilder.build().written == {"guide/index.html"}


def test_an_error_is_raised_and_the_next_build_goes_on(project: Project, rebuilder: Builder) -> None:
    before = (project.site / "guide/index.html").read_bytes()
    project.write("docs/guide.md", "---\ntemplate: none.html\n---\n# Guide\n")
    with pytest.raises(Exception, match=r"none\.html"):
        rebuilder.build()
    assert (project.site / "guide/index.html").read_bytes() == before
    project.write("docs/guide.md", "# Guide again\n")
    built = rebuilder.build()
    assert not built.full
    assert tree(project.site) == project.build_clean()[0]


def test_an_edit_that_failed_is_taken_back(project: Project, rebuilder: Builder) -> None:
    project.write("docs/guide.md", "---\ntitle: Failed\ntemplate: none.html\n---\n# Guide\n")
    with pytest.raises(Exception, match=r"none\.html"):
        rebuilder.build()
    project.write("docs/guide.md", PAGES["guide.md"])
    project.write("docs/list.md", "# Shows the navigation\n")
    rebuilder.build()
    assert tree(project.site) == project.build_clean()[0]


def test_what_is_known_at_the_end_serves_the_next_process(project: Project, rebuilder: Builder) -> None:
    project.write("docs/guide.md", "# Guide\n\nOther.\n")
    rebuilder.build()
    rebuilder.close()
    project.write("docs/guide.md", "# Guide\n\nThird.\n")
    built = project.build()
    assert built.written == {"guide/index.html"}, built.reason
    assert tree(project.site) == project.build_clean()[0]


def test_pages_that_the_caller_names_are_made_at_once(project: Project, rebuilder: Builder) -> None:
    project.write("docs/guide.md", "# Guide\n\nOther.\n")
    built = rebuilder.update(["guide.md"])
    assert built is not None
    assert built.written == {"guide/index.html"}
    assert not rebuilder.build().written
    assert tree(project.site) == project.build_clean()[0]
    # other files are not checked until the next build
    project.write("docs/guide.md", "# Guide\n\nThird.\n")
    project.write("docs/notes/a.md", "# A\n\nOther.\n")
    built = rebuilder.update(["guide.md"])
    assert built is not None
    assert built.written == {"guide/index.html"}
    assert "notes/a/index.html" in rebuilder.build().written
    assert tree(project.site) == project.build_clean()[0]


@pytest.mark.parametrize("is_restarted", [False, True])
def test_an_edit_that_was_made_at_once_is_taken_back(project: Project, rebuilder: Builder, is_restarted: bool) -> None:
    project.write("docs/guide.md", "# Guide\n\nOther.\n")
    assert rebuilder.update(["guide.md"]) is not None
    project.write("docs/guide.md", PAGES["guide.md"])
    if is_restarted:
        rebuilder.close()
        project.build()
    else:
        rebuilder.build()
    assert tree(project.site) == project.build_clean()[0]


def test_what_it_cannot_make_at_once_is_left_alone(project: Project, rebuilder: Builder) -> None:
    before = tree(project.site)
    assert rebuilder.update(["none.md"]) is None
    (project.folder / "docs/guide.md").unlink()
    project.write("docs/new.md", "# New\n")
    assert rebuilder.update(["new.md"]) is None
    assert tree(project.site) == before
    rebuilder.build()
    assert tree(project.site) == project.build_clean()[0]


def settle() -> None:
    """Wait until the modification times of the written files are old enough to be trusted. Only then are single pages
    rebuilt on their own."""
    time.sleep(1.5 * TICK / 1_000_000_000)


def resident(project: Project, load: Callable[[], MkDocsConfig] | None = None) -> Builder:
    return Builder(load or (lambda: load_config(str(project.folder / "mkdocs.yml"))), project.site, project.cache)


def hooked(project: Project, text: str) -> None:
    project.write("theme/foot.html", "{{ config.copyright }} {{ config.extra_css }}")
    project.write("mkdocs.yml", (project.folder / "mkdocs.yml").read_text() + "hooks: [hook.py]\n")
    project.write("hook.py", "incremental_events = ('config', 'pre_build', 'files')\n" + text)


def test_warnings_that_no_page_gives_are_repeated(project: Project) -> None:
    project.settings(nav="[index.md, missing.md, {G: guide.md}]")
    text = (project.folder / "mkdocs.yml").read_text()
    project.write("mkdocs.yml", text.replace("[feed.txt]", "[feed.txt, none.txt]"))
    with closing(resident(project)) as made:
        settle()
        made.build()
        project.write("docs/guide.md", "# Guide\n\nOther.\n")
        settle()
        built = made.build()
        said = [message.text for message in built.messages]
        assert said == project.build_clean()[1]
        assert [text for text in said if "missing.md" in text or "none.txt" in text] == [said[0], said[-2]]


@pytest.mark.parametrize("event", ["pre_build", "files"])
def test_what_a_hook_adds_to_the_settings_is_added_once(project: Project, event: str) -> None:
    arguments, result = ("files, config", "files") if event == "files" else ("config", "None")
    hooked(project, f"def on_{event}({arguments}):\n    config.extra_css.append('x.css')\n    return {result}\n")
    with closing(resident(project)) as made:
        made.build()
        for text in ("# Guide\n\nOther.\n", "# Guide\n\nThird.\n"):
            project.write("docs/guide.md", text)
            assert not made.build().full
            assert tree(project.site) == project.build_clean()[0]


def test_what_a_hook_reads_is_read_again(project: Project) -> None:
    hooked(project, "def on_config(config):\n    config.copyright = open('said.txt').read()\n")
    project.write("hook.py", (project.folder / "hook.py").read_text().replace("said.txt", f"{project.folder}/said.txt"))
    project.write("said.txt", "One")
    with closing(resident(project)) as made:
        settle()
        made.build()
        project.write("said.txt", "Two")
        assert made.build().full
        assert tree(project.site) == project.build_clean()[0]


def test_a_hook_that_was_edited_is_loaded_again(project: Project) -> None:
    hooked(project, "def on_config(config):\n    config.copyright = 'One'\n")
    with closing(resident(project)) as made:
        settle()
        made.build()
        project.write("hook.py", (project.folder / "hook.py").read_text().replace("'One'", "'Second'"))
        assert made.build().full
        assert b"Second" in tree(project.site)["index.html"]


def test_signatures_of_a_folder_with_earlier_ones_are_those_without(tmp_path: Path) -> None:
    old = time.time() - 60
    for name in ("a/one", "a/b/two", "c/three", "four"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "link").symlink_to("c")
    for path in (*tmp_path.rglob("*"), tmp_path):
        os.utime(path, (old, old), follow_symlinks=False)
    time.sleep(1.5 * TICK / 1e9)
    known = take(tree_of(str(tmp_path)))
    assert take_tree(str(tmp_path), {}) == known == take_tree(str(tmp_path), known)
    (tmp_path / "a/one").write_text("two")
    (tmp_path / "a/b/new/deep").mkdir(parents=True)
    (tmp_path / "a/b/new/deep/five").write_text("five")
    (tmp_path / "four").unlink()
    (tmp_path / "four").mkdir()
    (tmp_path / "four/six").write_text("six")
    (tmp_path / "c/three").rename(tmp_path / "c/seven")
    assert take_tree(str(tmp_path), known) == take(tree_of(str(tmp_path)))
