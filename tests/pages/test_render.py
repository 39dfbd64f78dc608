import jinja2
import pytest
import yaml

from mlguide_site.content.resources import packaged_templates
from mlguide_site.errors import ContentError, ResourceError
from mlguide_site.model.wording import Wording
from mlguide_site.pages.render import Renderer, _heading, front_matter
from pages.builder import make


@pytest.fixture
def view():
    return make({}).pages["people/index.md"]


def folder(tmp_path, text):
    (tmp_path / "people.md.jinja").write_text(text, "utf-8")
    return [tmp_path, packaged_templates()]


def test_own_template_wins(tmp_path, view):
    assert Renderer(folder(tmp_path, "mine: {{ total }}\n")).render(view).endswith("---\n\nmine: 0\n")


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a\n{% if %}", 2, "Expected an expression"),
        ("a\n\n{{ nothing }}", 3, "'nothing' is undefined"),
        ("{{ title.__class__.__mro__ }}", 1, "unsafe"),
        ("{{ 1 / 0 }}", 1, "division by zero"),
        ("{% for n in range(999999999) %}{% endfor %}", 1, "Range too big"),
        ("\n{% import '_parts.md.jinja' as parts %}{{ parts.cards(root, 3) }}", 31, "not iterable"),
    ],
    ids=["syntax", "unknown name", "sandbox", "arithmetic", "size", "in another template"],
)
def test_a_wrong_template_is_named_with_its_line(tmp_path, view, text, line, what):
    with pytest.raises(ContentError) as raised:
        Renderer(folder(tmp_path, text)).render(view)
    (problem,) = raised.value.problems
    name = "_parts" if "import" in text else "people"
    assert problem.path == f"templates/{name}.md.jinja"
    assert what in problem.message
    assert problem.span.line == line if name == "people" else problem.span.line > 1
    assert ("this file is part of mlguide, so report this bug" in problem.remedy) == (name == "_parts")


def test_a_template_that_is_no_text_is_named(tmp_path):
    (tmp_path / "people.md.jinja").write_bytes(b"\xff\xfe")
    with pytest.raises(
        ContentError, match=r"templates/people\.md\.jinja:1:1: the template is not UTF-8; save it as UTF-8"
    ):
        _ = Renderer([tmp_path]).digest


def test_templates_that_are_kept_compiled_speak_each_language(tmp_path, view):
    places = folder(tmp_path, "{{ 'people'|translated }}\n")
    for label in ("People", "Leute", "Gens"):
        assert Renderer(places, Wording(labels={"people": label})).render(view).endswith(f"\n\n{label}\n")


def test_a_missing_template_is_a_resource_error(tmp_path, view):
    with pytest.raises(ResourceError, match=r"people\.md\.jinja"):
        Renderer([tmp_path]).render(view)


def test_digest_follows_every_template(tmp_path):
    packaged = Renderer([packaged_templates()]).digest
    assert Renderer(folder(tmp_path, "x")).digest != packaged
    assert Renderer(folder(tmp_path, "x")).digest != Renderer(folder(tmp_path, "y")).digest
    assert Renderer([packaged_templates()]).digest == packaged


@pytest.mark.parametrize("text", ["{{ 9**9**9 }}", "{{ 'a' * 9**9 }}", "{{ 2 ** 65 }}", "{{ [1] * 3 }}"])
def test_what_would_take_all_time_or_memory_is_refused(text, tmp_path):
    (tmp_path / "home.md.jinja").write_text(f"\n{text}", "utf-8")
    with pytest.raises(jinja2.TemplateRuntimeError):
        Renderer([tmp_path]).environment.get_template("home.md.jinja").render()


def test_templates_may_count(tmp_path):
    (tmp_path / "home.md.jinja").write_text("{{ 2 * 3 }} {{ 2 ** 10 }}", "utf-8")
    assert Renderer([tmp_path]).environment.get_template("home.md.jinja").render() == "6 1024"


def test_heading() -> None:
    assert str(_heading("C# & *more*")) == "# C# & \\*more\\*"
    assert str(_heading("__config")) == "<h1>__config</h1>"


def test_front_matter_holds_any_text(view):
    """If the front matter of a page weren't valid YAML, MkDocs would show it, and its HTML, as the page's text."""
    head = {"linked_data": '{"a": "\\u003c"}', "feed_title": "<script>\ufffe\uffff\u0085: - 'a' \"b\""}
    values = yaml.safe_load(front_matter(view, head).strip("-\n"))
    assert {name: values[name] for name in head} == head
