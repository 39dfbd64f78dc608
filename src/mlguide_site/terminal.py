"""Lines that people are shown."""

OWN_LOGGER = "mkdocs.plugins.mlguide"
"""The name under which the plugin logs; its lines are complete as they are."""


def visible(text: str) -> str:
    """Text safe to print on a terminal: control, bidirectional and separator characters are shown escaped.

    >>> visible("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
