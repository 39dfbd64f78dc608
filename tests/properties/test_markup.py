"""Property tests of random bodies: Python-Markdown shows the same as the cleaned tree, without active content or
errors."""

import time

import jinja2
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from markup.reading import (
    CONTRACT,
    EVERYTHING,
    expected_html,
    has_formulas,
    has_notes,
    outline,
    plain_text,
    render,
    threats,
    tree,
    visible,
)
from mlguide_site.markdown.document import Insertion
from mlguide_site.markdown.engine_escape import escape_text
from mlguide_site.markdown.engine_markdown import to_markdown
from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.markdown.sentences import sentence_at

checked = settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))

WORDS = (
    "alpha", "beta gamma", "Node.js", "C++", "C#", "snake_case", "__init__", "1.", "- x", "# no", "a*b", "2 < 3",
    "R&D", "&copy;", "{x}", "{{ y }}", "[z]", "(p)", "`q`", "``r`s``", "**bold**", "*em*", "***be***", "~~del~~",
    "wow!", "\\", "[l](http://h.example/j_(k))", "[m](../n.md#o \"ti'\\\"t\")", "![img](p.png)",
    '![far](http://q.example/s.png "t")', "<kbd>K</kbd>", "H<sub>2</sub>O", "http://u.example/w.", "$5", "~6",
    "x^2^", "==hi==", "a|b", "\\|", "!", "$$", "...", "[![i](k.png)](http://l.example)", "<br>", "\\*esc\\*", "“q”",
    "é", "数据 分析", "**a**b", "x**y**z", "_u_", "&#42;", "*a **b** c*", "**[li](http://n.example)**", "*`c`*",
    "`{{ j }}`", "`a|b`", "line\nbreak", "hard  \nbreak", "&amp;lt;", "back\\\nslash", "<script>", "</div>",
    "<!-- c -->", "x<y>z", "`::: py`", "--", "'quote'", "@user", "#12", ":+1:", "\\\\", "a\\`b`c`", ":", ": d", "+",
    "++k++", "$x_1$", "$$\\frac{a}{b}$$", "!!! note", "???", "///", "1)", "2\\.", "=", "===", "<", "&", "&#",
)  # fmt: skip
words = st.sampled_from(WORDS)
inlines = st.lists(words, min_size=1, max_size=6).map(" ".join) | st.lists(words, min_size=1, max_size=4).map("".join)
lines = inlines.map(lambda text: text.replace("\n", " "))
code_lines = st.sampled_from(
    ["code", "  ind", " ", "", "<b>", "{{ t }}", "```", "> q", "- l", "\ttab", "# h", '--8<-- "x"', "a\u00a0b"]
)
HTML = (
    "<div>\n*x* & {{ y }} [a](b)\n</div>", "<details><summary>s</summary>\n<p>x</p></details>",
    "<p onclick=a>q</p>", "<script>x</script>", "<pre>\n a\n  b</pre>", "<table><tr><td>1</td></tr></table>",
    "<!-- c -->", "<hr>", "</details>", '<a href="http://x.example/[z](w)">l</a>',
    "<details>\n<summary>t</summary>",
)  # fmt: skip


def indented(text: str, rest: str, first: str | None = None) -> str:
    head, *tail = text.split("\n")
    begin = rest if first is None else first
    return "\n".join([begin + head, *(rest + line if line else "" for line in tail)])


@st.composite
def fences(draw: st.DrawFn) -> str:
    fence = draw(st.sampled_from(["```", "~~~", "````"]))
    info = draw(st.sampled_from(["", "py", "c++", "{.x}", ' js title="x"']))
    return "\n".join([fence + info, *draw(st.lists(code_lines, max_size=4)), fence])


@st.composite
def tables(draw: st.DrawFn) -> str:
    columns = draw(st.integers(1, 3))
    cells = st.lists(lines | st.just(""), min_size=1, max_size=columns + 1)
    head = draw(st.lists(lines | st.just(""), min_size=columns, max_size=columns))
    marks = draw(st.lists(st.sampled_from(["---", ":-:", ":--", "--:"]), min_size=columns, max_size=columns))
    return "\n".join(f"|{'|'.join(row)}|" for row in [head, marks, *draw(st.lists(cells, max_size=3))])


