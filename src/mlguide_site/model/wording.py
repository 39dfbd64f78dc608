"""The UI strings of a site in its language. Plural forms follow the Unicode CLDR (from babel)."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

PLURAL_FORMS = ("zero", "one", "two", "few", "many", "other")


@dataclass(frozen=True, slots=True)
class Wording:
    """The UI strings of a language. In a string, `{}` stands for an inserted value or number."""

    language: str = "en"
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    script_labels: Mapping[str, str] = field(default_factory=dict, hash=False)  # labels that scripts use
    counts: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    """Maps English nouns to labels by plural form: `{"tool": {"one": "{} Werkzeug", "other": "{} Werkzeuge"}}`."""
    thousands: str = ","  # the separator between groups of three digits

    def translate(self, key: str, *values: object) -> str:
        """Return a label, with `values` in place of `{}`. Return an unknown key, such as a custom role, unchanged."""
        label = self.labels.get(key) or self.script_labels.get(key, key)
        return label.format(*values) if values else label

    def number(self, number: int) -> str:
        return f"{number:,}".replace(",", self.thousands)

    def count(self, number: int, one: str, many: str = "") -> str:
        """Return a number with its noun, such as "3 tools". `one` and `many` are the English forms of the noun."""
        forms = self.counts.get(one)
        if not forms:
            return f"{self.number(number)} {one if number == 1 else many or f'{one}s'}"
        return forms.get(plural_rule(self.language)(number), forms["other"]).format(self.number(number))


@lru_cache
def plural_rule(language: str) -> Callable[[int], str]:
    """Return a function that maps a number to its plural form. Languages outside the CLDR use the English rule."""
    rule: Callable[[int], str] = (locale_of(language) or locale_of("en")).plural_form
    return rule


@lru_cache
def locale_of(language: str) -> Any:
    """Return babel's locale for a tag such as `de-XX`. If there is none, return the locale for `de`, or else None."""
    # import on demand, because sites in English don't need babel
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415

    for tag in (language, language.partition("-")[0]):
        with contextlib.suppress(ValueError, TypeError, UnknownLocaleError):
            return Locale.parse(tag, sep="-")
    return None


def direction(language: str) -> str:
    """Return the writing direction of a language for HTML: "rtl", or "ltr", also if the language is unknown."""
    locale = None if language == "en" else locale_of(language)
    return "rtl" if locale and locale.character_order == "right-to-left" else "ltr"
