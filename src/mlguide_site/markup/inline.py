"""The inline content of a paragraph, cell or heading: cleaned, joined into runs of text, and read for links and
names."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from markdown_it.token import Token

from mlguide_site.errors import Severity
from mlguide_site.markup import policy
from mlguide_site.markup.document import Block, Finding, LinkUse, Segment
from mlguide_site.markup.escape import clean_text
from mlguide_site.markup.places import Places

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)([^>]*)>")
_COMMENT = re.compile(r"<!--|<\?|<![A-Z]|<!\[CDATA\[")
_BARE_ADDRESS = re.compile(r"(?<![\w/@.-])https?://[^\s<>\"]+", re.IGNORECASE)
_TRAILING = frozenset(".,;:!?'*_~’”»…")
_PAIRS = {")": "(", "]": "["}
_BREAK = "<br>"


class InlineCleaner:
    """Cleans the inline tokens of one body in order; what it finds goes to the lists it was given."""

    def __init__(
        self,
        places: Places,
        blocks: list[Block],
        segments: list[Segment],
        links: list[LinkUse],
        findings: list[Finding],
        normalize: Callable[[str], str],
    ) -> None:
        self._places = places
        self._blocks = blocks
        self._segments = segments
        self._links = links
        self._findings = findings
        self._normalize = normalize

    def clean(
        self, token: Token, line: int, section: int, index: int, heading: bool = False, title: bool = False
    ) -> None:
        """Cleans the children of an inline token that begins in line `line` and will be token `index` of the document.

        Adds its block, its segments (none in a heading), links and findings. A `title` is left as text alone.
        """
        children = token.children or []
        if len(children) == 1 and children[0].type == "text" and "://" not in (text := children[0].content):
            if not heading and not title:
                self._segments.append(Segment(text, index, 0, len(self._blocks), 0))
            self._blocks.append(Block(text, section, line))
            return
        if any(child.type == "html_inline" for child in children):
            children = self._settle_tags(children, line)
        run = _Run(self, line, index, len(self._blocks), heading or title)
        for child in children:
            run.take(child)
        run.flush()
        run.trim()
        text = "".join(run.shown)
        token.children = [Token("text", "", 0, content=text)] if title and text.strip() else [] if title else run.out
        self._blocks.append(Block(text, section, line))

    def _settle_tags(self, children: list[Token], line: int) -> list[Token]:
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
        return list(self._settled(children, keep, line))

    def _settled(self, children: list[Token], keep: set[int], line: int) -> list[Token]:
        out = []
        after = 0
        for at, child in enumerate(children):
            if child.type in {"softbreak", "hardbreak"}:
                line, after = line + 1, 0
            elif child.type == "html_inline":
                written = child.content
                place = self._places.of_text(written, line, after)
                after = place[1] if place[0] == line else 0
                if at in keep:
                    found = _TAG.match(written)
                    slash, name, rest = found.groups() if found else ("", "", "")
                    child.content = f"<{slash}{name.lower()}>"
                    child.meta = {
                        "tag": "" if name.lower() in policy.VOID_TAGS else name.lower(),
                        "closing": bool(slash),
                    }
                    if rest.strip(" /"):
                        self.report(*place, f"removed the attributes of <{name.lower()}>", "leave them out")
                elif written.startswith("<!--"):
                    continue
                else:
                    child = Token("text", "", 0, content=clean_text(written))
                    named = _TAG.match(written)
                    what = f"<{named.group(1)}{named.group(2)}>" if named else "markup"
                    self.report(*place, f"{what} is shown as text", "write Markdown, or the sign < as &lt;")
                line += written.count("\n")
            out.append(child)
        return out

    def report(self, line: int, column: int, message: str, remedy: str) -> None:
        """Adds a warning."""
        self._findings.append(Finding(line, column, message, remedy, Severity.WARNING))


class _Run:
    """One inline token on its way: the children it will have, and what of it has been read."""

    def __init__(self, cleaner: InlineCleaner, line: int, index: int, block: int, heading: bool) -> None:
        self.cleaner = cleaner
        self.line = line
        self.index = index
        self.block = block
        self.heading = heading
        self.out: list[Token] = []
        self.shown: list[str] = []
        self.offset = 0
        self.parts: list[str] = []
        self.level = 0
        self.code_tags = 0
        self.link: tuple[str, int, int] | None = None
        """address of the open link, offset and line where it begins"""
        self.refused = False
        """whether the open link is left out, its text being text"""

    def take(self, child: Token) -> None:
        """Takes one child; runs of text are held back until something else comes."""
        kind = child.type
        if kind == "text":
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
        text = "".join(self.parts)
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
            segments = self.cleaner._segments
            if segments and segments[-1].token == self.index and segments[-1].child == len(out) - 1:
                segments[-1] = segments[-1]._replace(text=text)

    def _text(self, text: str) -> None:
        if not self.offset:
            text = text.lstrip()
        if not text:
            return
        if not self.heading and self.link is None and not self.code_tags and not text.isspace():
            self.cleaner._segments.append(Segment(text, self.index, len(self.out), self.block, self.offset))
        self.push(Token("text", "", 0, content=text))
        self.show(text)

    def show(self, text: str) -> None:
        """Adds to the plain text of the block."""
        self.shown.append(text)
        self.offset += len(text)

    def _text_with_addresses(self, text: str) -> None:
        done = 0
        for found in _BARE_ADDRESS.finditer(text):
            written = bare_address(found.group())
            address = self.cleaner._normalize(written)
            if policy.refusal(address):
                continue
            self._text(text[done : found.start()])
            done = found.start() + len(written)
            self.add_link(address, written)
        self._text(text[done:])

    def add_link(self, address: str, text: str, image: bool = False, title: str = "") -> None:
        """A link that the author did not write as one."""
        self.cleaner._links.append(LinkUse(address, text, self.block, self.offset, self.line, image))
        attrs: dict[str, str | int | float] = {"href": address}
        if title:
            attrs["title"] = title
        self.push(Token("link_open", "a", 1, attrs=attrs))
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
        self.cleaner._links.append(LinkUse(address, text, self.block, offset, line))
        self.link = None

    def image(self, child: Token) -> None:
        """An image of the site stays one; one on another host becomes a link to it, a refused one its own text."""
        address = str(child.attrs["src"])
        alt = " ".join(clean_text(_alternative(child)).split())
        reason = policy.refusal(address)
        if reason:
            self._refuse("image", address, reason)
            self._text(alt)
        elif not policy.is_absolute(address):
            self.cleaner._links.append(LinkUse(address, alt, self.block, self.offset, self.line, True))
            child.content = alt
            child.children = [Token("text", "", 0, content=alt)]
            self.push(child)
            self.show(alt)
        else:
            label = f"Image: {alt or file_name(address)}"
            if self.link is None:
                self.add_link(address, label, image=True)
            else:
                self.cleaner._links.append(LinkUse(address, alt, self.block, self.offset, self.line, True))
                self._text(label)

    def _describe(self, image: Token) -> None:
        """An image in a heading is no more than its text there."""
        address = str(image.attrs["src"])
        alt = " ".join(clean_text(_alternative(image)).split())
        reason = policy.refusal(address)
        if reason:
            self._refuse("image", address, reason)
        else:
            offset = self.offset + sum(map(len, self.parts))
            self.cleaner._links.append(LinkUse(address, alt, self.block, offset, self.line, True))
        self.parts.append(alt)

    def _refuse(self, what: str, address: str, reason: str) -> None:
        place = self.cleaner._places.of_text(address, self.line)
        shown = clean_text(address)[:60]
        self.cleaner.report(
            *place, f'the {what} "{shown}" is left out: {reason}', "give a web address or a relative one"
        )


def is_break(token: Token) -> bool:
    """Whether a token is a line break, of Markdown or of HTML."""
    return token.type == "hardbreak" or (token.type == "html_inline" and token.content == _BREAK)


def bare_address(text: str) -> str:
    """The address that a run of signs beginning with a scheme is, without what belongs to the sentence around it.

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


def _alternative(image: Token) -> str:
    """The plain text of an image's description."""
    return "".join(
        " " if child.type in {"softbreak", "hardbreak"} else _alternative(child) if child.children else child.content
        for child in image.children or []
        if child.type != "html_inline"
    )


_TAKERS: dict[str, Callable[[_Run, Token], None]] = {
    "hardbreak": _Run.hardbreak,
    "code_inline": _Run.code,
    "html_inline": _Run.html,
    "link_open": _Run.link_open,
    "link_close": _Run.link_close,
    "image": _Run.image,
}
