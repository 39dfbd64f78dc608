"""Tests of the pipeline from a root's files to the folder of pages, especially with unusual roots."""

import errno
from pathlib import Path

import pytest

from conftest import write_files
from labels import Settings
from memory import traced
from mlguide_site.build import finish, outputs
from mlguide_site.build.pages import PageMaker
from mlguide_site.checks.catalog import check_pages
from mlguide_site.content.assets import ASSET_SUFFIXES
from mlguide_site.content.load import load
from mlguide_site.errors import ContentError, ResourceError, Severity
from mlguide_site.pages import books
from mlguide_site.pipeline import build, examine
from mlguide_site.publish.machine_files import site_files


def write(root: Path, texts: dict[str, str]) -> None:
    write_files(root, texts)


def pages(root: Path) -> set[str]:
    return {path.relative_to(root / "build/pages").as_posix() for path in (root / "build/pages").rglob("*.md")}


NOTE = "---\nid: {id}\ntitle: T\n---\n\nText.\n"


def test_transcripts_that_are_too_large_are_not_kept_in_memory(tmp_path: Path) -> None:
    write(tmp_path, {"knowledge/series.yml": "a: {title: A}", "episodes/a/a-001.md": NOTE.format(id="a-001")})
    for at in range(1, 4):
        with (tmp_path / f"episodes/a/a-{at:03}.vtt").open("wb") as file:
            file.truncate(30 * 2**20)
    examined, peak = traced(lambda: examine(tmp_path))
    assert peak < 60 * 2**20
    assert ["more than 16 MiB" in problem.message for problem in examined.problems] == [True]


def test_a_title_names_entries_in_incremental_builds_too(tmp_path: Path) -> None:
    note, tools = NOTE.format(id="a-001"), "docker: {name: Docker}\n"
    files = {"knowledge/series.yml": "a: {title: A}", "knowledge/tools.yml": tools, "episodes/a/a-001.md": note}
    edits = (
        {"episodes/a/a-001.md": note.replace("title: T", "title: Docker and Podman")},
        {"knowledge/tools.yml": f"{tools}podman: {{name: Podman}}\n"},
        {"episodes/a/a-001.md": note.replace("Text.", "## Docker\n\n- [Podman](https://p.example)")},
        {"episodes/a/a-001.md": note},
    )
    listed = []
    for number, edit in enumerate([{}, *edits]):
        files |= edit
        for folder in ("root", f"clean-{number}"):
            write(tmp_path / folder, files)
            build(tmp_path / folder, Settings("Small"))
        built = [
            {path: (tmp_path / folder / "build/pages" / path).read_text("utf-8") for path in pages(tmp_path / folder)}
            for folder in ("root", f"clean-{number}")
        ]
        assert built[0] == built[1]
        listed.append(
            [f"tools/{name}.md" for name in ("docker", "podman") if "a/a-001" in built[0].get(f"tools/{name}.md", "")]
        )
    both = ["tools/docker.md", "tools/podman.md"]
    assert listed == [[], both[:1], both, both, []]


def test_a_topic_links_to_its_book_in_incremental_builds_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "MOST_TEXT", 100)
    files = {"knowledge/series.yml": "a: {title: A}", "knowledge/topics.yml": "wool: {name: Wool}"}
    notes = {f"episodes/a/a-{at:03}.md": NOTE.format(id=f"a-{at:03}\ntopics: [wool]\nsummary: S") for at in range(1, 4)}
    links = []
    for more in ("", "Long. " * 20, ""):
        write(tmp_path, {**files, **notes, "episodes/a/a-001.md": f"{notes['episodes/a/a-001.md']}\n{more}\n"})
        build(tmp_path, Settings("Small"))
        links.append("topics/wool.epub" in (tmp_path / "build/pages/topics/wool.md").read_text("utf-8"))
    assert links == [True, False, True]


def test_only_what_checks_need_of_notes_stays_in_memory(tmp_path: Path) -> None:
    note = NOTE.format(id="a-001").replace("title: T", "title: T\nsummary: S")
    write(tmp_path, {"knowledge/series.yml": "a: {title: A}", "episodes/a/a-001.md": note})
    document = examine(tmp_path).linked.episodes["a-001"].document
    assert (document.tokens, document.blocks, document.segments) == ((), (), ())
    episode = examine(tmp_path, texts=True).linked.episodes["a-001"]
    assert not episode.document.tokens and [segment.text for segment in episode.document.segments] == ["Text."]
    # positions of front matter fields are found without keeping a syntax tree in memory
    assert episode.file.spans._node is None
    assert episode.file.span("summary")[:2] == (4, 10)


