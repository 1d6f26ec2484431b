"""Copies of values without parts: numbers, arrays, and all that is best said as text."""

from collections.abc import Callable
from typing import Any

from pyprobe.core.data_classifier import is_enum, loaded_class, word_for
from pyprobe.core.plain_types import FLAG_BYTES, FLAG_INT, FLAG_STR, class_name, flags_of, has_base
from pyprobe.core.value_arrays import pack_array, pack_numpy_scalar
from pyprobe.core.value_libraries import describe_library, pack_library
from pyprobe.core.value_numpy import numpy_types
from pyprobe.core.value_records import MAX_TEXT_CHARS, int_text, packed_text
from pyprobe.core.value_sequences import pack_memoryview, pack_typed_array
from pyprobe.core.value_text import exact_complex, exact_float, exact_int, summarise
from pyprobe.ipc.packed import NoRoom, PackedArray, PackedScalar, PackedText
from pyprobe.ipc.ring import RingWriter

_INT64_MIN, _INT64_END = -(1 << 63), 1 << 63

# A number kept as it is, or a record.
Leaf = bool | int | float | complex | PackedScalar | PackedArray | PackedText | NoRoom


def pack_numbers(
    value: Any, kind: type, *, reduce_above: int, ring: RingWriter | None
) -> Leaf | None:
    """Pack what holds numbers in a form of its own; None if the value is none of these."""
    numpy = numpy_types()
    if numpy is not None:
        if kind is numpy.ndarray or has_base(kind, numpy.ndarray):
            return pack_array(value, numpy, reduce_above=reduce_above, ring=ring)
        if id(kind) in numpy.names:
            return pack_numpy_scalar(value, numpy, ring)
    if kind is memoryview:
        return pack_memoryview(value, reduce_above=reduce_above, ring=ring)
    if kind is loaded_class("array", "array"):
        return pack_typed_array(value, reduce_above=reduce_above, ring=ring)
    packed = pack_library(value, reduce_above=reduce_above, ring=ring)
    return packed if packed is not None else _pack_derived_number(value, kind)


def _pack_derived_number(value: Any, kind: type) -> Leaf | None:
    """Pack an instance of a subclass of int, float or complex by the number it is."""
    if flags_of(kind) & FLAG_INT and not is_enum(kind):
        number = exact_int(value)
        if _INT64_MIN <= number < _INT64_END:
            return PackedScalar(number, class_name(kind)[:256])
    elif has_base(kind, float) and not is_enum(kind):
        return PackedScalar(exact_float(value), class_name(kind)[:256])
    elif has_base(kind, complex):
        return PackedScalar(exact_complex(value), class_name(kind)[:256])
    return None


def pack_text(value: Any, kind: type) -> PackedText:
    """Pack any value as its text."""
    flags = flags_of(kind)
    if not is_enum(kind):
        if flags & FLAG_STR:
            return _pack_str(str.__getitem__(value, slice(MAX_TEXT_CHARS + 1)), kind)
        if flags & FLAG_BYTES:
            return _pack_bytes(bytes.__getitem__(value, slice(MAX_TEXT_CHARS + 1)), kind)
    library = describe_library(value)
    if library is not None:
        return packed_text(kind.__name__, kind.__name__, library, cut=True)
    text, cut = summarise(value)
    return packed_text(word_for(value), class_name(kind), text, cut=cut)


def _pack_str(value: str, kind: type = str) -> PackedText:
    return packed_text("str", class_name(kind), value)


def _pack_bytes(value: bytes | bytearray, kind: type | None = None) -> PackedText:
    text = repr(bytes(value[: MAX_TEXT_CHARS + 1]))
    return packed_text("bytes", class_name(kind or type(value)), text)


def _pack_int(value: int) -> PackedText:
    text, cut = int_text(value)
    return packed_text("int", "int", text, cut=cut)


def _pack_none(value: None) -> PackedText:
    return packed_text("none", "NoneType", "None")


# Classes whose instances are text at once, by id.
EXACT_TEXT: dict[int, Callable[[Any], PackedText]] = {
    id(str): _pack_str,
    id(bytes): _pack_bytes,
    id(bytearray): _pack_bytes,
    id(int): _pack_int,
    id(type(None)): _pack_none,
}
