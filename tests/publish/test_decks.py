"""The deck of the site and the one that the command exports are one and the same."""

import pytest

from conftest import ADDRESS

pytestmark = pytest.mark.slow


def test_the_command_gives_the_deck_that_the_site_has(addressed, run, tmp_path) -> None:
    run("mlguide", "export", "anki", "-o", tmp_path / "own.apkg", cwd=addressed.root, MLGUIDE_SITE_URL=ADDRESS)
    assert (tmp_path / "own.apkg").read_bytes() == (addressed.site / "glossary.apkg").read_bytes()
    run("mlguide", "export", "anki", "-o", tmp_path / "bare.apkg", cwd=addressed.root)
    assert (tmp_path / "bare.apkg").read_bytes() != (tmp_path / "own.apkg").read_bytes()
