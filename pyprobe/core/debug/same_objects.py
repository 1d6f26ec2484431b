"""Whether two tuples hold the very same objects, told from their memory: nothing is ever asked.

Comparing them as Python does would run code of the program where objects differ.
"""

import sys
from collections.abc import Callable
from functools import lru_cache
from operator import is_
from typing import Any

Objects = tuple[Any, ...]
Span = tuple[int, int]
Read = Callable[[Objects], bytes]

_FEW = 12  # so many are compared one by one in the time that a look at memory takes
_MOST_PLACES = 6
_CHUNK = 256  # objects


def same_objects(first: Objects, second: Objects) -> bool:
    """Whether they are as long as each other and hold the same objects in the same order."""
    if len(first) != len(second):
        return False
    read = _reader() if len(first) > _FEW else None
    if read is None:
        return all(map(is_, first, second))
    return read(first) == read(second)


def other_objects(before: Objects, now: Objects) -> Span:
    """Return from where to where ``now`` may hold others, between what both begin and end with."""
    read = _reader()
    if read is None:
        return 0, len(now)
    old, new = read(before), read(now)
    word = len(new) // len(now) if now else 1
    step, most = _CHUNK * word, min(len(old), len(new))
    start = 0
    while start < most and old[start : start + step] == new[start : start + step]:
        start = min(start + step, most)
    most -= start
    end = 0
    while end < most:
        size = min(step, most - end)
        piece = slice(len(new) - end - size, len(new) - end)
        if old[len(old) - end - size : len(old) - end] != new[piece]:
            break
        end += size
    return start // word, (len(new) - end) // word


@lru_cache(maxsize=1)
def _reader() -> Read | None:
    """Return what reads the addresses of a tuple's objects, None where it is not known how."""
    try:
        import ctypes
    except ImportError:  # an interpreter built without it
        return None
    word = ctypes.sizeof(ctypes.c_void_p)
    probe = (object(), object(), object())
    words = (ctypes.c_void_p * _MOST_PLACES).from_address(id(probe))
    wanted = list(map(id, probe))
    places = [at for at in range(_MOST_PLACES - 2) if words[at : at + 3] == wanted]
    if len(places) != 1 or sys.getsizeof(probe) < (places[0] + 3) * word:
        return None
    first, string_at = places[0] * word, ctypes.string_at

    def read(objects: Objects) -> bytes:
        return string_at(id(objects) + first, word * len(objects))

    return read
