"""Parsed notes and what they name as JSON, and back. What comes back is equal to what went in; the tree of a body is
not kept: it is read anew from its text where it is needed at all."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from mlguide_site.errors import Severity
from mlguide_site.linking.references import FoundReference
from mlguide_site.linking.scan import EntryKey, Mention, Quote, ReferenceUse
from mlguide_site.markdown.document import Block, Document, Finding, LinkUse, Section, Segment
from mlguide_site.model import Kind

_KINDS = {kind.value: kind for kind in Kind}
_SEVERITIES = {severity.value: severity for severity in Severity}
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def write_json(value: Any) -> str:
    """Lists, texts and numbers as JSON on one line."""
    return _encode(value)


def write_outline(document: Document) -> str:
    """What joining up needs of a document: sections, links, findings, opening."""
    return _encode([document.sections, document.links, document.findings, document.opening])


def read_outline(text: str) -> tuple[tuple[Section, ...], tuple[LinkUse, ...], tuple[Finding, ...], str]:
    """The sections, links, findings and opening of a document."""
    sections, links, findings, opening = json.loads(text)
    return (
        tuple(map(Section._make, sections)),
        tuple(map(LinkUse._make, links)),
        tuple(
            Finding(line, column, message, remedy, _SEVERITIES[severity])
            for line, column, message, remedy, severity in findings
        ),
        opening,
    )


def write_blocks(document: Document) -> str:
    """What scanning needs of a document: blocks and segments; a segment's text mostly stands in its block."""
    blocks = document.blocks
    segments = [
        (len(text) if blocks[block].text.startswith(text, offset) else text, token, child, block, offset)
        for text, token, child, block, offset in document.segments
    ]
    return _encode([blocks, segments])


def read_blocks(text: str) -> tuple[tuple[Block, ...], tuple[Segment, ...]]:
    """The blocks and segments of a document."""
    blocks, segments = json.loads(text)
    return (
        tuple(map(Block._make, blocks)),
        tuple(
            Segment(
                said if isinstance(said, str) else blocks[block][0][offset : offset + said], token, child, block, offset
            )
            for said, token, child, block, offset in segments
        ),
    )


def write_found(quotes: tuple[Quote, ...], references: tuple[ReferenceUse, ...]) -> str:
    """What joining up needs of a scan: quotes and references."""
    return _encode([quotes, references])


def read_found(text: str) -> tuple[tuple[Quote, ...], tuple[ReferenceUse, ...]]:
    """The quotes and references of a scan. Equal entries are one object, and so are equal sentences of a text: there
    are tens of thousands of the first, and most of the second name several."""
    quotes, references = json.loads(text)
    sentences: dict[str, str] = {}
    return (
        tuple(
            Quote(_entry(kind, slug), section, sentences.setdefault(sentence, sentence), start, end)
            for (kind, slug), section, sentence, start, end in quotes
        ),
        tuple(ReferenceUse(_found(first), *rest) for first, *rest in references),
    )


@cache
def _entry(kind: str, slug: str) -> EntryKey:
    return _KINDS[kind], slug


def _found(values: list[Any]) -> FoundReference:
    return FoundReference(tuple(values[0]), *values[1:])


def write_mentions(mentions: Sequence[Mention]) -> str:
    """The mentions of a scan."""
    return _encode(mentions)


def read_mentions(text: str) -> tuple[Mention, ...]:
    """The mentions of a scan."""
    return tuple(Mention(_KINDS[kind], *rest) for kind, *rest in json.loads(text))
