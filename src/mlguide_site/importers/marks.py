"""What note-taking programs write within a line, as Markdown: highlights, wiki links, embeds, pictures, stray marks."""

import re
from collections.abc import Callable, Iterator
from os.path import basename
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from mlguide_site.importers.plain import escape
from mlguide_site.model.base import is_allowed_url

_CODE = re.compile(r"(?<!`)(`{1,20})(?!`)(?:(?!\1).){1,2000}?\1(?!`)|\$(?=[^\s$])[^$\n]{1,500}?(?<=[^\s$])\$(?!\d)")
_HELD = re.compile("\x00(\\d{1,9})\x00")
_ADDRESS = re.compile(r"<?https?://[^\s<>\x00]{1,4000}")
_LINK = re.compile(
    r"(!?)\[([^\[\]\n]{0,1000})\]"
    r"\(\s*(<[^<>\n]{0,2000}>|[^\s()<>]{0,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500}){0,5})"
    r"(?:\s+(?:\"[^\"\n]{0,300}\"|'[^'\n]{0,300}'|=\d{0,5}x\d{0,5}))?\s*\)"
)
_OPEN_LINK = re.compile(r"(?<!!)\[([^\[\]\n]{1,500})\]\((https?://[^\s()<>]{1,2000})\s*$")
_EMBED = re.compile(r"!\[\[([^\[\]\n]{1,500})\]\]")
_WIKI = re.compile(r"\[\[([^\[\]\n]{1,500})\]\]")
_MARK = re.compile(r"(?<!=)==(?!=)")
_EMPHASIS = re.compile(r"(\*{1,3}|`{1,3}|(?<!\w)_{1,3})(?![\s*`_])([^*`_\n]{0,500}[^\s*`_])\1(?!\w)")
_SIZE = re.compile(r"\d{1,5}(?:x\d{1,5})?")


class Fault(NamedTuple):
    """What a line holds that its author should know of."""

    message: str
    remedy: str


Picture = Callable[[str, str], str]
"""Markdown for a picture or file embedded: from what is written as its address and its label."""


class Held:
    """Pieces of a line that are finished: each stands as a number between NUL characters, which no text holds."""

    def __init__(self) -> None:
        self.pieces: list[str] = []

    def hold(self, text: str) -> str:
        """The sign for a finished piece."""
        self.pieces.append(text)
        return f"\x00{len(self.pieces) - 1}\x00"

    def free(self, text: str) -> str:
        """The text with its pieces put back."""
        while _HELD.search(text):
            text = _HELD.sub(lambda found: self.pieces[int(found[1])], text)
        return text


def hold_code(text: str, held: Held) -> str:
    """Code spans and mathematics, held."""
    return _CODE.sub(lambda found: held.hold(found[0]), text) if "`" in text or "$" in text else text


def hold_addresses(text: str, held: Held) -> str:
    """Bare addresses, held."""
    return _ADDRESS.sub(lambda found: held.hold(found[0]), text) if "://" in text else text


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


def mend_links(text: str, held: Held, picture: Picture, relative: Callable[[str, str], str]) -> Iterator[str | Fault]:
    """A line with its links and pictures held: faults first, the line last.

    Pictures become what `picture` says; a link to an address that isn't a whole one what `relative` says, from its text
    and address. A parenthesis too many behind a link goes, one too few is added.
    """
    faults: list[Fault] = []
    if found := _OPEN_LINK.search(text):
        faults.append(Fault(f'the link "{found[1][:60]}" is not closed', "it has been closed; see that it leads there"))
        text = f"{text[: found.end()].rstrip()})"

    def one(found: re.Match[str]) -> str:
        label, address = found[2], found[3].strip("<>")
        if found[1]:
            return held.hold(picture(address, label))
        if is_allowed_url(address) or address.startswith("#"):
            return held.hold(f"[{label}]({found[3]})" if address == found[3] else f"[{label}](<{address}>)")
        return held.hold(relative(label, address))

    if "](" in text:
        text = _LINK.sub(one, text)
        bare = text.count(")") - text.count("(")
        if bare > 0 and (stray := re.search("\x00\\d{1,9}\x00\\)", text)):
            shown = held.pieces[int(stray[0].strip(")").strip("\x00"))][:80]
            faults.append(Fault(f"a parenthesis too many behind {shown}", "it has been taken out"))
            text = text[: stray.end() - 1] + text[stray.end() :]
    yield from faults
    yield text


def remote_picture(address: str, label: str) -> str:
    """A picture on another host as a labelled link.

    >>> remote_picture("https://a.example/x.png", ""), remote_picture("https://a.example/x.png", "A cat")
    ('[x.png](https://a.example/x.png)', '[A cat](https://a.example/x.png)')
    """
    shown = label.strip() or escape(file_label(address))
    target = f"<{address}>" if re.search(r"[()]", address) else address
    return f"[{shown}]({target})"


