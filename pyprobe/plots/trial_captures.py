"""Trial captures: the newest captures of a trace as bytes, for a lens that is tried elsewhere."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np

from pyprobe.ipc import array_reader
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.history import History
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.values import ArrayValue, ScalarValue, TextValue

MOST_BYTES = 64 << 20  # of an array; copying more would hold up the window
_MOST_SCALARS = 1000
_WIDE: dict[ValueKind, Any] = {
    ValueKind.INT: np.int64,
    ValueKind.BOOL: np.bool_,
    ValueKind.COMPLEX: np.complex128,
}


def captures_of(history: HistoryReader) -> dict[str, object]:
    """Return the newest captures as msgpack takes them; of a value with parts, its text.

    Raises:
        ValueError: there is none, or an array holds objects or is too large to be passed on.
    """
    value = history.last
    if isinstance(value, ScalarValue):
        series = history.scalars(max(history.count - _MOST_SCALARS, 0))
        numbers = series.value if series.imag is None else series.value + 1j * series.imag
        head = {"kind": value.kind.value, "dtype": value.dtype, "t_ns": _packed(series.t_ns)}
        wide = numbers.real if value.kind is not ValueKind.COMPLEX else numbers
        return {**head, "values": _packed(wide.astype(_WIDE.get(value.kind, np.float64)))}
    head = {"t_ns": _packed(np.array([history.last_t_ns or 0], np.int64))}
    if isinstance(value, ArrayValue):
        if value.array.nbytes > MOST_BYTES:
            raise ValueError(f"an array of {value.array.nbytes:,} bytes")
        shape, why = list(value.full_shape), value.reduced
        like = {"type": value.type_name, "full_shape": shape, "reduced": why}
        array = _packed(value.array)
        return {**head, "kind": ValueKind.ARRAY.value, "dtype": value.dtype, "array": array, **like}
    if isinstance(value, TextValue):
        text = {"text": value.content, "kind": value.dtype, "type": value.type_name}
        record = {**text, "cut": value.cut}
        return {**head, "kind": ValueKind.TEXT.value, "dtype": value.dtype, "record": record}
    raise ValueError("there is no capture")


def history_of(captures: Mapping[str, Any]) -> History:
    """Return a history of what ``captures_of`` gave."""
    history, t_ns = History(), _unpacked(captures["t_ns"])
    contents: dict[str, Any] = {}
    if "array" in captures:
        like = (captures["type"], tuple(captures["full_shape"]), captures["reduced"])
        contents["arrays"] = [array_reader.ArrayValue(_unpacked(captures["array"]), *like)]
    elif "record" in captures:
        contents["texts"] = [captures["record"]]
    else:
        contents["values"] = _unpacked(captures["values"])
    history.append(
        Column(
            probe_id=1,
            kind=ValueKind(captures["kind"]),
            dtype=captures["dtype"],
            seq=np.arange(len(t_ns), dtype=np.int64),
            t_ns=t_ns,
            thread=np.zeros(len(t_ns), np.uint64),
            **contents,
        )
    )
    return history


def _packed(array: np.ndarray[Any, Any]) -> bytes:
    data = BytesIO()
    np.save(data, array, allow_pickle=False)
    return data.getvalue()


def _unpacked(data: bytes) -> np.ndarray[Any, Any]:
    array: np.ndarray[Any, Any] = np.load(BytesIO(data), allow_pickle=False)
    return array
