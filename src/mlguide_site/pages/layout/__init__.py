"""Drawings of what is tied to what: numbered points and links in, places in whole units out. It knows no episodes.

Everything is arithmetic with whole numbers (no random start, no library's sine), so that the same graph is drawn the
same, byte for byte, wherever it is drawn, and in time that grows with the number of points and links.
"""

from mlguide_site.pages.layout.columns import Drawing, Line, Spot, draw
from mlguide_site.pages.layout.names import room_for
from mlguide_site.pages.layout.rows import Rows, rows
from mlguide_site.pages.layout.star import Star, star

__all__ = ["Drawing", "Line", "Rows", "Spot", "Star", "draw", "room_for", "rows", "star"]
