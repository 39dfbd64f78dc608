"""Tests of `mlguide new --from-issue`: golden cases, and any text in any field.

Each case is the text of a form, `forms/<case>.in.md`, with the expected result beside it: problems, or the new file.
"""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import tree, write_files
from hosting.conftest import ROOT
from mlguide_site.cli.program import main
from mlguide_site.editing.issue_forms import FOLDER, MAX_CHARACTERS, create_from_form, form_fields
from mlguide_site.pipeline import inspect

CASES = Path(__file__).parent / "forms"
TEMPLATES = Path(__file__).parents[2] / "templates/hosting/github" / FOLDER


def files_in(root: Path) -> dict[str, bytes]:
    return {path: data for path, data in tree(root).items() if ".mlguide/" not in path}


def run(capsys, root: Path, source: Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["-C", str(root), "new", "--from-issue", str(source), "--format", "json"])
    out, err = capsys.readouterr()
    return end.value.code, out, err.replace(str(source), source.name)


@pytest.mark.parametrize("case", sorted(CASES.glob("*.in.md")), ids=lambda path: path.name.removesuffix(".in.md"))
def test_a_form(case: Path, golden, tmp_path, capsys) -> None:
    root = write_files(tmp_path / "root", ROOT)
    before = files_in(root)
    status, out, err = run(capsys, root, case)
    after = files_in(root)
    changed = {path: data for path, data in after.items() if before.get(path) != data}
    assert before.keys() <= after.keys()
    assert len(changed) <= 1
    assert status == (0 if changed or "correction" in case.name else 1)
    assert "Traceback" not in err and (not out or json.loads(out)["path"] == "".join(changed))
    text = f"exit status {status}\n{err}"
    for path, data in changed.items():
        text += f"\n==> {path}\n{data.decode()}"
    golden(case.with_name(case.name.replace(".in.md", ".out.txt")), text)
    assert not [one for one in inspect(root) if one.severity == "error"]


def test_a_form_that_is_too_long(tmp_path, capsys) -> None:
    root = write_files(tmp_path / "root", ROOT)
    source = tmp_path / "form.md"
    for length in (100_000, 10_000_000):
        source.write_text((CASES / "episode.in.md").read_text("utf-8") + "wool " * (length // 5), "utf-8")
        before = files_in(root)
        status, out, err = run(capsys, root, source)
        assert (status, before) == (1, files_in(root))
        assert err.startswith("form.md:1:1: form: the text is longer than 65,536 characters; shorten the text")
        assert [one["field"] for one in json.loads(out)["problems"]] == ["form"]


def test_the_forms_of_the_root_define_the_labels(tmp_path, capsys) -> None:
    form = (TEMPLATES / "new-entry.yml").read_text("utf-8").replace("label: Kind", "label: Art")
    root = write_files(tmp_path / "root", {**ROOT, f"{FOLDER}/new-entry.yml": form})
    source = tmp_path / "form.md"
    source.write_text((CASES / "tool.in.md").read_text("utf-8"), "utf-8")
    assert run(capsys, root, source)[0] == 1
    source.write_text((CASES / "tool.in.md").read_text("utf-8").replace("### Kind", "### Art"), "utf-8")
    assert run(capsys, root, source)[0] == 0


@pytest.mark.parametrize("text", ["body: 3\n", "body: [3]\n", "body:\n- {id: a}\n", "a: [\n", "", "body: []\n"])
def test_a_broken_form_of_the_root(text: str, tmp_path, capsys) -> None:
    root = write_files(tmp_path / "root", {**ROOT, f"{FOLDER}/new-entry.yml": text})
    status, _, err = run(capsys, root, CASES / "tool.in.md")
    assert status == 1 and "unexpected" not in err


def test_a_name_that_is_in_use_is_reported_with_other_problems_of_the_root(tmp_path, capsys) -> None:
    """Earlier problems of the root aren't those of the form."""
    broken = {"knowledge/tools.yml": ROOT["knowledge/tools.yml"] + "zzz:\n  name: Z\n  wrong: 1\n"}
    root = write_files(tmp_path / "root", {**ROOT, **broken})
    status, out, _ = run(capsys, root, CASES / "tool.in.md")
    assert status == 0 and json.loads(out)["slug"] == "drum-carder"


def test_a_knowledge_file_that_takes_no_entry(tmp_path, capsys) -> None:
    for text in ("{a: {name: A}}\n", "a: [\n", "- a\n"):
        root = write_files(tmp_path / "root", {**ROOT, "knowledge/tools.yml": text})
        status, out, _ = run(capsys, root, CASES / "tool.in.md")
        assert status == 1 and json.loads(out)["problems"][0]["field"] == "Name"
        assert (root / "knowledge/tools.yml").read_text("utf-8") == text


ODD = st.sampled_from(
    "### Series|### Kind|_No response_|---|../../x|$(id)|`|```|<script>|{{ a }}|\0|\x1b|\u202e|\u2028|\x85|[a](b.md)"
    "|![a](c)|[[wool-001]]|<<<<<<< a|>>>>>>> b|!!! note|id: x|&a|*a|wool-001|#|- a\n  - b|[^1]: a|    code|\r|\n|\n\n"
    "|: |wool|'|\"|\\|%|1|2025-01-01|tool|term|resource|https://a.example/|javascript:x|\t".split("|")
)
TEXT = st.lists(ODD | st.text(max_size=12), max_size=12).map("".join)


@st.composite
def filled(draw) -> str:
    """A form whose fields are valid, or contain any text."""
    valid = {
        "new-episode": ("wool", "5", "Carding", "2025-01-01", "Notes."),
        "new-entry": (draw(st.sampled_from(["tool", "term", "resource"])), "Carder", "Cards.", "", "wool-001"),
        "correction": ("a", "b", "c"),
    }
    name = draw(st.sampled_from(["new-episode"] * 3 + ["new-entry"] * 3 + ["correction"]))
    labels = [field.label for field in form_fields(Path("/nowhere"))[name].values()]
    values = [draw(st.just(value) | TEXT) for value in valid[name]]
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join(
        f"### {label}{end}{end}{value or '_No response_'}{end}" for label, value in zip(labels, values, strict=True)
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return write_files(tmp_path_factory.mktemp("forms") / "root", ROOT)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(text=filled() | TEXT)
def test_any_text_gives_a_valid_file_or_problems(made: Path, text: str) -> None:
    root = made.with_name("copy")
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(made, root)
    source = made.parent / "form.md"
    source.write_bytes(text.encode("utf-8", "surrogatepass"))
    outside = {path: data for path, data in files_in(made.parent).items() if not path.startswith("copy/")}
    before = files_in(root)
    form = None
    try:
        form = create_from_form(root, source)
    except Exception as error:
        assert type(error).__name__ == "ContentError" and "not the text of a completed form" in str(error)
    after = files_in(root)
    changed = [path for path in after if after[path] != before.get(path)]
    assert before.keys() <= after.keys()
    assert changed == ([form.path] if form and form.path else [])
    assert outside == {path: data for path, data in files_in(made.parent).items() if not path.startswith("copy/")}
    if form and form.problems:
        assert not changed and all(label for label, _ in form.problems)
    for path in changed:
        assert path.startswith(("episodes/wool/", "knowledge/"))
        assert path.endswith((".md", ".yml")) and path.count("/") <= 2
        assert b"](note:" not in after[path]
        assert not [str(one) for one in inspect(root) if one.severity == "error"]
    assert len(text) <= MAX_CHARACTERS
