"""Resources and terms in notes: titles with addresses become resources; abbreviations with full forms become terms."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from mlguide_site.importers import EntryDraft
from mlguide_site.importers.notes.inline import bare_text
from mlguide_site.importers.notes.source import ITEM, Line
from mlguide_site.model.base import is_allowed_url
from mlguide_site.model.slugs import make_slug

MAX_LINE = 3000
MAX_WORDS = 16
MIN_ABBREVIATIONS = 3
_LABELLED = re.compile(
    r"(?P<title>(?=[A-Z\d])[^:<>\[\]\n]{1,150}(?::\s[^:<>\[\]\n]{1,150})?)\s*:\**\s*<?(?P<url>https?://[^\s<>]{1,2000}?)>?[\s.,;]*$"
)
_LINKED = re.compile(
    r"\[(?P<title>[^\[\]\n]{2,300})\]\(<?(?P<url>https?://[^\s<>]{1,2000}?)>?\)"
    r"(?:\W{0,5}\bby\s+(?P<authors>[^\n:]{2,200})|[\s.,;-]{0,300})$",
    re.I,
)
_GROUP = re.compile(r"^\**(?P<label>[A-Z][A-Za-z &/]{1,40})\**:\**\s*$")
HOME = re.compile(r"(?:web\s?site|site|home(?:\s?page)?|course page|url)", re.I)
_GENERIC = re.compile(
    rf"(?:{HOME.pattern}|setup|links?|slides|video|recording|code|repository|notes|docs|documentation"
    r"|(?:session|day|week|part|lecture) \d+|(?:cohort|course) (?:outline|page|website))",
    re.I,
)
_ABBREVIATION = re.compile(
    r"(?<![\w/])(?P<short>[A-Z][A-Za-z0-9/&-]{0,9}[A-Z0-9]s?):\s+"
    r"(?P<long>[A-Za-z][^,.;:()\n]{2,60}?)(?=\s*(?:[,.;]|\band\b|$))"
)
_VIDEO = re.compile(r"(?:YouTube|Vimeo) \S+$")
_FORMATS = "book podcast tutorial course video paper article tool".split()


def find_resources(lines: Sequence[Line], series_title: str) -> Iterator[EntryDraft]:
    """Yield a resource for each line with a label and an address, or with a linked title and optional authors. The
    series' title is added to titles such as `Slides`. The heading or label before a list determines the `format`."""
    group = ""
    for line in lines:
        text = ITEM.sub("", line.text, count=1).strip()
        if line.kind == "fence" or not text or len(line.text) > MAX_LINE or "%%" in text:
            continue
        if label := line.heading or "".join(_GROUP.findall(text)):
            group = bare_text(label)
            continue
        found = _LINKED.match(text) or _LABELLED.match(text.replace("**", ""))
        title, url = (bare_text(found["title"]), found["url"].rstrip(".,;")) if found else ("", "")
        # a title is a name, not a sentence
        is_name = found and not _VIDEO.match(title) and (found.re is _LINKED or not re.search(r"[.!?;]\s", title))
        if is_name and title and len(title.split()) <= MAX_WORDS and is_allowed_url(url):
            shown = f"{series_title}: {title}" if series_title and _GENERIC.fullmatch(title) else title
            kinds = (kind for one in (group, title) for kind in _FORMATS if re.search(rf"\be?-?{kind}s?\b", one, re.I))
            fields = {"title": shown, "urls": [url], "format": next(kinds, "site")}
            if found and (authors := read_authors(found.groupdict().get("authors") or "")):
                fields["authors"] = authors
            yield EntryDraft("resource", make_slug(shown, "resource"), fields, line=line.number)


def read_authors(text: str) -> list[str]:
    """Return the names in a list such as `Ada Lovelace, C. Babbage, and the Engine Team.`, without "and" and "the"."""
    names = re.split(r"\s*,\s*(?:and\s+|&\s*)?|\s+and\s+|\s*&\s*", re.sub(r"(?<!\b[A-Z])\.$", "", bare_text(text)))
    return [plain for name in names if (plain := re.sub(r"^the\s+", "", name.strip())) and len(plain.split()) <= 6]


def find_terms(lines: Sequence[Line]) -> Iterator[EntryDraft]:
    """Yield terms such as `SVM: support vector machine` from lines with 3 or more terms or the word "abbreviation"."""
    for line in lines:
        found = [] if line.kind == "fence" or "%%" in line.text else list(_ABBREVIATION.finditer(line.text[:5000]))
        if len(found) >= MIN_ABBREVIATIONS or "abbreviation" in line.text.casefold():
            for one in found:
                fields: dict[str, Any] = {"term": " ".join(one["long"].split()), "abbreviations": [one["short"]]}
                yield EntryDraft("term", make_slug(fields["term"]), fields, line=line.number)
