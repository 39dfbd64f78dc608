"""Quotes and callouts that nest deeper, or more often, than anybody writes them."""

import time

from mlguide_site.importers import vault_blocks
from mlguide_site.importers.sections import mark_code
from mlguide_site.importers.vault_blocks import write_blocks


def write(text: str) -> str:
    return write_blocks(mark_code(text.split("\n")), lambda _number, line, _html: line)


def test_what_nests_too_deep_stays_as_it_is_written() -> None:
    text = "> " * (vault_blocks.MAX_DEPTH + 5) + "deep"
    assert write(text) == text


def test_many_quotes_within_quotes_are_read_soon() -> None:
    lines = 60_000
    start = time.perf_counter()
    found = write("\n".join([">" * 25 + " x"] * lines))
    assert time.perf_counter() - start < 20
    assert found.count("x") == lines
