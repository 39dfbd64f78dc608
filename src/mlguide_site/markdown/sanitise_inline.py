"""Sanitises the inline content of a paragraph, cell or heading, and collects its links and segments.

Refused links, images and raw tags become text. Bare web addresses and images on other hosts become links."""

import re
from collections.abc import Sequence
from urllib.parse import unquote

from markdown_it.common.normalize_url import normalizeLink
from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from mlguide_site.markdown import sanitiser
from mlguide_site.markdown.document import NO_LINKS, Block, DocumentBuilder, LinkUse, Segment
from mlguide_site.markdown.engine_escape import clean_text
from mlguide_site.markdown.formulas import read_formula, unsupported

BARE_ADDRESS = re.compile(r"(?<![\w/@.-])https?://[^\s<>\"]+", re.IGNORECASE)
_TRAILING = frozenset(".,;:!?'*_~’”»…")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)([^>]*)>")
_BULLETS = "•‣◦▪●"
_LISTED = re.compile(rf"[(\[]?(?:\d{{1,2}}:)?\d{{1,3}}:[0-5]\d\b(?!:?\d)|[{_BULLETS}–—]\s")
_STYLE = re.compile(
    r"</|<(?:a|big|center|font|span|tt)(?![^>]*\bhref\b)"
    r"(?=\s+(?:align|aria-\w+|class|color|data-[\w-]+|dir|face|id|lang|name|rel|role|size|style|target|title)\s*=)",
    re.I,
)
"""A tag that only has a style or is the target of a link. Without it, the page has the same text."""


def clean_inline(builder: DocumentBuilder, token: Token, line: int, heading: bool = False, title: bool = False) -> None:
    """Sanitise the children of an inline token that begins on `line`. Add the resulting block, segments, links and
    findings to `builder`; the caller adds the token. If `title` is true, reduce the children to plain text."""
    children = token.children or []
    if len(children) == 1 and children[0].type == "text" and "://" not in (text := children[0].content):
        number = NO_LINKS if heading or title else 0
        builder.segments.append(Segment(text, len(builder.tokens), number, len(builder.blocks), 0))
        builder.blocks.append(Block(text, builder.section, line))
        return
    _keep_listed_lines(children)
    cleaner = _Cleaner(builder, line, heading or title)
    kept = _paired_tags(children) if any(child.type == "html_inline" for child in children) else frozenset()
    for at, child in enumerate(children):
        cleaner.take(child, at in kept)
    cleaner.flush()
    text = "".join(cleaner.shown)
    token.children = cleaner.out
    if title:
        if any(child.type == "link_open" for child in children):
            builder.warn((line, 1), "the links in this title are left out", "write them below the title")
        token.children = [Token("text", "", 0, content=text)] if text.strip() else []
    builder.blocks.append(Block(text, builder.section, line))


def _keep_listed_lines(children: Sequence[Token]) -> None:
    """Make line breaks before times and bullets hard ones, if at least two lines of a paragraph begin with them.
    The first of these lines is the first line of the paragraph, or follows a colon or an emphasised line, or has a
    bullet. Or three of them follow each other."""
    lines = [at for at, child in enumerate(children) if not at or children[at - 1].type in {"softbreak", "hardbreak"}]
    times = [at for at in lines if _LISTED.match("".join(child.content for child in children[at : at + 3]))]
    if len(times) < 2:
        return
    start = max((at for at in lines if at < times[0]), default=0)
    above = [one for one in children[start : max(0, times[0] - 1)] if one.content.strip() or one.nesting]
    is_titled = (
        not above
        or (above[0].type in {"strong_open", "em_open"} and above[-1].type in {"strong_close", "em_close"})
        or above[-1].content.rstrip().endswith((":", "：", "</b>", "</strong>", "</em>", "</i>"))
        or children[times[0]].content.startswith(tuple(_BULLETS))
    )
    if not is_titled and not any({*lines[at : at + 3]} <= {*times} for at in range(len(lines) - 2)):
        return
    for at in times:
        if at and children[at - 1].type == "softbreak" and not children[at - 2].content.startswith("<br"):
            children[at - 1].type, children[at - 1].tag = "hardbreak", "br"