@st.composite
def lists(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    is_ordered, is_loose = draw(st.booleans()), draw(st.booleans())
    number = draw(st.sampled_from([0, 1, 7, 80]))
    bullet, point = draw(st.sampled_from("-*+")), draw(st.sampled_from(".)"))
    gap = "\n\n" if is_loose or draw(st.booleans()) else "\n"
    items = draw(st.lists(st.lists(inner, max_size=3).map(gap.join), min_size=1, max_size=4))
    markers = [f"{number + at}{point} " if is_ordered else f"{bullet} " for at in range(len(items))]
    written = [indented(item, " " * len(mark), mark) for mark, item in zip(markers, items, strict=True)]
    return ("\n\n" if is_loose else "\n").join(written)


@st.composite
def boxes(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    mark = draw(st.sampled_from(["!!!", "???", "???+"]))
    title = draw(st.sampled_from(["note", "tip", 'warning "Ti `t` *x* \\"', 'note ""', 'x y "z"', 'tip "# h"']))
    return f"{mark} {title}\n" + indented("\n\n".join(draw(st.lists(inner, max_size=3))), "    ")


@st.composite
def quotes(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    return indented("\n\n".join(draw(st.lists(inner, max_size=3))), draw(st.sampled_from(["> ", ">"])), "> ")


leaves = st.one_of(
    inlines,
    st.builds(lambda level, text: f"{'#' * level} {text}", st.integers(1, 6), lines),
    st.builds(lambda text, mark: f"{text}\n{mark}", lines, st.sampled_from(["===", "---"])),
    fences(),
    tables(),
    st.just("    indented\n\n    code"),
    st.sampled_from(["---", "***", "_ _ _"]),
    st.sampled_from(HTML),
)
blocks = st.recursive(leaves, lambda inner: lists(inner) | quotes(inner) | boxes(inner), max_leaves=8)
bodies = st.lists(blocks, min_size=1, max_size=4).map("\n\n".join)

PIECES = (
    "- ", "  ", "    ", "\n", "\n\n", "> ", "```\n", "~~~", "<div>", "</div>", "<script>", "</script>", "*", "**",
    "_", "`", "``", "[", "](", ")", "a", "b c", "1. ", "3) ", "# ", "## ", "|", "\n---\n",
    "| a | b |\n|---|---|\n| ", "\\", "&amp;", "!!! note\n    ", '??? tip "x"\n    ', "&", "{{ x }}",
    "{: onclick=x}", "http://x.example/z", "![", "<b>", "</b>", "==", "<kbd>", "</kbd>", "<br>", "<!-- ", " -->",
    "[^1]: ", "\t", ": ", "::: ", "~~", "^", "*[X]: y", "[X]: http://q.example", "[X]", '--8<-- "/etc/hostname"',
    "/// html | script", "$x$", ":smile:", "++", "[TOC]", "Title\n===", "- [ ] ", "#", "!", "<details>",
    "<summary>s</summary>", "</details>", "<p>", "<pre>", "</pre>", "<http://a.example>", "<x@y.example>", "'",
    "&#x3c;", "&lt;script&gt;", "javascript:alert(1)", "\x02", "\x03", "\u00a0", "é", "数据", '"',
    "<a href='javascript:x'>", "</a>", "<img src=x onerror=y>", "\n    ```py\n    code\n    ```\n",
    "\n  ~~~\n  <script>\n  ~~~\n", "wzxhzdk:0", "&#",
)  # fmt: skip
soups = st.lists(st.sampled_from(PIECES), min_size=1, max_size=25).map("".join)
characters = st.text(st.sampled_from("-*+_`~<>[](){}!#|\\&=^$:.\"' \t\nab1/\x02\r\u2028"), max_size=80)
anything = bodies | soups | characters | st.text(max_size=80) | st.text(st.characters(), max_size=20)


@checked
@given(anything)
@example("- a\n  ***\n  b")
@example("1. > ")
@example("&[amp;](javascript:x)")
def test_the_engine_reads_what_the_tree_says(body: str) -> None:
    document = parse(body)
    html = render(to_markdown(document))
    assert outline(html) == outline(expected_html(document))


@checked
@given(anything)
def test_nothing_acts(body: str) -> None:
    text = to_markdown(parse(body))
    assert threats(render(text, CONTRACT)) == []
    assert threats(render(text, EVERYTHING), classes=False) == []


@checked
@given(anything)
def test_nothing_is_a_template(body: str) -> None:
    text = to_markdown(parse(body))
    assert jinja2.Environment(keep_trailing_newline=True, autoescape=True).from_string(text).render() == text


@checked
@example("& <br>")
@example("- - <div>\n    *x* [a](b)\n    </div>")
@given(bodies | characters)
@example("```\n\n\n{{ t }}\n```")
@example("> ```\n>\n> {{ t }}\n> ```")
@example(r"a $\1$ b")
def test_what_was_written_is_written_again(body: str) -> None:
    document = parse(body)
    assume(not has_notes(document) and not has_formulas(document))
    text = to_markdown(document)
    # below a marker of three digits and a point, CommonMark needs more than four spaces, and Python-Markdown doesn't
    assume(not any(line.lstrip("> ")[:3].isdigit() for line in text.splitlines()))
    # parsers drop the first line end in <pre>, so each reading removes one of several
    assume("<pre>" not in body)
    assert to_markdown(parse(text)) == text


@checked
@given(anything, words)
def test_headings_get_the_anchors_that_are_told(body: str, title: str) -> None:
    document = parse(body, title)
    page = tree(render(f"# {escape_text(title)}\n\n{to_markdown(document)}"))
    anchors = [heading.get("id") for heading in page.iter("h1", "h2", "h3", "h4", "h5", "h6") if heading.get("id")]
    assert anchors[1:] == [section.anchor for section in document.sections[1:]]


@checked
@given(anything, st.data())
def test_links_change_no_text(body: str, data: st.DataObject) -> None:
    document = parse(body)
    insertions = {}
    for at, segment in enumerate(document.segments):
        places = sorted(data.draw(st.sets(st.integers(0, len(segment.text)), max_size=4)))
        pairs = zip(places[::2], places[1::2], strict=False)
        links = [Insertion(a, b, "../t/x.md") for a, b in pairs if segment.text[a:b].strip()]
        if links and segment.child >= 0:
            insertions[at] = links
    html = render(to_markdown(document, insertions))
    assert "".join(visible(html).split()) == "".join(visible(expected_html(document)).split())
    assert html.count('href="../t/x.md"') == sum(map(len, insertions.values()))
    assert threats(html) == []


@checked
@given(anything)
def test_segments_are_where_they_say(body: str) -> None:
    document = parse(body)
    for segment in document.segments:
        children = document.tokens[segment.token].children
        assert children is not None
        if segment.child >= 0:
            assert children[segment.child].content == segment.text
        block = document.blocks[segment.block]
        assert block.text[segment.offset :].startswith(segment.text)
        assert document.sections[block.section].line <= block.line or has_notes(document)
    assert all(link.block < len(document.blocks) for link in document.links)
    assert has_notes(document) or [block.line for block in document.blocks] == sorted(
        block.line for block in document.blocks
    )


@checked
@given(anything)
@example(r"a $\1$ b")
def test_plain_text_is_what_is_seen(body: str) -> None:
    document = parse(body)
    assume(not has_notes(document) and not has_formulas(document))
    assert "".join(plain_text(document).split()) == "".join(visible(expected_html(document)).split())


@checked
@given(st.text() | st.text(st.sampled_from("-*+_`~<>[](){}!#|\\&=^$:.\"' \tab1/"), max_size=40) | inlines)
def test_escaped_text_is_seen_as_it_is(text: str) -> None:
    escaped = escape_text(text)
    assert "\n" not in escaped
    folded = " ".join(plain_text(parse(escaped)).split())
    assert visible(render(escaped)) == folded
    shown = "".join(char for char in text if char.isprintable() or char.isspace())
    assert "".join(char for char in folded if char.isprintable() and not char.isspace()) == "".join(
        char for char in shown if char.isprintable() and not char.isspace()
    )


@checked
@given(st.text(st.sampled_from("Aab.!?… \n“”)3。"), max_size=120), st.data())
def test_a_sentence_holds_its_place(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    limit = data.draw(st.integers(2, 60))
    sentence, first, last = sentence_at(text, start, end, limit)
    assert sentence[first:last].split() == text[start:end].split()
    assert len(sentence) <= max(limit, last - first + 2)
    assert "  " not in sentence
    assert "\n" not in sentence


@settings(checked, max_examples=60)
@given(st.sampled_from(PIECES), st.sampled_from(PIECES), st.integers(1, 4_000))
def test_no_run_of_anything_is_slow(one: str, other: str, count: int) -> None:
    def seconds(times: int) -> float:
        start = time.process_time()
        to_markdown(parse((one + other) * times))
        return time.process_time() - start

    quarter = seconds(count // 4)
    assert seconds(count) < 8 * quarter + 1
