"""Measures the memory that a piece of work needs."""

import tracemalloc
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def traced(work: Callable[[], T]) -> tuple[T, int]:
    """Return the result of `work`, and the largest memory of its Python objects in bytes."""
    tracemalloc.start()
    try:
        return work(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
