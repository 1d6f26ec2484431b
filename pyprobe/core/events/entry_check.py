"""Callbacks whose entry is no occasion for a signal's handler: that waits for the ``try`` inside.

The interpreter looks for signals when a function begins, which is before anything can be caught in
it. It does not look where a generator goes on after ``yield from``; the operand of the function's
first instruction, ``RESUME``, says which of these it is.
"""

import sys
from opcode import opname as _OPNAME
from types import FunctionType
from typing import TypeVar, cast

F = TypeVar("F")

_AFTER_YIELD_FROM = 2


def without_entry_check(function: F) -> F:
    """Change a Python function that has not been called yet, and return it."""
    plain = cast("FunctionType", function)
    if sys.version_info < (3, 15):  # of what is known of RESUME
        raw = bytearray(plain.__code__.co_code)
        places = (place for place in range(0, len(raw), 2) if _OPNAME[raw[place]] == "RESUME")
        place = next(places, None)
        if place is not None and raw[place + 1] == 0:
            raw[place + 1] = _AFTER_YIELD_FROM
            plain.__code__ = plain.__code__.replace(co_code=bytes(raw))
    return function
