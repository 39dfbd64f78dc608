"""Tests of the theme's partials that show values of the settings."""

from types import SimpleNamespace

import jinja2
import pytest

from mlguide_site.content.resources import packaged_templates


@pytest.mark.parametrize(
    ("logo", "shown"), [("assets/mlguide/sign.svg", 'src="../assets/mlguide/sign.svg"'), (None, "<svg")]
)
def test_the_logo_is_the_shows_own_where_it_has_one(logo: str | None, shown: str) -> None:
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(packaged_templates() / "theme"), autoescape=True)
    environment.filters["url"] = lambda path: f"../{path}"
    config = SimpleNamespace(theme=SimpleNamespace(logo=logo))
    text = environment.get_template("partials/logo.html").render(config=config)
    assert shown in text
    assert ("<svg" in text) == (logo is None)
    assert 'class="mg-logo"' in text
