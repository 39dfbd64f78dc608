"""Reads the lines of a note, determines the kind of each line with a Markdown parser, and checks limits."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from os.path import basename, dirname, splitext
from typing import Any, NamedTuple
from unicodedata import east_asian_width

from markdown_it.common.utils import normalizeReference
from markdown_it.token import Token

from mlguide_site.errors import Span, content_error
from mlguide_site.importers import Source
from mlguide_site.importers.common.decoding import decode_text
from mlguide_site.importers.notes.inline import CODE, as_comment, bare_text, line_ends
from mlguide_site.markdown.fences import fenced, without_fences
from mlguide_site.markdown.formulas import BETWEEN_TWO, IN_BACKSLASHES
from mlguide_site.markdown.limits import MARKS
from mlguide_site.markdown.parser import PARSER_FAULTS, parser
from mlguide_site.markdown.sanitiser import is_absolute, refusal

MAX_NOTES_SOURCE_BYTES = 4 * 1024 * 1024
MAX_LINES = 200_000
MAX_LINE = 60_000
MAX_SIGNS = 300_000
"""The maximum number of Markdown syntax characters, which slow parsing down; a line counts as three characters."""
MAX_TITLE = 500
MAX_FORMULA_LINES = 100
MAX_SHORT_LINE = 60
MAX_ADDED = 2 * 1024 * 1024
"""The maximum number of characters that addresses of reference links may add to a note."""
MAX_REPEATED = 300_000
"""The maximum number of characters of footnotes that are repeated in the episodes of a note."""
HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)$")
ITEM = re.compile(r"^\s*(?:[-+*•–]|\d{1,3}[.)])\s+")
QUOTES = re.compile(r"(?:[ \t]*>)+")
_TARGET = r"(?:\([^()\n]{0,2000}\)|\[[^\[\]\n]{0,300}\])"
BADGE = re.compile(rf"\[!\[[^\[\]\n]{{0,300}}\]{_TARGET}?\]{_TARGET}")
"""A link around a picture, such as `[![CI](ci.svg)](https://ci.example)` or `[![CI][picture]][page]`."""
_CONTAINER = re.compile(rf"{ITEM.pattern}|\s*(?:!!!|\?\?\?|===\S*\s+\"|:\s|\[\^|\{{[{{%])")
"""An item, admonition, tab, definition, footnote or template tag, which may contain indented text below it."""
_HIGHLIGHT = re.compile(r"\{(?:\{[<%]|%-?)\s*(/\s*|end)?highlight\b")
_EMBEDS_THEN_QUOTE = re.compile(r"((?:!\[\[[^\[\]\n]{1,500}\]\][ \t]*)+)(>.*)$")
_FORMULA = re.compile(r"([\s>*+-]*(?:\d{1,3}[.)]\s+)?\$\$)[^$]*|[^$]*\$\$\s*")
"""A line that begins or ends with `$$` and may open a formula. Group 1 matches if it begins with `$$`."""
_ENVIRONMENT = re.compile(r"\\begin(\{(?:align|alignat|eqnarray|equation|gather|multline)\*?\})(?!.*\$)")
_LETTER = re.compile(r"(?<!\\)\\\(([A-Za-z])\\\)")
_TEX_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%(.*)")
_BLOCK_ID = re.compile(r"(?:(?<=\S)[ \t]+|^[ \t]*)\^(?:[A-Za-z]|[A-Za-z0-9-]{2})[A-Za-z0-9-]+[ \t]*$")
"""The id of a block, such as `^x1` or `^1a2`. Short ids that begin with a digit are text, as in `x ^2`."""
_COMMENT = re.compile(r"(?<!`)(`{1,20})(?!`).{1,2000}?(?<!`)\1(?!`)|(?<!%)(?P<mark>%%)(?!%)")
"""Inline code, or a comment marker outside code."""
_REFERENCE = re.compile(
    rf"{CODE}|^[ \t>]*\[[^\[\]\n]{{1,1000}}\]:|(?<!\\)(?P<text>(?:!|(?<!\[))\[(?P<label>[^\[\]]{{0,1000}})\])"
    r"(?:\[(?P<name>[^\[\]\n]{0,1000})\]|(?![\[(]))"
)
"""Code, the start of a definition, or a link such as `[text][name]`, `[name][]` or `[name]`."""
_CONTENTS = re.compile(r"\s*(?:\[TOC\]|\[\[_TOC_\]\]|\[[^\[\]]{1,500}\t\d{1,4}\**\]\(#[^()\s]{0,500}\))\s*", re.I)
"""A table of contents, which each page has already. The one of Google Docs has links with page numbers after tabs."""
_KINDS = {"fence": "fence", "code_block": "code", "html_block": "html", "table_open": "table", "hr": "rule"}
"""Maps types of parser tokens to kinds of lines; all other lines are `text`."""
NOTION_ID = re.compile(r"\s[0-9a-f]{32}(?=\.\w+$|$)")
"""The id that Notion adds to the names of files."""
_INLINE_CODE = re.compile(CODE)
_ITEMS = re.compile(r"^(?:[\s>]|(?:[-+*]|\d{1,9}[.)])\s)+")
_HIDDEN = re.compile(rf"{CODE}|<!--.*?(?:-->|$)")
_INLINE_NOTE = re.compile(
    rf"{CODE}|(?<![\\\s])\^\[(?P<note>(?=[^\[\]\n]*[^\W\d_]{{2}})"
    r"(?:[^\[\]\n]|\[\[[^\[\]\n]{1,300}\]\]|\[[^\[\]\n]{0,300}\]){1,3000}+)\](?!\()"
)
"""Code, or a footnote in its sentence, as in `loom^[A machine that weaves.]`."""
_NOTE_START = re.compile(r"\[\^([^\[\]\s]{1,100})\]:")
_NOTE = re.compile(r"(?:(?<=.)|(?!\[\^[^\]]{1,100}\]:))\[\^([^\[\]\s]{1,100})\]")


class Line(NamedTuple):
    """A line and its number in the source. `kind` is `text`, `fence`, `code` (indented), `html`, `table`, `rule`, or
    `definition` of a web address.
    `level` is 0 except for headings. `quotes` is the quote depth. `breaks` is true if the paragraph continues,
    and a hard line break can end the line. `short` is true in a paragraph of short lines, such as a poem."""

    number: int
    text: str
    kind: str = "text"
    level: int = 0
    quotes: int = 0
    breaks: bool = False
    short: bool = False

    @property
    def code(self) -> bool:
        return self.kind in {"fence", "code"}

    @property
    def heading(self) -> str:
        """The text of a heading, or "" for any other line."""
        return re.sub(r"(?<!\s)\s+#+\s*$", "", self.text.strip().lstrip("#")).strip() if self.level else ""

    @property
    def title(self) -> str:
        """The visible text of a heading without badges, or "" for any other line."""
        return bare_text(BADGE.sub("", self.heading))


def read_lines(source: Source) -> list[Line]:
    """Read the lines of a source without parsing them. Raises ContentError."""
    text = decode_text(source, MAX_NOTES_SOURCE_BYTES)
    if text.count("\n") > MAX_LINES:
        raise content_error(source.name, f"more than {MAX_LINES:,} lines", "split the file", Span(MAX_LINES, 1))
    lines = [Line(number, one) for number, one in enumerate(text.split("\n"), 1)]
    if large := next((line.number for line in lines if len(line.text) > MAX_LINE), 0):
        message = f"the line is longer than {MAX_LINE:,} characters"
        raise content_error(source.name, message, "split the line", Span(large, 1))
    check_signs(source.name, [line.text for line in lines])
    return lines


def check_signs(name: str, texts: Sequence[str]) -> None:
    """Raise ContentError if there are too many Markdown syntax characters outside fenced code."""
    if sum(3 + len(MARKS.findall(text)) + text.count(">") for text in without_fences(texts)) > MAX_SIGNS:
        message = f"more than {MAX_SIGNS:,} Markdown syntax characters (a line counts as three)"
        raise content_error(name, message, "split the source, and import the parts one by one")


def code_lines(lines: Sequence[Line]) -> list[bool]:
    """Return whether each line is code: between fences or `highlight` tags, or after a blank line and indented by 4
    more than the text.

    >>> texts = ["- a", "", "    b", "", "        c", "", "d", "    e", "{% highlight c %}", "f", "{% endhighlight %}"]
    >>> [at for at, is_code in enumerate(code_lines([Line(1, text) for text in texts])) if is_code]
    [4, 9]
    """
    result, base, is_start, is_open = list[bool](), 0, True, False
    last_end = max((at for at, line in enumerate(lines) if re.search(r"(?:end|/\s*)highlight", line.text)), default=0)
    for at, (line, is_fenced) in enumerate(zip(lines, fenced([line.text for line in lines]), strict=True)):
        text = re.sub(r"^(?:[ \t]*>)+ ?", "", line.text).expandtabs(4)
        indent = len(text) - len(text.lstrip())
        is_blank, is_code = indent == len(text), is_fenced or (is_start and indent >= base + 4)
        if not is_code and not is_blank and ((is_container := _CONTAINER.match(text)) or is_start):
            base = indent + 4 if is_container else min(base, indent)
        is_start = is_code or is_blank
        ends = _HIGHLIGHT.findall(re.sub("`[^`]+`", "", text)) if "highlight" in text else []
        result.append((is_open or (is_code and not is_blank)) and not (is_open and ends and ends[0]))
        if ends and not result[-1]:
            is_open = not ends[-1] and at < last_end
    return result


def join_formulas(lines: Sequence[Line]) -> list[Line]:
    r"""Join the lines of each display formula (`$$ … $$`), because its lines may look like Markdown. Comments of TeX
    become HTML comments.

    >>> [line.text for line in join_formulas([*map(Line, range(5), ["> $$", r"> a \\", "> = b", "> $$, so", "c"])])]
    ['> $$a \\\\ = b$$, so', 'c']
    """
    rows, held, opening = list[Line](), list[Line](), None
    are_code = code_lines(lines)
    lines = _in_dollars(lines, are_code) if any("\\" in line.text for line in lines) else lines
    for line, is_code in zip(lines, are_code, strict=True):
        opening = opening if held else _FORMULA.fullmatch(line.text)
        # lines within a formula may be indented
        is_text = not is_code or (held and line.text[:1].isspace())
        is_open = bool(is_text and opening and (not held or opening[1] or line.text.strip(" \t>")))
        held.append(line)
        if is_open and len(held) > 1 and re.fullmatch(r"[^$]*\$\$[^$]*", line.text):
            quotes = rf"(?:[ \t]*>){{{held[0].text.partition('$$')[0].count('>')}}}"
            texts = [held[0].text, *(re.sub(quotes, "", one.text, count=1) for one in held[1:])]
            start, tex, end = "\n".join(texts).split("$$")
            notes = "".join(f" {as_comment(found[2].strip('% '))}" for found in _TEX_COMMENT.finditer(tex))
            tex = " ".join(_TEX_COMMENT.sub(r"\1", tex).split())
            held = [held[0]._replace(text=f"{start}$${tex}$${end}{notes}".rstrip())]
        elif is_open and (len(held) == 1 or "$" not in line.text) and len(held) <= MAX_FORMULA_LINES:
            continue
        rows += held
        held = []
    return rows + held


def _in_dollars(lines: Sequence[Line], are_code: Sequence[bool]) -> list[Line]:
    r"""Write `$…$` for `\(…\)`, and `$$` for `\[` and `\]` on lines of their own in one paragraph, and around an
    environment such as `\begin{align}` on lines of its own without dollar signs."""
    rows, opening, begun, dollars, closing = list(lines), None, None, 0, ""
    texts = [line.text for line, is_code in zip(lines, are_code, strict=True) if not is_code and "`" not in line.text]
    are_doubled = any(found[1] == "\\\\" for text in texts for found in IN_BACKSLASHES.finditer(text))
    for at, (line, is_code) in enumerate(zip(lines, are_code, strict=True)):
        sign = "" if is_code else line.text.strip(" \t>")
        if sign == "\\]" and opening is not None:
            for one in (opening, at):
                rows[one] = rows[one]._replace(text=re.sub(r"\\[\[\]]\s*$", "$$", rows[one].text))
        elif not is_code and "`" not in line.text:
            text = line.text
            for form in (IN_BACKSLASHES, BETWEEN_TWO) if are_doubled else (IN_BACKSLASHES,):
                text = form.sub(lambda found: f"${found[2].strip()}$", text)
            # beside a formula, letters in parentheses are formulas, too
            rows[at] = line._replace(text=_LETTER.sub(r"$\1$", text) if text != line.text else text)
        opening = at if sign == "\\[" else opening if sign and sign != "\\]" else None
        # a formula whose marks are on lines of their own may have blank lines
        are_open = closing != "" or dollars % 2 == 1
        if closing:
            closing = "" if closing in sign else closing
        elif sign == "\\[" or (sign.startswith("$$") and sign.count("$$") % 2 and dollars % 2 == 0):
            closing = "\\]" if sign == "\\[" else "$$"
        else:
            dollars = dollars + sign.count("$$") if sign else 0
        begun = at if _ENVIRONMENT.match(sign) and not are_open else begun if sign and "$" not in sign else None
        name = _ENVIRONMENT.match(lines[begun].text.strip(" \t>")) if begun is not None else None
        if begun is not None and name and sign.rstrip(".,;").endswith(f"\\end{name[1]}"):
            rows[begun] = rows[begun]._replace(text=re.sub(r"^[ \t>]*", r"\g<0>$$", rows[begun].text))
            rows[at] = rows[at]._replace(text=f"{rows[at].text.rstrip()}$$")
            begun = None
    return rows


def without_inline_footnotes(lines: Sequence[Line]) -> list[Line]:
    """Write footnotes such as `loom^[A machine that weaves.]` as references, with their texts at the end.

    >>> [line.text for line in without_inline_footnotes([Line(1, "A loom^[It weaves.], and `^[code]`.")])]
    ['A loom[^note-1], and `^[code]`.', '', '[^note-1]: It weaves.']
    """
    used, notes, rows = {name for line in lines for name in _NOTE.findall(line.text)}, list[Line](), list[Line]()
    names = (name for count in itertools.count(1) if (name := f"note-{count}") not in used)
    for line, is_code in zip(lines, code_lines(lines), strict=True):
        text, end = "", 0
        for found in () if is_code or HEADING.match(line.text) else _INLINE_NOTE.finditer(line.text):
            if note := found["note"]:
                name = next(names)
                notes.append(line._replace(text=f"[^{name}]: {note.strip()}"))
                text, end = f"{text}{line.text[end : found.start()]}[^{name}]", found.end()
        rows.append(line._replace(text=text + line.text[end:]))
    return [*rows, notes[0]._replace(text=""), *notes] if notes else rows


def vault_lines(lines: Sequence[Line]) -> list[Line]:
    """Split the lines of a vault's note so that each can be converted separately. A quote after embeds is put on a
    separate line. Each line of a comment becomes a complete comment (`%% … %%`). Ids of blocks are removed. An unclosed
    comment is treated as text.

    >>> [line.text for line in vault_lines([*map(Line, range(4), ["a %% b", "c", "d %% e", "![[f]]>g ^a1b2c3"])])]
    ['a %% b %%', '%% c %%', '%% d %% e', '![[f]]', '>g']
    """
    rows, ends = list[Line](), list[int]()
    for line, is_code in zip(lines, code_lines(lines), strict=True):
        whole = line.text if is_code else _BLOCK_ID.sub("", line.text)
        parts = None if is_code else _EMBEDS_THEN_QUOTE.match(whole)
        for text in parts.groups() if parts else (whole,):
            if not is_code and sum(bool(one["mark"]) for one in _COMMENT.finditer(text)) % 2:
                # a comment that spans several lines begins or ends here
                ends.append(len(rows))
            rows.append(line._replace(text=text.rstrip() if parts else text))
    for first, last in zip(ends[::2], ends[1::2], strict=False):
        for at in range(first, last + 1):
            text = "%% " * (at > first) + rows[at].text + " %%" * (at < last)
            rows[at] = rows[at]._replace(text=text if rows[at].text.strip() else "")
    return rows


def share_footnotes(texts: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the lines of a file's episodes with each footnote in the episodes that refer to it, also from another
    footnote, because all footnotes may be at the end of the file. A footnote without references stays where it is, and
    so do all footnotes if more than `MAX_REPEATED` characters would be added."""
    blocks = [_footnotes(lines) for lines in texts]
    first = {name: [texts[at][one] for one in own[name]] for at, own in reversed([*enumerate(blocks)]) for name in own}
    further = {name: _references(lines) for name, lines in first.items()}
    bodies = list[set[str]]()
    for lines, own in zip(texts, blocks, strict=True):
        inside = {at for block in own.values() for at in block}
        bodies.append(_references([line for at, line in enumerate(lines) if at not in inside]))
    uses, result, left = _reachable(set[str]().union(*bodies), further), list[list[Line]](), MAX_REPEATED
    for lines, own, body in zip(texts, blocks, bodies, strict=True):
        names = _reachable(body | (own.keys() - uses), further)
        moved = {at for name in own if name in uses and name not in names for at in own[name]}
        wanted = [first[name] for name in names if name in first and name not in own]
        added = [line for block in sorted(wanted, key=lambda block: block[0].number) for line in block]
        left -= sum(len(line.text) + 1 for line in added)
        if left < 0:
            return [*map(list, texts)]
        kept = [line for at, line in enumerate(lines) if at not in moved]
        result.append([*kept, Line(added[0].number, ""), *added] if added else kept)
    return result


