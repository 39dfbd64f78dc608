"""Tests of the template cache: compiled templates are stored where only their user can write."""

import os
from pathlib import Path

import jinja2
import pytest

from mkdocs_incremental import template_cache


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="modes of folders")
def test_they_are_in_a_folder_of_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_cache, "user_cache_path", lambda name, **_: tmp_path / name)
    cache = template_cache.template_cache()
    assert cache is not None
    assert Path(cache.directory).stat().st_mode & 0o777 == 0o700


def test_without_a_home_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(template_cache, "user_cache_path", lambda name, **_: tmp_path / "file" / name)
    assert template_cache.template_cache() is None


def test_what_compiles_otherwise_is_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(template_cache, "user_cache_path", lambda name, **_: tmp_path / name)
    text = {"page": "{% if a %}\n<b>\n{% endif %}{{ a }}"}
    made = []
    for kind, options in (("", {}), ("trim", {"trim_blocks": True}), ("", {})):
        loader = jinja2.FunctionLoader(lambda name: (text[name], name, None))
        environment = jinja2.Environment(loader=loader, bytecode_cache=template_cache.template_cache(kind), **options)
        made.append(environment.get_template("page").render(a="&"))
    assert made == ["\n<b>\n&", "<b>\n&", "\n<b>\n&"]
    assert len(list(tmp_path.rglob("*.cache"))) == 2
