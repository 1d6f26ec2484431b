"""What is known of a session, and who wants to hear of it. Changed on one thread only."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, perf_counter_ns
from typing import TYPE_CHECKING

from pyprobe.ipc.messages import Hello
from pyprobe.session.ending import Ending
from pyprobe.session.histories import Histories
from pyprobe.session.listener import ProgramState, SessionListener
from pyprobe.session.probe import STALE_AFTER_S, Probe, ProbeStatus
from pyprobe.session.stats import SessionStats

if TYPE_CHECKING:
    from pyprobe.session.log_line import LogLine

_MAX_NOTES = 200


class SessionModel:
    """State, probes, counters and notes; every change tells the listeners."""

    def __init__(self) -> None:
        self.state = ProgramState.IDLE
        self.hello: Hello | None = None
        self.ending: Ending | None = None
        self.stats = SessionStats()
        self.notes: list[str] = []
        self.halted_at: tuple[str, int] | None = None
        self.histories = Histories(self.note)
        self.epoch_ns = perf_counter_ns()
        self.probes: dict[int, Probe] = {}
        self.listeners: list[SessionListener] = []
        self._captured: set[int] = set()

    def begin_run(self) -> None:
        """Forget how the last run ended and what was said of it, for the next one."""
        self.notes.clear()
        self.hello, self.ending, self.halted_at = None, None, None
        self.stats = SessionStats()
        self.epoch_ns = perf_counter_ns()
        self.set_state(ProgramState.STARTING)

    def set_state(self, state: ProgramState) -> None:
        """Change the program's state."""
        if state is not self.state:
            self.state = state
            for listener in list(self.listeners):
                listener.on_state(state)

    def end(self, ending: Ending) -> None:
        """The program has ended: every valid probe is finished."""
        self.ending, self.halted_at = ending, None
        for probe in self.probes.values():
            if probe.status is not ProbeStatus.INVALID:
                self.set_status(probe, ProbeStatus.FINISHED)
        self.set_state(ProgramState.ENDED)
        for listener in list(self.listeners):
            listener.on_ending(ending)

    def note(self, text: str) -> None:
        """Say something to the person at the front end, once a run."""
        if text in self.notes:
            return
        self.notes.append(text)
        del self.notes[:-_MAX_NOTES]
        for listener in list(self.listeners):
            listener.on_note(text)

    def tell_probe(self, probe: Probe) -> None:
        """Say that a probe has changed."""
        for listener in list(self.listeners):
            listener.on_probe(probe)

    def set_status(self, probe: Probe, status: ProbeStatus, detail: str = "") -> None:
        """Change how a probe fares."""
        if (status, detail) != (probe.status, probe.detail):
            probe.status, probe.detail = status, detail
            self.tell_probe(probe)

    def forget_earlier(self) -> bool:
        """Let the histories of earlier runs go; False if there are none."""
        having = [probe for probe in self.probes.values() if probe.earlier]
        for probe in having:
            probe.earlier.clear()
            self.tell_probe(probe)
        return bool(having)

    def tell_stop(self) -> None:
        """Say that threads have stopped, or stand no more."""
        for listener in list(self.listeners):
            listener.on_stop()

    def tell_breakpoints(self) -> None:
        """Say that breakpoints were changed, or fare otherwise."""
        for listener in list(self.listeners):
            listener.on_breakpoints()

    def tell_log(self, line: "LogLine") -> None:
        """Say that a breakpoint has logged something."""
        for listener in list(self.listeners):
            listener.on_log(line)

    def tell_stats(self) -> None:
        """Say that the counters have changed."""
        for listener in list(self.listeners):
            listener.on_stats(self.stats)

    def captures_came(self, probe: Probe) -> None:
        """A probe's history has grown; listeners hear of it once for all frames in hand."""
        self._captured.add(probe.id)
        probe.last_capture_s = monotonic()
        if probe.status in (ProbeStatus.ARMED, ProbeStatus.STALE):
            self.set_status(probe, ProbeStatus.LIVE)

    @contextmanager
    def gathering_captures(self) -> Iterator[None]:
        """Tell the listeners of all captures that came within."""
        try:
            yield
        finally:
            captured, self._captured = self._captured, set()
            if captured:
                for listener in list(self.listeners):
                    listener.on_captures(captured)

    def mark_stale(self) -> None:
        """Find the probes whose captures have stopped coming."""
        if self.state is not ProgramState.RUNNING:
            return
        limit_s = monotonic() - STALE_AFTER_S
        for probe in self.probes.values():
            if probe.status is ProbeStatus.LIVE and probe.last_capture_s < limit_s:
                self.set_status(probe, ProbeStatus.STALE)
