"""Names: which knowledge entries a text names, and where."""

from mlguide_site.names.collisions import name_collisions
from mlguide_site.names.judge import Line
from mlguide_site.names.settling import Found
from mlguide_site.names.table import NameTable

__all__ = ["Found", "Line", "NameTable", "name_collisions"]
