"""Brings what a recording holds into the model of a session, piece by piece."""

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from time import monotonic

from pyprobe.errors import RecordingError
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.messages import (
    Bye,
    Captures,
    Failure,
    Hello,
    Message,
    Note,
    ProbeState,
    Stats,
)
from pyprobe.session.ending import Ending, TracebackFrame
from pyprobe.session.model import SessionModel
from pyprobe.session.probe import Probe, ProbeStatus
from pyprobe.session.recording_info import RecordedOutput
from pyprobe.session.recording_reader import RecordingReader
from pyprobe.session.snapshots import SnapshotStore
from pyprobe.session.stats import SessionStats

_KEEP_OUTPUT_CHARACTERS = 1 << 24
_PART_BYTES = 1 << 20


class RecordedLoading:
    """Reads one recording into a model. ``output`` is what the program wrote, newest kept.

    ``snapshots`` are those of all runs that are read.

    ``probes`` are those of the recording, of which the model has those that are shown. Runs before
    the last one that is read become their earlier histories.
    """

    def __init__(
        self, reader: RecordingReader, model: SessionModel, probes: Mapping[int, Probe]
    ) -> None:
        self._reader = reader
        self._model = model
        self._probes = probes
        self._batches = reader.batches()
        self._greetings = 0
        self._run = 1
        self._failure: Failure | None = None
        self._output_characters = 0
        self._handlers: dict[type[Message], Callable[..., None]] = {
            Hello: self._on_hello,
            Captures: self._on_captures,
            ProbeState: self._on_probe_state,
            Stats: self._on_stats,
            Note: lambda message: model.note(message.text),
            Failure: self._on_failure,
            Bye: self._on_bye,
        }
        self.output: deque[RecordedOutput] = deque()
        self.snapshots = SnapshotStore()
        self.nbytes = 0
        self.is_done = False

    def load(self, max_ms: float) -> bool:
        """Take in what can be read in this time, at least one chunk; True while there is more."""
        deadline_s = monotonic() + max_ms / 1000
        with self._model.gathering_captures():
            while not self.is_done:
                self._take_batch()
                if monotonic() >= deadline_s:
                    break
        return not self.is_done

    def stop(self) -> None:
        """Read no more, and let go of the file."""
        self.is_done = True
        self._batches.close()

    def _take_batch(self) -> None:
        try:
            batch = next(self._batches, None)
        except RecordingError as error:  # the disk failed: what has been read stays
            self._model.note(f"{error}.")
            batch = None
        if batch is None:
            self.stop()
            return
        for entry, run in zip(batch.entries, batch.runs, strict=True):
            self._run = run
            if isinstance(entry, RecordedOutput):
                self._on_output(entry)
            elif type(entry) in self._handlers:
                self._handlers[type(entry)](entry)
        self.nbytes = batch.nbytes

    def _on_output(self, output: RecordedOutput) -> None:
        self.output.append(output)
        self._output_characters += len(output.text)
        while self._output_characters > _KEEP_OUTPUT_CHARACTERS and len(self.output) > 1:
            self._output_characters -= len(self.output.popleft().text)
        for listener in list(self._model.listeners):
            listener.on_output("stderr" if output.stream == "stderr" else "stdout", output.text)

    def _on_hello(self, hello: Hello) -> None:
        model = self._model
        model.hello, model.epoch_ns = hello, self._reader.info.epoch_ns(self._run)
        self._greetings += 1
        if self._greetings == 1:
            for probe in self._probes.values():
                probe.history.epoch_ns = model.epoch_ns
            return
        model.stats = SessionStats()  # started again while it was recorded: a history is one run's
        for probe in self._probes.values():
            probe.begin_generation(model.epoch_ns)
            probe.captured = probe.dropped = 0
            model.tell_probe(probe)

    def _on_captures(self, message: Captures) -> None:
        columns, snapshots = self._reader.read_columns(message)
        for column in columns:
            probe = self._probes.get(column.probe_id)
            if probe is None:
                continue  # its record is damaged
            for part in _parts(column):
                probe.history.append(part)
                self._model.histories.wait()  # the disk is to take all there is
            probe.captured += column.count
            if probe.id in self._model.probes:
                self._model.captures_came(probe)
        self._keep_snapshots(snapshots)
        self._model.stats.count_received(sum(column.count for column in columns))

    def _keep_snapshots(self, columns: list[Column]) -> None:
        """Keep what conditions have captured, beside what the probes had captured up to then."""
        probes = self._probes.values()
        for column in columns:
            label = self._reader.info.watches[column.probe_id].label
            self.snapshots.add_column(label, column, probes)

    def _on_probe_state(self, message: ProbeState) -> None:
        probe = self._probes.get(message.probe_id)
        if probe is not None and message.state == ProbeStatus.INVALID.value:
            self._model.set_status(probe, ProbeStatus.INVALID, message.detail)

    def _on_stats(self, message: Stats) -> None:
        self._model.stats.take(message)
        for key, counters in message.probes.items():
            probe = self._probes.get(int(key)) if key.isdecimal() else None
            match counters:
                case [int(), int(dropped), str(mode)] if probe is not None:
                    if (dropped, mode) != (probe.dropped, probe.mode):
                        probe.dropped, probe.mode = dropped, mode
                        self._model.tell_probe(probe)
        self._model.tell_stats()

    def _on_failure(self, message: Failure) -> None:
        self._failure = message

    def _on_bye(self, message: Bye) -> None:
        stats = self._model.stats
        stats.captured = max(stats.captured, message.captured)
        stats.dropped = max(stats.dropped, message.dropped)


def _parts(column: Column) -> Iterator[Column]:
    """Yield a column in parts that the disk takes at once: whole where it holds no arrays."""
    start = nbytes = 0
    for stop, value in enumerate(column.arrays, 1):
        nbytes += value.array.nbytes
        if nbytes >= _PART_BYTES and stop < column.count:
            yield column.part(start, stop)
            start, nbytes = stop, 0
    yield column.part(start, column.count) if start else column


def recorded_ending(data: Mapping[str, str]) -> Ending | None:
    """Return the ending that a recording names; ``None`` if it names none."""
    if not data:
        return None
    code = data.get("exit_code", "")
    exit_code = int(code) if code.removeprefix("-").isdecimal() else None
    signal = data.get("signal") or None
    return Ending(
        exit_code if signal is None else None,
        signal,
        data.get("sentence", "ended"),
        exception=data.get("exception", ""),
        frames=_frames(data.get("frames", "[]")),
        complete=data.get("complete") == "true",
    )


def _frames(text: str) -> list[TracebackFrame]:
    try:
        return [
            TracebackFrame(str(file), int(line), str(name)) for file, line, name in json.loads(text)
        ]
    except (ValueError, TypeError):
        return []  # the sentence still says how the program ended
