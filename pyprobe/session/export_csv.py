"""Exports to CSV: a header and one line a capture, in order of execution."""

import csv
import json
from collections.abc import Iterable, Sequence
from typing import IO, Any

import numpy as np

from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import PACKED_ITEM_BYTES, ValueKind
from pyprobe.session.export_rows import (
    dtype_text,
    in_order,
    number_texts,
    place_of,
    plain_array,
    plain_number,
)
from pyprobe.session.recording_reader import RecordingReader
from pyprobe.session.tree_value import texts_of

CSV_HEADER = (
    *("seq", "t_ns", "probe", "file", "line", "col", "symbol", "thread"),
    *("value", "imag", "text", "dtype", "shape"),
)


def write_csv(reader: RecordingReader, output: IO[str]) -> int:
    """Write a header and one line a capture; return how many captures.

    Complex values fill ``value`` and ``imag``; arrays stand in ``value`` as JSON. Of a recording of
    several runs the first column is ``run``.
    """
    lines = _Lines(reader)
    has_several_runs = reader.survey().has_several_runs
    output.write(_line((*(("run",) if has_several_runs else ()), *CSV_HEADER)))
    count = 0
    for columns in reader.columns():
        output.writelines(in_order(columns, lines.of))
        count += sum(column.count for column in columns)
    return count


class _Lines:
    """Makes lines of captures; what needs quoting is quoted once, or by the library."""

    def __init__(self, reader: RecordingReader) -> None:
        self._reader = reader
        self._places: dict[tuple[int, int], str] = {}

    def of(self, column: Column) -> list[str]:
        """Return one line for each capture of a column."""
        place = self._place(column.probe_id)
        run = f"{self._reader.run}," if self._reader.info.has_several_runs else ""
        rows = zip(
            column.seq.tolist(),
            column.t_ns.tolist(),
            column.thread.tolist(),
            _cells(column),
            strict=True,
        )
        return [f"{run}{seq},{t_ns},{place},{thread},{cells}" for seq, t_ns, thread, cells in rows]

    def _place(self, probe_id: int) -> str:
        key = (self._reader.run, probe_id)
        place = self._places.get(key)
        if place is None:
            cells = (probe_id, *place_of(self._reader.probe(probe_id)).values())
            place = self._places[key] = _line(cells).removesuffix("\n")
        return place


def _cells(column: Column) -> Sequence[str]:
    """Return value, imag, text, dtype and shape of each capture, with the line's end."""
    if column.kind is ValueKind.ARRAY:
        return _lines(
            (
                json.dumps(plain_array(record), ensure_ascii=False),
                *("", ""),
                dtype_text(record),
                " ".join(map(str, record.array.shape)),
            )
            for record in column.arrays
        )
    if column.kind not in PACKED_ITEM_BYTES:
        return _lines(("", "", value.content, "", "") for value in texts_of(column))
    dtype = _line((column.dtype, ""))
    if column.kind is ValueKind.COMPLEX:
        parts = zip(_numbers(column.values.real), _numbers(column.values.imag), strict=True)
        return [f"{real},{imag},,{dtype}" for real, imag in parts]
    return [f"{text},,,{dtype}" for text in _numbers(column.values)]


def _numbers(values: Any) -> list[str]:
    texts = number_texts(values)
    for position in np.flatnonzero(~np.isfinite(values)).tolist():
        texts[position] = str(plain_number(values[position].item()))
    return texts


class _Collected(list[str]):
    """What the library writes, line by line."""

    write = list.append


def _lines(rows: Iterable[Sequence[object]]) -> list[str]:
    lines = _Collected()
    csv.writer(lines, lineterminator="\n").writerows(rows)
    return lines


def _line(row: Sequence[object]) -> str:
    return _lines([row])[0]