class _Cleaner:
    def __init__(self, builder: DocumentBuilder, line: int, heading: bool) -> None:
        self.builder, self.line, self.heading = builder, line, heading
        self.index, self.block = len(builder.tokens), len(builder.blocks)
        self.out: list[Token] = []
        self.shown: list[str] = []
        self.offset = 0  # the length of the plain text so far
        self.parts: list[str] = []  # the text that the next `flush` writes
        self.code_tags = 0
        self.link: tuple[str, int, int] | None = None
        """The open link: its address, and the offset and line where it begins."""
        self.opened: list[bool] = []  # whether each open link is kept
        self.after_link: list[Token] = []
        """Footnote references in the open link. They are moved after the link, because links can't be nested."""

    def take(self, child: Token, is_kept: bool) -> None:
        match child.type:
            case "text":
                self.parts.append(child.content)
            case "softbreak":
                self.parts.append(" ")
                self.line += 1
            case "text_special":
                self.parts.append(clean_text(child.content))
            case "hardbreak":
                self.hardbreak(child)
                self.line += 1
            case "html_inline":
                self.html(child, is_kept)
            case "code_inline":
                self.code(child)
            case "formula":
                self.formula(child.content)
            case "image":
                self.image(child)
            case "link_open":
                self.link_open(child)
            case "link_close":
                self.link_close(child)
            case kind:
                # a footnote reference isn't part of the plain text
                self.flush()
                (self.after_link if self.link and kind == "footnote_ref" else self.out).append(child)

    def flush(self) -> None:
        """Write the collected text as tokens and segments, with bare addresses as links."""
        if not self.parts:
            return
        text = self.parts[0] if len(self.parts) == 1 else "".join(self.parts)
        self.parts.clear()
        done = 0
        for found in BARE_ADDRESS.finditer(text) if "://" in text and not self.link and not self.code_tags else ():
            written = bare_address(found.group())
            address = normalizeLink(written)
            if not sanitiser.refusal(address):
                self.text(text[done : found.start()])
                done = found.start() + len(written)
                self.add_link(address, written)
        self.text(text[done:])

    def text(self, text: str) -> None:
        if not self.offset:
            text = text.lstrip()
        if not text:
            return
        if not self.code_tags and not text.isspace():
            child = NO_LINKS if self.heading or self.link is not None else len(self.out)
            self.builder.segments.append(Segment(text, self.index, child, self.block, self.offset))
        self.out.append(Token("text", "", 0, content=text))
        self.show(text)

    def show(self, text: str) -> None:
        self.shown.append(text)
        self.offset += len(text)

    def use(self, address: str, text: str, image: bool = False) -> None:
        self.builder.links.append(LinkUse(address, text, self.block, self.offset, self.line, image))

    def add_link(self, address: str, text: str, image: bool = False) -> None:
        self.use(address, text, image)
        self.out.append(Token("link_open", "a", 1, attrs={"href": address}))
        self.out.append(Token("text", "", 0, content=text))
        self.out.append(Token("link_close", "a", -1))
        self.show(text)

    def hardbreak(self, child: Token) -> None:
        """Add a line break if text precedes it. In a heading, add a space instead."""
        if self.heading:
            self.parts.append(" ")
        else:
            self.flush()
            if self.offset:
                self.out.append(child)
                self.show(" ")

    def code(self, child: Token) -> None:
        child.content = clean_text(child.content).strip()
        self.flush()
        if child.content:
            self.out.append(child)
            self.show(child.content)
        else:
            self.parts.append(" ")

    def formula(self, source: str) -> None:
        """Add a formula: in a heading as plain text, between raw `<code>` tags as TeX, and elsewhere as HTML."""
        formula = read_formula(source)
        if not formula.is_supported:
            self.builder.warn(self.builder.place_of_text(source, self.line), *unsupported(formula))
        if self.code_tags or self.heading:
            self.parts.append(clean_text(source) if self.code_tags else formula.text)
        elif not formula.is_supported:
            self.code(Token("code_inline", "code", 0, content=formula.tex, markup="`"))
        else:
            self.flush()
            self.out.append(Token("html_inline", "", 0, content=formula.html))
            # the plain text contains the TeX, so that quoted sentences can show the formula
            self.show(clean_text(source))
        self.line += source.count("\n")

    def html(self, child: Token, is_kept: bool) -> None:
        """If `is_kept` is true, add the tag without its attributes. Otherwise, drop a comment or show a tag as text."""
        written = child.content
        # search for the tag's line: the tree doesn't contain the line breaks of inline code before the tag
        place = self.builder.place_of_text(written, self.line)
        self.line = place[0] + written.count("\n")
        found = _TAG.match(written)
        if not found or not is_kept:
            if not written.startswith("<!--"):
                what = f"<{found[1]}{found[2]}>" if found else "markup"
                self.builder.warn(place, f"{what} is shown as text", "write Markdown, or write < as &lt;")
                self.parts.append(clean_text(written))
            return
        slash, name, rest = found[1], found[2].lower(), found[3]
        if name not in sanitiser.INLINE_TAGS:
            self.builder.warn(place, f"removed <{slash}{name}>", "leave it out")
            return
        child.content = f"<{slash}{name}>"
        if rest.strip(" /"):
            self.builder.warn(place, f"removed the attributes of <{name}>", "leave them out")
        if name == "br":
            self.hardbreak(child)
            return
        self.flush()
        if name in sanitiser.CODE_TAGS:
            self.code_tags += -1 if slash else 1
        self.out.append(child)

    def link_open(self, child: Token) -> None:
        address = str(child.attrs["href"])
        if reason := sanitiser.refusal(address):
            self.refuse("link", address, reason)
        # an address in `<>` inside a link stays text, like a bare address
        self.opened.append(not reason and self.link is None)
        if not self.opened[-1]:
            return
        self.flush()
        self.link = address, self.offset, self.line
        if "title" in child.attrs:
            child.attrs["title"] = clean_text(str(child.attrs["title"]))
        self.out.append(child)

    def link_close(self, child: Token) -> None:
        if not self.opened.pop() or self.link is None:
            return
        self.flush()
        address, offset, line = self.link
        text = "".join(self.shown)[offset:]
        if not text.strip():
            # readers can't see a link without text
            text = clean_text(address)
            self.out.append(Token("text", "", 0, content=text))
            self.show(text)
        self.out.append(child)
        self.builder.links.append(LinkUse(address, text, self.block, offset, line))
        self.link = None
        self.out += self.after_link
        self.after_link.clear()

    def image(self, child: Token) -> None:
        """Keep an image with a relative address; turn one on another host into a link, and others into text."""
        address = str(child.attrs["src"])
        alt = " ".join(clean_text(unescapeAll(child.content)).split())
        shown = alt or file_name(address)
        reason = sanitiser.refusal(address)
        if reason:
            self.refuse("image", address, reason)
        if self.heading:
            self.parts.append(shown)
            return
        self.flush()
        if reason:
            self.text(alt)
        elif not sanitiser.is_absolute(address):
            self.use(address, alt, image=True)
            child.content = alt
            child.children = [Token("text", "", 0, content=alt)]
            self.out.append(child)
            self.show(alt)
        elif self.link is None:
            self.add_link(address, f"Image: {shown}", image=True)
        else:
            self.use(address, alt, image=True)
            self.text(f"Image: {shown}")

    def refuse(self, what: str, address: str, reason: str) -> None:
        """Report a refused address and its line. The source may contain the address or its percent-decoded form."""
        written = address or "()"
        place = self.builder.place_of_text(written, self.line)
        if place[1] == 1:
            place = self.builder.place_of_text(unquote(written), self.line)
        message = f'the {what} "{clean_text(address)[:60]}" is left out: {reason}'
        self.builder.warn(place, message, "use a web address or a relative address")


