"""The site's own words: every language says the same phrases, each is in use, and what is wrong in a file is told."""

import json
import re
from collections.abc import Iterable

import pytest

from conftest import CHECKOUT
from mlguide_site.content.resources import read_wording
from mlguide_site.content.yaml_read import read_yaml
from mlguide_site.errors import ContentError
from mlguide_site.model.wording import Wording, plural_form
from mlguide_site.pages.words import script_words, theme_words

WORDS = CHECKOUT / "templates" / "words"
LANGUAGES = sorted(path.stem for path in WORDS.glob("*.yml"))
FORMS = {"ar": {"zero", "one", "two", "few", "many", "other"}}
COUNTED = re.compile(r'count(?:ed)?\((?:[^()"]*, )?"([a-z ]+)"')


def unused(phrases: Iterable[str], *patterns: str) -> list[str]:
    """The phrases that stand in no file of the checkout, in quotes."""
    files = [path for pattern in patterns for path in CHECKOUT.glob(pattern)]
    assert files
    text = "\n".join(path.read_text("utf-8") for path in files)
    return sorted(phrase for phrase in phrases if f'"{phrase}"' not in text)


def told(language: str) -> dict:
    return read_yaml((WORDS / f"{language}.yml").read_text("utf-8"), language).value


def test_every_language_says_the_same_phrases() -> None:
    assert LANGUAGES == ["ar", "de", "es", "fr"]
    first = told(LANGUAGES[0])
    for language in LANGUAGES[1:]:
        other = told(language)
        for part in ("phrases", "scripts", "counts"):
            assert sorted(other[part]) == sorted(first[part]), language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_form_of_the_language_is_there(language) -> None:
    forms = FORMS.get(language, {"one", "other"})
    assert {plural_form(language, number) for number in range(200)} == forms
    for noun, said in told(language)["counts"].items():
        assert set(said) == forms, noun


def test_every_phrase_is_in_use() -> None:
    # made of parts: what an episode of a kind of series is called
    made = {f"{what} {{}}" for what in ("Episode", "Lecture", "Session", "Entry")}
    made |= {f"Season {{}}, {what.lower()}" for what in made}
    # and the titles of further pages of lists
    made |= {f"{title}, page {{}}" for title in ("Episodes", "Learning path", "Timeline")}
    pages = ("templates/*.jinja", "templates/theme/**/*.html", "src/mlguide_site/**/*.py")
    assert unused(set(told("de")["phrases"]) - made, *pages) == []
    kinds = {"Episode", "Cancelled episode", "Transcript", "Resource", "Term", "Person"}
    assert unused(set(told("de")["scripts"]) - kinds, "templates/assets/*.js") == []


def test_every_phrase_of_templates_and_scripts_is_translated() -> None:
    said = {
        phrase
        for path in CHECKOUT.glob("templates/*.jinja")
        for phrase in re.findall(r'"([^"]+)"\|said', path.read_text("utf-8"))
    }
    assert len(said) > 80
    assert sorted(said - set(told("de")["phrases"])) == []
    scripts = {
        phrase
        for path in CHECKOUT.glob("templates/assets/*.js")
        for phrase in re.findall(r'\bsay\("([^"]+)"', path.read_text("utf-8"))
    }
    assert len(scripts) > 10
    assert sorted(scripts - set(told("de")["scripts"])) == []
    counted = {
        noun
        for pattern in ("*.jinja", "assets/*.js")
        for path in (CHECKOUT / "templates").glob(pattern)
        for noun in COUNTED.findall(path.read_text("utf-8"))
    }
    assert sorted(counted - set(told("de")["counts"])) == []


@pytest.mark.parametrize(
    ("text", "place", "sign"),
    [
        ("phrase: {}\n", "1:", 'there is no "phrase"'),
        ("phrases: []\n", "1:", "not a mapping"),
        ('phrases:\n  "All {}": Alle\n', "2:", "as many {}"),
        ('phrases:\n  Topics: "{0.__class__}"\n', "2:", "no other braces"),
        ("thousands: []\n", "1:", "not a text"),
        ("counts:\n  episode: {one: Folge}\n", "2:", "other must be there"),
    ],
)
def test_what_is_wrong_in_a_file_of_words_is_told_with_its_place(tmp_path, text, place, sign) -> None:
    file = tmp_path / "templates" / "words" / "nl.yml"
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    with pytest.raises(ContentError) as problems:
        read_wording(tmp_path, "nl")
    assert str(problems.value.problems[0]).startswith(f"templates/words/nl.yml:{place}")
    assert sign in str(problems.value.problems[0])


def test_a_file_of_the_root_wins_and_what_it_lacks_is_english(tmp_path) -> None:
    (tmp_path / "templates" / "words").mkdir(parents=True)
    (tmp_path / "templates" / "words" / "de.yml").write_text("phrases: {Topics: Sachen}\n", "utf-8")
    wording = read_wording(tmp_path, "de-CH")
    assert (wording.say("Topics"), wording.say("Tools"), wording.count(2, "episode")) == (
        "Sachen",
        "Tools",
        "2 episodes",
    )


@pytest.mark.parametrize("language", ["xx", "../de", "", "de\n"])
def test_other_languages_are_english(tmp_path, language) -> None:
    assert read_wording(tmp_path, language).say("Start here") == "Start here"


def test_no_word_leaves_its_place_in_a_script_or_a_template() -> None:
    hostile = "</script>\u2028\"'\\{{ x }}{% y %}"
    wording = Wording("de", {"a": hostile}, {"a": hostile})
    script = script_words(wording).decode("ascii")
    assert "</script" not in script
    assert json.loads(re.search(r"^const words = (.*)$", script, re.M)[1])["phrases"] == {"a": hostile}
    template = theme_words(wording).decode("ascii").partition("{% set said = ")[2].removesuffix("%}\n")
    assert not set("{}<") & set(template.strip().strip("{}"))
