"""Tests of notes with recovered structure: uncertain lines are reported, edits are kept, and imports are stable."""

import itertools
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from conftest import tree
from mlguide_site.errors import ContentError, UsageError
from mlguide_site.merge.records import Base, BodyBase, dump_record, line_hashes, load_record, read_records
from mlguide_site.merge.report import ImportReport, report_lines, report_values
from mlguide_site.merge.run import run_import
from mlguide_site.merge.three_way import read_note
from mlguide_site.merge.uncertain_structure import MIN_EXAMPLES, confirm, training_examples, uncertainty_hints
from mlguide_site.merge.uncertain_structure import uncertain_places as standing
from mlguide_site.recovery import Recovery, UncertainPlace, recovery
from mlguide_site.recovery.recovery import Recovered, Unsure

MARGIN = (
    "Two weavers talk about looms. ## Care of Looms Frames: Oil them twice a year. Reeds: Keep them dry. Heddles: Sort"
    " them by size. ## Shuttle Choice The boat is quick."
)
SUBJECTS = (
    "wool flax silk hemp jute cotton nettle mohair alpaca ramie sisal kapok linen tow felt yarn cord lace".split()
)
DEEDS = "spins binds turns holds warms cools marks lifts draws folds parts joins dries soaks bends lines".split()
THINGS = "spindle loom comb card reel shuttle frame needle hook dye mordant bath".split()


def flat_notes(chance: random.Random) -> str:
    """Return flattened notes in which phrases rarely recur."""

    def sentence() -> str:
        return " ".join([chance.choice(SUBJECTS), chance.choice(DEEDS), *chance.sample(SUBJECTS, 3)]).capitalize() + "."

    parts = [sentence(), sentence()]
    for _ in range(3):
        parts.append(f"## {chance.choice(THINGS).title()} and {chance.choice(SUBJECTS).title()}")
        parts += [f"{word.title()}: {sentence()}" for word in chance.sample(THINGS, 2)]
    return " ".join(parts)


def page(*notes: str) -> bytes:
    lines = ["Loom Talk", "", f"{len(notes)} episodes", ""]
    for number, text in enumerate(notes, 1):
        lines += [f"S1 Ep {number}Weaving {number}", "", text, "", f"Feb {number % 28 + 1}, 202632 min", ""]
    return "\n".join(lines).encode()


def put(root: Path, data: bytes) -> ImportReport:
    source = root.parent / "page.txt"
    source.write_bytes(data)
    return run_import(root, [str(source)])


def body(root: Path, id: str = "loom-talk-001") -> str:
    path = root / "episodes" / "loom-talk" / f"{id}.md"
    return read_note(path.read_text("utf-8"), path.name)[1]


def edit(root: Path, old: str, new: str, id: str = "loom-talk-001") -> None:
    path = root / "episodes" / "loom-talk" / f"{id}.md"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def hints(root: Path, id: str = "loom-talk-001") -> list[str]:
    path = f"episodes/loom-talk/{id}.md"
    _, text, line = read_note((root / path).read_text("utf-8"), path)
    return [str(hint) for hint in uncertainty_hints(path, text, line, read_records(root).bases[id].body)]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "kb"


def recorded(lines: str, *doubts: UncertainPlace) -> BodyBase:
    return BodyBase("directory", False, line_hashes(lines), Recovery("t", "m", doubts))


def test_a_doubt_stands_as_long_as_its_line() -> None:
    base = recorded(
        "One\n\n- Two\n- Two", UncertainPlace(2, 3, "item", "text", 40), UncertainPlace(3, 3, "item", "label", 30)
    )
    assert [(at, one.sure) for at, one in standing("New\n\nOne\n\n- Two\n- Two\n", base)] == [(4, 40), (5, 30)]
    assert [at for at, _ in standing("One\n\n- Two", base)] == [2]
    assert standing("One\n\n- Two!\n- Too", base) == []
    assert standing("One\n\n- Two\n- Two", replace(base, settled=frozenset(line_hashes("- Two")))) == []


