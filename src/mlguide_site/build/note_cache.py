"""Parses and scans each note once per text; the cache keeps the results by a digest of their inputs. Pure functions:
nothing here reads a file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mkdocs_incremental.workers import in_parallel
from mlguide_site.build.cache import Rows
from mlguide_site.errors import Severity
from mlguide_site.linking.mentions import Context, Mention, ReferenceUse, Scan, listed, scan
from mlguide_site.linking.names import NameTable
from mlguide_site.linking.references import FoundReference, ReferenceTable
from mlguide_site.markdown.document import Document, Finding, LinkUse, Section
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.model.digests import digest
from mlguide_site.model.records import Episode, EpisodeFile, Kind

_KINDS = {kind.value: kind for kind in Kind}
_SEVERITIES = {severity.value: severity for severity in Severity}
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables with which texts are scanned."""

    names: NameTable
    references: ReferenceTable

    @property
    def fingerprint(self) -> str:
        """A digest of both tables: equal digests give equal scans of every text."""
        return f"{self.names.fingerprint} {self.references.fingerprint}"


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a root, by episode id: `documents` are parsed bodies without syntax tree and blocks, `scans` their
    mentions, `outward` digests of all that other pages show of them. `rows` are for the cache; `edited` are the ids of
    the notes that had no valid row in it."""

    documents: Mapping[str, Document]
    scans: Mapping[str, Scan]
    outward: Mapping[str, str]
    rows: Rows
    edited: frozenset[str]


def read_notes(files: Sequence[EpisodeFile], tables: Tables, known: Rows, jobs: int) -> Notes:
    """The notes of these files; those without a valid row in the cache (`known`) are parsed and scanned, in at
    most `jobs` processes."""
    fingerprint = tables.fingerprint
    keys = {file.path: digest(f"{fingerprint}\n{_meta_key(file.meta)}\n{file.body}") for file in files}
    stale = [file for file in files if known.get(file.path, ("",))[0] != keys[file.path]]
    encoded = in_parallel(lambda file: _encoded(file, tables), stale, jobs)
    new = {file.path: value for file, value in zip(stale, encoded, strict=True)}
    documents, scans, outward = {}, {}, {}
    for file in files:
        value = new.get(file.path) or known[file.path][1]
        outward[file.id], documents[file.id], scans[file.id] = _decoded(value)
    rows = {file.path: (keys[file.path], new.get(file.path, "")) for file in files}
    return Notes(documents, scans, outward, rows, frozenset(file.id for file in stale))


def _encoded(file: EpisodeFile, tables: Tables) -> str:
    """The value of a note's row, which `_decoded` reads."""
    document = parse(file.body, file.meta.title)
    found = scan(document, tables.names, tables.references, listed(file.meta))
    parts = document.sections, document.links, document.findings, document.opening
    contexts = [(*entry, quotes) for entry, quotes in found.contexts.items()]
    return _encode([outward_digest(file, document, found), parts, found.mentions, contexts, found.references])


def _meta_key(meta: Episode) -> str:
    """The parts of the front matter that a row depends on, for its key."""
    return repr((meta.title, bool(meta.summary), sorted(listed(meta))))


def _decoded(text: str) -> tuple[str, Document, Scan]:
    outward, (sections, links, findings, opening), mentions, contexts, references = json.loads(text)
    document = Document(
        sections=tuple(map(Section._make, sections)),
        links=tuple(map(LinkUse._make, links)),
        findings=tuple([Finding._make((*rest, _SEVERITIES[severity])) for *rest, severity in findings]),
        opening=opening,
    )
    found = Scan(
        tuple([Mention(_KINDS[kind], *rest) for kind, *rest in mentions]),
        {(_KINDS[kind], slug): list(map(Context._make, quotes)) for kind, slug, quotes in contexts},
        tuple([_reference(*values) for values in references]),
    )
    return outward, document, found


def _reference(found: Sequence[Any], *rest: Any) -> ReferenceUse:
    *place, context = rest
    return ReferenceUse._make((FoundReference(tuple(found[0]), *found[1:]), *place, Context._make(context)))


def outward_digest(file: EpisodeFile, document: Document, found: Scan) -> str:
    """A digest of all that other pages show of a body: headings, links, mentions and references with their sentences,
    and its opening if there is no summary. Places in the body are left out: only the note's own page needs them."""
    references = [
        (use.found._replace(start=0, end=0), use.section, use.whole, use.href, use.context) for use in found.references
    ]
    links = [(link.href, link.text, link.image) for link in document.links]
    opening = "" if file.meta.summary else document.opening
    contexts = [*found.contexts.items()]
    return digest(_encode([[section[:3] for section in document.sections], links, contexts, references, opening]))