def test_a_transcript_and_chapters_are_published_only_with_their_note_or_a_link(tmp_path: Path) -> None:
    chapters = '{"chapters": [ {"startTime": 1, "title": "One", "url": "javascript:x"} ], "more": "<script>"}'
    spoken = "WEBVTT\n\n00:01.000 --> 00:02.000\nA.\n"
    files = {"a-001.chapters.json": chapters, "a-001.vtt": spoken, "a-003.vtt": spoken}
    notes = {"a-001.md": NOTE.format(id="a-001"), "a-002.md": NOTE.format(id="a-002") + "[Talk](a-003.vtt)"}
    write(tmp_path, {"knowledge/series.yml": "a: {title: A}"})
    write(tmp_path / "episodes/a", {**files, "a-002.md": notes["a-002.md"]})
    for has_note in (False, True, False):
        write(tmp_path / "episodes/a", {"a-001.md": notes["a-001.md"]} if has_note else {})
        build(tmp_path, Settings("Small"))
        folder = tmp_path / "build/pages/episodes/a"
        assert {name for name in files if (folder / name).exists()} == (files.keys() if has_note else {"a-003.vtt"})
        if has_note:
            published = (folder / "a-001.chapters.json").read_text("utf-8")
            assert "One" in published and "script" not in published
            (tmp_path / "episodes/a/a-001.md").unlink()


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"knowledge/series.yml": ""},
        {"knowledge/series.yml": "a: {title: A}"},
        {"knowledge/series.yml": "a: {title: A}\nb: {title: B}", "episodes/a/a-001.md": NOTE.format(id="a-001")},
        {"knowledge/series.yml": "a: {title: A}", "episodes/a/a-trailer.md": NOTE.format(id="a-trailer")},
        {"knowledge/topics.yml": "t: {name: T, order: []}", "knowledge/people.yml": "p: {name: P Q}"},
    ],
)
def test_roots_with_little_in_them_have_all_their_indexes(tmp_path, texts):
    write(tmp_path, texts)
    build(tmp_path, Settings("Small"))
    kinds = ("episodes", "topics", "tools", "resources", "glossary", "people")
    assert {"index.md", *(f"{kind}/index.md" for kind in kinds)} <= pages(tmp_path)


def test_an_error_in_content_leaves_the_pages_as_they_were(tmp_path):
    write(tmp_path, {"knowledge/series.yml": "a: {title: A}", "episodes/a/a-001.md": NOTE.format(id="a-001")})
    build(tmp_path, Settings("Small"))
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "build/pages").rglob("*")}
    write(tmp_path, {"episodes/a/a-002.md": "no front matter"})
    with pytest.raises(ContentError, match=r"a-002\.md:1:1"):
        build(tmp_path, Settings("Small"))
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "build/pages").rglob("*")} == before


@pytest.mark.parametrize("mine", ["pages/about.md", "theme/partials/footer.html"])
def test_pages_that_a_person_has_put_where_generated_ones_go_are_refused_not_deleted(tmp_path, mine):
    write(tmp_path, {"knowledge/series.yml": "a: {title: A}", f"build/{mine}": "Mine."})
    for _ in range(2):
        with pytest.raises(ResourceError, match=r"only generated files belong in .*move your files out"):
            build(tmp_path, Settings("Small"))
        assert (tmp_path / "build" / mine).read_text() == "Mine."
    (tmp_path / "build" / mine).unlink()
    build(tmp_path, Settings("Small"))
    # files of an earlier build are deleted, with or without the cache
    (tmp_path / "build/cache.sqlite").unlink()
    write(tmp_path, {"build/pages/old.md": "Old."})
    build(tmp_path, Settings("Small"))
    assert "old.md" not in pages(tmp_path)


