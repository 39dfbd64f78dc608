"""Converts flattened notes to the Markdown bodies of drafts, within the size limits for notes."""

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import accumulate
from textwrap import wrap
from typing import NamedTuple

from mlguide_site.markdown.block_records import plain_blocks
from mlguide_site.markdown.blocks_to_markdown import blocks_to_markdown
from mlguide_site.markdown.engine_escape import unescape
from mlguide_site.markdown.limits import MARKS
from mlguide_site.markdown.plain import escape_start, without_escapes
from mlguide_site.model.digests import short_digest
from mlguide_site.recovery import Recovery, UncertainPlace, recovery
from mlguide_site.recovery.markdown import INDENT
from mlguide_site.recovery.scorer import shipped
from mlguide_site.recovery.tokens import read_tokens

FORM = 5  # the version of the output; increase it if new code converts the same scores to a different body
MAX_WORDS = 60_000  # if a page has more words, the structure of its longest notes isn't recovered
MAX_EXAMPLES = 60
MAX_LINE, MAX_MARKS = 15_000, 3_000
"""The maximum numbers of characters and of syntax characters in a line. Longer lines become several paragraphs."""
PARAGRAPH, NEAR = 2_000, 3
_ITEM = re.compile(r"(?P<indent> *)(?:-|\d+[.)]) ")


class Body(NamedTuple):
    markdown: str
    recovery: Recovery


# an import reads its sources twice, and most texts are the same the second time
@lru_cache(maxsize=4)
def recover_bodies(texts: tuple[str, ...], examples: tuple[str, ...] = ()) -> tuple[Body, ...]:
    """Convert the notes of one page to Markdown bodies with the same words in the same order. Each line in `texts` is a
    paragraph. `examples` are bodies of structured notes. The order of the notes doesn't affect the bodies. If a page
    has more than `MAX_WORDS` words, its longest notes become plain paragraphs."""
    examples = tuple(sorted(examples, key=short_digest)[:MAX_EXAMPLES])
    digests = [short_digest("\n".join(" ".join(line.split()) for line in text.split("\n"))) for text in texts]
    order = sorted(range(len(texts)), key=lambda at: (len(texts[at].split()), digests[at]))
    sums = accumulate(len(texts[at].split()) for at in order)
    chosen = sorted(at for at, words in zip(order, sums, strict=True) if words <= MAX_WORDS)
    found = dict(zip(chosen, recovery.recover([texts[at] for at in chosen], examples), strict=True))
    version = short_digest(f"{FORM} {shipped()[1]}")
    bodies = []
    for at, text in enumerate(texts):
        markdown, unsure = found.get(at) or (blocks_to_markdown(plain_blocks(text.replace("\n", "\n\n")))[0], ())
        markdown = "\n".join(part for line in markdown.split("\n") for part in _parts(line))
        places = _places(text, markdown) if unsure else {}
        uncertain = tuple(
            UncertainPlace(*places[one.offset], one.taken, one.instead, round(100 * one.confidence))
            for one in unsure
            if one.offset in places
        )
        bodies.append(Body(markdown, Recovery(digests[at], version if at in found else "", uncertain)))
    return tuple(bodies)


def _parts(line: str) -> list[str]:
    """Split a long line of Markdown into shorter paragraphs. The paragraphs of a list item stay in the item."""
    if len(line) <= MAX_LINE and len(MARKS.findall(line)) <= MAX_MARKS:
        return [line]
    item = _ITEM.match(line)
    indent = item["indent"] + INDENT if item else ""
    first, *rest = wrap(line, PARAGRAPH, break_long_words=False, break_on_hyphens=False)
    return [first, *(f"\n{indent}{escape_start(part)}" for part in rest)]


def _places(text: str, markdown: str) -> Mapping[int, tuple[int, int]]:
    """Map the offset of each word in a text to its line (from 0) and column (from 1) in the Markdown."""
    places: dict[int, tuple[int, int]] = {}
    tokens = read_tokens(text)
    at = 0
    for number, line in enumerate(markdown.split("\n")):
        for found in re.finditer(r"\S+", line):
            shown = unescape(without_escapes(found.group().removeprefix("**").removesuffix("**")))
            # some words of the Markdown aren't tokens, such as the bullets of lists
            if shown in (near := [token.text for token in tokens[at : at + NEAR]]):
                at += near.index(shown) + 1
                places[tokens[at - 1].start] = (number, found.start() + 1)
    return places
