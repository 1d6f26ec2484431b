"""Functions whose entry is no occasion for a signal's handler, or for a tracer.

The interpreter looks for signals when a function begins, which is before anything can be caught in
it; in a callback that waits for the ``try`` inside. It does not look where a generator goes on
after ``yield from``; the operand of the function's first instruction, ``RESUME``, says which it is.
On 3.11 a tracer is told of a function from there on.
"""

import sys
from opcode import opmap as _OPMAP
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
        place = _entry(raw)
        if place is not None and raw[place + 1] == 0:
            raw[place + 1] = _AFTER_YIELD_FROM
            plain.__code__ = plain.__code__.replace(co_code=bytes(raw))
    return function


def without_tracing(function: F) -> F:
    """Change a Python function so that no tracer is told of it, on 3.11, and return it."""
    plain = cast("FunctionType", function)
    if sys.version_info < (3, 12):
        raw = bytearray(plain.__code__.co_code)
        place = _entry(raw)
        if place is not None:
            raw[place : place + 2] = bytes((_OPMAP["NOP"], 0))
            plain.__code__ = plain.__code__.replace(co_code=bytes(raw))
    return function


def _entry(raw: bytearray) -> int | None:
    return next((place for place in range(0, len(raw), 2) if _OPNAME[raw[place]] == "RESUME"), None)
