"""The memory of the process as arrays without end: an address, in items, is an index.

Each array begins at a place of its own, which saves adding that at each look. Not made of ctypes,
which takes longer to import than a first capture may take, but of the C module below it.
"""

import sys
from collections.abc import MutableSequence, Sequence
from functools import cache
from typing import Any, cast

WORD = 8  # bytes; all of this is for 64 bits
address_of = id  # what a program puts in its place gives no addresses
_POINTER, _OBJECT, _BYTE = "P", "O", "B"  # as in the documentation of ctypes, and of array


@cache
def pointers_from(address: int) -> Sequence[int]:
    """Return the memory from an address on as pointers, which are numbers; None for 0.

    Raises:
        ImportError: the interpreter was built without ctypes.
    """
    return cast(Sequence[int], _array(_POINTER, WORD, address))


@cache
def objects_from(address: int) -> Sequence[object]:
    """Return the memory from an address on as objects; ValueError where there is a 0.

    Raises:
        ImportError: the interpreter was built without ctypes.
    """
    return cast(Sequence[object], _array(_OBJECT, WORD, address))


@cache
def bytes_from(address: int) -> MutableSequence[int]:
    """Return the memory from an address on as bytes.

    Raises:
        ImportError: the interpreter was built without ctypes.
    """
    return cast(MutableSequence[int], _array(_BYTE, 1, address))


def _array(code: str, size: int, address: int) -> object:
    from _ctypes import _SimpleCData

    kind: Any = type("Item", (_SimpleCData,), {"_type_": code})
    return (kind * (sys.maxsize // size)).from_address(address)
