"""Hit counts: which of a breakpoint's hits count, as ``5``, ``>= 5`` or ``% 3``."""

import re
from collections.abc import Callable

from pyprobe.errors import PyProbeError

_MAX_DIGITS = 18
_TEXT = re.compile(rf"\s*(==|>=|>|%|)\s*([0-9][0-9_]{{0,{_MAX_DIGITS}}})\s*", re.ASCII)

Counts = Callable[[int], bool]


class HitCountError(PyProbeError):
    """A text is no hit count; the message says what is."""


def parse_hit_count(text: str) -> Counts | None:
    """Return what tells whether the N-th hit counts (from 1), None where every hit does.

    ``5`` (or ``== 5``) is the fifth hit only, ``>= 5`` and ``> 4`` all from the fifth on, ``% 3``
    every third.

    Raises:
        HitCountError: the text is none of these.
    """
    if not text.strip():
        return None
    found = _TEXT.fullmatch(text)
    number = int(found[2]) if found else 0
    if found is None or number < 1:
        shown = text if len(text) <= 40 else f"{text[:40]}…"
        raise HitCountError(f"A hit count is a number from 1, as in 5, >= 5 or % 3, not {shown!a}")
    return _counts(found[1], number)


def _counts(operator: str, number: int) -> Counts:
    if operator == ">=":
        return lambda hit: hit >= number
    if operator == ">":
        return lambda hit: hit > number
    if operator == "%":
        return lambda hit: hit % number == 0
    return lambda hit: hit == number
