"""Tests of private names of libraries: they still have the meaning that the package relies on."""

import hashlib
import inspect
from pathlib import Path

import pytest
from jinja2.runtime import Context
from mkdocs.commands import build
from mkdocs.config import load_config
from mkdocs.contrib.search.search_index import SearchIndex
from mkdocs.plugins import PluginCollection
from mkdocs.structure import pages
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from mkdocs_incremental.tracking import TrackedPage


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        (build._populate_page, "page config files dirty"),
        (build._build_page, "page config doc_files nav env dirty excluded"),
        (build._build_theme_template, "template_name env files config nav"),
        (build._build_extra_template, "template_name files config nav"),
        (pages._ExtractAnchorsTreeprocessor.__init__, "self file files config"),
        (pages._RelativePathTreeprocessor.__init__, "self file files config"),
        (pages._ExtractTitleTreeprocessor._register, "self md"),
        (pages._RawHTMLPreprocessor._register, "self md"),
    ],
)
def test_functions_take_what_they_took(function: object, parameters: str) -> None:
    assert list(inspect.signature(function).parameters) == parameters.split()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (Page.render, "320529348f7a8af1"),
        (Page._set_canonical_url, "291dbe84a45243b7"),
        (Context.resolve_or_missing, "6cb9506fb08049ba"),
    ],
)
def test_functions_that_are_replaced_are_as_they_were(function: object, expected: str) -> None:
    text = inspect.getsource(function)  # type: ignore[arg-type]
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == expected


def test_attributes_are_there(tmp_path: Path) -> None:
    # without this file, the settings of the current folder would be read
    (tmp_path / "mkdocs.yml").write_text("site_name: Docs\n")
    assert Files([])._src_uris == {}
    assert isinstance(PluginCollection()._event_origins, dict)
    assert SearchIndex()._entries == []
    assert "_title_from_render" in Page.__init__.__code__.co_names
    (tmp_path / "docs").mkdir()
    config = load_config(str(tmp_path / "mkdocs.yml"), site_dir=f"{tmp_path}-site", plugins=[])
    assert config.plugins.events["env"] == []


@pytest.mark.parametrize("base", ["https://a.example", "https://a.example/b/../c", "https://a.example/b/?q=/", "/", ""])
@pytest.mark.parametrize(
    "url", ["", "a/", "a-b/c.d/", "a/b.html", "./", "../a/", "a//b/", "%C3%A9/", "a:b/", "a/?b", ".a/"]
)
def test_full_addresses_are_those_of_mkdocs(base: str, url: str) -> None:
    pages = Page.__new__(Page), TrackedPage.__new__(TrackedPage)
    for page in pages:
        page.file = File("index.md", "docs", "site", True)
        page.file.url = url
        page._set_canonical_url(base)
    assert (pages[1].canonical_url, pages[1].abs_url) == (pages[0].canonical_url, pages[0].abs_url)
