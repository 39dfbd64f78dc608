"""Footnotes, `[^1]` and `[^1]: Note.`: rules for markdown-it, and the tree with the notes as a list at its end.

Definitions are read by the rule of mdit-py-plugins. Its rule for references takes quadratic time, and its tail drops
what nothing refers to and repeats definitions within definitions; so both are ours. Labels are compared as GitHub does,
ignoring case. Notes are numbered in the order of their first references, those within notes last. A definition that is
no note (nothing refers to it, or its label was taken before) is kept as text where it was written.
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
_OPENING, _CLOSING = "footnote_reference_open", "footnote_reference_close"
# their text is also that of a table of contents, or of what opens a fold
_TITLES = frozenset(["heading_open", "admonition_title_open"])


@dataclass(slots=True, eq=False)
class _Definition:
    """A footnote's definition: label, line in the body and blocks, among which an opening token marks a definition
    within. One that is no note `stays` in place; a note gets a number and a count of its uses."""

    label: str
    line: int
    tokens: list[Token] = field(default_factory=list)
    stays: bool = False
    is_note: bool = False
    number: int = 0
    uses: int = 0


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


def settle_footnotes(tokens: Sequence[Token], env: EnvType, builder: DocumentBuilder) -> Sequence[Token]:
    """The tokens of a body with its footnotes as a list at their end. `env` is that of the parser; what is wrong with a
    definition is added to the findings of `builder`.

    A `footnote_ref` has the `number` of its note and of its `use`; a `footnote_back` ends a note, for its `uses`; the
    items of the list have their number as `footnote`. A reference to nothing becomes text.
    """
    if "footnotes" not in env:
        return tokens
    body, definitions = _taken_out(tokens)
    notes = _chosen(body, definitions, builder)
    order: list[_Definition] = []
    out = list(_numbered(_in_place(body), notes, order))
    # notes that are referred to by notes join the order on the way
    blocks = [list(_numbered(_in_place(note.tokens), notes, order)) for note in order]
    return [*out, *_listed(blocks, order)] if order else out


def _taken_out(tokens: Iterable[Token]) -> tuple[list[Token], list[_Definition]]:
    """The tokens outside of definitions, and the definitions in the order in which they begin."""
    stack: list[list[Token]] = [[]]
    definitions = []
    for token in tokens:
        if token.type == _OPENING:
            definition = _Definition(token.meta["label"], token.map[0] + 1 if token.map else 1)
            token.meta["definition"] = definition
            stack[-1].append(token)
            definitions.append(definition)
            stack.append(definition.tokens)
        elif token.type == _CLOSING:
            stack.pop()
        else:
            stack[-1].append(token)
    return stack[0], definitions


def _chosen(body: list[Token], definitions: Sequence[_Definition], builder: DocumentBuilder) -> dict[str, _Definition]:
    """The definitions that are notes, by key: the first of each label that references lead to. A text that stays in
    place is part of the body, with the references in it."""
    first: dict[str, _Definition] = {}
    for definition in definitions:
        definition.stays = first.setdefault(normalizeReference(definition.label), definition) is not definition
    _follow(body, first)
    for definition in definitions:
        if definition.stays:
            _report(definition, "is defined twice", "give this one a label of its own", Severity.WARNING, builder)
        elif not definition.is_note:
            definition.stays = True
            _report(definition, "is referred to by nothing", "refer to it, or write it as text", Severity.HINT, builder)
        if definition.stays:
            _follow(definition.tokens, first)
    return {key: definition for key, definition in first.items() if definition.is_note}


def _report(definition: _Definition, what: str, remedy: str, severity: Severity, builder: DocumentBuilder) -> None:
    place = builder.place_of_text(f"[^{definition.label}]:", definition.line)
    message = f'the footnote "{clean_text(definition.label)[:60]}" {what}; it is shown where it stands'
    builder.warn(place, message, remedy, severity)


def _follow(tokens: Iterable[Token], known: Mapping[str, _Definition]) -> None:
    """Mark what the references in a text lead to as notes, and what those in the notes do."""
    pending = [tokens]
    while pending:
        for token in pending.pop():
            for child in token.children or ():
                definition = known.get(child.meta["key"]) if child.type == "footnote_ref" else None
                if definition and not definition.is_note and not definition.stays:
                    definition.is_note = True
                    pending.append(definition.tokens)


def _in_place(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens, with the definitions that stay as text."""
    for token in tokens:
        if token.type != _OPENING:
            yield token
        elif (definition := token.meta["definition"]).stays:
            inner = _in_place(definition.tokens)
            label = Token("text", "", 0, content=f"[^{definition.label}]: ")
            opening = next(inner, None)
            if opening is not None and opening.type == "paragraph_open":
                text = next(inner)
                text.children = [label, *(text.children or ())]
                yield from (opening, text)
            else:
                yield from _paragraph([label], token.map)
                yield from () if opening is None else (opening,)
            yield from inner


def _numbered(tokens: Iterable[Token], notes: Mapping[str, _Definition], order: list[_Definition]) -> Iterator[Token]:
    """The tokens with their references numbered; `order` gets the notes referred to for the first time. References in a
    title are moved to a paragraph below it."""
    moved: list[Token] = []
    place: list[int] | None = None
    before = ""
    for token in tokens:
        if token.type == "inline":
            references = [child for child in token.children or () if child.type == "footnote_ref"]
            for child in references:
                _number(child, notes.get(child.meta["key"]), order)
            if before in _TITLES and references:
                moved, place = [child for child in references if child.type == "footnote_ref"], token.map
                token.children = [child for child in token.children or () if child.type != "footnote_ref"]
        yield token
        if moved and token.type.endswith("_close"):
            yield from _paragraph(moved, place)
            moved = []
        before = token.type


def _number(reference: Token, note: _Definition | None, order: list[_Definition]) -> None:
    if note is None:
        reference.type = "text"
        return
    if not note.number:
        order.append(note)
        note.number = len(order)
    note.uses += 1
    reference.meta = {"number": note.number, "use": note.uses}


def _listed(blocks: Sequence[list[Token]], order: Sequence[_Definition]) -> Iterator[Token]:
    """The notes as a list below a rule, each with the way back at its end."""
    yield Token("hr", "hr", 0, markup="***", block=True)
    yield Token("ordered_list_open", "ol", 1, block=True)
    is_tight = all([token.type for token in tokens] == _ONE_PARAGRAPH for tokens in blocks)
    for tokens, note in zip(blocks, order, strict=True):
        back = Token("footnote_back", "", 0, meta={"number": note.number, "uses": note.uses})
        if tokens and tokens[-1].type == "paragraph_close":
            tokens[-2].children = [*(tokens[-2].children or ()), back]
        else:
            tokens.extend(_paragraph([back], [note.line - 1, note.line]))
        if is_tight:
            tokens[0].hidden = tokens[-1].hidden = True
        yield Token("list_item_open", "li", 1, meta={"footnote": note.number}, block=True)
        yield from tokens
        yield Token("list_item_close", "li", -1, block=True)
    yield Token("ordered_list_close", "ol", -1, block=True)


_ONE_PARAGRAPH = ["paragraph_open", "inline", "paragraph_close"]


def _paragraph(children: list[Token], place: list[int] | None) -> Iterator[Token]:
    yield Token("paragraph_open", "p", 1, map=place, block=True)
    yield Token("inline", "", 0, map=place, children=children, block=True)
    yield Token("paragraph_close", "p", -1, block=True)
