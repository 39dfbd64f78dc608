"""Tests of proposals that become drafts in knowledge files. Drafts stay out of the site until a person accepts them."""

import pytest

from labels import Settings
from mlguide_site.cli.program import main
from mlguide_site.content.files import JOURNAL, Journal
from mlguide_site.content.load import load
from mlguide_site.content.root import read_root
from mlguide_site.editing.suggest.drafts import add_entries
from mlguide_site.editing.suggest.proposals import propose
from mlguide_site.model.digests import digest
from mlguide_site.pipeline import build, examine, inspect

BODIES = {
    "a-001": "We use libraries like DuckDB, PyArrow and Node.js. A write ahead log (WAL) helps.",
    "a-002": "Read the MotherDuck newsletter, the MotherDuck videos. DuckDB again.",
}
TOOLS = "# mine\n\nairflow:   # kept\n    name: Airflow\nzulu:\n  name: 'Zulu'  # too\n"


def drafted_in(root):
    return add_entries(root, propose(examine(root, drafts=True, texts=True).linked), is_draft=True)


def test_drafts_are_added_and_every_other_line_stays(write):
    root = write({**BODIES, "knowledge/tools.yml": TOOLS})
    drafted = drafted_in(root)
    text = (root / "knowledge/tools.yml").read_text("utf-8")
    assert [line for line in TOOLS.splitlines() if line not in text.splitlines()] == []
    assert "duckdb:\n  name: DuckDB\n  status: draft\n" in text
    assert "abbreviations:\n    - WAL\n  status: draft\n" in (root / "knowledge/glossary.yml").read_text("utf-8")
    works = (root / "knowledge/resources.yml").read_text("utf-8")
    assert "motherduck:\n  title: MotherDuck\n  format: other\n" in works
    assert {kind for kind, _ in drafted} >= {"tool", "term", "resource"}


def test_a_second_run_proposes_nothing_that_stands(write):
    root = write(BODIES)
    drafted_in(root)
    assert propose(examine(root, drafts=True, texts=True).linked) == ()


def test_drafts_pass_check_and_stay_out_of_the_site(write):
    root = write(BODIES)
    drafted_in(root)
    assert [str(problem) for problem in inspect(root) if problem.severity != "hint"] == []
    texts = read_root(root).texts
    assert not load(texts).catalog.tools
    assert "duckdb" in load(texts, drafts=True).catalog.tools


def test_a_name_whose_slug_is_taken_is_left_out(write):
    root = write({"a-001": "We run C++, with C++ code.", "knowledge/tools.yml": "c-plus-plus:\n  name: C\n"})
    drafted = drafted_in(root)
    assert drafted == {}


def test_two_entries_that_share_a_name_already_dont_keep_drafts_out(write):
    root = write({**BODIES, "knowledge/tools.yml": "yy: {name: Zeta}\nzz: {name: Zeta}\n"})
    drafted = drafted_in(root)
    assert {"duckdb", "pyarrow"} <= {slug for _, slug in drafted}


def test_a_draft_with_the_name_of_an_entry_is_left_out(write):
    tools = "zz: {name: Other, aliases: [DuckDB]}\n"
    root = write(BODIES)
    proposals = propose(examine(root, drafts=True, texts=True).linked)
    (root / "knowledge/tools.yml").write_text(tools, "utf-8")
    assert "duckdb" not in {slug for _, slug in add_entries(root, proposals, is_draft=True)}


def test_what_is_said_of_a_draft_is_no_error_where_drafts_are_left_out(write):
    root = write({"knowledge/tools.yml": "x: {name: X1, status: draft}\n", "a-001": "Text."})
    note = root / "episodes/a/a-001.md"
    note.write_text(note.read_text("utf-8").replace("title: Notes", "title: Notes\ntools: [x]"), "utf-8")
    assert [str(problem) for problem in examine(root).problems if problem.severity == "error"] == []


def test_a_preview_shows_drafts_and_says_that_they_are(write):
    root = write({"a-001": "We use DuckDB.", "knowledge/tools.yml": "duckdb: {name: DuckDB, status: draft}\n"})
    build(root, Settings("T", preview=True))
    assert '<span class="mg-state">draft</span>' in (root / "build/pages/tools/duckdb.md").read_text("utf-8")
    build(root, Settings("T"))
    assert not (root / "build/pages/tools/duckdb.md").exists()


def test_an_interrupted_change_is_undone_before_names_are_proposed(write):
    root = write(BODIES)
    note = root / "episodes/a/a-001.md"
    old, new = (
        note.read_bytes(),
        b"---\nid: a-001\ntitle: Notes\n---\n\nWe use tools like RedPanda, and RedPanda.\n",
    )
    note.write_bytes(new)
    journal = Journal(files={"episodes/a/a-001.md": (old, digest(new))}, moves={})
    (root / ".mlguide").mkdir()
    (root / JOURNAL).write_text(journal.model_dump_json())
    with pytest.raises(SystemExit):
        main(["-C", str(root), "suggest", "--write"])
    assert note.read_bytes() == old
    tools = (root / "knowledge/tools.yml").read_text("utf-8")
    assert "DuckDB" in tools and "PyArrow" in tools and "RedPanda" not in tools
