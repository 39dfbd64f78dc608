"""Footnotes, `[^1]` and `[^1]: Note.`: rules for markdown-it, and the numbers and links that they get.

Definitions are read by the rule of mdit-py-plugins. Its rule for references takes quadratic time, and its tail drops
what nothing refers to; so references are read by our own rule, and a note that nothing refers to stays where it is
written. Labels are compared as GitHub does, ignoring case. Notes are numbered in the order of their first references,
and come at the end.
"""

import re
from collections.abc import Sequence
from itertools import chain

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.footnote.index import footnote_def

from mlguide_site.errors import Severity
from mlguide_site.markdown.document import DocumentBuilder
from mlguide_site.markdown.engine_escape import clean_text

_REFERENCE = re.compile(r"\[\^([^\s\[\]]{1,999})\]")


def reference_rule(state: StateInline, silent: bool) -> bool:
    """Markdown-it's rule for a reference in a text that has definitions.

    Markdown-it calls it silently to find the end of a link's text, where a reference is plain brackets.
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


def link_footnotes(tokens: Sequence[Token], env: EnvType, builder: DocumentBuilder) -> Sequence[Token]:
    """The tokens of a body, then its footnotes by number, as paragraphs that begin with a `footnote_label`. `env` is
    that of the parser; problems of definitions are added to the findings of `builder`.

    A `footnote_ref` has the `number` of its note, and whether it is the `first` to it, to which the label leads back.
    """
    if "footnotes" not in env:
        return tokens
    numbers = _number_references(tokens)
    body: list[Token] = []
    notes: dict[int, list[Token]] = {}
    # where the tokens go: to the body, or to the note that is read, which may be within another
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
    return [*body, *chain.from_iterable(note for _, note in sorted(notes.items()))]


def _number_references(tokens: Sequence[Token]) -> dict[str, int]:
    """Number the references in tokens, and return the numbers of the notes by label. A reference to nothing becomes
    text, as does one in a title, which is also the text of a table of contents, or of what opens a fold."""
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
    """The beginning of a note: a link back, or its label as written if nothing refers to it, or another note has the
    label. `numbers` loses that of the note."""
    label = token.meta["label"]
    if number := numbers.pop(normalizeReference(label), 0):
        return Token("footnote_label", "", 0, map=token.map, meta={"number": number})
    place = builder.place_of_text(f"[^{label}]:", token.map[0] + 1 if token.map else 1)
    message = f'nothing refers to the footnote "{clean_text(label)[:60]}"'
    builder.warn(place, message, "refer to it by a label of its own, or write it as text", Severity.HINT)
    return Token("text", "", 0, content=f"[^{label}]: ", map=token.map)
