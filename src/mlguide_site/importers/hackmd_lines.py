"""What HackMD writes within its lines, as Markdown: boxes, embeds, uploads, line ends; and its lines of tags."""

import re
from collections.abc import Sequence

from mlguide_site.errors import visible
from mlguide_site.importers.marks import (
    Fault,
    Held,
    file_label,
    hold_addresses,
    hold_code,
    mark_highlights,
    mend_bold,
    mend_links,
    remote_picture,
)
from mlguide_site.importers.plain import escape
from mlguide_site.importers.sections import Line, break_lines
from mlguide_site.importers.verbatim import maths_lines
from mlguide_site.model.base import is_allowed_url

STUB = re.compile(r"!\[Uploading [^\[\]\n]{0,300}\]\(\)")
TOKEN = re.compile(
    r"\{%\s*(youtube|vimeo|gist|pdf|slideshare|speakerdeck|figma|hackmd|preview)\s+([^\s{}%]{1,2000}"
    r"(?:%(?!\})[^\s{}%]{0,2000}){0,50})\s*%\}",
    re.I,
)
"""What shows something of another host in place: `{%youtube dQw4w9WgXcQ %}`"""
_PLAYERS = {
    "youtube": "https://www.youtube.com/watch?v=",
    "vimeo": "https://vimeo.com/",
    "gist": "https://gist.github.com/",
    "slideshare": "https://www.slideshare.net/",
    "speakerdeck": "https://speakerdeck.com/",
    "hackmd": "https://hackmd.io/",
}
BOX = re.compile(r"\s{0,3}:::\s*(info|success|warning|danger|spoiler)\b\s*(.*)$")
_END_BOX = re.compile(r"\s{0,3}:::\s*$")
_TAGS = re.compile(r" {0,3}#{1,6}[ \t]+tags:[ \t]*(\S.*)$", re.I)


def read_tags(line: Line) -> list[str]:
    """The tags that a line names as HackMD does; none where it is no such line.

    >>> read_tags(Line(1, "###### tags: `wood` `hand tools`")), read_tags(Line(1, "## Tags: and what they are for"))
    (['wood', 'hand tools'], [])
    """
    found = None if line.code else _TAGS.match(line.text)
    if not found or re.sub(r"`[^`]{1,200}`", "", found[1]).strip(" ,;\t"):
        return []
    return [tag.strip().lstrip("#").strip() for tag in re.findall(r"`([^`]{1,200})`", found[1]) if tag.strip("# ")]


def to_body(lines: Sequence[Line]) -> tuple[str, list[tuple[int, Fault]]]:
    """HackMD's lines as Markdown, and by line number what is to be reported."""
    faults: list[tuple[int, Fault]] = []
    texts, code, boxes = list[str](), list[bool](), 0
    for line in _with_maths(lines):
        found = None if line.code else BOX.match(line.text)
        if found:
            name = escape(found[2].strip()).replace('"', "'")
            mark = "???" if found[1] == "spoiler" else "!!!"
            kind = {"spoiler": "note"}.get(found[1], found[1])
            opened = "    " * boxes + f"{mark} {kind}" + (f' "{name}"' if name else "")
            texts, code, boxes = [*texts, "", opened, ""], [*code, True, True, True], min(boxes + 1, 8)
            continue
        if boxes and not line.code and _END_BOX.match(line.text):
            boxes -= 1
            texts, code = [*texts, ""], [*code, True]
            continue
        text, own = (line.text, []) if line.code else _line(line.text)
        faults += [(line.number, fault) for fault in own]
        texts.append("    " * boxes + text if text.strip() else "")
        code.append(line.code or boxes > 0)
    return "\n".join(break_lines(texts, code)).strip("\n"), faults


def _with_maths(lines: Sequence[Line]) -> list[Line]:
    """Lines with those of mathematics marked as code is: nothing in them is Markdown."""
    maths = maths_lines([line.text for line in lines], [line.code for line in lines])
    return [line._replace(code=line.code or found) for line, found in zip(lines, maths, strict=True)]


def _line(text: str) -> tuple[str, list[Fault]]:
    held, faults = Held(), list[Fault]()
    text = hold_code(text.expandtabs(4) if text[:1] == "\t" else text, held)

    def stub(found: re.Match[str]) -> str:
        faults.append(Fault("an upload that never ended", "put the file beside the episode, or remove the line"))
        return held.hold(escape(found[0]))

    def picture(address: str, label: str) -> str:
        if is_allowed_url(address):
            return remote_picture(address.rstrip(), re.sub(r"\s*=\d*x\d*$", "", label))
        faults.append(Fault(f'the picture "{visible(address)[:80]}" isn\'t here', "put the file beside the episode"))
        return f"{label or escape(file_label(address))} ({escape(address)})"

    def relative(label: str, address: str) -> str:
        what = f'"{visible(label)[:60]}" leads to {visible(address)[:80]}, which is not a whole address'
        faults.append(Fault(what, "it is kept as text; give the whole address"))
        return f"{label} ({escape(address)})" if address else label

    def player(found: re.Match[str]) -> str:
        kind, what = found[1].lower(), found[2]
        if is_allowed_url(what):
            return held.hold(remote_picture(what, ""))
        if kind in _PLAYERS and re.fullmatch(r"[\w-]{1,40}(?:/[\w.-]{1,200})?", what):
            return held.hold(f"[{kind} {what}]({_PLAYERS[kind]}{what})")
        faults.append(Fault(f'what "{visible(found[0])[:80]}" shows isn\'t known', "give its whole address as a link"))
        return held.hold(escape(found[0]))

    text = TOKEN.sub(player, STUB.sub(stub, text))
    for found in mend_links(text, held, picture, relative):
        if isinstance(found, Fault):
            faults.append(found)
        else:
            text = found
    text = mend_bold(mark_highlights(hold_addresses(text, held)))
    return held.free(text), [Fault(held.free(fault.message), fault.remedy) for fault in faults]
