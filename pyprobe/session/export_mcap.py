"""Exports to an MCAP file with JSON messages and JSON schemas, as Foxglove and PlotJuggler open it.

Each probe is a topic such as ``/script.py/10/x``; captures that are no plain numbers have topics of
their own beside it (``/script.py/10/x/values`` …), as a topic has one schema. A number is
``{"value": …}``, a complex one ``{"re": …, "im": …}``, an array ``{"values": […], "shape": […]}``
(flat), anything else ``{"text": …}``. JSON has no NaN and no infinity: such a number is
``{"text": "NaN"}``, and in arrays ``null``. Times are dates.
"""

import json
import math
import os
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, BinaryIO

from mcap.writer import CompressionType, IndexType, Writer

from pyprobe import __version__
from pyprobe.ipc.array_reader import ArrayValue
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.export_rows import dtype_text, plain_array, plain_number, rows_in_order
from pyprobe.session.recording_info import RecordedProbe, RecordingInfo
from pyprobe.session.recording_reader import RecordingReader
from pyprobe.session.tree_value import texts_of

_NUMBER = {"type": "number"}
_TEXT = {"type": "string"}
_NUMBERS = {"type": "array", "items": _NUMBER}
_UNTOPICAL = re.compile(r"[^\w./@-]+")
_MAX_SEQUENCE = 1 << 32

# Foxglove takes no list of types, and no arrays in arrays; so what may be absent is not required.
_SCHEMAS: dict[str, dict[str, object]] = {
    "Number": {"value": _NUMBER, "text": _TEXT},
    "Bool": {"value": {"type": "boolean"}},
    "Complex": {"re": _NUMBER, "im": _NUMBER, "text": _TEXT},
    "Values": {"values": _NUMBERS, "shape": _NUMBERS, "dtype": _TEXT},
    "ComplexValues": {"re": _NUMBERS, "im": _NUMBERS, "shape": _NUMBERS, "dtype": _TEXT},
    "Text": {"text": _TEXT},
}
_ENDINGS = {
    "Number": "",
    "Bool": "/bool",
    "Complex": "/complex",
    "Values": "/values",
    "ComplexValues": "/complex_values",
    "Text": "/text",
}


def write_mcap_json(reader: RecordingReader, path: str) -> int:
    """Write the file in bounded memory; return how many captures."""
    count = 0
    with open(path, "wb") as file:
        channels = _Channels(file, reader)
        for columns in reader.columns():
            rows = {id(column): _Rows(column) for column in columns}
            for column, position in rows_in_order(columns):
                channels.write(column, position, rows[id(column)])
                count += 1
        channels.finish()
    return count


class _Rows:
    """A column's captures as JSON texts, each with the name of its schema."""

    def __init__(self, column: Column) -> None:
        self.seq: list[int] = column.seq.tolist()
        self.t_ns: list[int] = column.t_ns.tolist()
        self.messages = _messages(column)


def _messages(column: Column) -> list[tuple[str, str]]:
    if column.kind is ValueKind.ARRAY:
        return [_array_message(record) for record in column.arrays]
    if column.kind in (ValueKind.TEXT, ValueKind.TREE):
        return [("Text", json.dumps({"text": value.content})) for value in texts_of(column)]
    if column.kind is ValueKind.COMPLEX:
        return [_complex_message(value) for value in column.values.tolist()]
    if column.kind is ValueKind.BOOL:
        return [("Bool", f'{{"value": {json.dumps(value)}}}') for value in column.values.tolist()]
    return [
        ("Number", f'{{"value": {value!r}}}' if math.isfinite(value) else _not_finite(value))
        for value in column.values.tolist()
    ]


def _not_finite(value: complex) -> str:
    plain = plain_number(value)
    text = f"{plain['re']} {plain['im']}" if isinstance(plain, dict) else str(plain)
    return json.dumps({"text": text})


def _complex_message(value: complex) -> tuple[str, str]:
    if not (math.isfinite(value.real) and math.isfinite(value.imag)):
        return "Complex", _not_finite(value)
    return "Complex", json.dumps({"re": value.real, "im": value.imag})


def _array_message(record: ArrayValue) -> tuple[str, str]:
    array = record.array
    facts: dict[str, object] = {"shape": list(array.shape), "dtype": dtype_text(record)}
    if array.dtype.kind == "c":
        parts = {"re": _numbers(array.real), "im": _numbers(array.imag)}
        return "ComplexValues", json.dumps(parts | facts)
    if array.dtype.kind in "biuf":
        return "Values", json.dumps({"values": _numbers(array)} | facts)
    text = json.dumps(plain_array(record), ensure_ascii=False)
    return "Text", json.dumps({"text": text})


