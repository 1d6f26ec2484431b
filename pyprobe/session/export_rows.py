"""What exports with one row a capture have in common: plain values, places, order of execution."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.array_reader import ArrayValue
from pyprobe.ipc.column_reader import Column
from pyprobe.session.recording_info import RecordedProbe
from pyprobe.session.recording_reader import RecordingReader


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


def write_rows(
    reader: RecordingReader, output: IO[str], rows_of: Callable[[Column], list[str]]
) -> int:
    """Write the rows of all captures by sequence number; return how many captures there are."""
    count = 0
    for columns in reader.columns():
        output.writelines(_in_order(columns, rows_of))
        count += sum(column.count for column in columns)
    return count


def _in_order(columns: list[Column], rows_of: Callable[[Column], list[str]]) -> list[str]:
    if len(columns) == 1:
        return rows_of(columns[0])
    rows = [row for column in columns for row in rows_of(column)]
    order = np.argsort(np.concatenate([column.seq for column in columns]), kind="stable")
    return list(map(rows.__getitem__, order.tolist()))


def captures_of(column: Column, values: Sequence[str]) -> Iterator[tuple[int, int, int, str]]:
    """Yield sequence number, time, thread and ``values``' text of each capture."""
    return zip(
        column.seq.tolist(), column.t_ns.tolist(), column.thread.tolist(), values, strict=True
    )


class PlaceTexts:
    """The text that stands for a probe's place in each of its rows, made once a run."""

    def __init__(
        self, reader: RecordingReader, text_of: Callable[[int, dict[str, object]], str]
    ) -> None:
        """``text_of`` makes it of the probe's number and place."""
        self._reader = reader
        self._text_of = text_of
        self._made: dict[tuple[int, int], str] = {}

    def of(self, probe_id: int) -> str:
        """Return the text of a probe in the run that is being read."""
        key = (self._reader.run, probe_id)
        text = self._made.get(key)
        if text is None:
            place = place_of(self._reader.probe(probe_id))
            text = self._made[key] = self._text_of(probe_id, place)
        return text


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
