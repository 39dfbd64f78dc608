"""Rows 3, 4, 15, 16, 19, 39 and 40: bodies, from the text to the HTML of any engine."""

import re
from dataclasses import replace

import jinja2
import pytest

from markup.reading import CONTRACT, EVERYTHING, expected_html, outline, render, threats
from mlguide_site.errors import ContentError
from mlguide_site.markdown.engine_markdown import to_markdown
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.markdown.sanitiser import refusal
from mlguide_site.pages.render import Renderer, front_matter
from mlguide_site.pages.view import View
from threats import hostile as contents
from threats.hostile import ACT, IMAGE
from threats.scan import acts


@pytest.mark.parametrize("family", contents.BODIES)
def test_03_and_40_no_parser_finds_anything_that_acts(family) -> None:
    for body in contents.BODIES[family]:
        document = parse(body)
        text = to_markdown(document)
        for extensions in (CONTRACT, EVERYTHING):
            assert acts(render(text, extensions)) == [], (body, text)
        assert threats(render(text)) == [], (body, text)
        assert outline(render(text)) == outline(expected_html(document)), (body, text)


ATTRIBUTES = contents.BODIES["attribute list"]


@pytest.mark.parametrize("body", ATTRIBUTES)
def test_04_attribute_lists_are_text(body) -> None:
    text = to_markdown(parse(body))
    assert acts(render(text, EVERYTHING)) == []
    assert f"onclick={ACT}" not in re.sub(r">[^<]*<", "><", render(text, EVERYTHING))


@pytest.mark.parametrize("body", contents.BODIES["template"])
def test_15_a_body_is_no_template(body) -> None:
    text = to_markdown(parse(body))
    assert jinja2.Environment(autoescape=True, keep_trailing_newline=True).from_string(text).render() == text


PLAIN = View(kind="plain", path="x.md", root="", title=IMAGE, description="", values={})
"""A page with the test's own template."""
ESCAPES = (
    "{{ ''.__class__.__mro__ }}",
    "{{ title.__class__.__init__.__globals__ }}",
    "{% set x = cycler.__init__ %}{{ x.__globals__ }}",
)


@pytest.mark.parametrize("template", ESCAPES)
def test_15_templates_run_in_a_sandbox(tmp_path, template) -> None:
    (tmp_path / "plain.md.jinja").write_text(template, "utf-8")
    with pytest.raises(ContentError, match=r"unsafe|no attribute|undefined"):
        Renderer([tmp_path]).render(PLAIN)


def test_15_what_a_template_prints_is_escaped(tmp_path) -> None:
    (tmp_path / "plain.md.jinja").write_text("{{ title }}", "utf-8")
    text = Renderer([tmp_path]).render(PLAIN)
    assert acts(text) == []


@pytest.mark.parametrize(
    "shape", ['--8<-- "{}"', '- a\n\n    --8<-- "{}"', '> --8<-- "{}"', '```\n--8<-- "{}"\n```', "--8<--\n{}\n--8<--"]
)
def test_16_no_file_is_drawn_in_even_where_snippets_are_on(tmp_path, shape) -> None:
    (tmp_path / "secret.md").write_text("kept to itself", "utf-8")
    assert "kept to itself" not in render(to_markdown(parse(shape.format(tmp_path / "secret.md"))), EVERYTHING)


@pytest.mark.parametrize("name", contents.NAMES)
def test_05_what_the_theme_prints_as_it_is_holds_no_tag(name) -> None:
    text = front_matter(replace(PLAIN, title=name, description=name))
    assert "<" not in text
    assert acts(text) == []


@pytest.mark.parametrize("name", ["__config", "__search", "-__palette", "__md_scope"])
def test_39_headings_get_no_id_of_the_theme(name) -> None:
    assert "id=" not in render(to_markdown(parse(f"# {name}\n\n{name}\n===")))


def test_39_classes_of_the_site_are_not_to_be_had() -> None:
    for body in contents.BODIES["clobbering"]:
        html = render(to_markdown(parse(body)), EVERYTHING)
        assert not re.search(r"<[^>]*\s(?:class|data-[a-z-]+|name|for)=", html.replace('class="highlight"', "")), html


def test_the_families_are_many() -> None:
    assert len(list(contents.bodies())) >= 150


REFUSED = (
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "data:text/html,x",
    "javascript:x",
    "%5C%5Cevil.example",
)


@pytest.mark.parametrize("address", REFUSED)
def test_19_addresses_that_act_are_left_out(address) -> None:
    assert refusal(address)
    assert "<a" not in render(to_markdown(parse(f"[three]({address})")))
