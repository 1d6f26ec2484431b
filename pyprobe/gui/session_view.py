"""SessionView: hears the session and brings every view up to date, once a frame at most."""

from typing import TYPE_CHECKING, Protocol

from PyQt6.QtCore import QTimer

from pyprobe.gui.console_text import Stream
from pyprobe.gui.frame_clock import FrameClock
from pyprobe.session.ending import Ending
from pyprobe.session.listener import ProgramState, SessionListener
from pyprobe.session.output import StreamName
from pyprobe.session.probe import Probe
from pyprobe.session.readable_session import ReadableSession
from pyprobe.session.stats import SessionStats

if TYPE_CHECKING:
    from pyprobe.session.log_line import LogLine

_EVENTS_MS = 8.0
_VALUES_MS = 100  # last values are read, not watched: ten times a second is enough
_PULSE_MS = 500


class Views(Protocol):
    """What a window lets its session view change."""

    def show_state(self, state: ProgramState) -> None:
        """Show the program's state."""

    def show_ending(self, ending: Ending) -> None:
        """Show how the program ended."""

    def show_note(self, text: str) -> None:
        """Show a sentence of the session's."""

    def show_probes(self) -> None:
        """Show which probes there are, and their states."""

    def show_stop(self) -> None:
        """Show where threads stand, or that they stand no more."""

    def show_breakpoints(self) -> None:
        """Show which breakpoints there are, and how they fare."""

    def show_captures(self, probe_ids: set[int]) -> None:
        """Draw what has come for these probes."""

    def show_computed(self) -> None:
        """Take what was computed from captures beside the window's thread."""

    def show_values(self) -> None:
        """Show last values, rates and counters."""

    def write_output(self, stream: Stream, text: str) -> None:
        """Take the program's output."""

    def write_log(self, line: "LogLine") -> None:
        """Take what a breakpoint has logged."""

    def show_output(self) -> bool:
        """Show output that was taken; True if more waits."""


class SessionView(SessionListener):
    """Between a session and a window: gathers what happened, and tells it in frames."""

    def __init__(self, session: ReadableSession, views: Views) -> None:
        self._session = session
        self._views = views
        self._captured: set[int] = set()
        self._touched: set[int] = set()
        self._probes_changed = self._stops_changed = self._breakpoints_changed = False
        self.clock = FrameClock(self._on_frame)
        self._values_timer = QTimer()
        self._values_timer.setSingleShot(True)
        self._values_timer.setInterval(_VALUES_MS)
        self._values_timer.timeout.connect(self._show_values)
        self._pulse = QTimer()
        self._pulse.setInterval(_PULSE_MS)
        self._pulse.timeout.connect(self._on_pulse)
        session.wakeup = self.clock.wake
        session.add_listener(self)

    def stop(self) -> None:
        """Hear no more; no timer runs afterwards."""
        self._session.remove_listener(self)
        self._session.wakeup = lambda: None
        self.clock.stop()
        self._values_timer.stop()
        self._pulse.stop()

    @property
    def is_idle(self) -> bool:
        """Whether no timer runs and no frame is asked for."""
        timers = (self._values_timer, self._pulse)
        return self.clock.is_idle and not any(timer.isActive() for timer in timers)

    # ---- what the session says -----------------------------------------------------------

    def on_state(self, state: ProgramState) -> None:
        goes = state not in (ProgramState.IDLE, ProgramState.ENDED)
        if goes and not self._pulse.isActive():
            self._pulse.start()
        elif not goes:
            self._pulse.stop()
        self._views.show_state(state)
        self._values_soon()

    def on_ending(self, ending: Ending) -> None:
        self._views.show_ending(ending)

    def on_note(self, text: str) -> None:
        self._views.show_note(text)

    def on_probe(self, probe: Probe) -> None:
        self._probes_changed = True
        self._touched.add(probe.id)
        self.clock.wake()

    def on_stop(self) -> None:
        self._stops_changed = True
        self.clock.wake()

    def on_breakpoints(self) -> None:
        self._breakpoints_changed = True
        self.clock.wake()

    def on_captures(self, probe_ids: set[int]) -> None:
        self._captured |= probe_ids
        self._values_soon()

    def on_stats(self, stats: SessionStats) -> None:
        self._values_soon()

    def on_output(self, stream: StreamName, text: str) -> None:
        self._views.write_output(Stream.STDERR if stream == "stderr" else Stream.STDOUT, text)

    def on_log(self, line: "LogLine") -> None:
        self._views.write_log(line)
        self.clock.wake()

    # ---- frames --------------------------------------------------------------------------

    def _on_frame(self) -> bool:
        more = self._session.process_events(_EVENTS_MS)
        if self._probes_changed:
            self._probes_changed = False
            self._views.show_probes()
            self._values_soon()
        captured, self._captured = self._captured | self._touched, set()
        self._touched.clear()
        if captured:
            self._views.show_captures(captured)
        self._views.show_computed()
        if self._stops_changed:
            self._stops_changed = False
            self._views.show_stop()
        if self._breakpoints_changed:
            self._breakpoints_changed = False
            self._views.show_breakpoints()
        return self._views.show_output() or more or self._probes_changed

    def _values_soon(self) -> None:
        if not self._values_timer.isActive():
            self._values_timer.start()

    def _show_values(self) -> None:
        self._views.show_values()

    def _on_pulse(self) -> None:
        self.clock.wake()  # the session looks for probes that have become stale
        self._values_soon()
