"""A vault's notes as Markdown: embeds, links between notes, pictures and frames, highlights, stray marks."""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape as quote_html
from posixpath import basename, splitext
from urllib.parse import unquote

from mlguide_site.errors import Problem, Severity, Span, visible
from mlguide_site.importers.assets import Folder, asset_name, is_note
from mlguide_site.importers.base import AssetDraft, Lead
from mlguide_site.importers.embedded import Media, replace_media
from mlguide_site.importers.hidden import hold_comments
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
    replace_embeds,
    replace_wiki_links,
)
from mlguide_site.importers.plain import escape
from mlguide_site.importers.sections import Line
from mlguide_site.importers.vault_blocks import write_blocks
from mlguide_site.model.base import is_allowed_url

_PICTURES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp")
_FILE = re.compile(r"\.[A-Za-z0-9]{1,5}$")
MAX_LEADS, MAX_TOGETHER = 2000, 500
"""Links to other notes of one episode, and of one paragraph."""


@dataclass(slots=True)
class Body:
    """The Markdown of an episode, the files that it shows, the names of all that it embeds, what is to be said, and its
    links to other notes."""

    text: str = ""
    assets: dict[str, AssetDraft] = field(default_factory=dict)
    embedded: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)


def to_body(lines: Sequence[Line], name: str, folder: Folder, place: str = "") -> Body:
    """The lines of one episode as its body. `name` is the note's, `folder` what its links and embeds are looked up in,
    `place` the name of the folder where the note is one of it."""
    writer = _Writer(name, folder, place)
    writer.body.text = write_blocks(lines, writer.inline)
    return writer.body


