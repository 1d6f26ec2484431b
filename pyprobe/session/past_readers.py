"""PastReaders: the histories of traces as they were at one moment, or as they are now."""

from typing import Protocol, runtime_checkable

from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.probe import STALE_AFTER_S
from pyprobe.session.trace import ProbeStatus, Trace


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


@runtime_checkable
class FaresInPast(HasPast, Protocol):
    """A trace whose past is computed beside, and may be wrong where its present is not.

    ``as_of`` gives the same history until it would be another one.
    """

    def fares_at(self, t_ns: int) -> tuple[ProbeStatus, str]:
        """Return how it fared at a time, and what was wrong."""

    def sentence_at(self, t_ns: int) -> str:
        """Return what stands in its plot's place where it had nothing at a time."""


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
        if isinstance(trace, FaresInPast):
            return trace.as_of(self.t_ns)
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
        """Return how a trace fared at the time.

        One that is invalid now was never anything else, unless its past is computed.
        """
        if self.t_ns is None:
            return trace.status
        if isinstance(trace, FaresInPast):
            status = trace.fares_at(self.t_ns)[0]
            if status is not ProbeStatus.LIVE:
                return status
        elif trace.status is ProbeStatus.INVALID:
            return trace.status
        last_t_ns = self.reader(trace).last_t_ns
        if last_t_ns is None:
            return ProbeStatus.ARMED
        is_stale = self.t_ns - last_t_ns > STALE_AFTER_S * 1e9
        return ProbeStatus.STALE if is_stale else ProbeStatus.LIVE

    def fares(self, trace: Trace) -> tuple[ProbeStatus, str]:
        """Return what a trace's plot says of its state, and why it is invalid."""
        if self.t_ns is not None and isinstance(trace, FaresInPast):
            return trace.fares_at(self.t_ns)
        return trace.status, trace.detail

    def sentence(self, trace: Trace) -> str:
        """Return what stands in the place of a trace's plot where it had nothing at the time."""
        if self.t_ns is not None and isinstance(trace, FaresInPast):
            return trace.sentence_at(self.t_ns)
        if self.t_ns is not None and trace.history.count:
            return "no capture yet at this time"
        return trace.waiting_sentence()
