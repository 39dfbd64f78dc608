"""Footnotes that one episode of a file gets from another."""

from dataclasses import replace

import pytest

from mlguide_site.importers import AssetDraft, Draft, Lead
from mlguide_site.importers.notes.footnotes import MAX_COPIED, lend, share_footnotes


@pytest.mark.parametrize(
    ("bodies", "added"),
    [
        (["a[^1]", "[^1]: b"], "[^1]: b"),
        (["a[^N]", "[^n]: b\n    c\n\n    d\n\ne"], "[^n]: b\n    c\n\n    d"),
        (["a[^1]", "[^1]: b[^2]\n[^2]: c[^1]"], "[^1]: b[^2]\n[^2]: c[^1]"),
        (["a[^2][^1]", "[^1]: b\n[^2]: c\n[^3]: d"], "[^2]: c\n[^1]: b"),
        (["a[^1]", "[^1]: b", "c\n\n[^1]: b"], "[^1]: b"),
        # what would go on with the next line
        (["a[^1][^2]", "[^1]: b\n\n    > c\n\n[^2]: d"], "[^1]: b\n\n    > c\n\n[^2]: d"),
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


def test_what_a_footnote_shows_and_leads_to_comes_with_it() -> None:
    lead, asset = Lead("note:3-1", "Reeds", "", "", 3), AssetDraft("reed.png", b"x")
    note = "[^1]: See [reeds](note:3-1) ![Reed](asset:reed.png)"
    first = Draft("looms", 1, None, "a", {}, "Looms[^1].")
    second = Draft("looms", 2, None, "b", {}, f"Other.\n\n{note}", leads=(lead,), assets=(asset,))
    given, kept = share_footnotes([first, second])
    assert given == replace(first, body=f"Looms[^1].\n\n{note}", leads=(lead,), assets=(asset,))
    assert kept == second
