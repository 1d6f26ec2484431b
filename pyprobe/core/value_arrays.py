"""Copies arrays into the shared-memory ring or the record, reduced where they are too large."""

import sys
from typing import Any

from pyprobe.core.plain_types import plain_type_name
from pyprobe.core.value_numpy import NumpyTypes
from pyprobe.core.value_records import int_text, packed_text
from pyprobe.core.value_reduction import reduce_array
from pyprobe.ipc.packed import NO_ROOM, NoRoom, PackedArray, PackedScalar, PackedText
from pyprobe.ipc.ring import RingWriter

RING_FROM_BYTES = 64 << 10
# What one message can carry: above this an array is reduced even where it should be kept whole.
LARGEST_ARRAY_BYTES = 1 << 30

_RAW_KINDS = frozenset("biufcmMSUV")
_USER_DEFINED = 2
_INT64_MIN, _INT64_END = -(1 << 63), 1 << 63


def pack_array(
    value: Any, numpy: NumpyTypes, *, reduce_above: int, ring: RingWriter | None
) -> PackedArray | NoRoom | None:
    """Copy a numpy array; None if its elements are not raw data (objects, user-defined types).

    A subclass is read as its base, without its hooks.
    """
    type_name = plain_type_name(value)
    array = value if type(value) is numpy.ndarray else numpy.ndarray.view(value, numpy.ndarray)
    return pack_plain_array(array, type_name, numpy, reduce_above=reduce_above, ring=ring)


def pack_plain_array(
    array: Any, type_name: str, numpy: NumpyTypes, *, reduce_above: int, ring: RingWriter | None
) -> PackedArray | NoRoom | None:
    """Like ``pack_array``, for an exact ``ndarray`` that stands for a value of another type."""
    dtype = array.dtype
    if not _is_raw(dtype):
        return None
    full_shape = array.shape
    reduced = ""
    limit_bytes = reduce_above or LARGEST_ARRAY_BYTES
    if array.nbytes > limit_bytes:
        array, reduced = reduce_array(array, min(limit_bytes, LARGEST_ARRAY_BYTES), numpy)
    dtype = array.dtype
    wire_dtype = _wire_form(dtype, numpy)
    data, slot = _copy(array, wire_dtype, numpy, ring)
    if data is None:
        return NO_ROOM
    wire_name = dtype.str if wire_dtype is dtype else _wire_name(wire_dtype)
    return PackedArray((type_name, wire_name, array.shape, full_shape, reduced), data, slot)


def pack_raw(
    data: bytes | memoryview,
    dtype: str,
    shape: list[int],
    type_name: str,
    ring: RingWriter | None,
    *,
    full_shape: list[int] | None = None,
    reduced: str = "",
) -> PackedArray | NoRoom:
    """Pack little-endian data, of bytes, that nobody changes; ``dtype`` is ``dtype.str``."""
    slot: tuple[int, ...] = ()
    if ring is not None and RING_FROM_BYTES <= len(data) <= ring.largest:
        written = ring.write(data)
        if written is None:
            return NO_ROOM
        data, slot = b"", (written.position, written.size)
    elif type(data) is memoryview:
        data = data.tobytes()
    form = (type_name, dtype, tuple(shape), tuple(full_shape or shape), reduced)
    return PackedArray(form, data, slot)


def pack_numpy_scalar(
    value: Any, numpy: NumpyTypes, ring: RingWriter | None
) -> PackedScalar | PackedText | PackedArray | NoRoom | None:
    """Pack a scalar of one of numpy's own classes; None for text and bytes."""
    name = numpy.names[id(type(value))]
    converter = numpy.converters.get(id(type(value)))
    if converter is not None:
        number = converter(value)
        if type(number) is int and not _INT64_MIN <= number < _INT64_END:
            return packed_text("int", name, int_text(number)[0])
        return PackedScalar(number, name)
    if name in ("datetime64", "timedelta64"):
        return packed_text(name, name, str(value))
    if name == "void":
        structured = numpy.module.array(value)
        return pack_plain_array(structured, "void", numpy, reduce_above=0, ring=ring)
    return None


def _is_raw(dtype: Any) -> bool:
    if dtype.kind not in _RAW_KINDS or dtype.hasobject or not dtype.itemsize:
        return False
    if dtype.names is not None:
        return all(_is_raw(dtype.fields[name][0].base) for name in dtype.names)
    return bool(dtype.isbuiltin != _USER_DEFINED)


def _wire_form(dtype: Any, numpy: NumpyTypes) -> Any:
    """Return the dtype on the wire: little-endian, fields without gaps; often the same object."""
    if dtype.names is not None:
        fields = [(name, _wire_form(dtype.fields[name][0], numpy)) for name in dtype.names]
        return numpy.module.dtype(fields)
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return numpy.module.dtype((_wire_form(base, numpy), shape))
    if dtype.byteorder == ">" or (dtype.byteorder == "=" and sys.byteorder == "big"):
        return dtype.newbyteorder("<")
    return dtype


def _wire_name(dtype: Any) -> object:
    if dtype.names is None:
        return dtype.str
    fields: list[object] = []
    for name in dtype.names:
        field = dtype.fields[name][0]
        shape = [list(field.shape)] if field.shape else []
        fields.append([name, _wire_name(field.base), *shape])
    return fields


def _copy(
    array: Any, wire_dtype: Any, numpy: NumpyTypes, ring: RingWriter | None
) -> tuple[bytes | None, tuple[int, ...]]:
    """Copy the data once; None for the data where the ring has no room."""
    nbytes = array.size * wire_dtype.itemsize
    if ring is None or not RING_FROM_BYTES <= nbytes <= ring.largest:
        if wire_dtype is not array.dtype:
            array = array.astype(wire_dtype)
        return array.tobytes(), ()
    slot = ring.reserve(nbytes)
    if slot is None:
        return None, ()
    try:
        target = numpy.ndarray(array.shape, wire_dtype, slot.view)
        numpy.module.copyto(target, array)
        del target
    except BaseException:
        ring.forget(slot.position, slot.size)
        raise
    slot.view.release()
    return b"", (slot.position, slot.size)