class _Writer:
    """Makes Markdown of the lines of one body; keeps what they embed and where they lead."""

    def __init__(self, name: str, folder: Folder, place: str) -> None:
        self.name, self.folder, self.place = name, folder, place
        self.body = Body()
        self.line = 1
        self.html = self.full = False
        self.together = 0

    def inline(self, number: int, text: str, html: bool = False) -> str:
        """A line with what only a vault knows turned into Markdown; in raw HTML a picture stands apart, for Markdown
        isn't read there."""
        self.line, self.html = number, html
        if not text.strip():
            self.together = 0
            return ""
        held = Held()
        text = hold_comments(hold_code(text, held), held)
        text = replace_wiki_links(replace_embeds(text, held, self.embed), lambda *said: held.hold(self.wiki(*said)))
        text = replace_media(text, held, self.media)
        for found in mend_links(text, held, self.picture, self.relative):
            if isinstance(found, Fault):
                self.warn(held.free(found.message), found.remedy)
            else:
                text = found
        return held.free(mend_bold(mark_highlights(hold_addresses(text, held))))

    def warn(self, message: str, remedy: str) -> None:
        problem = Problem(self.name, Span(self.line, 1), visible(message), remedy, Severity.WARNING)
        self.body.problems.append(problem)

    def picture(self, address: str, label: str) -> str:
        """A picture in Markdown's own form: on another host, or in the vault."""
        label = "" if re.fullmatch(r"\d{1,5}(?:x\d{1,5})?", label) else re.sub(r"\|\d{1,5}(?:x\d{1,5})?$", "", label)
        return remote_picture(address, label) if is_allowed_url(address) else self.embed(address, label)

    def media(self, media: Media) -> str:
        """What a tag of HTML shows: a picture as any other, all else as a link."""
        label, address = escape(media.label), media.address
        if not is_allowed_url(address):
            if _FILE.search(address) and ":" not in address:
                shown = self.embed(address, label)
                return f"\n\n{shown}\n\n<div>" if self.html and "(asset:" in shown else shown
            self.warn(f'<{media.name}> shows "{address[:80]}", which is not here', "give its whole address")
            # what is written out in place says nothing to a reader
            told = "" if address.startswith("data:") else escape(address)
            return f"{label} ({told})" if label and told else label or told
        if self.html:
            return f'<a href="{quote_html(address)}">{quote_html(media.label or file_label(address))}</a>'
        return remote_picture(address, label or ("" if media.name == "img" else escape(address)))

    def lead(self, shown: str, name: str, path: str | None, heading: str) -> str:
        """A link to another note, whose address is known when all sources are."""
        if not shown.strip():
            return shown
        self.together += 1
        if len(self.body.leads) >= MAX_LEADS or self.together > MAX_TOGETHER:
            if not self.full:
                what = f"more than {MAX_LEADS:,} links to other notes, or {MAX_TOGETHER} in one paragraph"
                self.warn(what, "from here on such are kept as text; split the note")
            self.full = True
            return shown
        file = self.name if path is None and not name else f"{self.place}/{path}" if path else ""
        # what leads to a paragraph leads to its note
        heading = "" if heading.startswith("^") else heading
        found = Lead(f"note:{self.line}-{len(self.body.leads) + 1}", name, file, heading, self.line)
        self.body.leads.append(found)
        return f"[{shown}]({found.address})"

    def wiki(self, target: str, shown: str) -> str:
        """A link by name: to a note, or to a file of the vault."""
        name, _, part = target.partition("#")
        path = self.folder.find(name.strip()) if name.strip() else None
        if path and not is_note(path):
            file = self.asset(path)
            return f"[{shown}](asset:{file})" if file else shown
        return self.lead(shown, name.strip(), path, part.rpartition("#")[2].strip())

    def relative(self, label: str, address: str) -> str:
        """A link to a note or file of the vault, or to nothing."""
        target, _, part = address.partition("#")
        path = self.near(target) if target else None
        if path and not is_note(path):
            return f"[{label}](asset:{shown})" if (shown := self.asset(path)) else label
        if path or is_note(target):
            return self.lead(label, splitext(basename(unquote(target)))[0], path, unquote(part))
        if address:
            self.warn(f'"{label[:60]}" leads to {address[:80]}, which is not here', "give the whole address")
            return f"{label} ({escape(address)})"
        return label

    def near(self, target: str) -> str | None:
        """The file that a relative address names: seen from the note's own folder, else anywhere in the vault."""
        own = posixpath.dirname(self.name.removeprefix(f"{self.place}/")) if self.place else ""
        path = posixpath.normpath(posixpath.join(own, unquote(target)))
        return path if path in self.folder.files else self.folder.find(target)

    def embed(self, target: str, label: str) -> str:
        """An embedded file: shown, linked, or named where it is missing; an embedded note is linked."""
        name, _, part = target.partition("#")
        path = self.folder.find(name)
        self.body.embedded.append(name)
        if (path and is_note(path)) or (not path and not _FILE.search(name)):
            shown = label or " > ".join(escape(one.strip()) for one in (name, *part.split("#")) if one.strip())
            return self.lead(shown, name.strip(), path, part.rpartition("#")[2].strip())
        if not path:
            self.warn(f'the embedded file "{name[:120]}" is missing', "put it into the folder and import again")
            return _placeholder("Missing file", label, name)
        shown = self.asset(path)
        if not shown:
            return _placeholder("File left out", label, name)
        alt = label or escape(file_label(name))
        return f"![{alt}](asset:{shown})" if shown.endswith(_PICTURES) else f"[{alt}](asset:{shown})"

    def asset(self, path: str) -> str:
        """The name under which a file of the vault goes with the episode; "" where its type is refused."""
        data = self.folder.files[path]
        name = asset_name(path, data)
        if not name:
            self.warn(f'"{path[:120]}" is no kind of file that is published', "convert it, or leave it out")
            return ""
        stem, dot, suffix = name.rpartition(".")
        count = 1
        while (known := self.body.assets.get(name)) is not None and known.data != data:
            count += 1
            name = f"{stem}-{count}{dot}{suffix}"
        self.body.assets[name] = AssetDraft(name, data)
        return name


def _placeholder(what: str, label: str, name: str) -> str:
    shown = f"{label} – {escape(name)}" if label else escape(name)
    return f"\\[{what}: {shown}\\]"
