"""Raised and lowered signs as text: without them a number would be another one."""

import re

SHIFTED = frozenset(["sup", "sub"])
MAX_LENGTH = 12
"""What is longer is words in small print, not an exponent or an index."""
_PLAIN = "0123456789+-−=()"
_SIGNS = {
    "sup": dict(
        zip(
            _PLAIN + "abcdefghijklmnoprstuvwxyzT",
            "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾" + "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ",
            strict=True,
        )
    ),
    "sub": dict(zip(_PLAIN + "aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎" + "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)),
}
_ASIDE = frozenset(" ,.;[]*†‡")
_MARK = {"sup": "^", "sub": "_"}
_SIMPLE = re.compile(r"<(sup|sub)(?:\s[^<>]{0,200})?>([^<>&]{1,40})</\1\s{0,9}>", re.I)


def shift(text: str, name: str) -> str:
    """The text of a `sup` or `sub` element so that its meaning stands: in Unicode's own signs, else behind `^` or `_`.
    Words, and letters of ordinals, stay as they are.

    >>> "10" + shift("2", "sup"), "H" + shift("2", "sub") + "O", "19" + shift("th", "sup"), "x" + shift("2q", "sup")
    ('10²', 'H₂O', '19th', 'x^(2q)')
    """
    bare = text.strip()
    if not bare or len(bare) > MAX_LENGTH or (bare.isalpha() and len(bare) > 1):
        return text
    signs = _SIGNS[name]
    if all(c in signs or c in _ASIDE for c in bare):
        return "".join(signs.get(c, c) for c in text)
    if any(c.isspace() for c in bare) or not any(c.isalnum() for c in bare) or bare.startswith(("[", "(")):
        return text
    shown = bare if bare.isalnum() and (len(bare) == 1 or bare.isdigit()) else f"({bare})"
    return text.replace(bare, f"{_MARK[name]}{shown}", 1)


def shift_simple(html: str) -> str:
    """HTML with what its raised and lowered elements hold set so, where that is text alone.

    >>> shift_simple("10<sup>2</sup> of 4<SUP class=x>n</SUP>")
    '10² of 4ⁿ'
    """
    return _SIMPLE.sub(lambda found: shift(found[2], found[1].casefold()), html) if "<" in html else html
