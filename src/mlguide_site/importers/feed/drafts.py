"""Importer for feeds. Yields drafts of the episodes, the series and the people of a feed."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from textwrap import shorten
from typing import Any

from mlguide_site.content.transcript_formats import CHAPTERS, chapters_text
from mlguide_site.errors import ContentError, Problem, Severity, content_error, counted
from mlguide_site.importers import Context, Draft, EntryDraft, FileDraft, Item, Source, warning
from mlguide_site.importers.common import addresses, naming
from mlguide_site.importers.common.dates_and_durations import day_order, read_date
from mlguide_site.importers.common.naming import Numbered
from mlguide_site.importers.common.promotion import find_promotion
from mlguide_site.importers.common.truncation import truncated_texts
from mlguide_site.importers.feed.descriptions import cut_promotion, holds, spaced_words
from mlguide_site.importers.feed.entries import MAX_EACH, Entry, Feed, read_feed
from mlguide_site.importers.feed.footers import cut_footers, cut_rule, find_footers
from mlguide_site.importers.feed.podcast import LANGUAGE
from mlguide_site.importers.feed.xml import ROOT, read_tree
from mlguide_site.markdown.block_records import text_lines
from mlguide_site.markdown.blocks_to_markdown import blocks_to_markdown
from mlguide_site.model.slugs import make_slug

MAX_ITEMS = 10_000
MAX_ALL_NOTES = 16 * 1024 * 1024
MAX_ALL_PIECES = 300_000
MAX_PEOPLE = 5_000
MAX_OPENING = 80
MAX_LIST = 16_000  # maximum number of characters in one list of the front matter
EXTRAS = frozenset(["trailer", "bonus"])  # items of these kinds are identified by a slug instead of a number


def sniff(source: Source) -> bool:
    """Check whether a source begins with the root element of a feed."""
    # in UTF-16, every second byte of an ASCII text is 0
    return bool(ROOT.match(source.data[:65536].replace(b"\x00", b"")))


def read(source: Source, context: Context) -> Iterator[Item]:
    """Yield the drafts of episodes, series and people, and the problems of the feed."""
    feed = _load(source)
    yield from feed.problems
    entries: list[Entry] = []
    size = pieces = 0
    for entry in feed.entries:
        size, pieces = size + entry.notes.size, pieces + entry.notes.pieces
        if size > MAX_ALL_NOTES or pieces > MAX_ALL_PIECES:
            most = f"{MAX_ALL_NOTES:,} characters or {MAX_ALL_PIECES:,} tags and addresses"
            raise content_error(source.name, f"the notes have more than {most}", "split the feed")
        if entry.is_empty:
            yield warning(source.name, entry.line, "an empty item is left out", "complete the item in the feed")
        else:
            entries.append(entry)
    if crowded := [entry.line for entry in entries if entry.has_surplus]:
        message = f"more than {MAX_EACH:,} categories in {counted(len(crowded), 'item')}; the first are kept"
        yield warning(source.name, crowded[0], message, "remove categories in the feed")
    if _is_private(source, feed):
        message = "the feed's address is left out because it contains an access key, but the audio addresses are kept"
        remedy = "don't publish the site, because the audio addresses may contain the key too"
        yield warning(source.name, 1, message, f'{remedy}; set the field "feed" of the series if a public feed exists')
    # addresses with an access key aren't shown
    if more := addresses.public_address(feed.more):
        message = f"the feed has older episodes at {more[:200]}"
        yield warning(source.name, 1, message, "import this address too", Severity.HINT)
    if moved := addresses.public_address(feed.moved):
        message = f"the feed has moved to {moved[:200]}"
        yield warning(source.name, 1, message, 'write this address in the field "feed" of the series', Severity.HINT)
    if not (entries or feed.title):
        raise content_error(source.name, "the feed contains no episode", "use the address of a feed with episodes")
    if not entries:
        yield warning(source.name, 1, "the feed contains no episode", "import the feed again later", Severity.HINT)
    yield from _drafts(source, feed, entries, context)


def enclosures(source: Source) -> tuple[str, ...]:
    """Return the addresses of a feed's media files, in order, or () if the feed can't be read."""
    try:
        return tuple(entry.enclosure for entry in _load(source).entries if entry.enclosure) if sniff(source) else ()
    except ContentError:
        return ()


def _load(source: Source) -> Feed:
    tree = read_tree(source)
    if len(tree.items) > MAX_ITEMS:
        raise content_error(source.name, f"more than {MAX_ITEMS:,} episodes", "split the feed")
    return read_feed(tree, source.url or "")


def _drafts(source: Source, feed: Feed, entries: Sequence[Entry], context: Context) -> Iterator[Item]:
    numbers = [Numbered(one.season, None if one.kind in EXTRAS else one.number, one.title) for one in entries]
    day_first = day_order(entry.dated for entry in entries)
    entries = [one._replace(dated=str(read_date(one.dated, day_first) or one.dated)) for one in entries]
    guids = [one.guid for one in sorted(entries, key=lambda one: read_date(one.dated) or date.min, reverse=True)]
    # ignore the address that a downloaded feed declares: it may be the address of another show's feed
    feeds = {source.name, source.url or addresses.public_address(feed.address)}
    recognised = naming.known_series(feed.title, context, feeds, str(feed.fields.get("guid", "")), guids)
    names = naming.name_titles(numbers, feed.title, context, recognised)
    # a trailer may have the number of its episode in its title
    pairs = [*zip(names.entries, entries, strict=True)]
    used = {(one.series, one.season, one.number) for one, entry in pairs if entry.kind not in EXTRAS}
    owned = (
        one._replace(number=None, title=entry.title)
        if entry.kind in EXTRAS and (one.series, one.season, one.number) in used
        else one
        for one, entry in pairs
    )
    names = names._replace(entries=tuple(owned))
    recurring = _promotion(feed, entries)
    cut = truncated_texts([entry.notes.text for entry in entries])
    urls = [[entry.link, *addresses.find_addresses(entry.notes.text)] for entry in entries]
    patterns = naming.address_patterns(names, urls, context)
    numbered = zip(names.entries, urls, strict=True)
    owns = [addresses.own_address(patterns[named.series], named.number, found) for named, found in numbered]
    counts = Counter([*owns, *(value for entry in entries for value in (("link", entry.link), ("guid", entry.guid)))])
    found: list[Item] = []
    for named, entry, is_cut, own in zip(names.entries, entries, cut, owns, strict=True):
        # an address or a guid that several items share doesn't identify an item
        link = entry.link if counts["link", entry.link] == 1 else ""
        guid = entry.guid if counts["guid", entry.guid] == 1 else ""
        own = own if counts[own] == 1 else ""
        fields = _fields(source, feed, entry, named, link or own) | {"guid": guid}
        fields["truncated"] = is_cut and not entry.notes.ends_with_link
        promotion = naming.choose_promotion(named.series, recurring, context)
        found += _draft(source, entry, named, fields, promotion, own or link, feed.link)
    drafts = [item for item in found if isinstance(item, Draft)]
    for series in naming.series_drafts(names, feed.title, patterns, drafts, context):
        yield EntryDraft(series.kind, series.slug, {**series.fields, **_feed_fields(source, feed)})
    people = list(naming.people_entries([*feed.people, *(person for entry in entries for person in entry.people)]))
    if len(people) > MAX_PEOPLE:
        raise content_error(source.name, f"the feed names more than {MAX_PEOPLE:,} people", "split the feed")
    yield from people
    # the problems of a repeated item are reported only once
    problems = sorted((item for item in found if isinstance(item, Problem)), reverse=True)
    yield from {problem.message: problem for problem in problems}.values()
    yield from (item for item in found if not isinstance(item, Problem))


def _promotion(feed: Feed, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return the promotion patterns in the notes of a feed."""
    footers = find_footers(entries, feed.link)
    texts = [[*text_lines(cut_footers(entry, feed.link, footers)[0], headings=False)] for entry in entries]
    people = {one.name for entry in entries for one in (*feed.people, *entry.people)}
    people |= {*re.split(r"\s*(?:,|&|\band\b)\s*", str(feed.fields.get("author", "")))} - {""}
    return (*find_promotion(texts, people=people), *footers)


