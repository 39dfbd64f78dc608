"""Names: which knowledge entries a text names, and where."""

from mlguide_site.linking.names.changes import Changes, as_searched
from mlguide_site.linking.names.collisions import name_collisions
from mlguide_site.linking.names.judge import Line
from mlguide_site.linking.names.narrowing import narrowed, table_keys
from mlguide_site.linking.names.patterns import Keys
from mlguide_site.linking.names.settling import Found
from mlguide_site.linking.names.table import NameTable

__all__ = ["Changes", "Found", "Keys", "Line", "NameTable", "as_searched", "name_collisions", "narrowed", "table_keys"]
