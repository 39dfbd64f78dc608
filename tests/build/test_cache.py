"""Tests of the build cache: what the next build reads, and which caches are ignored."""

import os
import sqlite3
import stat

import pytest

import mkdocs_incremental.cache
from mkdocs_incremental.signatures import take
from mkdocs_incremental.unchanged import interpreter
from mlguide_site.build import cache as cache_module
from mlguide_site.build.cache import FILE, KEY_FILE, Cache, owner_mark
from mlguide_site.build.outputs import Output, output, write_tree
from mlguide_site.cli import commands
from mlguide_site.model.digests import digest

ROWS = {"a": ("key", "1")}


def keep(folder, rows, program="p", owner="me"):
    cache = Cache(folder, program, owner)
    cache.write({"space": rows})
    cache.close()


def known(folder, *identity):
    return Cache(folder, *(identity or ("p", "me"))).read("space")


def test_the_next_build_has_what_one_wrote(tmp_path):
    assert Cache(tmp_path, "p", "me").fresh
    keep(tmp_path, ROWS)
    cache = Cache(tmp_path, "p", "me")
    assert not cache.fresh
    assert cache.read("space") == ROWS
    assert (cache.value("space", "a"), cache.value("space", "b"), cache.value("other", "a")) == ("1", "", "")


def test_a_space_holds_what_was_written_last(tmp_path):
    keep(tmp_path, {**ROWS, "b": ("key", "2"), "c": ("key", "3")})
    keep(tmp_path, {"a": ("key", "its key says that it is the same"), "b": ("other", "4")})
    assert known(tmp_path) == {**ROWS, "b": ("other", "4")}


def test_changes_are_made_all_or_none(tmp_path):
    keep(tmp_path, ROWS)
    cache = Cache(tmp_path, "p", "me")
    cache.write({"space": {"a": ("other", "2")}, "more": {"b": ("key", None)}})
    cache.close()
    assert Cache(tmp_path, "p", "me").fresh
    assert known(tmp_path) == {}


@pytest.mark.parametrize(("program", "owner"), [("q", "me"), ("p", "you")])
def test_another_version_or_user_is_ignored(tmp_path, program, owner):
    keep(tmp_path, ROWS)
    cache = Cache(tmp_path, program, owner)
    assert cache.fresh
    assert cache.read("space") == {}
    cache.write({"space": {"b": ("key", "2")}})
    cache.close()
    assert known(tmp_path, program, owner) == {"b": ("key", "2")}


