"""How things are asked for in the search: an episode by the names that its series goes by and its number, all else by
its names. The search's script (`search-worker.js`) takes a query apart in the same ways.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from mlguide_site.model import Series

_PARTS = re.compile(r"[^\W\d_]+|\d+")
AROUND = frozenset("http https www md the of from in s episode episodes ep eps no nos number numbers".split())
"""Words that say nothing of which series is meant."""
LONGEST = 40
_WORDS = re.compile(r"(?:[^\W_]|[+#])+")


def called(names: Iterable[str]) -> tuple[str, ...]:
    """Names as their words in lower case and without accents, each once; signs that belong to words stay. Longer ones
    than somebody would type are left out.

    >>> called(["Hugging-Face Müsli", "C++", "c++", "…", "a" * 50])
    ('hugging face musli', 'c++')
    """
    found = (" ".join(_WORDS.findall(_plain(name))) for name in names)
    return tuple(dict.fromkeys(name for name in found if 0 < len(name) <= LONGEST))


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(char for char in letters if not unicodedata.category(char).startswith("M")).lower()


def asked(text: str) -> str:
    """A text as words and numbers in lower case, without those that only stand around them.

    >>> asked("https://www.Show.example/mlg/mla-012"), asked("The Guide's episode")
    ('show example mlg mla 12', 'guide')
    """
    parts = _PARTS.findall(unicodedata.normalize("NFKC", text).lower())
    return " ".join(str(int(part)) if part.isdecimal() else part for part in parts if part not in AROUND)


def series_asked(id: str, series: Series) -> tuple[str, ...]:
    """The names that stand before the number of an episode where somebody asks for it, sorted: id, prefix and title of
    the series, what its `references` say, and its own address of an episode, whole or from a folder on.

    >>> series_asked("kitchen", Series(title="The Kitchen Show", prefix="KS", address="https://a.example/show/{number}"))
    ('a example show', 'a example show kitchen', 'a example show ks', 'kitchen', 'kitchen show', 'ks', 'show', \
'show kitchen', 'show ks')
    """
    return tuple(sorted({name for text in _texts(id, series) if (name := asked(text))}))


def _texts(id: str, series: Series) -> Iterator[str]:
    own = (id, series.prefix or id)
    yield from (*own, series.title)
    yield from (head for text in series.references for head, field, _ in [text.partition("{number}")] if field)
    head = (series.address or "").partition("{number")[0]
    folder, _, last = head.rpartition("/")
    host, _, path = folder.partition("://")[2].partition("/")
    if host:
        for before in (folder, path, path.rpartition("/")[2]):
            yield f"{before}/{last}"
            if not asked(last):
                yield from (f"{before}/{name}" for name in own)
