"""The inline content of a paragraph, cell or heading, cleaned and read for links and names.

Addresses that the policy refuses are left out (their text is kept), bare web addresses and images on other hosts become
links, raw tags that aren't allowed become text.
"""

import re
from collections.abc import Callable
from urllib.parse import unquote

from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token

from mlguide_site.markdown import policy
from mlguide_site.markdown.document import DocumentBuilder, LinkUse, Segment
from mlguide_site.markdown.escape import clean_text

BARE_ADDRESS = re.compile(r"(?<![\w/@.-])https?://[^\s<>\"]+", re.IGNORECASE)
_TRAILING = frozenset(".,;:!?'*_~’”»…")
_PAIRS = {")": "(", "]": "["}
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)([^>]*)>")
_BREAK = "<br>"


def clean_inline(builder: DocumentBuilder, token: Token, line: int, heading: bool = False, title: bool = False) -> None:
    """Clean the children of an inline token that begins in line `line` and will be the next token of the document.

    Adds its block, its segments (none in a heading), links and findings. A `title` is left as text alone.
    """
    children = token.children or []
    if len(children) == 1 and children[0].type == "text" and "://" not in (text := children[0].content):
        if not heading and not title:
            builder.segments.append(Segment(text, len(builder.tokens), 0, len(builder.blocks), 0))
        builder.add_block(text, line)
        return
    if any(child.type == "html_inline" for child in children):
        children = settle_tags(children, line, builder)
    cleaner = _Cleaner(builder, line, heading or title)
    for child in children:
        cleaner.take(child)
    cleaner.flush()
    cleaner.trim()
    text = "".join(cleaner.shown)
    token.children = cleaner.out
    if title:
        token.children = [Token("text", "", 0, content=text)] if text.strip() else []
    builder.add_block(text, line)


