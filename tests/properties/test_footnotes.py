"""Property tests of random bodies with footnotes: references and footnotes link to each other, and no word is lost."""

import re
from itertools import count

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from markup.reading import EVERYTHING, expected_html, outline, render, threats, tree
from mlguide_site.markdown.engine_markdown import to_markdown
from mlguide_site.markdown.parse_and_sanitise import parse
from properties.test_markup import boxes, fences, lists, quotes, tables

checked = settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))

labels = st.sampled_from(["1", "2", "a", "A", "ß", "SS", "<b>", '"x"', "fn.1", "a^b", "*", "`", "\\", "&amp;", "{{x}}"])
references = labels.map("[^{}]".format)
PIECES = (
    "ww", "*ww*", "`ww`", "<kbd>ww</kbd>", "[ww](http://h.example)", "![ww", "](p.png)", "[ww", "](http://h.example)",
    "**", "ww\nww",
)  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | references, min_size=1, max_size=6).map(" ".join)
headings = texts.map(lambda text: "## " + text.replace("\n", " "))
leaves = texts | headings | fences() | tables()


@st.composite
def definitions(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    first, *rest = draw(st.lists(inner, min_size=1, max_size=3))
    between = draw(st.sampled_from(["\n", " "]))
    lines = "\n\n".join([first, *rest]).replace("\n", "\n    ")
    return f"[^{draw(labels)}]:{between}{'    ' * (between == chr(10))}{lines}"


blocks = st.recursive(
    leaves, lambda inner: lists(inner) | quotes(inner) | boxes(inner) | definitions(inner), max_leaves=8
)
bodies = st.lists(blocks | definitions(blocks), min_size=1, max_size=6).map("\n\n".join)


def with_own_words(body: str) -> str:
    """Return the body with a number in each of the generated words, so that each word is unique."""
    numbers = count()
    return re.sub(r"\bww\b", lambda _: f"w{next(numbers)}w", body)


@checked
@given(bodies)
@example("[^1]: a [^1]")
@example("[^2]\n\n[^1]: a [^2]\n\n    [^2]: b [^1]")
def test_every_reference_leads_to_its_note_and_each_note_back(body: str) -> None:
    page = tree(render(to_markdown(parse(body, "T"))))
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    links = {role: page.xpath(f'//a[@role="doc-{role}"]') for role in ("noteref", "backlink")}
    notes = {f"#{id}" for id in ids if re.fullmatch(r"fn\.\d+", id)}
    assert {link.get("href") for link in links["noteref"]} == notes
    # the backlink leads to the first reference
    there = [(link.get("href"), f"#{id}") for link in links["noteref"] if (id := link.getparent().get("id"))]
    back = [(f"#{link.getparent().get('id')}", link.get("href")) for link in links["backlink"]]
    assert sorted(there) == sorted(back)


@checked
@given(bodies)
def test_the_engine_reads_what_the_tree_says_and_nothing_acts(body: str) -> None:
    document = parse(body)
    html = render(to_markdown(document))
    assert outline(html) == outline(expected_html(document))
    assert threats(html) == []
    assert threats(render(to_markdown(document), EVERYTHING), classes=False) == []


@checked
@given(bodies.map(with_own_words))
def test_no_word_is_lost(body: str) -> None:
    html = render(to_markdown(parse(body)))
    assert set(re.findall(r"w\d+w", body)) == set(re.findall(r"w\d+w", html))
