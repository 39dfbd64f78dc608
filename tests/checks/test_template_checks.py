"""Tests of the checks of a root's own templates. Templates are parsed, and symbolic links are refused."""

import shutil
from pathlib import Path

import pytest

from mlguide_site.checks.templates import MAX_TEMPLATE_BYTES, check_templates
from mlguide_site.content.resources import packaged_templates
from mlguide_site.content.root import read_root


def own(root: Path, name: str, text: str) -> list[str]:
    path = root / "templates" / name
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")
    return [str(problem) for problem in check_templates(root)]


@pytest.mark.parametrize("path", sorted(packaged_templates().glob("*.jinja")), ids=lambda path: path.name)
def test_packaged_templates_are_sound(path: Path, tmp_path: Path) -> None:
    assert own(tmp_path, path.name, path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("home.md.jinja", "# a\n\n{% if %}", "home.md.jinja:3:1: the template can't be read: Expected an expression"),
        ("_own.jinja", "{% for %}", "_own.jinja:1:1: the template can't be read: Expected"),
        ("hmoe.md.jinja", "", 'hmoe.md.jinja:1:1: nothing uses this file; did you mean "templates/home.md.jinja"?'),
        (
            "home.md.jinja",
            "\n{{ title|nofilter }}",
            "home.md.jinja:2:1: the template can't be read: No filter named 'nofilter'",
        ),
        ("theme/main.html", "\n{% block a %}", "theme/main.html:2:1: the template can't be read: Unexpected end"),
        (
            "home.md.jinja",
            "x" * (MAX_TEMPLATE_BYTES + 1),
            "home.md.jinja:1:1: larger than 256 KiB; correct the template",
        ),
        ("home.md.jinja", "a\n>>>>>>> b\n", "home.md.jinja:2:1: a merge conflict is not resolved; "),
        ("home.md.jinja", "{{" + "(" * 5_000, "home.md.jinja:1:1: the template can't be read: "),
    ],
)
def test_a_fault_is_told_with_its_line(name: str, text: str, expected: str, tmp_path: Path) -> None:
    [found] = own(tmp_path, name, text)
    assert found.startswith(f"templates/{expected}")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("partials/footer.html", 'did you mean "templates/theme/partials/footer.html"?'),
        ("theme/partials/fotter.html", 'did you mean "templates/theme/partials/footer.html"?'),
        ("_episode_fact.md.jinja", 'did you mean "templates/_episode_facts.md.jinja"?'),
        ("assets/logo.jpg", "rename it to match a template of mlguide, or remove it"),
        ("style.css", "rename it to match a template of mlguide, or remove it"),
    ],
)
def test_a_file_that_nothing_uses_is_reported(name: str, says: str, tmp_path: Path) -> None:
    assert own(tmp_path, name, "x\n") == [f"templates/{name}:1:1: nothing uses this file; {says}"]


