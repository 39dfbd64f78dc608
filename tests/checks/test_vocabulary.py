"""Names that look like one are told, slips are found with their place, and mended without touching the rest."""

import pytest

from mlguide_site.checks.fixes import find_fixes, fix_root, fix_texts
from mlguide_site.checks.names import check_names
from mlguide_site.content.load import load

SERIES = "a: {title: Alpha}\n"


def files(note: str = "", **knowledge: str) -> dict[str, bytes]:
    texts = {f"knowledge/{name}.yml": text for name, text in {"series": SERIES, **knowledge}.items()}
    if note:
        texts["episodes/a/a-001.md"] = f"---\nid: a-001\ntitle: One\n{note}---\n\nText.  \nMore.\n"
    return {path: text.encode() for path, text in texts.items()}


def told(**knowledge: str) -> list[str]:
    return [str(problem) for problem in check_names(load(files(**knowledge), drafts=True).catalog)]


def slips(given: dict[str, bytes]) -> list[str]:
    return [str(slip.problem) for slip in find_fixes(given, load(given, drafts=True).catalog)]


def test_a_name_of_two_kinds_is_told_at_the_later_one():
    found = told(tools="pig:\n  name: Data Pig\n", glossary="x: {term: X}\npig:\n  term: data pigs\n")
    assert found == [
        'knowledge/glossary.yml:2:1: hint: term "pig": "data pigs" also names the tool "Data Pig" '
        '(knowledge/tools.yml:1), there written "Data Pig"; keep one of the two, or drop the alias from one'
    ]


def test_rules_that_keep_two_names_apart_are_enough():
    tools = "pig: {name: Pig, match: [{case: true}]}\n"
    assert told(tools=tools, glossary="pig: {term: pig}\n") == []


def test_british_and_american_spellings_are_one_name():
    found = told(topics="c: {name: Colour modelling}\n", glossary="c: {term: color modeling}\n")
    assert ["also names the topic" in line for line in found] == [True]


@pytest.mark.parametrize(
    ("one", "other", "told_of"),
    [
        ("TensorFlow", "TensorFlwo", True),
        ("TensorFlow", "TensorFlw", True),
        ("TensorFlow", "TensorFlows", False),
        ("Amazon ECR", "Amazon ECS", False),
        ("Regression", "Repression", True),
        ("Model Two B", "Model Two C", False),
        ("Kubernetes", "Cubernetes", False),
        ("Version 10", "Version 11", False),
    ],
)
def test_names_one_letter_apart_are_told(one, other, told_of):
    found = told(tools=f"one: {{name: {one}}}\nother: {{name: {other}}}\n")
    assert [line for line in found if "one letter" in line] == found
    assert bool(found) == told_of


def test_former_names_in_use_are_told():
    found = told(tools="a1: {name: Aa, former: [b1, c1]}\nb1: {name: Bb, former: [c1]}\n")
    assert found == [
        'knowledge/tools.yml:1:1: tool "a1": "b1" in "former" is also the slug of "b1"; take it out of one of the two',
        'knowledge/tools.yml:2:1: tool "b1": "c1" in "former" is also the slug of "a1"; take it out of one of the two',
    ]


@pytest.mark.parametrize(
    ("given", "expected", "path", "after"),
    [
        (
            files(tools="t: {name: Node’s, aliases: [Other, 'Other']}  # c\n"),
            [
                'knowledge/tools.yml:1:36: hint: "Other" is in "aliases" twice',
            ],
            "knowledge/tools.yml",
            "t: {name: Node’s, aliases: [Other]}  # c\n",
        ),
        (
            files(topics="ops: {name: Ops}\n", note="topics:\n- ops\n# why\n- ops\n"),
            ['episodes/a/a-001.md:7:3: hint: "ops" is in "topics" twice'],
            "episodes/a/a-001.md",
            "---\nid: a-001\ntitle: One\ntopics:\n- ops\n# why\n---\n\nText.  \nMore.\n",
        ),
        (
            files(topics="operations: {name: Ops, former: [ops]}\n", note="topics: [ops]\n"),
            ['episodes/a/a-001.md:4:10: hint: "ops" is called "operations" now'],
            "episodes/a/a-001.md",
            "---\nid: a-001\ntitle: One\ntopics: [operations]\n---\n\nText.  \nMore.\n",
        ),
        (
            files(topics="operations: {name: Ops}\n", note="topics: [opertions]   # c\n"),
            ['episodes/a/a-001.md:4:10: hint: "opertions" is a typo for "operations"'],
            "episodes/a/a-001.md",
            "---\nid: a-001\ntitle: One\ntopics: [operations]   # c\n---\n\nText.  \nMore.\n",
        ),
        (
            files(topics="operations: {name: Ops}\n", note="topics: [opertions, operations]\n"),
            ['episodes/a/a-001.md:4:10: hint: "opertions" is a typo for "operations"'],
            "episodes/a/a-001.md",
            "---\nid: a-001\ntitle: One\ntopics: [operations]\n---\n\nText.  \nMore.\n",
        ),
    ],
)
def test_a_slip_is_found_and_mended(given, expected, path, after):
    found = slips(given)
    assert [line.rpartition("; ")[0] for line in found] == expected
    mended = fix_texts(given)
    assert set(mended.files) == {path}
    assert mended.files[path].decode().replace("\r\n", "\n") == after
    rest = {**given, **mended.files}
    assert slips(rest) == []
    assert fix_texts(rest).files == {}


@pytest.mark.parametrize(
    "given",
    [
        # a number differs, two slugs are as near, the slug is short, a comment would go
        files(topics="abcdef1: {name: A}\n", note="topics: [abcdef2]\n"),
        files(topics="alphas: {name: A}\nalphat: {name: B}\n", note="topics: [alphax]\n"),
        files(topics="ops: {name: A}\n", note="topics: [ops2]\n"),
        files(topics="ops: {name: A}\n", note="topics:\n- ops\n- ops  # why\n"),
    ],
)
def test_what_is_not_safe_is_left(given):
    assert fix_texts(given).files == {}


def test_line_ends_and_marks_stay(tmp_path):
    note = "\ufeff---\r\nid: a-001\r\ntitle: One\r\ntopics: [ops, ops]\r\n---\r\n\r\nText.  \r\n"
    given = {"mkdocs.yml": "site_name: T\n", "knowledge/series.yml": SERIES, "knowledge/topics.yml": "ops: {name: O}\n"}
    for name, text in {**given, "episodes/a/a-001.md": note}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(text.encode())
    assert len(fix_root(tmp_path)) == 1
    after = (tmp_path / "episodes/a/a-001.md").read_bytes().decode()
    assert after == note.replace("[ops, ops]", "[ops]")


def test_slips_in_the_names_of_people_and_titles_are_told():
    assert "one letter" in told(people="a: {name: Barbara Liskov}\nb: {name: Barbara Liskow}\n")[0]
    assert told(people="a: {name: Barbara Liskov}\n", resources="b: {title: Barbara Liskow}\n") == []
