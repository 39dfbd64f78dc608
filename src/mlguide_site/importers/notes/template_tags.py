"""Converts template tags of Hugo and Jekyll and content tabs to Markdown, and removes attributes such as `{#id}`."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from mlguide_site.importers.notes.inline import SITES, as_comment, bare_text
from mlguide_site.importers.notes.source import QUOTES, Line, code_lines
from mlguide_site.model.base import is_allowed_url

_HIDE, _SHOW = str.maketrans("{}", "\0\1"), str.maketrans("\0\1\x1e", "{}\n")
"""Replace braces that belong to no tag with characters that no source contains, and restore them. The character
`\x1e` stands for a new line, `\2` for the text of a blank line, and `\3` for a removed tag."""
_INNER, _CLOSE = r"(?:[^{}\n]|\{[^{}\n]*\}){0,2000}?", r"[>%]\}\}?"
_OPEN, _END = r"\{(?:\{[<%]|%-?)\s*(?:include\s+)?", rf"{_INNER}{_CLOSE}"
_KIND = "note|tip|warning|info|hint|attention|danger|success"
_QUOTED = r"(?<!\\)\"((?:[^\"\\{}\n]|\\.)*+)\""
_BOX = re.compile(
    rf"{_OPEN}(?P<is_end>end|/\s*)?(?=(?:\w+\s+(?:(?:type|style|color)=)?[\"']?)?(?P<kind>{_KIND})\b|)"
    rf"(?P<name>notice|admonition|alert|callout|details|{_KIND})(?![\w.-]){_END}"
)
_TEXT = re.compile(rf"{_QUOTED}|'([^']*)'")
_ARGUMENT = re.compile(rf"(?<![\w-])([\w-]++)=(?:{_QUOTED}|'([^']*)'|([^\s\"'{{}}>]+))")
_TAB_TITLE = "name", "header", "title", "label"
_LEAD = re.compile(r"[ \t>]{0,100}(?P<item>(?:[-+*]|\d{1,9}[.)])[ \t]+)?")
_SOURCE = "src", "image_path", "image", "path", "url"


def _arguments(tag: re.Match[str]) -> dict[str, str]:
    return {one[1]: _unescaped(one[2] or one[3] or one[4]) for one in _ARGUMENT.finditer(tag[0])}


def _video(site: str, tag: re.Match[str]) -> str:
    (name, address), title = SITES[site], _arguments(tag).get("title")
    return (f"{title}: " if title else "") + f"[{name} {tag[1]}]({address}{tag[1]})"


def _figure(tag: re.Match[str]) -> str:
    """Return a picture, and its title, caption and credit, unless they are its alternative text."""
    given = _arguments(tag)
    alt, title, caption, credit = (given.get(name, "") for name in ("alt", "title", "caption", "attr"))
    label = alt or title or caption
    label = bare_text(label) if "](" in label else label
    parts = (title, given.get("link")), (caption, ""), (credit, given.get("attrlink"))
    texts = [f"[{text or url}]({url})" if url else text for text, url in parts if url or (text and text != label)]
    needs_space = tag.string[tag.end() : tag.end() + 1].isalnum()
    shown = "<br>" + " – ".join(texts) + " " * needs_space if texts else ""
    return f"![{label}]({next(filter(None, map(given.get, _SOURCE)), '')}){shown}"


def _tab(tag: re.Match[str]) -> str:
    """Return the title of a tab as a bold paragraph, or a blank line for an end tag."""
    named, lead = _arguments(tag), _LEAD.match(tag.string)
    unnamed = _TEXT.sub(lambda one: _unescaped(one[1] or one[2]), _ARGUMENT.sub("", tag["given"]))
    title = next(filter(None, map(named.get, _TAB_TITLE)), " ".join(unnamed.split()))
    # the paragraph belongs to the same quote and list item as the tag
    inner = re.sub(r"[^\s>]", " ", lead[0] if lead else "")
    blank = f"\n{inner}\2\n{inner}"
    is_first = lead and lead["item"] and tag.start() == lead.end()
    shown = title if "**" in title else f"**{title}**"
    return f"{'' if is_first else blank}{shown}{blank}" if title and not tag["is_end"] else blank


_RULES: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    (re.compile(_OPEN + pattern), form)
    for pattern, form in (
        (rf"youtube\S*\s++(?:[^{{}}\n]*?\bid=)?[\"']?([\w-]+){_END}", partial(_video, "youtube")),
        (rf"vimeo\S*\s++(?:[^{{}}\n]*?\bid=)?[\"']?(\d+){_END}", partial(_video, "vimeo")),
        (
            rf"video\s++[\"']?(https?://[^\s\"'{{}}<>]+){_END}",
            lambda tag: f"[{_arguments(tag).get('title') or tag[1]}]({tag[1]})",
        ),
        (rf"(?:figure|image|img)(?:\.html)?\s(?=[^{{}}]*?\b(?:{'|'.join(_SOURCE)})=[\"']?[^\"'\s]){_END}", _figure),
        (r"(?:rel)?ref\s+(?:path=)?[\"'`]([^\"'`]+)[\"'`][^{}\n]{0,200}[>%]\}\}", r"\1"),
        (r"post_url\s+(\S+)\s*-?%\}\}?", r"\1.md"),
        (r"link\s+(\S+)\s*-?%\}\}?", r"\1"),
        (rf"(?P<is_end>end|/\s*)?tab(?:\.html)?(?![\w.-])(?P<given>{_INNER})[/-]?{_CLOSE}[ \t]*", _tab),
        (rf"highlight(?!\w)(?:\s+[\"']?(\w[\w+#.-]*+)(?!=))?{_END}", r"\n```\1\n"),
        (rf"(?:end|/\s*)highlight{_END}", r"\n```\n"),
    )
]
"""Each row has a pattern for a template tag, and the Markdown that replaces it."""
_TAG = re.compile(r"\{\{(?:[^{}\n]|\{[^{}\n]*\}){0,2000}\}\}|\{%[^{}\n]{0,2000}%\}")
_HUGO_TAG = re.compile(r"\{\{[<%](?:[^{}\n]|\{[^{}\n]*\}){0,2000}\}\}")
"""Hugo shows `{{ … }}` and `{% … %}` as text."""
_LONG_TAG = re.compile(r"\{[{%](?:[^{}\n]|\n(?![ \t>]*\n)|\{[^{}\n]*\}){0,2000}?[>%}]\}\}?")
"""A tag that may span several lines."""
_GLUED = re.compile(r"(?<=[\w.,:;!?)])\x03+(?=[\w<])")
"""Removed tags between two words, which need a space."""
_RAW = r"\{%-?\s*raw\s*-?%\}", r"\{%-?\s*endraw\s*-?%\}"
_ESCAPED = re.compile(r"(\{\{[<%])/\*([^{}\n]*)\*/([>%]\}\})")
_COMMENTS = (
    (rf"{_OPEN}comment(?![\w.-])[^{{}}\n]{{0,500}}[>%]\}}\}}?", rf"{_OPEN}(?:end|/\s*)comment\s*-?[>%]\}}\}}?"),
    (r"\{::comment\}", r"\{:/(?:comment)?\}"),
    (r"\{\{-?\s*/\*", r"\*/\s*-?\}\}"),
)
_HTML_COMMENT = r"<!--(?:(?!-->)[^\n])*-->"
_LEADING_COMMENT = re.compile(rf"^([ \t>]*(?:[-+*][ \t]+)?)((?:[ \t]*{_HTML_COMMENT})+)[ \t]*((?!<!--)\S[^\n]*)$")
"""A line that begins with a comment is HTML, so the comment moves to its end."""
_NAME = re.compile(r"[{<%\s'\"-]*(?:include\s+)?(?P<is_end>/|end(?=\w))?\s*(?P<name>[\w./-]+)")
_ATTRIBUTE = (
    r"(?:[.#][A-Za-z_][\w:-]{0,200}|[A-Za-z_][\w:.-]{0,200}=(?:\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'|[^\s{}\"']{1,500}))"
)
_LIST = rf"[ \t]*{_ATTRIBUTE}(?:[ \t]+{_ATTRIBUTE}){{0,20}}[ \t]*"
ATTRIBUTES = rf"{_LIST}\}}"
_ATTRIBUTES = re.compile(
    rf"^[ \t]*\{{::?[^{{}}\n]{{0,500}}\}}[ \t]*$"
    r"|(?:(?P<before>\](?:\((?:[^()\n]|\([^()\n]{0,500}\)){0,1000}\)|\[[^\[\]\n]{0,500}\])|<https?://[^<>\s]{1,2000}>"
    r"|(?<!\w):[a-z]{1,30}-[a-z0-9-]{1,100}:)\{|(?:(?<![ \t])[ \t]+)?(?<![\^_={\"'])\{"
    r"(?::|(?=[ \t]*[.#])(?:(?<![ \t]\{)|(?=[^{}\n]*\}[ \t]*(?:$|\|)))))"
    rf"{ATTRIBUTES}"
)
"""Matches a line of attributes, or a list of attributes in a line. `$A_{:,j}$` contains no attributes. Attributes such
as `{width=50%}` must follow a link, picture or icon; elsewhere they are text, as in `requests_total{job="a"}`. A list
without a colon after a space must end a line or table cell, unlike in `jq {.name} file`."""
_SPAN = re.compile(
    r"(?<![\\\]\w])\[(?!\^|\[[^\[\]]*\]\])(?P<text>(?:[^\[\]\n]|\[[^\[\]\n]{0,500}\]){0,500}+)\]\{"
    rf"(?=[ \t]*(?:[.#]|[a-z-]{{1,20}}=\")){ATTRIBUTES}"
)
"""Matches a text with attributes in Pandoc's Markdown, such as `[word]{.underline}`."""
_LINE_END = re.compile(rf"(?<=[\])])\{{{_LIST}$")
_LINE_START = re.compile(rf"[ \t>]*{ATTRIBUTES}")
"""Match the parts of a list of attributes that Pandoc wrapped."""
_BLOCK_ATTRIBUTES = re.compile(
    r"(?:(?P<before>\s{0,3}#{1,6}\s.*\S)[ \t]+|\s{0,3})\{"
    rf"(?=[ \t]*(?:class|id|style|title|width|height|align|lang|start)=){ATTRIBUTES}[ \t]*"
)
"""Matches a line that consists of HTML attributes, or a heading with such attributes at its end."""
_HEADING_ID = re.compile(
    r"(?P<before>\s{0,3}#{1,6}\s(?P<text>[^{}]*)(?<!\s))\s*"
    r"\{(?P<more>[^{}#]{0,500})#(?P<id>[^\s{}]{1,200})(?P<rest>[^{}]{0,500})\}\s*$"
)
"""A heading with an id. Google Docs writes ids such as `pros-&-cons`."""
_LITERAL_TEXT = re.compile(
    r"(`[^`]+`|\$\$[^$]+\$\$|\$(?=[^\s$])[^$]*[^\s$]\$(?!\d)|\\[(\[](?:[^\\]|\\[^()\[\]])*\\[)\]])"
)
"""Code, or a formula. `$5 and $6` is text."""
_HTML_BOX = re.compile(
    r"\s{0,3}<(?:(?P<end>/)(?:aside|div|section)|aside\b|(?:div|section)\b(?=[^<>]*\smarkdown[\s=>]))[^<>]*+>\s*", re.I
)
"""The start tag of an HTML element with Markdown, such as `<div markdown="1">`, or an end tag."""
_TAB = re.compile(r'(?P<indent>\s*)===[!+]?\s+"(?P<title>[^"]*)"\s*$')


