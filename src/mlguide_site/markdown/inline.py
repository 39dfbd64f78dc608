"""The inline content of a paragraph, cell or heading, cleaned."""

from collections.abc import Callable

from markdown_it.token import Token

from mlguide_site.markdown.document import Block, Segment
from mlguide_site.markdown.gathered import Gathered
from mlguide_site.markdown.runs import Run
from mlguide_site.markdown.tags import settle_tags


class InlineCleaner:
    """Cleans the inline tokens of one body in order. `normalize` gives an address as it stands in a tree."""

    def __init__(self, gathered: Gathered, normalize: Callable[[str], str]) -> None:
        self._gathered = gathered
        self._normalize = normalize

    def clean(self, token: Token, line: int, index: int, heading: bool = False, title: bool = False) -> None:
        """Cleans the children of an inline token that begins in line `line` and will be token `index` of the document.

        Adds its block to the section before it, its segments (none in a heading), links and findings. A `title` is left
        as text alone.
        """
        gathered = self._gathered
        section = gathered.section
        children = token.children or []
        if len(children) == 1 and children[0].type == "text" and "://" not in (text := children[0].content):
            if not heading and not title:
                gathered.segments.append(Segment(text, index, 0, len(gathered.blocks), 0))
            gathered.blocks.append(Block(text, section, line))
            return
        if any(child.type == "html_inline" for child in children):
            children = settle_tags(children, line, gathered)
        run = Run(gathered, self._normalize, line, index, len(gathered.blocks), heading or title)
        for child in children:
            run.take(child)
        run.flush()
        run.trim()
        text = "".join(run.shown)
        token.children = run.out
        if title:
            token.children = [Token("text", "", 0, content=text)] if text.strip() else []
        gathered.blocks.append(Block(text, section, line))
