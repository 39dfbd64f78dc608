"""RSS and Atom feeds (RSS 2.0 and 1.0, Atom 1.0 of RFC 4287, the iTunes elements of podcasts)."""

import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import feedparser

from mlguide_site.errors import Problem, Severity
from mlguide_site.importers.addresses import find_addresses, own_address, own_pattern
from mlguide_site.importers.base import Context, Draft, Item, SeriesDraft, Source
from mlguide_site.importers.cut import cut_texts
from mlguide_site.importers.entries import MAX_NOTES, MAX_TITLE, Entry, notes_size, one_line, read_entry, web_address
from mlguide_site.importers.naming import Named, Names, choose_promotion, left_standing, name_titles, series_fields
from mlguide_site.importers.recurring import find_promotion
from mlguide_site.importers.titles import Numbered
from mlguide_site.importers.xml import feed_root, item_texts, read_xml
from mlguide_site.model import Span
from mlguide_site.slugs import make_slug

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


def sniff(source: Source) -> bool:
    """Whether the root element of a source is that of a feed."""
    return bool(feed_root(source.data))


def read(source: Source, context: Context) -> Iterator[Item]:
    """Drafts of a feed's items and series, and what is to be said about the feed."""
    checked = read_xml(source)
    if isinstance(checked, Problem):
        yield checked
        return
    parsed = _parse(checked.text)
    fault = _fault(source.name, parsed, checked.items)
    if fault is not None:
        yield fault
        return
    extras = item_texts(checked.text)
    if len(extras) != len(parsed.entries):
        extras = [{} for _ in parsed.entries]
    atom = str(parsed.version).startswith("atom")
    large = [item for item, extra in zip(parsed.entries, extras, strict=True) if notes_size(item, extra) > MAX_NOTES]
    if large:
        message = f'the notes of "{one_line(large[0].get("title"))[:60]}" are larger than {MAX_NOTES // 2**20} MiB'
        yield Problem(source.name, Span(), message, "shorten them in the feed")
        return
    base = web_address(parsed.feed.get("link"), source.url or "") or source.url or ""
    entries = [read_entry(item, extra, base, atom) for item, extra in zip(parsed.entries, extras, strict=True)]
    for entry in entries:
        if entry.date is None:
            message = f'"{entry.title[:60]}" has no possible date' + (f": {entry.dated[:40]}" if entry.dated else "")
            yield Problem(source.name, Span(), message, "add it by hand", Severity.WARNING)
    yield from _items(source, parsed.feed, entries, context)


