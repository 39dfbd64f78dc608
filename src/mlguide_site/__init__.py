"""mlguide turns a podcast's feed, show notes and study notes into a cross-linked knowledge base."""

from mlguide_site.version import __version__

__all__ = ["__version__"]
