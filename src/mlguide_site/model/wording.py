"""The site's own words in one language: phrases by their English, and what is counted in each of its plural forms.

What a language lacks is said in English. Plural forms are those of the Unicode CLDR (Language Plural Rules).
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape


@dataclass(frozen=True, slots=True)
class Wording:
    """`phrases` are by their English, `{}` standing for values, and so are `scripts`, for the browser; `counts` have
    for an English noun its phrase in each plural form, `{}` standing for the number; `thousands` parts groups of three
    digits."""

    language: str = "en"
    phrases: Mapping[str, str] = field(default_factory=dict, hash=False)
    scripts: Mapping[str, str] = field(default_factory=dict, hash=False)
    counts: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    thousands: str = ","

    def say(self, phrase: str, *values: object) -> str:
        """A phrase, with values in the place of each `{}`.

        >>> Wording(phrases={"{} of {}": "{} von {}"}).say("{} of {}", 1, 2), Wording().say("Page {}", 3)
        ('1 von 2', 'Page 3')
        """
        said = self.phrases.get(phrase, phrase)
        return said.format(*values) if values else said

    def number(self, number: int) -> str:
        """A number as people write it.

        >>> Wording().number(1200), Wording(thousands=".").number(1234567)
        ('1,200', '1.234.567')
        """
        return f"{number:,}".replace(",", self.thousands)

    def count(self, number: int, one: str, many: str = "") -> str:
        """A number with what it counts; `one` and `many` are its English names.

        >>> german = Wording("de", counts={"episode": {"one": "{} Folge", "other": "{} Folgen"}}, thousands=".")
        >>> german.count(1, "episode"), german.count(1200, "episode"), german.count(2, "person", "people")
        ('1 Folge', '1.200 Folgen', '2 people')
        """
        forms = self.counts.get(one)
        if not forms:
            return f"{self.number(number)} {one if number == 1 else many or f'{one}s'}"
        return forms.get(plural_form(self.language, number), forms["other"]).format(self.number(number))


def plural_form(language: str, number: int) -> str:
    """The plural form of a number in a language; of languages without a rule here as in English.

    >>> [plural_form("ar", number) for number in (0, 1, 2, 3, 11, 100, 103)]
    ['zero', 'one', 'two', 'few', 'many', 'other', 'few']
    >>> plural_form("fr-CA", 0), plural_form("de", 0), plural_form("de", 1)
    ('one', 'other', 'one')
    """
    rule = _RULES.get(language.partition("-")[0].lower(), _one)
    return rule(number)


def _one(number: int) -> str:
    return "one" if number == 1 else "other"


def _none_or_one(number: int) -> str:
    return "one" if number in (0, 1) else "other"


def _arabic(number: int) -> str:
    if number < 3:
        return ("zero", "one", "two")[number]
    if 3 <= number % 100 <= 10:
        return "few"
    return "many" if number % 100 > 10 else "other"


WORDS_PARTIAL = "partials/words.html"
WORDS_SCRIPT = "assets/mlguide/words.js"
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
_SCRIPT = """// The site's own words, made when it is built.
const words = DATA
// what is looked up may come from an address
for (const told of [words.phrases, words.counts]) Object.setPrototypeOf(told, null)
const rules = new Intl.PluralRules("LANGUAGE")
const fill = (phrase, values) => phrase.replace(/{}/g, () => values.shift())
export const number = value => String(value).replace(/\\B(?=(\\d{3})+$)/g, words.thousands)
export const say = (phrase, ...values) => fill(words.phrases[phrase] ?? phrase, values)
export const count = (value, one, many = `${one}s`) => {
  const forms = words.counts[one]
  return fill(forms ? forms[rules.select(value)] ?? forms.other : `{} ${value === 1 ? one : many}`, [number(value)])
}
"""
_RULES: Mapping[str, Callable[[int], str]] = {"ar": _arabic, "fr": _none_or_one}
PLURAL_FORMS = ("zero", "one", "two", "few", "many", "other")


def theme_words(wording: Wording) -> bytes:
    """What the theme's templates import: `said`, the phrases by their English, escaped for HTML."""
    pairs = (f"  {_literal(english)}: {_literal(escape(said))},\n" for english, said in sorted(wording.phrases.items()))
    return f"{{% set said = {{\n{''.join(pairs)}}} %}}\n".encode()


def script_words(wording: Wording) -> bytes:
    """The module that the site's scripts import: `say` and `count` as above."""
    told = {"phrases": wording.scripts, "counts": wording.counts, "thousands": wording.thousands}
    # a sign that could end a script or a line is spelled out
    data = json.dumps(told, ensure_ascii=True, sort_keys=True).replace("<", "\\u003c")
    language = wording.language if _TAG.fullmatch(wording.language) else "en"
    return _SCRIPT.replace("DATA", data).replace("LANGUAGE", language).encode()


def _literal(text: str) -> str:
    """A text as a template's string, whatever stands in it; no brace is left that a template would read."""
    return '"' + "".join(c if c.isalnum() or c in " .,:;()-" else f"\\u{ord(c):04x}" for c in text) + '"'
