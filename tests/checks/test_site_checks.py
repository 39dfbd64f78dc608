"""What the settings name of the site is looked up: the navigation's pages, and what stands for former addresses."""

from pathlib import Path

import pytest

from mlguide_site.checks.site import check_site, published
from mlguide_site.checks.templates import template_problems
from mlguide_site.content.load import load

TEXTS = {
    "knowledge/series.yml": "a: {title: Alpha}\n",
    "episodes/a/a-001.md": "---\nid: a-001\ntitle: One\n---\n\nText.\n",
    "episodes/a/a-002.md": "---\nid: a-002\ntitle: Two\nstatus: draft\n---\n\nText.\n",
}
MISSING = (
    'mkdocs.yml:4:8: the navigation names "pth/index.md", which is not on this site; did you mean "path/index.md"?'
)


def told(root: Path, text: str) -> list[str]:
    (root / "mkdocs.yml").write_text(text, "utf-8")
    loaded = load({path: text.encode() for path, text in TEXTS.items()}, drafts=True)
    return [str(problem) for problem in check_site(root, published(loaded.catalog), loaded.problems)]


@pytest.mark.parametrize(
    ("plugins", "item", "expected"),
    [
        ("[mlguide]", "A: pth/index.md", [MISSING]),
        ("[mlguide]", "episodes/a/a-001.md", []),
        ("[mlguide]", "episodes/a/page/2.md", []),
        ("[mlguide]", "https://x.example/", []),
        ("[mlguide, tags]", "A: pth/index.md", []),
    ],
)
def test_pages_of_the_navigation(plugins: str, item: str, expected: list[str], tmp_path: Path) -> None:
    assert told(tmp_path, f"site_name: S\nplugins: {plugins}\nnav:\n  - {item}\n") == expected


@pytest.mark.parametrize(("new", "is_there"), [("a-001", True), ("a-002", False), ("dun-099", False), ("tools/", True)])
def test_what_stands_for_former_addresses(new: str, is_there: bool, tmp_path: Path) -> None:
    found = told(tmp_path, f"site_name: S\nplugins:\n  - mlguide:\n      redirects: {{bad: {new}}}\n")
    wrong = [] if is_there else [f'mkdocs.yml:4:24: redirects: "{new}" is not on this site']
    assert [one.partition(";")[0] for one in found] == wrong


@pytest.mark.parametrize(
    ("text", "sign"), [("phrases:\n\ta: b\n", ":2:1: "), ("phrase: {}\n", ':1:9: there is no "phrase" among words')]
)
def test_words_of_the_root_are_looked_at(text: str, sign: str, tmp_path: Path) -> None:
    (tmp_path / "templates/words").mkdir(parents=True)
    (tmp_path / "templates/words/nl.yml").write_text(text, "utf-8")
    [found] = map(str, template_problems(tmp_path))
    assert found.startswith(f"templates/words/nl.yml{sign}")
