"""Tests of renaming: all uses of the old name are updated, or nothing changes."""

import json
from pathlib import Path

import pytest

from conftest import everything, write_files
from labels import Settings
from mlguide_site.checks.catalog import check_catalog
from mlguide_site.checks.fixes import fix_root
from mlguide_site.content import files
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.editing.renaming import former_after, rename, report_lines, report_values
from mlguide_site.errors import ContentError, ResourceError, UsageError
from mlguide_site.pipeline import examine, inspect
from mlguide_site.publish.redirects import redirect_files

FILES = {
    "mkdocs.yml": "site_name: T\n",
    "knowledge/series.yml": "a: {title: Alpha, prefix: AL, start: [a-001]}\nb: {title: Beta}\na-b: {title: Both}\n",
    "knowledge/topics.yml": (
        "# topics\nops:  # kept\n  name: Ops\n  order: [a-001, a-002]\nsub:\n  name: Sub\n  parent: ops  # above\n"
    ),
    "knowledge/tools.yml": (
        "ops:\n  name: Opstool\n  topics:\n    - ops   # one\n    - 'sub'\n  match:\n    - topics: [ops, sub]\n"
        "flow: {name: Flow, topics: [ops]}\n"
    ),
    "knowledge/resources.yml": (
        "shelf:\n  title: Shelf\n  children:\n    inner:\n      title: Inner\n      episodes: [a-001]\n"
        "      topics: [sub]\n    # last\nother: {title: Other, episodes: [a-001, a-002]}\n"
    ),
    "knowledge/glossary.yml": "t:\n  term: T one\n  see: [u]\nu:\n  term: U one\n  topics: [ops]\n",
    "knowledge/people.yml": "jane-roe:\n  name: Jane Roe\n",
    "episodes/a/a-001.md": (
        "---\nid: a-001\ntitle: One\ntopics: [ops, sub]\ntools: [ops, flow]\nresources: [inner]\nimage: a-001/pic.png\n"
        "---\n\nText, ![own](a-001/pic.png) and [more](a-002.md#x).\n"
    ),
    "episodes/a/a-002.md": (
        "---\r\nid: a-002\r\ntitle: Two\r\nrequires: [a-001]\r\npeople: [{person: jane-roe, role: host}]\r\n---\r\n\r\n"
        "See [one](a-001.md), [ref], AL 1 and `a-001.md`.\r\n\r\n[ref]: ../a/a-001.md#top\r\n"
    ),
    "episodes/a/a-001.vtt": "WEBVTT\n",
    "episodes/a/a-001.chapters.json": "{}",
    "episodes/a/a-001/pic.png": "png",
    ".mlguide/imported/a-001.json": json.dumps({"version": 1, "series": "a", "fields": {}, "keys": ["k"]}),
    ".mlguide/imported/files.json": json.dumps({"episodes/a/a-001.vtt": "hash"}),
    ".mlguide/imported/entries.json": json.dumps({"topic": {"ops": ["name"]}, "tool": {"ops": ["name"]}}),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_files(tmp_path, FILES)


def text(root: Path, name: str) -> str:
    return (root / name).read_bytes().decode()


def errors(root: Path) -> list[str]:
    loaded = load(read_root(root).texts, read_root(root).assets, drafts=True)
    return [str(problem) for problem in (*loaded.problems, *check_catalog(loaded.catalog))]


def test_an_entry_is_renamed_everywhere_and_comments_stay(root):
    rename(root, "topic:ops", "operations")
    assert errors(root) == []
    assert text(root, "knowledge/topics.yml") == (
        "# topics\noperations:  # kept\n  name: Ops\n  order: [a-001, a-002]\n  former:\n    - ops\nsub:\n  name: Sub\n"
        "  parent: operations  # above\n"
    )
    assert text(root, "knowledge/tools.yml") == (
        "ops:\n  name: Opstool\n  topics:\n    - operations   # one\n    - 'sub'\n  match:\n"
        "    - topics: [operations, sub]\n"
        "flow: {name: Flow, topics: [operations]}\n"
    )
    assert "topics: [operations]" in text(root, "knowledge/glossary.yml")
    assert "topics: [operations, sub]\ntools: [ops, flow]" in text(root, "episodes/a/a-001.md")
    assert json.loads(text(root, ".mlguide/imported/entries.json")) == {
        "topic": {"operations": ["name"]},
        "tool": {"ops": ["name"]},
    }


@pytest.mark.parametrize(
    ("old", "new", "path", "line"),
    [
        ("flow", "prefect", "knowledge/tools.yml", "prefect: {name: Flow, topics: [ops], former: [flow]}"),
        ("inner", "core", "knowledge/resources.yml", "      topics: [sub]\n      former:\n        - inner\n    # last"),
        ("shelf", "rack", "knowledge/resources.yml", "rack:\n  title: Shelf\n  former:\n    - shelf\n  children:\n"),
        (
            "u",
            "you",
            "knowledge/glossary.yml",
            "  see: [you]\nyou:\n  term: U one\n  topics: [ops]\n  former:\n    - u",
        ),
        ("jane-roe", "roe", "knowledge/people.yml", "roe:\n  name: Jane Roe\n  former:\n    - jane-roe\n"),
    ],
)
def test_entries_of_every_shape_are_renamed(root, old, new, path, line):
    rename(root, old, new)
    assert errors(root) == []
    assert line in text(root, path)


def test_an_episode_moves_with_all_that_stands_beside_it(root):
    plan = rename(root, "a-001", "a-010")
    assert errors(root) == []
    names = sorted(name for name in everything(root) if "a-0" in name)
    assert names == [
        ".mlguide/imported/a-010.json",
        "episodes/a/a-002.md",
        "episodes/a/a-010.chapters.json",
        "episodes/a/a-010.md",
        "episodes/a/a-010.vtt",
        "episodes/a/a-010/pic.png",
    ]
    note = text(root, "episodes/a/a-010.md")
    assert "id: a-010\n" in note
    assert "former: [a-001]\n" in note
    assert "image: a-010/pic.png\n" in note
    assert "![own](a-010/pic.png)" in note
    assert text(root, "episodes/a/a-002.md") == (
        FILES["episodes/a/a-002.md"]
        .replace("requires: [a-001]", "requires: [a-010]")
        .replace("(a-001.md)", "(a-010.md)")
        .replace("../a/a-001.md#top", "../a/a-010.md#top")
    )
    assert "order: [a-010, a-002]" in text(root, "knowledge/topics.yml")
    assert "start: [a-010]" in text(root, "knowledge/series.yml")
    assert text(root, "knowledge/resources.yml").count("a-010") == 2
    assert json.loads(text(root, ".mlguide/imported/files.json")) == {"episodes/a/a-010.vtt": "hash"}
    assert not (root / "episodes/a/a-001").exists()
    assert any("a-001.md -> episodes/a/a-010.md" in line for line in report_lines(plan, False))


def test_the_records_of_deleted_files_move_with_their_episode(root):
    record = root / ".mlguide/imported/files.json"
    deleted = ["a-001.srt", "a-001/old.png", "a-0011.vtt", "cover.png"]
    record.write_text(json.dumps({f"episodes/a/{name}": name for name in ["a-001.vtt", *deleted]}), "utf-8")
    rename(root, "a-001", "b-005")
    assert json.loads(record.read_bytes()) == {
        "episodes/b/b-005.vtt": "a-001.vtt",
        "episodes/b/b-005.srt": "a-001.srt",
        "episodes/b/b-005/old.png": "a-001/old.png",
        "episodes/a/a-0011.vtt": "a-0011.vtt",
        "episodes/a/cover.png": "cover.png",
    }


@pytest.mark.parametrize(("old", "new"), [("a-001", "a-010"), ("tool:ops", "operations-tool")])
def test_an_older_error_refuses_no_rename(root, old, new):
    note = root / "episodes/a/a-001.md"
    note.write_text(note.read_text("utf-8").replace("[ops, flow]", "[ops, folw]"), "utf-8")
    with (root / "knowledge/tools.yml").open("a", encoding="utf-8") as file:
        file.write("zsh:\n  name: Zsh\n  catgory: Shell\n")
    before = len(errors(root))
    rename(root, old, new)
    assert len(errors(root)) == before > 1


def test_an_episode_may_move_to_another_series(root):
    rename(root, "a-001", "b-005")
    assert errors(root) == []
    assert (root / "episodes/b/b-005.vtt").exists()
    assert json.loads(text(root, ".mlguide/imported/b-005.json"))["series"] == "b"


def test_the_longest_series_that_fits_takes_an_episode(root):
    rename(root, "a-001", "a-b-005")
    assert (root / "episodes/a-b/a-b-005.md").exists()


def test_texts_that_name_the_old_number_mean_the_episode_still(root):
    rename(root, "a-001", "a-010")
    linked = examine(root).linked
    assert {one.target for one in linked.episodes["a-002"].references} == {"a-010"}
    (root / "episodes/a/a-001.md").write_text("---\nid: a-001\ntitle: New\n---\n\nText.\n")
    linked = examine(root).linked
    assert {one.target for one in linked.episodes["a-002"].references} == {"a-010", "a-001"}


def test_a_link_to_the_old_note_still_leads_there(root):
    rename(root, "a-001", "a-bonus")
    rename(root, "a-bonus", "a-extra")
    note = root / "episodes/a/a-002.md"
    note.write_text("---\nid: a-002\ntitle: Two\n---\n\nSee [one](a-bonus.md) and [two](a-001.md).\n")
    assert not [problem for problem in examine(root).problems if problem.path == "episodes/a/a-002.md"]


def test_links_of_written_pages_follow(root):
    page = root / "pages/blog/first.md"
    page.parent.mkdir(parents=True)
    with (root / "episodes/a/a-001.md").open("a", encoding="utf-8") as note:
        note.write("\n## X\n")
    page.write_text(
        "---\ntitle: Flow\n---\n\n[a](../../episodes/a/a-001.md#x), [b](../tools/flow.md), flow.md, (tools/flow)\n"
    )
    rename(root, "a-001", "a-010")
    rename(root, "flow", "prefect")
    assert (
        page.read_text().splitlines()[4]
        == "[a](../../episodes/a/a-010.md#x), [b](../tools/prefect.md), flow.md, (tools/flow)"
    )
    assert not [problem for problem in examine(root).problems if problem.path == "pages/blog/first.md"]


def broken_links(root: Path) -> list[str]:
    return [
        str(problem)
        for problem in examine(root).problems
        if problem.message.startswith(("broken link", "broken image"))
    ]


def test_links_of_notes_and_guides_follow(root):
    topics, note = root / "knowledge/topics.yml", root / "episodes/a/a-002.md"
    guide = "[a](../episodes/a/a-001.md), ![b](../episodes/a/a-001/pic.png), [c](tools/flow.md), [[a-001]]"
    topics.write_text(
        f"{FILES['knowledge/topics.yml']}  guide: |\n    {guide}\n    [d](../pages/tools/flow.md), flow.md\n"
    )
    note.write_text("---\nid: a-002\ntitle: Two\n---\n\n[a](../../pages/tools/flow.md) flow.md\n")
    assert not broken_links(root)
    assert rename(root, "a-001", "a-010").uses["knowledge/topics.yml"] == 2
    assert rename(root, "flow", "prefect").uses["knowledge/topics.yml"] == 2
    text = topics.read_text()
    assert (
        guide.replace("a-001", "a-010").replace("flow", "prefect") + "\n    [d](../pages/tools/prefect.md), flow.md\n"
        in text
    )
    assert note.read_text().endswith("[a](../../pages/tools/prefect.md) flow.md\n")
    assert not broken_links(root)


def test_files_keep_their_links_if_a_note_moves_to_another_series(root):
    body = (
        "![own](a-001/pic.png) ![plan](plan(1).png) [slides](<a-002/my slides.pdf>) [two](a-002.md) [x](#x)\n\n## X\n"
    )
    others = {
        "episodes/a/a-001.md": f"---\nid: a-001\ntitle: One\n---\n\n{body}\n[^1]: plan.png\n",
        "episodes/a/a-002.md": "---\nid: a-002\ntitle: Two\n---\n\n![mill](a-001/pic.png) [text](a-001.vtt#x)\n",
        "pages/about.md": "---\ntitle: About\n---\n\n![mill](../episodes/a/a-001/pic.png) [one](a-001.md)\n",
        "episodes/a/plan(1).png": "png",
        "episodes/a/a-002/my slides.pdf": "pdf",
    }
    write_files(root, others)
    assert not broken_links(root)
    rename(root, "a-001", "b-005")
    assert not broken_links(root)
    assert text(root, "episodes/b/b-005.md").partition("---\n\n")[2] == (
        "![own](b-005/pic.png) ![plan](../a/plan(1).png) [slides](<../a/a-002/my slides.pdf>) [two](../a/a-002.md) "
        "[x](#x)\n\n## X\n\n[^1]: plan.png\n"
    )
    assert text(root, "episodes/a/a-002.md").endswith("![mill](../b/b-005/pic.png) [text](../b/b-005.vtt#x)\n")
    assert text(root, "pages/about.md").endswith("![mill](../episodes/b/b-005/pic.png) [one](b-005.md)\n")


def test_links_to_other_files_with_the_same_name_stay(root):
    links = "![x](images/tools/flow/logo.png) [x](files/a-001/data.csv) [x](a-001.md) [x](../episodes/b/a-001.md)\n"
    files = ["pages/images/tools/flow/logo.png", "pages/files/a-001/data.csv"]
    page = "---\ntitle: About\n---\n\n"
    write_files(root, {**dict.fromkeys(files, ""), "pages/a-001.md": page, "pages/about.md": page + links})
    rename(root, "flow", "prefect")
    rename(root, "a-001", "a-010")
    assert text(root, "pages/about.md") == page + links.replace("b/a-001.md", "b/a-010.md")


def test_images_of_other_notes_and_covers_follow(root):
    write_files(root, {"episodes/a/a-002.md": "---\nid: a-002\ntitle: Two\nimage: 'a-001/pic.png'\n---\n\nText.\n"})
    series = FILES["knowledge/series.yml"].replace("{title: Alpha", "{title: Alpha, cover: a-001/pic.png")
    write_files(root, {"knowledge/series.yml": series})
    before = everything(root)
    with pytest.raises(
        ContentError, match=r'image "a-001/pic\.png" would be in the folder of another series; use another'
    ):
        rename(root, "a-001", "b-005")
    assert everything(root) == before
    assert rename(root, "a-001", "a-010").uses["knowledge/series.yml"] == 2
    assert errors(root) == []
    assert "cover: a-010/pic.png" in text(root, "knowledge/series.yml")
    assert "image: 'a-010/pic.png'" in text(root, "episodes/a/a-002.md")


def test_settings_that_name_the_old_page_still_lead_there(root):
    options = "{redirects: {podcast/1.html: a-001, old/flow: tools/flow/}}"
    settings = f"site_name: T\nplugins:\n  - mlguide: {options}\nnav: [tools/flow.md]\n"
    (root / "mkdocs.yml").write_text(settings)
    rename(root, "a-001", "a-010")
    rename(root, "flow", "prefect")
    found = [str(problem) for problem in inspect(root) if problem.path == "mkdocs.yml"]
    assert [one for one in found if "redirects" in one or "no page" in one] == [
        'mkdocs.yml:4:7: there is no page "tools/flow.md"; it is now called "tools/prefect.md"'
    ]
    catalog = load(read_root(root).texts).catalog
    files = redirect_files(catalog, Settings("T", moved=(("podcast/1.html", "a-001"), ("old/flow", "tools/flow/"))))
    assert b"episodes/a/a-010" in files["podcast/1.html"]
    assert b"tools/prefect" in files["old/flow/index.html"]


def test_addresses_of_other_sites_stay_and_each_form_of_a_link_follows(root):
    note, page = root / "episodes/a/a-002.md", root / "pages/about.md"
    page.parent.mkdir(exist_ok=True)
    foreign = (
        "[slides](https://a.example/a-001/slides.pdf), [code](<HTTPS://a.example/a-001.md>), a-001.md, (a-001.md)\n"
        "[it](//a.example/a-001.md) and [it](http://a.example/a-001.md)\n"
        "[manual](https://a.example/tools/flow/install.html) and [manual](https://a.example/tools/flow.md)\n"
        "[away]: https://a.example/a-001/slides.pdf\n"
        "```\n[code](a-001.md) [code](tools/flow.md)\n```\n"
    )
    own = (
        "[it](a-001.md), ![it](a-001/pic.png) and [it]( <../a/a-001.md?x> 'a-001.md')\n"
        "[^1]: [it](a-001/pic(1).png), a-001.md\n"
        "[b]:a-001.md\n[a]: a-001.md"
    )
    note.write_text(f"---\nid: a-002\ntitle: Two\n---\n\n{foreign}{own}")
    page.write_text(f"---\ntitle: Flow\n---\n\n{foreign}[flow]: tools/flow.md")
    assert rename(root, "a-001", "a-010").uses["episodes/a/a-002.md"] == 4
    assert rename(root, "flow", "prefect").uses["pages/about.md"] == 1
    assert note.read_text().partition("---\n\n")[2] == foreign + (
        "[it](a-010.md), ![it](a-010/pic.png) and [it]( <../a/a-010.md?x> 'a-001.md')\n"
        "[^1]: [it](a-010/pic(1).png), a-001.md\n"
        "[b]:a-010.md\n[a]: a-010.md"
    )
    assert page.read_text().partition("---\n\n")[2] == f"{foreign}[flow]: tools/prefect.md"


def test_wiki_links_follow(root):
    page, note = root / "pages/about.md", root / "episodes/a/a-002.md"
    page.parent.mkdir(exist_ok=True)
    page.write_text("---\ntitle: About\n---\n\n[[a-001]], [[a-001|the first]], [[a-002]] and a-001.\n")
    note.write_text("---\nid: a-002\ntitle: Two\n---\n\nSee [[a-001]].\n")
    assert rename(root, "a-001", "a-010").uses.items() >= {"pages/about.md": 1, "episodes/a/a-002.md": 1}.items()
    assert page.read_text().endswith("\n[[a-010]], [[a-010|the first]], [[a-002]] and a-001.\n")
    assert note.read_text().endswith("\nSee [[a-010]].\n")


def test_renaming_there_and_back_leaves_only_the_former_name(root):
    before = everything(root)
    rename(root, "topic:ops", "operations")
    rename(root, "operations", "ops")
    after = everything(root)
    changed = [path for path in before if before[path] != after[path] and path.endswith((".md", ".yml"))]
    assert changed == ["knowledge/topics.yml"]
    assert text(root, "knowledge/topics.yml") == FILES["knowledge/topics.yml"].replace(
        "a-002]\n", "a-002]\n  former:\n    - operations\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ops", "x", '"ops" is ambiguous; write one of: tool:ops, topic:ops'),
        ("topic:ops", "sub", 'the topic "sub" already exists'),
        ("flow", "Not A Slug", "can't be a slug"),
        ("flow", "../x", "can't be a slug"),
        ("flow", "con", "can't be a slug"),
        ("flow", "flow", 'is already called "flow"'),
        ("floww", "x", 'no entry or episode "floww"; did you mean "flow"?'),
        ("tol:flow", "x", 'unknown kind "tol"; did you mean "tool"?'),
        ("tool:nothing", "x", 'no tool "nothing"'),
        ("a-001", "a-002", 'the episode "a-002" already exists'),
        ("a-001", "z-001", "belongs to no series"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(root, old, new, said):
    before = everything(root)
    with pytest.raises(UsageError) as error:
        rename(root, old, new)
    assert said in str(error.value)
    assert everything(root) == before


def test_an_entry_with_an_error_is_not_called_unknown(root):
    tools = root / "knowledge/tools.yml"
    tools.write_text(f"{tools.read_text('utf-8')}reed:\n  name: Reed\n  nonsense: 1\n", "utf-8")
    with pytest.raises(UsageError, match=r'"reed" has an error; run: mlguide check'):
        rename(root, "reed", "reeds")


def test_a_file_whose_lines_end_in_carriage_returns_is_refused(root):
    tools = root / "knowledge/tools.yml"
    tools.write_bytes(tools.read_bytes().replace(b"\n", b"\r"))
    before = everything(root)
    with pytest.raises(ContentError, match="carriage return"):
        rename(root, "flow", "stream")
    assert everything(root) == before


@pytest.mark.parametrize(
    ("left", "remedy"),
    [
        (["episodes/a/a-010.vtt"], "move or remove them, or choose another id"),
        # the renamed episode has no such files, but they would become its files
        (["episodes/a/a-010.srt", "episodes/a/a-010/old.png"], "move or remove them, or choose another id"),
        ([".mlguide/imported/a-010.json"], "without its import record, a deleted episode is imported again"),
    ],
)
def test_files_that_another_episode_has_left_are_in_the_way(root, left, remedy):
    write_files(root, dict.fromkeys(left, FILES[".mlguide/imported/a-001.json"]))
    before = everything(root)
    for old in ("a-001", "a-002"):
        with pytest.raises(UsageError) as error:
            rename(root, old, "a-010")
        assert f'another episode with the id "a-010" has left files: {", ".join(left)}; ' in str(error.value)
        assert remedy in str(error.value)
    assert everything(root) == before


def test_a_dry_run_says_it_all_and_writes_nothing(root):
    before = everything(root)
    plan = rename(root, "topic:ops", "operations", dry_run=True)
    assert everything(root) == before
    assert report_values(plan)["uses"] == {
        "episodes/a/a-001.md": 1,
        "knowledge/glossary.yml": 1,
        "knowledge/tools.yml": 3,
        "knowledge/topics.yml": 1,
    }


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5])
def test_where_the_disk_refuses_everything_is_put_back(root, monkeypatch, step):
    before = everything(root)
    written = []
    real = files.write_atomic

    def refuse(path, data):
        written.extend([path] if path.name != "renaming.json" else [])
        if len(written) == step and path == written[-1]:
            raise ResourceError(f"{path}: No space left; free some space and run the command again")
        real(path, data)

    monkeypatch.setattr(files, "write_atomic", refuse)
    with pytest.raises(ResourceError):
        rename(root, "a-001", "a-010")
    assert everything(root) == before


