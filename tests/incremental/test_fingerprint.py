"""Settings that others inherit from are known in every form in which YAML has the line."""

from pathlib import Path

import pytest

from mkdocs_incremental.fingerprint import settings_files


@pytest.mark.parametrize(
    "line",
    [
        "INHERIT: sub/base.yml",
        "INHERIT: sub/base.yml # where the rest stands",
        '"INHERIT": sub/base.yml',
        "INHERIT : 'sub/base.yml'",
        "INHERIT:\n  sub/base.yml",
        "? INHERIT\n: sub/base.yml",
        "{INHERIT: sub/base.yml, strict: false}",
        "x: &place sub/base.yml\nINHERIT: *place",
        "<<: {INHERIT: sub/base.yml}",
        "site_url: !ENV [URL, '']\nhook: !!python/name:os.system\nINHERIT: sub/base.yml",
    ],
)
def test_what_is_inherited_is_found(tmp_path: Path, line: str) -> None:
    path = tmp_path / "mkdocs.yml"
    path.write_text(f"{line}\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/base.yml").write_text("INHERIT: '../a # b.yml'\n")
    assert settings_files(str(path)) == [str(tmp_path / name) for name in ("mkdocs.yml", "sub/base.yml", "a # b.yml")]


@pytest.mark.parametrize("text", ["INHERIT: mkdocs.yml", "INHERIT: [mkdocs.yml]", "", "[", "a: &a [*a]", "- INHERIT"])
def test_what_is_no_such_line_adds_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mkdocs.yml"
    path.write_text(text)
    assert settings_files(str(path)) == [str(path)]
