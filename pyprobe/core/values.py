"""Copies or summarises any value at the hit, without running code of the program.

Nothing that ``pack`` returns refers to an object of the program.
"""

from typing import Any

from pyprobe.core.plain_types import class_name
from pyprobe.core.value_branches import opener_of
from pyprobe.core.value_failures import describe_failure, is_programs
from pyprobe.core.value_leaves import EXACT_TEXT, Leaf, pack_numbers, pack_text
from pyprobe.core.value_records import packed_text
from pyprobe.core.value_sequences import pack_sequence
from pyprobe.core.value_tree import pack_tree
from pyprobe.ipc.packed import NO_ROOM, PackedArray, PackedScalar, PackedText, PackedTree
from pyprobe.ipc.ring import RingWriter

_INT64_MIN, _INT64_END = -(1 << 63), 1 << 63

# What a capture keeps: a number as it is, or a record.
Packed = Leaf | PackedTree


def pack(value: Any, *, reduce_above: int, ring: RingWriter | None) -> Packed:
    """Return what a capture keeps of a value.

    Exact float, bool, complex and int within 64 bits come back as they are, numbers of other types
    as PackedScalar, arrays and sequences of numbers as PackedArray, what has parts as PackedTree,
    the rest as PackedText.
    Arrays above ``reduce_above`` bytes are reduced (0: kept whole); those from 64 KiB go through
    ``ring`` if there is one, and the value is ``NO_ROOM`` while it is full.

    A failure of ours becomes a PackedText with kind ``error`` whose ``failure`` says what it was.
    What the program's own signal handlers raise passes through, and so does a RecursionError.
    """
    kind = type(value)
    if kind is float or kind is bool or kind is complex:
        return value  # type: ignore[no-any-return]
    if kind is int and _INT64_MIN <= value < _INT64_END:
        return value  # type: ignore[no-any-return]
    try:
        return _pack(value, kind, reduce_above, ring)
    except RecursionError:  # there is no frame left; the event's source may make room
        raise
    except Exception as error:
        if is_programs(error):
            raise
        failure = describe_failure(kind, error)
    return packed_text("error", class_name(kind), failure, failure=failure)


def _pack(value: Any, kind: type, reduce_above: int, ring: RingWriter | None) -> Packed:
    exact = EXACT_TEXT.get(id(kind))
    if exact is not None:
        return exact(value)
    packed: Packed | None = None
    if kind is list or kind is tuple:
        packed = pack_sequence(value, reduce_above=reduce_above, ring=ring)
    elif kind is not dict:
        packed = pack_numbers(value, kind, reduce_above=reduce_above, ring=ring)
    if packed is not None:
        return packed
    opener = opener_of(value, kind)
    if opener is None:
        return pack_text(value, kind)
    return pack_tree(value, kind, opener, reduce_above=reduce_above, ring=ring)


__all__ = [
    "NO_ROOM",
    "Packed",
    "PackedArray",
    "PackedScalar",
    "PackedText",
    "PackedTree",
    "pack",
]