@pytest.mark.parametrize("step", [1, 3, 5])
def test_a_rename_that_was_cut_off_is_taken_back(root, monkeypatch, step):
    before = everything(root)
    written = []
    real = files.write_atomic

    def end(path, data):
        real(path, data)
        if path.name == "renaming.json":
            return
        written.append(path)
        if len(written) == step:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(files, "write_atomic", end)
        # simulates a killed process: nothing is undone
        patched.setattr(files, "undo_change", lambda root: False)
        with pytest.raises(KeyboardInterrupt):
            rename(root, "a-001", "a-010")
    assert "a rename or an import was interrupted" in [problem.message for problem in inspect(root)]
    assert fix_root(root) == ()
    assert everything(root) == before
    rename(root, "a-001", "a-010")
    assert errors(root) == []
    assert "a rename or an import was interrupted" not in [problem.message for problem in inspect(root)]


def test_a_broken_file_that_uses_the_name_stops_it(root):
    note = root / "episodes/a/a-001.md"
    note.write_text("---\nid: a-001\ntopics: [ops\n---\n")
    before = everything(root)
    with pytest.raises(ContentError):
        rename(root, "topic:ops", "operations")
    assert everything(root) == before


@pytest.mark.parametrize(
    ("path", "text", "old", "left"),
    [
        ("knowledge/tools.yml", "x:\n  name: X\n  former: [y, core]\nz: {name: Z}\n", "z", "former:\n    - y\n"),
        ("knowledge/tools.yml", "x: {name: X, former: [core, y]}\nz: {name: Z}\n", "z", "x: {name: X, former: [y]}\n"),
        ("episodes/a/a-004.md", "---\nid: a-004\ntitle: X\nformer: [y, a-009]\n---\n", "a-001", "former: [y]\n"),
        ("episodes/a/a-004.md", "---\nid: a-004\ntitle: X\nformer: [a-009]\n---\n", "a-001", "title: X\n---"),
    ],
)
def test_the_new_name_is_no_former_name_of_another_record(root, path, text, old, left):
    (root / path).write_text(text, "utf-8")
    rename(root, old, new := "core" if path.startswith("knowledge") else "a-009")
    assert left in (root / path).read_text("utf-8")
    rename(root, new, "a-010")
    former = [new in one.meta.former for one in examine(root, drafts=True).linked.catalog.episodes.values()]
    tools = examine(root, drafts=True).linked.catalog.tools.values()
    assert sum(former) + sum(new in tool.former for tool in tools) == 1


@pytest.mark.parametrize(
    ("former", "old", "new", "expected"), [(["a", "b"], "c", "a", ["b", "c"]), ([], "a", "b", ["a"])]
)
def test_a_former_name_that_is_used_again_is_no_former_name(former, old, new, expected):
    assert former_after(former, old, new) == expected
