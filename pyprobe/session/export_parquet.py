"""Exports to Parquet: one table, one row a capture, in order of execution. Needs pyarrow.

``value`` is float64 (of complex values the real part, ``imag`` the imaginary one); ``whole`` is the
exact int64 of ints and bools. Numeric arrays stand in ``array`` (flat, float64; ``array_imag`` if
complex) with ``shape`` and ``dtype``; everything else is ``text``, other arrays as JSON. Of a
recording of several runs the first column is ``run``.
"""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.array_reader import ArrayValue
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import PACKED_ITEM_BYTES, ValueKind
from pyprobe.session.export_extras import load_extra
from pyprobe.session.export_rows import dtype_text, plain_array
from pyprobe.session.recording_reader import RecordingReader
from pyprobe.session.tree_value import texts_of

_ROW_GROUP_ROWS = 1 << 17
_ROW_GROUP_BYTES = 32 << 20
_PLACE = ("file", "line", "col", "symbol")


def write_parquet(reader: RecordingReader, path: str) -> int:
    """Write the file in bounded memory; return how many captures.

    Raises:
        RecordingError: pyarrow is missing, or the recording cannot be read.
    """
    arrow = load_extra("pyarrow", "parquet")
    parquet = load_extra("pyarrow.parquet", "parquet")
    tables = _Tables(arrow, reader)
    count = 0
    with parquet.ParquetWriter(path, tables.schema, compression="zstd") as writer:
        waiting: list[Any] = []
        rows = nbytes = 0
        for columns in reader.columns():
            table = tables.of_message(columns)
            waiting.append(table)
            rows, nbytes = rows + table.num_rows, nbytes + table.nbytes
            count += table.num_rows
            if rows >= _ROW_GROUP_ROWS or nbytes >= _ROW_GROUP_BYTES:
                writer.write_table(arrow.concat_tables(waiting))
                waiting, rows, nbytes = [], 0, 0
        if waiting:
            writer.write_table(arrow.concat_tables(waiting))
    return count


class _Tables:
    """Makes tables of columns. ``arrow`` is the pyarrow module."""

    def __init__(self, arrow: Any, reader: RecordingReader) -> None:
        self._arrow = arrow
        self._reader = reader
        floats = arrow.list_(arrow.float64())
        runs = [("run", arrow.int64())] if reader.survey().has_several_runs else []
        self.schema = arrow.schema(
            [
                *runs,
                ("seq", arrow.int64()),
                ("t_ns", arrow.int64()),
                ("probe", arrow.int64()),
                ("file", arrow.string()),
                ("line", arrow.int64()),
                ("col", arrow.int64()),
                ("symbol", arrow.string()),
                ("thread", arrow.uint64()),
                ("kind", arrow.string()),
                ("dtype", arrow.string()),
                ("value", arrow.float64()),
                ("imag", arrow.float64()),
                ("whole", arrow.int64()),
                ("text", arrow.string()),
                ("array", floats),
                ("array_imag", floats),
                ("shape", arrow.list_(arrow.int64())),
            ]
        )

    def of_message(self, columns: Sequence[Column]) -> Any:
        """Return the rows of one message, in order of execution."""
        table = self._arrow.concat_tables([self._of_column(column) for column in columns])
        if len(columns) == 1:
            return table
        order = np.argsort(np.concatenate([column.seq for column in columns]), kind="stable")
        return table.take(order)

    def _of_column(self, column: Column) -> Any:
        count = column.count
        cells: dict[str, Any] = {
            "run": np.full(count, self._reader.run),
            "seq": column.seq,
            "t_ns": column.t_ns,
            "thread": np.ascontiguousarray(column.thread),
            "probe": np.full(count, column.probe_id),
            "kind": self._repeated(column.kind.name.lower(), count),
            **self._place(column.probe_id, count),
            **self._values(column),
        }
        arrays = [
            cells[field.name]
            if isinstance(cells.get(field.name), self._arrow.Array)
            else self._arrow.array(cells[field.name], field.type)
            if field.name in cells
            else self._arrow.nulls(count, field.type)
            for field in self.schema
        ]
        return self._arrow.Table.from_arrays(arrays, schema=self.schema)

    def _repeated(self, value: object, count: int) -> Any:
        return self._arrow.repeat(self._arrow.scalar(value), count)

    def _place(self, probe_id: int, count: int) -> dict[str, Any]:
        probe = self._reader.probe(probe_id)
        if probe is None:
            return {}
        place = {**probe.anchor.to_dict(), "file": _unicode(probe.anchor.file)}
        return {name: self._repeated(place[name], count) for name in _PLACE}

    def _values(self, column: Column) -> dict[str, Any]:
        kind = column.kind
        if kind not in PACKED_ITEM_BYTES:
            if kind is ValueKind.ARRAY:
                return self._array_cells(column.arrays)
            values = texts_of(column)
            cells: dict[str, Any] = {"text": [value.content for value in values]}
            return cells | {"dtype": [value.dtype for value in values]}
        cells = {"dtype": self._repeated(column.dtype, column.count)}
        if kind is ValueKind.COMPLEX:
            parts = {"value": column.values.real, "imag": column.values.imag}
            return cells | {name: np.ascontiguousarray(part) for name, part in parts.items()}
        if kind in (ValueKind.INT, ValueKind.BOOL):
            cells["whole"] = column.values.astype(np.int64)
        return cells | {"value": column.values.astype(np.float64)}

    def _array_cells(self, records: Sequence[ArrayValue]) -> dict[str, Any]:
        parts = [_numeric_parts(record.array) for record in records]
        return {
            "dtype": [dtype_text(record) for record in records],
            "shape": [list(record.array.shape) for record in records],
            "array": self._lists([real for real, _imag in parts]),
            "array_imag": self._lists([imag for _real, imag in parts]),
            "text": [
                None if real is not None else _json_text(record)
                for record, (real, _imag) in zip(records, parts, strict=True)
            ],
        }

    def _lists(self, parts: Sequence[NDArray[Any] | None]) -> Any:
        """Return one list cell for each array; null where there is none."""
        lengths = [0 if part is None else part.size for part in parts]
        flat = [part.reshape(-1) for part in parts if part is not None]
        values = np.concatenate(flat).astype(np.float64) if flat else np.empty(0)
        return self._arrow.ListArray.from_arrays(
            self._arrow.array(np.cumsum([0, *lengths]), self._arrow.int32()),
            self._arrow.array(values),
            mask=self._arrow.array([part is None for part in parts]),
        )


def _numeric_parts(array: NDArray[Any]) -> tuple[NDArray[Any] | None, NDArray[Any] | None]:
    """Return real and imaginary part; of real numbers one, of anything else none."""
    if array.dtype.kind == "c":
        return array.real, array.imag
    return (array, None) if array.dtype.kind in "biuf" else (None, None)


def _json_text(record: ArrayValue) -> str:
    return _unicode(json.dumps(plain_array(record), ensure_ascii=False))


def _unicode(text: str) -> str:
    """Return text without lone surrogates, which no file of UTF-8 can hold."""
    return text.encode("utf-8", "backslashreplace").decode()