def test_hints_say_where_what_and_how() -> None:
    base = recorded("One\n\n- **Two three:** four", UncertainPlace(2, 3, "label", "heading", 41))
    [hint] = uncertainty_hints("episodes/a/a-001.md", "One\n\n- **Two three:** four", 9, base)
    assert str(hint) == (
        'episodes/a/a-001.md:11:3: hint: "Two three: four" was read as a label and may be a heading; edit the line,'
        " or confirm it: mlguide check --confirm episodes/a/a-001.md:11"
    )


def test_records_keep_doubts() -> None:
    body = recorded("One\n\n- Two", UncertainPlace(2, 3, "item", "text", 40))
    body = replace(body, settled=frozenset(line_hashes("One")))
    base = Base("a", body=body)
    assert load_record(dump_record(base), "x.json") == base
    value = json.loads(dump_record(base))
    for doubts in (["a"], 3):
        value["body"]["recovery"]["uncertain"] = doubts
        with pytest.raises(ContentError):
            load_record(json.dumps(value).encode(), "x.json")


@pytest.fixture
def doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the model by one that is uncertain about three labels."""
    found = recovery.recover

    def unsure(texts: list[str], *arguments: Any) -> list[Recovered]:
        words = ("Frames:", "Reeds:", "Heddles:")
        places = [
            [Unsure(text.index(word), "label", "heading", 0.4) for word in words if word in text] for text in texts
        ]
        every = zip(found(texts, *arguments), places, strict=True)
        return [one._replace(unsure=tuple(own)) for one, own in every]

    recovery.recover_bodies.cache_clear()
    monkeypatch.setattr(recovery, "recover", unsure)


@pytest.mark.usefixtures("doubtful")
def test_an_import_counts_doubts_and_an_edit_or_a_word_ends_them(root: Path) -> None:
    report = put(root, page(MARGIN))
    assert "uncertain structure: 3 places in 1 episode; mlguide check lists them" in report_lines(report)
    assert report_values(report)["uncertain"] == {"loom-talk-001": 3}
    first, second, third = hints(root)
    place = second.split(":3: ")[0]
    assert '"Reeds: Keep them dry." was read as a label and may be a heading' in second
    assert confirm(root, [place]) == 1
    assert hints(root) == [first, third]
    with pytest.raises(UsageError, match="nothing is uncertain"):
        confirm(root, [place])
    again = put(root, page(MARGIN))
    assert (again.writes, again.uncertain) == ((), {"loom-talk-001": 2})
    edit(root, "- **Frames:** Oil", "## Frames\n\nOil")
    [moved] = hints(root)
    assert moved.partition("hint")[2] == third.partition("hint")[2].replace(":16", ":18")
    edit(root, "Sort them", "Always sort them")
    assert hints(root) == []


@pytest.mark.usefixtures("doubtful")
def test_all_of_a_note_can_be_confirmed(root: Path) -> None:
    put(root, page(MARGIN))
    assert confirm(root, ["./episodes/loom-talk/loom-talk-001.md"]) == 3
    assert hints(root) == []
    assert put(root, page(MARGIN)).uncertain == {}


@pytest.mark.parametrize(
    "place", ["notes.md", "episodes/loom-talk/loom-talk-009.md", "../episodes/a/b.md", "episodes/loom-talk/x.md:0", ""]
)
def test_only_notes_that_imports_wrote_are_confirmed(root: Path, place: str) -> None:
    put(root, page(MARGIN))
    before = tree(root)
    with pytest.raises(UsageError):
        confirm(root, [place])
    assert tree(root) == before


def another_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the model by another version, which finds no headings."""
    found = recovery.recover

    def flatter(*arguments: Any) -> list[Recovered]:
        bodies = [[line.removeprefix("## ") for line in one.markdown.split("\n")] for one in found(*arguments)]
        return [Recovered("\n".join(lines), ()) for lines in bodies]

    recovery.recover_bodies.cache_clear()
    monkeypatch.setattr(recovery, "recover", flatter)
    monkeypatch.setattr(recovery, "FORM", 0)


