"""Nothing outside the root is read, written or published, whatever the names are. Rows 13, 14, 17."""

import os
import shutil
import unicodedata
from pathlib import Path

import pytest

from faults.scenes import edited, run
from mlguide_site.content.files import read_bytes
from mlguide_site.errors import ResourceError
from threats.desk import NOTE, Desk
from threats.test_sources import feed

EVIL = ("../../x", "/etc/x", "..\\..\\x", "//host/x", "%2e%2e%2fx", "-rf", "a/../../x", "x\ny", "~/x", "C:x", ".", "..")


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def everything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize("name", EVIL)
def test_13_no_name_of_a_feed_leads_out_of_the_folder_of_its_series(desk: Desk, name: str) -> None:
    text = feed((name, name, "Text")).replace("<guid>", f'<enclosure url="{name}" type="audio/mpeg"/><guid>')
    source = desk.source(text.replace("<title>Show", f"<title>{name}"))
    before = everything(desk.folder) - everything(desk.root)
    desk.run("import", source)
    assert everything(desk.folder) - everything(desk.root) - {"kb"} == before - {"kb"} | {
        f"kb/{path}" for path in everything(desk.root)
    } | ({"source.xml"} & before)
    for path in desk.root.rglob("*.md"):
        parts = path.relative_to(desk.root).parts
        assert len(parts) == 3 and parts[0] == "episodes"
        assert all(set(part) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.") and part[0] not in "-." for part in parts)


@pytest.mark.parametrize("name", [*EVIL, "a\x00b", "CON", "x" * 65])
def test_13_no_id_does_either(desk: Desk, name: str) -> None:
    desk.put("episodes/show/show-001.md", NOTE)
    before = everything(desk.folder)
    assert desk.run("rename", "show-001", "--", name).status == 2
    assert desk.run("import", desk.source("x", "a.txt"), "--series", name).status == 2
    assert everything(desk.folder) - before <= {"a.txt", "kb/.mlguide", "kb/.mlguide/lock"}
    desk.put("episodes/show/show-002.md", f"---\nid: {name!a}\ntitle: Two\n---\n")
    assert desk.run("check").status == 1


@pytest.mark.parametrize("name", ["con", "aux", "nul", "com1", "lpt9"])
def test_14_names_that_windows_reserves_are_refused(desk: Desk, name: str) -> None:
    desk.put("knowledge/tools.yml", f"{name}: {{name: Tool, category: A}}\n")
    result = desk.run("check")
    assert result.status == 1 and f'knowledge/tools.yml:1:1: "{name}" cannot be a slug' in result.errors


@pytest.mark.parametrize(
    ("one", "two"),
    [("show-001.md", "Show-001.md"), (unicodedata.normalize("NFC", "é.png"), unicodedata.normalize("NFD", "é.png"))],
    ids=["case", "form"],
)
def test_14_two_files_that_some_systems_take_for_one_are_told(desk: Desk, one: str, two: str) -> None:
    desk.put(f"episodes/show/{one}", NOTE)
    desk.put(f"episodes/show/{two}", NOTE)
    if len(list((desk.root / "episodes/show").iterdir())) < 2:
        pytest.skip("this file system takes them for one")
    result = desk.run("check")
    assert result.status == 1 and "on some file systems, " in result.errors


@pytest.mark.parametrize("place", ["episodes/show/show-001.md", "episodes/show/show-001.vtt", "episodes/show/pic.png"])
def test_17_a_link_to_a_file_elsewhere_is_never_followed(desk: Desk, place: str) -> None:
    secret = desk.source(NOTE.replace("Text", "A secret"), "secret")
    (desk.root / place).parent.mkdir(parents=True, exist_ok=True)
    (desk.root / place).symlink_to(secret)
    result = desk.run("check")
    assert result.status == 1 and f"{place}:1:1: this is a symbolic link" in result.errors
    assert desk.run("build").status == 1
    assert not any(b"A secret" in path.read_bytes() for path in (desk.root / "build").rglob("*") if path.is_file())


def test_17_a_folder_that_is_a_link_is_not_walked(desk: Desk) -> None:
    elsewhere = desk.folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "show-001.md").write_text(NOTE)
    (desk.root / "episodes").mkdir()
    (desk.root / "episodes/show").symlink_to(elsewhere)
    result = desk.run("check")
    assert result.status == 1 and "episodes/show:1:1: this is a symbolic link" in result.errors
    (desk.root / "knowledge/tools.yml").symlink_to(desk.source("t: {name: T, category: A}\n", "tools.yml"))
    assert "knowledge/tools.yml:1:1: this is a symbolic link" in desk.run("check").errors


OWN = (
    ".mlguide .mlguide/lock .mlguide/renaming.json .mlguide/imported .mlguide/imported/* .mlguide/pending"
    " build/cache.sqlite build/mkdocs.cache build/mkdocs.cache.lock build/mkdocs.cache.tmp build/mkdocs.cache.new"
    " build/mkdocs.cache.pages build/pages build/pages/index.md build/theme build/theme/main.html build/search build"
    " site site/index.html"
).split()
COMMANDS = (
    ("build",),
    ("import", "later.xml", "nobody-knows.vtt"),
    ("new", "tool", "Crane"),
    ("rename", "tool:caisson", "digging-box"),
    ("check", "--fix"),
    ("suggest", "--write"),
    ("build",),
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    edited(folder)
    assert run("-C", folder / "kb", "build") == 0
    return folder


@pytest.mark.parametrize("path", OWN)
def test_17_no_command_writes_through_a_link_at_a_path_of_its_own(built: Path, tmp_path: Path, path: str) -> None:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    place = next((tmp_path / "kb").glob(path), tmp_path / "kb" / path)
    elsewhere = tmp_path / "elsewhere"
    if place.is_dir():
        shutil.copytree(place, elsewhere)
        shutil.rmtree(place)
    else:
        # with the original bytes, or other bytes if the file would be empty
        elsewhere.write_bytes((place.read_bytes() if place.exists() else b"") or b"mine")
        place.unlink(missing_ok=True)
    before = {one: one.is_dir() or one.read_bytes() for one in (elsewhere, *elsewhere.rglob("*"))}
    place.symlink_to(elsewhere)
    note = tmp_path / "kb/episodes/bridges-and-tunnels/bridges-and-tunnels-009.md"
    note.write_bytes(note.read_bytes() + b"\nMore of it.\n")
    for name, *rest in COMMANDS:
        run("-C", tmp_path / "kb", name, *(tmp_path / one if "." in one else one for one in rest))
        after = {one: one.is_dir() or one.read_bytes() for one in (elsewhere, *elsewhere.rglob("*"))}
        assert after == before, name


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_17_a_pipe_or_an_odd_name_is_an_error_and_nothing_waits(desk: Desk) -> None:
    (desk.root / "episodes/show").mkdir(parents=True)
    os.mkfifo(desk.root / "episodes/show/show-001.md")
    desk.put("episodes/show/a\nb.md", NOTE)
    result = desk.run("check")
    assert result.status == 1 and "show-001.md:1:1: this is not a regular file" in result.errors
    assert "a\\nb.md:1:1: the name contains characters" in result.errors
    os.mkfifo(desk.folder / "pipe.xml")
    assert desk.run("import", desk.folder / "pipe.xml").status == 3


@pytest.mark.skipif(os.name == "nt", reason="a device has a path of its own")
def test_17_a_device_is_never_read() -> None:
    with pytest.raises(ResourceError, match="not a regular file"):
        read_bytes(Path(os.devnull))
