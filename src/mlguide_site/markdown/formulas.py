r"""Converts formulas in TeX (`$e^{-z}$` inline, `$$…$$` as a block) to MathML, which browsers show without a script.

An opening dollar sign must not follow a letter or digit, or precede a space. A closing dollar sign must not follow a
space, or precede a letter or digit. Therefore, "$5 and $10" is text."""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from html import unescape
from typing import NamedTuple
from xml.etree.ElementTree import Element

from markdown_it.rules_inline import StateInline

from mlguide_site.markdown.engine_escape import clean_text, escape_code
from mlguide_site.markdown.limits import MAX_ALL_FORMULAS, MAX_FORMULA, LimitError

_INNER = r"\\text\{[^{}]*+\}"  # text in a formula, which may contain formulas and dollar signs
_FORMULA = re.compile(
    rf"(?<![\w$])(?:\$\$((?:{_INNER}|[^$])++)\$\$|\$(?!\s)((?:{_INNER}|[^$])++)(?<![\s\\])\$)(?![\w$({{])"
)
_NESTED = re.compile(r"(?<!\\)\$([^$]*)(?<!\\)\$")
IN_BACKSLASHES = re.compile(r"(?<!\\)(\\\\?)\((?=(?:(?!\\\))[^\n$]){0,200}?[\^_=\\] ?[\w{])([^\n$]{1,500}?)(?<!\\)\1\)")
"""A formula in the form `\\(x_1\\)` or `\\\\(x_1\\\\)`, but not text in escaped parentheses."""
BETWEEN_TWO = re.compile(r"(?<!\\)(\\\\)\(([^\n$]{1,500}?)(?<!\\)\1\)")
"""The second form with any content, for texts in which it is used for formulas."""
_ELEMENTS = frozenset("math mrow mi mn mo mtext mspace mstyle msqrt mtable mtr mtd".split())
ATTRIBUTES = frozenset("accent columnalign displaystyle fence form height mathvariant stretchy width".split())
# commands that aren't supported: in Anki, the first three write HTML attributes; the others define macros, which can
# double in size with each definition
_REFUSED = re.compile(r"\\(?:href|style|class|def|newcommand|newenvironment|DeclareMathOperator)(?![A-Za-z])")
_SAME = {"aligned": "align*", "gather": "matrix", "gather*": "matrix", "gathered": "matrix", "dcases": "cases"}
_ENVIRONMENT = re.compile(r"(\\(?:begin|end)\{)([a-z]+\*?)(?=})")  # latex2mathml knows others that look the same
_ARG = re.compile(r"\\(?:operatorname\*?\{arg(?:\\[,;: ])?\s?(max|min)\}|arg\s?\\(max|min)(?![A-Za-z]))")
_UNSHOWN = re.compile(r"\\(?:label\{[^{}]*\}|[bB]ig+[lrm]?(?=\\[{}|]))")
"""Commands that latex2mathml doesn't know, and without which a formula has the same signs."""
_UNNUMBERED = re.compile(r"\\(?:notag|nonumber)(?![A-Za-z])")
_LAST_UNNUMBERED = re.compile(rf"{_UNNUMBERED.pattern}(?=\s*(?:\\label\{{[^{{}}]*\}}\s*)?(?:$|\\end\{{equation))")
_LINES = re.compile(r"\\begin\{(?!equation)")  # only in these environments, latex2mathml knows `_UNNUMBERED`
_FONTS = {"boldsymbol": "mathbf", "bm": "mathbf", "pmb": "mathbf", "mathscr": "mathcal", "Bbb": "mathbb"}
_GREEK = (
    r"\\(?:(?:var)?(?:epsilon|theta|pi|rho|sigma|phi|kappa)|alpha|beta|gamma|delta|zeta|eta|iota|lambda|mu|nu|xi|tau"
    r"|upsilon|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega)(?![A-Za-z])"
)
_FONT = re.compile(rf"\\(math(?:bb|bf|cal|frak)|{'|'.join(_FONTS)})(?![A-Za-z])\s*([^\W_]|{_GREEK})?")
_STYLED_WORD = re.compile("[\u2102-\u2138\U0001d400-\U0001d7ff]{3,}")
_LETTER = re.compile(r"(?:LATIN|GREEK) (?=(?:SMALL|CAPITAL) LETTER \w+$)|(?=DIGIT )")
_VALUE = re.compile(r"[a-z]{1,10}|-?[0-2]?(\.\d{1,3})?em")
_SIGNS = {
    "mfrac": ("/",), "mroot": ("^1/",), "msub": ("_",), "msup": ("^",), "munder": ("_",), "mover": ("^",),
    "msubsup": ("_", "^"), "munderover": ("_", "^"),
}  # fmt: skip
"""The characters between an element's children in the plain text of a formula, such as `/` in `a/b` for `mfrac`."""
_STRUT = '<mspace height=".85em"></mspace>'  # raises a root sign, which would hang below a low letter
TAGS = _ELEMENTS | _SIGNS.keys()
_ACCENTS = {"^": "\u0302", "~": "\u0303", "¯": "\u0304"}
_LIMITS = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}
_WITH_LIMITS = frozenset("∑ ∏ max min lim argmax argmin".split())
_SURPLUS = re.compile(r"(?<=[(′]) | (?=[),])|\^(?=′)")
_SPACED = frozenset("=<>≤≥≠≈∼∝∈←→+∣")
_BARS = ("|", "‖")