def _paired_tags(children: Sequence[Token]) -> frozenset[int]:
    """Return the indexes of the raw tags to keep: allowed tags that need no end tag or are correctly nested pairs,
    and pairs that only have a style."""
    kept: set[int] = set()
    opened: list[tuple[str, int]] = []
    for at, child in enumerate(children):
        found = _TAG.match(child.content) if child.type == "html_inline" else None
        name = found.group(2).lower() if found else ""
        if child.nesting > 0:
            opened.append(("", at))
        elif child.nesting < 0:
            while opened.pop()[0]:
                pass
        elif not found or not (name in sanitiser.INLINE_TAGS or _STYLE.match(child.content)):
            continue
        elif name in sanitiser.VOID_TAGS:
            kept |= {at} if not found.group(1) else set()
        elif not found.group(1):
            opened.append((name, at))
        elif opened and opened[-1][0] == name:
            kept |= {opened.pop()[1], at}
    return frozenset(kept)


def bare_address(text: str) -> str:
    """Remove punctuation and unpaired closing brackets from the end of an address."""
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
    """Return the last segment of an address's path, with percent-encoding decoded."""
    path = re.split(r"[?#]", address, maxsplit=1)[0].rstrip("/")
    return clean_text(unquote(path.rsplit("/", 1)[-1]))
