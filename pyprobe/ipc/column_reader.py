"""Columns as the front end uses them: checked, decoded with numpy, in order of execution."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.errors import ProtocolError
from pyprobe.ipc.array_reader import (
    ArrayValue,
    SlotReader,
    inline_record,
    read_array,
    read_run,
    records_of,
)
from pyprobe.ipc.columns import PACKED_ITEM_BYTES, ColumnMap, TextRecord, ValueKind

if TYPE_CHECKING:
    from pyprobe.ipc.tree_reader import Tree

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
        records = records_of(records)
    if not isinstance(records, list):
        raise ProtocolError("an array column holds a list of records, or a run")
    return wire | {"x": [inline_record(record, ring) for record in records]}


def _inline_tree_column(wire: dict[object, object], ring: SlotReader) -> object:
    from pyprobe.ipc.tree_reader import inline_trees  # only where there are trees

    values, count = wire.get("x"), wire.get("n")
    if not isinstance(values, dict) or not values.get("s"):
        return wire
    if type(count) is not int:
        raise ProtocolError(f"a column with {count!r} captures")
    return wire | {"x": inline_trees(values, count, ring)}


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
        return {"arrays": read_run(wire, count, ring)}
    if kind is ValueKind.TREE:
        from pyprobe.ipc.tree_reader import read_trees  # it needs this module

        return {"trees": read_trees(wire, count, ring)}
    if not isinstance(wire, list) or len(wire) != count:
        raise ProtocolError(f"{count} records expected")
    if kind is ValueKind.ARRAY:
        return {"arrays": [read_array(record, ring) for record in wire]}
    return {"texts": [_check_text(record) for record in wire]}


def _check_text(wire: object) -> TextRecord:
    if not isinstance(wire, dict) or wire.keys() != _TEXT_TYPES.keys():
        raise ProtocolError("a text is a map of kind, type, text and cut")
    for key, expected in _TEXT_TYPES.items():
        if type(wire[key]) is not expected:
            raise ProtocolError(f"a text's {key} is {expected.__name__}")
    return {"kind": wire["kind"], "type": wire["type"], "text": wire["text"], "cut": wire["cut"]}


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
