"""Feeds: RSS and Atom with the elements of podcasts (iTunes, Podcasting 2.0)."""

from mlguide_site.importers.feed.drafts import MAX_ITEMS, enclosures, read, sniff

__all__ = ["MAX_ITEMS", "enclosures", "read", "sniff"]
