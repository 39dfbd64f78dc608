"""Tests of turning segments into Markdown: nesting, marks and escapes."""

from mlguide_site.recovery.markdown import BODY, HEADING, ITEM, LABEL, PARAGRAPH, blocks_of, plain, to_markdown


def written(*segments: tuple[int, str]) -> str:
    return to_markdown(blocks_of([(kind, words.split()) for kind, words in segments]))


def test_text_stays_with_its_label() -> None:
    text = written((HEADING, "Doors"), (PARAGRAPH, "One."), (LABEL, "Two:"), (BODY, "Three."), (ITEM, "Four."))
    assert text == "## Doors\n\nOne.\n\n- **Two:** Three.\n- Four."


def test_labels_stand_under_the_label_whose_words_they_take_up() -> None:
    text = written(
        (LABEL, "Warp and Weft:"), (LABEL, "Warp:"), (BODY, "Along."), (LABEL, "Weft:"), (BODY, "Across."),
        (LABEL, "Selvedge:"), (BODY, "The edge."),
    )  # fmt: skip
    assert text == ("- **Warp and Weft:**\n    - **Warp:** Along.\n    - **Weft:** Across.\n- **Selvedge:** The edge.")


def test_items_stand_under_a_label_that_opens_a_list() -> None:
    text = written(
        (LABEL, "Tools:"), (BODY, "You need:"), (ITEM, "Awl"), (ITEM, "Wax"), (LABEL, "Cost:"), (BODY, "Low")
    )
    assert text == "- **Tools:** You need:\n    - Awl\n    - Wax\n- **Cost:** Low"


def test_plain_text_is_escaped() -> None:
    text = written((HEADING, "C#"), (PARAGRAPH, "# not *this*"), (ITEM, "1. First"), (ITEM, "- dash"), (ITEM, "+ plus"))
    assert text == "## C\\#\n\n\\# not \\*this\\*\n\n1. First\n- dash\n- \\+ plus"


def test_numbers_out_of_turn_are_text() -> None:
    text = written((ITEM, "3. One"), (ITEM, "4. Two"), (ITEM, "7. Three"), (ITEM, "8. Four"), (ITEM, "1) Five"))
    assert text == "3. One\n4. Two\n- 7\\. Three\n8. Four\n1) Five"


def test_plain_words_have_no_markup() -> None:
    text = "A **bold** [link](https://example.org/), `code` and 2 \\* 3 &amp; more"
    assert plain(text) == "A bold link, code and 2 * 3 & more"