def _numbers(array: Any) -> list[float | None]:
    flat = array.reshape(-1)
    if array.dtype.kind == "b":
        flat = flat.astype("u1")
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        flat = flat.astype("f8")  # beyond which JSON's readers do not go
    return [value if math.isfinite(value) else None for value in flat.tolist()]


class _Channels:
    """Writes captures to one topic for each probe and schema."""

    def __init__(self, file: BinaryIO, reader: RecordingReader) -> None:
        self._reader = reader
        self._topics: dict[int, str] = {}
        self._channels: dict[tuple[int, str], int] = {}
        self._schemas: dict[str, int] = {}
        self._shift_ns: int | None = None
        self._writer: Any = Writer(
            file, compression=CompressionType.ZSTD, index_types=IndexType.ALL
        )
        self._writer.start(profile="", library=f"pyprobe {__version__}")

    def write(self, column: Column, position: int, rows: _Rows) -> None:
        """Write one capture."""
        schema, message = rows.messages[position]
        if self._shift_ns is None:
            self._shift_ns = _to_date_ns(self._reader.info)
        time_ns = max(0, rows.t_ns[position] + self._shift_ns)
        self._writer.add_message(
            self._channel(column.probe_id, schema),
            time_ns,
            message.encode("utf-8", "backslashreplace"),
            time_ns,
            rows.seq[position] % _MAX_SEQUENCE,
        )

    def _channel(self, probe_id: int, schema: str) -> int:
        channel = self._channels.get((probe_id, schema))
        if channel is None:
            if not self._topics:
                self._topics = topics(self._reader.info)
            topic = self._topics.get(probe_id, f"/probe/{probe_id}") + _ENDINGS[schema]
            channel = self._writer.register_channel(
                topic, "json", self._schema(schema), self._facts(probe_id)
            )
            self._channels[probe_id, schema] = channel
        return channel

    def _facts(self, probe_id: int) -> dict[str, str]:
        probe = self._reader.info.probes.get(probe_id)
        place = probe.anchor.to_dict() if probe is not None else {}
        texts = {"probe": probe_id, **place}
        return {
            key: str(value).encode("utf-8", "backslashreplace").decode()
            for key, value in texts.items()
        }

    def _schema(self, name: str) -> int:
        if name not in self._schemas:
            schema = {"type": "object", "title": f"pyprobe.{name}", "properties": _SCHEMAS[name]}
            data = json.dumps(schema).encode()
            self._schemas[name] = self._writer.register_schema(
                f"pyprobe.{name}", "jsonschema", data
            )
        return self._schemas[name]

    def finish(self) -> None:
        """Write the rest and the index."""
        self._writer.finish()


def _to_date_ns(info: RecordingInfo) -> int:
    """Return what makes nanoseconds since 1970 of a capture's time."""
    both = (info.program.get("time_ns", ""), info.program.get("perf_counter_ns", ""))
    if not all(text.isdecimal() for text in both):
        return 0
    return int(both[0]) - int(both[1])


def topics(info: RecordingInfo) -> dict[int, str]:
    """Return a topic for each probe: its file beside the script, line and symbol.

    Where two would be the same, the column is added, or else the probe's number.
    """
    root = os.path.join(
        info.program.get("cwd", ""), os.path.dirname(info.program.get("script", ""))
    )
    found = {probe.id: _topic(probe, os.path.normpath(root)) for probe in info.probes.values()}
    _set_apart(info, found, lambda probe: f"@{probe.anchor.col}")
    _set_apart(info, found, lambda probe: f"@{probe.id}")
    return found


def _set_apart(
    info: RecordingInfo, found: dict[int, str], ending: Callable[[RecordedProbe], str]
) -> None:
    counts = Counter(found.values())
    for probe in info.probes.values():
        if counts[found[probe.id]] > 1:
            found[probe.id] += ending(probe)


def _topic(probe: RecordedProbe, root: str) -> str:
    file = probe.anchor.file
    inside = file.startswith(root + os.sep)
    name = os.path.relpath(file, root) if inside else os.path.basename(file)
    text = f"/{name.replace(os.sep, '/')}/{probe.anchor.line}/{probe.anchor.symbol}"
    return _UNTOPICAL.sub("_", text).rstrip("_")
