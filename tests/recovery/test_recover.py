"""Tests of recovering the structure of flattened notes, and of the uncertain places in the text."""

import pytest

from mlguide_site.markdown.engine_escape import unescape
from mlguide_site.recovery import recovery
from mlguide_site.recovery.markdown import ITEM
from mlguide_site.recovery.recovery import FROM, ITEM_DISTANCE, Places, Recovered, recover
from mlguide_site.recovery.tokens import read_tokens

NOTES = (
    "Two potters talk about kilns, glazes and patience. Kiln Types and Fuels Electric Kilns: Clean, even and slow to"
    " cool. They suit beginners. Gas Kilns: Allow a reducing flame, which turns copper red. Wood Kilns: Take two days"
    " and a crew. Glaze Chemistry and Cost Silica: Makes the glass. Alumina: Keeps it from running off the pot. Fluxes:"
    " Lower the melting point of the mixture."
)


def recovered(text: str, *examples: str) -> Recovered:
    [found] = recover([text], examples)
    return found


def test_headings_labels_and_paragraphs_are_found() -> None:
    assert recovered(NOTES).markdown.split("\n") == [
        "Two potters talk about kilns, glazes and patience.",
        "",
        "## Kiln Types and Fuels",
        "",
        "- **Electric Kilns:** Clean, even and slow to cool. They suit beginners.",
        "- **Gas Kilns:** Allow a reducing flame, which turns copper red.",
        "- **Wood Kilns:** Take two days and a crew.",
        "",
        "## Glaze Chemistry and Cost",
        "",
        "- **Silica:** Makes the glass.",
        "- **Alumina:** Keeps it from running off the pot.",
        "- **Fluxes:** Lower the melting point of the mixture.",
    ]


def test_an_item_beside_others_needs_less_evidence() -> None:
    def starts(likely: dict[int, float], style: str) -> list[int]:
        size = max(likely) + 2
        begins = [likely.get(at, 0.0) for at in range(size)]
        return list(Places(begins, dict.fromkeys(likely, (0.0, 0.0, 1.0, 0.0))).starts(FROM[style]))

    list_of_three = {0: 0.9, 4: 0.4, 8: 0.8}
    assert starts(list_of_three, "other") == [0, 4, 8]
    assert starts(list_of_three, "labelled") == [0, 8]
    assert starts({0: 0.9, 4: 0.4, 5 + ITEM_DISTANCE: 0.8}, "other") == [0, 5 + ITEM_DISTANCE]
    assert starts({0: 0.9, 4: 0.4, 4 + ITEM_DISTANCE: 0.8}, "other") == [0, 4, 4 + ITEM_DISTANCE]
    assert ITEM in Places([0.6, 0.0], {0: (0.0, 0.0, 1.0, 0.0)}).starts(FROM["other"]).values()


def test_literal_marks_become_the_structure_they_meant() -> None:
    text = recovered("We met a weaver. ;## Natural Dyes Madder is red. • Weld • Woad • Walnut").markdown
    assert "## Natural Dyes\n" in text
    assert text.endswith("- Weld\n- Woad\n- Walnut")


def test_runs_that_are_asked_about_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "MAX_SCORED", 1)
    first, second = recover([NOTES, NOTES.replace("Kiln", "Oven")])
    assert all("## Glaze" not in found.markdown for found in (first, second))
    assert first.markdown.translate({ord(mark): None for mark in "*#-"}).split() == NOTES.split()


def test_places_of_a_note_that_are_scored_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    scored: list[int] = []
    numbers = recovery.place_numbers
    monkeypatch.setattr(recovery, "place_numbers", lambda note, at: scored.append(at) or numbers(note, at))
    words = " ".join(f"Word{at}" for at in range(recovery.MAX_PLACES + 1000))
    [found] = recover([words])
    assert len(scored) == recovery.MAX_PLACES
    assert found.markdown.translate({ord(mark): None for mark in "*#-"}).split() == words.split()


def test_known_ends_of_blocks_are_kept() -> None:
    assert recovered("The first line\nThe second line").markdown.count("\n") >= 1


@pytest.mark.parametrize("text", ["", " \n ", "word", ":", "## ", "• • •", "((((", '"' * 50, "A: B: C:", "\ud800 x"])
def test_odd_texts(text: str) -> None:
    markdown = unescape(recovered(text).markdown)
    assert all(token.text.strip('"(') in markdown for token in read_tokens(text))


def test_unsure_places_are_beginnings_of_words() -> None:
    text = (
        "Glazes Kiln Types Wood: Slow. Salt Firing Clay Bodies and Slips They melt Ash Glaze: Runs. Later Words Are"
        " Here Masking Causal Masking: Hide it. Model Selection: Compare Old Tools New Tools In the end it cools"
    )
    found = recovered(text)
    starts = {token.start for token in read_tokens(text)}
    assert found.unsure
    for place in found.unsure:
        assert place.offset in starts
        assert place.taken != place.instead
        assert {place.taken, place.instead} <= {"heading", "label", "item", "paragraph", "text"}
        assert 0 <= place.confidence < 0.6


def test_headings_that_the_root_has_twice_are_known() -> None:
    lesson = "They talk of looms and of wool.\n\n## where to find us\n\n- loom.example\n\n## credits\n\nRead by Ann."
    text = "of kilns and what they burn, wood and gas where to find us kiln.example credits read by Bob"
    markdown = recovered(text, lesson, lesson.replace("wool", "silk")).markdown
    assert [line for line in markdown.split("\n") if line.startswith("#")] == ["## where to find us", "## credits"]
    assert "#" not in recovered(text).markdown


@pytest.mark.parametrize("number", ["I.", "II.", "IV.", "XII."])
def test_roman_numbers_count_sections_and_end_no_sentence(number: str) -> None:
    text = f"All was said. {number} Kiln Types Electric Kilns: Clean. {number} Glaze Basics Silica: Makes glass."
    titles = [line for line in recovered(text).markdown.split("\n") if line.startswith("## ")]
    assert all(title != f"## {number}" for title in titles)
    assert f"{number} Kiln Types" in recovered(text).markdown
