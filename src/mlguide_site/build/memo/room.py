"""Memory that is free, given back to the system."""

import ctypes
import sys
from functools import cache


def give_back() -> None:
    """Let the system have what this process has freed, where its C library can be asked for that (malloc_trim(3) of the
    GNU C library): thousands of small records leave many holes, and what comes next would be put behind them."""
    if sys.platform == "linux":
        trim = getattr(_c_library(), "malloc_trim", None)
        if trim is not None:
            trim(0)


@cache
def _c_library() -> ctypes.CDLL:
    return ctypes.CDLL(None)
