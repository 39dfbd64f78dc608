"""Tests of the site's labels: each label is used and has an English key, other languages may be partial, and errors in
label files are reported."""

import json
import re
from collections.abc import Iterable
from html import escape
from typing import get_args

import pytest
from jinja2 import Environment

from conftest import CHECKOUT
from mlguide_site.content.resources import asset_files, read_wording
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError
from mlguide_site.model.records import Goal, SeriesKind
from mlguide_site.model.wording import Wording, plural_rule
from mlguide_site.pages.formatting import COUNTED as SCRIPT_NOUNS
from mlguide_site.pages.formatting import WORDS_SCRIPT, script_words, theme_words

WORDS = CHECKOUT / "templates" / "words"
LANGUAGES = sorted(path.stem for path in WORDS.glob("*.yml"))
FORMS = {"de": {"one", "other"}, "en": {"one", "other"}, "ar": {"zero", "one", "two", "few", "many", "other"}}
COUNTED = re.compile(r'count(?:ed)?\((?:[^()"]*, )?"([a-z ]+)"')
USED = re.compile(r'"([a-z0-9-]+)"\|translated|labels\["([a-z-]+)"\]|translate\(\s*"([a-z-]+)"')
FORMATS = "book course video podcast audiobook article paper site degree tool tutorial".split()
VALUES = {"host", "guest", "co-host", "author", "draft", "cancelled", "essential", "valuable", "supplementary", "free"}
VALUES |= {"easy", "medium", "hard", "more-essential", "more-valuable", *(f"format-{name}" for name in FORMATS)}
VALUES |= {f"about-{kind}" for kind in ("episodes", "path", "review", "timeline")}  # the lists of `Site.list_view`
VALUES |= {f"goal-{goal}{end}" for goal in get_args(Goal) for end in ("", "-for")}
VALUES |= {f"{what}-{kind.value}" for what in ("number", "season") for kind in SeriesKind}
"""The labels of values. Their keys are built from the values."""
KINDS = {"episode", "cancelled-episode", "own-page", "transcript", "resource", "term", "person"}
"""The labels of search results. Their keys are built in the browser."""


def unused(keys: Iterable[str], *patterns: str) -> list[str]:
    """Return the keys that no file of the checkout has in quotes."""
    files = [path for pattern in patterns for path in CHECKOUT.glob(pattern)]
    assert files
    text = "\n".join(path.read_text("utf-8") for path in files)
    return sorted(key for key in keys if f'"{key}"' not in text)


def labels_of(language: str) -> dict:
    return read_yaml((WORDS / f"{language}.yml").read_text("utf-8"), language).value


def test_no_language_has_other_keys_than_english() -> None:
    """Check that packaged languages have no unknown keys. They may be partial, so that a new label needs one file."""
    english = labels_of("en")
    for language in LANGUAGES:
        other = labels_of(language)
        for part in ("labels", "script_labels", "counts"):
            assert sorted(set(other.get(part, ())) - set(english[part])) == [], language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_form_of_the_language_is_there(language) -> None:
    forms = {plural_rule(language)(number) for number in range(200)}
    assert FORMS.get(language, forms) == forms
    for noun, forms_there in labels_of(language).get("counts", {}).items():
        assert_plural_forms(language, forms_there, noun)


def assert_plural_forms(language: str, written: Iterable[str], noun: str = "") -> None:
    """Check that a noun has the forms for the numbers 0 to 199, and only forms that the language has in the CLDR."""
    rule = plural_rule(language)
    known = {*rule.tags, "other"}  # type: ignore[attr-defined]
    assert {rule(number) for number in range(200)} <= set(written) <= known, noun


@pytest.mark.parametrize("forms", ["one few many", "one few many other"])
def test_a_translator_may_write_all_plural_forms_of_the_cldr(forms) -> None:
    assert_plural_forms("pl", forms.split())


@pytest.mark.parametrize("forms", ["one few", "one many other", "one two few many"])
def test_missing_and_unknown_plural_forms_are_found(forms) -> None:
    with pytest.raises(AssertionError):
        assert_plural_forms("pl", forms.split())


def test_every_label_is_in_use() -> None:
    pages = ("templates/*.jinja", "templates/new_root/*.jinja", "templates/theme/**/*.html", "src/mlguide_site/**/*.py")
    assert unused(set(labels_of("en")["labels"]) - VALUES, *pages) == []
    assert unused(set(labels_of("en")["script_labels"]) - KINDS, "templates/assets/*.js") == []


