"""What of a table of names is other than it was: by it one can tell which texts have to be searched again."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b

from ahocorasick_rs import AhoCorasick

from mlguide_site.linking.names.folding import cased, folded, plain
from mlguide_site.linking.names.patterns import EntryKey, Form, Named, Pattern, looked_through
from mlguide_site.linking.names.subjects import profile


def key_digests(
    by_key: Mapping[str, Sequence[Pattern]], about: Mapping[EntryKey, Named], telling: Mapping[str, float]
) -> dict[str, str]:
    """For each key that a table searches for a digest of all that finding it rests on: its patterns, and of the
    entries that they stand for the rules, the topics and what a doubtful name is judged by."""
    entries = {
        key: _digest(
            [rule.model_dump(mode="json") for rule in entry.rules],
            entry.topics,
            entry.groups,
            sorted(profile(entry.said, entry.names, telling).items()),
        )
        for key, entry in about.items()
    }
    return {
        text: _digest(*(_told(pattern, entries) for pattern in patterns)) for text, patterns in sorted(by_key.items())
    }


def _told(pattern: Pattern, entries: Mapping[EntryKey, str]) -> object:
    return (
        pattern.lead,
        pattern.gaps,
        pattern.spaced,
        pattern.entries,
        pattern.proper,
        pattern.ordinary,
        [(*_plain(form), entries[form.entry]) for form in pattern.forms],
        [entries[entry] for entry in pattern.entries],
    )


def _plain(form: Form) -> tuple[object, ...]:
    # the rules are told with the entry
    return (*form._replace(names=frozenset(), rules=()), sorted(form.names))


def _digest(*values: object) -> str:
    return blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


class Changes:
    """The keys in which two tables differ."""

    def __init__(self, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        self.keys = sorted({key for key, _ in before.items() ^ after.items()})
        self._automaton = AhoCorasick(self.keys, store_patterns=False) if self.keys else None

    def touch(self, searched: str) -> bool:
        """Whether a text, as it is searched (`as_searched`), holds one of them. Where it doesn't, both tables find the
        same in it."""
        if self._automaton is None:
            return False
        return any(self._automaton.find_matches_as_indexes(form) for form in looked_through(searched))


def as_searched(text: str) -> str:
    """A text as a table searches it.

    >>> as_searched("Node.js, used")
    'node js  used'
    """
    return folded(cased(plain(text)))