def _draft(
    source: Source,
    entry: Entry,
    named: Numbered,
    fields: dict[str, Any],
    patterns: Sequence[str],
    address: str,
    home: str,
) -> Iterator[Item]:
    """Yield the draft of an item, and the problems. Lists that are too long for front matter are left out. `home` is
    the address of the show's site."""
    blocks, footers = cut_footers(entry, home, patterns)
    blocks, sentences = cut_promotion(blocks, patterns)
    left_out = footers + sentences
    body, fault = blocks_to_markdown(cut_rule(blocks) if left_out else blocks)
    if entry.notes.fault or fault:
        message = f'"{entry.title[:60]}" is left out because its notes exceed the limits: {entry.notes.fault or fault}'
        yield warning(source.name, entry.line, message, "shorten the notes in the feed")
        return
    if fields["date"] is None:
        label = _title_or_opening(entry.title, entry) or entry.guid
        message = f'"{label[:60]}" has no valid date' + (f": {entry.dated[:40]}" if entry.dated else "")
        yield warning(source.name, entry.line, message, "add the date by hand")
    for name in [name for name, value in fields.items() if isinstance(value, list) and len(str(value)) > MAX_LIST]:
        message = f'"{named.title[:60]}" has too many {name}; the whole list is left out'
        yield warning(source.name, entry.line, message, "add the most important ones by hand")
        del fields[name]
    slug = make_slug(_title_or_opening(named.title, entry), "episode")
    if entry.kind in EXTRAS and entry.kind not in slug.split("-"):
        slug = f"{entry.kind}-{slug}"
    key = (named.series, named.number, named.season)
    guid = fields["guid"]
    fields = {name: value for name, value in fields.items() if value not in (None, "", False, [])}
    files = (FileDraft(CHAPTERS, chapters_text(entry.chapters).encode()),) if entry.chapters else ()
    more: dict[str, Any] = {
        "left_out": left_out,
        "files": files,
        "whole_title": " ".join(entry.title.split()),
        "is_numbered": True,
    }
    yield Draft(*key, slug, fields, body, guid, address, entry.enclosure, entry.line, **more)


