"""How much room a name takes in a drawing, whatever font the reader has: by the widest of the common ones."""

from unicodedata import east_asian_width

SIZE = 11
"""The height of the names' font, in units."""
_BOLD = 1.15
"""How much wider bold letters are."""
# hundredths of the font's height, of DejaVu Sans: what plain Linux has, and as wide as Verdana
_CLASSES = {
    30: "ijlI'|J",
    40: " .,:;!()[]/-rft\u2019",
    55: "scz?L",
    62: "aeovxykFTYPES",
    64: "nhubdpqg0123456789",
    70: "ABCKRVXZ",
    78: "DGHNOQU&+",
    86: "wM",
    100: "mW\u2026@%",
}
_WIDTHS = {sign: width for width, signs in _CLASSES.items() for sign in signs}
_OTHER, _FULL = 78, 102


def room_for(name: str, bold: bool = False) -> float:
    """How wide a name is at most, in units.

    >>> round(room_for("Docker")), round(room_for("Docker", bold=True)), round(room_for("機械"))
    (39, 45, 22)
    """
    hundredths = sum(
        _WIDTHS.get(sign) or (_FULL if east_asian_width(sign) in "WF" else _OTHER if sign > "~" else 84)
        for sign in name
    )
    return hundredths * SIZE / 100 * (_BOLD if bold else 1)
