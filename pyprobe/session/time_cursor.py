"""TimeCursor: the one moment a whole front end shows: now, or where the user has stopped it."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.past_readers import HasHistory, PastReaders
from pyprobe.session.trace import ProbeStatus

_BEFORE_ALL_NS = -(1 << 62)

Listener = Callable[[int | None], None]


class TimeRange(NamedTuple):
    """The times of the first and of the last capture, in the target's ``perf_counter_ns``."""

    first_ns: int
    last_ns: int

    @property
    def span_ns(self) -> int:
        """How long it is."""
        return self.last_ns - self.first_ns


class TimeCursor:
    """``traces`` gives those whose captures the cursor goes along. One thread owns it.

    Captures that come while it is stopped are stored as ever and only not looked at. Listeners
    hear the new time, ``None`` for live, once for every change.
    """

    def __init__(self, traces: Callable[[], Iterable[HasHistory]]) -> None:
        self._traces = traces
        self._past = PastReaders()
        self._listeners: list[Listener] = []

    @property
    def t_ns(self) -> int | None:
        """The time that is shown; ``None`` while live."""
        return self._past.t_ns

    @property
    def is_live(self) -> bool:
        """Whether what is newest is shown."""
        return self._past.t_ns is None

    @property
    def range(self) -> TimeRange | None:
        """From the first capture that is kept to the last; ``None`` before there is any."""
        first_ns, last_ns = [], []
        for trace in self._traces():
            first = trace.history.next_t_ns(_BEFORE_ALL_NS)
            last = trace.history.last_t_ns
            if first is not None and last is not None:
                first_ns.append(first)
                last_ns.append(last)
        return TimeRange(min(first_ns), max(last_ns)) if first_ns else None

    @property
    def epoch_ns(self) -> int:
        """Zero of the histories' time axis; of the newest, where runs have gone on in them."""
        return max((trace.history.epoch_ns for trace in self._traces()), default=0)

    def counts(self) -> tuple[int, int]:
        """Return how many captures there had been by the time, and how many there are."""
        traces = list(self._traces())
        total = sum(trace.history.count for trace in traces)
        if self.is_live:
            return total, total
        return sum(self.reader(trace).count for trace in traces), total

    def reader(self, trace: HasHistory) -> HistoryReader:
        """Return a trace's history as of the time."""
        return self._past.reader(trace)

    def status(self, trace: HasHistory) -> ProbeStatus:
        """Return how a trace fared at the time."""
        return self._past.status(trace)

    # Moving

    def stop(self) -> bool:
        """Stay at the newest capture; False when there is none. Harmless when stopped already."""
        if not self.is_live:
            return True
        span = self.range
        if span is not None:
            self._set(span.last_ns)
        return span is not None

    def move_to(self, t_ns: int) -> bool:
        """Show a time, at the ends of the range where it is beyond; False when nothing is there."""
        span = self.range
        if span is None:
            return False
        self._set(min(max(t_ns, span.first_ns), span.last_ns))
        return True

    def go_live(self) -> None:
        """Show what is newest again."""
        self._set(None)

    def step(self, direction: int) -> bool:
        """Go to the next capture of any trace, or with -1 to the one before; False at the end.

        From live the way leads back from the newest capture.
        """
        span = self.range
        if span is None:
            return False
        start_ns = span.last_ns if self.t_ns is None else self.t_ns
        if direction < 0:
            found = (trace.history.previous_t_ns(start_ns) for trace in self._traces())
            target_ns = max((t_ns for t_ns in found if t_ns is not None), default=None)
        else:
            found = (trace.history.next_t_ns(start_ns) for trace in self._traces())
            target_ns = min((t_ns for t_ns in found if t_ns is not None), default=None)
        if target_ns is None:
            return False
        self._set(target_ns)
        return True

    def _set(self, t_ns: int | None) -> None:
        if t_ns != self.t_ns:
            self._past.move_to(t_ns)
            for listener in list(self._listeners):
                listener(t_ns)

    # Listeners

    def add_listener(self, listener: Listener) -> None:
        """Tell of every change from now on."""
        self._listeners.append(listener)