def _fields(source: Source, feed: Feed, entry: Entry, named: Numbered, link: str) -> dict[str, Any]:
    language, summary = feed.language.replace("_", "-"), entry.fields["summary"]
    return {
        **entry.fields,
        "title": _title_or_opening(named.title, entry) or entry.guid or "Untitled",
        "date": read_date(entry.dated),
        "summary": "" if holds(spaced_words(entry.notes.text), summary) else summary,
        "people": naming.people_field(entry.people or feed.people),
        "links": [{"title": "Show notes", "url": link}] if link else None,
        "season": named.season,
        "type": entry.kind if entry.kind in EXTRAS else "",
        "language": language if LANGUAGE.fullmatch(language) else "",
        "source": {"format": "feed", **({"url": source.url} if source.url else {})},
    }


def _title_or_opening(title: str, entry: Entry) -> str:
    return title or shorten(entry.notes.text.partition("\n")[0], MAX_OPENING, placeholder="…")


def _feed_fields(source: Source, feed: Feed) -> dict[str, Any]:
    address = addresses.web_address(source.url, "") or addresses.public_address(feed.address)
    fields: dict[str, Any] = {
        **feed.fields,
        "home": addresses.public_address(feed.link) if _is_private(source, feed) else feed.link,
        "feed": address,
        "subscribe": [{"title": "RSS", "url": address}] if address else None,
    }
    return {name: value for name, value in fields.items() if value}


def _is_private(source: Source, feed: Feed) -> bool:
    """Check whether the fetched or declared address of a feed contains an access key."""
    return addresses.has_secrets(feed.address) or (addresses.is_web_address(source.name) and not source.url)
