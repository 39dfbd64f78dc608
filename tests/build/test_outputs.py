"""Trees of generated files."""

import json
import os

import pytest

from mlguide_site.build import outputs
from mlguide_site.build.outputs import Output, output, signature
from mlguide_site.errors import ResourceError


def write_outputs(folder, files, manifest, known=None):
    return outputs.write_tree(folder, files, manifest, known or {})


def stamps(folder):
    return {path.relative_to(folder).as_posix(): path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


def write_tree(folder, files, manifest, known=None):
    """The paths that were written or deleted."""
    before = stamps(folder)
    files = {path: data if isinstance(data, Output) else output(data) for path, data in files.items()}
    write_outputs(folder, files, manifest, known)
    after = stamps(folder)
    return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def tree(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_only_what_changed_is_written(tmp_path):
    folder, manifest = tmp_path / "pages", tmp_path / "pages.json"
    assert write_tree(folder, {"a.md": b"1", "b/c.md": b"2"}, manifest) == ["a.md", "b/c.md"]
    os.utime(folder / "a.md", (1, 1))
    assert write_tree(folder, {"a.md": b"1", "b/c.md": b"3"}, manifest) == ["b/c.md"]
    assert (folder / "a.md").stat().st_mtime == 1
    assert tree(folder) == {"a.md": b"1", "b/c.md": b"3"}


def test_only_own_files_are_deleted(tmp_path):
    folder, manifest = tmp_path / "pages", tmp_path / "pages.json"
    write_tree(folder, {"a.md": b"1", "b/c/d.md": b"2"}, manifest)
    (folder / "mine.md").write_bytes(b"mine")
    assert write_tree(folder, {"a.md": b"1"}, manifest) == ["b/c/d.md"]
    assert tree(folder) == {"a.md": b"1", "mine.md": b"mine"}
    assert not (folder / "b").exists()


@pytest.mark.parametrize("text", ["", "{}", "[1, 2]", '["../outside.md", "/etc/x"]', "[" * 100_000])
def test_a_damaged_manifest_deletes_nothing(tmp_path, text):
    folder, manifest = tmp_path / "pages", tmp_path / "pages.json"
    (tmp_path / "outside.md").write_bytes(b"kept")
    write_tree(folder, {"a.md": b"1"}, manifest)
    manifest.write_text(text)
    write_tree(folder, {"b.md": b"2"}, manifest)
    assert (tmp_path / "outside.md").read_bytes() == b"kept"


@pytest.mark.parametrize("link", ["pages", "pages/tools"])
def test_links_are_not_followed(tmp_path, link):
    precious = tmp_path / "precious"
    precious.mkdir()
    (tmp_path / link).parent.mkdir(exist_ok=True)
    (tmp_path / link).symlink_to(precious)
    with pytest.raises(ResourceError, match="symbolic link"):
        write_tree(tmp_path / "pages", {"tools/a.md": b"1"}, tmp_path / "pages.json")
    assert not list(precious.iterdir())


def test_a_disk_that_refuses_is_reported(tmp_path):
    (tmp_path / "pages").write_bytes(b"in the way")
    with pytest.raises(ResourceError, match="pages"):
        write_tree(tmp_path / "pages", {"a.md": b"1"}, tmp_path / "pages.json")


def test_what_stands_as_it_was_left_is_neither_made_nor_read(tmp_path):
    made = []

    def data():
        made.append(1)
        return b"1"

    folder, manifest, files = tmp_path / "pages", tmp_path / "pages.json", {"a.md": Output("first", data)}
    left = write_outputs(folder, files, manifest)
    assert write_outputs(folder, files, manifest, left) == left
    assert len(made) == 1
    write_outputs(folder, {"a.md": Output("second", data)}, manifest, left)
    assert len(made) == 2


@pytest.mark.parametrize("touch", [lambda path: path.write_bytes(b"2"), lambda path: path.unlink()])
def test_what_somebody_changed_is_made_again(tmp_path, touch):
    folder, manifest, files = tmp_path / "pages", tmp_path / "pages.json", {"a.md": output(b"1")}
    left = write_outputs(folder, files, manifest)
    os.utime(folder / "a.md", (1, 1))
    digest = left["a.md"][1]
    left = {"a.md": (f"{signature(folder / 'a.md')} {digest}", digest)}
    assert not write_tree(folder, files, manifest, left)
    touch(folder / "a.md")
    assert write_tree(folder, files, manifest, left) == ["a.md"]
    assert tree(folder) == {"a.md": b"1"}


def test_a_file_takes_the_place_of_a_folder_and_gives_it_back(tmp_path):
    folder, manifest = tmp_path / "pages", tmp_path / "pages.json"
    for files in ({"a.png": b"1", "b": b"1"}, {"a.png/c.png": b"2", "b": b"1"}, {"a.png": b"3"}):
        known = write_outputs(folder, {path: output(data) for path, data in files.items()}, manifest)
        assert tree(folder) == files
    # as a build left it that was stopped between the two
    manifest.write_text('["a.png", "a.png/c.png"]')
    for files in ({"a.png": b"3"}, {"a.png/c.png": b"4"}):
        known = write_outputs(folder, {path: output(data) for path, data in files.items()}, manifest, known)
        assert tree(folder) == files


def test_what_is_known_is_deleted_without_a_list_of_it(tmp_path):
    folder, manifest, files = tmp_path / "pages", tmp_path / "pages.json", {"a.md": output(b"1"), "b.md": output(b"2")}
    known = write_outputs(folder, files, manifest)
    (folder / "own.md").write_bytes(b"3")
    manifest.write_text("no list")
    assert write_tree(folder, {"a.md": files["a.md"]}, manifest, known) == ["b.md"]
    assert tree(folder) == {"a.md": b"1", "own.md": b"3"}
    assert json.loads(manifest.read_text()) == ["a.md"]
