"""Tests of texts without an episode id: they are matched, or held as pending if ambiguous, in any order of sources."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from merge.looms import NOTES, feed, page, teaser
from mlguide_site.errors import ContentError, UsageError
from mlguide_site.merge.report import ImportReport, report_lines, report_values
from mlguide_site.merge.run import run_import
from mlguide_site.merge.three_way import read_note

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


def matches(report: ImportReport) -> dict[int, tuple[int, str]]:
    """Return the episode number and the reason of each match, by line of the text."""
    return {one.line: (int(one.id[-3:]), one.by) for one in report.matched}


def lines_of(texts: Sequence[str]) -> list[int]:
    return [2 * at + 2 for at in range(len(texts))]


def waiting(root: Path) -> list[Path]:
    return sorted((root / ".mlguide").glob("pending/*/*"))


NEWEST_FIRST = sorted(NOTES, reverse=True)


@pytest.mark.parametrize("icon", ["info_outline", "play_arrow", "some_thing"])
@pytest.mark.parametrize("numbers", [NEWEST_FIRST, NEWEST_FIRST[::-1], NEWEST_FIRST[2:6]], ids=["new", "old", "some"])
def test_teasers_find_their_episodes(kb: Path, put: Put, numbers: list[int], icon: str) -> None:
    run_import(kb, [put("feed.xml", feed())])
    report = run_import(kb, [put("page.txt", page([teaser(n) for n in numbers], icon))], format="player")
    assert {line: number for line, (number, _) in matches(report).items()} == dict(
        zip(lines_of(numbers), numbers, strict=True)
    )
    assert report.pending == () and waiting(kb) == []


def test_ambiguous_texts_are_held(kb: Path, put: Put) -> None:
    # the two texts are mostly the same, and truncated before any difference
    run_import(kb, [put("feed.xml", feed())])
    texts = {n: NOTES[n][1].replace(f"Part {n - 4} of setting up a floor loom. ", "")[:150] + "..." for n in (6, 5)}
    report = run_import(kb, [put("page.txt", page([teaser(7), texts[6], texts[5], *map(teaser, (4, 3, 2))]))])
    assert {line: number for line, (number, _) in matches(report).items()} == {2: 7, 8: 4, 10: 3, 12: 2}
    assert [one.line for one in report.pending] == [4, 6]


def test_a_part_is_never_taken_for_another(kb: Path, put: Put) -> None:
    run_import(kb, [put("feed.xml", feed([1, 2, 3, 4, 5, 7, 8]))])
    report = run_import(kb, [put("page.txt", page([teaser(7), teaser(6, 220), teaser(4)]))])
    assert {line: number for line, (number, _) in matches(report).items()} == {2: 7, 6: 4}
    (left,) = report.pending
    assert (left.line, left.kind) == (4, "teaser")
    # the episode is imported, and takes the text
    later = run_import(kb, [put("feed.xml", feed())])
    assert [(one.id, one.kind) for one in later.matched] == [(f"{SERIES}-006", "teaser")]
    assert waiting(kb) == []


def test_an_episode_that_is_not_there_takes_nothing(kb: Path, put: Put) -> None:
    run_import(kb, [put("feed.xml", feed([1, 3, 5, 7]))])
    report = run_import(kb, [put("page.txt", page([teaser(n) for n in NEWEST_FIRST]))])
    assert {number for number, _ in matches(report).values()} == {1, 3, 5, 7}
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
    titled = [f"{NOTES[n][0]}\nFeb {n}, 2024\n31 min\n{teaser(n)}" for n in (8, 7, 6)]
    run_import(kb, [put("page.txt", page(titled))])
    front, body = note(kb, 7)
    assert front["truncated"] == "true"
    assert body.startswith("A draft is read from the right")
    run_import(kb, [put("feed.xml", feed())])
    front, body = note(kb, 7)
    assert "truncated" not in front and body.rstrip().endswith("we find the mistake.")


@pytest.fixture
def left(kb: Path, put: Put) -> Path:
    """The file with the two pending texts of a page."""
    run_import(kb, [put("feed.xml", feed([1, 2]))])
    report = run_import(kb, [put("page.txt", page([teaser(8), teaser(7), teaser(2)]))])
    assert len(report.pending) == 2
    (path,) = waiting(kb)
    return path


def test_what_a_person_took_out_or_changed_stays_so(kb: Path, put: Put, left: Path) -> None:
    text = page([teaser(8).replace("A scarf takes", "A shawl takes")])
    left.write_text(text, "utf-8")
    report = run_import(kb, [put("page.txt", page([teaser(8), teaser(7), teaser(2)]))])
    assert left.read_text("utf-8") == text and len(report.pending) == 1


def test_the_report_says_what_is_pending_and_what_was_matched(kb: Path, put: Put, left: Path) -> None:
    path = left.relative_to(kb).as_posix()
    dry = run_import(kb, [put("feed.xml", feed())], dry_run=True)
    said = "\n".join(report_lines(dry, diff=True))
    assert f"matched: {SERIES}-008: teaser of {path} (line 2), by its words" in said
    assert left.exists()
    again = run_import(kb, [])
    assert (again.matched, again.problems, again.writes) == ((), (), ())
    assert [one["path"] for one in report_values(again)["pending"]] == [path] * 2
    assert any(line.startswith(f"pending in {path}: 2 texts") for line in report_lines(again))


def test_a_copy_that_cannot_be_read_is_named(kb: Path, put: Put, left: Path) -> None:
    left.write_bytes(b"\x00")
    before = files(kb)
    with pytest.raises(ContentError) as found:
        run_import(kb, [put("feed.xml", feed([1, 2, 3]))])
    assert {problem.path for problem in found.value.problems} == {left.relative_to(kb).as_posix()}
    assert files(kb) == before


def test_links_and_other_files_there_are_passed_over(kb: Path, put: Put, tmp_path: Path) -> None:
    folder = kb / ".mlguide" / "pending"
    for name in ("mine", "player-0123456789abcdef"):
        (folder / name).mkdir(parents=True)
    (folder / "README.md").write_text("Mine.\n", "utf-8")
    (folder / "mine" / "page.txt").write_text("Mine.\n", "utf-8")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "page.txt").write_text(page([teaser(1)]), "utf-8")
    (folder / "player-0123456789abcdef" / "page.txt").symlink_to(tmp_path / "outside" / "page.txt")
    (folder / "player-0123456789abcdee").symlink_to(tmp_path / "outside")
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
    assert [path.name for path in waiting(root)] == [name]
    before = files(root)
    assert run_import(root, [source]).writes == () and files(root) == before
    taken = run_import(root, [show])
    assert [(one.id, one.by) for one in taken.matched] == [(f"{SERIES}-007", "name")]
    assert files(root) == files(wanted) and waiting(root) == []


def test_a_person_tells_whose_a_transcript_is_by_renaming_it(kb: Path, put: Put) -> None:
    run_import(kb, [put("feed.xml", feed())])
    run_import(kb, [put("talk.vtt", SAID)])
    (path,) = waiting(kb)
    path.rename(path.with_name(f"{SERIES}-003.vtt"))
    report = run_import(kb, [])
    assert [(one.id, one.by) for one in report.matched] == [(f"{SERIES}-003", "name")]
    assert (kb / "episodes" / SERIES / f"{SERIES}-003.vtt").read_text("utf-8") == SAID
    assert waiting(kb) == []


@pytest.mark.parametrize("name", [f"{'Warp and weft ' * 15}.vtt", "織機" * 40 + ".vtt", ".vtt", "a:b*c?.vtt"])
def test_any_name_of_a_transcript_can_be_kept(kb: Path, put: Put, tmp_path: Path, name: str) -> None:
    try:
        source = put(name, SAID)
    except OSError:
        pytest.skip("there is no file of that name here")
    assert len(run_import(kb, [source]).pending) == 1
    (path,) = waiting(kb)
    assert path.read_text("utf-8") == SAID
    assert run_import(kb, [source]).writes == ()
    assert run_import(kb, []).writes == ()