class _Cleaner:
    """One inline token: the children it will have, and what of it has been read."""

    def __init__(self, builder: DocumentBuilder, line: int, heading: bool) -> None:
        self.builder = builder
        self.line = line
        self.index = len(builder.tokens)
        self.block = len(builder.blocks)
        self.heading = heading
        self.out: list[Token] = []
        self.shown: list[str] = []
        self.offset = 0
        self.parts: list[str] = []
        """text held back until something else comes"""
        self.held: Token | None = None
        """the token of the first part, to be used again"""
        self.level = 0
        self.code_tags = 0
        self.link: tuple[str, int, int] | None = None
        """address of the open link, offset and line where it begins"""
        self.refused = False
        """whether the open link is left out, its text being text"""
        self.after_link: list[Token] = []
        """references to footnotes in the open link: they are links themselves, and are moved behind it"""

    def take(self, child: Token) -> None:
        """Take one child."""
        kind = child.type
        if kind == "text":
            if not self.parts:
                self.held = child
            self.parts.append(child.content)
        elif kind == "softbreak":
            self.parts.append(" ")
            self.line += 1
        elif kind == "text_special":
            self.parts.append(clean_text(child.content))
        elif self.heading and _is_break(child):
            self.parts.append(" ")
            self.line += kind == "hardbreak"
        elif self.heading and kind == "image":
            self.describe(child)
        elif kind == "link_open" and self.is_refused(child):
            self.refused = True
        elif kind == "link_close" and self.refused:
            self.refused = False
        else:
            self.flush()
            _TAKERS.get(kind, _Cleaner.push)(self, child)

    def push(self, token: Token) -> None:
        """Add a token to the children to be, at the level that fits."""
        if token.nesting < 0:
            self.level -= 1
        token.level = self.level
        if token.nesting > 0:
            self.level += 1
        self.out.append(token)

    def flush(self) -> None:
        """The text held back becomes one token and, if names may be linked in it, one segment."""
        if not self.parts:
            return
        text = self.parts[0] if len(self.parts) == 1 else "".join(self.parts)
        self.parts.clear()
        done = 0
        for found in BARE_ADDRESS.finditer(text) if "://" in text and not self.link and not self.code_tags else ():
            written = bare_address(found.group())
            address = normalizeLink(written)
            if not policy.refusal(address):
                self.text(text[done : found.start()])
                done = found.start() + len(written)
                self.add_link(address, written)
        self.text(text[done:])

    def trim(self) -> None:
        """Remove breaks and space at the end."""
        out = self.out
        while out and (_is_break(out[-1]) or out[-1].content.isspace()):
            out.pop()
        if out and out[-1].content[-1:].isspace() and out[-1].type == "text":
            out[-1].content = text = out[-1].content.rstrip()
            segments = self.builder.segments
            if segments and segments[-1].token == self.index and segments[-1].child == len(out) - 1:
                segments[-1] = segments[-1]._replace(text=text)

    def text(self, text: str) -> None:
        if not self.offset:
            text = text.lstrip()
        if not text:
            return
        if not self.heading and self.link is None and not self.code_tags and not text.isspace():
            self.builder.segments.append(Segment(text, self.index, len(self.out), self.block, self.offset))
        token, self.held = self.held or Token("text", "", 0), None
        token.content = text
        token.level = self.level
        self.out.append(token)
        self.show(text)

    def show(self, text: str) -> None:
        """Add to the plain text of the block."""
        self.shown.append(text)
        self.offset += len(text)

    def use(self, address: str, text: str, image: bool = False) -> None:
        """Record a link or image."""
        self.builder.links.append(LinkUse(address, text, self.block, self.offset, self.line, image))

    def add_link(self, address: str, text: str, image: bool = False) -> None:
        """A link that the author did not write as one."""
        self.use(address, text, image)
        self.push(Token("link_open", "a", 1, attrs={"href": address}))
        self.push(Token("text", "", 0, content=text))
        self.push(Token("link_close", "a", -1))
        self.show(text)

    def hardbreak(self, child: Token) -> None:
        """A break is kept if anything comes before it."""
        self.line += child.type == "hardbreak"
        if self.offset:
            self.push(child)
            self.show(" ")

    def code(self, child: Token) -> None:
        """Code keeps its text, without white space at its ends; empty code is no more than a space."""
        child.content = clean_text(child.content).strip()
        if child.content:
            self.push(child)
            self.show(child.content)
        else:
            self.parts.append(" ")

    def html(self, child: Token) -> None:
        """A raw tag that is kept."""
        if child.content == _BREAK:
            self.hardbreak(child)
            return
        if child.meta["tag"] in policy.CODE_TAGS:
            self.code_tags += -1 if child.meta["closing"] else 1
        self.push(child)

    def is_refused(self, link: Token) -> bool:
        address = str(link.attrs["href"])
        reason = policy.refusal(address)
        if reason:
            self.refuse("link", address, reason)
        return reason is not None

    def link_open(self, child: Token) -> None:
        self.link = str(child.attrs["href"]), self.offset, self.line
        if "title" in child.attrs:
            child.attrs["title"] = clean_text(str(child.attrs["title"]))
        self.push(child)

    def link_close(self, child: Token) -> None:
        """A link is recorded, and gets a text if it has none."""
        if self.link is None:
            return
        address, offset, line = self.link
        text = "".join(self.shown)[offset:]
        if not text.strip():
            # a link must have a text that a reader can find it by
            text = clean_text(address)
            self.push(Token("text", "", 0, content=text))
            self.show(text)
        self.push(child)
        self.builder.links.append(LinkUse(address, text, self.block, offset, line))
        self.link = None
        for reference in self.after_link:
            self.push(reference)
        self.after_link.clear()

    def footnote(self, child: Token) -> None:
        """A reference to a footnote is no part of the plain text."""
        self.builder.note_sections.setdefault(child.meta["number"], self.builder.section)
        if self.link is None:
            self.push(child)
        else:
            self.after_link.append(child)

    def image(self, child: Token) -> None:
        """An image of the site stays one; one on another host becomes a link to it, a refused one its own text."""
        address = str(child.attrs["src"])
        alt = _description(child)
        if reason := policy.refusal(address):
            self.refuse("image", address, reason)
            self.text(alt)
        elif not policy.is_absolute(address):
            self.use(address, alt, image=True)
            child.content = alt
            child.children = [Token("text", "", 0, content=alt)]
            self.push(child)
            self.show(alt)
        elif self.link is None:
            self.add_link(address, f"Image: {alt or file_name(address)}", image=True)
        else:
            self.use(address, alt, image=True)
            self.text(f"Image: {alt or file_name(address)}")

    def describe(self, image: Token) -> None:
        """An image in a heading becomes its text."""
        address = str(image.attrs["src"])
        alt = _description(image) or file_name(address)
        if reason := policy.refusal(address):
            self.refuse("image", address, reason)
        else:
            offset = self.offset + sum(map(len, self.parts))
            self.builder.links.append(LinkUse(address, alt, self.block, offset, self.line, True))
        self.parts.append(alt)

    def refuse(self, what: str, address: str, reason: str) -> None:
        """Report an address that is left out; the tree has it percent-encoded, unlike the text."""
        written = address or "()"
        place = self.builder.place_of_text(written, self.line)
        if place[1] == 1:
            place = self.builder.place_of_text(unquote(written), self.line)
        message = f'the {what} "{clean_text(address)[:60]}" is left out: {reason}'
        self.builder.warn(place, message, "give a web address or a relative one")


