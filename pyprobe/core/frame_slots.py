"""The slots in which the interpreter keeps the variables of a frame, read where they are.

Up to 3.12 Python offers no look at one variable that costs little: ``f_locals`` copies all of them
into a dict, which stays in the frame and keeps them alive, and ``PyFrame_GetVar`` takes half a
microsecond through ctypes. But a frame object points to the interpreter's own record of the frame
(``_PyInterpreterFrame`` in Include/internal/pycore_frame.h), which ends with the variables. Where
they begin in it is found by looking for two of our own.
"""

import sys
from collections.abc import Sequence
from functools import cache
from types import CodeType
from typing import NamedTuple

from pyprobe.core.code_map import fast_names
from pyprobe.core.frame_namespace import RECORD_PLACE
from pyprobe.core.memory_arrays import WORD, address_of, objects_from, pointers_from

_MOST_PLACES = 16


class Slot(NamedTuple):
    """One slot: ``values[records[address_of(frame) >> 3] >> 3]`` is what lies in it.

    ValueError where nothing does.
    """

    records: Sequence[int]
    values: Sequence[object]


@cache
def slots_place() -> int:
    """Return where variables begin in the interpreter's record of a frame; 0 if unknown."""
    if not sys.maxsize >> 32:
        return 0
    try:
        records, words = pointers_from(RECORD_PLACE), pointers_from(0)
    except ImportError:  # an interpreter built without ctypes
        return 0

    def find(first: object, second: object) -> int:
        record = records[address_of(sys._getframe()) >> 3]
        if not record:
            return 0
        begin = record >> 3
        wanted = (address_of(first), address_of(second))
        pairs = [(words[begin + at], words[begin + at + 1]) for at in range(_MOST_PLACES - 1)]
        return pairs.index(wanted) * WORD if pairs.count(wanted) == 1 else 0

    return find(object(), object())


def slots_of(code: CodeType, name: str) -> list[Slot]:
    """Return the slots of a variable of frames of ``code``; that of a cell holds the cell.

    A name that is free and is bound in an inlined comprehension has two, the latter's first.
    """
    places = [at for at, other in enumerate(fast_names(code)) if other == name]
    return [slot_at(at) for at in places]


def slot_at(place: int) -> Slot:
    """Return the slot of the variable of that place, counted from 0; the value stack follows."""
    return Slot(pointers_from(RECORD_PLACE), objects_from(slots_place() + WORD * place))