def _parse(text: str) -> Any:
    """What feedparser makes of a text; None where it fails. It raises nearly anything: ValueError, UnicodeError,
    OverflowError, AttributeError … out of character references and dates; all mean that the feed can't be read."""
    try:
        return feedparser.parse(
            io.BytesIO(f'<?xml version="1.0" encoding="utf-8"?>{text}'.encode("utf-8", "replace")),
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception:  # the library's own faults have no common base
        return None


def _fault(name: str, parsed: Any, items: int) -> Problem | None:
    if parsed is None:
        return Problem(name, Span(), "the feed can't be read", "check it with a feed validator")
    if parsed.bozo and len(parsed.entries) < items:
        error = parsed.get("bozo_exception")
        line = getattr(error, "getLineNumber", int)()
        what = " ".join(str(getattr(error, "getMessage", lambda: error)()).split())[:120]
        return Problem(
            name, Span(max(1, line or 1), 1), f"the feed is broken: {what}", "correct it, or download it again"
        )
    if not parsed.get("version"):
        return Problem(name, Span(), "this is no RSS or Atom feed", "give the address of the feed itself")
    if not parsed.entries:
        return Problem(name, Span(), "the feed holds no episode", "give the address of a feed that does")
    return None


def _items(source: Source, feed: Any, entries: Sequence[Entry], context: Context) -> Iterator[Item]:
    show = one_line(feed.get("title"))[:MAX_TITLE]
    names = name_titles([_counted(entry) for entry in entries], show, context, source.url or "")
    recurring = find_promotion([entry.notes.blocks for entry in entries])
    promotion = choose_promotion(names, recurring, context)
    cut = cut_texts([entry.notes.text for entry in entries])
    common = {link for link, count in Counter(entry.link for entry in entries).items() if count > 1}
    # a guid that several items share tells none of them from the others
    shared = {guid for guid, count in Counter(entry.guid for entry in entries).items() if count > 1}
    urls = [[entry.link, *(a.url for a in find_addresses(entry.notes.text))] for entry in entries]
    patterns = {series: _address(series, names, urls, context) for series in names.series}
    language = str(feed.get("language") or "").strip().replace("_", "-")
    drafts, plain = [], defaultdict(list)
    for named, entry, is_cut, named_urls in zip(names.entries, entries, cut, urls, strict=True):
        body, left_out, rest = entry.notes.markdown(promotion[named.series])
        plain[named.series].append(rest)
        own = own_address(patterns[named.series], named.number, named_urls) if named.number is not None else ""
        link = entry.link if entry.link not in common else ""
        guid = entry.guid if entry.guid not in shared else ""
        fields: dict[str, Any] = {
            "title": named.title or entry.guid or "Untitled",
            "date": entry.date,
            "duration": entry.duration,
            "summary": "" if entry.notes.holds(entry.summary) else entry.summary,
            "audio": entry.audio,
            "links": [{"title": "Show notes", "url": link or own}] if link or own else None,
            "guid": guid,
            "season": named.season,
            "language": language if _LANGUAGE.fullmatch(language) else "",
            "source": {"format": "feed", **({"url": source.url} if source.url else {})},
            "truncated": is_cut,
        }
        fields = {name: value for name, value in fields.items() if value not in (None, "", False)}
        audio = str(entry.audio["url"]) if entry.audio else ""
        drafts.append(
            Draft(
                named.series,
                named.number,
                named.season,
                _slug(named, entry),
                fields,
                body,
                guid=guid,
                address=own or link,
                enclosure=audio,
                left_out=left_out,
            )
        )
    for series in names.series:
        used = {pattern for draft in drafts if draft.series == series for pattern in draft.left_out}
        own_fields = series_fields(series, names, show, patterns[series], sorted(used), context)
        yield SeriesDraft(series, {**own_fields, **_feed_fields(source, feed)})
    yield from left_standing(source.name, plain, recurring, context)
    yield from drafts


def _counted(entry: Entry) -> Numbered:
    """Season and number that the feed tells; trailers and bonus items have a slug instead of a number."""
    extra = entry.kind in {"trailer", "bonus"}
    return Numbered(entry.season, None if extra else entry.number, entry.title)


def _slug(named: Named, entry: Entry) -> str:
    slug = make_slug(named.title, "episode")
    if entry.kind in {"trailer", "bonus"} and entry.kind not in slug.split("-"):
        return f"{entry.kind}-{slug}"
    return slug


def _address(series: str, names: Names, urls: Sequence[Sequence[str]], context: Context) -> str:
    known = context.series.get(series)
    if known is not None and known.address:
        return known.address
    pairs = zip(names.entries, urls, strict=True)
    return own_pattern(
        (one.number, [url for url in own if url])
        for one, own in pairs
        if one.series == series and one.number is not None
    )


def _feed_fields(source: Source, feed: Any) -> dict[str, Any]:
    """What the feed itself tells of its series."""
    self_link = next((link.get("href") for link in feed.get("links", ()) if link.get("rel") == "self"), None)
    address = source.url or web_address(self_link, "")
    fields: dict[str, Any] = {
        "home": web_address(feed.get("link"), address),
        "author": one_line(feed.get("author"))[:MAX_TITLE],
        "feed": address,
    }
    if address:
        fields["subscribe"] = [{"title": "RSS", "url": address}]
    return {name: value for name, value in fields.items() if value}
