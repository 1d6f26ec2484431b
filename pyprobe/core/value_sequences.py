"""Copies lists, tuples and arrays of numbers that are not numpy's."""

import sys
from array import array
from collections.abc import Iterable
from itertools import chain
from typing import Any

from pyprobe.core.value_arrays import LARGEST_ARRAY_BYTES, pack_plain_array, pack_raw
from pyprobe.core.value_numpy import NumpyTypes, numpy_types
from pyprobe.ipc.packed import NoRoom, PackedArray
from pyprobe.ipc.ring import RingWriter

_ITEM_BYTES = 8
_LONG = 4096
_LOOKED_AT_FIRST = 64
_BOOL, _INT, _FLOAT, _COMPLEX = (id(kind) for kind in (bool, int, float, complex))
_PYTHON_NUMBERS = frozenset((_BOOL, _INT, _FLOAT, _COMPLEX))
_CODES = "bBhHiIlLqQfd"
_TYPECODES = {
    code: f"{'|' if array(code).itemsize == 1 else '<'}{kind}{array(code).itemsize}"
    for code, kind in zip(_CODES, "iuiuiuiuiuff", strict=True)
}


def pack_sequence(
    value: Any, *, reduce_above: int, ring: RingWriter | None
) -> PackedArray | NoRoom | None:
    """Pack an exact list or tuple whose elements are all numbers; None if they are not.

    Ints and floats together become float64; ints beyond 64 bits are not packed. Empty is an empty
    float64 array. Above ``reduce_above`` bytes (0: never) every n-th element is taken.
    """
    length = len(value)
    if length > _LONG and not _may_be_numbers(value[:_LOOKED_AT_FIRST]):
        return None
    limit_bytes = reduce_above or LARGEST_ARRAY_BYTES
    step = -(-length * _ITEM_BYTES // limit_bytes)
    reduced = ""
    if step > 1:
        items = value[::step]
        reduced = f"every {step}th of {length} items"
    else:
        items = value[:]  # as it is now: another thread may change it
    kinds = _kinds_of(items)
    full_shape = [length if reduced else len(items)]
    if not kinds <= _PYTHON_NUMBERS:
        numpy = numpy_types()
        if numpy is None:
            return None
        return _pack_mixed(items, kinds, numpy, type(value).__name__, ring)
    packed = _to_bytes(items, kinds)
    if packed is None:
        return None
    data, dtype = packed
    return pack_raw(
        data,
        dtype,
        [len(items)],
        type(value).__name__,
        ring,
        full_shape=full_shape,
        reduced=reduced,
    )


def _may_be_numbers(first: Any) -> bool:
    """Tell whether the first items are numbers: before a long list is copied in vain."""
    kinds = _kinds_of(first)
    numpy = numpy_types()
    return kinds <= _PYTHON_NUMBERS or (
        numpy is not None and kinds <= _PYTHON_NUMBERS | numpy.converters.keys()
    )


def _kinds_of(items: Any) -> set[int]:
    """Return the ``id`` of each item's type: to hash or compare types may run a metaclass's code.

    Most often all are alike, so a type is looked at only where it differs from the one before:
    ``set(map(id, map(type, items)))``, which makes a number of each, takes over twice the time.
    """
    kinds: set[int] = set()
    last: object = None
    for kind in map(type, items):
        if kind is not last:
            last = kind
            kinds.add(id(kind))
    return kinds


def _to_bytes(items: Any, kinds: set[int]) -> tuple[bytes | memoryview, str] | None:
    """Return packed data and dtype; None for ints beyond 64 bits."""
    if _COMPLEX in kinds:
        parts = chain.from_iterable((number.real, number.imag) for number in items)
        return _little("d", parts), "<c16"
    if _FLOAT in kinds or not kinds:
        try:
            return _little("d", items), "<f8"
        except OverflowError:
            return None
    if kinds == {_BOOL}:
        return bytes(items), "|b1"
    for typecode, dtype in (("q", "<i8"), ("Q", "<u8")):
        try:
            return _little(typecode, items), dtype
        except OverflowError:
            continue
    return None


def _little(typecode: str, items: Iterable[Any]) -> memoryview:
    packed = array(typecode, items)
    if sys.byteorder == "big":
        packed.byteswap()
    return memoryview(packed).cast("B")


def _pack_mixed(
    items: Any, kinds: set[int], numpy: NumpyTypes, type_name: str, ring: RingWriter | None
) -> PackedArray | NoRoom | None:
    """Pack numbers among which are scalars of numpy, as many computed values are."""
    if not kinds <= _PYTHON_NUMBERS | numpy.converters.keys():
        return None
    packed = numpy.module.array(items)
    if packed.ndim != 1 or packed.dtype.kind not in "biufc":
        return None
    return pack_plain_array(packed, type_name, numpy, reduce_above=0, ring=ring)


def pack_typed_array(
    value: Any, *, reduce_above: int, ring: RingWriter | None
) -> PackedArray | NoRoom | None:
    """Pack an exact ``array.array`` of numbers; None if it holds characters."""
    dtype = _TYPECODES.get(value.typecode)
    if dtype is None:
        return None
    limit_bytes = reduce_above or LARGEST_ARRAY_BYTES
    length = len(value)
    step = -(-length * value.itemsize // limit_bytes)
    copied = value[::step] if step > 1 else value[:]
    if sys.byteorder == "big":
        copied.byteswap()
    return pack_raw(
        memoryview(copied).cast("B"),
        dtype,
        [len(copied)],
        "array",
        ring,
        full_shape=[length if step > 1 else len(copied)],
        reduced=f"every {step}th of {length} items" if step > 1 else "",
    )


def pack_memoryview(
    value: memoryview, *, reduce_above: int, ring: RingWriter | None
) -> PackedArray | NoRoom | None:
    """Pack a view of native numbers; None if it is released, too large or of another format."""
    try:
        dtype = _TYPECODES.get(value.format)
    except ValueError:  # released
        return None
    if dtype is None or sys.byteorder == "big" or value.nbytes > (reduce_above or value.nbytes):
        return None
    return pack_raw(value.tobytes(), dtype, list(value.shape or ()), "memoryview", ring)