_TAKERS: dict[str, Callable[[_Cleaner, Token], None]] = {
    "hardbreak": _Cleaner.hardbreak,
    "code_inline": _Cleaner.code,
    "html_inline": _Cleaner.html,
    "link_open": _Cleaner.link_open,
    "link_close": _Cleaner.link_close,
    "image": _Cleaner.image,
    "footnote_ref": _Cleaner.footnote,
}


def _is_break(token: Token) -> bool:
    """Whether a token is a line break, of Markdown or of HTML."""
    return token.type == "hardbreak" or (token.type == "html_inline" and token.content == _BREAK)


def _description(image: Token) -> str:
    """The plain text of an image's description, on one line."""
    return " ".join(clean_text(_plain(image)).split())


def _plain(token: Token) -> str:
    return "".join(
        " " if child.type in {"softbreak", "hardbreak"} else _plain(child) if child.children else child.content
        for child in token.children or []
        if child.type != "html_inline"
    )


def bare_address(text: str) -> str:
    """The address in a run of characters that begins with a scheme, without the punctuation around it.

    >>> bare_address("https://a.example/b_(c)),"), bare_address("https://a.example/d.")
    ('https://a.example/b_(c)', 'https://a.example/d')
    """
    surplus = {closing: text.count(closing) - text.count(opening) for closing, opening in _PAIRS.items()}
    end = len(text)
    while end:
        last = text[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return text[:end]


def file_name(address: str) -> str:
    """The last part of an address's path, for a reader.

    >>> file_name("https://a.example/b/c%20d.png?e=f"), file_name("https://a.example")
    ('c d.png', 'a.example')
    """
    path = re.split(r"[?#]", address, maxsplit=1)[0].rstrip("/")
    return clean_text(unquote(path.rsplit("/", 1)[-1]))


def settle_tags(children: list[Token], line: int, builder: DocumentBuilder) -> list[Token]:
    """Which raw tags are kept: allowed ones, in pairs that cross nothing. Comments go; all others become text."""
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
    out = []
    after = 0
    for at, child in enumerate(children):
        if child.type in {"softbreak", "hardbreak"}:
            line, after = line + 1, 0
        elif child.type == "html_inline":
            # a tag may be further down: a code span's line ends are not in the tree
            line, after = place = builder.place_of_text(child.content, line, after)
            line, after = (line + child.content.count("\n"), 0) if "\n" in child.content else place
            if at not in keep and child.content.startswith("<!--"):
                continue
            child = _settled(child, at in keep, place, builder)
        out.append(child)
    return out


def _settled(child: Token, is_kept: bool, place: tuple[int, int], builder: DocumentBuilder) -> Token:
    """A raw tag without attributes, or as text."""
    found = _TAG.match(child.content)
    slash, name, rest = (found[1], found[2], found[3]) if found else ("", "", "")
    if not is_kept:
        what = f"<{slash}{name}>" if found else "markup"
        builder.warn(place, f"{what} is shown as text", "write Markdown, or the sign < as &lt;")
        return Token("text", "", 0, content=clean_text(child.content))
    name = name.lower()
    child.content = f"<{slash}{name}>"
    child.meta = {"tag": "" if name in policy.VOID_TAGS else name, "closing": bool(slash)}
    if rest.strip(" /"):
        builder.warn(place, f"removed the attributes of <{name}>", "leave them out")
    return child
