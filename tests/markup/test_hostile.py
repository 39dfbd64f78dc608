"""Tests of hostile bodies: nothing is active on the page, with the supported extensions and with all extensions."""

from pathlib import Path

import jinja2
import pytest

from markup.reading import CONTRACT, EVERYTHING, expected_html, outline, render, threats, visible
from mlguide_site.errors import Severity
from mlguide_site.markdown.engine_markdown import to_markdown
from mlguide_site.markdown.parse_and_sanitise import parse

SCRIPT = "<script>alert(1)</script>"
HANDLER = "<img src=x onerror=alert(1)>"

# each with the text that readers see, or None if the text doesn't matter
HOSTILE = {
    "script block": (SCRIPT, ""),
    "script inline": (f"a {SCRIPT} b", "a <script>alert(1)</script> b"),
    "script in a cell": (f"| a |\n|---|\n| {SCRIPT} |", "a <script>alert(1)</script>"),
    "script in a heading": (f"# {SCRIPT}", "<script>alert(1)</script>"),
    "script in a title": (f'!!! note "{SCRIPT}"\n    x', "<script>alert(1)</script> x"),
    "script in alternative text": (f"![{SCRIPT}](x.png)", None),
    "script in a link's title": (f'[a](b "\\">{SCRIPT}")', "a"),
    "script split over lines": ("<scr\nipt>alert(1)</script>", None),
    "script in upper case": ("<SCRIPT SRC=//evil.example></SCRIPT>", ""),
    "script with a slash": ("<script/x>alert(1)</script>", None),
    "unclosed script": ("<script>alert(1)", "<script>alert(1)"),
    "script after an unclosed comment": (f"<!-- {SCRIPT}", None),
    "script after a conditional comment": (f"<!--[if IE]>{SCRIPT}<![endif]-->", ""),
    "script in CDATA": (f"<![CDATA[{SCRIPT}]]>", None),
    "script in an instruction": (f"<?x {SCRIPT} ?>", None),
    "handler": (HANDLER, ""),
    "handler on an allowed tag": ("<kbd onclick=alert(1)>k</kbd>", "k"),
    "handler on a block": ("<div onclick=alert(1)>d</div>", "d"),
    "handler in a list": (f"- a\n\n  {HANDLER}", None),
    "handler in a quote": (f"> <div onmouseover=x>{HANDLER}q</div>", "q"),
    "svg": ("<svg onload=alert(1)><a xlink:href=javascript:x>y</a></svg>", None),
    "math": ("<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", None),
    "style element": ("<style>*{background:url(javascript:x)}</style>", ""),
    "style attribute": ('<p style="position:fixed">p</p>', "p"),
    "iframe": ("<iframe src=https://evil.example>f</iframe>", "Embedded page f"),
    "object": ("<object data=x.swf><embed src=x></object>", None),
    "form": ("<form action=https://evil.example><input name=q><button>go</button></form>", "go"),
    "base": ("<base href=https://evil.example>", ""),
    "meta refresh": ("<meta http-equiv=refresh content=0;url=//evil.example>", None),
    "link element": ("<link rel=stylesheet href=//evil.example>", ""),
    "template element": (f"<template>{SCRIPT}</template>", None),
    "noscript": ('<noscript><p title="</noscript><img src=x onerror=alert(1)>">', None),
    "details handler": ("<details open ontoggle=alert(1)><summary>s</summary>t</details>", "s t"),
    "raw link": ('<p><a href="javascript:alert(1)">j</a></p>', "j"),
    "raw link, coded": ('<p><a href="&#106;avascript:alert(1)">j</a></p>', "j"),
    "raw link, twice coded": ('<p><a href="&amp;#106;avascript:alert(1)">j</a></p>', "j"),
    "raw link to a host": ('<p><a href="//evil.example">j</a></p>', "j"),
    "raw clobbering": ('<p id="__config" name="__search">i</p>', "i"),
    "heading clobbering": ("# __config", "__config"),
    "heading clobbering by attribute": ("# Title {#__config .md-overlay onclick=x}", None),
    "link": ("[a](javascript:alert(1))", "a"),
    "link in capitals": ("[a](JAVASCRIPT:alert(1))", "a"),
    "link with a tab": ("[a](<java\tscript:alert(1)>)", "a"),
    "link with a coded colon": ("[a](javascript&colon;alert(1))", "a"),
    "link with coded letters": ("[a](&#x6A;avascript:alert(1))", "a"),
    "link, twice coded": ("[a](&amp;#x6A;avascript:alert(1))", "a"),
    "link with a control character": ("[a](\x01javascript:alert(1))", "a"),
    "link with a coded control character": ("[a](<&#1;javascript:alert(1)>)", "a"),
    "link with a line end": ("[a](<java&NewLine;script:alert(1)>)", "a"),
    "link, vbscript": ("[a](vbscript:x)", "a"),
    "link, data": ("[a](data:text/html;base64,PHNjcmlwdD4=)", "a"),
    "link, file": ("[a](file:///etc/passwd)", "a"),
    "link, blob": ("[a](blob:https://x/y)", "a"),
    "link to a host": ("[a](//evil.example)", "a"),
    "link with backslashes": ("[a](\\\\evil.example)", "a"),
    "link with mixed slashes": ("[a](/\\evil.example)", "a"),
    "link with coded slashes": ("[a](/%5Cevil.example)", "a"),
    "link without slashes": ("[a](https:evil.example)", "a"),
    "link breaking out of its quotes": ('[a](x"onmouseover="alert(1))', None),
    "link breaking out of its brackets": ("[a](<x> onclick=x)", None),
    "autolink": ("<javascript:alert(1)>", "javascript:alert(1)"),
    "reference": ("[a]\n\n[a]: javascript:alert(1)", "a"),
    "reference with a title": ("[a]\n\n[a]: x '\" onclick=\"alert(1)'", "a"),
    "image": ("![a](javascript:alert(1))", "a"),
    "image, data": ("![a](data:image/svg+xml,<svg onload=alert(1)>)", None),
    "image on another host": ("![a](https://evil.example/track.gif)", "Image: a"),
    "bare address": ('https://evil.example/"onmouseover="alert(1)', None),
    "bare address with a tag": (f"https://evil.example/{SCRIPT}", None),
    "attribute list on a link": ("[x](u){: onmouseover=alert(1)}", "x{: onmouseover=alert(1)}"),
    "attribute list on a paragraph": ("text\n{: onclick=alert(1) }", "text {: onclick=alert(1) }"),
    "attribute list on code": ("`c`{onclick=alert(1)}", "c{onclick=alert(1)}"),
    "attribute list on a heading": ("# h {: onclick=alert(1)}", "h {: onclick=alert(1)}"),
    "attribute list on a fence": ("```{ .py onclick=alert(1) #__config }\nc\n```", "c"),
    "script in the title of a code block": ('```py title="<script>alert(1)</script>"\nc\n```', f"{SCRIPT} c"),
    "attribute list in a cell": ("| a {: onclick=x } |\n|---|", "a {: onclick=x }"),
    "snippet": ('--8<-- "/etc/hostname"', '--8<-- "/etc/hostname"'),
    "snippet as a block": ("--8<--\n/etc/hostname\n--8<--", "--8<-- /etc/hostname --8<--"),
    "snippet in a fence": ('```\n--8<-- "/etc/hostname"\n```', '--8<-- "/etc/hostname"'),
    "snippet in a list": ('- a\n\n      --8<-- "/etc/hostname"', 'a --8<-- "/etc/hostname"'),
    "snippet, escaped": (';--8<-- "/etc/hostname"', ';--8<-- "/etc/hostname"'),
    "template": ("{{ config }} {% raw %} {# c #}", "{{ config }} {% raw %} {# c #}"),
    "template in code": ("`{{ config }}`", "{{ config }}"),
    "template in a fence": ("```\n{% include 'x' %}\n```", "{% include 'x' %}"),
    "template in a link": ('[{{ a }}](x{{b}} "{{ c }}")', None),
    "template in an address": ("https://x.example/{{config}}", None),
    "template over a border": ("{*{ config }*}", None),
    "template in raw HTML": ("<p>{{ config }}</p>", "{{ config }}"),
    "template in a box": ('!!! note "{{ x }}"\n    {{ y }}', "{{ x }} {{ y }}"),
    "blocks extension": ("/// html | script\nalert(1)\n///", "/// html | script alert(1) ///"),
    "blocks extension in a list": ("- /// html | script\n  alert(1)\n  ///", "/// html | script alert(1) ///"),
    "markdown in HTML": ('<div markdown="1">\n[x](javascript:alert(1))\n</div>', "[x](javascript:alert(1))"),
    "abbreviation": ("*[HTML]: <script>alert(1)</script>\n\nHTML", None),
    "footnote": ("a[^1]\n\n[^1]: <script>x</script>", None),
    "footnote with a script inline": ("a[^1]\n\n[^1]: b <script>x</script>", "a1 1 b <script>x</script>"),
    "footnote with a label of tags": (f"a[^{SCRIPT}]\n\n[^{SCRIPT}]: b", "a1 1 b"),
    "footnote with a label of quotes": ('a[^"onclick=x]\n\n[^"onclick=x]: b', "a1 1 b"),
    "footnote with a label of tags, unused": (f"[^{SCRIPT}]: b", f"[^{SCRIPT}]: b"),
    "footnote to nothing, its label of tags": (f"a[^{HANDLER}] b[^<b]\n\n[^1]: c", None),
    "footnote's own marks": ('<sup id="fnref.1"><a href="#fn.1" role="x">1</a></sup>', None),
    "footnote in a link": ("[a[^1]](javascript:x)\n\n[^1]: [b](javascript:y)", "a1 1 b"),
    "footnotes in circles": ("a[^1]\n\n[^1]: b[^2]\n[^2]: c[^1][^2]", None),
    "footnotes within footnotes": ("a[^1]\n\n[^1]: b\n\n    [^2]: c[^1]\n\n        [^3]: d[^2]", None),
    "footnote that clobbers": ("a[^__config]\n\n[^__config]: # __search", None),
    "footnote with a template": ("a[^{{x}}]\n\n[^{{x}}]: {% y %}", "a1 1 {% y %}"),
    "footnote with an attribute list": ("a[^1]{: onclick=x}\n\n[^1]: b\n    {: onclick=x }", None),
    "footnote in a cell": ("| a[^\\|] | b[^1] |\n|---|---|\n\n[^1]: | c", None),
    "task": (f"- [x] {SCRIPT}\n- [ ] [a](javascript:x)", None),
    "definition list": ("a\n: <script>x</script>", None),
    "table of contents": ("[TOC]", "[TOC]"),
    "table of contents in a list": ("- [TOC]", "[TOC]"),
    "wiki link": ("[[javascript:x]]", "[[javascript:x]]"),
    "tab": ('=== "<script>x</script>"\n    y', None),
    "math extension": ("$<script>x</script>$ \\\\(y\\\\)", None),
    "math block": ("\\[\n<script>x</script>\n\\]", None),
    "critic": ("{++<script>x</script>++} {>>c<<}", None),
    "keys": ("++<script>++", "++<script>++"),
    "progress": ('[=85% "<script>"]', '[=85% "<script>"]'),
    "placeholders": ("\x02wzxhzdk:0\x03 \x02klzzwxh:0000\x03 wzxhzdk:1", "wzxhzdk:0 klzzwxh:0000 wzxhzdk:1"),
    "placeholders, coded": ("&#2;wzxhzdk:0&#3; <b>x</b>", None),
    "escaped character placeholder": ("\x0260\x03script>", "60script>"),
    "fence in a list": ("- a\n\n    ~~~\n    <script>alert(1)</script>\n    ~~~", "a <script>alert(1)</script>"),
    "fence in a list, less indented": ("- a\n  ~~~\n  <script>alert(1)</script>\n  ~~~", "a <script>alert(1)</script>"),
    "fence without an end": (f"```\n{SCRIPT}", SCRIPT),
    "fence ended by another sign": (f"```\n~~~\n{SCRIPT}\n```", f"~~~ {SCRIPT}"),
    "fence ended by a longer one": (f"```\n{SCRIPT}\n`````", SCRIPT),
    "fence in a quote without its sign": (f"> ```\n{SCRIPT}\n```", None),
    "fence with a tilde in its info": (f"~~~ ~~~\n{SCRIPT}\n~~~", SCRIPT),
    "code indented by a tab": (f"\t{SCRIPT}", SCRIPT),
    "code in a list, by tabs": (f"-\t\t{SCRIPT}", SCRIPT),
    "code over lines": (f"`\n{SCRIPT}\n`", None),
    "code with more ticks": (f"``` `` {SCRIPT} ```", f"`` {SCRIPT}"),
    "code, backslash before": (f"\\`{SCRIPT}`", None),
    "code, backslash inside": (f"`\\`{SCRIPT}`", None),
    "comment in code": (f"`<!--` {SCRIPT} `-->`", None),
    "lazy line": (f"> a\n{SCRIPT}", None),
    "setext in a list": (f"- a\n- ---\n- {SCRIPT}", None),
    "nested brackets": ("[a [b](c) d](javascript:alert(1))", None),
    "emphasis over a link": ("*a [b*](c)* d", None),
    "line ends of other systems": (f"a\r\r{SCRIPT}\r\nb", None),
    "separator characters": (f"a\u2028{SCRIPT}\u2029b\x85c\x0bd\x0c{HANDLER}", None),
    "reversed text": ("a\u202e)1(trela\u202c", "a)1(trela"),
    "null": ("<scr\x00ipt>alert(1)</script>", None),
    "half a tag": ("<img src=x onerror=alert(1) ", None),
    "half a tag at the end of a cell": ("| <img src=x onerror=alert(1) |\n|---|\n| > |", None),
    "reference without its semicolon": ("&#60script&#62 &lt script", None),
}


