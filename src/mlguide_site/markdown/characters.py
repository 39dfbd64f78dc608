"""Former address of `escape.unescape`, until every room imports that."""

from mlguide_site.markdown.escape import unescape

__all__ = ["unescape"]
