"""English words that indicate the kind of a nearby name, or that are not names.

The lists of words are in `templates/suggest_words.yml`, with the purpose of each list.
"""

import yaml

from mlguide_site.content.resources import packaged_templates

_LISTS = yaml.safe_load((packaged_templates() / "suggest_words.yml").read_text("utf-8"))
SMALL = frozenset(_LISTS["small"].split())
NAME_JOINERS = frozenset(_LISTS["name-joiners"].split())
TOOL_NOUNS = frozenset(_LISTS["tool-nouns"].split())
TERM_NOUNS = frozenset(_LISTS["term-nouns"].split())
RESOURCE_NOUNS = frozenset(_LISTS["resource-nouns"].split())
LIST_WORDS = frozenset(_LISTS["list-words"].split())
DOES = frozenset(_LISTS["does"].split())
ROLES = frozenset(_LISTS["roles"].split())
NO_NAMES = frozenset(_LISTS["no-names"].split())
DOMAIN_ENDINGS = frozenset(_LISTS["domain-endings"].split())
