"""Names: which knowledge entries a text names, and where."""

from mlguide_site.names.collisions import name_collisions
from mlguide_site.names.table import Found, NameTable

__all__ = ["Found", "NameTable", "name_collisions"]
