"""Exports to JSON lines: one object a capture, in order of execution."""

import json
from collections.abc import Sequence
from typing import IO

import numpy as np

from pyprobe.ipc.array_reader import ArrayValue
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
from pyprobe.session.tree_plain import plain_tree
from pyprobe.session.tree_value import TreeValue, texts_of
from pyprobe.session.values import TextValue


def write_jsonl(reader: RecordingReader, output: IO[str]) -> int:
    """Write one JSON object a line; return how many."""

    def place_text(probe_id: int, place: dict[str, object]) -> str:
        run = {"run": reader.run} if reader.info.has_several_runs else {}
        return json.dumps({**run, "probe": probe_id, **place}, ensure_ascii=False)[1:-1]

    def lines_of(column: Column) -> list[str]:
        place = places.of(column.probe_id)
        return [
            f'{{"seq": {seq}, "t_ns": {t_ns}, {place}, "thread": {thread}, {members}}}\n'
            for seq, t_ns, thread, members in captures_of(column, _members(column))
        ]

    places = PlaceTexts(reader, place_text)
    return write_rows(reader, output, lines_of)


def _members(column: Column) -> Sequence[str]:
    """Return what stands in each object for the value."""
    if column.kind is ValueKind.ARRAY:
        return [_array_members(record) for record in column.arrays]
    if column.kind not in PACKED_ITEM_BYTES:
        return [_text_members(value) for value in texts_of(column)]
    if column.kind in (ValueKind.BOOL, ValueKind.COMPLEX):
        values = column.values.tolist()
        return [f'"value": {json.dumps(plain_number(value))}' for value in values]
    members = [f'"value": {text}' for text in number_texts(column.values)]
    for position in np.flatnonzero(~np.isfinite(column.values)).tolist():
        plain = plain_number(column.values[position].item())
        members[position] = f'"value": {json.dumps(plain)}'
    return members


def _array_members(record: ArrayValue) -> str:
    value = json.dumps(plain_array(record), ensure_ascii=False)
    dtype = json.dumps(dtype_text(record))
    return f'"value": {value}, "dtype": {dtype}, "shape": {list(record.array.shape)}'


def _text_members(value: TextValue) -> str:
    """Return the text of a value and, of one with parts that came whole, these as nested JSON."""
    members: dict[str, object] = {"text": value.content}
    if isinstance(value, TreeValue):
        plain = plain_tree(value.tree, number=plain_number, array=plain_array)
        if plain is not None:
            members["value"] = plain
    return json.dumps(members, ensure_ascii=False)[1:-1]
