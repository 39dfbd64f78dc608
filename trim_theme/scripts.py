"""Removes the parts of the theme's script that our pages don't use, and its request for the whole sitemap (see also
`start.py`).

The theme's script is one minified program: functions in one scope, followed by the statements that start them.
Statements that start an unused part are found by the theme's own names (components, selectors, features), never by the
short names of functions, which differ between releases. Then every function without a remaining reference is removed.

Every occurrence of a name counts as a reference, even if it is another object's name, so that no used function is
removed. If a release uses other names, its parts are not found and stay. Tokens are those of ECMAScript (ECMA-262,
section 12), as far as a minified program needs them.
"""

import re
from collections.abc import Callable, Container, Iterator, Sequence
from typing import NamedTuple

from mlguide_site.build.use_trimmed_theme import FEATURES
from trim_theme.parts_left_out import COMPONENTS, CONDITIONS, ROUTINES, SELECTORS, STATEMENTS
from trim_theme.start import quiet_start

_LITERAL = r'"(?:[^"\\\n]|\\.)*+"|' + r"'(?:[^'\\\n]|\\.)*+'"
_PATTERN = r"/(?![/*])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*+\])++/[a-z]*+"
_BEHIND = r"(?:\s|/\*.*?\*/|//[^\n]*+)*+"
_TOKEN = re.compile(rf"([A-Za-z_$][\w$]*+|{_LITERAL}|\d[\w.]*+|\.\.\.|=>|&&|\|\||\?\.(?!\d)|\?\?|.){_BEHIND}", re.S)
_REGEX = re.compile(f"({_PATTERN}){_BEHIND}", re.S)
_TEMPLATE = re.compile(rf"((?:[^`\\$]|\\.|\$(?!\{{))*+(?:`|\$\{{)){_BEHIND}", re.S)
_NAME = re.compile(r"[A-Za-z_$]")
# behind these a stroke divides; behind other words and signs it begins a regular expression
_DIVIDED = re.compile(r"[\w$\"'`)\]]\Z")
_WORDS = frozenset("return typeof case in of delete void throw new else do instanceof".split())
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_ENDS = frozenset(", ; ) ] }".split())
_BEFORE = frozenset("( , [ return => = ; { } ...".split())

_OPTION = re.compile(r"function ([\w$]+)\(([\w$]+)\)\{return [\w$]+\.features\.includes\(\2\)\}")
_INDEX = re.compile(r'document\.forms\.namedItem\("search"\)\?[\w$]+\(\):')
_SITEMAP = re.compile(
    r'(function [\w$]+\(([\w$]+)\)\{return )[\w$]+\(new URL\("sitemap\.xml",\2\)\)\.pipe\([\w$]+\(([\w$]+)=>[\w$]+\(\3,'
    r"new URL\(\2\)\)\),([\w$]+)\(\(\)=>([\w$]+)\(new Map\)\)"
)
_SWITCH = re.compile(r"\.pipe\(([\w$]+)\(([\w$]+)=>\2\.text\(\)\)")
_PAGE_KEYS = re.compile(r'case"p":case",":[^{}]*?break;case"n":case"\.":[^{}]*?break;')
_SOURCE_MAP = re.compile(r"\n//# sourceMappingURL=\S+\s*\Z")


class Token(NamedTuple):
    """A token, together with the whitespace and comments after it. Parts of templates are tokens that begin with a
    backtick."""

    sign: str
    text: str


def lean_script(script: str, features: Container[str] = FEATURES) -> str:
    """Return the theme's script for sites that use only these `features`.

    >>> lean_script('(()=>{function a(){b()}function b(){}function c(){return/}/}a()})();')
    '(()=>{function a(){b()}function b(){}a()})();'
    """
    script = _INDEX.sub("", _SOURCE_MAP.sub("\n", script))
    # keys that open the next page would also leave a review or a list
    script = _PAGE_KEYS.sub("", script)
    if switch := _SWITCH.search(script):
        script = _SITEMAP.sub(rf"\1\5(\2).pipe({switch[1]}(__md_pages),\4(()=>\5(new Map))", script)
    tokens = list(_tokens(quiet_start(script)))
    for spans in (_parts, _conditions, _statements):
        tokens = _without(tokens, spans)
    if option := _OPTION.search(script):
        tokens = _without_options(tokens, option[1], features)
    # many landmarks without names would be noise for screen readers
    lean = "".join(token.text for token in _named(tokens))
    return lean.replace('"nav",{class:"md-code__nav"}', '"div",{class:"md-code__nav"}')


def _tokens(script: str) -> Iterator[Token]:
    at, last, nested = 0, "", list[bool]()
    while at < len(script):
        found = None
        if script[at] == "/" and (not _DIVIDED.search(last) or last in _WORDS):
            found = _REGEX.match(script, at)
        found = found or _TOKEN.match(script, at)
        if found is None:
            return
        sign, text = found[1], found[0]
        if sign == "`" or (sign == "}" and nested and nested.pop()):
            part = _TEMPLATE.match(script, at + 1)
            if part is None:
                yield Token("`", script[at:])
                return
            text = sign + part[0]
            if part[1].endswith("${"):
                nested.append(True)
            sign = "`"
        elif sign == "{":
            nested.append(False)
        yield Token(sign, text)
        at, last = at + len(text), sign