@pytest.mark.parametrize(("body", "seen"), HOSTILE.values(), ids=HOSTILE)
def test_nothing_acts(body: str, seen: str | None) -> None:
    document = parse(body)
    text = to_markdown(document)
    html = render(text, CONTRACT)
    assert threats(html) == []
    assert outline(html) == outline(expected_html(document))
    assert threats(render(text, EVERYTHING), classes=False) == []
    assert jinja2.Environment(keep_trailing_newline=True, autoescape=True).from_string(text).render() == text
    if seen is not None:
        assert visible(html) == seen


@pytest.mark.parametrize(
    ("body", "line", "column", "message"),
    [
        ("a\n\n<script>x</script>", 3, 1, "removed <script>"),
        ("- a\n\n  <p>b <iframe src=x></iframe></p>", 3, 16, "removed src=x"),
        ("a <script>x</script>", 1, 3, "<script> is shown as text"),
        ("a\nb <kbd onclick=x>k</kbd>", 2, 3, "removed the attributes of <kbd>"),
        ("<div\nonclick=x>a</div>", 2, 1, "removed onclick"),
        ("a\nb [c](javascript:d)", 2, 7, 'the link "javascript:d" is left out: its scheme is "javascript"'),
        ("![c](data:d)", 1, 6, 'the image "data:d" is left out: its scheme is "data"'),
        (
            "a\n\n# __search",
            3,
            1,
            'the heading "__search" is shown as a paragraph, because its anchor would begin with "_"',
        ),
        (
            "## " + "ab " * 200,
            1,
            1,
            f'the heading "{"ab " * 20}" is shown as a paragraph, because it is longer than 500 characters',
        ),
        ('!!! tip "See [the docs](https://docs.example)"\n    a', 1, 1, "the links in this title are left out"),
        ("a\n\nb\x02", 3, 2, "the text contains a control character"),
        (
            "a|b\n-|-\n`int|str`| both",
            3,
            12,
            'the cell "both" is left out, because the row has more cells than the header',
        ),
        (
            "- c\n  > | a | b |\n  > | - | - |\n  > | c \\| d | e | f || g |",
            4,
            20,
            'the cell "f || g" is left out, because the row has more cells than the header',
        ),
    ],
)
def test_what_goes_is_reported_where_it_stood(body: str, line: int, column: int, message: str) -> None:
    found = [(finding.line, finding.column, finding.message) for finding in parse(body).findings]
    assert (line, column, message) in found
    assert all(finding.severity is Severity.WARNING and finding.remedy for finding in parse(body).findings)