def without_attributes(lines: Sequence[Line]) -> tuple[list[Line], dict[str, str]]:
    """Remove attributes (`{: .class }`, `{#id}`), and convert content tabs (`=== "Title"`) to bold titles with their
    text. Add blank lines after the tag of an HTML element with Markdown, and before its end tag, because text without
    them isn't Markdown. Return the lines, and the texts of headings by id.

    >>> lines, ids = without_attributes([Line(1, "# *Peg* {#pegs&}"), Line(2, '=== "B"'), Line(3, "    A{.b} `{.x}`")])
    >>> [line.text for line in lines], ids
    (['# *Peg*', '**B**', 'A `{.x}`'], {'pegs&': 'Peg'})
    """
    result, ids, tab, boxes, wrapped = list[Line](), dict[str, str](), "\n", 0, None
    for line, is_code, after in zip(lines, code_lines(lines), [*lines[1:], Line(0, "")], strict=False):
        text = _hidden(line.text, is_code)
        if opening := None if is_code else _TAB.match(text):
            tab, text = opening["indent"] + "    ", f"{opening['indent']}**{opening['title']}**"
        elif text.strip():
            tab, text = (tab, text[4:]) if text.startswith(tab) else ("\n", text)
        if wrapped:  # the line before has the text of this one
            wrapped = None
            continue
        end = None if is_code else _LINE_END.search(text)
        wrapped = _LINE_START.match(after.text) if end else None
        if wrapped and end:
            text = text[: end.start()] + _hidden(after.text[wrapped.end() :], is_code=False)
        if found := _HEADING_ID.match(text):
            ids[found["id"]] = bare_text(found["text"]).strip().translate(_SHOW)
            text = text if found["more"] or found["rest"] else found["before"]
        if "{" in text:
            text = own["before"] or "" if (own := _BLOCK_ATTRIBUTES.fullmatch(text)) else text
            # the attributes of a box may contain its title
            if not text.lstrip().startswith(":::"):
                text = _ATTRIBUTES.sub(r"\g<before>", _SPAN.sub(r"\g<text>", text))
        tag = None if is_code or "<" not in text else _HTML_BOX.fullmatch(text)
        if tag and tag["end"] and boxes:
            boxes -= 1
            result.append(line._replace(text=""))
        result.append(line._replace(text=text.translate(_SHOW)))
        # after a blank line, indented text would be code
        if tag and not tag["end"] and not after.text.startswith(("    ", "\t")):
            boxes += 1
            result.append(line._replace(text=""))
    return result, ids


