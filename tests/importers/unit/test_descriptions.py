"""Tests of combining the descriptions of a feed item: what the longer one lacks is kept whole."""

from time import process_time

import pytest

from mlguide_site.importers.feed.descriptions import Part, read_descriptions

TEA = "We talk about tea and how to brew it well at home."
MILK = "Later Bob says why milk tastes quite different in each town."


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
            f"{TEA}\n\n- With Sam Smith\n- Discount code: TEATIME1",
            f"<p>{TEA}</p><p>{MILK}</p><ul><li>With Sam Smithson</li><li>Discount code: TEATIME15</li></ul>",
            "- With Sam Smith\n- Discount code: TEATIME1",
        ),
        (
            f"{TEA}\n1. League: the present day\n2. League: the present day",
            f"<p>{TEA}</p><p>{MILK}</p><ul><li>1. League: the present day</li></ul>",
            "2. League: the present day",
        ),
        (
            "We have a talk about the teas of the world with Dr. Smith. " + MILK,
            f"<p>{MILK}</p><p>We have a talk about the teas of the world with Dr. Jones. He was ill.</p>",
            "We have a talk about the teas of the world with Dr. Smith.",
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


@pytest.mark.parametrize(("type_", "lines"), [("", ["- Tea", "- Milk"]), ("text/html", ["- Tea - Milk"])])
def test_a_text_with_only_a_link_keeps_its_paragraphs(type_: str, lines: list[str]) -> None:
    text = 'Of drinks.\n\n- Tea\n- Milk\n\nSee <a\nhref="https://tea.example/">us</a>.'
    assert read_descriptions([Part(text, type_)]).text.split("\n") == ["Of drinks.", *lines, "See us."]


LINKS = "Web: {0}\nBook: {1}"
LINKED = 'Web: <a href="{0}">{0}</a><br>Book: <a href="{1}">{1}</a>'
ADDRESSES = "https://tea.example/", "https://tea.example/book"


@pytest.mark.parametrize(
    ("shorter", "longer", "result"),
    [
        (
            f"{TEA}\n\n{LINKS.format(*ADDRESSES)}\n\nPlease rate us.",
            f"<p>{TEA}</p><p>{MILK}</p><p>{LINKED.format(*ADDRESSES)}</p>",
            f"{TEA}\n{MILK}\n{LINKS.format(*ADDRESSES)}\nPlease rate us.",
        ),
        (
            f"{TEA}\n1. Green tea of hills\n2. Black tea of towns\n\nBye.",
            f"<p>{TEA}</p><p>{MILK}</p><p>1. Green tea of hills<br>2. Black tea of towns</p>",
            f"{TEA}\n{MILK}\n1. Green tea of hills\n2. Black tea of towns\nBye.",
        ),
        (
            f"{TEA} {MILK} Bye!",
            f"<p>{TEA}</p><p>And of the ships.</p><p>{MILK}</p>",
            f"{TEA}\nAnd of the ships.\n{MILK}\nBye!",
        ),
        (
            f"{TEA} {MILK} Enjoy! Rate us.",
            f"<p>{TEA}</p><p>And of the ships.</p><p>{MILK}</p><p>Enjoy!</p><p>Links</p>",
            f"{TEA}\nAnd of the ships.\n{MILK}\nEnjoy!\nLinks\nRate us.",
        ),
        (
            "お茶の話をします。\n水の味も大事です。",
            "<p>水の味も大事です。</p><p>お茶の話をします。</p><p>山の村で育てます。</p>",
            "水の味も大事です。\nお茶の話をします。\n山の村で育てます。",
        ),
        (
            f"<h3>Tea</h3><p>{TEA}</p><p><b>{MILK}</b></p>",
            f"{TEA} {MILK} And here is one more sentence of the plain text.",
            f"Tea\n{TEA}\n{MILK}\nAnd here is one more sentence of the plain text.",
        ),
    ],
)
def test_what_both_descriptions_have_is_kept_once(shorter: str, longer: str, result: str) -> None:
    for parts in ((shorter, longer), (longer, shorter)):
        lines = read_descriptions([Part(one) for one in parts]).text.split("\n")
        assert sorted(lines) == sorted(result.split("\n"))


def test_long_texts_without_full_stops_take_linear_time() -> None:
    def seconds(count: int) -> float:
        text, start = "word tea milk sugar " * count, process_time()
        read_descriptions([Part(f"{text}a\nb other line"), Part(f"<p>{text} c</p><p>and another</p>")])
        return process_time() - start

    seconds(10)
    assert seconds(1600) < 8 * max(seconds(400), 0.005)