def _references(lines: Sequence[Line]) -> set[str]:
    """Return the names of the footnotes that lines refer to, outside of code."""
    texts = (line.text for line in lines if "[^" in line.text and not (line.code or line.kind == "html"))
    return {name for text in texts for name in _NOTE.findall(_INLINE_CODE.sub("", text))}


def _reachable(names: Set[str], further: Mapping[str, Set[str]]) -> set[str]:
    """Return names of footnotes, and those of the footnotes to which these refer (`further`)."""
    found, new = set(names), set(names)
    while new:
        new = set[str]().union(*(further.get(name, ()) for name in new)) - found
        found |= new
    return found


def _footnotes(lines: Sequence[Line]) -> dict[str, list[int]]:
    """Return the indexes of the lines of each footnote: of its first paragraph and of the indented lines below."""
    found, held, was_blank = dict[str, list[int]](), list[int](), True
    for at, line in enumerate(lines):
        is_blank, is_other = not line.text.strip(), bool(line.level) or line.kind in ("html", "rule", "table", "fence")
        if (start := _NOTE_START.match(line.text)) and not (line.code or line.kind == "html"):
            held = found.setdefault(start[1], [])
        elif not (is_blank or line.text.startswith((" ", "\t"))) and (is_other or was_blank):
            held = []
        was_blank = is_blank
        held.append(at)
    for own in found.values():
        while not lines[own[-1]].text.strip():
            own.pop()
    return found


