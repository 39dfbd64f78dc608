"""Books, courses and sites that notes list: a line with a label or title and an address is a resource."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mlguide_site.importers.base import EntryDraft
from mlguide_site.importers.marks import bare_text
from mlguide_site.importers.sections import Line, heading
from mlguide_site.model.base import is_allowed_url
from mlguide_site.model.slugs import make_slug

MAX_LABEL = 120
MAX_WORDS = 16
_ITEM = re.compile(r"(\s*)(?:[-+*]|\d{1,3}[.)])\s+")
_LABELLED = re.compile(
    r"(?P<label>[^\s:<>\[\]][^:<>\[\]\n]{0,150}(?::\s[^:<>\[\]\n]{1,150})?)\s*:\**\s*<?(?P<url>https?://[^\s<>]{1,2000}?)>?[\s.,;]*$"
)
_TITLED = re.compile(
    r"\[(?P<title>[^\[\]\n]{2,300})\]\(<?(?P<url>https?://[^\s<>]{1,2000}?)>?\)(?P<rest>[^\n]{0,300})$"
)
_BY = re.compile(r"\s*(?:,|-|–|—)?\s*\bby\s+(?P<authors>[^\n:]{2,200})$", re.I)
_GROUP = re.compile(r"\**(?P<label>[A-Z][A-Za-z &/]{1,40})\**:\**\s*$")
_GENERIC = re.compile(
    r"(?:website|web site|site|home|home\s?page|setup|link|links|slides|video|recording|code|repo|repository|notes|docs"
    r"|documentation|source|demo|notebook|colab|more info|info|session \d+|day \d+|week \d+|part \d+|lecture \d+"
    r"|(?:cohort|course|class|program) (?:outline|page|website|site))",
    re.I,
)
HOME = re.compile(r"(?:web\s?site|site|home(?:\s?page)?|course page|url)", re.I)

_WORDS: tuple[tuple[str, str], ...] = (
    (r"e-?books?|books?|textbook|o'?reilly|manning", "book"),
    (r"podcasts?", "podcast"),
    (r"audio\s?books?", "audiobook"),
    (r"tutorials?|walk-?\s?throughs?|how-?to|getting started|quick\s?start", "tutorial"),
    (r"courses?|specialization|boot\s?camps?|moocs?|nanodegree|classes|zoomcamp|trainings?", "course"),
    (r"videos?|playlist|webinar|talk|lectures?|watch", "video"),
    (r"papers?|arxiv", "paper"),
    (r"articles?|blogs?|blog posts?|essays?|posts?|reading", "article"),
    (r"tools?|librar(?:y|ies)|packages?|sdk", "tool"),
    (r"(?:web)?sites?|docs|documentation", "site"),
)
_ADDRESSES: tuple[tuple[str, str], ...] = (
    (r"youtube\.com|youtu\.be|vimeo\.com", "video"),
    (r"arxiv\.org|doi\.org|openreview\.net|aclanthology\.org|papers\.nips\.cc|proceedings\.mlr\.press", "paper"),
    (r"coursera\.org|udemy\.com|edx\.org|udacity\.com|deeplearning\.ai/courses|kaggle\.com/learn", "course"),
    (r"amzn\.to|oreilly\.com/library|manning\.com/books|leanpub\.com|goodreads\.com", "book"),
    (r"github\.com|gitlab\.com|pypi\.org|huggingface\.co", "tool"),
    (r"medium\.com|substack\.com|towardsdatascience\.com|dev\.to|[^/]{1,100}/blog(?=/)", "article"),
    (r"podcasts\.apple\.com|open\.spotify\.com/show", "podcast"),
)
_SHOP = re.compile(r"https?://(?:www\.|smile\.)?amazon\.[a-z.]{2,6}/", re.I)
_WORD_TESTS = tuple((re.compile(rf"\b(?:{pattern})\b", re.I), format) for pattern, format in _WORDS)
_ADDRESS_TESTS = tuple(
    (re.compile(rf"https?://(?:[\w-]+\.){{0,4}}(?:{pattern})(?![\w-])", re.I), format) for pattern, format in _ADDRESSES
)


class Listed(NamedTuple):
    """A resource in a list: its title, address, authors, format and line; `generic` where the title says little."""

    title: str
    url: str
    authors: tuple[str, ...]
    format: str
    line: int
    generic: bool


def guess_format(title: str, url: str, group: str = "") -> str:
    """What kind of resource a title and an address speak of, under the label of a list.

    >>> guess_format("Deep Learning", "https://amzn.to/x"), guess_format("Crash Course", "https://a.example/")
    ('book', 'course')
    >>> guess_format("Anything", "https://a.example/", "Papers"), guess_format("Anything", "https://a.example/")
    ('paper', 'site')
    """
    for text in (group, title):
        for pattern, format in _WORD_TESTS:
            if text and pattern.search(text):
                return format
    if _SHOP.match(url):
        return "book"
    return next((format for pattern, format in _ADDRESS_TESTS if pattern.match(url)), "site")


def read_authors(text: str) -> tuple[str, ...]:
    """Names in a list of authors.

    >>> read_authors("Ada Lovelace, C. Babbage, and the Engine Team.")
    ('Ada Lovelace', 'C. Babbage', 'Engine Team')
    """
    text = bare_text(text).strip()
    if text.endswith(".") and not re.search(r"\b[A-Z]\.$", text):
        text = text[:-1]
    names = re.split(r"\s*,\s*(?:and\s+|&\s*)?|\s+and\s+|\s*&\s*", text)
    plain = [re.sub(r"^the\s+", "", name.strip()) for name in names]
    return tuple(name for name in plain if name and len(name.split()) <= 6)


def find_listed(lines: Sequence[Line]) -> Iterator[Listed]:
    """Lines that are a label and an address, or a linked title with or without authors, in order."""
    groups: list[tuple[int, str]] = []
    section = ""
    for line in lines:
        if line.code or not line.text.strip() or len(line.text) > 3000:
            continue
        if found := heading(line):
            groups, section = [], bare_text(found.text)
            continue
        item = _ITEM.match(line.text.expandtabs(4))
        depth = len(item[1]) if item else -1
        text = line.text.expandtabs(4)[item.end() if item else 0 :].strip()
        groups = [group for group in groups if group[0] < depth]
        if label := _GROUP.match(text):
            groups.append((depth, label["label"]))
            continue
        if found_one := _read(text, groups[-1][1] if groups else section, line.number):
            yield found_one


def _read(text: str, group: str, line: int) -> Listed | None:
    if (found := _TITLED.match(text)) and is_allowed_url(found["url"]):
        rest = found["rest"].strip()
        by = _BY.match(found["rest"])
        if by or not rest.strip(" .,;-"):
            title = bare_text(found["title"])
            authors = read_authors(by["authors"]) if by else ()
            return (
                Listed(
                    title, found["url"], authors, guess_format(title, found["url"], group), line, _says_little(title)
                )
                if title
                else None
            )
        return None
    bare = text.replace("**", "")
    found = _LABELLED.match(bare)
    if not found or not is_allowed_url(url := found["url"].rstrip(".,;")):
        return None
    label = bare_text(found["label"])
    if not label or len(label) > MAX_LABEL or len(label.split()) > MAX_WORDS or not _is_label(label):
        return None
    return Listed(label, url, (), guess_format(label, url, group), line, _says_little(label))


def _is_label(text: str) -> bool:
    """Whether a text names something rather than says something."""
    return (text[0].isupper() or text[0].isdigit()) and not re.search(r"[.!?;]\s", text) and text[0] != ">"


def _says_little(title: str) -> bool:
    return bool(_GENERIC.fullmatch(title))


def entries_of(found: Sequence[Listed], series_title: str) -> Iterator[EntryDraft]:
    """Drafts of resources, one for each address; a title that says little gets the series' own before it."""
    seen: set[str] = set()
    slugs: set[str] = set()
    for one in found:
        if one.url in seen:
            continue
        seen.add(one.url)
        title = f"{series_title}: {one.title}" if one.generic and series_title else one.title
        slug = make_slug(title, "resource")
        if slug in slugs:
            continue
        slugs.add(slug)
        fields = {"title": title, "urls": [one.url], "authors": list(one.authors), "format": one.format}
        yield EntryDraft("resource", slug, {key: value for key, value in fields.items() if value}, line=one.line)


def home_of(found: Sequence[Listed]) -> str:
    """The address that is labelled as the series' own site, "" where none is."""
    return next((one.url for one in found if HOME.fullmatch(one.title)), "")
