"""Texts that name no episode: whose they are, and that they wait where that isn't clear, whatever the order."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from merge.looms import NOTES, feed, page, teaser
from mlguide_site.errors import ContentError, UsageError
from mlguide_site.merge import ImportReport, report_lines, report_values, run_import
from mlguide_site.merge.merging import read_note

Put = Callable[[str, str], str]
SERIES = "the-loom-room"


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(name: str, text: str) -> str:
        (tmp_path / name).write_text(text, "utf-8")
        return str(tmp_path / name)

    return write


@pytest.fixture
def kb(tmp_path: Path) -> Path:
    return tmp_path / "kb"


def files(root: Path) -> Mapping[str, bytes]:
    found = sorted(path for path in root.rglob("*") if path.is_file() and path.name != "lock")
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def note(root: Path, number: int) -> tuple[Mapping[str, object], str]:
    path = root / "episodes" / SERIES / f"{SERIES}-{number:03}.md"
    front, body, _ = read_note(path.read_text("utf-8"), path.name)
    return front, body


def told(report: ImportReport) -> dict[int, tuple[int, str]]:
    """By line of the page the number of the episode that took its text, and what told it."""
    return {one.line: (int(one.id[-3:]), one.by) for one in report.matched}


def lines_of(texts: Sequence[str]) -> list[int]:
    return [2 * at + 2 for at in range(len(texts))]


def waiting(root: Path) -> list[Path]:
    return sorted((root / ".mlguide").glob("pending/*"))


NEWEST_FIRST = sorted(NOTES, reverse=True)


@pytest.mark.parametrize("icon", ["info_outline", "play_arrow", "some_thing", "download"])
@pytest.mark.parametrize("numbers", [NEWEST_FIRST, NEWEST_FIRST[::-1], NEWEST_FIRST[2:6]], ids=["new", "old", "some"])
def test_teasers_find_their_episodes(kb: Path, put: Put, numbers: list[int], icon: str) -> None:
    run_import(kb, [put("feed.xml", feed())])
    report = run_import(kb, [put("page.txt", page([teaser(n) for n in numbers], icon))], format="player")
    assert {line: number for line, (number, _) in told(report).items()} == dict(
        zip(lines_of(numbers), numbers, strict=True)
    )
    assert report.pending == () and waiting(kb) == []


def test_ambiguous_texts_are_held(kb: Path, put: Put) -> None:
    # most of the two texts is the same, and each is cut before anything else tells them apart
    run_import(kb, [put("feed.xml", feed())])
    texts = {n: NOTES[n][1].replace(f"Part {n - 4} of setting up a floor loom. ", "")[:150] + "..." for n in (6, 5)}
    report = run_import(kb, [put("page.txt", page([teaser(7), texts[6], texts[5], teaser(4)]))])
    assert {line: number for line, (number, _) in told(report).items()} == {2: 7, 8: 4}
    assert [one.line for one in report.pending] == [4, 6]


def test_a_part_is_never_taken_for_another(kb: Path, put: Put) -> None:
    run_import(kb, [put("feed.xml", feed([1, 2, 3, 4, 5, 7, 8]))])
    report = run_import(kb, [put("page.txt", page([teaser(7), teaser(6, 220), teaser(4)]))])
    assert {line: number for line, (number, _) in told(report).items()} == {2: 7, 6: 4}
    (left,) = report.pending
    assert (left.line, left.kind) == (4, "teaser")
    # its episode comes, and takes it
    later = run_import(kb, [put("feed.xml", feed())])
    assert [(one.id, one.kind) for one in later.matched] == [(f"{SERIES}-006", "teaser")]
    assert waiting(kb) == []


def test_an_episode_that_is_not_there_takes_nothing(kb: Path, put: Put) -> None:
    run_import(kb, [put("feed.xml", feed([1, 3, 5, 7]))])
    report = run_import(kb, [put("page.txt", page([teaser(n) for n in NEWEST_FIRST]))])
    assert {number for number, _ in told(report).values()} == {1, 3, 5, 7}
    assert [one.line for one in report.pending] == [2, 6, 10, 14]


FULL = [
    "Links:",
    "- Get the pattern book to weave along at home this winter!",
    "Fibres",
    "- Flax, wool, cotton:",
    "- Flax rots before it shines.",
    "- Every fibre is drawn, twisted and wound; how much twist decides whether yarn is soft or strong.",
    "- A bench test with kitchen scales and sand breaks nine yarns, and the winner surprises nobody who ever darned.",
]


def test_notes_in_full_become_those_of_their_episode(kb: Path, put: Put) -> None:
    directory = "The Loom Room\n2 episodes\n" + "".join(
        f"S1 Ep {n}{NOTES[n][0]}\n{NOTES[n][1]}\nFeb {n}, 2024 30 min\n" for n in (3, 2)
    )
    run_import(kb, [put("directory.txt", directory)])
    report = run_import(kb, [put("page.txt", page([teaser(3, 300)]) + "\ninfo_outline" + "\n".join(FULL))])
    assert {one.kind: one.id for one in report.matched} == {"teaser": f"{SERIES}-003", "notes": f"{SERIES}-002"}
    front, body = note(kb, 2)
    assert front["source"] == {"format": "player"}
    assert "- **Flax, wool, cotton:**\n    - Flax rots before it shines." in body


def sources(put: Put) -> dict[str, str]:
    others = page(
        ["A text that is of nothing here, about a boat with a hole in it and who bailed it out..."], "more_vert"
    )
    half = "The Loom Room\n1 episode\n" + f"S1 Ep 4{NOTES[4][0]}\n{NOTES[4][1]}\nFeb 4, 2024 30 min\n"
    return {
        "feed": put("feed.xml", feed([8, 7, 6, 5])),
        "directory": put("directory.txt", half),
        "page": put("page.txt", page([teaser(n) for n in NEWEST_FIRST]) + "\ninfo_outline" + "\n".join(FULL)),
        "other": put("other.txt", others + "\nmore_vertA second one of these, and it is just as far from any loom...."),
    }


def test_any_order_gives_the_same_root(tmp_path: Path, put: Put) -> None:
    given = sources(put)
    together = tmp_path / "together"
    run_import(together, list(given.values()))
    wanted = files(together)
    assert sum(path.startswith(".mlguide/pending/") for path in wanted) == 2
    for at, order in enumerate(itertools.permutations(given)):
        root = tmp_path / f"order-{at}"
        for name in order:
            run_import(root, [given[name]])
        assert files(root) == wanted, order


def test_again_changes_nothing(kb: Path, put: Put) -> None:
    given = sources(put)
    for name in (*given, *given):
        run_import(kb, [given[name]])
    before = files(kb)
    for name in given:
        assert run_import(kb, [given[name]]).writes == (), name
    assert run_import(kb, []).writes == ()
    assert files(kb) == before


def test_nothing_a_person_wrote_is_touched(kb: Path, put: Put) -> None:
    run_import(kb, [put("feed.xml", feed())])
    path = kb / "episodes" / SERIES / f"{SERIES}-008.md"
    path.write_text(path.read_text("utf-8").replace("---\n\n", "summary: My own words.\n---\n\n", 1), "utf-8")
    before = path.read_bytes()
    run_import(kb, [put("page.txt", page([teaser(8), teaser(7), teaser(6)]))])
    assert path.read_bytes() == before
    assert "summary" not in note(kb, 7)[0]


def test_an_episode_without_notes_gets_the_teaser_until_there_are_some(kb: Path, put: Put) -> None:
    run_import(kb, [put("feed.xml", feed(bare=7))])
    run_import(kb, [put("page.txt", page([teaser(n) for n in (8, 7, 6)]))])
    (path,) = waiting(kb)
    path.write_text(path.read_text("utf-8").replace("place: 2\n", f"place: 2\n  episode: {SERIES}-007\n"), "utf-8")
    run_import(kb, [])
    front, body = note(kb, 7)
    assert front["truncated"] == "true"
    assert body.startswith("A draft is read from the right")
    run_import(kb, [put("feed.xml", feed())])
    front, body = note(kb, 7)
    assert "truncated" not in front and body.rstrip().endswith("we find the mistake.")


@pytest.fixture
def left(kb: Path, put: Put) -> Path:
    """The file in which two texts wait."""
    run_import(kb, [put("feed.xml", feed([1, 2]))])
    report = run_import(kb, [put("page.txt", page([teaser(8), teaser(7), teaser(2)]))])
    assert len(report.pending) == 2
    (path,) = waiting(kb)
    return path


def test_a_person_tells_whose_a_text_is(kb: Path, put: Put, left: Path) -> None:
    text = left.read_text("utf-8").replace("- place: 1\n", "- place: 1\n  episode: the-loom-room-001\n")
    left.write_text(text, "utf-8")
    report = run_import(kb, [])
    assert [(one.id, one.by) for one in report.matched] == [(f"{SERIES}-001", "hand")]
    kept = left.read_text("utf-8")
    assert "place: 2\n" in kept and "place: 1\n" not in kept
    assert note(kb, 1)[0]["summary"]
    assert run_import(kb, []).writes == ()


def test_an_unknown_id_is_reported_and_the_text_waits(kb: Path, left: Path) -> None:
    left.write_text(left.read_text("utf-8").replace("place: 1\n", "place: 1\n  episode: mla-999\n"), "utf-8")
    before = files(kb)
    report = run_import(kb, [])
    assert 'no episode "mla-999"' in str(report.problems[0]) and left.name in report.problems[0].path
    assert files(kb) == before


def test_what_a_person_took_out_or_changed_stays_so(kb: Path, put: Put, left: Path) -> None:
    start = left.read_text("utf-8").index("- place: 2")
    text = left.read_text("utf-8")[:start].replace("A scarf takes", "A shawl takes")
    left.write_text(text, "utf-8")
    run_import(kb, [put("page.txt", page([teaser(8), teaser(7), teaser(2)]))])
    assert left.read_text("utf-8") == text


def test_a_deleted_file_stays_deleted(kb: Path, put: Put, left: Path) -> None:
    left.unlink()
    again = run_import(kb, [put("page.txt", page([teaser(8), teaser(7), teaser(2)]))])
    assert again.writes == () and not left.exists()
    assert any("deleted by hand" in problem.message and left.name in problem.path for problem in again.problems)


def test_the_report_says_what_waits_and_what_was_matched(kb: Path, put: Put, left: Path) -> None:
    dry = run_import(kb, [put("feed.xml", feed())], dry_run=True)
    said = "\n".join(report_lines(dry, diff=True))
    assert f"matched: {SERIES}-008: teaser of .mlguide/pending/{left.name} (line 2), by its words" in said
    assert left.exists()
    values = report_values(run_import(kb, []))
    assert [one["path"] for one in values["pending"]] == [f".mlguide/pending/{left.name}"] * 2
    lines = report_lines(run_import(kb, []))
    assert any(line.startswith(f"pending in .mlguide/pending/{left.name}: 2 texts") for line in lines)


BAD = {
    "no-yaml": "waiting: [\n",
    "list": "- a\n",
    "alias": "format: player\nwaiting: &a [*a]\n",
    "unknown-format": "format: novel\n",
    "no-format": "waiting: []\n",
    "unknown-key": "format: player\nwaitng: []\n",
    "place": "format: player\nwaiting:\n- {place: -1, text: a}\n",
    "huge-place": f"format: player\nwaiting:\n- {{place: {'9' * 5000}, text: a}}\n",
    "twice": "format: player\nwaiting:\n- {place: 1, text: a}\n- {place: 1, text: b}\n",
    "no-text": "format: player\nwaiting:\n- {place: 1}\n",
    "path": "format: player\nwaiting:\n- {place: 1, text: a, episode: ../../x}\n",
    "taken": "format: player\ntaken: {1: /etc/x}\n",
    "tag": "format: !!python/object:os.system player\n",
    "suffix": "format: transcript\nsuffix: /../../x\nname: a\n",
    "missing": "format: transcript\nsuffix: .vtt\nname: a\n",
    "deep": "format: " + "[" * 3000 + "\n",
    "waiting": "format: player\nwaiting: 3\n",
}


@pytest.mark.parametrize("case", BAD)
def test_a_file_that_says_nothing_sensible_is_named(kb: Path, put: Put, case: str) -> None:
    run_import(kb, [put("feed.xml", feed([1, 2]))])
    (kb / ".mlguide" / "pending").mkdir()
    (kb / ".mlguide" / "pending" / "odd.yml").write_text(BAD[case], "utf-8")
    before = files(kb)
    with pytest.raises(ContentError) as found:
        run_import(kb, [put("feed.xml", feed([1, 2, 3]))])
    assert all(problem.path.startswith(".mlguide/pending/odd") for problem in found.value.problems)
    assert files(kb) == before


def test_links_and_other_files_there_are_passed_over(kb: Path, put: Put, tmp_path: Path) -> None:
    folder = kb / ".mlguide" / "pending"
    folder.mkdir(parents=True)
    (folder / "README.md").write_text("Mine.\n", "utf-8")
    (tmp_path / "outside.yml").write_text("- no\n", "utf-8")
    (folder / "link.yml").symlink_to(tmp_path / "outside.yml")
    assert run_import(kb, [put("feed.xml", feed([1]))]).new == (f"{SERIES}-001",)
    with pytest.raises(UsageError):
        run_import(kb, [])


SAID = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nWhat is woven\n"


@pytest.mark.parametrize("name", ["The Loom Room 7.vtt", "Patterns on paper.en.vtt", "the-loom-room-007.vtt"])
def test_a_transcript_waits_for_its_episode(tmp_path: Path, put: Put, name: str) -> None:
    source, show = put(name, SAID), put("feed.xml", feed())
    wanted = tmp_path / "wanted"
    run_import(wanted, [show])
    run_import(wanted, [source])
    root = tmp_path / "kb"
    report = run_import(root, [source])
    assert [one.kind for one in report.pending] == ["transcript"]
    assert sorted(path.suffix for path in waiting(root)) == [".vtt", ".yml"]
    before = files(root)
    assert run_import(root, [source]).writes == () and files(root) == before
    taken = run_import(root, [show])
    assert [(one.id, one.by) for one in taken.matched] == [(f"{SERIES}-007", "name")]
    assert files(root) == files(wanted)


def test_a_person_tells_whose_a_transcript_is(kb: Path, put: Put) -> None:
    run_import(kb, [put("feed.xml", feed())])
    run_import(kb, [put("talk.vtt", SAID)])
    (path,) = [path for path in waiting(kb) if path.suffix == ".yml"]
    path.write_text(path.read_text("utf-8") + f"episode: {SERIES}-003\n", "utf-8")
    report = run_import(kb, [])
    assert [(one.id, one.by) for one in report.matched] == [(f"{SERIES}-003", "hand")]
    assert (kb / "episodes" / SERIES / f"{SERIES}-003.vtt").read_text("utf-8") == SAID
    assert waiting(kb) == []
