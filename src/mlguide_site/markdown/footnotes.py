"""Parses, numbers and links footnotes (`[^1]` and `[^1]: Note.`).

A rule of mdit-py-plugins parses definitions. `reference_rule` parses references, because the plugin's rule for
references takes quadratic time. Labels are case-insensitive, as on GitHub. Footnotes are numbered in the order of their
first references, and moved to the end. Footnotes without references stay in place (the plugin would drop them)."""

import re
from collections.abc import Sequence

from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from mlguide_site.errors import Severity
from mlguide_site.markdown.document import DocumentBuilder
from mlguide_site.markdown.engine_escape import clean_text

_REFERENCE = re.compile(r"\[\^([^\s\[\]]{1,999})\]")


def reference_rule(state: StateInline, silent: bool) -> bool:
    """Parse a footnote reference (a markdown-it rule) if the text has definitions. In silent mode, when markdown-it
    searches for the end of a link's text, treat a reference as plain brackets."""
    is_read = not silent and "footnotes" in state.env
    found = _REFERENCE.match(state.src, state.pos, state.posMax) if is_read else None
    if found:
        token = state.push("footnote_ref", "", 0)
        token.content, token.meta = found[0], {"key": normalizeReference(found[1])}
        state.pos = found.end()
    return found is not None


def link_footnotes(tokens: Sequence[Token], env: EnvType, builder: DocumentBuilder) -> Sequence[Token]:
    """Return the tokens of a body, followed by its footnotes. `env` is the parser's environment. Problems are added to
    `builder`. A footnote begins with a `footnote_label` token, which links back to the first reference. The `meta` of a
    `footnote_ref` token contains the footnote's `number`, and `first`, which is true for the first reference to it."""
    if "footnotes" not in env:
        return tokens
    numbers = _number_references(tokens)
    body: list[Token] = []
    notes: dict[int, list[Token]] = {}
    # a stack: the tokens of the body, then those of each open footnote (a footnote can contain another)
    targets = [body]
    label: Token | None = None
    for token in tokens:
        if label and token.type == "inline":
            token.children = [label, *(token.children or ())]
            label = None
        elif label and token.type != "paragraph_open":
            targets[-1] += [
                Token("paragraph_open", "p", 1, block=True),
                Token("inline", "", 0, map=label.map, children=[label], block=True),
                Token("paragraph_close", "p", -1, block=True),
            ]
            label = None
        if token.type == "footnote_reference_open":
            label = _label(token, numbers, builder)
            targets.append(notes.setdefault(label.meta["number"], []) if label.meta else targets[-1])
        elif token.type == "footnote_reference_close":
            targets.pop()
        else:
            targets[-1].append(token)
    return [*body, *(token for _, note in sorted(notes.items()) for token in note)]


def _number_references(tokens: Sequence[Token]) -> dict[str, int]:
    """Number the references, and return the numbers by label. A reference without a definition becomes text. A
    reference in a heading becomes text, because the table of contents repeats headings. A reference in an admonition's
    title becomes text, because a click on the title opens or closes the admonition."""
    defined = {normalizeReference(token.meta["label"]) for token in tokens if token.type == "footnote_reference_open"}
    numbers: dict[str, int] = {}
    before = ""
    for token in tokens:
        for child in token.children or ():
            if child.type != "footnote_ref":
                continue
            key = child.meta["key"]
            if key not in defined or before in {"heading_open", "admonition_title_open"}:
                child.type = "text"
            else:
                is_first = key not in numbers
                child.meta = {"number": numbers.setdefault(key, len(numbers) + 1), "first": is_first}
        before = token.type
    return numbers


def _label(token: Token, numbers: dict[str, int], builder: DocumentBuilder) -> Token:
    """Return the first token of a footnote: a link back to its first reference, or its label as text if there is none.
    Remove the footnote's number from `numbers`, so that a second footnote with the same label gets no link."""
    label = token.meta["label"]
    if number := numbers.pop(normalizeReference(label), 0):
        return Token("footnote_label", "", 0, map=token.map, meta={"number": number})
    place = builder.place_of_text(f"[^{label}]:", token.map[0] + 1 if token.map else 1)
    message = f'nothing refers to the footnote "{clean_text(label)[:60]}"'
    builder.warn(place, message, "refer to it by a unique label, or write it as normal text", Severity.HINT)
    return Token("text", "", 0, content=f"[^{label}]: ", map=token.map)
