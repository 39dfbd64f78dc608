"""OPML outlines of resources: books, courses and sites with links, notes and hash tags; the tree is kept."""

from mlguide_site.importers.opml.outline import read, sniff

__all__ = ["read", "sniff"]
