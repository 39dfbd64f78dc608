"""What a measurement no longer needs is moved, not deleted, until all is measured."""

from benchmarks.aside import NAME, fresh, set_aside


def test_what_is_set_aside_is_kept_until_the_end(tmp_path) -> None:
    for number in (1, 2):
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "page.html").write_text(f"{number}", "utf-8")
        set_aside(tmp_path / "site", tmp_path)
        assert not (tmp_path / "site").exists()
    assert [(tmp_path / NAME / f"{number}" / "page.html").read_text("utf-8") for number in (1, 2)] == ["1", "2"]


def test_what_is_absent_stays_absent(tmp_path) -> None:
    set_aside(tmp_path / "site", tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_work_begins_empty_beside_what_an_earlier_one_left(tmp_path) -> None:
    work = fresh(tmp_path / "work")
    (work / "2000").mkdir()
    (work / "2000" / "left.txt").write_text("left", "utf-8")
    assert [path.name for path in fresh(work).iterdir()] == [NAME]
    assert (work / NAME / "1" / "left.txt").read_text("utf-8") == "left"
    assert [path.name for path in tmp_path.iterdir()] == ["work"]
