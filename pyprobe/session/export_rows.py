"""Exports with one line a capture, in order of execution: jsonl and csv."""

import csv
import json
import math
from collections.abc import Iterator
from typing import IO, Any

import numpy as np

from pyprobe.ipc.array_reader import ArrayValue
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.recording_info import RecordedProbe
from pyprobe.session.recording_reader import RecordingReader
from pyprobe.session.tree_plain import plain_tree
from pyprobe.session.tree_value import TreeValue, texts_of
from pyprobe.session.values import TextValue

_ROWS_AT_ONCE = 4096
CSV_HEADER = (
    *("seq", "t_ns", "probe", "file", "line", "col", "symbol", "thread"),
    *("value", "imag", "text", "dtype", "shape"),
)


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


def rows_in_order(columns: list[Column]) -> Iterator[tuple[Column, int]]:
    """Yield column and position of every capture of one message, by sequence number."""
    if len(columns) == 1:
        for position in range(columns[0].count):
            yield columns[0], position
        return
    seq = np.concatenate([column.seq for column in columns])
    owner = np.repeat(np.arange(len(columns)), [column.count for column in columns])
    places = np.concatenate([np.arange(column.count) for column in columns])
    order = np.argsort(seq, kind="stable")
    for index, place in zip(owner[order].tolist(), places[order].tolist(), strict=True):
        yield columns[index], place


class _Plain:
    """A column's rows as Python objects, converted once instead of one by one."""

    def __init__(self, column: Column) -> None:
        self.seq: list[int] = column.seq.tolist()
        self.t_ns: list[int] = column.t_ns.tolist()
        self.thread: list[int] = column.thread.tolist()
        self.values: list[Any] = column.values.tolist()
        self.texts = texts_of(column)


def write_jsonl(reader: RecordingReader, output: IO[str]) -> int:
    """Write one JSON object a line; return how many."""
    places: dict[tuple[int, int], str] = {}
    count = 0
    lines: list[str] = []
    for columns in reader.columns():
        plain = {id(column): _Plain(column) for column in columns}
        for column, position in rows_in_order(columns):
            rows = plain[id(column)]
            place = places.get((reader.run, column.probe_id))
            if place is None:
                place = _place_text(column.probe_id, reader)
                places[reader.run, column.probe_id] = place
            lines.append(
                f'{{"seq": {rows.seq[position]}, "t_ns": {rows.t_ns[position]}, {place}, '
                f'"thread": {rows.thread[position]}, {_value_text(column, rows, position)}}}\n'
            )
            if len(lines) >= _ROWS_AT_ONCE:
                output.writelines(lines)
                count += len(lines)
                lines = []
    output.writelines(lines)
    return count + len(lines)


def _place_text(probe_id: int, reader: RecordingReader) -> str:
    run = {"run": reader.run} if reader.info.has_several_runs else {}
    place = {**run, "probe": probe_id, **_place(reader.probe(probe_id))}
    return json.dumps(place, ensure_ascii=False)[1:-1]


def _place(probe: RecordedProbe | None) -> dict[str, object]:
    if probe is None:
        return {"file": "", "line": 0, "col": 0, "symbol": ""}
    anchor = probe.anchor
    return {
        "file": anchor.file,
        "line": anchor.line,
        "col": anchor.col,
        "symbol": anchor.symbol,
    }


def _value_text(column: Column, rows: _Plain, position: int) -> str:
    kind = column.kind
    if rows.texts:
        return _text_members(rows.texts[position])
    if kind is ValueKind.ARRAY:
        record = column.arrays[position]
        value = json.dumps(plain_array(record), ensure_ascii=False)
        dtype = json.dumps(dtype_text(record))
        return f'"value": {value}, "dtype": {dtype}, "shape": {list(record.array.shape)}'
    value = rows.values[position]
    if kind is ValueKind.FLOAT and math.isfinite(value):
        return f'"value": {value!r}'
    return f'"value": {json.dumps(plain_number(value))}'


def _text_members(value: TextValue) -> str:
    """Return the text of a value and, of one with parts that came whole, these as nested JSON."""
    members: dict[str, object] = {"text": value.content}
    if isinstance(value, TreeValue):
        plain = plain_tree(value.tree, number=plain_number, array=plain_array)
        if plain is not None:
            members["value"] = plain
    return json.dumps(members, ensure_ascii=False)[1:-1]


def write_csv(reader: RecordingReader, output: IO[str]) -> int:
    """Write a header and one line a capture; return how many captures.

    Complex values fill ``value`` and ``imag``; arrays stand in ``value`` as JSON. Of a recording of
    several runs the first column is ``run``.
    """
    writer = csv.writer(output, lineterminator="\n")
    has_several_runs = reader.survey().has_several_runs
    writer.writerow((*(("run",) if has_several_runs else ()), *CSV_HEADER))
    count = 0
    for columns in reader.columns():
        plain = {id(column): _Plain(column) for column in columns}
        rows = []
        for column, position in rows_in_order(columns):
            values = plain[id(column)]
            place = _place(reader.probe(column.probe_id)).values()
            run = (reader.run,) if has_several_runs else ()
            head = (*run, values.seq[position], values.t_ns[position], column.probe_id, *place)
            rows.append((*head, values.thread[position], *_value_cells(column, values, position)))
        writer.writerows(rows)
        count += len(rows)
    return count


def _value_cells(column: Column, rows: _Plain, position: int) -> tuple[object, ...]:
    kind = column.kind
    if rows.texts:
        return "", "", rows.texts[position].content, "", ""
    if kind is ValueKind.ARRAY:
        record = column.arrays[position]
        shape = " ".join(map(str, record.array.shape))
        value = json.dumps(plain_array(record), ensure_ascii=False)
        return value, "", "", dtype_text(record), shape
    value = rows.values[position]
    if kind is ValueKind.COMPLEX:
        return plain_number(value.real), plain_number(value.imag), "", column.dtype, ""
    return plain_number(value), "", "", column.dtype, ""