def without_tags(lines: Sequence[Line], removed: dict[str, int], is_hugo: bool) -> Iterator[Line]:
    """Convert template tags to Markdown. Tags without a Markdown equivalent are added to `removed`, with the number of
    their first line. The text between two tags, and addresses and quoted phrases within a tag, are kept. Code isn't
    changed."""

    def stripped(tag: re.Match[str], line: int) -> str:
        named = _NAME.match(tag[0])
        if not (named and named["is_end"]):
            removed.setdefault(tag[0].translate(_SHOW), line)
        texts = [_unescaped(one[1] or one[2]) for one in _TEXT.finditer(tag[0])]
        kept = [one for one in texts if " " in one or is_allowed_url(one) or tag[0][2:].strip().startswith(("'", '"'))]
        text = " ".join(f"<{one}>" if is_allowed_url(one) else one for one in kept)
        # the text of a tag on a line of its own ends with a hard line break
        return f"\3{text}\3" + "  " * (bool(text) and tag[0] == tag.string.strip())

    def commented(found: re.Match[str]) -> str:
        # each line becomes a comment, because a comment in a paragraph ends at a blank line
        quotes = QUOTES.match(found.string, found.string.rfind("\n", 0, found.start()) + 1)
        line = rf"(?m)^((?:[ \t]*>){{0,{quotes[0].count('>') if quotes else 0}}}+ {{0,3}})[ \t]*(\S.*)$"
        return re.sub(line, lambda row: row[1] + as_comment(row[2]), found[1].strip(" ")).translate(_HIDE)

    # Jekyll's `{% raw %}` and Hugo's `{{</* … */>}}` show tags as text, also in code
    text = "\n".join(line.text for line in lines)
    if not is_hugo:
        text = _sub_pairs(*_RAW, lambda found: found[1].translate(_HIDE), text)
    rows = _ESCAPED.sub(lambda found: "".join(found.groups()).translate(_HIDE), text).split("\n")
    code = code_lines([Line(0, row) for row in rows])
    text = "\n".join(_hidden(row, is_code) for row, is_code in zip(rows, code, strict=True))
    for opening, end in _COMMENTS:
        text = _sub_pairs(opening, end, commented, text)
    # a tag moves to its first line; `\x1f` stands for each line that follows
    text = _LONG_TAG.sub(lambda tag: re.sub(r"\n[ \t]*(?:>[ \t]+)*", " ", tag[0]) + "\x1f" * tag[0].count("\n"), text)
    at = 0
    for row in _with_boxes(text).split("\n"):
        line, text = lines[at], row.replace("\x1f", "")
        at += 1 + row.count("\x1f")
        for pattern, form in _RULES if "{" in text else ():
            text = pattern.sub(form, text)
        text = (_HUGO_TAG if is_hugo else _TAG).sub(partial(stripped, line=line.number), text).translate(_SHOW)
        text = _GLUED.sub(" ", text).replace("\3", "")
        text = _LEADING_COMMENT.sub(r"\1\3 \2", text) if text != line.text else text
        # a line that has only tags is removed
        yield from (
            line._replace(text=one.replace("\2", ""))
            for one in text.split("\n")
            if one.strip(" \t>") or text == line.text
        )


