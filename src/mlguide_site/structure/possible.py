"""Lattices that have a way through: what no kind may begin is a paragraph."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from mlguide_site.structure.lattice import PARAGRAPH
from mlguide_site.structure.model import Ruled, rule
from mlguide_site.structure.words import Token


def rule_possible(tokens: Sequence[Token], phrases: Collection[tuple[str, str]] = ()) -> Ruled:
    """The lattice and buckets of a text that has tokens, as `rule` gives them, every pair allowed as something.

    An item's mark before what can't be an item, such as a bracket, would leave no segmentation at all.
    """
    ruled = rule(tokens, phrases)
    allowed = ruled.lattice.allowed.copy()
    allowed[~allowed.any(axis=1), PARAGRAPH] = True
    return replace(ruled, lattice=replace(ruled.lattice, allowed=allowed))
