"""What a view can hear of a session; every method does nothing until it is overridden."""

from enum import Enum
from typing import TYPE_CHECKING

from pyprobe.session.ending import Ending
from pyprobe.session.output import StreamName
from pyprobe.session.probe import Probe
from pyprobe.session.stats import SessionStats

if TYPE_CHECKING:
    from pyprobe.session.log_line import LogLine


class ProgramState(Enum):
    """Where the program stands. STARTING lasts until the target has its first probes."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class SessionListener:
    """Base of listeners. All are called from ``Session.process_events`` and from the session's
    own methods, on the caller's thread.
    """

    def on_state(self, state: ProgramState) -> None:
        """The program's state has changed."""

    def on_ending(self, ending: Ending) -> None:
        """The program has ended, and everything it sent has been processed."""

    def on_captures(self, probe_ids: set[int]) -> None:
        """These probes' histories have grown."""

    def on_probe(self, probe: Probe) -> None:
        """A probe was added, removed, moved, or has another status, throttle, mode or counter."""

    def on_output(self, stream: StreamName, text: str) -> None:
        """The program wrote to a standard stream."""

    def on_stats(self, stats: SessionStats) -> None:
        """The counters have changed."""

    def on_stop(self) -> None:
        """Threads have stopped, or stand no more: see ``Session.debug``."""

    def on_breakpoints(self) -> None:
        """A breakpoint was added, changed or removed, or fares otherwise: see
        ``Session.breakpoints``.
        """

    def on_log(self, line: "LogLine") -> None:
        """A breakpoint has logged a message instead of stopping."""

    def on_note(self, text: str) -> None:
        """There is a new sentence for the person at the front end."""
