"""ReadableSession: what a front end reads of a session, of a live one as of a recorded one."""

from collections.abc import Callable, Mapping
from typing import Protocol

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.ipc.messages import Hello
from pyprobe.session.ending import Ending
from pyprobe.session.histories import Histories
from pyprobe.session.launch import Program
from pyprobe.session.listener import ProgramState, SessionListener
from pyprobe.session.probe import Probe
from pyprobe.session.stats import SessionStats


class ReadableSession(Protocol):
    """The part that ``Session`` and ``RecordedSession`` have in common; see there."""

    program: Program

    @property
    def wakeup(self) -> Callable[[], None]:
        """Called when there is something to process; settable."""

    @wakeup.setter
    def wakeup(self, wakeup: Callable[[], None]) -> None: ...

    @property
    def state(self) -> ProgramState:
        """Where the program stands; ENDED in a recording."""

    @property
    def ending(self) -> Ending | None:
        """How the program ended, when that is known."""

    @property
    def stats(self) -> SessionStats:
        """Counters of the run."""

    @property
    def notes(self) -> list[str]:
        """Sentences for the person at the front end, oldest first."""

    @property
    def hello(self) -> Hello | None:
        """What the target said of itself."""

    @property
    def probes(self) -> Mapping[int, Probe]:
        """The probes by their id."""

    @property
    def histories(self) -> Histories:
        """What the histories hold, and the limits of it, which can be set."""

    @property
    def halted_at(self) -> tuple[str, int] | None:
        """File and line where the main thread stands while the program is paused."""

    @property
    def epoch_ns(self) -> int:
        """Zero of the histories' time axis."""

    @property
    def pid(self) -> int | None:
        """The program's process id while it runs."""

    @property
    def has_process(self) -> bool:
        """Whether there is a run whose end has not been processed."""

    def process_events(self, max_ms: float = 8.0) -> bool:
        """Apply what has come and tell the listeners; True when more waits."""

    def wait(self, timeout_s: float | None) -> bool:
        """Block until there is something to process, where something can come."""

    def add_probe(
        self, occurrence: Occurrence, file: str, *, throttle: str = "auto", run_code: bool = False
    ) -> Probe:
        """Watch an occurrence, or show a recorded one again; PyProbeError if it cannot be."""

    def remove_probe(self, probe: Probe) -> None:
        """Show a probe no more."""

    def add_listener(self, listener: SessionListener) -> None:
        """Tell a view of every change from now on."""

    def remove_listener(self, listener: SessionListener) -> None:
        """Tell it no more."""

    def close(self) -> None:
        """Leave nothing behind."""
