"""Footnotes, `[^1]` and `[^1]: Note.`: rules for markdown-it, and the tree with the notes as a list at its end.

Definitions are read by the rule of mdit-py-plugins. Its rule for references takes quadratic time, and its tail drops
what nothing refers to and repeats definitions within definitions; so both are ours. Labels are compared as GitHub does,
ignoring case. Notes are numbered in the order of their first references, with those in the body first; a definition
that nothing refers to, or whose label was taken before, comes at the end with its label.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.footnote.index import footnote_def

from mlguide_site.errors import Severity
from mlguide_site.markdown.document import DocumentBuilder
from mlguide_site.markdown.escape import clean_text

_REFERENCE = re.compile(r"\[\^([^\s\[\]]{1,999})\]")


@dataclass(slots=True, eq=False)
class _Note:
    """A footnote: its label, line in the body and blocks, and once it is known its number and whether it is used."""

    label: str
    line: int
    tokens: list[Token] = field(default_factory=list)
    number: int = 0
    is_used: bool = False


def reference_rule(state: StateInline, silent: bool) -> bool:
    """Markdown-it's rule for a reference in a text that has definitions.

    Markdown-it asks silently while it looks for the end of a link's text, where a reference is no more than brackets.
    """
    if silent or "footnotes" not in state.env:
        return False
    found = _REFERENCE.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    token = state.push("footnote_ref", "", 0)
    token.content = found[0]
    token.meta = {"key": normalizeReference(found[1])}
    state.pos = found.end()
    return True


def footnotes_plugin(parser: MarkdownIt) -> None:
    """Adds the rules to a parser."""
    parser.block.ruler.before("reference", "footnote_def", footnote_def, {"alt": ["paragraph", "reference"]})
    parser.inline.ruler.after("image", "footnote_ref", reference_rule)


def list_footnotes(tokens: Sequence[Token], env: EnvType, builder: DocumentBuilder) -> Sequence[Token]:
    """The tokens of a body with its footnotes as a list at their end. `env` is that of the parser; what is wrong with a
    definition is added to the findings of `builder`.

    A `footnote_ref` has the `number` of its note, and whether it is the `first` to it; there the `footnote_back` at the
    note's end leads. The items of the list that are referred to have their number as `footnote`.
    """
    body, notes = _taken_out(tokens) if "footnotes" in env else (tokens, [])
    if not notes:
        return tokens
    defined: dict[str, _Note] = {}
    for note in notes:
        defined.setdefault(normalizeReference(note.label), note)
    references = [found for part in (body, *(note.tokens for note in notes)) for found in _references(part, defined)]
    order = list(dict.fromkeys([*(note for _, note in references), *notes]))
    for number, note in enumerate(order, 1):
        note.number = number
    for child, note in references:
        child.meta = {"number": note.number, "first": not note.is_used}
        note.is_used = True
    for note in order:
        if not note.is_used:
            _show_label(note, defined[normalizeReference(note.label)] is not note, builder)
    return [*body, *_listed(order)]


def _taken_out(tokens: Iterable[Token]) -> tuple[list[Token], list[_Note]]:
    """The tokens outside of definitions, and the definitions in the order in which they begin."""
    stack: list[list[Token]] = [[]]
    notes = []
    for token in tokens:
        if token.type == "footnote_reference_open":
            notes.append(_Note(token.meta["label"], token.map[0] + 1 if token.map else 1))
            stack.append(notes[-1].tokens)
        elif token.type == "footnote_reference_close":
            stack.pop()
        else:
            stack[-1].append(token)
    return stack[0], notes


def _references(tokens: Iterable[Token], notes: Mapping[str, _Note]) -> Iterator[tuple[Token, _Note]]:
    """The references in tokens, each with its note. A reference to nothing becomes text, as does one in a title, which
    is also the text of a table of contents, or of what opens a fold."""
    before = ""
    for token in tokens:
        for child in token.children or ():
            if child.type == "footnote_ref":
                note = notes.get(child.meta["key"])
                if note is None or before in {"heading_open", "admonition_title_open"}:
                    child.type = "text"
                else:
                    yield child, note
        before = token.type


def _show_label(note: _Note, is_second: bool, builder: DocumentBuilder) -> None:
    """Put the label of a note that nothing refers to before its text, and report it. `is_second` tells whether its
    label was taken before."""
    what, remedy, severity = "is referred to by nothing", "refer to it, or write it as text", Severity.HINT
    if is_second:
        what, remedy, severity = "is defined twice", "give this one a label of its own", Severity.WARNING
    place = builder.place_of_text(f"[^{note.label}]:", note.line)
    message = f'the footnote "{clean_text(note.label)[:60]}" {what}; it is shown at the end'
    builder.warn(place, message, remedy, severity)
    label = Token("text", "", 0, content=f"[^{note.label}]: ")
    if note.tokens and note.tokens[0].type == "paragraph_open":
        note.tokens[1].children = [label, *(note.tokens[1].children or ())]
    else:
        note.tokens[:0] = _paragraph(label, note.line)


def _listed(order: Sequence[_Note]) -> Iterator[Token]:
    """The notes as a list below a rule, each with the way back at its end."""
    yield Token("hr", "hr", 0, markup="***", block=True)
    yield Token("ordered_list_open", "ol", 1, block=True)
    for note in order:
        tokens = note.tokens
        back = Token("footnote_back", "", 0, meta={"number": note.number})
        if note.is_used and tokens and tokens[-1].type == "paragraph_close":
            tokens[-2].children = [*(tokens[-2].children or ()), back]
        elif note.is_used:
            tokens += _paragraph(back, note.line)
        yield Token("list_item_open", "li", 1, meta={"footnote": note.number} if note.is_used else {}, block=True)
        yield from tokens
        yield Token("list_item_close", "li", -1, block=True)
    yield Token("ordered_list_close", "ol", -1, block=True)


def _paragraph(child: Token, line: int) -> list[Token]:
    return [
        Token("paragraph_open", "p", 1, block=True),
        Token("inline", "", 0, map=[line - 1, line], children=[child], block=True),
        Token("paragraph_close", "p", -1, block=True),
    ]
