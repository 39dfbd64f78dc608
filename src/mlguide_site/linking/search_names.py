"""Creates search aliases: other names under which readers can find a page.

The search script (`search-worker.js`) splits queries into words in the same way as this module splits names."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import islice

from mlguide_site.model.records import Series

_PARTS = re.compile(r"[^\W\d_]+|\d+")
_SAYS_NOTHING = frozenset("http https www md the of from in s episode episodes ep eps no nos number numbers".split())
"""Words that don't help to identify a series."""
LONGEST = 40
MAX_ALIASES = 200  # Pagefind's running time is quadratic in the number of filters of a page
_WORDS = re.compile(r"(?:[^\W_]|[+#])+")


def search_aliases(names: Iterable[str]) -> tuple[str, ...]:
    """Return at most 200 names in lower case, without accents, duplicates and names of over 40 characters."""
    letters = (unicodedata.normalize("NFKD", name) for name in names)
    bare = ("".join(char for char in text if unicodedata.category(char)[0] != "M").lower() for text in letters)
    found = (" ".join(_WORDS.findall(text)) for text in bare)
    return tuple(islice(dict.fromkeys(name for name in found if 0 < len(name) <= LONGEST), MAX_ALIASES))


def series_aliases(id: str, series: Series) -> tuple[str, ...]:
    """Return the names that can precede an episode's number in a search, sorted.

    >>> series_aliases("kitchen", Series(title="The Kitchen Show", prefix="KS", address="https://a.example/show/{number}"))
    ('a example show', 'kitchen', 'kitchen show', 'ks', 'show')
    """
    address = (series.address or "").partition("{number")[0]
    path = address.partition("://")[2].partition("/")[2]
    texts = [id, series.prefix or id, series.title, address, path]
    texts += [text.partition("{number}")[0] for text in series.references if "{number}" in text]
    return tuple(sorted({name for text in texts if (name := _series_words(text))}))


def _series_words(text: str) -> str:
    parts = _PARTS.findall(unicodedata.normalize("NFKC", text).lower())
    return " ".join(str(int(part)) if part.isdecimal() else part for part in parts if part not in _SAYS_NOTHING)
