"""Exports to CSV: a header and one line a capture, in order of execution."""

import csv
import json
from collections.abc import Iterable, Sequence
from typing import IO, Any

import numpy as np

from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import PACKED_ITEM_BYTES, ValueKind
from pyprobe.session.export_rows import (
    PlaceTexts,
    captures_of,
    dtype_text,
    number_texts,
    plain_array,
    plain_number,
    write_rows,
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
    has_several_runs = reader.survey().has_several_runs
    output.write(_line((*(("run",) if has_several_runs else ()), *CSV_HEADER)))
    places = PlaceTexts(reader, _place_cells)

    def lines_of(column: Column) -> list[str]:
        place = places.of(column.probe_id)
        run = f"{reader.run}," if has_several_runs else ""
        return [
            f"{run}{seq},{t_ns},{place},{thread},{cells}"
            for seq, t_ns, thread, cells in captures_of(column, _cells(column))
        ]

    return write_rows(reader, output, lines_of)


def _place_cells(probe_id: int, place: dict[str, object]) -> str:
    """Return the cells of a place; so what needs quoting is quoted once."""
    return _line((probe_id, *place.values())).removesuffix("\n")


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