def test_every_label_that_is_used_exists() -> None:
    english = labels_of("en")
    everywhere = {**english["labels"], **english["script_labels"]}
    for pattern, known, least in (
        ("templates/*.jinja", everywhere, 140),
        ("templates/new_root/*.jinja", everywhere, 3),
        ("templates/theme/**/*.html", everywhere, 4),
        ("src/mlguide_site/**/*.py", everywhere, 10),
        ("templates/assets/*.js", english["script_labels"], 50),
    ):
        texts = [path.read_text("utf-8") for path in CHECKOUT.glob(pattern)]
        used = {"".join(found) for text in texts for found in USED.findall(text)}
        assert len(used) >= least, pattern
        assert sorted(used - set(known)) == [], pattern
    counted = {
        noun
        for pattern in ("*.jinja", "assets/*.js")
        for path in (CHECKOUT / "templates").glob(pattern)
        for noun in COUNTED.findall(path.read_text("utf-8"))
    }
    assert sorted(counted - set(english["counts"])) == []
    scripts = "".join(path.read_text("utf-8") for path in CHECKOUT.glob("templates/assets/*.js"))
    assert set(re.findall(r'(?:count(?:ed)?\([^()"]*(?:\([^()]*\)[^()"]*)*|\bone: )"([a-z]+)"', scripts)) == set(
        SCRIPT_NOUNS
    )


@pytest.mark.parametrize(
    ("text", "place", "sign"),
    [
        ("label: {}\n", "1:", 'there is no key "label"; did you mean "labels"?'),
        ("labels: []\n", "1:", '"labels" must be a mapping'),
        ("labels:\n", "1:", '"labels" must be a mapping'),
        ("labels:\n  all-of: Alle\n", "2:", "as many {}"),
        ('labels:\n  topics: "{0.__class__}"\n', "2:", "without braces, except {}"),
        ("labels:\n  topicz: Themen\n", "2:", 'there is no key "labels.topicz"; did you mean "topics"?'),
        ("thousands: []\n", "1:", "must be text"),
        ("counts:\n  episode: {one: '{} {}'}\n", "2:", "as many {}"),
        ("counts:\n  episode: Folge\n", "2:", '"counts.episode" must be a mapping'),
    ],
)
def test_faults_in_a_file_of_labels_are_reported_with_their_place(tmp_path, text, place, sign) -> None:
    file = tmp_path / "templates" / "words" / "nl.yml"
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    with pytest.raises(ContentError) as problems:
        read_wording(tmp_path, "nl")
    assert str(problems.value.problems[0]).startswith(f"templates/words/nl.yml:{place}")
    assert sign in str(problems.value.problems[0])


def test_a_file_of_the_root_may_be_partial(tmp_path) -> None:
    (tmp_path / "templates" / "words").mkdir(parents=True)
    (tmp_path / "templates" / "words" / "de.yml").write_text("labels: {topics: Sachen}\n", "utf-8")
    (tmp_path / "templates" / "words" / "qaa.yml").write_text("labels: {topics: Onderwerpen}\n", "utf-8")
    # the code "qaa" is for private use, so no language will ever have it
    german, other = read_wording(tmp_path, "de-CH"), read_wording(tmp_path, "qaa")
    assert [german.translate("topics"), german.translate("tools"), german.count(2, "episode")] == [
        "Sachen",
        "Werkzeuge",
        "2 Folgen",
    ]
    assert [other.translate("topics"), other.translate("tools"), other.count(2, "episode")] == [
        "Onderwerpen",
        "Tools",
        "2 episodes",
    ]


@pytest.mark.parametrize("language", ["xx", "../de", "", "de\n"])
def test_other_languages_are_english(tmp_path, language) -> None:
    assert read_wording(tmp_path, language).translate("start-here") == "Start here"


def test_no_word_leaves_its_place_in_a_script_or_a_template(tmp_path) -> None:
    hostile = "</script>\u2028\U0001f3a7\"'\\{{ x }}{% y %}"
    wording = Wording("de", {"a": hostile}, {"a": hostile})
    script = script_words(wording, asset_files(tmp_path)[WORDS_SCRIPT]).decode("ascii")
    assert "</script" not in script
    assert json.loads(re.search(r"^const words = (.*)$", script, re.M)[1])["labels"] == {"a": hostile}
    template = theme_words(wording).decode().partition("{% set labels = ")[2].removesuffix("%}\n")
    assert not set("{}<") & set(template.strip().strip("{}"))
    shown = Environment().from_string(f"{theme_words(wording).decode()}{{{{ labels['a'] }}}}").render()
    assert shown.strip() == escape(hostile)


def test_english_nouns_have_english_plurals_in_a_language_without_labels(tmp_path) -> None:
    counts = [read_wording(tmp_path, language).count(number, "topic") for language, number in (("ru", 21), ("ja", 1))]
    assert counts == ["21 topics", "1 topic"]
    folder = tmp_path / "templates" / "words"
    folder.mkdir(parents=True)
    (folder / "ru.yml").write_text(
        "counts: {topic: {one: '{} тема', few: '{} темы', many: '{} тем', other: '{} темы'}}", "utf-8"
    )
    words = read_wording(tmp_path, "ru")
    assert [words.count(21, "topic"), words.count(21, "tool")] == ["21 тема", "21 tools"]
