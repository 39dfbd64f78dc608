"""Tests of the limits in LIMITS.md: they equal those of the code."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.fuzz.table import table


def test_limits_are_stated_as_they_are(checkout: Path, golden: Callable[[Path, str], None]) -> None:
    golden(checkout / "LIMITS.md", table())


def test_every_shape_fills_its_limit() -> None:
    """Check that each shape returns data, and not much more than the requested size. Small sizes save time."""
    pytest.importorskip("resource", reason="memory is measured on Unix")
    from benchmarks.fuzz.limits import LIMITS
    from benchmarks.fuzz.readers import READERS

    for name, limit in LIMITS.items():
        assert name in READERS
        for shape, make in limit.shapes.items():
            size = 2_000_000 if name == "vault" else 90_000
            assert 0 < len(make(size)) < size * 1.2, f"{name}: {shape}"
