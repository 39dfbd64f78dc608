"""Tests of openings of notes."""

import pytest

from mlguide_site.markdown.document import MAX_CAPTION, opening_of
from mlguide_site.markdown.parse_and_sanitise import parse


def test_the_title_of_a_code_block_is_no_opening() -> None:
    assert parse('```py title="a.py"\nx\n```\n\nHot stars.').opening == "Hot stars."


def test_opening_of() -> None:
    assert opening_of(["Full notes at a.example/1. What stars are made of."], "Stars") == "What stars are made of."
    assert opening_of(["Hot stars."], "Stars") == "Hot stars."


@pytest.mark.parametrize(
    ("after", "caption"),
    [
        ("*A mill.*", "A mill."),
        ("_A mill with\ntwo wheels._\n\nText.", "A mill with two wheels."),
        ("*A* mill.", ""),
        ("**A mill.**", ""),
        ("* A mill.*", ""),
        (f"*{'a' * MAX_CAPTION}a*", ""),
        ("Text.\n\n*A mill.*", ""),
    ],
)
def test_an_emphasised_paragraph_after_an_image_is_its_caption(after: str, caption: str) -> None:
    assert [link.caption for link in parse(f"![M](m.png)\n\n{after}\n").links] == [caption]
    assert [link.caption for link in parse(f"See ![M](m.png)\n\n{after}\n").links] == [""]


@pytest.mark.parametrize(
    "start",
    [
        "![Cover](a-001/x.png)",
        "| Day | Guest |\n| --- | --- |\n| 1 | Ann |",
        "## Wool\n\n![Loom](a-001/x.png)",
        "[Image](https://a.example/x)",
        "[![Open In Colab](https://a.example/badge.svg)](https://a.example/x)",
        "[A wide loom with four shafts and ten treadles](https://a.example/x.jpg)",
        "[Watch the full episode on YouTube](https://a.example/x)",
        "Slides: [week03.pdf](https://a.example/w3.pdf)",
        "Zoom recording: [week 3](https://a.example/z)",
        "- [Introduction](#introduction)\n- [Wool](#wool)",
    ],
)
def test_an_opening_is_prose(start: str) -> None:
    assert parse(f"{start}\n\nHot stars.\n").opening == "Hot stars."
    assert parse(f"{start}\n").opening


@pytest.mark.parametrize(("body", "count"), [("# Wool\n\nHot.\n", 1), ("## Wool\n\nHot.\n", 0), ("# Warp\n", 0)])
def test_a_repeated_title_is_reported(body: str, count: int) -> None:
    assert len(parse(body, title="Wool").findings) == count


@pytest.mark.parametrize(
    "link", ["[Stars](https://a.example/1)", "[A whole sentence about all the stars that are hot](https://a.example/1)"]
)
def test_links_in_lists_and_sentences_are_openings(link: str) -> None:
    start = f"- {link}" if link.startswith("[Stars]") else link
    assert parse(f"{start}\n\nThanks to all of you.\n").opening == link[1:].partition("]")[0]