@pytest.fixture(autouse=True)
def _forgotten() -> object:
    yield
    recovery.recover_bodies.cache_clear()


def test_notes_keep_their_structure_with_another_model(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root, page(MARGIN))
    another_model(monkeypatch)
    assert put(root, page(MARGIN)).writes == ()
    edit(root, "## Care of Looms", "## The Care of Looms")
    report = put(root, page(MARGIN))
    assert "## The Care of Looms" in body(root)
    assert (report.writes, report.conflicts, list(report.kept)) == ((), (), ["loom-talk-001"])


def test_notes_stay_when_others_come_to_the_page(root: Path) -> None:
    chance = random.Random(3)
    notes = [flat_notes(chance) for _ in range(14)]
    put(root, page(*notes[:2]))
    before = body(root), body(root, "loom-talk-002")
    report = put(root, page(*notes))
    assert len(report.new) == 12 and report.changed == ()
    assert (body(root), body(root, "loom-talk-002")) == before


def written(at: int) -> str:
    """Return a handwritten note of this root. All notes have the same lower-case headings, with one sentence each."""
    one, thing = SUBJECTS[at % len(SUBJECTS)], THINGS[at % len(THINGS)]
    return (
        f"---\nid: loom-talk-{at:03}\ntitle: Written {at}\n---\n\nWhat {one} asks of a {thing}, and what it gives.\n\n"
        f"## where it comes from\n\nFirst came {one}.\n\n## how it is made\n\nThen a {thing} was made number"
        f" {at}.\n\n## what is left\n\nNobody knows why.\n"
    )


def write_notes(root: Path, count: int) -> None:
    folder = root / "episodes" / "loom-talk"
    folder.mkdir(parents=True)
    for at in range(count):
        (folder / f"loom-talk-{100 + at}.md").write_text(written(100 + at), "utf-8")


def test_a_root_with_enough_notes_teaches_the_model(tmp_path: Path) -> None:
    flat = page(read_note(written(41), "")[1].replace("##", "").replace("\n", " "))
    bodies = {}
    for count in (MIN_EXAMPLES - 1, MIN_EXAMPLES):
        root = tmp_path / str(count) / "kb"
        write_notes(root, count)
        report = put(root, flat)
        assert report.new == ("loom-talk-001",)
        assert put(root, flat).writes == ()
        bodies[count] = body(root)
    assert bodies[MIN_EXAMPLES] == read_note(written(41), "")[1] != bodies[MIN_EXAMPLES - 1]


def test_what_the_model_wrote_teaches_nothing(root: Path) -> None:
    chance = random.Random(5)
    put(root, page(*(flat_notes(chance) for _ in range(32))))
    bases = read_records(root).bases
    texts = {p.stem: p.read_text("utf-8") for p in sorted(root.glob("episodes/*/*.md"))}
    assert len(texts) == 32
    assert training_examples(texts, bases) == ()
    edited = {id: f"{text}\nBy hand.\n" for id, text in texts.items()}
    assert len(training_examples(edited, bases)) == len(training_examples(edited, {})) == 32
    plain = {id: Base("x", body=BodyBase("feed", False, bases[id].body.lines)) for id in bases}
    assert len(training_examples(texts, plain)) == 32
    broken = {**edited, "loom-talk-001": "no front matter"}
    assert len(training_examples(broken, bases)) == 31


def test_pages_given_together_are_the_same_in_any_order(tmp_path: Path) -> None:
    chance = random.Random(2)
    halves = [page(*[flat_notes(chance) for _ in range(6)]) for _ in range(2)]
    halves[1] = halves[1].replace(b"Loom Talk", b"Spindle Talk").replace(b"Weaving", b"Spinning")
    found = []
    for number, order in enumerate(itertools.permutations([0, 1])):
        root = tmp_path / str(number) / "kb"
        write_notes(root, MIN_EXAMPLES)
        for at, half in enumerate(halves):
            (root.parent / f"{at}.txt").write_bytes(half)
        run_import(root, [str(root.parent / f"{at}.txt") for at in order])
        found.append(tree(root))
    assert found[0] == found[1]
