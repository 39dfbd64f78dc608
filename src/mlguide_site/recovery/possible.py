"""Lattices that have a way through: what no kind may begin is a paragraph."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from mlguide_site.recovery.lattice import PARAGRAPH
from mlguide_site.recovery.model import Ruled, rule
from mlguide_site.recovery.reading import Read, told_of
from mlguide_site.recovery.words import Token


def rule_possible(
    tokens: Sequence[Token], phrases: Collection[tuple[str, str]] = (), read: Read | None = None
) -> Ruled:
    """The lattice and buckets of a text that has tokens, as `rule` gives them, every pair allowed as something; and
    what is told by an encoder that may `read` them.

    An item's mark before what can't be an item, such as a bracket, would leave no segmentation at all.
    """
    ruled = rule(tokens, phrases)
    allowed = ruled.lattice.allowed.copy()
    allowed[~allowed.any(axis=1), PARAGRAPH] = True
    told = told_of(tokens, ruled.lattice, read) if read else None
    return replace(ruled, lattice=replace(ruled.lattice, allowed=allowed), told=told)
