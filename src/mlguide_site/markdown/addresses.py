"""Web addresses that stand in a text as they are."""

import re
from urllib.parse import unquote

from mlguide_site.markdown.escape import clean_text

BARE_ADDRESS = re.compile(r"(?<![\w/@.-])https?://[^\s<>\"]+", re.IGNORECASE)
_TRAILING = frozenset(".,;:!?'*_~’”»…")
_PAIRS = {")": "(", "]": "["}


def bare_address(text: str) -> str:
    """The address that a run of signs beginning with a scheme is, without what belongs to the sentence around it.

    >>> bare_address("https://a.example/b_(c)),"), bare_address("https://a.example/d.")
    ('https://a.example/b_(c)', 'https://a.example/d')
    """
    surplus = {closing: text.count(closing) - text.count(opening) for closing, opening in _PAIRS.items()}
    end = len(text)
    while end:
        last = text[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return text[:end]


def file_name(address: str) -> str:
    """The last part of an address's path, for a reader.

    >>> file_name("https://a.example/b/c%20d.png?e=f"), file_name("https://a.example")
    ('c d.png', 'a.example')
    """
    path = re.split(r"[?#]", address, maxsplit=1)[0].rstrip("/")
    return clean_text(unquote(path.rsplit("/", 1)[-1]))
