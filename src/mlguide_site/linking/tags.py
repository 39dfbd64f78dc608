"""Finds the entries that the tags of episodes name."""

from collections import defaultdict
from collections.abc import Mapping, Set

from mlguide_site.linking.disambiguation import EntryKey
from mlguide_site.linking.names import Named
from mlguide_site.linking.spelling import singular
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import Kind


def name_key(name: str) -> str:
    """Return the key of a name: lower-case letters, digits, `+` and `#`, without a plural ending.

    >>> name_key("Scikit-Learn") == name_key("scikit learns"), name_key("LSTMs"), name_key("C++"), name_key("AWS")
    (True, 'lstm', 'c++', 'aws')
    """
    text = "".join(char for char in name.casefold() if char.isalnum() or char in "+#")
    if len(text) > 2 and name.endswith("s") and name[-2].isupper():
        return text[:-1]
    return text if name.isupper() else singular(text) or text


def entries_by_tag(catalog: Catalog) -> Mapping[str, Set[EntryKey]]:
    """Return the entries that have the tag as a name, by the `name_key` of the tag."""
    table = defaultdict[str, set[EntryKey]](set)
    for kind in Kind:
        for slug, entry in catalog.entries(kind).items():
            for name in Named.of(kind, slug, entry).names:
                table[name_key(name)].add((kind, slug))
    return table
