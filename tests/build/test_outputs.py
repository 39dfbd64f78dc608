"""Tests of trees of generated files."""

import os
import signal

import pytest

from conftest import tree
from mkdocs_incremental import workers
from mlguide_site.build import outputs
from mlguide_site.build.cache import FILE, Cache
from mlguide_site.build.outputs import Output, output
from mlguide_site.errors import ResourceError


def write_outputs(folder, files):
    """Write a tree and record it in the cache. Returns the cached rows."""
    cache = Cache(folder.parent, "p", "me")
    cache.write(outputs.write_tree(folder, files, cache))
    rows = cache.read(f"files {folder.name}")
    cache.close()
    return rows


def stamps(folder):
    return {path.relative_to(folder).as_posix(): path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


def write_tree(folder, files):
    """Write a tree, and return the paths that were written or deleted."""
    before = stamps(folder)
    files = {path: data if isinstance(data, Output) else output(data) for path, data in files.items()}
    write_outputs(folder, files)
    after = stamps(folder)
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def test_only_what_changed_is_written(tmp_path):
    folder = tmp_path / "pages"
    assert write_tree(folder, {"a.md": b"1", "b/c.md": b"2"}) == ["a.md", "b/c.md"]
    os.utime(folder / "a.md", (1, 1))
    assert write_tree(folder, {"a.md": b"1", "b/c.md": b"3"}) == ["b/c.md"]
    assert (folder / "a.md").stat().st_mtime == 1
    assert tree(folder) == {"a.md": b"1", "b/c.md": b"3"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_a_process_that_is_killed_while_it_writes_leaves_no_temporary_file(tmp_path, monkeypatch):
    parent, replace = os.getpid(), os.replace

    def replace_or_die(source, target):
        if os.getpid() != parent and "7" in os.path.basename(target):
            os.kill(os.getpid(), signal.SIGKILL)
        replace(source, target)

    monkeypatch.setattr(workers, "can_fork", lambda: True)
    monkeypatch.setattr(os, "replace", replace_or_die)
    files = {f"{number % 3}/{number}.md": output(b"%d" % number) for number in range(4 * workers.FEW)}
    outputs.write_among(tmp_path, files, {}, jobs=2)
    assert tree(tmp_path) == {path: file.make() for path, file in files.items()}


def test_only_own_files_are_deleted(tmp_path):
    folder = tmp_path / "pages"
    write_tree(folder, {"a.md": b"1", "b/c/d.md": b"2"})
    (folder / "mine.md").write_bytes(b"mine")
    assert write_tree(folder, {"a.md": b"1"}) == ["b/c/d.md"]
    assert tree(folder) == {"a.md": b"1", "mine.md": b"mine"}
    assert not (folder / "b").exists()


def test_a_folder_of_which_nothing_is_known_keeps_no_page(tmp_path):
    folder = tmp_path / "pages"
    write_tree(folder, {"a.md": b"1", "b.md": b"2"})
    (tmp_path / FILE).unlink()
    (folder / ".gitkeep").write_bytes(b"")
    write_tree(folder, {"b.md": b"2"})
    assert tree(folder) == {"b.md": b"2", ".gitkeep": b""}


def test_what_a_stopped_build_wrote_is_known_to_the_next(tmp_path):
    def stop():
        raise KeyboardInterrupt

    folder = tmp_path / "pages"
    write_tree(folder, {"a.md": b"1"})
    with pytest.raises(KeyboardInterrupt):
        write_tree(folder, {"a.md": b"1", "b.md": b"2", "c.md": Output("c", stop)})
    assert (folder / "b.md").exists()
    assert write_tree(folder, {"a.md": b"1"}) == ["b.md"]


def test_builds_that_are_stopped_at_once_leave_no_page_that_counts_as_written(tmp_path):
    folder = tmp_path / "pages"
    for _ in range(3):
        cache = Cache(tmp_path, "p", "me")
        assert outputs.clear_unknown(folder, cache, "mark")
        assert tree(folder) == {"mark": b""}
        outputs.put_first(folder, "a.md", b"1")
        cache.close()


@pytest.mark.parametrize("link", ["pages", "pages/tools"])
def test_links_are_not_followed(tmp_path, link):
    precious = tmp_path / "precious"
    precious.mkdir()
    (tmp_path / link).parent.mkdir(exist_ok=True)
    (tmp_path / link).symlink_to(precious)
    with pytest.raises(ResourceError, match="symbolic link"):
        write_tree(tmp_path / "pages", {"tools/a.md": b"1"})
    assert not list(precious.iterdir())


def test_a_disk_that_refuses_is_reported(tmp_path):
    (tmp_path / "pages").write_bytes(b"in the way")
    with pytest.raises(ResourceError, match="pages"):
        write_tree(tmp_path / "pages", {"a.md": b"1"})


def test_what_stands_as_it_was_left_is_neither_made_nor_read(tmp_path):
    made = []

    def data():
        made.append(1)
        return b"1"

    folder, files = tmp_path / "pages", {"a.md": Output("first", data)}
    left = write_outputs(folder, files)
    assert write_outputs(folder, files) == left
    assert len(made) == 1
    write_outputs(folder, {"a.md": Output("second", data)})
    assert len(made) == 2


@pytest.mark.parametrize("touch", [lambda path: path.write_bytes(b"2"), lambda path: path.unlink()])
def test_what_somebody_changed_is_made_again(tmp_path, touch):
    folder, files = tmp_path / "pages", {"a.md": output(b"1")}
    write_outputs(folder, files)
    assert not write_tree(folder, files)
    touch(folder / "a.md")
    assert write_tree(folder, files) == ["a.md"]
    assert tree(folder) == {"a.md": b"1"}


def test_a_file_takes_the_place_of_a_folder_and_gives_it_back(tmp_path):
    folder = tmp_path / "pages"
    for files in ({"a.png": b"1", "b": b"1"}, {"a.png/c.png": b"2", "b": b"1"}, {"a.png": b"3"}):
        write_outputs(folder, {path: output(data) for path, data in files.items()})
        assert tree(folder) == files
    # the state after a build that was stopped between the two files
    cache = Cache(tmp_path, "p", "me")
    cache.write({"files pages": {"a.png": ("", ""), "a.png/c.png": ("", "")}})
    cache.close()
    for files in ({"a.png": b"3"}, {"a.png/c.png": b"4"}):
        write_outputs(folder, {path: output(data) for path, data in files.items()})
        assert tree(folder) == files
