"""Lines of a vault's notes as Markdown: embeds, wiki links, highlights, callouts, stray marks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from mlguide_site.errors import Problem, Severity, visible
from mlguide_site.importers.assets import Folder, asset_name
from mlguide_site.importers.base import AssetDraft
from mlguide_site.importers.callouts import opening, quoted, split_glued
from mlguide_site.importers.hidden import as_comment, hidden_lines, hold_comments
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
from mlguide_site.importers.sections import Line, break_lines
from mlguide_site.model.base import is_allowed_url
from mlguide_site.spans import Span

NOTHING: Mapping[str, str] = MappingProxyType({})
_PICTURES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp")
_TABS = re.compile(r"[ \t]*\t[ \t]*(?=\S)")
_FILE = re.compile(r"\.[A-Za-z0-9]{1,5}$")


@dataclass(slots=True)
class Body:
    """The Markdown of an episode, the files that it shows, the names of all that it embeds, what is to be said,
    and the notes of the root that it leads to."""

    text: str = ""
    assets: dict[str, AssetDraft] = field(default_factory=dict)
    embedded: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)


def to_body(lines: Sequence[Line], name: str, folder: Folder, episodes: Mapping[str, str] = NOTHING) -> Body:
    """The lines of one episode as its body. `name` is the source's, `folder` what its embeds are looked up in,
    `episodes` the root's notes as in `Context`."""
    writer = _Writer(name, folder, episodes)
    writer.write(lines)
    return writer.body


class _Writer:
    """Writes the lines of one body; keeps what they embed."""

    def __init__(self, name: str, folder: Folder, episodes: Mapping[str, str]) -> None:
        self.name, self.folder, self.episodes = name, folder, episodes
        self.body = Body()
        self.line = 1
        self.texts: list[str] = []
        self.done: list[bool] = []
        """which lines take no line break: code and what begins a block"""

    def put(self, text: str, done: bool = False) -> None:
        self.texts.append(text)
        self.done.append(done)

    def write(self, lines: Sequence[Line]) -> None:
        """Write all lines, callouts as admonitions with a blank line on either side."""
        boxed = quote = False
        hidden = hidden_lines(lines)
        for at, line in enumerate(lines):
            self.line = line.number
            if at in hidden:
                self.put(as_comment(line.text.strip().strip("%")), True)
                continue
            for text in [line.text] if line.code else split_glued(line.text):
                said = None if line.code else quoted(text)
                begun = opening(said) if said is not None and not quote else None
                if said is None:
                    if boxed and text.strip():
                        self.put("", True)
                    boxed = quote = False
                    self.put(text if line.code else self.inline(_spaces(text)), line.code)
                elif begun:
                    quote = boxed = True
                    self.put("", True)
                    self.put(begun.line, True)
                    self.put("", True)
                    if begun.text:
                        self.put("    " + self.inline(begun.text))
                elif boxed:
                    again = opening(said)
                    if again and again.text:
                        # a second label in one run of quotes is a box of its own
                        self.put("", True)
                        self.put(again.line, True)
                        self.put("", True)
                        said = again.text
                    self.put(("    " + self.inline(_spaces(said))).rstrip())
                else:
                    quote = True
                    self.put("> " + self.inline(_spaces(said)))
        self.body.text = re.sub(r"\n{4,}", "\n\n\n", "\n".join(break_lines(self.texts, self.done))).strip("\n")

    def inline(self, text: str) -> str:
        """A line with what only a vault knows turned into Markdown."""
        if not text.strip():
            return ""
        held = Held()
        text = hold_comments(hold_code(text, held), held)
        text = replace_wiki_links(replace_embeds(text, held, self.embed), lambda *said: held.hold(self.wiki(*said)))
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

    def wiki(self, target: str, shown: str) -> str:
        """A link by name: to an episode of the root, else the text that it shows."""
        name = target.partition("#")[0].strip()
        if not name or self.folder.find(name):
            return shown
        path = self.episodes.get(" ".join(name.removesuffix(".md").split()).casefold())
        if path is None:
            self.warn(f'"{name[:120]}" is no note of the source and no episode', "it is kept as text; mend its name")
            return shown
        if not path:
            return shown
        self.body.leads.append(path)
        return f"[{shown}]({path})"

    def relative(self, label: str, address: str) -> str:
        """A link to a note or file of the vault, or to nothing."""
        path = self.folder.find(address.partition("#")[0]) if address else None
        if path and not path.casefold().endswith((".md", ".markdown")) and (shown := self.asset(path)):
            return f"[{label}](asset:{shown})"
        if not path and address and not address.partition("#")[0].casefold().endswith((".md", ".markdown")):
            self.warn(f'"{label[:60]}" leads to {address[:80]}, which is not here', "give the whole address")
            return f"{label} ({escape(address)})"
        return label

    def embed(self, target: str, label: str) -> str:
        """An embedded file: shown, linked, or named where it is missing."""
        name, _, part = target.partition("#")
        path = self.folder.find(name)
        self.body.embedded.append(name)
        if (path and path.casefold().endswith((".md", ".markdown"))) or (not path and not _FILE.search(name)):
            # a note within a note: its name stands for it
            if not path:
                self.warn(f'the embedded note "{name[:120]}" is missing', "add it to the folder and import again")
            if label:
                return label
            return " > ".join(escape(one.strip()) for one in (name, *part.split("#")) if one.strip())
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


def _spaces(text: str) -> str:
    """Tabs before the first word as four spaces each, wherever they stand among spaces.

    >>> _spaces("\\t\\t- a"), _spaces("  \\t- b")
    ('        - a', '    - b')
    """
    found = _TABS.match(text)
    return text[: found.end()].expandtabs(4) + text[found.end() :] if found else text