def _until(tokens: Sequence[Token], at: int, ends: Container[str] = _ENDS) -> int:
    """Return the first token from `at` that ends an expression, outside of brackets that open later."""
    depth = 0
    while at < len(tokens):
        sign = tokens[at].sign
        if not depth and sign in ends:
            return at
        depth += (sign in _OPENING) - (sign in _CLOSING)
        at += 1
    return at


def _without_options(tokens: list[Token], name: str, features: Container[str]) -> list[Token]:
    """Return the tokens without code that runs only if an unused feature is enabled."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        signs = [token.sign for token in tokens[at : at + 5]]
        if signs[:2] != [name, "("] or signs[3:4] != [")"] or signs[2][:1] != '"' or signs[2][1:-1] in features:
            kept.append(tokens[at])
            at += 1
            continue
        at += 4
        following, before = signs[4] if len(signs) > 4 else "", kept[-1].sign if kept else ""
        if following == "?" and before in _BEFORE and (other := _other(tokens, at + 1)):
            at = other
            continue
        if following == "&&" and before in {*_BEFORE, "||"}:
            at = _until(tokens, at, _ENDS | {"||", "?", ":"})
        kept.append(Token("!1", "!1"))
    return kept


def _other(tokens: Sequence[Token], at: int) -> int:
    """Return where the second branch of a conditional expression begins; the first begins at `at`."""
    depth = 0
    while True:
        at = _until(tokens, at, _ENDS | {"?", ":"})
        if at >= len(tokens) or tokens[at].sign in _ENDS:
            return 0
        if tokens[at].sign == ":" and not depth:
            return at + 1
        depth += 1 if tokens[at].sign == "?" else -1
        at += 1


Spans = Callable[[Sequence[Token]], Iterator[tuple[int, int]]]


def _without(tokens: list[Token], spans: Spans) -> list[Token]:
    """Return the tokens without some spans, which are sorted."""
    kept: list[Token] = []
    at = 0
    for start, end in spans(tokens):
        if start >= at:
            kept += tokens[at:start]
            at = end
    return kept + tokens[at:]


def _parts(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Return the spans that start components or loop over selectors: `...f("name").map(…),` in a list of arguments."""
    for at in range(len(tokens) - 5):
        if tokens[at].sign == "..." and tokens[at + 2].sign == "(":
            text = tokens[at + 3].sign
            if text[:1] != '"' or text[1:-1] not in (COMPONENTS if tokens[at + 4].sign == ")" else SELECTORS):
                continue
            end = _until(tokens, at)
            # the comma before the last may stay
            yield at, end + 1 if tokens[end : end + 1] and tokens[end].sign == "," else end


def _conditions(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Return the spans of `if` statements with a block and no `else`, by a text in their condition."""
    for at, token in enumerate(tokens):
        if token.sign != "if":
            continue
        closing = _until(tokens, at + 2, _CLOSING)
        if not any(inner.sign[1:-1] in CONDITIONS for inner in tokens[at + 2 : closing]):
            continue
        if closing + 1 < len(tokens) and tokens[closing + 1].sign == "{":
            end = _until(tokens, closing + 2, _CLOSING) + 1
            if end < len(tokens) and tokens[end].sign != "else":
                yield at, end


def _statements(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Return the spans of top-level statements, by a text in the statement or in the function that it calls."""
    functions = list(_functions(tokens))
    idle = {
        tokens[start + 1].sign
        for start, end in functions
        if any(token.sign[1:-1] in ROUTINES for token in tokens[start:end])
    }
    within = {at for start, end in functions for at in range(start, end)}
    start = 0
    for at, token in enumerate(tokens):
        if at in within:
            start = at + 1
        elif token.sign == ";":
            statement = tokens[start : at + 1]
            called = len(statement) > 1 and statement[0].sign in idle and statement[1].sign == "("
            if called or (statement[0].sign == "(" and any(inner.sign[1:-1] in STATEMENTS for inner in statement)):
                yield start, at + 1
            start = at + 1


def _functions(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Return the functions of the outer scope, each from its first token to the token after its last."""
    depth = at = 0
    while at < len(tokens):
        sign = tokens[at].sign
        depth += (sign in _OPENING) - (sign in _CLOSING)
        # within the parenthesis and the block that the whole program stands in
        if sign == "function" and depth == 2 and at + 2 < len(tokens) and tokens[at + 2].sign == "(":
            block = _until(tokens, at + 3, _CLOSING) + 1
            end = _until(tokens, block + 1, _CLOSING) + 1
            yield at, end
            at = end
        else:
            at += 1


def _named(tokens: list[Token]) -> list[Token]:
    """Return the tokens without unreferenced functions."""
    functions: dict[str, list[tuple[int, int]]] = {}
    held = [True] * len(tokens)
    for start, end in _functions(tokens):
        functions.setdefault(tokens[start + 1].sign, []).append((start, end))
        held[start:end] = [False] * (end - start)
    waiting = [(at, at + 1) for at, kept in enumerate(held) if kept]
    reached: set[str] = set()
    while waiting:
        start, end = waiting.pop()
        held[start:end] = [True] * (end - start)
        for at in range(start, end):
            name = tokens[at].sign
            # what stands behind a point is a member of something
            if name in functions and name not in reached and (not at or tokens[at - 1].sign not in {".", "?."}):
                reached.add(name)
                waiting += functions[name]
    return [token for token, kept in zip(tokens, held, strict=True) if kept]
