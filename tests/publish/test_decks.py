"""Tests that the site and the export command create the same Anki deck."""

import pytest

from conftest import ADDRESS

pytestmark = pytest.mark.slow


def test_the_command_gives_the_deck_that_the_site_has(addressed, run, tmp_path) -> None:
    run("mlguide", "export", "anki", "-o", tmp_path / "own.apkg", cwd=addressed.root, MLGUIDE_SITE_URL=ADDRESS)
    assert (tmp_path / "own.apkg").read_bytes() == (addressed.site / "glossary.apkg").read_bytes()
    run("mlguide", "export", "anki", "-o", tmp_path / "bare.apkg", cwd=addressed.root)
    assert (tmp_path / "bare.apkg").read_bytes() != (tmp_path / "own.apkg").read_bytes()
