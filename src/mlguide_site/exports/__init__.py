"""What others read: the catalog, or a part of it, as the bytes of a file. Pure; never disk, network or clock."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mlguide_site.catalog import Catalog
from mlguide_site.exports.opml import to_opml
from mlguide_site.exports.table import to_csv, to_json

EXPORTS: Mapping[str, Callable[[Catalog], bytes]] = MappingProxyType({"csv": to_csv, "json": to_json, "opml": to_opml})
"""The formats by name: `opml` the tree of resources, `csv` resources and glossary as a table, `json` both in full."""

__all__ = ["EXPORTS"]
