"""Raw tags in inline content: which of them stay."""

import re

from markdown_it.token import Token

from mlguide_site.markdown import policy
from mlguide_site.markdown.escape import clean_text
from mlguide_site.markdown.gathered import Gathered

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)([^>]*)>")


def settle_tags(children: list[Token], line: int, gathered: Gathered) -> list[Token]:
    """Which raw tags stay: those of the list, in pairs that cross nothing. Comments go; all others become text."""
    keep: set[int] = set()
    opened: list[tuple[str, int]] = []
    for at, child in enumerate(children):
        if child.type != "html_inline":
            if child.nesting > 0:
                opened.append(("", at))
            elif child.nesting < 0:
                while opened.pop()[0]:
                    pass
            continue
        found = _TAG.match(child.content)
        name = found.group(2).lower() if found else ""
        if not found or name not in policy.INLINE_TAGS:
            continue
        if name in policy.VOID_TAGS:
            if not found.group(1):
                keep.add(at)
        elif not found.group(1):
            opened.append((name, at))
        elif opened and opened[-1][0] == name:
            keep.update((opened.pop()[1], at))
    return _settled(children, keep, line, gathered)


def _settled(children: list[Token], keep: set[int], line: int, gathered: Gathered) -> list[Token]:
    out = []
    after = 0
    for at, child in enumerate(children):
        if child.type in {"softbreak", "hardbreak"}:
            line, after = line + 1, 0
        elif child.type == "html_inline":
            written = child.content
            place = gathered.places.of_text(written, line, after)
            # it may stand further down: a code span's line ends are none of the text's
            line, after = place
            if at in keep:
                found = _TAG.match(written)
                slash, name, rest = found.groups() if found else ("", "", "")
                child.content = f"<{slash}{name.lower()}>"
                child.meta = {
                    "tag": "" if name.lower() in policy.VOID_TAGS else name.lower(),
                    "closing": bool(slash),
                }
                if rest.strip(" /"):
                    gathered.warn(place, f"removed the attributes of <{name.lower()}>", "leave them out")
            elif written.startswith("<!--"):
                continue
            else:
                child = Token("text", "", 0, content=clean_text(written))
                named = _TAG.match(written)
                what = f"<{named.group(1)}{named.group(2)}>" if named else "markup"
                gathered.warn(place, f"{what} is shown as text", "write Markdown, or the sign < as &lt;")
            if breaks := written.count("\n"):
                line, after = line + breaks, 0
        out.append(child)
    return out
