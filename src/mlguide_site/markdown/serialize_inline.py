"""The inline content of a paragraph, cell or heading as one line of Markdown."""

import re
from collections.abc import Callable, Mapping, Sequence

from markdown_it.token import Token

from mlguide_site.markdown.document import Document, Insertion
from mlguide_site.markdown.escape import clean_text, end_line, escape_address, escape_run, escape_title

# what preprocessors (templates, snippets, CriticMarkup) replace even in code
TRAPS = re.compile(r"\{(?:[{%#]|\+\+|--|~~|==|>>)|8<-")
MAX_BACK = 1_000
"""Ways back from one footnote: the engine's parser takes time quadratic in the pieces of HTML in a paragraph."""
# the selector keeps the arrow from being drawn as an emoji
_BACK = "↩\ufe0e"
_LANGUAGE_MARKS = ("#!", ":::")
_TAGS = {"strong_open": "strong", "em_open": "em"}
_SIGNS = {"strong_open": "**", "em_open": "*"}
_COMPLEX = frozenset(["strong_open", "em_open", "s_open", "html_inline", "hardbreak", "image", "footnote_ref"])
_BEFORE = frozenset(" ([\"'“‘—–/")
_AFTER = frozenset(" .,;:!?)]\"'”’—–/…")


class InlineWriter:
    """Writes inline tokens of one document."""

    def __init__(
        self, document: Document, insertions: Mapping[int, Sequence[Insertion]], resolve: Callable[[str], str | None]
    ) -> None:
        self._resolve = resolve
        self._insertions = {
            (document.segments[index].token, document.segments[index].child): links
            for index, links in insertions.items()
            if links
        }

    def line(self, children: Sequence[Token], index: int, cell: bool = False) -> str:
        """The children of token `index` as Markdown without line ends, its beginning not guarded."""
        if len(children) == 1 and not self._insertions and children[0].type == "text":
            return end_line(escape_run(clean_text(children[0].content)).strip())
        out: list[str] = []
        closings: list[str] = []
        for at, child in enumerate(children):
            kind = child.type
            if kind == "text":
                links = self._insertions.get((index, at))
                text = child.content
                out.append(escape_run(clean_text(text)) if links is None else _with_links(text, links))
            elif kind == "code_inline":
                out.append(_code(child.content, cell, out[-1][-1:] if out else ""))
            elif kind == "link_open":
                out.append(self._open_link(child, closings))
            elif kind in _TAGS:
                signs = _signs(children, at, out)
                out.append(signs or f"<{_TAGS[kind]}>")
                closings.append(signs or f"</{_TAGS[kind]}>")
            elif kind in {"strong_close", "em_close", "link_close"}:
                out.append(closings.pop())
            elif kind == "hardbreak":
                out.append("<br>")
            elif kind == "html_inline":
                out.append(child.content)
            elif kind == "s_open":
                out.append("<del>")
            elif kind == "s_close":
                out.append("</del>")
            elif kind == "image":
                out.append(self._image(child))
            elif kind == "footnote_ref":
                out.append(_reference(**child.meta))
            elif kind == "footnote_back":
                out.append(_ways_back(**child.meta))
        return end_line("".join(out).strip())

    def _open_link(self, token: Token, closings: list[str]) -> str:
        target = self._resolve(str(token.attrs["href"]))
        if target is None:
            closings.append("")
            return ""
        closings.append(f"]({_destination(target, str(token.attrs.get('title', '')))})")
        return "["

    def _image(self, token: Token) -> str:
        target = self._resolve(str(token.attrs["src"]))
        if target is None:
            return escape_run(token.content)
        return f"![{escape_title(token.content)}]({_destination(target, str(token.attrs.get('title', '')))})"


def note_anchor(number: int) -> str:
    """The beginning of a footnote. No heading's anchor has a full stop (`Outline.anchor`).

    >>> note_anchor(2)
    '<span id="fn.2"></span>'
    """
    return f'<span id="fn.{number}"></span>'


def _reference(number: int, use: int) -> str:
    """A reference to a footnote. The search would take its number for a part of the word before it."""
    return (
        f'<sup id="{_use(number, use)}" data-pagefind-ignore>'
        f'<a href="#fn.{number}" role="doc-noteref">{number}</a></sup>'
    )


def _ways_back(number: int, uses: int) -> str:
    """The links from a footnote to its references."""
    labels = [_BACK, *(f"{_BACK}&nbsp;{use}" for use in range(2, min(uses, MAX_BACK) + 1))]
    return "".join(
        f' <a href="#{_use(number, use)}" role="doc-backlink" data-pagefind-ignore>{label}</a>'
        for use, label in enumerate(labels, 1)
    )


def _use(number: int, use: int) -> str:
    return f"fnref.{number}" if use == 1 else f"fnref.{number}.{use}"


def _destination(target: str, title: str) -> str:
    address = escape_address(target)
    spelled = escape_title(title)
    return f'{address} "{spelled}"' if spelled else address


def _with_links(text: str, links: Sequence[Insertion]) -> str:
    """A segment with links set on parts of it."""
    out = []
    done = 0
    for link in links:
        label = escape_run(clean_text(text[link.start : link.end]))
        out.append(escape_run(clean_text(text[done : link.start])))
        out.append(f"[{label}]({_destination(link.target, link.title)})")
        done = link.end
    out.append(escape_run(clean_text(text[done:])))
    return "".join(out)


def _code(text: str, cell: bool, before: str) -> str:
    """Code between backticks if that can be read in one way only, else between tags."""
    if (
        "``" in text
        or before == "`"
        or TRAPS.search(text)
        or text.startswith(_LANGUAGE_MARKS)
        # in a link that begins a paragraph it would be read as a reference's definition
        or "]:" in text
        or (cell and ("|" in text or "\\" in text or "`" in text))
    ):
        return f"<code>{escape_run(text)}</code>"
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _signs(children: Sequence[Token], at: int, out: Sequence[str]) -> str:
    """The asterisks for the emphasis that opens at `at`, or "" if tags are safer: if it is nested, has more than text,
    code and links in it, or touches a letter."""
    kind = children[at].type
    closing = kind.replace("open", "close")
    end = at + 1
    while children[end].type != closing:
        if children[end].type in _COMPLEX:
            return ""
        end += 1
    first, last = children[at + 1], children[end - 1]
    before = next((piece[-1] for piece in reversed(out) if piece), " ")
    if end == at + 1 or before not in _BEFORE:
        return ""
    if first.type == "text" and not first.content[:1].isalnum():
        return ""
    if last.type == "text" and not (last.content[-1:].isalnum() or last.content[-1:] in ".,:;?!%)"):
        return ""
    following = children[end + 1] if end + 1 < len(children) else None
    if following is not None and not (following.type == "text" and following.content[:1] in _AFTER):
        return ""
    return _SIGNS[kind]