@pytest.mark.parametrize("row", ["c", "| c\\|d | `e\\|f` | ||", "c | d |", "> e"])
def test_a_row_with_no_more_cells_than_the_header_is_fine(row: str) -> None:
    table = f"a | b\n- | -\n{row}\n"
    quoted = "".join(f"> {line}\n" for line in f"| a | b |\n| - | - |\n{row}".split("\n"))
    html = "<table><tr><th>a|b<th>b<tr><td>c|d<td>e</table>"
    assert not [one for one in parse(f"{table}\n{quoted}\n{html}").findings if "left out" in one.message]


def test_what_goes_several_times_from_a_line_is_reported_once() -> None:
    found = [finding.line for finding in parse("<script>\n" + "onabc=onabc=\n" * 3 + "</script>").findings]
    assert found == [1, 2, 3, 4]


def test_a_file_cannot_be_drawn_in(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("kept to itself", "utf-8")
    for body in (
        f'--8<-- "{secret}"',
        f'- --8<-- "{secret}"',
        f'> --8<-- "{secret}"',
        f'```\n--8<-- "{secret}"\n```',
        f'    --8<-- "{secret}"',
        f"--8<--\n{secret}\n--8<--",
        f'`x\n--8<-- "{secret}"\n`',
        f'<pre>\n--8<-- "{secret}"\n</pre>',
        f'!!! note\n    -8<- "{secret}"',
    ):
        assert "kept to itself" not in render(to_markdown(parse(body)), EVERYTHING)


def test_the_reader_of_pages_would_see_a_threat() -> None:
    """Check that `threats` finds threats on pages of unprocessed bodies."""
    for name in ("script inline", "handler", "link", "attribute list on a link", "heading clobbering by attribute"):
        assert threats(render(HOSTILE[name][0], EVERYTHING)), name
