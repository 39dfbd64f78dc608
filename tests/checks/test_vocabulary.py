"""Tests of names and slugs: ambiguous names are reported, and renamed or misspelt slugs are fixed."""

import pytest

from conftest import write_files
from mlguide_site.checks import fixes
from mlguide_site.checks.catalog import shared_names
from mlguide_site.checks.fixes import find_fixes, fix_root, fix_texts
from mlguide_site.content.load import load

SERIES = "a: {title: Alpha}\n"
TYPOS = ((12, "alhpa-2"), (21, "alpha-2"))


def files(note: str = "", **knowledge: str) -> dict[str, bytes]:
    texts = {f"knowledge/{name}.yml": text for name, text in {"series": SERIES, **knowledge}.items()}
    if note:
        texts["episodes/a/a-001.md"] = f"---\nid: a-001\ntitle: One\n{note}---\n\nText.  \nMore.\n"
    return {path: text.encode() for path, text in texts.items()}


def messages(**knowledge: str) -> list[str]:
    return [str(problem) for problem in sorted(shared_names(load(files(**knowledge), drafts=True).catalog).values())]


def slips(given: dict[str, bytes]) -> list[str]:
    return [str(slip) for slip in find_fixes(load(given, drafts=True).catalog)]


def test_a_name_of_two_kinds_is_no_problem():
    assert messages(tools="pig: {name: Data Pig}\n", glossary="pig: {term: data pigs}\n") == []


def test_british_and_american_spellings_are_one_name():
    [found] = messages(glossary="c: {term: Colour modelling}\nd: {term: color modeling}\n")
    assert 'and term "Colour modelling"' in found


@pytest.mark.parametrize(
    ("given", "expected", "path", "after"),
    [
        (
            files(topics="operations: {name: Ops, former: [ops]}\n", note="topics: [ops]\n"),
            ['episodes/a/a-001.md:4:10: replaced "ops" with "operations"'],
            "episodes/a/a-001.md",
            "---\nid: a-001\ntitle: One\ntopics: [operations]\n---\n\nText.  \nMore.\n",
        ),
        (
            files(topics="operations: {name: Ops}\n", note="topics: [opreations]   # c\n"),
            ['episodes/a/a-001.md:4:10: replaced "opreations" with "operations"'],
            "episodes/a/a-001.md",
            "---\nid: a-001\ntitle: One\ntopics: [operations]   # c\n---\n\nText.  \nMore.\n",
        ),
        (
            files(topics="natural-dyes: {name: D}\n", note="topics: [naturaldye]\n"),
            ['episodes/a/a-001.md:4:10: replaced "naturaldye" with "natural-dyes"'],
            "episodes/a/a-001.md",
            "---\nid: a-001\ntitle: One\ntopics: [natural-dyes]\n---\n\nText.  \nMore.\n",
        ),
        (
            files(topics="no: {name: Ops, former: [ops]}\n", note="topics: ['ops', ops]\n"),
            [f'episodes/a/a-001.md:4:{column}: replaced "ops" with "no"' for column in (10, 17)],
            "episodes/a/a-001.md",
            "---\nid: a-001\ntitle: One\ntopics: ['no', 'no']\n---\n\nText.  \nMore.\n",
        ),
        (
            files(
                series="a: {title: A}\nb: {title: B}\nalpha: {title: C}\n", note="requires: [alhpa-2, alpha-2, b-2]\n"
            )
            | {"episodes/alpha/alpha-002.md": b"---\nid: alpha-002\ntitle: Two\n---\n"},
            [f'episodes/a/a-001.md:4:{column}: replaced "{old}" with "alpha-002"' for column, old in TYPOS],
            "episodes/a/a-001.md",
            "---\nid: a-001\ntitle: One\nrequires: [alpha-002, alpha-002, b-2]\n---\n\nText.  \nMore.\n",
        ),
    ],
)
def test_a_slip_is_found_and_mended(given, expected, path, after):
    found = slips(given)
    assert found == expected
    fixed, _ = fix_texts(given)
    assert set(fixed) == {path}
    assert fixed[path].decode() == after
    rest = {**given, **fixed}
    assert slips(rest) == []
    assert fix_texts(rest) == ({}, ())


@pytest.mark.parametrize(
    "given",
    [
        # only a number differs, two slugs are equally close, the slug is too short
        files(topics="abcdef1: {name: A}\n", note="topics: [abcdef2]\n"),
        files(topics="alphas: {name: A}\nalphat: {name: B}\n", note="topics: [alphax]\n"),
        files(topics="ops: {name: A}\n", note="topics: [ops2]\n"),
        # two slugs differ only in a hyphen
        files(topics="data-base: {name: A}\ndatabase: {name: B}\n", note="topics: [data-bases]\n"),
        # the slug may be a topic, a person or a series that has no entry yet
        files(topics="banking: {name: A}\n", note="topics: [baking]\n"),
        files(people="hanna-berg: {name: H}\n", note="people: [{person: anna-berg}]\n"),
        files(people="brian-berg: {name: B}\n", note="people: [{person: brain-berg}]\n"),
        files(series="a: {title: A}\nalpha: {title: B}\n", note="requires: [alphb-001]\n")
        | {"episodes/alpha/alpha-001.md": b"---\nid: alpha-001\ntitle: One\n---\n"},
        # another number, and another known series
        files(note="requires: [a-0002, a-s1-001]\n"),
        files(series="a: {title: A}\nalpha: {title: B}\nalphb: {title: C}\n", note="requires: [alphb-001]\n")
        | {"episodes/alpha/alpha-001.md": b"---\nid: alpha-001\ntitle: One\n---\n"},
    ],
)
def test_what_is_not_safe_is_left(given):
    assert fix_texts(given) == ({}, ())


def test_only_so_many_slugs_are_compared(monkeypatch):
    given = files(
        topics="operations: {name: A}\nfermentation: {name: B}\n", note="topics: [opreations, fermetnation]\n"
    )
    assert len(fix_texts(given)[1]) == 2
    monkeypatch.setattr(fixes, "MAX_COMPARED", 2)
    assert [fix.old for fix in fix_texts(given)[1]] == ["opreations"]


def test_line_ends_and_marks_stay(tmp_path):
    # the byte order mark of a knowledge file doesn't change places
    topics = "\ufeffa: {name: A, former: [ops], parent: ops}\r\nb: {name: B}\r\n"
    note = "\ufeff---\r\nid: a-001\r\ntitle: One\r\ntopics: [ops, b]\r\n---\r\n\r\nText.  \r\n"
    given = {"mkdocs.yml": "site_name: T\n", "knowledge/series.yml": SERIES, "knowledge/topics.yml": topics}
    write_files(tmp_path, {**given, "episodes/a/a-001.md": note})
    assert len(fix_root(tmp_path)) == 2
    assert (tmp_path / "episodes/a/a-001.md").read_bytes().decode() == note.replace("[ops, b]", "[a, b]")
    assert (tmp_path / "knowledge/topics.yml").read_bytes().decode() == topics.replace("parent: ops", "parent: a")
