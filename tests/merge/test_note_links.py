"""Tests of links between imported notes, of one source or several, and to notes of the root."""

from itertools import permutations
from pathlib import Path

import pytest

from conftest import everything, write_files
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.editing.renaming import rename
from mlguide_site.errors import Severity
from mlguide_site.markdown import parse_and_sanitise
from mlguide_site.markdown.parse_and_sanitise import Outline
from mlguide_site.merge.episodes import Guide
from mlguide_site.merge.run import run_import
from mlguide_site.pipeline import inspect

NOTES = {
    "Boards.md": "---\naliases: [Planks]\n---\n# Boards\n\nSee [[Saws]], [[Saws#Ripping wood|how]], [[cut/Saws]] and"
    " [a plan](cut/Bench%20plan.md).\n\n## Grain\n\n[[#Grain]], [[Boards]], [[Boards#^x1]].\n",
    "cut/Saws.md": '# Saws and their teeth\n\n[Up](../Boards.md#grain "Hard"), [[Planks]], [[boards#Grian|back]],'
    " ![[Bench plan]].\n\n## Ripping wood\n\nWith the grain.\n",
    "cut/Bench plan.md": "Level one first. [[2024-05-01]] | [[Nobody]], [gone](Nobody%20here.md)\n\n| a |\n|---|\n"
    "| [[Saws\\|teeth]] |\n",
    "2024-05-01.md": "A walk. [the *old* plan](cut/Bench%20plan)\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "kb"
    (folder / "knowledge").mkdir(parents=True)
    return folder


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_files(tmp_path / "Wood", NOTES)


def body(root: Path, id: str) -> str:
    return next(root.glob(f"episodes/*/{id}.md")).read_text("utf-8").split("---\n", 2)[2].strip()


def test_a_link_to_another_note_keeps_its_time(tmp_path: Path, root: Path) -> None:
    vault = tmp_path / "Wood"
    vault.mkdir()
    (vault / "Boards.md").write_text("# Boards\n\nSee [[Saws#t=12:30]] and [[Saws#t=soon|later]].\n", "utf-8")
    (vault / "Saws.md").write_text("# Saws\n\nTeeth.\n", "utf-8")
    run_import(root, [str(vault)])
    assert body(root, "wood-boards") == "See [Saws > t=12:30](wood-saws.md#t=12:30) and [later](wood-saws.md)."
    assert [one for one in inspect(root) if "link" in one.message] == []


def test_links_have_the_anchors_of_github(tmp_path: Path, root: Path) -> None:
    parts = (
        "# Readings",
        "## Week 1: Start",
        "[on](#week-2)",
        "### Looms",
        "a",
        "### Looms",
        "[b](#looms-1)",
        "## Week 2",
        "c",
    )
    links = (
        f"[{name}](readings.md#{to})"
        for name, to in zip("abcd", ("week-1-start", "week-2", "looms-1", "gone"), strict=True)
    )
    own, weeks = f"# Own\n\n{', '.join(links)}.\n", "\n\n".join(parts) + "\n"
    vault = write_files(tmp_path / "rd", {"readings.md": weeks, "own.md": own})
    report = run_import(root, [str(vault)])
    assert [one.message for one in report.problems] == ['the note "readings" has no heading "gone"']
    assert body(root, "rd-own") == "[a](rd-001.md), [b](rd-002.md), [c](rd-001.md#looms_1), [d](rd-001.md)."
    assert "[on](rd-002.md)" in body(root, "rd-001") and "[b](#looms_1)" in body(root, "rd-001")


def test_links_find_headings_as_in_hackmd(tmp_path: Path, root: Path) -> None:
    note = tmp_path / "Ropes.md"
    note.write_text(
        "# Ropes\n\n## 2024-03-01 Knots\n\n:::info\n[Bowline](#The-Bowline), [two](#notes_1), [Gone](#Gone 'Lost')\n"
        ":::\n\n"
        "### Notes\n\n### Notes\n\n## 2024-03-08 Loops\n\n### The Bowline!\n\n[Knots](#2024-03-01-Knots)\n",
        "utf-8",
    )
    report = run_import(root, [str(note)])
    assert "[Bowline](ropes-002.md#the-bowline), [two](#notes_1), Gone 'Lost'\n" in body(root, "ropes-001")
    assert "[Knots](ropes-001.md)" in body(root, "ropes-002")
    assert [problem.message for problem in report.problems] == ['the note has no heading "Gone"']


def test_addresses_of_headings_may_be_encoded(tmp_path: Path, root: Path) -> None:
    note = tmp_path / "Ropes.md"
    note.write_text(
        "# Ropes\n\n[a](#Größe%20&%20Art), [b](#Gr%C3%B6%C3%9Fe%20&%20Art) [[c]].\n\n## Größe & Art\n", "utf-8"
    )
    run_import(root, [str(note)])
    assert body(root, "ropes-ropes").startswith("[a](#größe-art), [b](#größe-art) c.\n")


def test_lines_with_anchors_of_earlier_versions_stay_until_they_change(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = {
        "A.md": "# A\n\nSiehe [[Б#Уход]].\n\nAuch [[#Größe]].\n\n## Größe\n",
        "Б.md": "# Б\n\n## Части\n\nText.\n\n## Уход\n\nText.\n",
    }
    write_files(tmp_path / "Wood", vault)
    with monkeypatch.context() as patch:
        patch.setattr(Outline.__init__, "__defaults__", (parse_and_sanitise._former_slug,))
        run_import(root, [str(tmp_path / "Wood")])
    assert body(root, "wood-a").startswith("Siehe [Б > Уход](wood-b.md#_3).\n\nAuch [Größe](#groe).\n")
    note = next(root.glob("episodes/*/wood-a.md"))
    note.write_text(note.read_text("utf-8").replace("Siehe", "Vgl."), "utf-8")
    before = everything(root)
    report = run_import(root, [str(tmp_path / "Wood")])
    assert everything(root) == before and not report.conflicts
    more = "# C\n\n[[Б#Уход]], [[Б#уход|ihn]].\n"
    write_files(tmp_path / "Wood", {"A.md": vault["A.md"].replace("Auch", "Zudem"), "C.md": more})
    report = run_import(root, [str(tmp_path / "Wood")])
    assert body(root, "wood-a").startswith("Vgl. [Б > Уход](wood-b.md#_3).\n\nZudem [Größe](#größe).\n")
    assert body(root, "wood-c") == "[Б > Уход](wood-b.md#уход), [ihn](wood-b.md#уход)."
    assert not report.conflicts and not inspect(root)


def test_notes_of_a_vault_lead_to_one_another_at_once(vault: Path, root: Path) -> None:
    report = run_import(root, [str(vault)])
    assert body(root, "wood-boards") == (
        "See [Saws](wood-saws-and-their-teeth.md), [how](wood-saws-and-their-teeth.md#ripping-wood),"
        " [cut/Saws](wood-saws-and-their-teeth.md) and [a plan](wood-bench-plan.md).\n\n"
        "## Grain\n\n[Grain](#grain), Boards, Boards > x1."
    )
    assert body(root, "wood-saws-and-their-teeth").startswith(
        '[Up](wood-boards.md#grain "Hard"), '
        "[Planks](wood-boards.md), [back](wood-boards.md),"
        " [Bench plan](wood-bench-plan.md)."
    )
    assert "[2024-05-01](wood-2024-05-01.md) | Nobody, gone" in body(root, "wood-bench-plan")
    assert "| [teeth](wood-saws-and-their-teeth.md) |" in body(root, "wood-bench-plan")
    assert body(root, "wood-2024-05-01") == "A walk. [the *old* plan](wood-bench-plan.md)"
    assert [str(problem).removeprefix(str(vault)) for problem in report.problems] == [
        '/Boards.md:10:1: the note "Boards" has no heading "^x1"; correct the name, or give the full path; until then,'
        " the link is kept as text"
    ] + [
        f'/cut/Bench plan.md:1:1: there is no note or episode "{name}"; correct the name,'
        " or give the full path; until then, the link is kept as text"
        for name in ("Nobody here", "Nobody")
    ] + [
        '/cut/Saws.md:3:1: the note "boards" has no heading "Grian" (did you mean "grain"?); correct the heading;'
        " until then, the link leads to the whole note"
    ]
    assert [problem for problem in inspect(root) if problem.path.startswith("episodes/")] == []


def test_a_second_import_changes_nothing(vault: Path, root: Path) -> None:
    run_import(root, [str(vault)])
    before = everything(root)
    assert run_import(root, [str(vault)]).writes == ()
    # a note that is imported alone still links to the others, by file names that the root's titles don't have
    (vault / "One").mkdir()
    (vault / "One" / "Boards.md").write_bytes((vault / "Boards.md").read_bytes())
    run_import(root, [str(vault / "One" / "Boards.md")], series="wood")
    assert body(root, "wood-boards").startswith("See [Saws](wood-saws-and-their-teeth.md), [how](wood-saws-and")
    assert (
        everything(root)["episodes/wood/wood-saws-and-their-teeth.md"]
        == before["episodes/wood/wood-saws-and-their-teeth.md"]
    )


def test_links_to_former_ids_follow_a_rename(vault: Path, root: Path) -> None:
    (vault / "Links.md").write_text("See [[wood-boards]].\n", "utf-8")
    run_import(root, [str(vault)])
    rename(root, "wood-boards", "wood-planks")
    before = everything(root)
    report = run_import(root, [str(vault)])
    assert (report.conflicts, report.kept) == ((), {})
    assert everything(root)["episodes/wood/wood-links.md"] == before["episodes/wood/wood-links.md"]


def test_sources_in_any_order_give_the_same(vault: Path, tmp_path: Path) -> None:
    found = []
    for number, names in enumerate(permutations(NOTES)):
        root = tmp_path / f"kb{number}"
        (root / "knowledge").mkdir(parents=True)
        run_import(root, [str(vault / name) for name in names], series="wood", format="obsidian")
        found.append(everything(root))
    assert all(one == found[0] for one in found)
    text = found[0]["episodes/wood/wood-boards.md"].decode()
    assert "[Saws](wood-saws-and-their-teeth.md)" in text and "[a plan](wood-bench-plan.md)" in text


def test_a_name_that_two_have_is_neither_and_a_series_own_comes_first(vault: Path, root: Path, tmp_path: Path) -> None:
    other = tmp_path / "Metal"
    (other / "more").mkdir(parents=True)
    (other / "Saws.md").write_text("# Hacksaws\n\n[[Saws]] and [[Bench plan]].\n", "utf-8")
    (other / "File.md").write_text("# File\n\n[[Saws]] and [[Bench plan]].\n", "utf-8")
    run_import(root, [str(vault), str(other)])
    assert body(root, "metal-file") == "[Saws](metal-hacksaws.md) and [Bench plan](../wood/wood-bench-plan.md)."
    lone = tmp_path / "Lone.md"
    lone.write_text("# Lone\n\n[[Saws]]\n", "utf-8")
    report = run_import(root, [str(lone)])
    assert body(root, "lone-lone") == "Saws"
    assert [problem.message for problem in report.problems] == ['several episodes have the name "Saws"']


def test_days_of_one_note_are_found_by_their_headings(root: Path, tmp_path: Path) -> None:
    course, note = tmp_path / "Course.md", tmp_path / "Summary.md"
    course.write_text(
        "# Course\n\n## Day 1: Oak\n\n[[#Day 2: Elm]], [[#Elm]], [[#Nowhere]]\n\n## Day 2: Elm\n\n### Bark\n\nRough.\n",
        "utf-8",
    )
    note.write_text("# Summary\n\n[[Course]], [[Course#Bark]] and [[Elm]]\n", "utf-8")
    report = run_import(root, [str(note), str(course)])
    assert body(root, "summary-summary") == (
        "[Course](../course/course-001.md), [Course > Bark](../course/course-002.md#bark)"
        " and [Elm](../course/course-002.md)"
    )
    assert body(root, "course-001") == "[Day 2: Elm](course-002.md), [Elm](course-002.md), Nowhere"
    assert [problem.message for problem in report.problems] == ['the note has no heading "Nowhere"']


def test_a_link_to_a_heading_does_not_examine_all_sessions(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    title = Guide.title
    monkeypatch.setattr(Guide, "title", lambda self, name: read.append(name) or title(self, name))
    days = [f"## Day {at}: Knot {at}\n\n{'[a](#gone) ' * 20}[b](#knot-29)\n\n" for at in range(30)]
    (tmp_path / "Ropes.md").write_text(f"# Ropes\n\n{''.join(days)}", "utf-8")
    run_import(root, [str(tmp_path / "Ropes.md")])
    assert body(root, "ropes-001").endswith("[b](ropes-029.md)") and len(read) < 10 * len(days)


def test_many_links_stay_within_a_notes_limits(root: Path, tmp_path: Path) -> None:
    note = tmp_path / "Many.md"
    long = "A name that is as long as titles of episodes well may be, and then some words"
    (tmp_path / f"{long}.md").write_text(f"# {long}\n\nx\n", "utf-8")
    note.write_text("# Many\n\n" + (f"[[{long}|x]] " * 300 + "\n\n") * 10, "utf-8")
    report = run_import(root, [str(note), str(tmp_path / f"{long}.md")])
    messages = [problem.message for problem in report.problems]
    assert messages == ["2 files of this folder became 2 series", "more than 2,000 links to other notes"]
    files = read_root(root)
    assert load(files.texts, files.assets).problems == ()
    assert body(root, "many-many").count("](../") == 2000


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("hackmd", "-\n# ![[d]\n\n[d]:[x](.md)\n\nSee [[Nobody]].\n"),
        ("log", "[\n[\n[\n[[](.md)\n](#there)\n# Day 1"),
        ("log", "[\n](d)[[](.md)](e)\n# Day 1"),
        ("log", "Day 1\n\nA [text [[log]](#there) and [[[log]](#there)](x.md)"),
    ],
)
def test_a_broken_link_that_becomes_text_makes_no_link_of_another(
    root: Path, tmp_path: Path, format: str, text: str
) -> None:
    (tmp_path / "notes.md").write_text(text, "utf-8")
    run_import(root, [str(tmp_path / "notes.md")], format=format)
    assert [one for one in inspect(root) if one.severity is Severity.ERROR] == []


LABELS = {
    "[a [b] c](Saws.md) and [good](Saws.md), [web](https://x.example/1)": "[a [b] c]({}) and [good]({}), "
    "[web](https://x.example/1)",
    "[list of `a[0]`](Saws.md), [`co]de`](Saws.md), [esc \\] br](Saws.md)": "[list of `a[0]`]({}), [`co]de`]({}), "
    "[esc \\] br]({})",
    "Old [[1]](https://x.example/2)[[2]](https://x.example/3), [\\[3\\]](Saws.md)": "Old [[1]](https://x.example/2)"
    "[[2]](https://x.example/3), [\\[3\\]]({})",
    "[[Saws]](https://x.example/4), [[Saws]](2019), [[Saws]](Saws.md)": "[[Saws]](https://x.example/4), "
    "[Saws]({})(2019), [[Saws]]({})",
    '[at[@@it]()](Saws.md), [a](Saws.md (b)), [a](Saws.md "b \\"c\\"")': "[at\\[@@it\\]()]({}), [a]({} (b)), "
    '[a]({} "b \\"c\\"")',
    "| t |\n| --- |\n| [a [b]](Saws.md) [[Saws\\|see]] |": "| t |\n| --- |\n| [a [b]]({}) [see]({}) |",
    "- [ ] a [b [c]](Saws.md)\n- [x] d": "- [ ] a [b [c]]({})\n- [x] d",
    "## On [a [1]](Saws.md)\n\nTo [[#On a 1]]": "## On [a [1]]({})\n\nTo [On a 1](#on-a-1)",
    "[outer [inner](Saws.md) rest](https://x.example/5)": "[outer [inner]({}) rest](https://x.example/5)",
    "[dead [x]](gone.md) `[c](gone.md)` [web `q[1]`](https://x.example/6)": "dead [x] `[c](gone.md)` "
    "[web `q[1]`](https://x.example/6)",
}


@pytest.mark.parametrize("text", LABELS)
def test_labels_of_links_may_contain_brackets_and_code(text: str, tmp_path: Path, root: Path) -> None:
    vault = write_files(tmp_path / "Wood", {"Boards.md": f"# Boards\n\n{text}\n", "Saws.md": "# Saws\n\nTeeth.\n"})
    run_import(root, [str(vault)], format="obsidian")
    assert body(root, "wood-boards") == LABELS[text].replace("{}", "wood-saws.md")
