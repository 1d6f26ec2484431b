"""What exports with one row a capture have in common: plain values, places, order of execution."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.array_reader import ArrayValue
from pyprobe.ipc.column_reader import Column
from pyprobe.session.recording_info import RecordedProbe


def plain_number(value: complex) -> object:
    """Return what JSON can hold: NaN and infinities as text, complex as ``{"re", "im"}``."""
    if isinstance(value, complex):
        return {"re": plain_number(value.real), "im": plain_number(value.imag)}
    if isinstance(value, float) and not math.isfinite(value):
        if math.isnan(value):
            return "NaN"
        return "Infinity" if value > 0 else "-Infinity"
    return value


def plain_array(record: ArrayValue) -> object:
    """Return an array as nested lists of what JSON can hold."""
    array = record.array
    if array.dtype.kind in "biu" or (
        array.dtype.kind == "f" and array.dtype.itemsize <= 8 and bool(np.isfinite(array).all())
    ):
        return array.tolist()
    if array.dtype.kind in "mM":
        return array.astype(str).tolist()
    return _plain_nested(array.tolist())


def _plain_nested(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_plain_nested(item) for item in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="backslashreplace")
    if isinstance(value, np.generic):  # longdouble and its complex have no Python type
        return plain_number(complex(value) if value.dtype.kind == "c" else float(value))
    if isinstance(value, bool | int | float | complex):
        return plain_number(value)
    return value if value is None or isinstance(value, str) else str(value)


def dtype_text(record: ArrayValue) -> str:
    """Return the dtype's name; of a structured one its fields."""
    dtype = record.array.dtype
    return str(dtype.descr) if dtype.names else str(dtype)


def number_texts(values: NDArray[Any]) -> list[str]:
    """Return real numbers as Python and JSON write them; what is not finite as ``nan``, ``inf``."""
    # One text of all of them, cut afterwards: half as long as one after the other.
    return repr(values.tolist())[1:-1].split(", ") if len(values) else []


def in_order(columns: list[Column], rows_of: Callable[[Column], list[str]]) -> list[str]:
    """Return the rows of all captures of one message, by sequence number."""
    if len(columns) == 1:
        return rows_of(columns[0])
    rows = [row for column in columns for row in rows_of(column)]
    order = np.argsort(np.concatenate([column.seq for column in columns]), kind="stable")
    return list(map(rows.__getitem__, order.tolist()))


def place_of(probe: RecordedProbe | None) -> dict[str, object]:
    """Return where a probe is; nowhere if its record is lost."""
    if probe is None:
        return {"file": "", "line": 0, "col": 0, "symbol": ""}
    anchor = probe.anchor
    return {
        "file": anchor.file,
        "line": anchor.line,
        "col": anchor.col,
        "symbol": anchor.symbol,
    }
