"""Loads lists of English words from `templates/suggest_words.yml`, which explains each list."""

import yaml

from mlguide_site.content.resources import packaged_templates

_LISTS = yaml.safe_load((packaged_templates() / "suggest_words.yml").read_text("utf-8"))
WORDS = {name: frozenset(words.split()) for name, words in _LISTS.items()}