@pytest.mark.parametrize("damage", [b"", b"garbage" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_gives_way_to_a_new_one(tmp_path, damage):
    (tmp_path / FILE).write_bytes(damage)
    cache = Cache(tmp_path, "p", "me", lambda line: None)
    assert cache.fresh
    cache.write({"space": ROWS})
    cache.close()
    keep(tmp_path, ROWS)
    assert known(tmp_path) == ROWS


@pytest.mark.parametrize("cut", [100, 4096, 9000])
def test_a_file_that_was_cut_is_reported_and_does_no_harm(tmp_path, cut):
    keep(tmp_path, {f"{number:05}": ("key", "x" * 50) for number in range(400)})
    data = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(data[:cut])
    lines = []
    cache = Cache(tmp_path, "p", "me", lines.append)
    cache.read("space")
    cache.write({"space": ROWS})
    cache.close()
    assert lines
    assert "00001" not in known(tmp_path)


def test_a_file_with_code_in_it_is_ignored(tmp_path):
    keep(tmp_path, ROWS)
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("create trigger t after insert on entry begin delete from entry; end")
    connection.close()
    assert Cache(tmp_path, "p", "me").fresh


def test_a_link_is_not_followed(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"kept")
    (tmp_path / FILE).symlink_to(elsewhere)
    cache = Cache(tmp_path, "p", "me", lambda line: None)
    cache.write({"space": ROWS})
    assert cache.fresh
    assert elsewhere.read_bytes() == b"kept"


def test_a_build_goes_on_while_another_writes(tmp_path, monkeypatch):
    monkeypatch.setattr(cache_module, "WAIT", 0.05)
    keep(tmp_path, ROWS)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("begin exclusive")
    lines = []
    cache = Cache(tmp_path, "p", "me", lines.append)
    assert cache.fresh
    assert cache.read("space") == {}
    cache.write({"space": {"b": ("key", "2")}})
    other.execute("commit")
    other.close()
    assert lines
    assert known(tmp_path) == ROWS


def test_without_an_owner_nothing_is_kept(tmp_path):
    cache = Cache(tmp_path, "p", "")
    cache.write({"space": ROWS})
    assert cache.fresh
    assert not list(tmp_path.iterdir())


@pytest.fixture
def mark(monkeypatch):
    """Return a user's owner mark. The user's cache folder is the given one."""

    def of(folder):
        monkeypatch.setattr(cache_module, "user_cache_path", lambda *_, **__: folder)
        return owner_mark()

    return of


def test_a_user_has_one_mark_that_nobody_else_can_know(tmp_path, mark):
    one, other = mark(tmp_path / "a"), mark(tmp_path / "b")
    assert len(one) == 32
    assert one != other
    assert mark(tmp_path / "a") == one


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")
def test_the_secret_is_the_users_own(tmp_path, mark):
    mark(tmp_path / "a")
    assert stat.S_IMODE((tmp_path / "a" / KEY_FILE).stat().st_mode) == 0o600


def test_where_no_secret_can_be_kept_there_is_no_mark(tmp_path, mark):
    (tmp_path / "file").write_bytes(b"")
    assert mark(tmp_path / "file") == ""


def test_a_damaged_secret_is_replaced(tmp_path, mark):
    (tmp_path / KEY_FILE).write_bytes(b"short")
    assert len(mark(tmp_path)) == 32


def test_a_relative_cache_folder_is_not_used(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert owner_mark()
    assert not (tmp_path / "here").exists()


def test_a_forged_record_of_the_last_site_is_not_believed(tmp_path):
    (tmp_path / "mkdocs.yml").write_text("site_name: S\n", "utf-8")
    path = tmp_path / "build/mkdocs.cache"
    facts = {
        "cache": str(path),
        "inputs_known": True,
        "interpreter": interpreter(),
        "environment": {},
        "variables": {},
        "messages": [],
    }
    facts |= {"site": str(tmp_path / "site"), "theme": {}, "programs": {}, "outputs": {}}
    forged = mkdocs_incremental.cache.Cache(path)
    for inputs in ({}, {str(tmp_path / "none"): ""}, {str(tmp_path / "mkdocs.yml"): ""}):
        forged.write(facts | {"inputs": inputs}, [])
        assert commands._unchanged_site(tmp_path, strict=False) is None
    forged.write(facts | {"inputs": take([str(tmp_path / "mkdocs.yml")])}, [])
    assert commands._unchanged_site(tmp_path, strict=False) == tmp_path / "site"
    forged.close()


def test_a_new_version_deletes_the_files_that_it_does_not_write(tmp_path):
    site, cache = tmp_path / "site", Cache(tmp_path / "build", "p", "me")
    rows = write_tree(site, {name: output(b"1") for name in ("a.html", "b.vtt")}, cache)
    cache.write({**rows, "space": ROWS})
    cache.close()
    cache = Cache(tmp_path / "build", "q", "me")
    assert cache.fresh and not cache.read("space")
    rows = write_tree(site, {"a.html": Output(digest(b"1"), lambda: b"2")}, cache)
    assert {path.name: path.read_bytes() for path in site.iterdir()} == {"a.html": b"2"}


def test_without_a_cache_all_files_of_a_generated_folder_are_deleted(tmp_path):
    """On another machine, the cache is ignored. A deleted transcript must not stay published."""
    site = tmp_path / "site"
    for owner, names in (("me", ("mark", "a.html", "b.vtt")), ("you", ("mark", "a.html"))):
        cache = Cache(tmp_path / "build", "p", owner)
        cache.write(write_tree(site, {name: output(b"1") for name in names}, cache, mark="mark"))
        cache.close()
        (site / ".gitkeep").touch()
    assert sorted(path.name for path in site.iterdir()) == [".gitkeep", "a.html", "mark"]
