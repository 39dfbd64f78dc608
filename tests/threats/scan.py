"""Finds active content in HTML with html5lib, which parses HTML as browsers do."""

import re
from collections.abc import Iterator
from typing import Any

import html5lib

_ACTIVE = frozenset(
    "script iframe object embed applet base meta link style svg math form frame frameset portal template".split()
)
_ADDRESSES = frozenset("href src action formaction data srcdoc ping background poster".split())
_MATH = frozenset(
    "math mrow mi mn mo mtext mspace mstyle msqrt mroot mfrac msub msup msubsup munder mover munderover mtable mtr mtd"
    " alttext display accent columnalign displaystyle fence form height mathvariant stretchy width".split()
)
"""The elements and attributes of formulas."""
_ALLOWED = re.compile(r"(?:https?:|mailto:|[^:]*\Z|[./#?])", re.IGNORECASE)


def is_formula(math: Any) -> bool:
    """Return whether an element is a formula that has only harmless elements and attributes."""
    elements = list(math.iter())
    names = [element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "" for element in elements]
    return names[0] == "math" and _MATH.issuperset(names) and all(_MATH.issuperset(one.attrib) for one in elements)


def acts(html: str) -> list[str]:
    """Return everything in a fragment that runs, loads or links where it must not, as lines."""
    return list(_found(html5lib.parseFragment(html, namespaceHTMLElements=False)))


def _found(root: Any) -> Iterator[str]:
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.rpartition("}")[2].lower()
        if tag in _ACTIVE and not is_formula(element):
            yield f"<{tag}>"
        for name, value in element.attrib.items():
            name = str(name).rpartition("}")[2].rpartition(":")[2].lower()
            if name.startswith("on"):
                yield f"<{tag} {name}>"
            plain = re.sub(r"[\x00-\x20]", "", value)
            if name in _ADDRESSES and (not _ALLOWED.match(plain) or plain.startswith(("//", "\\"))):
                yield f"<{tag} {name}={value[:60]}>"
