"""Tests of reading a root from disk: which files are read, ignored or refused."""

import os

import pytest

from mlguide_site.content import root as root_module
from mlguide_site.content.root import MAX_ASSET, MAX_DEPTH, find_root, read_root
from mlguide_site.errors import UsageError


def problems(root):
    return [str(problem) for problem in read_root(root).problems]


@pytest.fixture
def root(tmp_path):
    (tmp_path / "episodes/show/show-001").mkdir(parents=True)
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: T\n")
    (tmp_path / "episodes/show/show-001.md").write_text("x")
    (tmp_path / "episodes/show/show-001/figure.PNG").write_bytes(b"x")
    (tmp_path / "episodes/show/.hidden").mkdir()
    (tmp_path / "episodes/show/.hidden/secret.md").write_text("x")
    (tmp_path / "knowledge/tools.yml").write_text("")
    return tmp_path


def test_notes_knowledge_and_assets_are_read(root):
    files = read_root(root)
    assert sorted(files.texts) == ["episodes/show/show-001.md", "knowledge/tools.yml"]
    assert files.assets == {"episodes/show/show-001/figure.PNG"}
    assert files.problems == ()


@pytest.mark.parametrize("folder", ["episodes/show", "pages", "pages/blog"])
@pytest.mark.parametrize("name", ["evil.js", "page.html", "drawing.svg", "noending"])
def test_what_a_browser_would_run_is_refused(root, folder, name):
    (root / folder).mkdir(parents=True, exist_ok=True)
    (root / folder / name).write_text("x")
    remedy = "save it as a .png file" if name.endswith(".svg") else "remove it"
    assert problems(root)[0].startswith(f"{folder}/{name}:1:1: this kind of file is not published; {remedy}")


def test_pages_and_files_beside_them_are_read(root):
    (root / "pages/blog").mkdir(parents=True)
    for name in ("about.md", "blog/first.md", "blog/figure.png", "README.md", "blog/.draft.md"):
        (root / "pages" / name).write_text("x")
    files = read_root(root)
    assert {path for path in files.texts if path.startswith("pages/")} == {"pages/about.md", "pages/blog/first.md"}
    assert {path for path in files.assets if path.startswith("pages/")} == {"pages/blog/figure.png"}
    assert files.problems == ()


@pytest.mark.parametrize(
    "link", ["episodes/show/show-002.md", "episodes/other", "episodes", "knowledge", "pages", "pages/x.md", "pages/x"]
)
def test_links_are_not_followed(root, tmp_path_factory, link):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "show-009.md").write_text("secret")
    path = root / link
    path.parent.mkdir(exist_ok=True)
    if path.is_dir():
        path.rename(root / "away")
    path.symlink_to(outside if path.suffix == "" else outside / "show-009.md")
    assert f"{link}:1:1: this is a symbolic link" in "\n".join(problems(root))
    assert b"secret" not in read_root(root).texts.values()


def test_pipes_are_refused(root):
    os.mkfifo(root / "episodes/show/show-003.md")
    assert problems(root) == [
        "episodes/show/show-003.md:1:1: this is not a regular file; replace it with a regular file, or remove it"
    ]


def test_names_alike_to_some_systems_are_refused(root):
    (root / "episodes/show/SHOW-001.md").write_text("x")
    assert "on some file systems, " in problems(root)[0]


def test_other_ends_of_knowledge_files_are_reported(root):
    (root / "knowledge/topics.yaml").write_text("x")
    [problem] = read_root(root).problems
    assert str(problem).startswith("knowledge/topics.yaml:1:1: knowledge file names must end in .yml; rename the file")


def test_a_folder_without_settings_is_no_root(tmp_path):
    with pytest.raises(UsageError, match="mlguide init"):
        find_root(tmp_path)


def test_texts_are_limited_one_by_one_and_together(tmp_path, monkeypatch):
    monkeypatch.setattr(root_module, "MAX_FILE", 20)
    monkeypatch.setattr(root_module, "MAX_TEXTS", 50)
    folder = tmp_path / "episodes" / "a"
    folder.mkdir(parents=True)
    for name, size in (("a-1", 20), ("a-2", 21), ("a-3", 9), ("a-4", 1), ("a-5", 1)):
        (folder / f"{name}.md").write_bytes(b"x" * size)
    found = read_root(tmp_path)
    assert [path.removeprefix("episodes/a/") for path in found.texts] == ["a-1.md", "a-3.md"]
    assert [str(problem) for problem in found.problems] == [
        "episodes/a/a-2.md:1:1: larger than 0 MiB; remove or split the file",
        "episodes/a/a-4.md:1:1: notes and knowledge files in total are larger than 0 MiB; split the knowledge base",
    ]


def test_the_size_of_assets_is_limited(tmp_path):
    (tmp_path / "episodes/a").mkdir(parents=True)
    for name, size in (("talk.mp3", MAX_ASSET), ("film.mp4", MAX_ASSET + 1)):
        with (tmp_path / "episodes/a" / name).open("wb") as file:
            file.truncate(size)
    found = read_root(tmp_path)
    assert found.assets == {"episodes/a/talk.mp3"}
    assert [str(problem) for problem in found.problems] == [
        "episodes/a/film.mp4:1:1: larger than 512 MiB; publish it on another host, and link to it"
    ]


def test_folders_may_nest_so_deep(tmp_path):
    deep = tmp_path / "episodes"
    for _ in range(MAX_DEPTH):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "a.md").write_bytes(b"x")
    assert len(read_root(tmp_path).texts) == 1
    for _ in range(300):
        deep = deep / "d"
    deep.mkdir(parents=True)
    [problem] = read_root(tmp_path).problems
    assert problem.message == "more than 16 folders deep"


def test_the_number_of_files_is_limited(tmp_path, monkeypatch):
    monkeypatch.setattr(root_module, "MAX_FILES", 2)
    (tmp_path / "episodes").mkdir()
    for number in range(3):
        assert read_root(tmp_path).problems == ()
        (tmp_path / "episodes" / f"{number}.png").write_bytes(b"x")
    assert [problem.message for problem in read_root(tmp_path).problems] == ["more than 2 files"]


@pytest.mark.parametrize("path", ["episodes/show/x.md", "knowledge/x.yml"])
def test_a_folder_named_like_a_file_is_reported(root, path):
    (root / path).mkdir()
    assert f"{path}:1:1: this is a folder; rename or remove it" in problems(root)


def test_transcripts_and_chapters_have_a_total_limit(root, monkeypatch):
    monkeypatch.setattr(root_module, "MAX_TIMED", 2 * 1024 * 1024)
    for name in ("show-001.vtt", "show-002.chapters.json", "show-003.srt", "show-004.vtt"):
        (root / "episodes/show" / name).write_bytes(b"x" * 1024 * 1024)
    message = "transcripts and chapters in total are larger than 2 MiB; shorten them, or split the knowledge base"
    assert problems(root) == [f"episodes/show/show-003.srt:1:1: {message}"]
    assert {path[-6:] for path in read_root(root).assets} == {"re.PNG", "01.vtt", "s.json"}
