"""Converts a line of a note to the site's Markdown, and reads titles, links and tags from it. Vaults also have wiki
links, embeds and comments; HackMD notes also have videos and uploads."""

import posixpath
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from posixpath import basename, splitext
from urllib.parse import unquote

from mlguide_site.content.assets import DRAWING, asset_name
from mlguide_site.errors import Problem
from mlguide_site.importers import NoteLink, warning
from mlguide_site.importers.folder import NOTES, Folder, composed, is_note
from mlguide_site.markdown.document import PICTURES
from mlguide_site.markdown.engine_escape import unescape
from mlguide_site.markdown.parser import LABEL, TITLE
from mlguide_site.markdown.plain import escape, without_escapes
from mlguide_site.markdown.sanitise_inline import file_name
from mlguide_site.model.base import is_allowed_url

MAX_NOTE_LINKS = 2000
_HOST = re.compile(r"^//(?=[^/\s]{0,250}\.[a-z]{2,24}(?:[/:?#]|$))", re.I)
"""Matches the start of an address without a scheme, such as `//host.example/page`."""
_FILE = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_SIZE = re.compile(r"(?:^|\||\s*=)\s*\d{0,5}(?:x\d{0,5})?\s*$")
_PLACEHOLDER = re.compile("\x00(\\d{1,9})\x00")
_PARENTHESIS = re.compile(r"\(|(?<!^\w)(?<!\s\w)(?<!\s\w\w)\)")
_TARGET = r"<[^<>\n]{0,2000}>|[^\s()<>]{0,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500}){0,5}"
_END = r"(?:\s+=\d{0,5}%?x\d{0,5}%?)?\s*\)"
MEDIA = re.compile(r"(?P<media></?(?:iframe|img|video|audio|source|embed)(?=[\s/>])[^<>]{0,3000}>)", re.I)
"""A start or end tag of an HTML media element, such as `<img>` or `<iframe>`."""
COMMENT = re.compile(r"%%(?!%)(?P<comment>[^\n]{0,70000}?)%%[ \t]*")
_ATTRIBUTE = re.compile(r"""\s(src|alt|title|href)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.I)
CODE = (
    r"(?P<code>(?<!`)(?P<ticks>`{1,20})(?!`)(?:(?!(?P=ticks)).){1,2000}?(?P=ticks)(?!`)"
    r"|\$(?=[^\s$])[^$\n]{1,1000}?(?<=[^\s$])\$(?!\d))"
)
SITES = {
    "youtube": ("YouTube", "https://www.youtube.com/watch?v="),
    "vimeo": ("Vimeo", "https://vimeo.com/"),
    "gist": ("Gist", "https://gist.github.com/"),
    "slideshare": ("SlideShare", "https://www.slideshare.net/"),
    "speakerdeck": ("Speaker Deck", "https://speakerdeck.com/"),
    "pdf": ("PDF", ""),
    "figma": ("Figma", ""),
}
"""The sites from which notes embed media, as in HackMD's `{%vimeo 123456 %}`: name, and address before the id."""
INLINE = re.compile(
    rf"(?=[`$%!\[{{<hH])(?:{CODE}"
    rf"|{COMMENT.pattern}"
    rf"|(?P<player>\{{%\s*(?P<site>{'|'.join(SITES)})\s+(?P<id>[\w:/.?=&%+#~-]{{6,500}}?)\s*%\}})"
    r"|!\[\[(?P<embed>[^\[\]\n]{1,500})\]\]"
    r"|\[\[(?P<wiki>[^\[\]\n]{1,500})\]\](?!\(<?(?:[a-z][a-z+.-]+:|[^\s()]{0,300}(?:[/#]|\.[a-z])))"
    rf"|(?P<link>(?P<picture>!?)\[(?P<label>{LABEL})\]"
    rf"\(\s*(?P<target>{_TARGET})(?:\s+(?P<title>{TITLE}))?{_END})"
    r"|(?P<anchor><a(?=\s[^<>]*\bhref\s*=)[^<>]{0,3000}>"
    r"(?P<shown>(?:[^<>\[\]\n]|<(?!/?a\b)[^<>\n]{0,3000}>){0,1000})</a>)"
    rf"|{MEDIA.pattern}"
    r"|(?P<address><?https?://[^\s<>]{1,4000}))",
    re.I,
)
"""Inline elements, such as links and code, that are converted as a whole, with everything inside them."""
_HIGHLIGHT = re.compile(r"(?<![=\w])==(?=[^\s=])([^=\n]{1,2000}(?:=[^=\n]{1,500}){0,20})(?:==(?!=)|$)")
_BOLD = re.compile(r"(?<!\*)\*\*([ \t]*)([^\s*](?:[^*\n]{0,2000}[^\s*])?)([ \t]*)\*\*(?!\*)")
_EMPHASIS = re.compile(r"(\*{1,3}|`{1,3}|(?<!\w)_{1,3})(?![\s*`_])([^*`_\n]{0,500}[^\s*`_])\1(?!\w)")
_LITERAL = re.compile(r"\\([!-/:-@\[-`{-~])|&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.I)
# vowels and other combining marks are parts of words
_MARKS = (
    "\u0300-\u036f\u0900-\u0963\u0966-\u0dff\u0e00-\u0e3e\u0e40-\u0eff"
    "\u1000-\u1049\u1050-\u109f\u1780-\u17d3\u17dd-\u17ff"
)
_TAG = re.compile(rf"(?<![^\s(,;*_~=|])#([^\W\d][\w/{_MARKS}-]{{0,99}})(?![\w#])")
_TAGS_OF_WORDS = re.compile(rf"(?:(?:^|\s+)(?:{_TAG.pattern}|#[^\W\d][^#\n]{{1,60}}[^\W_]#(?!\S)))+\s*")
"""A line of tags, of which some have spaces, as in `#my recipes# #bread`."""
_COLOUR = re.compile(r"(?:[0-9a-f]{3}){1,2}", re.I)
_HTML = re.compile(r"<[A-Za-z/!][^<>\n]{0,2000}>")
_TAG_OR_LABEL = re.compile(rf"{_HTML.pattern}|\[[^\[\]\n]{{1,1000}}\]")


def line_ends(text: str) -> str:
    r"""Return a letter for each line end of a paragraph: `J` inside an element that is converted as a whole, `S` inside
    an HTML tag or brackets, where a hard line break would change the meaning, and otherwise `B`.

    >>> line_ends("a `b\nc` <br\nclass='d'> e\nf")
    'JSB'
    """

    def mark(one: re.Match[str]) -> str:
        # a formula that begins with a digit has signs of TeX, unlike two prices
        is_whole = not re.match(r"\$\d", one[0]) or re.search(r"[\\^_={}+<>]", one[0])
        return one[0].replace("\x1e", "\x1c" if is_whole else "\x1d")

    text = INLINE.sub(mark, text.replace("\n", "\x1e"))
    text = _TAG_OR_LABEL.sub(lambda one: one[0].replace("\x1e", "\x1d"), text)
    return re.sub(r"[^\x1c-\x1e]", "", text).translate({0x1C: "J", 0x1D: "S", 0x1E: "B"})


def as_comment(text: str) -> str:
    """Return a text as an HTML comment. Adjacent hyphens are separated, because `--` could end the comment."""
    return f"<!-- {re.sub('-(?=-)', '- ', text.strip())} -->" if text.strip() else ""


def _parentheses(text: str, before: int) -> tuple[int, int]:
    """Return how many parentheses are open at the end of a text, if `before` are open at its start; and the position of
    the first one that closes nothing and directly follows a converted element, or -1. Those after the letter or number
    of an enumeration, or at the end of a range, as in `a)` and `[0, 1)`, don't count."""
    stray = -1
    for sign in _PARENTHESIS.finditer(text):
        at = sign.start()
        if sign[0] == ")" and not before and stray < 0 and text[at - 1 : at] == "\x00":
            stray = at
        before = max(0, before + (1 if sign[0] == "(" else -1))
    return before, stray


@dataclass(slots=True)
class InlineWriter:
    """Converts the lines of one body. `folder` contains the source's files; `place` is the name of the folder, or ""
    for a file. If `vault` is true, wiki links, embeds and comments are converted. `embedded` collects names of embedded
    files. `names` maps names and contents of assets to new names; `numbers` maps names to the last added numbers."""

    name: str
    folder: Folder
    place: str = ""
    vault: bool = False
    line: int = 1
    assets: dict[str, bytes] = field(default_factory=dict)
    names: dict[tuple[str, bytes], str] = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)
    embedded: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    note_links: list[NoteLink] = field(default_factory=list)
    ids: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    opened: tuple[int, int] = (0, 0)  # the last line, and how many parentheses are open at its end

    def write(self, number: int, text: str) -> str:
        """Convert a line to Markdown. Comments move to its end, because a line that begins with a comment is HTML."""
        self.line = number
        converted, comments = list[str](), list[str]()

        def convert_element(found: re.Match[str]) -> str:
            if found.lastgroup in {"embed", "wiki", "comment"} and not self.vault:
                # outside a vault, the element is text that may contain markup
                return found[0]
            if found.lastgroup == "comment":
                comments.append(as_comment(found["comment"]))
                return ""
            converted.append(self._convert(found))
            after = found.string[found.end() : found.end() + 1]
            needs_space = found.lastgroup in {"media", "embed"} and (after.isalnum() or after in {"<", "!"})
            return f"\x00{len(converted) - 1}\x00" + " " * bool(converted[-1] and needs_space)

        text = INLINE.sub(convert_element, text)
        line, before = self.opened
        before, stray = _parentheses(text, before if line == number - 1 else 0)
        if stray >= 0:
            link = converted[int(text[:stray].rsplit("\x00", 2)[1])]
            self.warn(f"an extra parenthesis after {link[:80]} was removed", "check the link")
            text = text[:stray] + text[stray + 1 :]
        self.opened = (number, before)
        text = _PLACEHOLDER.sub(lambda found: converted[int(found[1])], normalise_marks(text)).rstrip()
        # in a row of a table, the comments stay in the last cell
        end = "|" if comments and text.endswith("|") else ""
        comments = [re.sub(r"(?<!\\)\|", r"\|", one) for one in comments] if end else comments
        return " ".join(filter(None, [text.removesuffix(end).rstrip() if end else text, *comments, end]))

    def _convert(self, found: re.Match[str]) -> str:
        match found.lastgroup:
            case "link" if found["title"]:
                link, title = self._link(found), found["title"]
                return f"{link[:-1]} {title})" if re.match(r"!?\[", link) else f"{link} ({title})"
            case "link":
                return self._link(found)
            case "anchor":
                fields = attributes_of(found[0].partition(">")[0])
                address, title = fields.get("href", ""), fields.get("title", "").replace('"', "'")
                link = self._to(f"<{address}>" if re.search(r"[()]", address) else address, found["shown"])
                return f'{link[:-1]} "{title}")' if title and link.endswith(")") else link
            case "wiki" if found["wiki"].strip().isdecimal() and not self._find(found["wiki"]):
                return found[0]  # a citation such as `[[2]][2]`, or a matrix
            case "wiki":
                return self._folder_link(*read_wiki(found["wiki"]), is_name=True)
            case "embed":
                target, _, shown = found["embed"].replace("\\|", "|").partition("|")
                return self._folder_link(target, _SIZE.sub("", shown.strip()), shows=True, is_name=True)
            case "media":
                return self.media(found[0])
            case "player":
                (name, address), id = SITES[found["site"].casefold()], found["id"]
                if is_allowed_url(id):
                    return f"[{name}]({id})"
                return f"[{name} {id}]({address}{id})" if address else found[0]
        return found[0]

    def _link(self, found: re.Match[str]) -> str:
        address, shows = found["target"].strip("<>"), bool(found["picture"])
        label = _SIZE.sub("", found["label"]) if shows else found["label"]
        if shows and not address and label.startswith("Uploading "):
            self.warn("an unfinished upload", "put the file next to the note, or remove the line")
            return escape(found[0])
        if shows and (web := _web_address(address)):
            return _remote(web, label)
        return self._to(found["target"], label, shows)

    def _to(self, target: str, label: str, shows: bool = False) -> str:
        """Return a link. Pictures on other hosts stay pictures in its label, because links can't be nested."""

        def shown(one: re.Match[str]) -> str:
            if one.lastgroup == "link" and not one["picture"]:
                return escape(one[0])
            if one.lastgroup != "link" and one[0][:4].casefold() != "<img":
                return one[0]
            picture = self._convert(one)
            return f"!{picture}" if picture.startswith("[") else picture

        address, label = target.strip("<>"), label if shows else INLINE.sub(shown, label)
        if address.startswith("#"):
            return self._folder_link(unquote(address), label, is_name=True)
        if is_allowed_url(address):
            return f"[{label}]({target})"
        web = _web_address(address)
        return _remote(web, label) if web else self._folder_link(address, label, shows)

    def warn(self, message: str, remedy: str) -> None:
        self.problems.append(warning(self.name, self.line, message, remedy))

    def media(self, tag: str) -> str:
        """Return the Markdown for an HTML tag: an embed if the file is in the folder, otherwise a link."""
        fields = attributes_of(tag)
        address = re.sub("^//", "https://", fields.get("src", ""))
        label = escape(" ".join((fields.get("alt") or fields.get("title", "")).split()))
        if is_allowed_url(address):
            return _remote(address, label or ("" if tag[:4].casefold() == "<img" else escape(address)))
        # a `data:` address can't be linked
        return self._folder_link(address, label, shows=True) if address and not address.startswith("data:") else label

    def _folder_link(self, target: str, label: str, shows: bool = False, is_name: bool = False) -> str:
        """Return a link to a note or file of the folder, or the name of a missing file. If `shows` is true, images are
        embedded. `target` is an address, or a note's name if `is_name` is true."""
        name, _, part = (one.strip() for one in target.partition("#"))
        path = self._find(name) or self._find(name.partition("?")[0])  # GitHub adds `?raw=true`
        self.embedded += [name] if shows else []
        if is_note(path or name) or (is_name and not path and not (shows and _FILE.search(name))):
            stem = name if is_name or shows else splitext(basename(path or unquote(name)))[0]
            return self._to_note(label or escape(read_wiki(target)[1]), stem, path, part if is_name else unquote(part))
        if path and (file := self._asset(path)):
            return f"{'!' * (shows and file.endswith(PICTURES))}[{label or escape(file_name(name))}](asset:{file})"
        if not path:
            place = "add the file and import again" if self.place else "put the file beside the imported note"
            message = f'"{(target or label)[:120]}" is not in the {"folder" if self.place else "imported file"}'
            self.warn(message, f"{place}, or link to its web address")
        if shows:
            return f"\\[Missing file: {' – '.join(filter(None, [label, escape(name)]))}\\]"
        return f"{label} ({escape(target)})" if target and escape(target) != label else label

    def _find(self, name: str) -> str | None:
        """Return the path of a note or file, or None. Files near the current note have priority."""
        own = self.name.removeprefix(f"{self.place}/")
        # the address of a page that isn't an index may also be a folder, and links without a suffix are addresses
        bases = (posixpath.dirname(own), splitext(own)[0])
        ends = ("", *NOTES, "/index.md", "/_index.md", "/README.md")
        if not self.vault and not splitext(name)[1] and basename(bases[1]) not in {"index", "_index"}:
            bases = bases[::-1]
        near = (posixpath.normpath(posixpath.join(base, composed(name))) + end for base in bases for end in ends)
        path = next((one for one in near if one in self.folder.files), None) or self.addresses.get(name.strip("/"))
        return (path or self.folder.find(name)) if name.strip("/") else None

    def _to_note(self, shown: str, name: str, path: str | None, part: str) -> str:
        """Return a link to another note, with a placeholder address that the merge replaces."""
        if not shown.strip():
            return shown
        if len(self.note_links) >= MAX_NOTE_LINKS:
            what = f"more than {MAX_NOTE_LINKS:,} links to other notes"
            if not any(what in problem.message for problem in self.problems):
                self.warn(what, "split the note; until then, the remaining links are kept as text")
            return shown
        file = self.name if path is None and not name else f"{self.place}/{path}" if path else ""
        heading = part.rpartition("#")[2].strip()
        heading = self.ids.get(file, {}).get(heading, heading)
        link = NoteLink(f"note:{self.line}-{len(self.note_links) + 1}", name, file, heading, self.line)
        self.note_links.append(link)
        return f"[{shown}]({link.address})"

    def _asset(self, path: str) -> str:
        """Add a file of the folder to the assets, and return its new name, or "" if its type isn't allowed."""
        data = self.folder.files[path]
        name = asset_name(path, data)
        if not name:
            is_drawing = path.lower().endswith(DRAWING)
            remedy = "save it as a .png file" if is_drawing else "link to its web address, or convert the file"
            self.warn(f'"{path[:120]}" has a file type that is not published', remedy)
            return ""
        if known := self.names.get((name, data)):
            return known
        stem, suffix = splitext(name)
        one = name
        while self.assets.get(one, data) != data:
            self.numbers[name] += 1
            one = f"{stem}-{self.numbers[name] + 1}{suffix}"
        self.assets[one], self.names[name, data] = data, one
        return one


def attributes_of(tag: str) -> dict[str, str]:
    """Return the address, title and alternative text in the attributes of a tag, by name. Each follows a space."""
    return {name.lower(): " ".join(unescape(value.strip("\"'")).split()) for name, value in _ATTRIBUTE.findall(tag)}


def _web_address(written: str) -> str:
    """Return the web address that a link's target has in Markdown, or "" if it is another target. Escapes are removed,
    spaces, which are allowed between angle brackets, are encoded, and `//host.example` becomes an https address."""
    address = _HOST.sub("https://", without_escapes(written.strip()).replace(" ", "%20"))
    return address if is_allowed_url(address) else ""


def _remote(address: str, label: str) -> str:
    """Return a link to another host. The default label is the file name."""
    target = f"<{address}>" if re.search(r"[()]", address) else address
    return f"[{label.strip() or escape(file_name(address) or address)}]({target})"


def read_wiki(written: str) -> tuple[str, str]:
    """Return the target and the displayed text of a wiki link; `Planes#Irons` is displayed as `Planes > Irons`."""
    # in a table, the pipe is escaped
    target, _, shown = written.replace("\\|", "|").partition("|")
    parts = (part.strip().lstrip("^") for part in target.split("#"))
    return target, shown.strip() or " > ".join(part for part in parts if part)


def normalise_marks(text: str) -> str:
    """Convert `==highlights==` to `<mark>`, and move spaces out of bold text. Unclosed highlights end with the line."""
    text = _HIGHLIGHT.sub(lambda found: f"<mark>{found[1].strip()}</mark>", text) if "==" in text else text
    return _BOLD.sub(lambda one: f"{one[1]}**{one[2]}**{one[3]}" if bool(one[1]) != bool(one[3]) else one[0], text)


def links_in(text: str) -> list[tuple[str, str]]:
    """Return the text and address of each web link in a line, without images."""
    links = (one for one in INLINE.finditer(text) if one.lastgroup == "link" and "![" not in one[0])
    found = ((bare_text(one["label"]), one["target"].strip("<>")) for one in links)
    return [(label or file_name(url) or url, url) for label, url in found if is_allowed_url(url)]


def bare_text(text: str) -> str:
    """Return the visible text of a line of Markdown for use in titles; images and embeds are left out."""
    kept: list[str] = []

    def shown(one: re.Match[str]) -> str:
        if one.lastgroup == "wiki":
            kept.append(bare_text(read_wiki(one["wiki"])[1]))
        elif one.lastgroup == "link" and not one["picture"]:
            target = "" if _web_address(one["target"].strip("<>")) else f" ({one['target']})"
            kept.append(bare_text(one["label"]) + target)
        elif one["code"]:
            kept.append(one["code"].strip(one["ticks"]).strip() if one["ticks"] else one["code"])
        else:
            return "" if one.lastgroup in {"embed", "link", "comment"} else one[0]
        return f"\x00{len(kept) - 1}\x00"

    def literal(one: re.Match[str]) -> str:
        kept.append(one[1] or unescape(one[0]))
        return f"\x00{len(kept) - 1}\x00"

    text = _LITERAL.sub(literal, INLINE.sub(shown, text.replace("\x00", " ")))
    text = re.sub(r"<!--.{0,2000}?-->|</?[A-Za-z][^<>]{0,200}>", " ", normalise_marks(text))
    text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    return " ".join(re.sub("\x00(\\d+)\x00", lambda one: kept[int(one[1])], " ".join(text.split())).split())


def find_tags(text: str) -> list[str]:
    """Return the hashtags in a line, except colours and numbers. Code, links, comments and HTML are skipped."""
    if "#" not in text:
        return []
    if text.count("#") > 1 and _TAGS_OF_WORDS.fullmatch(text):
        return [one[0] or one[1] for one in re.findall(r"#([^#]*[^#\s])#(?!\S)|#([^\s#]+)", text)]
    found = (one[1].rstrip("/-_") for one in _TAG.finditer(_HTML.sub(" ", INLINE.sub(" ", text))))
    return [tag for tag in found if tag and not _COLOUR.fullmatch(tag)]
