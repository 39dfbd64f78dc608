"""Each row of the table of threats has a test with its number."""

import re
from pathlib import Path

ROWS = range(1, 41)
_TEST = re.compile(r"^def test_(\d\d(?:_(?:and|to)_\d\d)*)_", re.MULTILINE)


def rows() -> set[int]:
    """Return the numbers in the names of tests: `test_03_…`, `test_03_and_40_…`, `test_27_to_29_…`."""
    found = set()
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        for name in _TEST.findall(path.read_text("utf-8")):
            numbers = [int(number) for number in re.findall(r"\d\d", name)]
            found |= set(range(numbers[0], numbers[-1] + 1)) if "_to_" in name else set(numbers)
    return found


def test_no_row_is_without_a_test() -> None:
    assert set(ROWS) - rows() == set()