def test_drafts_are_pages_of_a_preview_only(tmp_path):
    draft = NOTE.format(id="a-001").replace("title", "status: draft\ntitle")
    files = {"a-001.vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\nA.\n", "a-001/b/c.csv": "1", "a-0011.csv": "2"}
    links = "[v](a-001.vtt) [c](a-001/b/c.csv) [n](a-001.md)"
    notes = {"a-001.md": draft, "a-002.md": NOTE.format(id="a-002") + links, **files}
    write(tmp_path, {"knowledge/series.yml": "a: {title: A}", **{f"episodes/a/{path}": notes[path] for path in notes}})
    shown = set()
    for preview in (False, True, False):
        build(tmp_path, Settings("Small", preview=preview))
        folder = tmp_path / "build/pages/episodes/a"
        shown = {path for path in notes if (folder / path).exists()}
        assert shown == (notes.keys() if preview else {"a-002.md", "a-0011.csv"})


@pytest.mark.parametrize("field", ["tools", "resources", "glossary"])
def test_an_entry_can_name_the_draft_of_a_topic(tmp_path: Path, field: str) -> None:
    values = {"tools": "name: Docker", "resources": "title: Docker", "glossary": "term: Docker, definition: D"}[field]
    notes = {f"episodes/a/a-{at:03}.md": NOTE.format(id=f"a-{at:03}") + "Of Docker.\n" for at in (1, 2)}
    knowledge = {"topics": "sec: {name: Sec, status: draft}", field: f"docker: {{{values}, topics: [sec]}}"}
    files = {f"knowledge/{name}.yml": text for name, text in {"series": "a: {title: A}", **knowledge}.items()}
    write(tmp_path, {**files, **notes})
    build(tmp_path, Settings("Small"))
    assert "topic.sec" not in (tmp_path / f"build/pages/{field}/docker.md").read_text("utf-8")


def test_a_disk_that_is_full_while_pages_are_made_is_told(tmp_path, monkeypatch):
    notes = {f"episodes/a/a-{number:03}.md": NOTE.format(id=f"a-{number:03}") for number in range(1, 60)}
    write(tmp_path, {"knowledge/series.yml": "a: {title: A}", **notes})

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(outputs, "write_whole", full)
    with pytest.raises(ResourceError, match="No space left"):
        build(tmp_path, Settings("Many"))
    monkeypatch.undo()
    build(tmp_path, Settings("Many"))
    assert {Path(path).name for path in notes} <= {Path(path).name for path in pages(tmp_path)}


def test_an_edit_of_a_build_that_was_stopped_after_reading_it_is_on_the_page_of_the_next(tmp_path, monkeypatch):
    note = NOTE.format(id="a-001").rstrip() + "\n\nFirst words.\n\n"
    write(tmp_path, {"knowledge/series.yml": "a: {title: A}", "episodes/a/a-001.md": f"{note}Old end.\n"})
    build(tmp_path, Settings("Small"))
    write(tmp_path, {"episodes/a/a-001.md": f"{note}New end.\n"})
    with monkeypatch.context() as patched:
        patched.setattr("mlguide_site.pipeline.render", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build(tmp_path, Settings("Small"))
    build(tmp_path, Settings("Small"))
    assert "New end." in (tmp_path / "build/pages/episodes/a/a-001.md").read_text("utf-8")


PAGE = "---\ntitle: {title}\n---\n\nText.\n\n## Part\n"


def test_an_edited_page_alone_is_made_again(tmp_path, monkeypatch):
    notes = {f"episodes/a/a-{number:03}.md": NOTE.format(id=f"a-{number:03}") for number in range(1, 5)}
    mine = {f"pages/{name}.md": PAGE.format(title=name) for name in ("about", "blog/index")}
    write(
        tmp_path, {"knowledge/series.yml": "a: {title: A}\n", "knowledge/tools.yml": "t: {name: Loom}\n"} | notes | mine
    )
    build(tmp_path, Settings("Small"))
    examined = []
    page = PageMaker.page
    monkeypatch.setattr(PageMaker, "page", lambda maker, place: examined.append(place) or page(maker, place))
    write(
        tmp_path, {"pages/about.md": PAGE.format(title="about").replace("Text.", "A Loom, [a](blog/index.md), a-002.")}
    )
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "build/pages").rglob("*.md")}
    build(tmp_path, Settings("Small"))
    after = {path: path.stat().st_mtime_ns for path in (tmp_path / "build/pages").rglob("*.md")}
    assert [path.name for path in after if after[path] != before[path]] == ["about.md"]
    assert {*examined} == {'["page", "page", "pages/about.md", 1]'}
    assert "[Loom](tools/t.md)" in (tmp_path / "build/pages/about.md").read_text("utf-8")


