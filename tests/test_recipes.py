"""Tests of the recipes in `CONTRIBUTING.md`: each names the few files to edit, and these files exist."""

import re

import pytest

from conftest import CHECKOUT


@pytest.mark.parametrize(
    ("recipe", "most"), [("Add a source format", 4), ("Add a kind of page", 4), ("Add a language", 1)]
)
def test_a_recipe_names_few_files(recipe: str, most: int) -> None:
    text = (CHECKOUT / "CONTRIBUTING.md").read_text("utf-8")
    section = text.partition(f"## {recipe}\n")[2].partition("\n## ")[0]
    listed = section.partition("You edit: ")[2].partition(".\n\n")[0]
    files = re.findall(r"`([^`]+)`", listed)
    assert 0 < len(files) <= most
    assert [name for name in files if "<" not in name and not (CHECKOUT / name).is_file()] == []
