"""Parses and scans only notes that have changed. The functions are pure, and read no files.

A change of a knowledge entry affects only notes that contain a former or current name of the entry. So the cache also
stores the spellings of each entry and the case-folded words of each note."""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from mkdocs_incremental.workers import in_parallel
from mlguide_site.build.cache import Rows
from mlguide_site.errors import Severity
from mlguide_site.linking.folding import folded_words
from mlguide_site.linking.mentions import Context, Mention, ReferenceUse, Scan, listed, scan
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import FoundReference, ReferenceTable
from mlguide_site.markdown.document import Document, Finding, LinkUse, Section
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.model.digests import digest
from mlguide_site.model.records import EpisodeFile, Kind
from mlguide_site.pages.review import section_of, words_of_sections

NOTES, NAMES, WORDS = "notes", "names", "words"
"""The cache's namespaces: parsed notes, the spellings of each entry's names, and the words of each note."""
MAX_SEARCHED = 1000  # maximum number of names that are searched in a note to avoid parsing it again
_KINDS = {kind.value: kind for kind in Kind}
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


class Tables(NamedTuple):
    """Tables for finding names and references in texts."""

    names: NameTable
    references: ReferenceTable


class Notes(NamedTuple):
    """The notes and pages of a root, by id. `documents` contains the parsed bodies, without syntax trees and blocks.
    `outward` contains the `outward_digest` of each note. `rows` contains new cache rows by namespace. `edited` contains
    the ids of the notes without a valid row in the cache."""

    documents: Mapping[str, Document]
    scans: Mapping[str, Scan]
    outward: Mapping[str, str]
    rows: Mapping[str, Rows]
    edited: frozenset[str]


def read_notes(files: Sequence[EpisodeFile], tables: Tables, read: Callable[[str], Rows], jobs: int) -> Notes:
    """Return the notes. Notes without a valid cache row are parsed and scanned. `read` returns a namespace's rows."""
    known, references = read(NOTES), tables.references.fingerprint
    texts = {}
    for file in files:
        # a row depends on these parts of the front matter
        meta = (file.meta.title, bool(file.meta.summary), sorted(listed(file.meta)), file.meta.questions)
        texts[file.id] = digest(f"{references}\n{meta!r}\n{file.body}")
    names, changed = _names(tables.names, read(NAMES) if known else {})
    words_by_id = read(WORDS) if changed else {}
    by_word = defaultdict[str, list[str]](list)
    for name in changed:
        by_word[name.partition(" ")[0]].append(name)
    affected = {id for id, (_, words) in words_by_id.items() if _may_contain(words, by_word)}
    valid = {id for id, (key, _) in known.items() if key.partition(" ")[0] == texts.get(id)} - affected
    stale = [file for file in files if file.id not in valid]
    results = in_parallel(lambda file: _encoded(file, tables), stale, jobs)
    new = {file.id: result for file, result in zip(stale, results, strict=True)}
    version = digest(repr([(name, key) for name, (key, _) in names.items()]))
    documents, scans, outward = {}, {}, {}
    rows: dict[str, dict[str, tuple[str, str]]] = {NOTES: {}, WORDS: {}, NAMES: names}
    for id in (file.id for file in files):
        words, value = new.get(id, ("", ""))
        outward[id], documents[id], scans[id] = _decoded(value or known[id][1])
        # `version` changes the keys of the rescanned notes, because the cache replaces only rows with changed keys
        rows[NOTES][id] = (f"{texts[id]} {version}" if value else known[id][0], value)
        rows[WORDS][id] = (texts[id], words)
    return Notes(documents, scans, outward, rows, frozenset(file.id for file in stale))


def _may_contain(words: str, names: Mapping[str, Sequence[str]]) -> bool:
    """Return whether a text contains one of the names, which are grouped by their first word. A text with the first
    words of more than `MAX_SEARCHED` names isn't searched for them."""
    known = set(words.split())
    likely = [*islice((name for word in known & names.keys() for name in names[word]), MAX_SEARCHED + 1)]
    present = (name for name in likely if known.issuperset(name.split()))
    return len(likely) > MAX_SEARCHED or any(f" {name} " in words for name in present)


