"""Footnotes that one episode of a note gets from another."""

import pytest

from mlguide_site.importers.notes.footnotes import MAX_COPIED, share_footnotes
from mlguide_site.importers.notes.source import Line, Part, parse_lines


def part(text: str) -> Part:
    lines = parse_lines([Line(number, line) for number, line in enumerate(text.split("\n"), 1)])
    return Part("A", tuple(lines), 1)


@pytest.mark.parametrize(
    ("bodies", "added"),
    [
        (["a[^1]", "[^1]: b"], "[^1]: b"),
        (["a[^N]", "[^n]: b\n    c\n\n    d\n\ne"], "[^n]: b\n    c\n\n    d"),
        (["a[^1]", "[^1]: b[^2]\n[^2]: c[^1]"], "[^1]: b[^2]\n\n[^2]: c[^1]"),
        (["a[^2][^1]", "[^1]: b\n[^2]: c\n[^3]: d"], "[^2]: c\n\n[^1]: b"),
        (["a[^1]", "[^1]: b\nc"], "[^1]: b\nc"),
        # whose it would be isn't sure
        (["a[^1]", "[^1]: b", "[^1]: c"], ""),
        # what has its own, is code, or stands in something
        (["a[^1]\n\n[^1]: own", "[^1]: b"], ""),
        (["```\na[^1]\n```", "[^1]: b"], ""),
        (["a[^1]", "```\n[^1]: b\n```"], ""),
        (["a[^1]", "> [^1]: b"], ""),
        # what is too long
        (["a[^1]", f"[^1]: {'b' * MAX_COPIED}"], ""),
    ],
)
def test_an_episode_gets_what_it_refers_to(bodies: list[str], added: str) -> None:
    parts = list(map(part, bodies))
    first, *others = share_footnotes(parts)
    assert "\n".join(line.text for line in first.lines) == (f"{bodies[0]}\n\n{added}" if added else bodies[0])
    assert others == parts[1:]
