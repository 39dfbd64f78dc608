"""The text of a line: as Markdown of the site, and as titles, links and tags that are read from it.

Beside CommonMark a line may hold wiki links, embeds and comments of a vault, players and uploads of HackMD, highlights,
and tags of HTML that show something.
"""

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape as quote_html
from posixpath import basename, splitext
from urllib.parse import unquote, urlsplit

from mlguide_site.errors import Problem
from mlguide_site.importers import AssetDraft, Lead
from mlguide_site.importers.assets import Folder, asset_name, is_note
from mlguide_site.importers.notes.source import warning
from mlguide_site.markdown.escape import unescape
from mlguide_site.markdown.plain import escape
from mlguide_site.model.base import is_allowed_url

MAX_LEADS, MAX_TOGETHER = 2000, 500
"""Links to other notes of one episode, and of one paragraph."""
_PICTURES = (".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp")
_FILE = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_SIZE = re.compile(r"(?:^|\||\s*=)\d{0,5}(?:x\d{0,5})?$")
_HELD = re.compile("\x00(\\d{1,9})\x00")
_COMMENT_FIRST = re.compile(
    r"((?:[ \t>]|[-+*][ \t]|\d{1,9}[.)][ \t]|#{1,6}[ \t]){0,40})"
    r"((?:%%(?!%)[^\n%]{0,4000}%%[ \t]{0,9}){1,20})(\S[^\n]*)$"
)
_PLAYERS = {
    "youtube": "https://www.youtube.com/watch?v=",
    "vimeo": "https://vimeo.com/",
    "gist": "https://gist.github.com/",
    "slideshare": "https://www.slideshare.net/",
    "speakerdeck": "https://speakerdeck.com/",
    "hackmd": "https://hackmd.io/",
}
_TARGET = r"<[^<>\n]{0,2000}>|[^\s()<>]{0,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500}){0,5}"
_MEDIA = "iframe|img|video|audio|source|embed"
MEDIA = re.compile(
    rf"(?P<media><(?P<tag>{_MEDIA})(?=[\s/>])(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+>)|(?P<end></(?:{_MEDIA})\s*>[ \t]*)",
    re.I,
)
"""A tag of HTML that shows something. No `<` may be in a value, so that each character is read once."""
_ATTRIBUTE = re.compile(r"""([a-z][a-z-]*)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.I)
STUB = re.compile(r"!\[Uploading [^\[\]\n]{0,300}\]\(\)")
PLAYER = re.compile(
    r"\{%\s*(?P<player>youtube|vimeo|gist|pdf|slideshare|speakerdeck|figma|hackmd|preview)\s+"
    r"(?P<shown>[^\s{}%]{1,2000}(?:%(?!\})[^\s{}%]{0,2000}){0,50})\s*%\}",
    re.I,
)
INLINE = re.compile(
    r"(?=[`$%!\[{<hH])(?:"
    r"(?P<code>(?<!`)(?P<ticks>`{1,20})(?!`)(?:(?!(?P=ticks)).){1,2000}?(?P=ticks)(?!`)"
    r"|\$(?=[^\s$])[^$\n]{1,500}?(?<=[^\s$])\$(?!\d))"
    r"|%%(?!%)(?P<comment>[^\n]{0,4000}?)%%"
    rf"|(?P<stub>{STUB.pattern})"
    rf"|{PLAYER.pattern}"
    r"|!\[\[(?P<embed>[^\[\]\n]{1,500})\]\]"
    r"|\[\[(?P<wiki>[^\[\]\n]{1,500})\]\]"
    r"|(?P<link>(?P<picture>!?)\[(?P<label>[^\[\]\n]{0,1000})\]"
    rf"\(\s*(?P<target>{_TARGET})"
    r"(?:\s+(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'|=\d{0,5}x\d{0,5}))?\s*\))"
    r"|(?P<open>(?<!!)\[(?P<open_label>[^\[\]\n]{1,500})\]\((?P<open_target>https?://[^\s()<>]{1,2000})\s*$)"
    rf"|{MEDIA.pattern}"
    r"|(?P<address><?https?://[^\s<>]{1,4000}))",
    re.I,
)
"""What is finished where it is found: nothing within it is looked at again."""
_LINK = re.compile(rf"(!?)\[([^\[\]\n]{{0,1000}})\]\(\s*({_TARGET})(?:\s+[^()\n]{{0,300}})?\s*\)")
_EMBED = re.compile(r"!\[\[[^\[\]\n]{1,500}\]\]")
_WIKI = re.compile(r"\[\[([^\[\]\n]{1,500})\]\]")
_HIGHLIGHT = re.compile(r"(?<!=)==(?!=)")
_EMPHASIS = re.compile(r"(\*{1,3}|`{1,3}|(?<!\w)_{1,3})(?![\s*`_])([^*`_\n]{0,500}[^\s*`_])\1(?!\w)")
_TAG = re.compile(r"(?<![^\s(,;*_~=|])#([^\W\d][\w/-]{0,99})(?![\w#])")
_COLOUR = re.compile(r"[0-9a-f]{3}|[0-9a-f]{6}|(?=[a-f]{0,7}\d)(?:[0-9a-f]{4}|[0-9a-f]{8})", re.I)
_HTML = re.compile(r"<[A-Za-z/!][^<>\n]{0,2000}>")
_KIND_TAGS = frozenset(
    "lecture lectures talk talks course courses notes note log podcast seminar webinar"
    " daily weekly monthly journal diary todo task tasks draft wip inbox moc template".split()
)
"""Tags that say what kind of notes these are, or what is to be done with them, rather than what they are about."""


@dataclass(slots=True)
class Body:
    """The Markdown of an episode, the files that it shows, the names of all that it embeds, its problems, and its links
    to other notes."""

    text: str = ""
    assets: dict[str, AssetDraft] = field(default_factory=dict)
    embedded: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)


def as_comment(text: str) -> str:
    """A text as an HTML comment; two hyphens in it would end it, and are separated.

    >>> as_comment("a --> b"), as_comment(" ")
    ('<!-- a - -> b -->', '')
    """
    return f"<!-- {re.sub('-(?=-)', '- ', text.strip())} -->" if text.strip() else ""


class InlineWriter:
    """Writes the lines of one body, and gathers what they embed and link to.

    `name` is the note's, `folder` holds the files of its source, and `place` is the name of the folder that the note is
    in, if it is in one. Wiki links, embeds and comments are read where the note is of a `vault`.
    """

    def __init__(self, name: str, folder: Folder, place: str, vault: bool) -> None:
        self.name, self.folder, self.place, self.vault = name, folder, place, vault
        self.body = Body()
        self.line = 1
        self.html = self.full = False
        self.together = 0

    def write(self, number: int, text: str, html: bool = False) -> str:
        """A line as Markdown, or several; of a block of raw HTML only the tags that show something are changed."""
        self.line, self.html = number, html
        held: list[str] = []

        def hold(found: re.Match[str]) -> str:
            shown = self._media(found) if html else self._replace(found)
            if shown is None:
                return found[0]
            held.append(shown)
            after = found.string[found.end() : found.end() + 1]
            glued = (found["media"] and (after.isalnum() or after == "<")) or (
                not html and found["embed"] and after == "!"
            )
            return (f"\x00{len(held) - 1}\x00" if shown else "") + " " * bool(shown and glued)

        def free(text: str) -> str:
            return _HELD.sub(lambda found: held[int(found[1])], text)

        if not text.strip():
            self.together = 0
            return ""
        if html:
            return free(MEDIA.sub(hold, text)) if "<" in text else text
        if self.vault and "%%" in text and (found := _COMMENT_FIRST.match(text)):
            # at its beginning a comment would hide the line
            text = f"{found[1]}{found[3]} {found[2]}"
        text = INLINE.sub(hold, text)
        if text.count(")") > text.count("(") and (stray := re.search("\x00\\d{1,9}\x00\\)", text)):
            self.warn(f"a parenthesis too many after {free(stray[0][:-1])[:80]}", "it has been taken out")
            text = text[: stray.end() - 1] + text[stray.end() :]
        return free(fix_bold(mark_highlights(text)))

    def warn(self, message: str, remedy: str) -> None:
        self.body.problems.append(warning(self.name, self.line, message, remedy))

    def _replace(self, found: re.Match[str]) -> str | None:
        """What a match of `INLINE` becomes; None where it stays text that marks may be in."""
        if found["link"]:
            address, label = found["target"].strip("<>"), found["label"]
            if found["picture"]:
                label = _SIZE.sub("", label)
                return _remote(address, label) if is_allowed_url(address) else self._embed(address, label)
            if is_allowed_url(address) or address.startswith("#"):
                return f"[{label}]({found['target']})" if address == found["target"] else f"[{label}](<{address}>)"
            return self._relative(label, address)
        if found["open"]:
            self.warn(f'the link "{found["open_label"][:60]}" is not closed', "it has been closed; check its address")
            return f"[{found['open_label']}]({found['open_target']})"
        if found["stub"]:
            self.warn("an upload that never ended", "put the file next to the note, or remove the line")
            return escape(found[0])
        if found["player"]:
            return self._player(found)
        if found["media"] or found["end"]:
            return self._media(found)
        for name, write in (("embed", self._embedded), ("wiki", self._wiki), ("comment", as_comment)):
            if found[name] is not None:
                return write(found[name]) if self.vault else None
        return found[0]

    def _player(self, found: re.Match[str]) -> str:
        kind, shown = found["player"].lower(), found["shown"]
        if is_allowed_url(shown):
            return _remote(shown, "")
        if kind in _PLAYERS and re.fullmatch(r"[\w-]{1,40}(?:/[\w.-]{1,200})?", shown):
            return f"[{kind} {shown}]({_PLAYERS[kind]}{shown})"
        self.warn(f'what "{found[0][:80]}" shows isn\'t known', "give its whole address as a link")
        return escape(found[0])

    def _media(self, found: re.Match[str]) -> str:
        """What a tag of HTML shows: a picture as any other, all else as a link."""
        if not found["media"]:
            return ""
        tag, (address, shown) = found["tag"].casefold(), _read_media(found["media"])
        if not address:
            return shown
        label = escape(shown)
        if is_allowed_url(address):
            if self.html:
                return f'<a href="{quote_html(address)}">{quote_html(shown or file_label(address))}</a>'
            return _remote(address, label or ("" if tag == "img" else escape(address)))
        if _FILE.search(address) and ":" not in address:
            embedded = self._embed(address, label)
            # Markdown isn't read within HTML
            return f"\n\n{embedded}\n\n<div>" if self.html and "(asset:" in embedded else embedded
        self.warn(f'<{tag}> shows "{address[:80]}", which is not here', "give its whole address")
        # the data of a picture tells a reader nothing
        rest = "" if address.startswith("data:") else escape(address)
        return f"{label} ({rest})" if label and rest else label or rest

    def _lead(self, shown: str, name: str, path: str | None, heading: str) -> str:
        """A link to another note, whose address is known when all sources are read."""
        self.together += 1
        if not shown.strip() or len(self.body.leads) >= MAX_LEADS or self.together > MAX_TOGETHER:
            if shown.strip() and not self.full:
                what = f"more than {MAX_LEADS:,} links to other notes, or {MAX_TOGETHER} in one paragraph"
                self.warn(what, "from here on such are kept as text; split the note")
                self.full = True
            return shown
        file = self.name if path is None and not name else f"{self.place}/{path}" if path else ""
        # a link to a paragraph leads to its note
        heading = "" if heading.startswith("^") else heading
        lead = Lead(f"note:{self.line}-{len(self.body.leads) + 1}", name, file, heading, self.line)
        self.body.leads.append(lead)
        return f"[{shown}]({lead.address})"

    def _wiki(self, written: str) -> str:
        """A link by name: to a note, or to a file of the vault."""
        target, shown = read_wiki(written)
        name, _, part = target.partition("#")
        path = self.folder.find(name.strip()) if name.strip() else None
        if path and not is_note(path):
            file = self._asset(path)
            return f"[{shown}](asset:{file})" if file else shown
        return self._lead(shown, name.strip(), path, part.rpartition("#")[2].strip())

    def _relative(self, label: str, address: str) -> str:
        """A link to a note or file of the folder, or to nothing."""
        target, _, part = address.partition("#")
        own = posixpath.dirname(self.name.removeprefix(f"{self.place}/")) if self.place else ""
        near = posixpath.normpath(posixpath.join(own, unquote(target)))
        path = (near if near in self.folder.files else self.folder.find(target)) if target else None
        if path and not is_note(path):
            return f"[{label}](asset:{shown})" if (shown := self._asset(path)) else label
        if path or is_note(target):
            return self._lead(label, splitext(basename(unquote(target)))[0], path, unquote(part))
        if not address:
            return label
        self.warn(f'"{label[:60]}" leads to {address[:80]}, which is not here', "give the whole address")
        return f"{label} ({escape(address)})"

    def _embedded(self, written: str) -> str:
        """An embed of a vault; a size isn't a label."""
        target, *rest = written.replace("\\|", "|").split("|")
        labels = [part.strip() for part in rest if not re.fullmatch(r"\s*(?:\d{1,5}(?:x\d{1,5})?)?\s*", part)]
        return self._embed(target.strip(), " ".join(labels))

    def _embed(self, target: str, label: str) -> str:
        """An embedded file: shown, linked, or named where it is missing; an embedded note is linked."""
        name, _, part = target.partition("#")
        path = self.folder.find(name)
        self.body.embedded.append(name)
        if (path and is_note(path)) or (self.vault and not path and not _FILE.search(name)):
            shown = label or " > ".join(escape(one.strip()) for one in (name, *part.split("#")) if one.strip())
            return self._lead(shown, name.strip(), path, part.rpartition("#")[2].strip())
        what = "File left out"
        if not path:
            self.warn(f'the embedded file "{name[:120]}" is missing', "put it into the folder and import again")
            what = "Missing file"
        elif file := self._asset(path):
            return f"{'!' * file.endswith(_PICTURES)}[{label or escape(file_label(name))}](asset:{file})"
        return f"\\[{what}: {label} – {escape(name)}\\]" if label else f"\\[{what}: {escape(name)}\\]"

    def _asset(self, path: str) -> str:
        """The name under which a file of the folder goes with the episode; "" where its type is refused."""
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


def _remote(address: str, label: str) -> str:
    """A picture on another host as a labelled link.

    >>> _remote("https://a.example/x.png", ""), _remote("https://a.example/x.png", "A cat")
    ('[x.png](https://a.example/x.png)', '[A cat](https://a.example/x.png)')
    """
    target = f"<{address}>" if re.search(r"[()]", address) else address
    return f"[{label.strip() or escape(file_label(address))}]({target})"


def _read_media(tag: str) -> tuple[str, str]:
    """The address that a tag shows, and what it says of it ("" for nothing).

    >>> _read_media('<img src="//a.example/b.png" alt="B &amp; C">')
    ('https://a.example/b.png', 'B & C')
    """
    pairs = [(name.lower(), unescape(value.strip("\"'"))) for name, value in reversed(_ATTRIBUTE.findall(tag))]
    # the first of a name counts, as in browsers
    fields = {name: " ".join(value.split()) for name, value in pairs}
    address = fields.get("src", "")
    names = ("alt", "title") if tag[:4].casefold() == "<img" else ("title", "aria-label", "alt")
    label = next((fields[key] for key in names if fields.get(key)), "")
    return f"https:{address}" if address.startswith("//") else address, label


def file_label(address: str) -> str:
    """What a file is called: the last part of its address.

    >>> file_label("https://a.example/x/My%20picture.png?w=3"), file_label("https://a.example"), file_label("s://[")
    ('My picture.png', 'a.example', 's://[')
    """
    try:
        parts = urlsplit(address) if "://" in address else None
    except ValueError:
        return address
    path = parts.path if parts else address
    return unquote(basename(path.rstrip("/"))) or (parts.netloc if parts else address)


def read_wiki(written: str) -> tuple[str, str]:
    """Target and shown text of a wiki link.

    >>> read_wiki("Saws|the saws"), read_wiki("Planes#Irons"), read_wiki("#Here")
    (('Saws', 'the saws'), ('Planes#Irons', 'Planes > Irons'), ('#Here', 'Here'))
    """
    # in a table the bar is escaped
    target, _, shown = written.replace("\\|", "|").partition("|")
    parts = (part.strip().lstrip("^") for part in target.split("#"))
    return target, shown.strip() or " > ".join(part for part in parts if part)


def mark_highlights(text: str) -> str:
    """`==highlights==` as `<mark>`; one that is not closed ends with the line.

    >>> mark_highlights("==one == and ==two"), mark_highlights("if a == b")
    ('<mark>one</mark> and <mark>two</mark>', 'if a == b')
    """
    if "==" not in text:
        return text
    parts, at, opened = list[str](), 0, -1
    for found in _HIGHLIGHT.finditer(text):
        start, end = found.span()
        if opened >= 0 and text[opened:start].strip():
            parts.append(f"<mark>{text[opened:start].strip()}</mark>")
            at, opened = end, -1
        elif opened < 0 and text[end : end + 1].strip() and not text[max(0, start - 1) : start].isalnum():
            parts.append(text[at:start])
            opened = end
    rest = f"<mark>{text[opened:].strip()}</mark>" if opened >= 0 else text[at:]
    return "".join([*parts, rest])


def fix_bold(text: str) -> str:
    """Bold whose marks are on the wrong side of a space.

    >>> fix_bold("**Better data **is and ** so**"), fix_bold("2 ** 3 ** 4")
    ('**Better data** is and  **so**', '2 ** 3 ** 4')
    """
    parts = re.split(r"(?<!\*)\*\*(?!\*)", text) if "** " in text or " **" in text else []
    if len(parts) % 2 == 0:
        return text
    for at in range(1, len(parts), 2):
        inner = parts[at]
        lead, trail = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
        if inner.strip() and bool(lead) != bool(trail):
            parts[at - 1] += lead
            parts[at], parts[at + 1] = inner.strip(), trail + parts[at + 1]
    return "**".join(parts)


def links_in(text: str) -> list[tuple[str, str]]:
    """Text and address of the links of a line that lead to the web, without pictures.

    >>> links_in("[A *b*](https://a.example/x_(y)) ![c](https://a.example/c.png) [d](/d)")
    [('A b', 'https://a.example/x_(y)')]
    """
    found = [(bare_text(one[2]), one[3].strip("<>")) for one in _LINK.finditer(text) if not one[1]]
    return [(label or file_label(url), url) for label, url in found if is_allowed_url(url)]


def take_pictures(text: str) -> tuple[str, str]:
    """A heading's text without its pictures and embeds, and these as written: a title can't show them.

    >>> take_pictures("Saws ![a](b.png) ![[c.png]]")
    ('Saws', '![a](b.png) ![[c.png]]')
    """
    if "![" not in text:
        return text, ""
    taken = [found[0] for pattern in (_LINK, _EMBED) for found in pattern.finditer(text) if found[0][0] == "!"]
    text = _EMBED.sub("", _LINK.sub(lambda found: "" if found[1] else found[0], text))
    return " ".join(text.split()), " ".join(taken)


def bare_text(text: str) -> str:
    """The text that a line of Markdown shows, for titles.

    >>> bare_text("**The** [link](https://a.example/) and `code` ==lit== [[Saws|saw]]")
    'The link and code lit saw'
    """
    text = _WIKI.sub(lambda found: read_wiki(found[1])[1], text)
    text = _LINK.sub(lambda one: one[2] if is_allowed_url(one[3].strip("<>")) else f"{one[2]} ({one[3]})", text)
    text = re.sub(r"<(?:br|p|li|div)\b[^<>]{0,200}>", " ", mark_highlights(text), flags=re.I)
    text = re.sub(r"</?[A-Za-z][^<>]{0,200}>", "", text)
    text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    return " ".join(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).split())


def find_tags(text: str) -> list[str]:
    """The hashtags in a line; colours, numbers and what is in code, links, comments and HTML are none.

    >>> find_tags("# One #planes, `#code` [x](#there) #fff #1 a#b, [[Saws#Teeth]] #saws/rip.")
    ['planes', 'saws/rip']
    """
    if "#" not in text:
        return []
    found = (one[1].rstrip("/-_") for one in _TAG.finditer(_HTML.sub(" ", INLINE.sub(" ", text))))
    return [tag for tag in found if tag and not _COLOUR.fullmatch(tag)]


def topic_tags(tags: Iterable[str]) -> list[str]:
    """Of tags those that say what notes are about, each once."""
    return list(dict.fromkeys(tag for tag in tags if tag.casefold() not in _KIND_TAGS))
