"""One inline token on its way: joined into runs of text, cleaned, and read for links and names."""

from collections.abc import Callable
from urllib.parse import unquote

from markdown_it.token import Token

from mlguide_site.markdown import policy
from mlguide_site.markdown.addresses import BARE_ADDRESS, bare_address, file_name
from mlguide_site.markdown.document import LinkUse, Segment
from mlguide_site.markdown.escape import clean_text
from mlguide_site.markdown.gathered import Gathered

_BREAK = "<br>"


class Run:
    """One inline token on its way: the children it will have, and what of it has been read."""

    def __init__(
        self, gathered: Gathered, normalize: Callable[[str], str], line: int, index: int, block: int, heading: bool
    ) -> None:
        self.gathered = gathered
        self.normalize = normalize
        self.line = line
        self.index = index
        self.block = block
        self.heading = heading
        self.out: list[Token] = []
        self.shown: list[str] = []
        self.offset = 0
        self.parts: list[str] = []
        self.held: Token | None = None
        """the token of the first of the parts, to be used again"""
        self.level = 0
        self.code_tags = 0
        self.link: tuple[str, int, int] | None = None
        """address of the open link, offset and line where it begins"""
        self.refused = False
        """whether the open link is left out, its text being text"""
        self.behind: list[Token] = []
        """references to footnotes in the open link: they are links themselves, and stand behind it"""

    def take(self, child: Token) -> None:
        """Takes one child; runs of text are held back until something else comes."""
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
        elif self.heading and is_break(child):
            self.parts.append(" ")
            self.line += child.type == "hardbreak"
        elif self.heading and kind == "image":
            self._describe(child)
        elif kind == "link_open" and self._is_refused(child):
            self.refused = True
        elif kind == "link_close" and self.refused:
            self.refused = False
        else:
            self.flush()
            take = _TAKERS.get(kind)
            if take:
                take(self, child)
            else:
                self.push(child)

    def push(self, token: Token) -> None:
        """Puts a token among the children to be, at the level that fits."""
        if token.nesting < 0:
            self.level -= 1
        token.level = self.level
        if token.nesting > 0:
            self.level += 1
        self.out.append(token)

    def flush(self) -> None:
        """The text held back becomes one token and, where names may be linked in it, one segment."""
        if not self.parts:
            return
        text = self.parts[0] if len(self.parts) == 1 else "".join(self.parts)
        self.parts.clear()
        if "://" in text and self.link is None and not self.code_tags:
            self._text_with_addresses(text)
        else:
            self._text(text)

    def trim(self) -> None:
        """Breaks and space at the end say nothing."""
        out = self.out
        while out and (is_break(out[-1]) or out[-1].content.isspace()):
            out.pop()
        if out and out[-1].content[-1:].isspace() and out[-1].type == "text":
            out[-1].content = text = out[-1].content.rstrip()
            segments = self.gathered.segments
            if segments and segments[-1].token == self.index and segments[-1].child == len(out) - 1:
                segments[-1] = segments[-1]._replace(text=text)

    def _text(self, text: str) -> None:
        if not self.offset:
            text = text.lstrip()
        if not text:
            return
        if not self.heading and self.link is None and not self.code_tags and not text.isspace():
            self.gathered.segments.append(Segment(text, self.index, len(self.out), self.block, self.offset))
        token, self.held = self.held or Token("text", "", 0), None
        token.content = text
        token.level = self.level
        self.out.append(token)
        self.show(text)

    def show(self, text: str) -> None:
        """Adds to the plain text of the block."""
        self.shown.append(text)
        self.offset += len(text)

    def _text_with_addresses(self, text: str) -> None:
        done = 0
        for found in BARE_ADDRESS.finditer(text):
            written = bare_address(found.group())
            address = self.normalize(written)
            if policy.refusal(address):
                continue
            self._text(text[done : found.start()])
            done = found.start() + len(written)
            self.add_link(address, written)
        self._text(text[done:])

    def add_link(self, address: str, text: str, image: bool = False) -> None:
        """A link that the author did not write as one."""
        self.gathered.links.append(LinkUse(address, text, self.block, self.offset, self.line, image))
        self.push(Token("link_open", "a", 1, attrs={"href": address}))
        self.push(Token("text", "", 0, content=text))
        self.push(Token("link_close", "a", -1))
        self.show(text)

    def hardbreak(self, child: Token) -> None:
        """A hard break, or a raw one, where anything comes before it."""
        self.line += child.type == "hardbreak"
        if self.offset:
            self.push(child)
            self.show(" ")

    def code(self, child: Token) -> None:
        """Code keeps its text, but for white space at its ends; where there is no other, nothing is to be seen."""
        child.content = clean_text(child.content).strip()
        if child.content:
            self.push(child)
            self.show(child.content)
        else:
            self.parts.append(" ")

    def html(self, child: Token) -> None:
        """A raw tag that stays."""
        tag = child.meta["tag"]
        if not tag:
            if child.content == _BREAK:
                self.hardbreak(child)
            else:
                self.push(child)
            return
        if tag in policy.CODE_TAGS:
            self.code_tags += -1 if child.meta["closing"] else 1
        self.push(child)

    def _is_refused(self, link: Token) -> bool:
        address = str(link.attrs["href"])
        reason = policy.refusal(address)
        if reason:
            self._refuse("link", address, reason)
        return reason is not None

    def link_open(self, child: Token) -> None:
        """A link opens."""
        self.link = str(child.attrs["href"]), self.offset, self.line
        if "title" in child.attrs:
            child.attrs["title"] = clean_text(str(child.attrs["title"]))
        self.push(child)

    def link_close(self, child: Token) -> None:
        """A link closes: it is counted, and gets a text where it has none."""
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
        self.gathered.links.append(LinkUse(address, text, self.block, offset, line))
        self.link = None
        for reference in self.behind:
            self.push(reference)
        self.behind.clear()

    def footnote(self, child: Token) -> None:
        """A reference to a footnote: it is no part of the text that a reader is told elsewhere."""
        self.gathered.refer(child.meta["number"])
        if self.link is None:
            self.push(child)
        else:
            self.behind.append(child)

    def image(self, child: Token) -> None:
        """An image of the site stays one; one on another host becomes a link to it, a refused one its own text."""
        address = str(child.attrs["src"])
        alt = " ".join(clean_text(_alternative(child)).split())
        reason = policy.refusal(address)
        if reason:
            self._refuse("image", address, reason)
            self._text(alt)
        elif not policy.is_absolute(address):
            self.gathered.links.append(LinkUse(address, alt, self.block, self.offset, self.line, True))
            child.content = alt
            child.children = [Token("text", "", 0, content=alt)]
            self.push(child)
            self.show(alt)
        else:
            label = f"Image: {alt or file_name(address)}"
            if self.link is None:
                self.add_link(address, label, image=True)
            else:
                self.gathered.links.append(LinkUse(address, alt, self.block, self.offset, self.line, True))
                self._text(label)

    def _describe(self, image: Token) -> None:
        """An image in a heading is no more than its text there."""
        address = str(image.attrs["src"])
        alt = " ".join(clean_text(_alternative(image)).split()) or file_name(address)
        reason = policy.refusal(address)
        if reason:
            self._refuse("image", address, reason)
        else:
            offset = self.offset + sum(map(len, self.parts))
            self.gathered.links.append(LinkUse(address, alt, self.block, offset, self.line, True))
        self.parts.append(alt)

    def _refuse(self, what: str, address: str, reason: str) -> None:
        # the tree has the address percent-encoded
        written = address or "()"
        place = self.gathered.places.of_text(written, self.line)
        if place[1] == 1:
            place = self.gathered.places.of_text(unquote(written), self.line)
        shown = clean_text(address)[:60]
        self.gathered.warn(place, f'the {what} "{shown}" is left out: {reason}', "give a web address or a relative one")


def is_break(token: Token) -> bool:
    """Whether a token is a line break, of Markdown or of HTML."""
    return token.type == "hardbreak" or (token.type == "html_inline" and token.content == _BREAK)


def _alternative(image: Token) -> str:
    """The plain text of an image's description."""
    return "".join(
        " " if child.type in {"softbreak", "hardbreak"} else _alternative(child) if child.children else child.content
        for child in image.children or []
        if child.type != "html_inline"
    )


_TAKERS: dict[str, Callable[[Run, Token], None]] = {
    "hardbreak": Run.hardbreak,
    "code_inline": Run.code,
    "html_inline": Run.html,
    "link_open": Run.link_open,
    "link_close": Run.link_close,
    "image": Run.image,
    "footnote_ref": Run.footnote,
}
