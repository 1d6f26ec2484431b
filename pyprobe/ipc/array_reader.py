"""Arrays as the front end uses them: checked, and read where they lie, in a message or the ring."""

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pyprobe.errors import ProtocolError
from pyprobe.ipc.array_dtypes import read_dtype, read_shape
from pyprobe.ipc.array_text import with_readable_text

Data = bytes | memoryview
# An array without its data: type, dtype, shape, full_shape, reduced.
_Form = tuple[str, np.dtype[Any], tuple[int, ...], tuple[int, ...], str]

_ARRAY_KEYS = {"type", "dtype", "shape", "full_shape", "data", "slot", "reduced"}
_RUN_KEYS = {"type", "dtype", "shape", "full_shape", "slots", "reduced"}


class SlotReader(Protocol):
    """What can take data out of the shared-memory ring: ``ring.RingReader``."""

    def take(self, position: int, size: int) -> Data:
        """Return a slot's data, released when it is let go; ProtocolError if there is none."""


@dataclass(frozen=True, eq=False)
class ArrayValue:
    """An array as captured; read-only, C order. ``type``, ``reduced``: see ArrayRecord.

    ``full_shape`` is the shape before the array was reduced at the source, else ``array.shape``.
    """

    array: NDArray[Any]
    type: str
    full_shape: tuple[int, ...]
    reduced: str

    @property
    def nbytes(self) -> int:
        """The size of its data."""
        return self.array.nbytes


class _AlikeValue(ArrayValue):
    """One of many arrays that are alike: made of its data when it is first looked at.

    Most of a flood of large arrays are let go unseen.
    """

    _data: Data
    _form: _Form

    def __init__(self, data: Data, form: _Form) -> None:
        type_name, _dtype, _shape, full_shape, reduced = form
        self.__dict__.update(
            _data=data, _form=form, type=type_name, full_shape=full_shape, reduced=reduced
        )

    @cached_property
    def array(self) -> NDArray[Any]:
        _type_name, dtype, shape, _full_shape, _reduced = self._form
        return _array_of(self._data, dtype, shape)

    @property
    def nbytes(self) -> int:
        return len(self._data)


def read_array(wire: object, ring: SlotReader | None) -> ArrayValue:
    if not isinstance(wire, dict) or wire.keys() != _ARRAY_KEYS:
        raise ProtocolError("an array is a map of type, dtype, shape, full_shape, data and slot")
    data = wire["data"]
    if not isinstance(data, Data) or (data and wire["slot"]):
        raise ProtocolError("an array has its data in the record or in a slot")
    form = _read_form(wire)
    data = data if wire["slot"] == [] else take_slot(wire["slot"], ring)
    return array_value(data, form)


def read_run(wire: dict[Any, Any], count: int, ring: SlotReader | None) -> list[ArrayValue]:
    slots = _slots_of(wire)
    if len(slots) != count:
        raise ProtocolError(f"{count} slots expected")
    form = _read_form(wire)
    if ring is None:
        raise ProtocolError("a slot without a ring")
    alike: list[ArrayValue] = [
        _AlikeValue(ring.take(position, size), form) for position, size in slots
    ]
    sizes = {size for _, size in slots}
    if len(sizes) > 1:
        raise ProtocolError(f"arrays of {len(sizes)} sizes are not alike")
    alike[0].array  # noqa: B018 - what can be wrong is the same of all
    return alike


def _read_form(wire: dict[Any, Any]) -> _Form:
    type_name, reduced = wire["type"], wire["reduced"]
    if not isinstance(type_name, str) or not isinstance(reduced, str):
        raise ProtocolError("an array's type and reduced are text")
    shape, full_shape = read_shape(wire["shape"]), read_shape(wire["full_shape"])
    return type_name, read_dtype(wire["dtype"]), shape, full_shape, reduced


def array_value(data: Data, form: _Form) -> ArrayValue:
    """Return the array that ``data`` holds.

    Raises:
        ProtocolError: the data does not make such an array.
    """
    type_name, dtype, shape, full_shape, reduced = form
    return ArrayValue(_array_of(data, dtype, shape), type_name, full_shape, reduced)


def take_slot(wire: object, ring: SlotReader | None) -> Data:
    """Return the data of a slot, ``[position, size]``.

    Raises:
        ProtocolError: there is no such slot, or no ring.
    """
    position, size = _slot(wire)
    if ring is None:
        raise ProtocolError("a slot without a ring")
    return ring.take(position, size)


def _slot(wire: object) -> tuple[int, int]:
    if not isinstance(wire, list) or len(wire) != 2:
        raise ProtocolError("a slot is [position, size]")
    return wire[0], wire[1]


class _RingData(np.ndarray[Any, Any]):
    """Bytes in the ring; whatever is made of them keeps ``view``, and so the slot.

    numpy does not: of a memoryview it keeps only what that was made of.
    """

    view_held: memoryview


def _array_of(data: Data, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    if prod(shape) * dtype.itemsize != len(data):
        raise ProtocolError(f"{len(data)} bytes do not make an array of shape {shape}")
    buffer: Any = data if data else None
    if isinstance(data, memoryview):
        # Made of the view directly: of two arrays in a row numpy would let the inner one go.
        buffer = _RingData(len(data), np.uint8, data)
        buffer.view_held = data
    try:
        array: NDArray[Any] = np.ndarray(shape, dtype, buffer)
    except (ValueError, TypeError, MemoryError) as error:
        raise ProtocolError(f"no array of shape {shape}: {error}") from error
    if dtype.kind in "UV":
        array = with_readable_text(array)
    array.flags.writeable = False
    return array


def inline_record(record: object, ring: SlotReader) -> object:
    if not isinstance(record, dict) or not record.get("slot"):
        return record
    return record | {"data": take_slot(record["slot"], ring), "slot": []}


def records_of(run: dict[object, object]) -> list[object]:
    """Return the record of each array of a run."""
    slots = _slots_of(run)
    alike = {key: value for key, value in run.items() if key != "slots"}
    return [alike | {"data": b"", "slot": slot} for slot in slots]


def _slots_of(run: dict[object, object]) -> list[list[int]]:
    packed = run.get("slots")
    if run.keys() != _RUN_KEYS:
        raise ProtocolError("a run is a map of type, dtype, shape, full_shape, slots and reduced")
    if not isinstance(packed, bytes) or not packed or len(packed) % 16:
        raise ProtocolError("a run's slots are packed pairs")
    slots: list[list[int]] = np.frombuffer(packed, "<i8").reshape(-1, 2).tolist()
    return slots
