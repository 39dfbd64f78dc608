"""The targets of former addresses are looked up on the site."""

from pathlib import Path

import pytest

from mlguide_site.checks.site import check_site, template_problems
from mlguide_site.content.load import load

TEXTS = {
    "knowledge/series.yml": "a: {title: Alpha}\n",
    "episodes/a/a-001.md": "---\nid: a-001\ntitle: One\n---\n\nText.\n",
    "episodes/a/a-002.md": "---\nid: a-002\ntitle: Two\nstatus: draft\n---\n\nText.\n",
}


def told(root: Path, text: str) -> list[str]:
    (root / "mkdocs.yml").write_text(text, "utf-8")
    loaded = load({path: text.encode() for path, text in TEXTS.items()}, drafts=True)
    return [str(problem) for problem in check_site(root, loaded.catalog, loaded.problems)]


@pytest.mark.parametrize(("new", "is_there"), [("a-001", True), ("dun-099", False), ("tools/", True)])
def test_what_stands_for_former_addresses(new: str, is_there: bool, tmp_path: Path) -> None:
    found = told(tmp_path, f"site_name: S\nplugins:\n  - mlguide:\n      redirects: {{bad: {new}}}\n")
    wrong = [] if is_there else [f'mkdocs.yml:4:24: redirects: "{new}" is not on this site']
    assert [one.partition(";")[0] for one in found] == wrong


@pytest.mark.parametrize(
    ("text", "sign"), [("labels:\n\ta: b\n", ":2:1: "), ("label: {}\n", ':1:8: there is no "label" among labels')]
)
def test_words_of_the_root_are_looked_at(text: str, sign: str, tmp_path: Path) -> None:
    (tmp_path / "templates/words").mkdir(parents=True)
    (tmp_path / "templates/words/nl.yml").write_text(text, "utf-8")
    [found] = map(str, template_problems(tmp_path))
    assert found.startswith(f"templates/words/nl.yml{sign}")
