"""Columns as the front end uses them: checked, decoded with numpy, in order of execution."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import prod
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pyprobe.errors import ProtocolError
from pyprobe.ipc.array_dtypes import read_dtype, read_shape
from pyprobe.ipc.columns import PACKED_ITEM_BYTES, ColumnMap, TextRecord, ValueKind

if TYPE_CHECKING:
    from pyprobe.ipc.tree_reader import Tree

Data = bytes | memoryview
# An array without its data: type, dtype, shape, full_shape, reduced.
_Form = tuple[str, np.dtype[Any], tuple[int, ...], tuple[int, ...], str]

_MAX_NAME_CHARS = 256
_NO_VALUES: NDArray[Any] = np.empty(0)
_VALUE_TYPES: dict[ValueKind, Any] = {
    ValueKind.FLOAT: np.dtype("<f8"),
    ValueKind.INT: np.dtype("<i8"),
    ValueKind.BOOL: np.dtype("u1"),
    ValueKind.COMPLEX: np.dtype("<c16"),
}
_COLUMN_KEYS = ColumnMap.__required_keys__
_TEXT_TYPES = {"kind": str, "type": str, "text": str, "cut": bool}
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


@dataclass(frozen=True, eq=False)
class Column:
    """Captures of one probe and one kind, in order.

    ``seq`` and ``t_ns`` are int64[n], ``thread`` is uint64[n]; ``values`` is float64, int64, bool
    or complex128 [n] for the packed kinds; ``arrays``, ``texts`` or ``trees`` hold n values for the
    others.
    All arrays are read-only.
    """

    probe_id: int
    kind: ValueKind
    dtype: str
    seq: NDArray[np.int64]
    t_ns: NDArray[np.int64]
    thread: NDArray[np.uint64]
    values: NDArray[Any] = field(default_factory=lambda: _NO_VALUES)
    arrays: Sequence[ArrayValue] = ()
    texts: Sequence[TextRecord] = ()
    trees: "Sequence[Tree]" = ()

    @property
    def count(self) -> int:
        """The number of captures."""
        return len(self.seq)

    def part(self, start: int, stop: int) -> "Column":
        """Return the captures from ``start`` up to ``stop``, without copying their data."""
        rows = slice(start, stop)
        return replace(
            self,
            seq=self.seq[rows],
            t_ns=self.t_ns[rows],
            thread=self.thread[rows],
            values=self.values[rows],
            arrays=self.arrays[rows],
            texts=self.texts[rows],
            trees=self.trees[rows],
        )


def read_columns(columns: object, ring: SlotReader | None = None) -> list[Column]:
    """Decode the columns of one Captures message; those of one probe come in order of execution.

    Arrays in the ring are used where they lie; a slot is released with the last use of its array.

    Raises:
        ProtocolError: anything about them is malformed.
    """
    if not isinstance(columns, list):
        raise ProtocolError("columns are a list")
    by_probe: dict[int, list[Column]] = {}
    for wire in columns:
        column = read_column(wire, ring)
        by_probe.setdefault(column.probe_id, []).append(column)
    return [part for found in by_probe.values() for part in _in_order(found)]


def inline_slots(columns: object, ring: SlotReader) -> list[object]:
    """Return the columns with the data of every slot in its record, as a recording needs them.

    The data is not copied: it is a view of the ring, released with its last use.

    Raises:
        ProtocolError: a column or a slot is malformed.
    """
    if not isinstance(columns, list):
        raise ProtocolError("columns are a list")
    return [_inline_column(wire, ring) for wire in columns]


def _inline_column(wire: object, ring: SlotReader) -> object:
    if isinstance(wire, dict) and wire.get("k") == ValueKind.TREE.value:
        return _inline_tree_column(wire, ring)
    if not isinstance(wire, dict) or wire.get("k") != ValueKind.ARRAY.value:
        return wire
    records = wire.get("x")
    if isinstance(records, dict):
        records = _records_of(records)
    if not isinstance(records, list):
        raise ProtocolError("an array column holds a list of records, or a run")
    return wire | {"x": [_inline_record(record, ring) for record in records]}


def _inline_tree_column(wire: dict[object, object], ring: SlotReader) -> object:
    from pyprobe.ipc.tree_reader import inline_trees  # it needs this module

    values, count = wire.get("x"), wire.get("n")
    if not isinstance(values, dict) or not values.get("s"):
        return wire
    if type(count) is not int:
        raise ProtocolError(f"a column with {count!r} captures")
    return wire | {"x": inline_trees(values, count, ring)}


def _inline_record(record: object, ring: SlotReader) -> object:
    if not isinstance(record, dict) or not record.get("slot"):
        return record
    return record | {"data": take_slot(record["slot"], ring), "slot": []}


def _records_of(run: dict[object, object]) -> list[object]:
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


def read_column(wire: object, ring: SlotReader | None = None) -> Column:
    """Decode one column map.

    Raises:
        ProtocolError: anything about it is malformed.
    """
    if not isinstance(wire, dict) or wire.keys() != _COLUMN_KEYS:
        raise ProtocolError("a column is a map of p, n, k, d, s, t, th and x")
    probe_id, count, dtype = wire["p"], wire["n"], wire["d"]
    if type(probe_id) is not int or type(count) is not int or not 0 < count < 1 << 31:
        raise ProtocolError(f"a column of probe {probe_id!r} with {count!r} captures")
    if not isinstance(dtype, str) or len(dtype) > _MAX_NAME_CHARS:
        raise ProtocolError("a column's dtype is a short text")
    kind = _read_kind(wire["k"])
    rows: Any = {
        # First, as there are as many times as captures: a count that is a lie allocates nothing.
        "t_ns": _read_packed(wire["t"], np.dtype("<i8"), count),
        "seq": _read_seq(wire["s"], count),
        "thread": _read_thread(wire["th"], count),
    }
    return Column(probe_id, kind, dtype, **rows, **_read_values(kind, wire["x"], count, ring))


def _read_kind(wire: object) -> ValueKind:
    try:
        return ValueKind(wire)
    except ValueError as error:
        raise ProtocolError(f"unknown kind of values {wire!r:.60}") from error


def _read_packed(wire: object, dtype: Any, count: int) -> NDArray[Any]:
    if not isinstance(wire, bytes) or len(wire) != count * dtype.itemsize:
        raise ProtocolError(f"{count} packed values of {dtype.itemsize} bytes expected")
    return np.frombuffer(wire, dtype)


def _read_seq(wire: object, count: int) -> NDArray[np.int64]:
    if count > 1 and isinstance(wire, bytes) and len(wire) == 8:
        first = int.from_bytes(wire, "little", signed=True)
        if first > (1 << 63) - count:
            raise ProtocolError(f"sequence numbers from {first}")
        seq = np.arange(first, first + count, dtype=np.int64)
        seq.flags.writeable = False
        return seq
    seq = _read_packed(wire, np.dtype("<i8"), count)
    if count > 1 and not bool(np.all(seq[1:] > seq[:-1])):
        raise ProtocolError("sequence numbers of a column must ascend")
    return seq


def _read_thread(wire: object, count: int) -> NDArray[np.uint64]:
    if count > 1 and isinstance(wire, bytes) and len(wire) == 8:
        return np.broadcast_to(np.frombuffer(wire, "<u8"), count)
    return _read_packed(wire, np.dtype("<u8"), count)


def _read_values(
    kind: ValueKind, wire: object, count: int, ring: SlotReader | None
) -> dict[str, Any]:
    if kind in PACKED_ITEM_BYTES:
        values = _read_packed(wire, _VALUE_TYPES[kind], count)
        return {"values": values != 0 if kind is ValueKind.BOOL else values}
    if kind is ValueKind.ARRAY and isinstance(wire, dict):
        return {"arrays": _read_run(wire, count, ring)}
    if kind is ValueKind.TREE:
        from pyprobe.ipc.tree_reader import read_trees  # it needs this module

        return {"trees": read_trees(wire, count, ring)}
    if not isinstance(wire, list) or len(wire) != count:
        raise ProtocolError(f"{count} records expected")
    if kind is ValueKind.ARRAY:
        return {"arrays": [_read_array(record, ring) for record in wire]}
    return {"texts": [_check_text(record) for record in wire]}


def _check_text(wire: object) -> TextRecord:
    if not isinstance(wire, dict) or wire.keys() != _TEXT_TYPES.keys():
        raise ProtocolError("a text is a map of kind, type, text and cut")
    for key, expected in _TEXT_TYPES.items():
        if type(wire[key]) is not expected:
            raise ProtocolError(f"a text's {key} is {expected.__name__}")
    return {"kind": wire["kind"], "type": wire["type"], "text": wire["text"], "cut": wire["cut"]}


def _read_array(wire: object, ring: SlotReader | None) -> ArrayValue:
    if not isinstance(wire, dict) or wire.keys() != _ARRAY_KEYS:
        raise ProtocolError("an array is a map of type, dtype, shape, full_shape, data and slot")
    data = wire["data"]
    if not isinstance(data, Data) or (data and wire["slot"]):
        raise ProtocolError("an array has its data in the record or in a slot")
    form = _read_form(wire)
    data = data if wire["slot"] == [] else take_slot(wire["slot"], ring)
    return array_value(data, form)


def _read_run(wire: dict[Any, Any], count: int, ring: SlotReader | None) -> list[ArrayValue]:
    slots = _slots_of(wire)
    if len(slots) != count:
        raise ProtocolError(f"{count} slots expected")
    form = _read_form(wire)
    return [array_value(take_slot(slot, ring), form) for slot in slots]


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
    array.flags.writeable = False
    return array


def _in_order(columns: list[Column]) -> Iterator[Column]:
    """Cut columns where they overlap, so that each begins after the one before it ends."""
    columns.sort(key=lambda column: int(column.seq[0]))
    if all(before.seq[-1] < after.seq[0] for before, after in pairwise(columns)):
        yield from columns
        return
    seq = np.concatenate([column.seq for column in columns])
    owner = np.repeat(np.arange(len(columns)), [column.count for column in columns])
    owner = owner[np.argsort(seq, kind="stable")]
    ends = [*np.flatnonzero(np.diff(owner)), len(owner) - 1]
    taken = [0] * len(columns)
    begin = 0
    for end in map(int, ends):
        index = int(owner[end])
        start = taken[index]
        taken[index] = start + end + 1 - begin
        begin = end + 1
        yield columns[index].part(start, taken[index])
