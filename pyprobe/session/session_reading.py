"""What a front end reads of a session, whether a program runs in it or a recording was opened."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from pyprobe.ipc.messages import Hello
from pyprobe.session.ending import Ending
from pyprobe.session.histories import Histories
from pyprobe.session.listener import ProgramState, SessionListener
from pyprobe.session.model import SessionModel
from pyprobe.session.probe import Probe
from pyprobe.session.stats import SessionStats

if TYPE_CHECKING:
    from pyprobe.session.snapshots import SnapshotStore


class SessionReading(ABC):
    """Base of sessions: the model, read only, and who hears of its changes."""

    def __init__(self) -> None:
        self._model = SessionModel()

    @property
    def state(self) -> ProgramState:
        """Where the program stands; in a recording it has ended."""
        return self._model.state

    @property
    def ending(self) -> Ending | None:
        """How the last run ended, when it has; ``None`` too if a recording was cut off before."""
        return self._model.ending

    @property
    def stats(self) -> SessionStats:
        """Counters of the current or last run, or of what has been read of a recording."""
        return self._model.stats

    @property
    def notes(self) -> list[str]:
        """The last sentences for the person at the front end of this run, oldest first."""
        return self._model.notes

    @property
    def hello(self) -> Hello | None:
        """What the target said of itself when it connected."""
        return self._model.hello

    @property
    def probes(self) -> Mapping[int, Probe]:
        """The probes by their id, in the order they were added."""
        return MappingProxyType(self._model.probes)

    @property
    def histories(self) -> Histories:
        """The limits of what the histories hold, to be read and set, and what they hold."""
        return self._model.histories

    @property
    def halted_at(self) -> tuple[str, int] | None:
        """File and line where the main thread stands while the program is paused."""
        return self._model.halted_at

    @property
    def epoch_ns(self) -> int:
        """``perf_counter_ns`` at the start of the run: zero of the histories' time axis."""
        return self._model.epoch_ns

    @property
    @abstractmethod
    def snapshots(self) -> "SnapshotStore":
        """What ``when(…).snapshot(label)`` has taken."""

    @property
    def history(self) -> "SnapshotStore":
        """The snapshots, as scripts ask for them: ``history.find(label)``, ``find_all(label)``."""
        return self.snapshots

    def add_listener(self, listener: SessionListener) -> None:
        """Tell a view of every change from now on."""
        if listener not in self._model.listeners:
            self._model.listeners.append(listener)

    def remove_listener(self, listener: SessionListener) -> None:
        """Tell it no more; harmless when it was not told."""
        if listener in self._model.listeners:
            self._model.listeners.remove(listener)
