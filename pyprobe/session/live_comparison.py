"""Compares what a run captures, as it comes, with what a recording holds."""

from collections.abc import Callable, Mapping
from time import monotonic

from pyprobe.ipc.column_reader import Column
from pyprobe.session.comparison import Difference, difference_at
from pyprobe.session.comparison_pairs import ProbePair
from pyprobe.session.comparison_queues import CaptureQueue
from pyprobe.session.comparison_series import differences_of
from pyprobe.session.comparison_values import EXACT, first_unequal
from pyprobe.session.history import History
from pyprobe.session.probe import Probe

_AT_ONCE = (20_000, 32, 1000)  # scalars, arrays and texts, between two looks at the clock


class HistoryTap:
    """Reads the captures of a history, each once. ``has_gap``: some were let go before."""

    def __init__(self, probe_id: int, history: History) -> None:
        self._probe_id = probe_id
        self._history = history
        self._seen = (0, 0, 0)

    @property
    def has_gap(self) -> bool:
        """Whether captures are missing that have not been read."""
        history, (scalars, arrays, texts) = self._history, self._seen
        return (
            history.dropped_scalars > scalars
            or history.dropped_arrays > arrays
            or history.dropped_texts > texts
        )

    def take(self) -> list[Column]:
        """Return what has come since, in order of execution, and not too much at once."""
        ends = self._history.ends
        if len([end for end, seen in zip(ends, self._seen, strict=True) if end > seen]) == 1:
            scalars, arrays, texts = (
                min(end, seen + most)
                for end, seen, most in zip(ends, self._seen, _AT_ONCE, strict=True)
            )
            ends = scalars, arrays, texts
        found = list(self._history.columns(self._probe_id, self._seen, ends))
        self._seen = ends
        return found


class LivePair:
    """A probe of a run and its partner in a recording. Begins anew when the run does.

    ``first`` is where their captures part, ``difference`` theirs less the recording's, ``problem``
    says in a few words why they cannot be compared.
    """

    def __init__(
        self, pair: ProbePair, probe: Probe, other: Probe, make_history: Callable[[], History]
    ) -> None:
        self.pair = pair
        self.probe = probe
        self.other = other
        self._make_history = make_history
        self._begin()

    def _begin(self) -> None:
        self._history = self.probe.history
        self._tap = HistoryTap(self.probe.id, self.probe.history)
        self._other_tap = HistoryTap(self.other.id, self.other.history)
        self._ours, self._theirs = CaptureQueue(), CaptureQueue()
        self.compared = 0
        self.first: Difference | None = None
        self.problem = ""
        self.difference = self._make_history()

    def update(self) -> bool:
        """Compare some of what has come; False when there is nothing more to compare now."""
        if self.probe.history is not self._history:
            self._begin()
        self.problem = self.problem or self._find_problem()
        if self.problem:
            return False
        for tap, queue in ((self._tap, self._ours), (self._other_tap, self._theirs)):
            if queue.front is None:
                for column in tap.take():
                    queue.add(column)
        took = False
        while (ours := self._ours.front) is not None and (theirs := self._theirs.front) is not None:
            count = min(ours.count, theirs.count)
            self._compare(self._ours.take(count), self._theirs.take(count))
            took = True
        return took

    def _find_problem(self) -> str:
        for probe in (self.probe, self.other):
            if probe.mode != "every" or probe.dropped:
                return "not every hit was captured"
        if self._tap.has_gap or self._other_tap.has_gap:
            return "its first captures are no longer kept"
        return ""

    def _compare(self, ours: Column, theirs: Column) -> None:
        if self.first is None:
            position = first_unequal(ours, theirs, EXACT)
            if position is not None:
                self.first = difference_at(ours, theirs, position, self.compared, EXACT)
        self.compared += ours.count
        for column in differences_of(ours, theirs):
            self.difference.append(column)

    @property
    def is_same(self) -> bool:
        """Whether both hold the same captures, as many of each."""
        counts = self.probe.history.count, self.other.history.count
        return not self.problem and counts == (self.compared, self.compared) and self.first is None


class LiveComparison:
    """All pairs of a run and a recording; ``pairs`` by the run's probe ids."""

    def __init__(self, pairs: Mapping[int, LivePair]) -> None:
        self.pairs = pairs

    def update(self, max_ms: float) -> bool:
        """Compare what has come, for about this time; True while there is more."""
        deadline_s = monotonic() + max_ms / 1000
        waiting = list(self.pairs.values())
        while waiting:
            waiting = [pair for pair in waiting if pair.update()]
            if monotonic() >= deadline_s:
                return bool(waiting)
        return False

    @property
    def first(self) -> LivePair | None:
        """The pair that parts first, in order of execution of the run."""
        parted = [(one.first.seq_a, one) for one in self.pairs.values() if one.first is not None]
        return min(parted, key=lambda one: one[0])[1] if parted else None
