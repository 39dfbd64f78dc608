"""Tests of combining the descriptions of a feed item: what the longer one lacks is kept whole."""

from time import process_time

import pytest

from mlguide_site.importers.feed.descriptions import Part, read_descriptions

TEA = "We talk about tea and how to brew it well at home."


@pytest.mark.parametrize(
    ("shorter", "longer", "kept"),
    [
        (
            f"{TEA} Call us now! 0800 123456",
            f"<p>{TEA} It is long.</p><p>A guest tells of it.</p><p>Call us now!</p>",
            "0800 123456",
        ),
        (
            f"<p>{TEA}</p><ul><li>Sugar</li><li>Mint</li></ul>",
            f"{TEA} Why sugar is bad, and where mint grows.",
            "Sugar\nMint",
        ),
        (
            "Is tea healthy? Yes. Is milk healthy? No.",
            "Is tea healthy? Is milk healthy? No one knows, and yes, it is a long story.",
            "Is tea healthy? Yes. Is milk healthy? No.",
        ),
        (
            f"Drink it while it is hot, my dear friends of good tea. {TEA}",
            f"<p>He said: do not drink it while it is hot, my dear friends of good tea. He was wrong.</p><p>{TEA}</p>",
            "Drink it while",
        ),
        (
            "We talk to Dr. Smith. Tea is the most popular drink in the world after water.",
            "Tea is the most popular drink in the world after water. We also talk to Dr. Jones, who was ill.",
            "We talk to Dr. Smith.",
        ),
        (
            f"<ol><li>{TEA}</li><li>Then of the long way of the beans.</li><li>New</li></ol>",
            f"{TEA} Then of the long way of the beans. At the end, much more text follows for all who listen.",
            "At the end, much more text follows for all who listen.",
        ),
    ],
)
def test_what_only_one_description_has_is_kept(shorter: str, longer: str, kept: str) -> None:
    for parts in ((shorter, longer), (longer, shorter)):
        assert kept in read_descriptions([Part(one) for one in parts]).text


def test_long_texts_without_full_stops_take_linear_time() -> None:
    def seconds(count: int) -> float:
        text, start = "word tea milk sugar " * count, process_time()
        read_descriptions([Part(f"{text}a\nb other line"), Part(f"<p>{text} c</p><p>and another</p>")])
        return process_time() - start

    seconds(10)
    assert seconds(1600) < 8 * max(seconds(400), 0.005)
