"""Tests of mistakes in YAML. Each mistake is a file `<case>.in.*`, with the output of `mlguide check` in
`<case>.expected.txt`. The folder is named after the knowledge file, or is `note` or `settings`. `make accept` rewrites
the expected files."""

from pathlib import Path

import pytest

from conftest import write_files
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.editing.scaffold import init_root
from mlguide_site.errors import ContentError
from mlguide_site.pipeline import inspect

FOLDER = Path(__file__).parent
CASES = sorted(FOLDER.glob("*/*.in.*"))
TOLD = {case: case.with_name(case.name.split(".in.")[0] + ".expected.txt") for case in CASES}
REWRITTEN = [
    case
    for case, expected in TOLD.items()
    if expected.exists() and "YAML" in (text := expected.read_text()) and "; write " in text
]
ROOT = {
    "knowledge/series.yml": "dun: {title: Dun}\n",
    "knowledge/topics.yml": "soil: {name: Soil}\nwater: {name: Watering}\n",
    "knowledge/tools.yml": "dibber: {name: Dibber}\n",
    "episodes/dun/dun-001.md": "---\nid: dun-001\ntitle: Leeks\n---\n\nSow leeks with the dibber.\n",
    "episodes/dun/dun-002.md": "---\nid: dun-002\ntitle: Beans\n---\n\nSow beans with the dibber.\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    init_root(tmp_path / "kb", "T", "", None)
    write_files(tmp_path / "kb", ROOT)
    return tmp_path / "kb"


def path_of(case: Path) -> str:
    others = {"note": "episodes/dun/dun-001.md", "settings": "mkdocs.yml"}
    return others.get(case.parent.name, f"knowledge/{case.parent.name}.yml")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name.split('.')[0]}")
def test_a_mistake_is_told_with_its_place_and_remedy(case, root, golden):
    (root / path_of(case)).write_bytes(case.read_bytes())
    # the case itself causes hints about unmentioned entries; they are not tested here
    messages = [str(problem) for problem in inspect(root) if not problem.message.startswith("no episode mentions")]
    golden(TOLD[case], "".join(f"{line}\n" for line in messages))


def test_every_expected_file_has_its_case():
    assert set(FOLDER.glob("*/*.expected.txt")) == set(TOLD.values())


@pytest.mark.parametrize("case", REWRITTEN, ids=lambda case: f"{case.parent.name}-{case.name.split('.')[0]}")
def test_what_no_yaml_is_can_be_read_once_the_remedy_is_followed(case, root):
    (root / path_of(case)).write_bytes(case.read_bytes())
    [*found] = [p for p in inspect(root) if p.message.startswith("not valid YAML: ") and p.remedy.startswith("write ")]
    for problem in found:
        lines = case.read_text("utf-8").split("\n")
        line = lines[problem.span.line - 1]
        indent = line[: len(line) - len(line.lstrip(" "))]
        lines[problem.span.line - 1] = indent + problem.remedy.removeprefix("write ")
        (root / path_of(case)).write_text("\n".join(lines), "utf-8")
        assert "not valid YAML" not in " ".join(str(one) for one in inspect(root))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the parser reports the error several lines after the mistake
        ("a:\n  b: 'c\n  d: e\nf:\n  g: h\n", "x.yml:2:6: not valid YAML: a quote is not closed; add the closing"),
        ("ä:\n  ö: ü: x\n", 'x.yml:2:6: not valid YAML: this value needs quotes; write ö: "ü: x"'),
        ("a:\n - b: c: d\n", 'x.yml:2:7: not valid YAML: this value needs quotes; write b: "c: d"'),
        ("a: " + "x" * 200 + ": y\n", 'x.yml:1:4: not valid YAML: this value needs quotes; write a: "'),
        # the first of two mistakes in an entry is reported
        ("a:\n  b: @c\n  d: @e\n", 'x.yml:2:6: not valid YAML: this value needs quotes; write b: "@c"'),
        ("{a: b]: c}\n", "x.yml:1:"),
    ],
)
def test_the_first_slip_is_told(text, expected):
    with pytest.raises(ContentError) as caught:
        read_yaml(text, "x.yml")
    [problem] = caught.value.problems
    assert str(problem).startswith(expected)


@pytest.mark.parametrize("sign", ["[", "'", '"', "a: b: c\n", " - {", "\t"])
def test_long_texts_that_are_no_yaml_are_told_at_once(sign):
    with pytest.raises(ContentError):
        read_yaml("a: 'b\n" + sign * 60_000, "x.yml")
