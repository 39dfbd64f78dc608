"""What notes list: a line with a title and an address is a resource, abbreviations that are explained are terms."""

import re
from collections.abc import Iterable, Iterator, Sequence

from mlguide_site.importers import EntryDraft
from mlguide_site.importers.notes.inline import bare_text
from mlguide_site.importers.notes.source import Line
from mlguide_site.model.base import is_allowed_url
from mlguide_site.model.slugs import make_slug

MAX_LINE = 3000
MAX_LABEL = 120
MAX_WORDS = 16
_ITEM = re.compile(r"^\s*(?:[-+*]|\d{1,3}[.)])\s+")
_URL = r"<?(?P<url>https?://[^\s<>]{1,2000}?)>?"
_LABELLED = re.compile(
    rf"(?P<label>[^\s:<>\[\]][^:<>\[\]\n]{{0,150}}(?::\s[^:<>\[\]\n]{{1,150}})?)\s*:\**\s*{_URL}[\s.,;]*$"
)
_TITLED = re.compile(
    rf"\[(?P<title>[^\[\]\n]{{2,300}})\]\({_URL}\)"
    r"(?:\s*(?:,|-|–|—)?\s*\bby\s+(?P<authors>[^\n:]{2,200})|[\s.,;-]{0,300})$",
    re.I,
)
_GROUP = re.compile(r"\**(?P<label>[A-Z][A-Za-z &/]{1,40})\**:\**\s*$")
_GENERIC = re.compile(
    r"(?:web\s?site|site|home\s?page|setup|links?|slides|video|recording|code|repository|notes|docs|documentation"
    r"|(?:session|day|week|part|lecture) \d+|(?:cohort|course) (?:outline|page|website))",
    re.I,
)
_HOME = re.compile(r"(?:web\s?site|site|home(?:\s?page)?|course page|url)", re.I)
MIN_ABBREVIATIONS = 3
_ABBREVIATION = re.compile(
    r"(?<![\w/])(?P<short>[A-Z][A-Za-z0-9/&-]{0,9}[A-Z0-9]s?):\s+(?P<long>[A-Za-z][^,.;:()\n]{2,60}?)(?=\s*(?:[,.;]|\band\b|$))"
)
_FORMATS = "book podcast tutorial course video paper article tool".split()


def guess_format(*texts: str) -> str:
    """The kind of resource that the label of a list or a title names.

    >>> guess_format("Papers", "A talk"), guess_format("", "Crash Course"), guess_format("", "Anything")
    ('paper', 'course', 'site')
    """
    named = (kind for text in texts for kind in _FORMATS if re.search(rf"\b(?:e-?)?{kind}s?\b", text, re.I))
    return next(named, "site")


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
        text = _ITEM.sub("", line.text, count=1).strip()
        if line.kind == "fence" or not text or len(line.text) > MAX_LINE:
            continue
        if line.heading or (label := _GROUP.match(text)):
            group = bare_text(line.heading) or (label["label"] if label else "")
        elif found := _read(text):
            title, url, authors = found
            shown = f"{series_title}: {title}" if series_title and _GENERIC.fullmatch(title) else title
            fields = {"title": shown, "urls": [url], "authors": authors, "format": guess_format(group, title)}
            given = {key: value for key, value in fields.items() if value}
            yield EntryDraft("resource", make_slug(shown, "resource"), given, line=line.number)


def _read(text: str) -> tuple[str, str, list[str]] | None:
    """Title, address and authors of a line that is no more than these."""
    if found := _TITLED.match(text):
        title, url = bare_text(found["title"]), found["url"]
        return (title, url, read_authors(found["authors"] or "")) if title and is_allowed_url(url) else None
    found = _LABELLED.match(text.replace("**", ""))
    if not found or not is_allowed_url(url := found["url"].rstrip(".,;")):
        return None
    label = bare_text(found["label"])
    short = 0 < len(label) <= MAX_LABEL and len(label.split()) <= MAX_WORDS
    # it names something rather than says something
    is_name = short and (label[0].isupper() or label[0].isdigit()) and not re.search(r"[.!?;]\s", label)
    return (label, url, []) if is_name else None


def distinct(found: Iterable[EntryDraft]) -> list[EntryDraft]:
    """Of drafts of resources the first for each address and each slug."""
    by_address: dict[str, EntryDraft] = {}
    for entry in found:
        by_address.setdefault(str(entry.fields["urls"][0]), entry)
    by_slug: dict[str, EntryDraft] = {}
    for entry in by_address.values():
        by_slug.setdefault(entry.slug, entry)
    return list(by_slug.values())


def home_of(found: Iterable[EntryDraft], series_title: str) -> str:
    """The address that is labelled as the series' own site, "" where none is."""
    titles = ((entry.fields["title"].removeprefix(f"{series_title}: "), entry.fields["urls"][0]) for entry in found)
    return next((url for title, url in titles if _HOME.fullmatch(title)), "")


def find_terms(lines: Sequence[Line]) -> Iterator[EntryDraft]:
    """Terms for the abbreviations of lines that explain several, or that call themselves so."""
    for line in lines:
        found = [] if line.kind == "fence" else list(_ABBREVIATION.finditer(line.text[:5000]))
        if len(found) < MIN_ABBREVIATIONS and not (found and "abbreviation" in line.text.casefold()):
            continue
        for one in found:
            long = " ".join(one["long"].split())
            yield EntryDraft("term", make_slug(long), {"term": long, "abbreviations": [one["short"]]}, line=line.number)
