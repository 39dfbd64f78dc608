"""The block rules that a line's first sign can open are all that need be asked."""

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mlguide_site.markdown.boxes import box_plugin, box_rule
from mlguide_site.markdown.first_sign import FirstSignParser
from mlguide_site.markdown.footnotes import footnote_def, footnotes_plugin

LINES = st.builds(
    str.__add__,
    st.sampled_from(["", " ", "  ", "    ", "\t", "> ", "- ", "1. ", "   > - "]),
    st.sampled_from(
        "a|b|c|one|---|- - -|***|___|===|-|+ x|* y|12) z|1.|# h|#no|###### six|> q|>|```|~~~ py|<div>|<!-- c|-->|</p>"
        "|<x y>|[r]: /u|[r]: <u> 't'|[x](y)|!!! note|??? tip \"T\"|!not|a | b|--|:-|é|`code`|\\# h|&amp;|٣. x|０. x"
        "|[^r]: x|[^r]:|\u3000- x|\u00a0# y".split("|")
    ),
)


def parsed(text: str, quick: bool) -> list[dict[str, object]]:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(box_plugin).use(footnotes_plugin)
    if quick:
        parser.block = FirstSignParser(parser.block, {box_rule: "!?", footnote_def: "["})
    return [token.as_dict() for token in parser.parse(text)]


@settings(max_examples=300)
@given(st.lists(LINES, max_size=12).map("\n".join))
def test_blocks_are_those_of_all_rules(text):
    assert parsed(text, quick=True) == parsed(text, quick=False)


@given(st.text(alphabet="ab-*_>#`~<[!?1.)+ |=:\n\t", max_size=80))
def test_blocks_of_any_signs_are_those_of_all_rules(text):
    assert parsed(text, quick=True) == parsed(text, quick=False)
