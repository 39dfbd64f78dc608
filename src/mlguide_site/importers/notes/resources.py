"""Books, courses and sites that notes list: a line with a label or title and an address is a resource."""

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
_ITEM = re.compile(r"(\s*)(?:[-+*]|\d{1,3}[.)])\s+")
_URL = r"<?(?P<url>https?://[^\s<>]{1,2000}?)>?"
_LABELLED = re.compile(
    rf"(?P<label>[^\s:<>\[\]][^:<>\[\]\n]{{0,150}}(?::\s[^:<>\[\]\n]{{1,150}})?)\s*:\**\s*{_URL}[\s.,;]*$"
)
_TITLED = re.compile(rf"\[(?P<title>[^\[\]\n]{{2,300}})\]\({_URL}\)(?P<rest>[^\n]{{0,300}})$")
_BY = re.compile(r"\s*(?:,|-|–|—)?\s*\bby\s+(?P<authors>[^\n:]{2,200})$", re.I)
_GROUP = re.compile(r"\**(?P<label>[A-Z][A-Za-z &/]{1,40})\**:\**\s*$")
_GENERIC = re.compile(
    r"(?:website|web site|site|home|home\s?page|setup|link|links|slides|video|recording|code|repo|repository|notes|docs"
    r"|documentation|source|demo|notebook|colab|more info|info|(?:session|day|week|part|lecture) \d+"
    r"|(?:cohort|course|class|program) (?:outline|page|website|site))",
    re.I,
)
_HOME = re.compile(r"(?:web\s?site|site|home(?:\s?page)?|course page|url)", re.I)
_FORMATS = {
    "book": (
        r"e-?books?|books?|textbook|o'?reilly|manning",
        r"amzn\.to|(?<=//)amazon\.[a-z.]{2,6}|(?<=//www\.)amazon\.[a-z.]{2,6}|leanpub\.com|goodreads\.com",
    ),
    "podcast": (r"podcasts?", r"podcasts\.apple\.com|open\.spotify\.com/show"),
    "audiobook": (r"audio\s?books?", r"audible\.com"),
    "tutorial": (r"tutorials?|walk-?\s?throughs?|how-?to|getting started|quick\s?start", r"realpython\.com"),
    "course": (
        r"courses?|specialization|boot\s?camps?|moocs?|nanodegree|classes|zoomcamp|trainings?",
        r"coursera\.org|udemy\.com|edx\.org|udacity\.com|deeplearning\.ai/courses|kaggle\.com/learn",
    ),
    "video": (r"videos?|playlist|webinar|talk|lectures?|watch", r"youtube\.com|youtu\.be|vimeo\.com"),
    "paper": (r"papers?|arxiv", r"arxiv\.org|doi\.org|openreview\.net|aclanthology\.org|proceedings\.mlr\.press"),
    "article": (
        r"articles?|blogs?|blog posts?|essays?|posts?|reading",
        r"medium\.com|substack\.com|towardsdatascience\.com|dev\.to|[^/]{1,100}/blog(?=/)",
    ),
    "tool": (r"tools?|librar(?:y|ies)|packages?|sdk", r"github\.com|gitlab\.com|pypi\.org|huggingface\.co"),
    "site": (r"(?:web)?sites?|docs|documentation", r"(?!)"),
}
"""The kinds of resources, each with words of its titles and with hosts of its addresses."""
_WORD_TESTS = {kind: re.compile(rf"\b(?:{words})\b", re.I) for kind, (words, _) in _FORMATS.items()}
_HOST_TESTS = {
    kind: re.compile(rf"https?://(?:[\w-]+\.){{0,4}}(?:{hosts})(?![\w-])", re.I)
    for kind, (_, hosts) in _FORMATS.items()
}


