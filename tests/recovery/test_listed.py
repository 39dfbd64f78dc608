"""Markers that survived in flat text: what they make of it, with a model and without."""

import pytest

from mlguide_site.recovery.kinds import HEADING, ITEM, MORE, PARAGRAPH, Found
from mlguide_site.recovery.listed import find_lists, marked_blocks, settled, told
from mlguide_site.recovery.recovery import recover
from mlguide_site.recovery.signs import read_tokens


def items(text: str) -> list[tuple[int, str]]:
    """Depth and words of the items that a line's own markers tell."""
    return [(block.depth, " ".join(block.words)) for block in marked_blocks(text) if block.kind == ITEM]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kit: * reed * comb * wool", [(0, "reed"), (0, "comb"), (0, "wool")]),
        ("- reed - comb - wool", [(0, "reed"), (0, "comb"), (0, "wool")]),
        ("Kit: – reed – comb – wool", [(0, "reed"), (0, "comb"), (0, "wool")]),
        ("Kit • reed • comb", [(0, "reed"), (0, "comb")]),
        ("1. reed 2. comb 3. wool", [(0, "1. reed"), (0, "2. comb"), (0, "3. wool")]),
        ("Kit: 1) reed 2) comb 3) wool", [(0, "1) reed"), (0, "2) comb"), (0, "3) wool")]),
        ("Kit: (a) reed (b) comb (c) wool", [(0, "(a) reed"), (0, "(b) comb"), (0, "(c) wool")]),
        ("Kit: (1) reed (2) comb (3) wool", [(0, "(1) reed"), (0, "(2) comb"), (0, "(3) wool")]),
        (
            "1. Wash: (a) soap (b) water (c) time 2. Dry 3. Card",
            [(0, "1. Wash:"), (1, "(a) soap"), (1, "(b) water"), (1, "(c) time"), (0, "2. Dry"), (0, "3. Card")],
        ),
        (
            "1. Saws • rip • cross 2. Planes • jack • smoother 3. Glue",
            [
                *((0, "1. Saws"), (1, "rip"), (1, "cross")),
                *((0, "2. Planes"), (1, "jack"), (1, "smoother"), (0, "3. Glue")),
            ],
        ),
        (
            "Do: 1. Warp it. 2. Weave it. 3. Cut it. Then rest a while.",
            [(0, "1. Warp it."), (0, "2. Weave it."), (0, "3. Cut it.")],
        ),
    ],
)
def test_markers_that_begin_items(text: str, expected: list[tuple[int, str]]) -> None:
    assert items(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It is 2 * 3 * 4 * 5 threads, or a * b * c * d.",
        "In version 1. 2 items were new, in version 2. 3 were, in version 3. none.",
        "A well - as he said - is deep - and cold - and dark.",
        "It was cold. - Really - she said - and left - for good.",
        "See: 1. Warp 3. Weft 4. Reed",
        "Take (a) one or (b) the other.",
        "Part 1. Warp Part 2. Weft Part 3. Reed",
        "From Monday - Friday - or so - we weave.",
    ],
)
def test_signs_and_numbers_that_begin_none(text: str) -> None:
    assert marked_blocks(text) == []


@pytest.mark.parametrize("text", ["## * 2 * 3 * 4", "a * 2 * 3 * 4 * • b", "* * * *", "x\n* 1\n* 2\n* 3"])
def test_tokens_and_marks_make_up_the_text(text: str) -> None:
    words = [token.text for token in read_tokens(text)]
    rest = iter(text.split())
    assert all(word in rest for word in words)
    assert text.replace("#", "\\#").split()[-1] in recover(text).markdown.replace("&#42;", "*")


def test_a_list_ends_where_the_model_says() -> None:
    text = (
        "Of looms. [0:00] Opening [4:30] The loom [12:10] Closing Further Reading The Heddle Book: A handbook in two"
        " parts. Warp Without Tears: A film."
    )
    assert recover(text).markdown.split("\n")[2:9] == [
        "- &#91;0:00&#93; Opening",
        "- &#91;4:30&#93; The loom",
        "- &#91;12:10&#93; Closing",
        "",
        "## Further Reading",
        "",
        "- **The Heddle Book:** A handbook in two parts.",
    ]


@pytest.mark.parametrize("name", ["Timestamps:", "Chapters", "Episode timestamps:", "Time codes:"])
def test_the_name_of_a_list_of_times_heads_it(name: str) -> None:
    text = f"Anna goes on about her looms. {name} 0:00 Opening 4:30 The loom 12:10 Closing"
    head = f"## {name}\n\n- 0:00 Opening\n"
    assert head in recover(text).markdown
    assert [" ".join(block.title) for block in marked_blocks(text) if block.kind == HEADING] == [name]


def test_markers_win_over_the_model() -> None:
    tokens = read_tokens("Chapters 0:00 Warp and Weft 1:00 Reed 2:00 Comb. Bye")
    lists = find_lists(tokens)
    index = [at for at, _ in told(tokens, lists)]
    found = [Found(at, at + 1, PARAGRAPH, 1.0) for at in range(len(index))]
    parts = settled(found, index, tokens, lists)
    assert [one.kind for one in parts] == [HEADING, ITEM, MORE, MORE, ITEM, ITEM, PARAGRAPH]
    assert [one.start for one in parts] == [0, 1, 3, 4, 5, 7, 9]


def test_what_markers_tell_is_not_in_doubt() -> None:
    text = "Timestamps: 0:00 Opening 4:30 The loom 12:10 Closing"
    assert recover(text).unsure == ()
