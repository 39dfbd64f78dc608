"""Names that are part of longer ones: of the two the longer is proposed, unless the short one stands alone as well."""

import pytest

from mlguide_site.editing.suggest.evidence import Candidate, Spot
from mlguide_site.editing.suggest.proposals import without_longer


def seen(key: str, *spots: tuple[int, int, int]) -> Candidate:
    return Candidate(key, spots=[Spot("dun-001", *spot) for spot in spots])


@pytest.mark.parametrize(
    ("short", "is_inner"),
    [
        # block, first character and last + 1; the longer name stands at 10 to 20 of the first three blocks
        ([(0, 10, 15), (1, 15, 20)], True),
        ([(0, 10, 15), (1, 15, 20), (2, 30, 35)], True),
        ([(0, 10, 15), (1, 15, 20), (2, 30, 35), (3, 10, 15)], False),
        ([(0, 0, 5), (1, 20, 25)], False),
        ([(5, 10, 15)], False),
    ],
)
def test_a_name_that_stands_in_longer_ones_only_is_inner(short: list[tuple[int, int, int]], is_inner: bool) -> None:
    names = [seen("felco rose", (0, 10, 20), (1, 10, 20), (2, 10, 20)), seen("felco", *short)]
    assert without_longer(names) == ({"felco"} if is_inner else frozenset())
    assert without_longer(names[::-1]) == without_longer(names)


def test_names_in_the_same_places_are_not_inner() -> None:
    assert without_longer([seen("b", (0, 10, 20)), seen("a", (0, 10, 20))]) == frozenset()


CUT = "We cut canes with the **Felco 2** tool, and oil it."


@pytest.mark.parametrize(
    ("tools", "bodies", "expected"),
    [
        ("", [CUT] * 3, ["Felco 2"]),
        ("", [CUT, CUT, CUT, "We oil the Felco."], ["Felco 2"]),
        ("", [CUT, CUT, "We oil the Felco tool, and the Felco cuts."], ["Felco"]),
        ("", [CUT, CUT, CUT.replace("2", "8"), CUT.replace("2", "8")], ["Felco"]),
        ("", [CUT.replace("2", "2.5")] * 3, ["Felco"]),
        # what an entry covers is not proposed, nor is a part of it
        ("felco-2: {name: Felco 2}\n", [CUT] * 3, []),
    ],
)
def test_a_number_that_always_follows_is_part_of_the_name(suggest, tools, bodies, expected) -> None:
    found = suggest(*bodies, tools=tools)
    assert [one.name for one in found] == expected
    # no place of a name is lost by its number
    assert all(one.count >= len(bodies) - 1 for one in found)
