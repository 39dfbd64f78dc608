"""Tests of transcript suffixes: each suffix is only a row of `TRANSCRIPTS`, and all other modules derive it."""

import ast
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import CHECKOUT
from mlguide_site.checks.episodes import check_sidecars
from mlguide_site.content import transcript_formats
from mlguide_site.content.assets import DATA_SUFFIXES
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.model.catalog import Catalog

TABLE = Path(transcript_formats.__file__)
SUFFIXES = sorted(transcript_formats.TRANSCRIPTS.keys() - DATA_SUFFIXES)

WITH_A_NEW_ROW = """
from dataclasses import replace

from mlguide_site.content.transcript_formats import TRANSCRIPTS, may_be_transcript

TRANSCRIPTS[".ttml"] = TRANSCRIPTS[".srt"]
from mlguide_site.checks.episodes import ASSET_SUFFIXES, check_sidecars
from mlguide_site.content.assets import asset_suffix
from mlguide_site.importers.common.naming import file_stem
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.merge import sources
from mlguide_site.model.catalog import Catalog
from mlguide_site.publish import feeds

assert may_be_transcript("episodes/a/a-001.ttml")
assert ".ttml" in ASSET_SUFFIXES and ".ttml" not in sources.MEDIA_SUFFIXES
assert asset_suffix("a.ttml", b"words") == ".ttml"
assert file_stem("MLA_12.en.ttml") == "MLA 12"
assert ".ttml" in feeds._MEDIA_TYPES
paths = ["episodes/a/deep/talk.ttml", "episodes/a/deep/data.json"]
catalog = replace(Catalog(*[{}] * 8, assets=frozenset(paths)), series={"a": None})
assert [one.path for one in check_sidecars(LinkedCatalog(catalog, {}, {}, {}, ()))] == ["episodes/a/deep/talk.ttml"]
"""


def test_a_new_row_is_seen_everywhere() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITH_A_NEW_ROW], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_other_module_spells_a_suffix(suffix: str) -> None:
    word = re.compile(rf"(?<![/\w]){suffix[1:]}(?!\w)")  # but not `text/vtt`, a media type
    wrong = []
    for path in sorted(TABLE.parents[1].rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        texts = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        spelt = [node for node in texts if word.search(node.value) and id(node) not in prose]
        wrong += [f"{path}:{node.lineno}" for node in spelt if path != TABLE]
    assert not wrong, f"derive these from TRANSCRIPTS: {', '.join(wrong)}"


@pytest.mark.parametrize("document", ["docs/import/transcript.md", "docs/site.md", "docs/writing.md"])
def test_the_manual_names_every_suffix(document: str) -> None:
    text = (CHECKOUT / document).read_text("utf-8")
    assert [suffix for suffix in transcript_formats.TRANSCRIPTS if suffix not in text] == []


def test_chapters_without_an_episode_keep_their_suffix() -> None:
    catalog = Catalog(*[{}] * 8, assets=frozenset(["episodes/a/a-001.chapters.json"]))  # type: ignore[arg-type]
    catalog = replace(catalog, series={"a": None})  # type: ignore[dict-item]
    [problem] = check_sidecars(LinkedCatalog(catalog, {}, {}, {}, ()))
    assert problem.remedy == "rename it to episodes/<series>/<id>.chapters.json, or remove it"
