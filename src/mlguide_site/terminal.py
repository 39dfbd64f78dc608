"""Lines that people are shown."""

OWN_LOGGER = "mkdocs.plugins.mlguide"
"""The name under which the plugin logs; its lines are complete as they are."""


def one_line(text: str) -> str:
    """A text of several lines in one: a list's items are parted by commas.

    >>> one_line("These are not there:\\n  - a.md\\n  - b.md"), one_line("No\\nway")
    ('These are not there: a.md, b.md', 'No way')
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    said = ""
    for line in lines:
        item = line.removeprefix("- ")
        said += (", " if item != line and not said.endswith(":") else " ") * bool(said) + item
    return said


def visible(text: str) -> str:
    """Text safe to print on a terminal: control, bidirectional and separator characters are shown escaped.

    >>> visible("a\\x1b[31mb")
    'a\\\\x1b[31mb'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in text)
