"""Makes decoded columns and Captures messages for the tests, as the target would send them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pyprobe.ipc.column_reader import Column, read_columns
from pyprobe.ipc.column_writer import build_columns
from pyprobe.ipc.columns import ValueKind
from pyprobe.ipc.messages import Captures
from pyprobe.ipc.packed import PackedArray, PackedText
from tests.ipc.wire import rows_of

THREAD = 7
FIRST_NS = 1_000_000_000


def captures(
    values: Sequence[object], *, probe_id: int = 1, first_seq: int = 0, step_ns: int = 1000
) -> Captures:
    """Return one flush of captures of one probe; arrays, texts and numbers as they are."""
    rows = [(probe_id, value) for value in values]
    return captures_of(rows, first_seq=first_seq, step_ns=step_ns)


def captures_of(
    rows: Sequence[tuple[int, object]], *, first_seq: int = 0, step_ns: int = 1000
) -> Captures:
    """Return one flush: ``rows`` are probe id and value, in order of execution."""
    log: list[object] = []
    for position, (probe_id, value) in enumerate(rows):
        t_ns = FIRST_NS + (first_seq + position) * step_ns
        log += [probe_id, t_ns, THREAD, packed(value)]
    return Captures(list(build_columns(rows_of(log), first_seq)))


def packed(value: object) -> object:
    """Return a value as the target's log holds it."""
    if isinstance(value, np.ndarray):
        form = ("ndarray", value.dtype.str, value.shape, value.shape, "")
        return PackedArray(form, np.ascontiguousarray(value).tobytes())
    if isinstance(value, str):
        return PackedText({"kind": "str", "type": "str", "text": value, "cut": False})
    return value


def columns(values: Sequence[object], *, first_seq: int = 0, step_ns: int = 1000) -> list[Column]:
    """Return decoded columns of one probe."""
    return read_columns(captures(values, first_seq=first_seq, step_ns=step_ns).columns)


def float_column(values: "np.ndarray[Any, Any]", first_seq: int = 0) -> Column:
    """Return one column of many floats, made at once."""
    count = len(values)
    seq = np.arange(first_seq, first_seq + count, dtype=np.int64)
    return Column(
        1,
        ValueKind.FLOAT,
        "float",
        seq,
        FIRST_NS + seq * 1000,
        np.full(count, THREAD, np.uint64),
        values,
    )
