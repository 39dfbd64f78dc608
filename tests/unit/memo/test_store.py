"""The file of remembered results: what is kept, and what is left aside."""

import sqlite3

import pytest

from mlguide_site.build.memo import store as store_module
from mlguide_site.build.memo.store import FILE, Store

PUT = "insert or replace into value values (?, ?)"
GET = "select name, value from value order by name"


def keep(folder, *rows, program="p", owner="me"):
    store = Store(folder, program, owner)
    store.write([(PUT, rows)])
    store.close()


def test_the_next_build_has_what_one_wrote(tmp_path):
    assert Store(tmp_path, "p", "me").fresh
    keep(tmp_path, ("a", "1"))
    store = Store(tmp_path, "p", "me")
    assert not store.fresh
    assert store.rows(GET) == [("a", "1")]


def test_changes_are_made_all_or_none(tmp_path):
    keep(tmp_path, ("a", "1"))
    store = Store(tmp_path, "p", "me")
    store.write([(PUT, [("a", "2")]), ("insert into value values (?, ?)", [("b", None)])])
    store.close()
    store = Store(tmp_path, "p", "me")
    assert store.fresh
    assert not store.rows(GET)


@pytest.mark.parametrize(("program", "owner", "told"), [("q", "me", False), ("p", "you", True)])
def test_another_version_or_user_is_left_aside(tmp_path, program, owner, told):
    keep(tmp_path, ("a", "1"))
    said = []
    store = Store(tmp_path, program, owner, said.append)
    assert store.fresh
    assert not store.rows(GET)
    assert bool(said) is told
    store.write([(PUT, [("b", "2")])])
    store.close()
    assert Store(tmp_path, program, owner).rows(GET) == [("b", "2")]


@pytest.mark.parametrize("damage", [b"", b"garbage" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_makes_room_for_a_new_one(tmp_path, damage):
    (tmp_path / FILE).write_bytes(damage)
    store = Store(tmp_path, "p", "me", lambda line: None)
    assert store.fresh
    store.write([(PUT, [("a", "1")])])
    store.close()
    assert Store(tmp_path, "p", "me").rows(GET) == [("a", "1")]


@pytest.mark.parametrize("cut", [100, 4096, 9000])
def test_a_file_that_was_cut_is_told_of_and_does_no_harm(tmp_path, cut):
    keep(tmp_path, *((f"{number:05}", "x" * 50) for number in range(400)))
    data = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(data[:cut])
    said = []
    store = Store(tmp_path, "p", "me", said.append)
    store.rows(GET)
    store.write([(PUT, [("a", "1")])])
    store.close()
    assert said
    assert not Store(tmp_path, "p", "me").rows("select 1 from value where name = '00001'")


def test_a_file_with_code_in_it_is_left_aside(tmp_path):
    keep(tmp_path, ("a", "1"))
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("create trigger t after insert on value begin delete from value; end")
    connection.close()
    said = []
    store = Store(tmp_path, "p", "me", said.append)
    assert store.fresh
    assert said


def test_a_link_is_not_followed(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"kept")
    (tmp_path / FILE).symlink_to(elsewhere)
    store = Store(tmp_path, "p", "me", lambda line: None)
    store.write([(PUT, [("a", "1")])])
    assert store.fresh
    assert elsewhere.read_bytes() == b"kept"


def test_a_build_goes_on_while_another_writes(tmp_path, monkeypatch):
    monkeypatch.setattr(store_module, "WAIT", 0.05)
    keep(tmp_path, ("a", "1"))
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("begin exclusive")
    said = []
    store = Store(tmp_path, "p", "me", said.append)
    assert store.fresh
    assert not store.rows(GET)
    store.write([(PUT, [("b", "2")])])
    other.execute("commit")
    other.close()
    assert said
    assert Store(tmp_path, "p", "me").rows(GET) == [("a", "1")]


def test_without_an_owner_or_a_folder_nothing_is_kept(tmp_path):
    for store in (Store(tmp_path, "p", ""), Store(None, "p", "me")):
        store.write([(PUT, [("a", "1")])])
        assert store.fresh
    assert not list(tmp_path.iterdir())
