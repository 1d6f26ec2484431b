"""RecordedSession: a recording that a front end shows as it shows a session, without a program."""

import json
import os
from collections.abc import Callable, Sequence
from typing import NoReturn

from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind, Path, Scope, Span
from pyprobe.analysis.source_file import SourceText
from pyprobe.core.anchor import ProbeAnchor
from pyprobe.errors import LaunchError, ProbeError
from pyprobe.ipc.messages import Hello
from pyprobe.session.launch import Program
from pyprobe.session.listener import ProgramState
from pyprobe.session.probe import Probe, ProbeStatus
from pyprobe.session.recorded_loading import RecordedLoading, recorded_ending
from pyprobe.session.recorded_sources import ChangedFile, RecordedSources
from pyprobe.session.recording_info import RecordedOutput, RecordedProbe, RecordingInfo
from pyprobe.session.recording_reader import LAST_RUN, RecordingReader
from pyprobe.session.session_reading import SessionReading
from pyprobe.session.snapshots import SnapshotStore

_MAX_CHANGED_NOTES = 3


class NoProgramError(LaunchError):
    """A recording was asked for what only a program can do."""


def _nothing() -> None:
    """The wake-up of a front end that waits or polls."""


class RecordedSession(SessionReading):
    """What a recording holds, with the reading surface of a Session; its state is ENDED.

    It opens at once: program, probes, sources and ending are there, the histories are empty.
    ``process_events`` (or ``load``, which is the same) reads on, and tells the listeners as a
    session does; ``progress`` says how far it is. One thread owns it all.

    Of several runs it shows ``run``, counted from 1, or the last; those before it are its probes'
    earlier histories.

    Raises:
        RecordingError: the file cannot be read, is no recording of ours or a newer one, or does
            not hold that run.
    """

    def __init__(self, path: str, *, run: int | None = None) -> None:
        super().__init__()
        self.path = path
        self.recorder = None
        self._wakeup: Callable[[], None] = _nothing
        self._reader = RecordingReader(path, run=run or LAST_RUN, with_earlier=True)
        info = self._reader.survey()
        self.run, self.runs = info.run, info.runs
        self.program = _program(info, path)
        self.sources = RecordedSources(info)
        self._model.state = ProgramState.ENDED
        self._model.ending = recorded_ending(info.ending)
        self._model.hello = _hello(info)
        self._model.epoch_ns = info.epoch_ns(info.run)
        self._recorded = {
            probe.id: self._probe(probe, color) for color, probe in enumerate(info.probes.values())
        }
        self._model.probes.update(self._recorded)
        self._loading = RecordedLoading(self._reader, self._model, self._recorded)
        self._is_told = False
        self._note_changes()

    def _probe(self, recorded: RecordedProbe, color_index: int) -> Probe:
        probe = Probe(
            recorded.id,
            recorded.anchor,
            recorded.occurrence or _stand_in(recorded.anchor),
            throttle=recorded.throttle,
            run_code=recorded.run_code,
            color_index=color_index,
            epoch_ns=self._model.epoch_ns,
            make_history=self._model.histories.new,
        )
        probe.status = ProbeStatus.FINISHED
        return probe

    def _note_changes(self) -> None:
        if len(self.runs) > 1:
            is_last = self.run == len(self.runs)
            which = "the last" if is_last else f"run {self.run}"
            fading = "; those before it fade behind" if self.run > 1 else ""
            self._model.note(
                f"The recording holds {len(self.runs)} runs of the program;"
                f" shown is {which}{fading}."
            )
        for changed in self.changed_files()[:_MAX_CHANGED_NOTES]:
            self._model.note(changed.sentence)

    # What a front end reads

    @property
    def pid(self) -> int | None:
        """Always ``None``."""
        return None

    @property
    def has_process(self) -> bool:
        """Always False."""
        return False

    @property
    def output(self) -> Sequence[RecordedOutput]:
        """What the program wrote, with times; only the window's recordings have it."""
        return self._loading.output

    @property
    def snapshots(self) -> SnapshotStore:
        """What ``when(…).snapshot(label)`` took while it was recorded, as far as it is read."""
        return self._loading.snapshots

    def source(self, file: str) -> SourceText:
        """Return a file's text as it was, else as it is now; ``problem`` says what is amiss."""
        return self.sources.text(file)

    def changed_files(self) -> list[ChangedFile]:
        """Return the recorded files that are gone or hold something else now."""
        return self.sources.changed_files()

    # Reading on

    @property
    def progress(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        if self.is_loaded or not self._reader.size:
            return 1.0
        return self._loading.nbytes / self._reader.size

    @property
    def name(self) -> str:
        """The file's name, and which run is shown where it holds several."""
        name = os.path.basename(self.path)
        return f"{name}, run {self.run} of {len(self.runs)}" if len(self.runs) > 1 else name

    @property
    def is_loaded(self) -> bool:
        """Whether the histories hold all there is."""
        return self._loading.is_done

    @property
    def trouble(self) -> str:
        """What is wrong with the recording, in one clause; ``""`` if nothing has been found."""
        return self._reader.info.trouble

    @property
    def wakeup(self) -> Callable[[], None]:
        """What to call when there is something to process; called at once while there is."""
        return self._wakeup

    @wakeup.setter
    def wakeup(self, wakeup: Callable[[], None]) -> None:
        self._wakeup = wakeup
        if not self.is_loaded:
            wakeup()

    def process_events(self, max_ms: float = 8.0) -> bool:
        """Read on for about this time and tell the listeners; True while there is more."""
        if not self._is_told:
            self._is_told = True
            for listener in list(self._model.listeners):
                listener.on_state(ProgramState.ENDED)
        if self.is_loaded:
            return False
        if self._loading.load(max_ms):
            return True
        self._finish()
        return False

    load = process_events

    def _finish(self) -> None:
        if self.trouble:
            trouble = self.trouble
            self._model.note(f"{trouble[0].upper()}{trouble[1:]}.")
        self._model.tell_stats()
        if self._model.ending is not None:
            self._model.end(self._model.ending)

    def wait(self, timeout_s: float | None) -> bool:
        """Return at once whether there is more to read, as nothing comes by itself."""
        return not self.is_loaded

    # What needs no program

    def add_probe(
        self, occurrence: Occurrence, file: str, *, throttle: str = "auto", run_code: bool = False
    ) -> Probe:
        """Return the recorded probe of an occurrence, shown again if it was removed.

        Raises:
            ProbeError: there is none.
        """
        place = (os.path.abspath(file), occurrence.line, occurrence.col, occurrence.symbol)
        for probe in self._recorded.values():
            anchor = probe.anchor
            if (anchor.file, anchor.line, anchor.col, anchor.symbol) == place:
                if probe.id not in self._model.probes:
                    self._model.probes[probe.id] = probe
                    self._model.tell_probe(probe)
                return probe
        raise ProbeError(
            f"the recording holds no captures of {occurrence.symbol} in line {occurrence.line};"
            " only a program that runs can be probed anew"
        )

    def remove_probe(self, probe: Probe) -> None:
        """Show a probe no more; the file keeps it, and ``add_probe`` brings it back."""
        if self._model.probes.pop(probe.id, None) is not None:
            self._model.tell_probe(probe)

    def restore_probe(self, probe: Probe) -> bool:
        """Show a removed probe again; False where it is shown already."""
        if probe.id in self._model.probes:
            return False
        self._model.probes[probe.id] = probe
        self._model.tell_probe(probe)
        return True

    def set_color(self, probe: Probe, color_index: int) -> None:
        """Give a probe another colour of the palette."""
        probe.color_index = color_index
        self._model.tell_probe(probe)

    def set_sample_rate(self, probe: Probe, rate_hz: float | None) -> None:
        """Say how many samples a second the probe's arrays have, where that is known."""
        probe.sample_rate_hz = rate_hz

    def forget_earlier(self) -> bool:
        """Let the histories of earlier runs go; False if there are none."""
        return self._model.forget_earlier()

    def has_captures_of(self, occurrence: Occurrence, file: str) -> bool:
        """Whether an occurrence of a file was probed when the recording was made."""
        place = (file, occurrence.line, occurrence.col, occurrence.symbol)
        anchors = (probe.anchor for probe in self._recorded.values())
        return any((one.file, one.line, one.col, one.symbol) == place for one in anchors)

    def close(self) -> None:
        """Let go of the file. What has been read and is in memory stays."""
        self._loading.stop()
        self._model.histories.close()

    # What needs one

    def _refuse(self, what: str) -> NoReturn:
        name = self.program.label
        raise NoProgramError(f"{name} {what}: this is a recording, and no program runs")

    def set_throttle(self, probe: Probe, throttle: str, *, run_code: bool | None = None) -> None:
        """Refuse: raises NoProgramError."""
        self._refuse(f"cannot be captured with the throttle {throttle}")

    def move_probe(self, probe: Probe, occurrence: Occurrence, file: str | None = None) -> None:
        """Refuse: raises NoProgramError."""
        self._refuse("was captured where its probes are")

    def lose_probe(self, probe: Probe, why: str) -> None:
        """Refuse: raises NoProgramError."""
        self._refuse("was captured where its probes are")

    def start(self) -> None:
        """Refuse: raises NoProgramError."""
        self._refuse("cannot be started")

    def restart(self, *, clear_histories: bool = True) -> None:
        """Refuse: raises NoProgramError."""
        self._refuse("cannot be started again")

    def stop(self) -> None:
        """Refuse: raises NoProgramError."""
        self._refuse("cannot be stopped")

    def send_signal(self, number: int) -> None:
        """Refuse: raises NoProgramError."""
        self._refuse("takes no signals")

    def pause(self) -> None:
        """Refuse: raises NoProgramError."""
        self._refuse("cannot be paused")

    def resume(self) -> None:
        """Refuse: raises NoProgramError."""
        self._refuse("cannot go on")

    def send_input(self, text: str) -> None:
        """Refuse: raises NoProgramError."""
        self._refuse("takes no input")

    def close_input(self) -> None:
        """Refuse: raises NoProgramError."""
        self._refuse("takes no input")


def _program(info: RecordingInfo, path: str) -> Program:
    data = info.program
    script, module = data.get("script") or None, data.get("module") or None
    if (script is None) == (module is None):  # the record is damaged; the file's name must do
        name = os.path.basename(path)
        return Program(name, None, (), "", os.path.dirname(os.path.abspath(path)))
    return Program(script, module, _args(data), data.get("python", ""), data.get("cwd", ""))


def _args(data: dict[str, str]) -> tuple[str, ...]:
    try:
        return tuple(map(str, json.loads(data.get("args", "[]"))))
    except (ValueError, TypeError):
        return ()


def _hello(info: RecordingInfo) -> Hello | None:
    target = info.target
    if not target:
        return None
    return Hello(
        _whole_number(target.get("pid", "")),
        target.get("python_version", ""),
        target.get("executable", ""),
        target.get("event_source", ""),
        target.get("event_source_reason", ""),
    )


def _whole_number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _stand_in(anchor: ProbeAnchor) -> Occurrence:
    """Return an occurrence for an anchor whose own could not be read: enough to be shown."""
    end_col = anchor.col + len(anchor.symbol)
    span = Span(anchor.line, anchor.col, anchor.line, end_col)
    return Occurrence(
        kind=OccurrenceKind.STORE,
        symbol=anchor.symbol,
        line=anchor.line,
        col=anchor.col,
        end_col=end_col,
        func=anchor.func,
        span=span,
        name=anchor.symbol,
        path=Path(anchor.symbol),
        scope=Scope(anchor.func or "<module>", 1, span),
        statement=span,
    )
