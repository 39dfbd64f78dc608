"""Tests of notes that are adapted to the file format: footnotes stay footnotes."""

from mlguide_site.markdown.parse_and_sanitise import parse
from mlguide_site.merge.drafts import fit_body


def test_a_footnote_that_begins_like_a_dead_link_stays_one() -> None:
    body = "See [there](b.md) and [here][h], both told[^1].\n\n[h]: b.md\n\n[^1]: b.md is gone."
    fitted, remarks = fit_body(body, "T")
    assert fitted.endswith("\n\n\\[h]: b.md\n\n[^1]: b.md is gone.")
    assert {remark.message for remark in remarks} == {'a link points to "b.md", which does not exist'}
    assert [block.text for block in parse(fitted).blocks][-1] == "b.md is gone."


def test_nobody_meant_a_link_by_the_first_word_of_a_footnote() -> None:
    assert fit_body("Tall[^1], wide[^a b].\n\n[^1]: Foot.\n[^a b]: Foot.", "T")[1] == []


def test_only_the_broken_links_of_a_line_are_escaped() -> None:
    text = "[a](#Öx%20a), [b](https://b.example/), [c](%C3%B6.md)"
    assert fit_body(text, "T")[0] == "\\[a](#Öx%20a), [b](https://b.example/), \\[c](%C3%B6.md)"


def test_code_stays_as_it_is_beside_broken_links() -> None:
    text = "[a `b[0]`](c.md), `[d](c.md)`, ![e](f.png), [e](https://e.example/), <a `1`\n\n    [h]: c.md\n\n[[i-001]]"
    fitted = "\\[a `b[0]`](c.md), `[d](c.md)`, !\\[e](f.png), [e](https://e.example/), <a `1`\n\n    [h]: c.md\n\n"
    assert fit_body(text, "T")[0] == f"{fitted}\\[[i-001]]"


def test_links_with_broken_pictures_become_text_but_code_does_not() -> None:
    text = "[![a](b.png)](https://a.example/) <u>`c[0]`</u> `c<d>`\n\n[e](https://e.example/)"
    fitted = "\\[!\\[a](b.png)](https://a.example/) &lt;u>`c[0]`&lt;/u> `c<d>`\n\n[e](https://e.example/)"
    assert fit_body(text, "T")[0] == fitted


def test_other_definitions_survive_a_broken_one() -> None:
    text = "[a][b], [c][d]\n\n[b]: e.md\n[d]: https://d.example/"
    assert fit_body(text, "T")[0] == "\\[a][b], [c][d]\n\n\\[b]: e.md\n\n[d]: https://d.example/"
