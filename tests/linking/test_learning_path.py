"""Tests of learning paths: each episode occurs once, after its prerequisites, and the order is otherwise unchanged."""

from hypothesis import given
from hypothesis import strategies as st

from mlguide_site.linking.learning_path import in_stages, learning_path

NUMBERS = st.integers(0, 30)


@st.composite
def shows(draw: st.DrawFn) -> tuple[list[str], dict[str, list[str]]]:
    """Generate episodes in any order. Some require episodes with lower numbers, so there is no cycle."""
    numbers = draw(st.lists(NUMBERS, unique=True, max_size=20))
    requires = {
        str(number): [str(need) for need in draw(st.lists(NUMBERS.filter(lambda n, top=number: n < top), max_size=3))]
        for number in (number for number in range(31) if number)
    }
    return [str(number) for number in numbers], requires


def test_at_most_so_many_prerequisites_are_followed():
    requires = {str(number): [str(number - 1)] for number in range(1, 100)}
    assert learning_path(["99", "0", "95"], requires, 4) == ("95", "99", "0")
    assert learning_path(["99", "50"], requires, 4) == ("99", "50")
    assert learning_path(["99", "0"], requires) == ("0", "99")


def test_a_short_run_comes_last_unless_another_run_builds_on_it():
    ids = ["x", "y", *(str(number) for number in range(30))]
    requires = {"y": ["x"], **{str(number): [str(number - 1)] for number in range(1, 30)}}
    stages = in_stages(ids, requires, 5)
    assert list(stages)[-2:] == ["x", "y"]
    assert (stages["29"], stages["x"], stages["y"]) == (5, 6, 6)
    stages = in_stages(ids, {**requires, "29": ["28", "y"]}, 5)
    assert (stages["x"], stages["y"], max(stages.values())) == (1, 1, 5)


def test_a_long_chain_has_stages_of_about_the_same_size():
    # four other episodes stand at each of the first steps of the chain
    requires = {f"{step}{at}": [f"{step - 1}0"] for step in range(1, 9) for at in range(5 if step < 3 else 1)}
    stages = in_stages(["00", *requires], requires, 3)
    assert [*stages.values()] == [1] * 6 + [2] * 6 + [3] * 5


def all_needs(id: str, requires: dict[str, list[str]]) -> set[str]:
    """Return all direct and indirect prerequisites of an episode."""
    found: set[str] = set()
    left = list(requires.get(id, ()))
    while left:
        need = left.pop()
        if need not in found:
            found.add(need)
            left += requires.get(need, ())
    return found


@given(shows())
def test_each_episode_stands_once_behind_all_it_requires(show) -> None:
    ids, requires = show
    path = learning_path(ids, requires)
    assert sorted(path) == sorted(ids)
    assert learning_path(path, requires) == path
    for found in (path, tuple(in_stages(ids, requires, 5))):
        for at, id in enumerate(found):
            assert not all_needs(id, requires) & set(found[at + 1 :])


@given(st.lists(st.text("abc", min_size=1), unique=True))
def test_without_requirements_the_order_stays(ids) -> None:
    assert list(learning_path(ids, {})) == ids


def test_a_cycle_ends() -> None:
    requires = {"a": ["b"], "b": ["c"], "c": ["a"]}
    assert sorted(learning_path(["a", "b", "c"], requires)) == ["a", "b", "c"]


def test_a_long_chain_is_no_recursion() -> None:
    ids = [str(number) for number in range(5000)]
    requires = {str(number): [str(number + 1)] for number in range(4999)}
    assert learning_path(ids, requires) == tuple(reversed(ids))


def test_learning_path() -> None:
    assert learning_path(["a", "c"], {"a": ["b"], "b": ["c"]}) == ("c", "a")
