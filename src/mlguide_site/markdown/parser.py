"""The parser of Markdown: CommonMark with tables, strikethrough, tasks, footnotes and admonitions."""

from functools import cache

from markdown_it import MarkdownIt

from mlguide_site.markdown.blocks import blocks_plugin
from mlguide_site.markdown.footnotes import footnotes_plugin
from mlguide_site.markdown.limits import MAX_NESTING, check_inline


class _Parser(MarkdownIt):
    """Markdown-it without its own policy for addresses: ours is applied to the finished tree, and reports to the
    author."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the name is markdown-it's
        return True


@cache
def parser() -> MarkdownIt:
    """The parser of a body; made once."""
    made = _Parser("commonmark", {"maxNesting": MAX_NESTING + 20})
    made.enable(["table", "strikethrough"])
    # the cleaner joins runs of text itself
    made.disable(["text_join", "fragments_join"])
    made.core.ruler.before("inline", "limits", check_inline)
    made.use(blocks_plugin)
    made.use(footnotes_plugin)
    return made