def replace_embeds(text: str, held: Held, picture: Picture) -> str:
    """Embeds of a vault (`![[file|label]]`), held as what `picture` says; a size isn't a label."""

    def one(found: re.Match[str]) -> str:
        # in a table the bar is escaped
        target, *rest = found[1].replace("\\|", "|").split("|")
        labels = [part.strip() for part in rest if part.strip() and not _SIZE.fullmatch(part.strip())]
        return held.hold(picture(target.strip(), " ".join(labels)))

    if "![[" not in text:
        return text
    # two of them side by side are two words
    return re.sub("(\x00\\d{1,9}\x00)(?=\x00)", r"\1 ", _EMBED.sub(one, text))


def replace_wiki_links(text: str, link: Callable[[str, str], str] = lambda _target, shown: shown) -> str:
    """Links between the notes of a vault as what `link` makes of their target and the text that they show: that text.

    >>> replace_wiki_links("see [[Saws|the saws]], [[Planes#Irons]] and [[#Here]]")
    'see the saws, Planes > Irons and Here'
    """

    def one(found: re.Match[str]) -> str:
        target, bar, shown = found[1].replace("\\|", "|").partition("|")
        if bar and shown.strip():
            return link(target, shown.strip())
        return link(target, " > ".join(part.strip().lstrip("^") for part in target.split("#") if part.strip()))

    return _WIKI.sub(one, text) if "[[" in text else text


def mark_highlights(text: str) -> str:
    """`==highlights==` as `<mark>`; one that nothing closes goes to the end of the line.

    >>> mark_highlights("==one == and ==two"), mark_highlights("if a == b")
    ('<mark>one</mark> and <mark>two</mark>', 'if a == b')
    """
    if "==" not in text:
        return text
    parts, at, opened = [], 0, -1
    for found in _MARK.finditer(text):
        start, end = found.span()
        if opened >= 0 and text[opened:start].strip():
            parts.append(f"<mark>{text[opened:start].strip()}</mark>")
            at, opened = end, -1
        elif opened < 0 and text[end : end + 1].strip() and not text[max(0, start - 1) : start].isalnum():
            parts.append(text[at:start])
            opened = end
    if opened >= 0:
        parts.append(f"<mark>{text[opened:].strip()}</mark>")
        at = len(text)
    return "".join([*parts, text[at:]])


def mend_bold(text: str) -> str:
    """Bold whose marks stand on the wrong side of a space.

    >>> mend_bold("**Better data **is and ** so**"), mend_bold("2 ** 3 ** 4")
    ('**Better data** is and  **so**', '2 ** 3 ** 4')
    """
    if "** " not in text and " **" not in text:
        return text
    parts = re.split(r"(?<!\*)\*\*(?!\*)", text)
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
    """Text and address of the links of a line that lead out, pictures aside.

    >>> links_in("[A *b*](https://a.example/x_(y)) ![c](https://a.example/c.png) [d](/d)")
    [('A b', 'https://a.example/x_(y)')]
    """
    found = [(bare_text(one[2]), one[3].strip("<>")) for one in _LINK.finditer(text) if not one[1]]
    return [(label or file_label(url), url) for label, url in found if is_allowed_url(url)]


def take_pictures(text: str) -> tuple[str, str]:
    """A heading's text without its pictures and embeds, and these as written, for a title can't show them.

    >>> take_pictures("Saws ![a](b.png) ![[c.png]]")
    ('Saws', '![a](b.png) ![[c.png]]')
    """
    if "![" not in text:
        return text, ""
    taken = [found[0] for pattern in (_LINK, _EMBED) for found in pattern.finditer(text) if found[0][0] == "!"]
    text = _EMBED.sub("", _LINK.sub(lambda found: "" if found[1] else found[0], text))
    return " ".join(text.split()), " ".join(taken)


def bare_text(text: str) -> str:
    """A line of Markdown as the text that it shows, for titles.

    >>> bare_text("**The** [link](https://a.example/) and `code` ==lit==")
    'The link and code lit'
    """
    text = replace_wiki_links(text)
    text = _LINK.sub(
        lambda found: found[2] if is_allowed_url(found[3].strip("<>")) else f"{found[2]} ({found[3]})", text
    )
    text = re.sub(r"<(?:br|p|li|div)\b[^<>]{0,200}>", " ", mark_highlights(text), flags=re.I)
    text = re.sub(r"</?[A-Za-z][^<>]{0,200}>", "", text)
    text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    return " ".join(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).split())
