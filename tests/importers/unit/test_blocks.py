"""Tests of removing promotion from blocks: matches and blocks that become empty are removed, all other text is kept."""

from mlguide_site.importers.feed.descriptions import cut_promotion
from mlguide_site.markdown.block_records import PLAIN, Code, Group, Paragraph, Run, Style

PATTERNS = ("Join our club",)


def said(*texts: str, level: int = 0) -> Paragraph:
    return Paragraph(tuple((Run(text),) for text in texts), level)


def test_without_patterns_all_stays() -> None:
    blocks = (said("Join our club"),)
    assert cut_promotion(blocks, ()) == (blocks, ())


def test_what_matches_is_cut_out_of_lines_and_what_is_empty_then_goes() -> None:
    blocks = (said("A loom.", "Join our club", level=2), said("Join our club"), Code("a"))
    assert cut_promotion(blocks, PATTERNS) == ((said("A loom.", level=2), Code("a")), PATTERNS * 2)


def test_a_match_over_several_styles_is_cut_from_each() -> None:
    bold = Style(bold=True)
    line = (Run("Now join"), Run(" our ", bold), Run("club, and weave", PLAIN))
    cut, used = cut_promotion((Paragraph((line,)),), PATTERNS)
    assert used == PATTERNS
    assert "".join(run.text for run in cut[0].lines[0]).split() == ["Now", "and", "weave"]


def test_groups_keep_what_is_left() -> None:
    whole = Group("li", (said("A loom"),))
    cut, _ = cut_promotion((Group("ol", (whole, Group("li", (said("Join our club"),))), 3), whole), PATTERNS)
    assert cut == (Group("ol", (whole,), 3), whole)
