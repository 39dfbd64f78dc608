"""Tests of the site's name and address in the settings."""

import pytest

from mlguide_site.content.site_settings import Origin, read_origin
from mlguide_site.errors import ContentError


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("site_name: Ferns\nsite_url: https://f.example/kb\n", Origin("Ferns", "https://f.example/kb/")),
        ("site_name: !ENV [NO_A, SET_B, Other]\nsite_url: !ENV SET_B\n", Origin("https://b.example/", "https://b.example/")),
        ("site_name: !ENV NO_A\nsite_url: !ENV [NO_A, ''] \nuse_directory_urls: false\n", Origin("kb", "", False)),
        ("site_url: null\n", Origin("kb")),
        ("- a list\n", Origin("kb")),
        ("site_name: [1]\n", Origin("kb")),
        ("", Origin("kb")),
    ],
)  # fmt: skip
def test_settings_are_read(tmp_path, monkeypatch, text, wanted) -> None:
    monkeypatch.setenv("SET_B", "https://b.example/")
    monkeypatch.delenv("NO_A", raising=False)
    root = tmp_path / "kb"
    root.mkdir()
    (root / "mkdocs.yml").write_text(text, "utf-8")
    assert read_origin(root) == wanted


def test_no_settings_and_none_that_can_be_read(tmp_path) -> None:
    assert read_origin(tmp_path).name == tmp_path.name
    (tmp_path / "mkdocs.yml").write_text("a: [", "utf-8")
    with pytest.raises(ContentError):
        read_origin(tmp_path)
