"""PastReaders: the histories of traces as they were at one moment, or as they are now."""

from typing import Protocol, runtime_checkable

from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.probe import STALE_AFTER_S
from pyprobe.session.trace import ProbeStatus


class HasHistory(Protocol):
    """What is asked of a trace here."""

    @property
    def id(self) -> int:
        """The number views know it by."""

    @property
    def status(self) -> ProbeStatus:
        """How it fares now."""

    @property
    def history(self) -> HistoryReader:
        """The captures of this run."""


@runtime_checkable
class HasPast(Protocol):
    """A trace that knows by itself what it was at a time, as one of another recording does."""

    def as_of(self, t_ns: int) -> HistoryReader:
        """Return its history as it was."""


class PastReaders:
    """Gives the same view of a history again until it would hold something else.

    ``t_ns`` is the target's ``perf_counter_ns``, ``None`` for now.
    """

    def __init__(self) -> None:
        self.t_ns: int | None = None
        self._views: dict[int, tuple[HistoryReader, int, HistoryReader]] = {}

    def move_to(self, t_ns: int | None) -> None:
        """Read as of another time from now on."""
        if t_ns != self.t_ns:
            self.t_ns = t_ns
            self._views.clear()

    def reader(self, trace: HasHistory) -> HistoryReader:
        """Return a trace's history as of the time."""
        history = trace.history
        if self.t_ns is None:
            return history
        known = self._views.get(trace.id)
        if known is not None and known[0] is history and known[1] == history.count:
            return known[2]
        view = trace.as_of(self.t_ns) if isinstance(trace, HasPast) else history.as_of(self.t_ns)
        # Captures of that time can still come, from another thread; later ones change nothing.
        if known is not None and known[0] is history and known[2].count == view.count:
            view = known[2]
        self._views[trace.id] = (history, history.count, view)
        return view

    def status(self, trace: HasHistory) -> ProbeStatus:
        """Return how a trace fared at the time; one that is invalid now was never anything else."""
        if self.t_ns is None or trace.status is ProbeStatus.INVALID:
            return trace.status
        last_t_ns = self.reader(trace).last_t_ns
        if last_t_ns is None:
            return ProbeStatus.ARMED
        is_stale = self.t_ns - last_t_ns > STALE_AFTER_S * 1e9
        return ProbeStatus.STALE if is_stale else ProbeStatus.LIVE
