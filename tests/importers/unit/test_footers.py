"""Tests of footers in feeds: which paragraph is the footer of WordPress, and which lines of dashes are removed."""

import pytest

from mlguide_site.importers import Context, Draft, Source
from mlguide_site.importers.feed.drafts import read
from mlguide_site.importers.feed.footers import cut_rule
from mlguide_site.markdown.block_records import Blocks, Paragraph, Run

PAGE = '<a href="https://www.garden.example/mulch">Mulch</a>'
SITE = '<a href="https://garden.example">Garden Talk</a>'
NOTES = "Straw keeps roots cool."


def body(footer: str, site: str = "https://garden.example/") -> str:
    item = "<title>Mulch</title><link>https://garden.example/mulch/</link>"
    text = f"<![CDATA[<p>{NOTES}</p>{footer}]]>"
    channel = f"<title>Garden Talk</title><link>{site}</link><item>{item}<description>{text}</description></item>"
    source = Source("feed.xml", f"<rss version='2.0'><channel>{channel}</channel></rss>".encode())
    return next(one.body for one in read(source, Context()) if isinstance(one, Draft))


@pytest.mark.parametrize(
    "footer",
    [
        f"<p>The post {PAGE} appeared first on {SITE}.</p>",
        f"<p>投稿 {PAGE} は {SITE} に最初に表示されました。</p>",
        f"<p>---</p><p>{PAGE.replace('Mulch', '<em>Mulch</em>')} ist zuerst erschienen auf {SITE}</p>",
    ],
)
def test_a_footer_of_wordpress_is_removed_in_any_language(footer: str) -> None:
    assert body(footer) == NOTES


@pytest.mark.parametrize(
    ("footer", "site"),
    [
        (f"<p>The post {PAGE.replace('Mulch', 'Compost')} appeared first on {SITE}.</p>", "https://garden.example"),
        (f"<p>The post {PAGE} appeared first on {SITE}.</p>", "https://other.example"),
        (f"<p>The post {PAGE} appeared first on {SITE}.</p>", ""),
        (f"<p>The post {PAGE} appeared first on {SITE} and {SITE}.</p>", "https://garden.example"),
        (f"<h2>The post {PAGE} appeared first on {SITE}.</h2>", "https://garden.example"),
        (f"<ul><li>The post {PAGE} appeared first on {SITE}.</li></ul>", "https://garden.example"),
        (f"<p>{PAGE} – {SITE}</p>", "https://garden.example"),
        (f"<p>In {PAGE}, {'we speak of straw ' * 4} on {SITE}.</p>", "https://garden.example"),
        (f"<p>The post {PAGE} appeared first on {SITE}.</p><p>Bring a rake.</p>", "https://garden.example"),
        ("<p>---</p>", "https://garden.example"),
    ],
)
def test_other_paragraphs_are_kept(footer: str, site: str) -> None:
    assert len(body(footer, site)) > len(NOTES) + 3


def said(*lines: str, level: int = 0) -> Paragraph:
    return Paragraph(tuple((Run(line),) for line in lines), level)


@pytest.mark.parametrize(
    ("blocks", "left"),
    [
        ((said("Peat."), said("---"), said("—— ")), (said("Peat."), said("---"), said("—— "))),
        ((said("Peat."), said("---"), said("——")), (said("Peat."),)),
        ((said("Peat.", "***"),), (said("Peat."),)),
        ((said("---"), said("Peat.")), (said("---"), said("Peat."))),
        ((said("Peat."), said("---", level=2)), (said("Peat."), said("---", level=2))),
        ((said("-"),), (said("-"),)),
        ((said("---"),), ()),
    ],
)
def test_a_rule_at_the_end_is_cut(blocks: Blocks, left: Blocks) -> None:
    assert cut_rule(blocks) == left
