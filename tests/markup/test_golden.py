"""Golden tests of bodies: the written Markdown, the engine's HTML and the findings, with one file per case."""

from collections.abc import Callable
from pathlib import Path

import pytest

from markup.reading import expected_html, outline, render, threats
from mlguide_site.markdown.engine_markdown import to_markdown
from mlguide_site.markdown.parse_and_sanitise import parse

FOLDER = Path(__file__).parent / "cases"
CASES = sorted(path.stem for path in FOLDER.glob("*.md") if not path.stem.endswith(".expected"))
EXPECTED = (".expected.md", ".expected.html", ".expected.txt")


@pytest.mark.parametrize("case", CASES)
def test_body_is_written_as_expected(case: str, golden: Callable[[Path, str], None]) -> None:
    document = parse((FOLDER / f"{case}.md").read_text("utf-8"), "Bridges")
    text = to_markdown(document)
    html = render(text)
    findings = "".join(
        f"{line}:{column}: {severity}: {message}; {remedy}\n"
        for line, column, message, remedy, severity in document.findings
    )
    for ending, result in zip(EXPECTED, (text, html + "\n", findings), strict=True):
        golden(FOLDER / f"{case}{ending}", result)
    assert outline(html) == outline(expected_html(document))
    assert threats(html) == []
    if case not in {"footnotes", "formulas"}:
        # footnotes become links with ids on the page, and formulas MathML, which notes may not contain themselves
        assert to_markdown(parse(text, "Bridges")) == text


def test_every_expected_file_has_its_case() -> None:
    known = {f"{case}{ending}" for case in CASES for ending in EXPECTED}
    assert {path.name for path in FOLDER.glob("*.expected.*")} <= known
