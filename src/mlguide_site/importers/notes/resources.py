"""What notes list: a line with a title and an address is a resource."""

import re
from collections.abc import Iterator, Sequence

from mlguide_site.importers import EntryDraft
from mlguide_site.importers.notes.inline import bare_text
from mlguide_site.importers.notes.source import ITEM, Line
from mlguide_site.model.base import is_allowed_url
from mlguide_site.model.slugs import make_slug

MAX_LINE = 3000
MAX_WORDS = 16
_GENERIC = frozenset("website site homepage setup link links slides video recording code repository notes docs".split())
"""Titles that say nothing without their notes."""
_URL = r"<?(?P<url>https?://[^\s<>]{1,2000}?)>?"
_LABELLED = re.compile(
    rf"(?P<title>[A-Z0-9][^:<>\[\]\n]{{0,150}}(?::\s[^:<>\[\]\n]{{1,150}})?)\s*:\**\s*{_URL}[\s.,;]*$"
)
_TITLED = re.compile(
    rf"\[(?P<title>[^\[\]\n]{{2,300}})\]\({_URL}\)"
    r"(?:\s*(?:,|-|–|—)?\s*\bby\s+(?P<authors>[^\n:]{2,200})|[\s.,;-]{0,300})$",
    re.I,
)
_FORMAT = re.compile(r"\b(?:e-?)?(book|podcast|tutorial|course|video|paper|article|tool)s?\b", re.I)


def read_authors(text: str) -> list[str]:
    """Names in a list of authors.

    >>> read_authors("Ada Lovelace, C. Babbage, and the Engine Team.")
    ['Ada Lovelace', 'C. Babbage', 'Engine Team']
    """
    names = re.split(r"\s*,\s*(?:and\s+|&\s*)?|\s+and\s+|\s*&\s*", re.sub(r"(?<!\b[A-Z])\.$", "", bare_text(text)))
    return [plain for name in names if (plain := re.sub(r"^the\s+", "", name.strip())) and len(plain.split()) <= 6]


def find_resources(lines: Sequence[Line]) -> Iterator[EntryDraft]:
    """Drafts of what lines list that are a name and an address, or a linked title with or without authors. The heading
    or label before a list tells their format."""
    group = ""
    for line in lines:
        text = ITEM.sub("", line.text, count=1).strip()
        if line.kind == "fence" or len(text) > MAX_LINE:
            continue
        if line.level or text.strip("*").endswith(":"):
            group = text
        found = _TITLED.match(text) or _LABELLED.match(text.replace("**", ""))
        title, url = (bare_text(found["title"]), found["url"].rstrip(".,;")) if found else ("", "")
        # a sentence says something rather than names it
        is_sentence = len(title.split()) > MAX_WORDS or re.search(r"[.!?;]\s", title)
        if not found or title.casefold() in {"", *_GENERIC} or (is_sentence and found.re is _LABELLED):
            continue
        authors = read_authors(found.groupdict().get("authors") or "")
        named = _FORMAT.search(group) or _FORMAT.search(title)
        fields = {"title": title, "urls": [url], "authors": authors, "format": named[1].lower() if named else "site"}
        if is_allowed_url(url):
            given = {key: value for key, value in fields.items() if value}
            yield EntryDraft("resource", make_slug(title, "resource"), given, line=line.number)
