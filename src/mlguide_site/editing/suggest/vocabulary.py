"""Loads lists of English words from `templates/suggest_words.yml`, which explains each list."""

import yaml

from mlguide_site.content.resources import packaged_templates
from mlguide_site.linking.tags import name_key

_LISTS = yaml.safe_load((packaged_templates() / "suggest_words.yml").read_text("utf-8"))
WORDS = {name: frozenset(words.split()) for name, words in _LISTS.items()}
_CATEGORIES = [(name.removeprefix("category "), nouns) for name, nouns in WORDS.items() if name.startswith("category ")]
CATEGORIES = {noun: category for category, nouns in _CATEGORIES for noun in nouns}  # maps nouns to tools' categories
GENERIC = frozenset(map(name_key, WORDS["generic-tags"] | WORDS["small"]))  # words that can't be topics, as keys
