"""Tests of diagnosed failures: errors of hooks and theme overrides are reported with their place."""

import logging
import runpy
from pathlib import Path

import jinja2
import pytest

from conftest import write_files
from mlguide_site.build.engines.failures import diagnose, listening, translated
from mlguide_site.errors import ContentError


def raised(root: Path, run: object) -> ContentError:
    with pytest.raises(Exception) as caught:
        run()  # type: ignore[operator]
    found = diagnose(root, caught.value)
    assert isinstance(found, ContentError)
    return found


def test_a_hook_that_raises_is_named_with_its_line(tmp_path: Path) -> None:
    hook = tmp_path / "h.py"
    hook.write_text("\nraise ValueError('no\\nway')\n", "utf-8")
    found = raised(tmp_path, lambda: runpy.run_path(str(hook)))
    assert str(found) == (
        "h.py:2:1: this file makes the build fail: ValueError: no way; correct it, or remove it from mkdocs.yml"
    )


@pytest.mark.parametrize(("text", "what"), [("\n{{ 1 / 0 }}", "ZeroDivisionError"), ("\n{% if %}", "TemplateSyntax")])
def test_a_theme_override_that_fails_is_named_as_the_root_has_it(text: str, what: str, tmp_path: Path) -> None:
    theme = tmp_path / "build" / "theme"
    theme.mkdir(parents=True)
    (theme / "main.html").write_text(text, "utf-8")
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(theme))
    own = tmp_path / "templates/theme/main.html"
    for remedy in (
        "; this file is part of mlguide, so report this bug",
        "; correct it, or remove it to use the packaged",
    ):
        found = raised(tmp_path, lambda: environment.get_template("main.html").render())
        assert str(found).startswith(f"templates/theme/main.html:2:1: this file makes the build fail: {what}")
        assert remedy in str(found)
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(text, "utf-8")


@pytest.mark.parametrize(("folder", "name"), [("templates/theme", "main.html"), ("overrides", "partials/footer.html")])
def test_a_template_of_the_root_is_named_where_it_is(folder: str, name: str, tmp_path: Path) -> None:
    made = "own-main.html" if name == "main.html" else name
    used = "overrides" if folder == "overrides" else "build/theme"
    files = {
        "mkdocs.yml": f"theme: {{custom_dir: {used}}}\n".encode(),
        f"{folder}/{name}": b"",
        f"build/theme/{made}": b"{{ x.y.z }}",
    }
    write_files(tmp_path, files)
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(tmp_path / "build/theme"))
    found = raised(tmp_path, lambda: environment.get_template(made).render())
    assert str(found).startswith(f"{folder}/{name}:1:1: ") and "; correct it, or remove it" in str(found)


def test_nobody_else_is_blamed(tmp_path: Path) -> None:
    assert diagnose(tmp_path, ValueError("ours")) is None


def test_an_icon_that_the_theme_lacks_is_reported_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("theme:\n  icon: {logo: material/weather-nite}\n", "utf-8")
    with pytest.raises(ContentError) as caught, translated(tmp_path, print):
        jinja2.Environment(loader=jinja2.DictLoader({})).get_template(".icons/material/weather-nite.svg")
    expected = 'mkdocs.yml:2:1: the theme has no file ".icons/material/weather-nite.svg"; correct the name of the icon'
    assert str(caught.value).startswith(expected)


@pytest.mark.parametrize(
    ("path", "page", "href"),
    [
        ("pages/about.md", "about.md", "topics/soil.md#nope"),
        ("episodes/dun/dun-001.md", "episodes/dun/dun-001.md", "../../topics/soil.md#nope"),
    ],
)
def test_a_broken_anchor_is_told_in_the_own_file(path: str, page: str, href: str, tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text("One.\n\nSee [soil](../pages/topics/soil.md#nope).\n", "utf-8")
    with listening("mkdocs", said.append, logging.WARNING, tmp_path):
        logged = (
            f"Doc file '{page}' contains a link '{href}', but the doc 'topics/soil.md' does not contain an anchor '#n'."
        )
        logging.getLogger("mkdocs.structure").warning(logged)
    remedy = "write the anchor of a heading of the page topics/soil.md, or remove the anchor"
    assert said == [f'{path}:3:28: broken anchor "{href}"; {remedy} [warning]']
