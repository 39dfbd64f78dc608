import json
import os
import re
from html import unescape
from pathlib import Path

import pytest

from conftest import write_files
from mlguide_site.content.resources import (
    asset_files,
    packaged_templates,
    template_folders,
    theme_files,
    without_comments,
)
from mlguide_site.markdown.formulas import split_formulas
from trim_theme import font

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path):
    for name, text in {
        "assets/site.css": "mine",
        "assets/sub/x.svg": "<svg/>",
        "theme/partials/logo.html": "logo",
    }.items():
        path = tmp_path / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def test_own_files_win_and_others_stay(root):
    assets, theme = asset_files(root), theme_files(root)
    assert assets["assets/mlguide/site.css"] == b"mine"
    assert assets["assets/mlguide/sub/x.svg"] == b"<svg/>"
    assert assets["assets/mlguide/icon.svg"] == (packaged_templates() / "assets/icon.svg").read_bytes()
    assert theme["partials/logo.html"] == b"logo"
    assert "main.html" in theme
    assert list(assets) == sorted(assets)


def test_links_dot_files_and_other_kinds_are_passed_over(root):
    folder = root / "templates/assets"
    (folder / ".hidden.css").write_text("x", "utf-8")
    (folder / "run.sh").write_text("x", "utf-8")
    (root / "secret.css").write_text("x", "utf-8")
    os.symlink(root / "secret.css", folder / "linked.css")
    os.symlink(root, folder / "linked")
    names = {path.rpartition("/")[2] for path in asset_files(root)}
    assert not names & {".hidden.css", "run.sh", "linked.css", "secret.css"}


def test_folders(root, tmp_path):
    assert template_folders(root) == (root / "templates", packaged_templates())
    assert template_folders(tmp_path / "none") == (packaged_templates(),)
    assert template_folders(packaged_templates().parent) == (packaged_templates(),)


def test_style_sheet_is_small():
    assert len(asset_files(packaged_templates().parent)["assets/mlguide/site.css"]) <= 25_000


def test_the_font_of_formulas_is_small_audited_and_complete():
    assets = asset_files(CHECKOUT)
    assert len(assets["assets/mlguide/mathematics.woff2"]) <= 26_000
    assert len(assets["assets/mlguide/mathematics-rare.woff2"]) <= 14_000
    assert ",".join(f"U+{one}" for one in font.RARE.split(",")) in assets["assets/mlguide/site.css"].decode()
    assert b"SIL Open Font License" in asset_files(CHECKOUT)["assets/mlguide/mathematics-licence.txt"]
    audited = json.loads((CHECKOUT / "tests/browser/vendor/package.json").read_text("utf-8"))["dependencies"]
    assert audited[font.PACKAGE] == font.VERSION
    drawn = {chr(code) for first, last in font.RANGES for code in range(first, last + 1)} | set(font.SIGNS)
    notes = [*(CHECKOUT / "episodes").rglob("*.md"), CHECKOUT / "knowledge/glossary.yml"]
    formulas = [found.html for note in notes for _, found in split_formulas(note.read_text("utf-8")) if found]
    signs = set(unescape(re.sub("<[^>]*>", "", "".join(formulas))))
    assert len(signs) > 60
    assert signs - drawn == set()


def test_overrides_of_a_root_are_layered_over_ours(tmp_path) -> None:
    own = {
        "main.html": b'{%- extends "base.html" %}{% block announce %}News{% endblock %}',
        "home.html": b"{% extends 'main.html' -%}",
        "partials/copyright.html": b"Mine",
        "img/a.png": b"x",
    }
    write_files(tmp_path / "overrides", own)
    files, ours = theme_files(tmp_path, "overrides"), theme_files(tmp_path)
    assert {path: data for path, data in files.items() if path not in ours} == {
        "own-main.html": own["main.html"].replace(b"base.html", b"frame.html"),
        "home.html": b"{% extends 'own-main.html' -%}",
        "partials/copyright.html": b"Mine",
    }
    assert all(files[path] == data for path, data in ours.items())
    (tmp_path / "overrides/main.html").unlink()
    assert theme_files(tmp_path, "overrides")["home.html"] == b"{% extends 'frame.html' -%}"


def test_a_main_page_in_templates_is_put_into_the_packaged_one(tmp_path) -> None:
    own = tmp_path / "templates/theme/main.html"
    own.parent.mkdir(parents=True)
    own.write_bytes(b'{% extends "base.html" %}{% block announce %}News{% endblock %}')
    files = theme_files(tmp_path)
    assert files["own-main.html"] == own.read_bytes().replace(b"base.html", b"frame.html")
    assert files["main.html"] == (packaged_templates() / "theme/main.html").read_bytes()
    # other pages of the root, too
    own.write_bytes(b'{% extends "main.html" %}')
    other = own.with_name("404.html")
    other.write_bytes(b"{% extends 'main.html' %}{% block content %}Lost{% endblock %}")
    files = theme_files(tmp_path)
    assert files["own-main.html"] == b'{% extends "frame.html" %}'
    assert files["404.html"] == other.read_bytes().replace(b"main.html", b"own-main.html")


def test_without_comments() -> None:
    styles = b"/* Why. */\na > b, c { d: e f; width: calc(1em + 2px) }\n"
    assert without_comments(styles, "a.css") == b"a>b,c{d:e f;width:calc(1em + 2px)}"


def test_older_browsers_have_the_same_colours() -> None:
    """`older.css` has both colours of each `light-dark()` of a variable."""
    style = (packaged_templates() / "assets/site.css").read_text("utf-8")
    older = (packaged_templates() / "assets/older.css").read_text("utf-8")
    for name, light, dark in re.findall(r"(--[\w-]+): ?light-dark\((#\w+), ?(#\w+)\)", style):
        values = re.findall(rf"{name}: (#\w+)", older)
        assert light in values and dark in values, name