def test_a_removed_page_is_no_page_any_more(tmp_path):
    write(tmp_path, {"pages/about.md": PAGE.format(title="About"), "pages/p.png": "x"})
    build(tmp_path, Settings("Small"))
    assert "about.md" in pages(tmp_path)
    (tmp_path / "pages/about.md").unlink()
    (tmp_path / "pages/p.png").unlink()
    build(tmp_path, Settings("Small"))
    assert "about.md" not in pages(tmp_path)
    assert not (tmp_path / "build/pages/p.png").exists()


@pytest.mark.parametrize("name", ["about.md", "blog/first.md", "robots.txt", "episodes/a/x.png"])
def test_a_file_among_generated_pages_that_no_build_made_is_reported_in_each_build(tmp_path, name):
    write(
        tmp_path,
        {"knowledge/series.yml": "a: {title: A}", "pages/own.md": PAGE.format(title="Own"), "pages/p.png": "x"},
    )
    assert build(tmp_path, Settings("Small")).problems == ()
    write(tmp_path, {f"build/pages/{name}": "Mine.", "build/pages/.hidden": "x"})
    for _ in range(2):
        [problem] = build(tmp_path, Settings("Small")).problems
        assert problem.severity is Severity.WARNING
        assert str(problem) == (
            f"build/pages/{name}:1:1: this file is published, but was not generated; move it to pages/{name}"
        )
    assert (tmp_path / "build/pages" / name).read_text() == "Mine."
    (tmp_path / "build/pages" / name).unlink()
    assert build(tmp_path, Settings("Small")).problems == ()


def test_no_file_of_pages_takes_the_place_of_a_generated_one(tmp_path):
    """Check that no page of the root can have the path of a generated file."""
    knowledge = {"series": "a: {title: A}", "resources": "r: {title: R}", "topics": "t: {name: T}"}
    knowledge["glossary"] = "s: {term: S, definition: D}"
    write(tmp_path, {f"knowledge/{name}.yml": text for name, text in knowledge.items()})
    write(tmp_path, {"episodes/a/a-001.md": NOTE.format(id="a-001").replace("title", "topics: [t]\ntitle")})
    write(tmp_path, {"episodes/a/a-002.md": NOTE.format(id="a-002")})
    settings = Settings("Small", site_url="https://a.example/", domain="a.example")
    built = build(tmp_path, settings)
    made = {path.relative_to(tmp_path / "build/pages").as_posix() for path in (tmp_path / "build/pages").rglob("*.*")}
    made |= {"catalog-1.json", *site_files(built.linked, settings)}
    suffixes = (".md", *ASSET_SUFFIXES)
    for name in sorted(name for name in made if name.endswith(suffixes) and not name.startswith(".")):
        path = f"pages/{name}"
        files = {path: PAGE.format(title="Own").encode()} if path.endswith(".md") else {}
        assert [*check_pages(load(files, frozenset([path])).catalog)], name
    # no folder of assets either
    made |= {"index.html", "sw.js", "episodes/a/a-001/index.html"}
    assert {"CNAME", "_headers", "feed.xml", "episodes/a/feed.xml", "episodes/index.json"} <= made
    for name in made:
        for path in {f"pages/{name}/x.png"} | ({name, f"{name}/x.png"} if name.startswith("episodes/") else set()):
            if path.endswith((".png", ".json")):
                assert [*check_pages(load({}, frozenset([path])).catalog)], path


def test_only_robots_txt_is_replaced_by_a_file_or_folder_with_its_path(tmp_path):
    write(tmp_path, {"knowledge/series.yml": "a: {title: A}", "episodes/a/a-001.md": NOTE.format(id="a-001")})
    built = build(tmp_path, Settings("Small"))
    names = {"robots.txt", "llms.txt", "_headers/x.png"}
    write(tmp_path, {f"build/pages/{name}": "" for name in names})
    made = finish._site_files(built, tmp_path / "build/pages").keys()
    assert made == site_files(built.linked, Settings("Small")).keys() - {"robots.txt"}
