"""References: which episodes a text or an address names, and where."""

from mlguide_site.linking.references.called import called, series_asked
from mlguide_site.linking.references.table import FoundReference, ReferenceTable

__all__ = ["FoundReference", "ReferenceTable", "called", "series_asked"]