class Formula(NamedTuple):
    """A formula as HTML, as a line of plain text, and as TeX. A formula that isn't supported becomes code."""

    html: str
    text: str
    tex: str
    is_supported: bool = True


def formula_rule(state: StateInline, silent: bool) -> bool:
    """Parse a formula in inline content (a markdown-it rule)."""
    found = _FORMULA.match(state.src, state.pos) if state.src[state.pos] == "$" else None
    if found and not silent:
        state.push("formula", "math", 0).content = found[0]
        state.env["formulas"] = state.env.get("formulas", 0) + len(found[0])
        if state.env["formulas"] > MAX_ALL_FORMULAS:
            raise LimitError(1, f"the formulas have more than {MAX_ALL_FORMULAS:,} characters", "split the text")
    state.pos = found.end() if found else state.pos
    return found is not None


@lru_cache(4_096)
def read_formula(source: str) -> Formula:
    """Convert a formula. `source` is TeX between dollar signs."""
    # latex2mathml is imported on demand, because loading it takes 0.1 seconds
    from latex2mathml.converter import convert_to_element  # noqa: PLC0415

    is_block, tex = source.startswith("$$"), " ".join(clean_text(source).strip("$").split())
    is_allowed = len(tex) <= MAX_FORMULA and not _REFUSED.search(tex)
    # latex2mathml raises many kinds of exceptions on unexpected input
    with suppress(Exception):
        flat = re.sub(_INNER, lambda text: _NESTED.sub(r"}\1\\text{", text[0]).replace(r"\text{}", ""), tex)
        # latex2mathml finds the letters of a font only in braces
        flat = _FONT.sub(lambda one: f"\\{_FONTS.get(one[1], one[1])}{f'{{{one[2]}}}' if one[2] else ''}", flat)
        flat = (_LAST_UNNUMBERED if _LINES.search(flat) else _UNNUMBERED).sub("", flat)
        flat = _UNSHOWN.sub("", _ARG.sub(r"\\operatorname{arg\1\2}", flat))
        flat = _ENVIRONMENT.sub(lambda found: found[1] + _SAME.get(found[2], found[2]), flat)
        math = convert_to_element(flat, display="block" if is_block else "inline") if is_allowed else None
        if math is not None and all(map(_is_supported, math.iter())):
            for node in math.iter():
                _pair_bars(node)
                if node.tag != "mtext" and (style := node.get("mathvariant")) in ("bold", "script", "fraktur"):
                    node.text = _styled(unescape(node.text or ""), style)
                if is_block and node.tag in _LIMITS and unescape(node[0].text or "") in _WITH_LIMITS:
                    node.tag = _LIMITS[node.tag]
            shown, text = "".join(map(_html, math)), _SURPLUS.sub("", " ".join(_text(math).split()))
            # words stay words, for search and headings
            text = _STYLED_WORD.sub(lambda word: unicodedata.normalize("NFKC", word[0]), text)
            alt = escape_code(tex).replace(">", "&gt;").replace('"', "&quot;")
            display, span = (' display="block"', ' class="mg-formula"') if is_block else ("", "")
            html = f'<math{display} alttext="{alt}">{shown}</math>'
            # the span prevents Python-Markdown from reading a formula at the start of a line as a block of HTML
            return Formula(f"<span{span} data-pagefind-ignore>{html}</span>", text, tex)
    return Formula(f"<code>{escape_code(tex)}</code>", tex, tex, is_supported=False)


