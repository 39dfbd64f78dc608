"""Drawings of what is tied to what: numbered points and links in, places in whole units out. It knows no episodes.

Everything is closed-form arithmetic (no random start, no library's sine), so that the same graph is drawn the same,
byte for byte, wherever it is drawn, and in time that grows with the number of points and links.
"""

from mlguide_site.graph.ring import Drawing, Line, Spot, draw
from mlguide_site.graph.star import Star, star

__all__ = ["Drawing", "Line", "Spot", "Star", "draw", "star"]
