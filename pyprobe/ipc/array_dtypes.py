"""numpy dtypes as they stand on the wire: checked, built without evaluating anything."""

import re
from typing import Any

import numpy as np

from pyprobe.errors import ProtocolError

MAX_ITEM_BYTES = 1 << 24
_MAX_DEPTH = 16
_MAX_FIELDS = 4096

# Numbers, fixed-length text and raw bytes, dates and durations; never objects or comma lists.
_PLAIN = re.compile(r"[<|]?(?:b1|[iu][1248]|f(?:[248]|12|16)|c(?:8|16|24|32)|[SUV]\d{1,8})")
_TIMES = re.compile(r"<?[mM]8(?:\[\d{0,9}(?:Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as|generic)\])?")


def read_dtype(wire: object) -> np.dtype[Any]:
    """Build the dtype of an ArrayRecord.

    Raises:
        ProtocolError: it is not a plain or structured dtype of raw data.
    """
    try:
        dtype = _read(wire, 0)
    except (ValueError, TypeError, OverflowError) as error:
        raise ProtocolError(f"malformed dtype: {error}") from error
    if dtype.hasobject or not 0 < dtype.itemsize <= MAX_ITEM_BYTES:
        raise ProtocolError(f"a dtype of {dtype.itemsize} bytes, or of objects")
    return dtype


def _read(wire: object, depth: int) -> np.dtype[Any]:
    if isinstance(wire, str) and (_PLAIN.fullmatch(wire) or _TIMES.fullmatch(wire)):
        return np.dtype(wire)
    if isinstance(wire, list) and wire and depth < _MAX_DEPTH and len(wire) <= _MAX_FIELDS:
        return _read_fields(wire, depth + 1)
    raise ProtocolError("malformed dtype: neither a known name nor a list of fields")


def _read_fields(wire: list[object], depth: int) -> np.dtype[Any]:
    names: list[str] = []
    formats: list[Any] = []
    offsets: list[int] = []
    offset = 0
    for field in wire:
        if not isinstance(field, list) or len(field) not in (2, 3):
            raise ProtocolError("malformed dtype: a field is [name, dtype] or [name, dtype, shape]")
        field_type: Any = _read(field[1], depth)
        if len(field) == 3:
            field_type = np.dtype((field_type, read_shape(field[2])))
        name = _field_name(field[0])
        if name:  # a nameless field is padding
            names.append(name)
            formats.append(field_type)
            offsets.append(offset)
        offset += field_type.itemsize
        if offset > MAX_ITEM_BYTES:
            raise ProtocolError(f"a dtype of more than {MAX_ITEM_BYTES} bytes")
    layout: Any = {"names": names, "formats": formats, "offsets": offsets, "itemsize": offset}
    dtype: np.dtype[Any] = np.dtype(layout)
    return dtype


def _field_name(wire: object) -> str:
    """Return a field's name; one with a title comes as ``[title, name]``."""
    if isinstance(wire, list) and len(wire) == 2:
        wire = wire[1]
    if not isinstance(wire, str):
        raise ProtocolError("malformed dtype: a field's name is text")
    return wire


def read_shape(wire: object) -> tuple[int, ...]:
    """Check a shape.

    Raises:
        ProtocolError: it is not a list of at most 32 lengths.
    """
    if not isinstance(wire, list) or len(wire) > 32:
        raise ProtocolError("a shape is a list of at most 32 lengths")
    if any(type(length) is not int or not 0 <= length < 1 << 62 for length in wire):
        raise ProtocolError("a shape's lengths are whole numbers from 0")
    return tuple(wire)
