"""A table of names cut down to what one text may hold: to look through one, not all names need be spelt out."""

from ahocorasick_rs import AhoCorasick

from mlguide_site.linking.names.patterns import Keys, keys_of, looked_through, patterns
from mlguide_site.linking.names.scores import weights
from mlguide_site.linking.names.table import NameTable


def table_keys(table: NameTable) -> Keys:
    """What a table searches for, for `narrowed`."""
    return keys_of(table.named, (table.known or weights()).met)


def narrowed(table: NameTable, keys: Keys, searched: str) -> NameTable:
    """A table that finds in one text, which is given `as_searched`, what another does. `keys` are those of that one."""
    texts = list(keys.entries)
    automaton = AhoCorasick(texts, store_patterns=False)
    found = {
        at
        for form in looked_through(searched)
        for at, _, _ in automaton.find_matches_as_indexes(form, overlapping=True)
    }
    places = sorted({place for at in found for place in keys.entries[texts[at]]})
    small = NameTable(table.named, table.known)
    # what is cached there isn't worked out
    small.__dict__["_patterns"] = patterns([table.named[place] for place in places], keys.met)
    return small