@pytest.mark.parametrize(
    "name",
    [
        "theme/partials/content.html",
        "theme/partials/content-policy.html",
        "theme/partials/languages/eo.html",
        "assets/new.css",
        "_box.jinja",
    ],
)
def test_a_file_that_something_may_use_is_not_reported(name: str, tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("theme: {language: eo}\n", "utf-8")
    assert own(tmp_path, "page.md.jinja", '{% include "_box.jinja" %}\n') == []
    (tmp_path / "templates" / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "templates" / name).write_text("x\n", "utf-8")
    assert [*check_templates(tmp_path)] == []


def test_a_copy_of_all_packaged_templates_has_no_problems(tmp_path: Path) -> None:
    shutil.copytree(packaged_templates(), tmp_path / "templates")
    assert [*check_templates(tmp_path)] == []


def test_an_attribute_that_no_record_has_is_reported(tmp_path: Path) -> None:
    text = "\n{{ card.titel }}{{ meta.title.upper() }}\n"
    message = 'unknown attribute "titel"; did you mean "title"?'
    assert own(tmp_path, "episode.md.jinja", text) == [f"templates/episode.md.jinja:2:1: {message}"]


def test_attributes_that_a_template_defines_are_not_reported(tmp_path: Path) -> None:
    text = """{% import "_own.jinja" as parts %}{{ parts.box({"kept": 1}) }}{% set n = namespace(seen=1) %}{{ n.seen }}
{% for item in crumbs %}{{ loop.index }}{{ item.url }}{{ card.date[:4] }}{% endfor %}"""
    assert own(tmp_path, "page.md.jinja", text) == []
    (tmp_path / "templates/_own.jinja").write_text("{% macro box(d) %}{{ d.kept }}{% endmacro %}\n", "utf-8")
    assert [*check_templates(tmp_path)] == []


def test_nothing_of_a_template_is_worked_out(tmp_path: Path) -> None:
    assert own(tmp_path, "home.md.jinja", "{{ 9**9**9 }}{{ 'a'|center(10**12) }}{{ 'a' * 10**12 }}") == []


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    own(tmp_path, "home.md.jinja", "")
    (tmp_path / "templates/home.md.jinja").write_bytes(b"a\n\xff")
    [found] = check_templates(tmp_path)
    assert str(found) == "templates/home.md.jinja:2:1: byte 0xff is not UTF-8; save the file as UTF-8"


@pytest.mark.parametrize("name", ["home.md.jinja", "theme/main.html", "assets"])
def test_a_link_among_templates_is_refused(name: str, tmp_path: Path) -> None:
    link = tmp_path / "kb/templates" / name
    link.parent.mkdir(parents=True)
    (tmp_path / "secret").write_text("{% if %}", "utf-8")
    link.symlink_to(tmp_path / "secret")
    assert not [*check_templates(tmp_path / "kb")]
    [problem] = read_root(tmp_path / "kb").problems
    assert (problem.path, problem.message) == (f"templates/{name}", "this is a symbolic link")


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("labels:\n\ta: b\n", ":2:1: "),
        ("label: {}\n", ':1:8: there is no key "label"; did you mean "labels"?'),
        ('counts: {episode: {one: "een", other: "meer"}}\n', ":1:39: this must contain as many {} as"),
    ],
)
def test_words_of_the_root_are_looked_at(text: str, sign: str, tmp_path: Path) -> None:
    (tmp_path / "templates/words").mkdir(parents=True)
    (tmp_path / "templates/words/nl.yml").write_text(text, "utf-8")
    [found] = map(str, check_templates(tmp_path))
    assert found.startswith(f"templates/words/nl.yml{sign}")


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("english.yml", "write a name such as nl"),
        ("NL.yml", "rename the file to nl"),
        ("nl.yaml", "rename the file to nl"),
    ],
)
def test_words_that_no_language_reads_are_told(name: str, remedy: str, tmp_path: Path) -> None:
    (tmp_path / "templates/words").mkdir(parents=True)
    (tmp_path / "templates/words" / name).write_text("labels: {topicz: x}\n", "utf-8")
    [found] = map(str, check_templates(tmp_path))
    assert (
        found == f"templates/words/{name}:1:1: this file name is not a lower-case language tag with .yml; {remedy}.yml"
    )


BLOCKED = [
    '<script defer src="https://count.example/js/script.js"></script>',
    "<script>alert(1)</script>",
    "<style>h1 { color: red }</style>",
    '<link href="//fonts.example/css" rel="stylesheet">',
    '<iframe src="{{ page.url }}"></iframe>',
    '<form action="https://letters.example/subscribe">',
]
LOADED = [
    "<script src=\"{{ 'assets/own.js'|url }}\"></script>",
    '<script type="application/ld+json">{}</script>',
    '<link rel="me" href="https://social.example/@us">',
    "{# <script> #}<!-- <style> -->",
    '<form action="/search/">',
    '<script src="https://allowed.example/a.js"></script>',
]


def test_what_the_content_security_policy_blocks_in_theme_overrides_is_reported(tmp_path: Path) -> None:
    settings = "site_name: T\nplugins: [{mlguide: {allow: [https://allowed.example]}}]\n"
    (tmp_path / "mkdocs.yml").write_text(settings, "utf-8")
    found = own(tmp_path, "theme/main.html", "\n".join([*BLOCKED, *LOADED]))
    assert [one.partition(": the content")[0] for one in found] == [
        f"templates/theme/main.html:{line}:1" for line in range(1, len(BLOCKED) + 1)
    ]
    assert 'blocks "<script defer src="https://count.example/js/script.js">"; put it into templates' in found[0]
