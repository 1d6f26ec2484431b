"""The snapshots of a recording, by label."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyprobe.ipc.messages import Captures
from pyprobe.session.recording_reader import RecordingReader
from pyprobe.session.snapshots import frame_of


@dataclass(frozen=True)
class RecordedSnapshot:
    """``seq``: its place among all captures of its run. ``t_s``: seconds since the run began."""

    run: int
    label: str
    seq: int
    t_s: float
    place: str
    variables: Mapping[str, str]


def recorded_snapshots(reader: RecordingReader) -> Iterator[RecordedSnapshot]:
    """Yield the snapshots in the order of execution.

    Raises:
        RecordingError: the file is no recording that can be read.
    """
    for message in reader.messages():
        if not isinstance(message, Captures):
            continue
        began_ns = reader.info.epoch_ns(reader.run)
        found: list[RecordedSnapshot] = []
        _of_probes, snapshots = reader.read_columns(message)
        for column in snapshots:
            label = reader.info.watches[column.probe_id].label
            for index, tree in enumerate(column.trees):
                t_s = (int(column.t_ns[index]) - began_ns) / 1e9
                when = int(column.seq[index]), t_s
                found.append(RecordedSnapshot(reader.run, label, *when, *frame_of(tree)))
        yield from sorted(found, key=lambda one: one.seq)
