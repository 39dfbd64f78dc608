"""Finds and removes the footer that WordPress adds to each item, such as "The post Pegs appeared first on Wood Talk",
and the rule of dashes that separated promotion from the notes."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import groupby
from urllib.parse import urlsplit

from mlguide_site.importers.common.addresses import address_key
from mlguide_site.importers.common.promotion import MAX_PATTERN
from mlguide_site.importers.feed.descriptions import spaced_words
from mlguide_site.importers.feed.entries import Entry
from mlguide_site.markdown import block_records as records

MIN_LETTERS, MAX_LETTERS = 5, 45
"""How many letters a footer may have outside of its links. A sentence with more is about the episode."""
_RULE = re.compile(r"[-‐-―−_=*]{2,}")


def find_footers(entries: Sequence[Entry], home: str) -> tuple[str, ...]:
    """Return the promotion patterns of the footers that end the notes. `home` is the address of the show's site."""
    last = ((entry.notes.blocks[-1], entry) for entry in entries if entry.notes.blocks)
    return tuple(sorted({pattern for block, entry in last if (pattern := _pattern(block, entry, home))}))


def cut_footers(entry: Entry, home: str, patterns: Collection[str]) -> tuple[records.Blocks, tuple[str, ...]]:
    """Remove footers whose pattern is in `patterns`. An excerpt above the notes may end with a footer, too. Also return
    the pattern of each removed footer."""
    found = [(block, _pattern(block, entry, home)) for block in entry.notes.blocks]
    kept = tuple(block for block, pattern in found if pattern not in patterns)
    return kept, tuple(pattern for _, pattern in found if pattern in patterns)


def cut_rule(blocks: records.Blocks) -> records.Blocks:
    """Remove lines of only dashes at the end."""
    while blocks and isinstance(last := blocks[-1], records.Paragraph) and not last.level:
        if not _RULE.fullmatch(records.line_text(last.lines[-1])):
            break
        lines = last.lines[:-1]
        blocks = (*blocks[:-1], *([replace(last, lines=lines)] if lines else []))
    return blocks


def _pattern(block: records.Block, entry: Entry, home: str) -> str:
    """Return the promotion pattern of a footer, or "" for any other block. In all languages, a footer has two links:
    one to the item, with its title, and one to the show's site."""
    if not isinstance(block, records.Paragraph) or block.level or len(block.lines) != 1:
        return ""
    runs = [
        (url, "".join(run.text for run in part)) for url, part in groupby(block.lines[0], lambda one: one.style.href)
    ]
    links, others = [one for one in runs if one[0]], "".join(text for url, text in runs if not url)
    if len(links) != 2 or not MIN_LETTERS <= sum(map(str.isalpha, others)) <= MAX_LETTERS or not _host(home):
        return ""
    (page, title), (site, _) = links
    is_own = address_key(page) == address_key(entry.link) and spaced_words(title) == spaced_words(entry.title)
    pattern = "".join("*" if url == page else text for url, text in runs)
    is_footer = is_own and _host(site) == _host(home) and pattern.count("*") == 1
    return pattern if is_footer and len(pattern) <= MAX_PATTERN else ""


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")