def visible_lines(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield lines without their HTML comments, which may span several lines.

    >>> texts = ["a <!-- b --> `<!--` c <!-- d", "e", "f --> g"]
    >>> [line.text for line in visible_lines([Line(1, text) for text in texts])]
    ['a  `<!--` c ', '', ' g']
    """
    is_open = is_inline = False
    last = max((at for at, line in enumerate(lines) if "-->" in line.text), default=-1)
    for at, line in enumerate(lines):
        text = line.text
        if is_open and not (is_inline and not text.strip()):
            _, end, text = text.partition("-->")
            is_open = not end
        else:
            is_open = False
        if not (line.code or is_open):
            comments = [found for found in _HIDDEN.finditer(text) if not found["code"]]
            is_open = bool(comments) and not comments[-1][0].endswith("-->")
            is_inline = is_open and bool(_ITEMS.sub("", text[: comments[-1].start()]).strip())
            # without an end, only a comment that begins its line hides what follows
            is_open &= at < last or not is_inline
            for one in [one for one in reversed(comments) if one[0].endswith("-->") or is_open]:
                text = text[: one.start()] + text[one.end() :]
        yield line if text == line.text else line._replace(text=text)


def _mark_definition(rows: list[Line], reference: dict[str, Any]) -> None:
    """Set the kind of a line that defines a web address, and add a missing scheme, because `//host` is refused."""
    start, end = reference["map"]
    if reference["href"].startswith("//") and end - start == 1:
        text = re.sub(r"(\]:\s*<?)//", r"\1https://", rows[start].text, count=1)
        rows[start], reference["href"] = rows[start]._replace(text=text), f"https:{reference['href']}"
    if is_absolute(reference["href"]) and end - start == 1:
        rows[start] = rows[start]._replace(kind="definition")


def parse_lines(lines: Sequence[Line], comments: bool = False) -> list[Line]:
    """Parse lines, and set their kinds. Underlined headings become `#` headings. `comments` enables `%%` comments.
    Links such as `[text][name]` whose definition has a relative address become `[text](address)`."""
    lines, env = join_formulas(lines), dict[str, Any]()
    rows, dropped, joined, tokens = vault_lines(lines) if comments else lines, set[int](), set[int](), list[Token]()
    try:
        parser().block.parse("\n".join(row.text for row in rows), parser(), env, tokens)
    except PARSER_FAULTS:
        # if the parser fails, all lines are text
        tokens.clear()
    targets, used = dict[str, str](), set[int]()
    for name, one in env.get("references", {}).items():
        _mark_definition(rows, one)
        title = " ".join(one["title"].replace('"', "'").split())
        target = f'({one["href"]} "{title}")' if title else f"({one['href']})"
        targets |= {} if is_absolute(one["href"]) or refusal(one["href"]) else {name: target}
    if sum(row.text.count("]") for row in rows) * max(map(len, targets.values()), default=0) > MAX_ADDED:
        targets.clear()

    def inlined(link: re.Match[str]) -> str:
        name = normalizeReference(link["name"] or link["label"] or "")
        if name not in targets:
            return link[0]
        used.update(rows[at].number for at in range(*env["references"][name]["map"]))
        return f"{link['text']}{targets[name]}"

    for token, inside in zip(tokens, tokens[1:] + tokens[-1:], strict=True):
        start, end = token.map or (0, 0)
        if token.type == "heading_open" and not token.level:
            level, row = int(token.tag[1]), rows[start]
            if token.markup.startswith("#"):
                rows[start] = row._replace(level=level)
            elif end - start == 2 and len(row.text) <= MAX_TITLE:
                rows[start] = row._replace(text=f"{'#' * level} {row.text.strip()}", level=level)
                dropped.add(start + 1)
        if token.type == "paragraph_open" and end - start > 1:
            # `: ` begins a definition, and `*[` an abbreviation
            texts = [one.strip() for one in inside.content.split("\n")]
            is_short = not _is_wrapped(texts) and not any(one.startswith((":", "*[")) for one in texts[1:])
            for at, mark in enumerate(line_ends(_REFERENCE.sub(inlined, inside.content)), start):
                rows[at] = rows[at]._replace(breaks=mark == "B", short=is_short)
                if mark == "J":
                    joined.add(at + 1)
        for at in range(start, end):
            if token.type == "blockquote_open":
                rows[at] = rows[at]._replace(quotes=rows[at].quotes + 1)
            elif kind := _KINDS.get(token.type):
                rows[at] = rows[at]._replace(kind=kind)
    for at, row in enumerate(rows):
        if row.quotes:
            # a lazy continuation line of a quote has fewer markers, or none
            signs = QUOTES.match(row.text)
            rows[at] = row._replace(quotes=min(row.quotes, signs[0].count(">")) if signs else 0)
    result = list[Line]()
    for at, row in enumerate(rows):
        if at in joined and len(result[-1].text) < MAX_LINE:
            text = re.sub(rf"^(?:[ \t]*>){{{row.quotes}}}", "", row.text).lstrip()
            result[-1] = result[-1]._replace(text=f"{result[-1].text.rstrip()} {text}", breaks=row.breaks)
        elif at not in dropped:
            result.append(row)
    if targets:
        is_text = (not row.code and row.kind != "html" for row in result)
        result = [row._replace(text=_REFERENCE.sub(inlined, row.text)) if next(is_text) else row for row in result]
    return [row for row in result if row.number not in used and (row.code or not _CONTENTS.fullmatch(row.text))]


def _is_wrapped(texts: Sequence[str]) -> bool:
    """Check whether an editor wrapped the lines of a paragraph: they are long, break within sentences, or are so full
    that the next word hardly fits. Wide characters, such as Chinese, count twice."""
    widths = [sum(1 + (east_asian_width(char) in "FW") for char in text) for text in texts]
    widest, words = max(widths), [text.split(" ", 1)[0] for text in texts[1:]]
    is_full = all(width + 1 + len(word) >= widest for width, word in zip(widths, words, strict=False))
    is_sentence = texts[-1].endswith(tuple(".!?。！？")) and any(text[-1:].isalnum() for text in texts[:-1])
    is_block = len(texts) > 2 and 1.5 * widest > MAX_SHORT_LINE and is_full and is_sentence
    return widest > MAX_SHORT_LINE or any(text[:1].islower() for text in texts[1:]) or is_block


def file_stem(name: str) -> str:
    """Return the name of a file without its suffix, or the name of its folder for `saws/index.md`. The id that Notion
    adds to names is removed."""
    path = name.rstrip("/\\")
    stem = basename(dirname(path)) if path.endswith("/index.md") else splitext(basename(path))[0]
    return NOTION_ID.sub("", stem)


def stem_title(name: str) -> str:
    """Return the words of a file name as a title. In a name with spaces, hyphens within words and numbers are kept, and
    in other names those of dates."""
    stem = file_stem(name)
    date = r"(?<=\d{4})-(?=\d\d-\d\d(?!\d))|(?<=\d{4}-\d\d)-(?=\d\d(?!\d))"
    kept = r"(?<=\d)-(?=\d)|(?<=[^\W\d_])-(?=[^\W\d_])" if " " in stem else date
    return " ".join(re.sub(rf"({kept})|[_-]+", lambda found: found[1] or " ", stem).split())
