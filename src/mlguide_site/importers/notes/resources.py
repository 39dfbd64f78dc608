"""What notes list: a line with a title and an address is a resource."""

import re
from collections.abc import Iterable, Iterator, Sequence

from mlguide_site.importers import EntryDraft
from mlguide_site.importers.notes.inline import bare_text
from mlguide_site.importers.notes.source import ITEM, Line
from mlguide_site.model.base import is_allowed_url
from mlguide_site.model.slugs import make_slug

MAX_LINE = 3000
MAX_LABEL = 120
MAX_WORDS = 16
_URL = r"<?(?P<url>https?://[^\s<>]{1,2000}?)>?"
_LABELLED = re.compile(
    rf"(?P<label>[^\s:<>\[\]][^:<>\[\]\n]{{0,150}}(?::\s[^:<>\[\]\n]{{1,150}})?)\s*:\**\s*{_URL}[\s.,;]*$"
)
_TITLED = re.compile(
    rf"\[(?P<title>[^\[\]\n]{{2,300}})\]\({_URL}\)"
    r"(?:\s*(?:,|-|–|—)?\s*\bby\s+(?P<authors>[^\n:]{2,200})|[\s.,;-]{0,300})$",
    re.I,
)
_GENERIC = re.compile(
    r"(?:(?P<home>web\s?site|site|home\s?page|course page|url)|setup|links?|slides|video|recording|code|repository"
    r"|notes|docs|documentation|(?:session|day|week|part|lecture) \d+|(?:cohort|course) (?:outline|website))",
    re.I,
)
"""Labels that say little without the title of the series; the address of its `home` is the series' own."""
_FORMAT = re.compile(r"\b(?:e-?)?(book|podcast|tutorial|course|video|paper|article|tool)s?\b", re.I)


def read_authors(text: str) -> list[str]:
    """Names in a list of authors.

    >>> read_authors("Ada Lovelace, C. Babbage, and the Engine Team.")
    ['Ada Lovelace', 'C. Babbage', 'Engine Team']
    """
    names = re.split(r"\s*,\s*(?:and\s+|&\s*)?|\s+and\s+|\s*&\s*", re.sub(r"(?<!\b[A-Z])\.$", "", bare_text(text)))
    return [plain for name in names if (plain := re.sub(r"^the\s+", "", name.strip())) and len(plain.split()) <= 6]


def find_resources(lines: Sequence[Line], series_title: str) -> Iterator[EntryDraft]:
    """Drafts of what lines list that are a label and an address, or a linked title with or without authors. A title
    that says little gets the series' own before it; the heading or label before a list tells its format."""
    group = ""
    for line in lines:
        text = ITEM.sub("", line.text, count=1).strip()
        if line.kind == "fence" or len(line.text) > MAX_LINE:
            continue
        if line.level or text.strip("*").endswith(":"):
            group = text
        elif found := _read(text):
            title, url, authors = found
            shown = f"{series_title}: {title}" if series_title and _GENERIC.fullmatch(title) else title
            named = _FORMAT.search(group) or _FORMAT.search(title)
            own = {"authors": authors} if authors else {}
            fields = {"title": shown, "urls": [url], **own, "format": named[1].lower() if named else "site"}
            yield EntryDraft("resource", make_slug(shown, "resource"), fields, line=line.number)


def _read(text: str) -> tuple[str, str, list[str]] | None:
    """Title, address and authors of a line that is no more than these."""
    if found := _TITLED.match(text):
        title, url = bare_text(found["title"]), found["url"]
        return (title, url, read_authors(found["authors"] or "")) if title and is_allowed_url(url) else None
    found = _LABELLED.match(text.replace("**", ""))
    if not found or not is_allowed_url(url := found["url"].rstrip(".,;")):
        return None
    label = bare_text(found["label"])
    is_short = 0 < len(label) <= MAX_LABEL and len(label.split()) <= MAX_WORDS
    # it names something rather than says something
    is_name = is_short and (label[0].isupper() or label[0].isdigit()) and not re.search(r"[.!?;]\s", label)
    return (label, url, []) if is_name else None


def home_of(found: Iterable[EntryDraft], series_title: str) -> str:
    """The address that is labelled as the series' own site, "" where none is."""
    for entry in found:
        label = _GENERIC.fullmatch(entry.fields["title"].removeprefix(f"{series_title}: "))
        if label and label["home"]:
            return str(entry.fields["urls"][0])
    return ""
