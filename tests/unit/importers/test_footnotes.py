"""Footnotes that one episode of a file gets from another."""

import pytest

from mlguide_site.importers.footnotes import MAX_COPIED, lend


@pytest.mark.parametrize(
    ("bodies", "added"),
    [
        (["a[^1]", "[^1]: b"], "[^1]: b"),
        (["a[^N]", "[^n]: b\n    c\n\n    d\n\ne"], "[^n]: b\n    c\n\n    d"),
        (["a[^1]", "[^1]: b[^2]\n[^2]: c[^1]"], "[^1]: b[^2]\n[^2]: c[^1]"),
        (["a[^2][^1]", "[^1]: b\n[^2]: c\n[^3]: d"], "[^2]: c\n[^1]: b"),
        (["a[^1]", "[^1]: b", "c\n\n[^1]: b"], "[^1]: b"),
        # whose it would be isn't sure
        (["a[^1]", "[^1]: b", "[^1]: c"], ""),
        # what has its own, is code, or stands in something
        (["a[^1]\n\n[^1]: own", "[^1]: b"], ""),
        (["`a[^1]`", "[^1]: b"], ""),
        (["a[^1]", "```\n[^1]: b\n```"], ""),
        (["a[^1]", "> [^1]: b"], ""),
        # what would become part of something else, or is too long
        (["a[^1]\n\n```\ncode", "[^1]: b"], ""),
        (["a[^1]", f"[^1]: {'b' * MAX_COPIED}"], ""),
        # what can't be read
        (["a[^1]", "[^1]: b\n\n" + "> " * 200 + "c"], ""),
    ],
)
def test_an_episode_gets_what_it_refers_to(bodies: list[str], added: str) -> None:
    first, *others = lend(bodies)
    assert first == (f"{bodies[0]}\n\n{added}" if added else bodies[0])
    assert others == bodies[1:]