def _styled(text: str, style: str) -> str:
    """Return a text with the mathematical letters and digits of a style. Browsers ignore styles of other letters."""
    names = (_LETTER.sub(f"MATHEMATICAL {style.upper()} ", unicodedata.name(char, "")) for char in text)
    return "".join(_lookup(name.replace("LETTER ", ""), char) for name, char in zip(names, text, strict=True))


def _lookup(name: str, char: str) -> str:
    """Return the character of a name, which may lack its first word, as in `SCRIPT CAPITAL L`; or else `char`."""
    for one in (name, name.removeprefix("MATHEMATICAL ")):
        with suppress(KeyError):
            return unicodedata.lookup(one)
    return char


def unsupported(formula: Formula) -> tuple[str, str]:
    """Return the message and the remedy for a formula that is shown as code."""
    message = f'the formula "{formula.tex[:60]}" is shown as code, because it is too long or not supported'
    return message, "correct the TeX, or write \\$ for a dollar sign"


def split_formulas(text: str) -> Iterator[tuple[str, Formula | None]]:
    """Yield pairs: the text before a formula, and the formula. The last pair is the rest of the text, and None."""
    done = 0
    for found in _FORMULA.finditer(text):
        yield text[done : found.start()], read_formula(found[0])
        done = found.end()
    yield text[done:], None


def formula_size(text: str) -> int:
    """Return the number of characters in the formulas of a text, without converting them."""
    return sum(len(found[0]) for found in _FORMULA.finditer(text))


def formula_parts(text: str) -> list[str]:
    """Return a list that alternates between plain text and the MathML of a formula, starting with plain text."""
    return [part for before, one in split_formulas(text) for part in (before, one.html if one else "")]


def plain_formulas(text: str) -> str:
    """Replace the formulas in a text with plain text."""
    return "".join(before + (formula.text if formula else "") for before, formula in split_formulas(text))


def _is_supported(node: Element) -> bool:
    text = node.text or ""
    # latex2mathml writes unknown commands as text, and escaped characters as character references
    is_text = "\\" not in text and text != "&" and "linebreak" not in node.attrib
    return is_text and (node.tag in _ELEMENTS or len(node) == len(_SIGNS[node.tag]) + 1)


def _pair_bars(row: Element) -> None:
    """Mark the bars of absolute values and norms as opening and closing. Browsers put spaces around other bars, such as
    the bars of `P(a|b) + P(c|d)`: a pair has both bars inside the same brackets."""
    opened, closed = [list[Element]()], list[list[Element]]()
    for one in (child[0] if child.tag in _LIMITS else child for child in row):
        sign = unescape(one.text or "")
        if sign in ("(", "[", "{"):
            opened.append([])
        elif sign in (")", "]", "}") and len(opened) > 1:
            closed.append(opened.pop())
        elif sign in _BARS and "form" not in one.attrib:
            opened[-1].append(one)
    for bars in opened + closed:
        for at, bar in enumerate(bars if len(bars) % 2 == 0 else ()):
            bar.set("form", ("prefix", "postfix")[at % 2])


def _html(node: Element) -> str:
    kept = {name: value for name, value in node.attrib.items() if name in ATTRIBUTES and _VALUE.fullmatch(value)}
    attributes = "".join(f' {name}="{value}"' for name, value in kept.items())
    text = escape_code(clean_text(unescape(node.text or "")))
    strut = _STRUT if node.tag == "msqrt" else ""
    return f"<{node.tag}{attributes}>{text}{''.join(map(_html, node))}{strut}</{node.tag}>"


def _text(node: Element) -> str:
    """Return a MathML element as plain text, such as `e^(−z)`."""
    parts = [_text(child).strip() if node.tag in _SIGNS else _text(child) for child in node]
    if node.tag in _SIGNS:
        if node.tag == "mover" and parts[1] in _ACCENTS:
            return unicodedata.normalize("NFC", parts[0] + _ACCENTS[parts[1]])
        first, *others = (part if len(part) == 1 or part.isalnum() else f"({part})" for part in parts)
        return f"{first}{''.join(map(str.__add__, _SIGNS[node.tag], others))} "
    text = clean_text(unescape(node.text or "")) + "".join(parts)
    if node.tag == "msqrt":
        return f"√({text})"
    return f" {text} " if text in _SPACED or node.tag == "mtd" else text
