"""Exports to an MCAP file with JSON messages and JSON schemas, as Foxglove and PlotJuggler open it.

Each probe is a topic such as ``/script.py/10/x``; captures that are no plain numbers have topics of
their own beside it (``/script.py/10/x/values`` …), as a topic has one schema. See ``export_json``
for the messages. Times are dates.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pyprobe import __version__
from pyprobe.ipc.column_reader import Column
from pyprobe.session.export_json import JSON_SCHEMAS, json_objects
from pyprobe.session.mcap_bulk_writer import BulkWriter
from pyprobe.session.recording_info import RecordedProbe, RecordingInfo
from pyprobe.session.recording_reader import RecordingReader

_UNTOPICAL = re.compile(r"[^\w./@-]+")
_MAX_SEQUENCE = 1 << 32
_MAX_TIME_NS = (1 << 63) - 1

_ENDINGS = {
    "Number": "",
    "Bool": "/bool",
    "Complex": "/complex",
    "Values": "/values",
    "ComplexValues": "/complex_values",
    "Text": "/text",
}


def write_mcap_json(reader: RecordingReader, path: str) -> int:
    """Write the file in bounded memory; return how many captures.

    Raises:
        RecordingError: the recording cannot be read.
    """
    count = 0
    library = f"pyprobe {__version__}"
    with open(path, "wb") as file, BulkWriter(file, profile="", library=library) as writer:
        channels = _Channels(writer, reader)
        for columns in reader.columns():
            channels.write(columns)
            count += sum(column.count for column in columns)
        writer.finish()
    return count


class _Channels:
    """Writes captures to one topic for each probe and schema."""

    def __init__(self, writer: BulkWriter, reader: RecordingReader) -> None:
        self._reader = reader
        self._topics: dict[int, str] = {}
        self._channels: dict[tuple[int, str], int] = {}
        self._schemas: dict[str, int] = {}
        self._shift_ns: int | None = None
        self._writer = writer

    def write(self, columns: list[Column]) -> None:
        """Write all captures of one message, in order of execution."""
        seq = np.concatenate([column.seq for column in columns])
        times_ns = np.concatenate([column.t_ns for column in columns])
        channels: list[NDArray[np.uint16]] = []
        bodies: list[bytes] = []
        for column in columns:
            schemas, objects = json_objects(column)
            numbers = {name: self._channel(column.probe_id, name) for name in set(schemas)}
            channels.append(np.array([numbers[name] for name in schemas], np.uint16))
            bodies += objects
        channel = np.concatenate(channels)
        if len(columns) > 1:
            order = np.argsort(seq, kind="stable")
            seq, times_ns, channel = seq[order], times_ns[order], channel[order]
            bodies = list(map(bodies.__getitem__, order.tolist()))
        sequences = (seq % _MAX_SEQUENCE).astype(np.uint32)
        self._writer.add_messages(channel, sequences, self._dates(times_ns), bodies)

    def _dates(self, times_ns: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Return nanoseconds since 1970; nothing was before that."""
        if self._shift_ns is None:
            self._shift_ns = _to_date_ns(self._reader.info)
        shift_ns = self._shift_ns
        late = np.maximum(times_ns, min(-shift_ns, _MAX_TIME_NS)).astype(np.uint64)
        return late + np.uint64(shift_ns % (1 << 64))  # the sum is positive and fits

    def _channel(self, probe_id: int, schema: str) -> int:
        channel = self._channels.get((probe_id, schema))
        if channel is None:
            if not self._topics:
                self._topics = topics(self._reader.info)
            topic = self._topics.get(probe_id, f"/probe/{probe_id}") + _ENDINGS[schema]
            channel = self._writer.add_channel(
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
            schema = {
                "type": "object",
                "title": f"pyprobe.{name}",
                "properties": JSON_SCHEMAS[name],
            }
            data = json.dumps(schema).encode()
            self._schemas[name] = self._writer.add_schema(f"pyprobe.{name}", "jsonschema", data)
        return self._schemas[name]


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
