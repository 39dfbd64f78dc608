"""English words that indicate the kind of a nearby name, or that are not names.

`templates/suggest_words.yml` contains the lists and explains the purpose of each list.
"""

import yaml

from mlguide_site.content.resources import packaged_templates

_LISTS = yaml.safe_load((packaged_templates() / "suggest_words.yml").read_text("utf-8"))
WORDS = {name: frozenset(words.split()) for name, words in _LISTS.items()}
"""The lists of words, by the name of each list."""