def guess_format(title: str, url: str, group: str = "") -> str:
    """The kind of resource that a title and an address suggest, under the label of a list.

    >>> guess_format("Deep Learning", "https://amzn.to/x"), guess_format("Crash Course", "https://a.example/")
    ('book', 'course')
    >>> guess_format("Anything", "https://a.example/", "Papers"), guess_format("Anything", "https://a.example/")
    ('paper', 'site')
    """
    by_word = (kind for text in (group, title) for kind, pattern in _WORD_TESTS.items() if pattern.search(text))
    by_host = (kind for kind, pattern in _HOST_TESTS.items() if pattern.match(url))
    return next(by_word, "") or next(by_host, "site")


def read_authors(text: str) -> tuple[str, ...]:
    """Names in a list of authors.

    >>> read_authors("Ada Lovelace, C. Babbage, and the Engine Team.")
    ('Ada Lovelace', 'C. Babbage', 'Engine Team')
    """
    text = re.sub(r"(?<!\b[A-Z])\.$", "", bare_text(text).strip())
    names = re.split(r"\s*,\s*(?:and\s+|&\s*)?|\s+and\s+|\s*&\s*", text)
    plain = [re.sub(r"^the\s+", "", name.strip()) for name in names]
    return tuple(name for name in plain if name and len(name.split()) <= 6)


def find_resources(lines: Sequence[Line], series_title: str) -> Iterator[EntryDraft]:
    """Drafts of what lines list that are a label and an address, or a linked title with or without authors. A title
    that says little gets the series' own before it."""
    groups: list[tuple[int, str]] = []
    section = ""
    for line in lines:
        if line.kind == "fence" or not line.text.strip() or len(line.text) > MAX_LINE:
            continue
        if line.heading:
            groups, section = [], bare_text(line.heading)
            continue
        expanded = line.text.expandtabs(4)
        item = _ITEM.match(expanded)
        depth, text = (len(item[1]), expanded[item.end() :].strip()) if item else (-1, expanded.strip())
        groups = [group for group in groups if group[0] < depth]
        if label := _GROUP.match(text):
            groups.append((depth, label["label"]))
        elif found := _read(text):
            title, url, authors = found
            format = guess_format(title, url, groups[-1][1] if groups else section)
            shown = f"{series_title}: {title}" if series_title and _GENERIC.fullmatch(title) else title
            fields: dict[str, object] = {"title": shown, "urls": [url], "authors": list(authors), "format": format}
            if not authors:
                del fields["authors"]
            yield EntryDraft("resource", make_slug(shown, "resource"), fields, line=line.number)


def _read(text: str) -> tuple[str, str, tuple[str, ...]] | None:
    """Title, address and authors of a line that is no more than these."""
    if found := _TITLED.match(text):
        by = _BY.match(found["rest"])
        title, url = bare_text(found["title"]), found["url"]
        if not title or not is_allowed_url(url) or not (by or not found["rest"].strip(" .,;-")):
            return None
        return title, url, read_authors(by["authors"]) if by else ()
    found = _LABELLED.match(text.replace("**", ""))
    if not found or not is_allowed_url(url := found["url"].rstrip(".,;")):
        return None
    label = bare_text(found["label"])
    short = 0 < len(label) <= MAX_LABEL and len(label.split()) <= MAX_WORDS
    # it names something rather than says something
    is_name = short and (label[0].isupper() or label[0].isdigit()) and not re.search(r"[.!?;]\s", label)
    return (label, url, ()) if is_name else None


def distinct(found: Iterable[EntryDraft]) -> list[EntryDraft]:
    """Of drafts of resources the first for each address and each slug."""
    urls, slugs, kept = set[str](), set[str](), list[EntryDraft]()
    for entry in found:
        url = str(entry.fields["urls"][0])
        if url not in urls and entry.slug not in slugs:
            kept.append(entry)
            slugs.add(entry.slug)
        urls.add(url)
    return kept


def home_of(found: Iterable[EntryDraft], series_title: str) -> str:
    """The address that is labelled as the series' own site, "" where none is."""
    titles = ((entry.fields["title"].removeprefix(f"{series_title}: "), entry.fields["urls"][0]) for entry in found)
    return next((url for title, url in titles if _HOME.fullmatch(title)), "")
