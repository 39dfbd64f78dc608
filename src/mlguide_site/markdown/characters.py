"""Character references in text, read without trusting their size."""

import html
import re

# Python's own reader turns the digits into a number first, which it refuses to do for thousands of them
_TOO_LONG = re.compile(r"&(?=#(?:[0-9]{8}|[xX][0-9a-fA-F]{7}))")


def unescape(text: str) -> str:
    """A text with its character references read (HTML, "Named character references"); impossible ones stay.

    >>> unescape("a &amp; b &#38; &#x26;"), unescape("&#99999999999;")
    ('a & b & &', '&#99999999999;')
    """
    return html.unescape(_TOO_LONG.sub("&amp;", text)) if "&" in text else text
