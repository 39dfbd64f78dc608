"""Finds tags of episodes that can be topics, and merges the variants of a tag.

Variants of a tag differ only in capitals, spaces, hyphens, plural endings, British spelling or one letter. A tag can't
be a topic if all its words are generic, if it may name a person, a series or an author, or if most episodes have it."""

import re
from collections import Counter
from collections.abc import Callable, Set

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from mlguide_site.editing.suggest.candidates import Candidate, Table, is_person
from mlguide_site.editing.suggest.capitalised_runs import is_marked
from mlguide_site.editing.suggest.vocabulary import GENERIC
from mlguide_site.linking.folding import plain
from mlguide_site.linking.linked_catalog import LinkedCatalog
from mlguide_site.linking.spelling import spellings
from mlguide_site.linking.tags import name_key
from mlguide_site.model.catalog import Catalog
from mlguide_site.model.records import Kind

MAX_TAG = 40  # a longer tag is usually a sentence
MAX_TAGS = 20_000  # maximum number of tags that are examined, the most frequent first
MAX_COMPARED = 1000  # maximum number of tags, the most frequent first, for which misspellings are searched
_NO_TAG = re.compile(r"@|://|[?!]$")  # tags that match are accounts, addresses or sentences
_SEPARATOR = re.compile(r"[\s_/.-]+")
_NAME_END = re.compile(r"\s*[:|(–—,;&]\s*|\s+-\s+|\s+and\s+")
_NO_LETTER = re.compile(r"[\W\d]")


def frequent_tags(linked: LinkedCatalog, table: Table, ordinary: frozenset[str], fewest: int) -> dict[str, Candidate]:
    """Return the tags that can be topics, with the most frequent tag first. The keys are the topics' names. Each tag is
    used in at least `fewest` episodes. `table` and `ordinary` are the results of `gather`."""
    noted = ordinary | {form.lower() for candidate in table.values() for form in candidate.forms}

    def is_noted(form: str) -> bool:
        return form.lower() in noted or all(word in noted for word in form.lower().split())

    uses = Counter(text.casefold() for episode in linked.episodes.values() for text in episode.file.meta.tags)
    examined = {text for text, _ in uses.most_common(MAX_TAGS)}
    tags: Table = {}
    for id, episode in linked.episodes.items():
        for text in (text for text in episode.file.meta.tags if text.casefold() in examined):
            form = " ".join(text.replace("_", " ").split()).lstrip("#")
            key = _tag_key(form)
            if len(key) > 1 and len(form) <= MAX_TAG and not _NO_TAG.search(form):
                tag = tags.setdefault(key, Candidate(key))
                tag.count += 1
                tag.forms[form] += 1
                tag.episodes[id] += 1
    _join_variants(tags, table, is_noted)
    own = _own_names(linked.catalog)
    tagged = len({id for tag in tags.values() for id in tag.episodes})
    most = tagged // 2 if tagged >= 10 else tagged
    named: dict[str, Candidate] = {}
    frequent = [tag for tag in tags.values() if fewest <= len(tag.episodes) <= most]
    for tag in sorted(frequent, key=lambda tag: (-len(tag.episodes), tag.key)):
        # prefer a spelling that occurs in the notes
        best = max(sorted(tag.forms), key=lambda form: (is_noted(form), tag.forms[form]))
        noted_name = table[name_key(best)].name if name_key(best) in table else ""
        if own.isdisjoint(map(_subject, tag.forms)) and not is_person(noted_name, ordinary):
            if noted_name.lower() in map(str.lower, tag.forms) and not is_marked(best):
                best = noted_name
            named[best[:1].upper() + best[1:] if best.islower() else best] = tag
    return named


def _tag_key(tag: str) -> str:
    """Return a normalised form of a tag. All variants have the same form, except for misspellings and abbreviations."""
    texts = [plain(spelling.text) for spelling in spellings(tag, Kind.TOPIC)]
    keys = ("".join(re.sub("ie$", "y", name_key(word)) for word in _SEPARATOR.split(text)) for text in texts)
    return min(keys, default="")


def _join_variants(tags: Table, table: Table, is_noted: Callable[[str], bool]) -> None:
    """Merge abbreviations into their expansions from the notes, and misspellings into similar, more frequent tags. Two
    similar tags stay separate if both occur in the notes, unless one is much rarer."""
    for short, key in [(_tag_key(short), _tag_key(one.name)) for one in table.values() for short in one.short]:
        if short in tags and key in tags and short != key:
            tags[key].absorb(tags.pop(short), with_forms=True)
    compared: list[str] = []
    for tag in sorted(tags.values(), key=lambda tag: (-len(tag.episodes), tag.key)):
        near = extractOne(tag.key, compared, scorer=OSA.distance, score_cutoff=1) if len(tag.key) > 5 else None
        other = tags[near[0]] if near else tag
        is_near = other.key[0] == tag.key[0] and _NO_LETTER.findall(other.key) == _NO_LETTER.findall(tag.key)
        are_words = is_noted(tag.name) and is_noted(other.name) and len(tag.episodes) * 4 > len(other.episodes)
        if near and is_near and not are_words:
            other.absorb(tags.pop(tag.key), with_forms=True)
        elif len(compared) < MAX_COMPARED:
            compared.append(tag.key)


def _own_names(catalog: Catalog) -> Set[str]:
    """Return names that can't be topics, as results of `_subject`: series, authors, and the initials of series."""
    names = {""}
    for slug, series in catalog.series.items():
        titles = [series.title, _NAME_END.split(series.title)[0]]
        names.update(map(_subject, (slug, *titles, series.prefix or "", *_NAME_END.split(series.author or ""))))
        names |= {"".join(word[0] for word in title.lower().split()) for title in titles}
    return names


def _subject(tag: str) -> str:
    """Return a tag without generic words, numbers, spaces and plural endings."""
    keys = map(name_key, _SEPARATOR.split(plain(tag)))
    return "".join(key for key in keys if key not in GENERIC and not key.isdigit())