def _names(table: NameTable, known: Rows) -> tuple[dict[str, tuple[str, str]], frozenset[str]]:
    """Return the cache rows of all entries, and the old and new spellings of changed entries."""
    rows = {}
    changed: set[str] = set()
    former = dict(known)
    for named in table.named:
        name, key = f"{named.kind} {named.slug}", named.fingerprint
        before, spellings = former.pop(name, ("", ""))
        rows[name] = (key, "")
        if before != key:
            rows[name] = (key, "\n".join(sorted(named.spellings)))
            changed.update(spellings.split("\n"), named.spellings)
    for _, spellings in former.values():
        changed.update(spellings.split("\n"))
    return rows, frozenset(changed - {""})


def _encoded(file: EpisodeFile, tables: Tables) -> tuple[str, str]:
    """Return the words of a note, each between spaces, and the results of parsing and scanning as JSON."""
    document = parse(file.body, file.meta.title)
    found = scan(document, tables.names, tables.references, file.meta)
    parts = document.sections, document.links, document.findings, document.opening
    # headings, which are in `parts`, and repeated sentences would make the row many times larger than the note
    at = {section[:2]: number for number, section in enumerate(document.sections)}
    contexts = [(*entry, [(at[one[:2]], *one[2:]) for one in quotes]) for entry, quotes in found.contexts.items()]
    words = folded_words("\n".join([file.meta.title, *(block.text for block in document.blocks)]))
    uses, last = [], None
    for *use, context in found.references:
        uses.append((*use, None if context.sentence == last else context.sentence, context.start, context.end))
        last = context.sentence
    results = [outward_digest(file, document, found), parts, found.mentions, contexts, uses]
    return f" {' '.join(words)} ", _encode(results)


def _decoded(text: str) -> tuple[str, Document, Scan]:
    outward, (sections, links, findings, opening), mentions, contexts, references = json.loads(text)
    document = Document(
        sections=tuple(map(Section._make, sections)),
        links=tuple(map(LinkUse._make, links)),
        findings=tuple([Finding._make((*rest, Severity(severity))) for *rest, severity in findings]),
        opening=opening,
    )
    places = [(section.heading, section.anchor) for section in document.sections]
    uses, last, names = list[ReferenceUse](), "", dict[tuple[str, ...], tuple[str, ...]]()
    for (key, *rest), section, *place, sentence, start, end in references:
        last = last if sentence is None else sentence
        series = names.setdefault(tuple(key), tuple(key))
        context = Context._make((*places[section], last, start, end))
        uses.append(ReferenceUse._make((FoundReference(series, *rest), section, *place, context)))
    found = Scan(
        tuple([Mention(_KINDS[kind], *rest) for kind, *rest in mentions]),
        {
            (_KINDS[kind], slug): [Context(*places[at], *rest) for at, *rest in quotes]
            for kind, slug, quotes in contexts
        },
        tuple(uses),
    )
    return outward, document, found


def outward_digest(file: EpisodeFile, document: Document, found: Scan) -> str:
    """Return a digest of everything in a note's body that other pages show: headings, links, the sections of pictures
    with captions, sentences with mentions or references, the order of mentions, and the sections that fit the
    questions. They also show the first paragraph of a note without a summary, and only the headings of files in
    `pages/`. Line numbers and offsets don't affect it."""
    headings = [section[:3] for section in document.sections]
    if not file.series:
        return digest(_encode(headings))
    references = [
        (use.found._replace(start=0, end=0), use.section, use.whole, use.href, use.context[2:])
        for use in found.references
    ]
    order = [*dict.fromkeys(one[:2] for one in found.mentions)]
    lines = [section.line for section in document.sections]
    # pages of terms link to the sections of pictures with captions
    links = [
        (link.href, link.text, link.image, link.caption, link.caption and bisect_right(lines, link.line))
        for link in document.links
    ]
    opening = "" if file.meta.summary else document.opening
    questions, sections = file.meta.questions, document.sections
    places = words_of_sections(file.body, sections) if questions else {}
    answers = [section_of(one.question, one.answer, places, sections) for one in questions]
    return digest(_encode([headings, links, [*found.contexts.items()], order, references, opening, answers]))