def _hidden(text: str, is_code: bool) -> str:
    """Hide the braces in code and formulas."""
    if is_code or not re.search("[{}]", text):
        return text.translate(_HIDE)
    return _LITERAL_TEXT.sub(lambda found: found[0].translate(_HIDE), text)


def _sub_pairs(opening: str, end: str, form: Callable[[re.Match[str]], str], text: str) -> str:
    """Replace each pair of tags with the text between them (group 1). Tags after the last end tag are skipped, because
    searching an end tag for each of them is slow."""
    last = max((found.end() for found in re.finditer(end, text)), default=0)
    return re.sub(f"{opening}(.*?){end}", form, text[:last], flags=re.S) + text[last:]


def _unescaped(text: str | None) -> str:
    return (text or "").replace('\\"', '"')


def _with_boxes(text: str) -> str:
    """Convert boxes (`{{% notice tip %}}`) to admonitions. A tag without an end tag opens no box."""
    ends, opening = Counter[str](), set[int]()
    for tag in reversed(list(_BOX.finditer(text))):
        if tag["is_end"]:
            ends[tag["name"]] += 1
        elif ends[tag["name"]]:
            ends[tag["name"]] -= 1
            opening.add(tag.start())

    def box(tag: re.Match[str]) -> str:
        if tag["is_end"] or tag.start() not in opening:
            return "\x1e:::\x1e" if tag["is_end"] else tag[0]
        given, kind = _arguments(tag), tag["kind"] or ("details" if tag["name"] == "details" else "note")
        named = [given.pop(name) for name in ("title", "summary") if name in given]
        others = [_unescaped(one[1] or one[2]) for one in _TEXT.finditer(_ARGUMENT.sub("", tag[0]))]
        # other values without a space can be icons or styles, such as the first value of an alert
        is_alert = tag["name"] in {"alert", "callout"}
        texts = [*named, *(text for text in others if text != kind and (" " in text or not is_alert))]
        texts += [text for text in given.values() if " " in text]
        title, *rest = [*filter(None, texts), ""]
        return "\x1e".join(["", f":::{kind} {title}".rstrip(), *filter(None, rest), ""])

    return _BOX.sub(box, text)
