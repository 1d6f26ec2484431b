"""How a history is read, up to the ends of its series: now, or at a moment of the past."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.history_items import ItemSeries
from pyprobe.session.history_records import (
    ArrayCapture,
    Axis,
    Capture,
    Part,
    ScalarCapture,
    ScalarStatistics,
    TextCapture,
)
from pyprobe.session.scalar_envelope import NOTHING, envelope_by_index, envelope_by_time
from pyprobe.session.scalar_history import ScalarHistory
from pyprobe.session.scalar_series import ScalarSeries
from pyprobe.session.scalar_statistics import statistics_of
from pyprobe.session.values import ArrayValue, TextValue, Value

_LATEST_NS = (1 << 63) - 2
_LONGEST_S = 9e9

Ends = tuple[int, int, int]


class HistoryReading:
    """All of ``HistoryReader`` over three series, each up to the number in ``ends``."""

    epoch_ns: int

    def __init__(
        self,
        scalars: ScalarHistory,
        arrays: ItemSeries[Any, ArrayValue],
        texts: ItemSeries[Any, TextValue],
    ) -> None:
        self._scalars = scalars
        self._arrays = arrays
        self._texts = texts

    @property
    @abstractmethod
    def ends(self) -> Ends:
        """The numbers of the next scalar, array and text."""

    @property
    def _scalar_end(self) -> int:
        return max(self.ends[0], self._scalars.dropped)

    @property
    def whole(self) -> "HistoryReading":
        """The history that this is, or is a past of."""
        return self

    @property
    def count(self) -> int:
        """All captures there have been."""
        return sum(self.ends)

    # The newest, and what was let go

    def _newest(self) -> Capture[Value] | None:
        return self._newest_before(self.ends)

    def _newest_before(self, ends: Ends) -> Capture[Value] | None:
        scalar_end, array_end, text_end = ends
        found: list[Capture[Value]] = []
        if scalar_end > self._scalars.dropped:
            found.append(self._scalars.at(scalar_end - 1))
        for items in (self._arrays.before(array_end), self._texts.before(text_end)):
            if items is not None:
                found.append(items)
        return max(found, key=lambda capture: capture.seq, default=None)

    @property
    def last(self) -> Value | None:
        """The newest value, of any kind."""
        newest = self._newest()
        return newest.value if newest is not None else None

    @property
    def last_t_ns(self) -> int | None:
        """The time of the newest capture."""
        newest = self._newest()
        return newest.t_ns if newest is not None else None

    @property
    def kind(self) -> ValueKind | None:
        """The kind of the newest capture."""
        last = self.last
        return last.kind if last is not None else None

    @property
    def last_array(self) -> NDArray[Any] | None:
        """The newest array that is kept."""
        newest = self._arrays.before(self.ends[1])
        return newest.value.array if newest is not None else None

    @property
    def has_imaginary(self) -> bool:
        """Whether any scalar has been complex."""
        return self._scalars.has_imaginary

    @property
    def dropped_scalars(self) -> int:
        """Scalars that were let go."""
        return self._scalars.dropped

    @property
    def dropped_arrays(self) -> int:
        """Arrays that were let go."""
        return self._arrays.dropped

    @property
    def dropped_texts(self) -> int:
        """Texts that were let go."""
        return self._texts.dropped

    # All that is kept

    def scalars(self, start: int | None = None, stop: int | None = None) -> ScalarSeries:
        """Return the stored scalars, or those numbered ``start`` up to ``stop``."""
        first, end = self._scalars.dropped, self._scalar_end
        low = first if start is None else min(max(start, first), end)
        high = end if stop is None else min(max(stop, low), end)
        return self._scalars.series(low, high)

    def arrays(self) -> Sequence[ArrayCapture]:
        """Return the arrays that are kept, oldest first; each is read when it is indexed."""
        return self._arrays.sequence(self.ends[1])

    def texts(self) -> Sequence[TextCapture]:
        """Return the texts that are kept, in the same way."""
        return self._texts.sequence(self.ends[2])

    def columns(self, probe_id: int, start: Ends, stop: Ends) -> Iterator[Column]:
        """Yield what was captured from some numbers of scalar, array and text to others.

        As it came, in order of execution; what has been let go is missing.
        """
        numbers = max(start[0], self._scalars.dropped), stop[0]
        found = [
            column
            for chunk, first, last in self._scalars.parts(*numbers)
            for column in chunk.columns(probe_id, first, last)
        ]
        found += self._arrays.columns(probe_id, start[1], stop[1])
        found += self._texts.columns(probe_id, start[2], stop[2])
        if len({column.kind for column in found}) > 1:
            rows = [one.part(at, at + 1) for one in found for at in range(one.count)]
            found = sorted(rows, key=lambda column: int(column.seq[0]))
        yield from found

    # What is drawn and measured

    def span(self, axis: Axis = "index") -> tuple[float, float] | None:
        """Return the x of the first and of the last stored scalar."""
        first, end = self._scalars.dropped, self._scalar_end
        if first == end:
            return None
        if axis == "index":
            return float(first), float(end - 1)
        return self._seconds(self._scalars.time_at(first)), self._seconds(
            self._scalars.time_at(end - 1)
        )

    def _seconds(self, t_ns: int) -> float:
        return (t_ns - self.epoch_ns) / 1e9

    def _t_ns(self, seconds: float) -> int:
        return round(min(max(seconds, -_LONGEST_S), _LONGEST_S) * 1e9) + self.epoch_ns

    def envelope(
        self,
        start: float,
        stop: float,
        pixels: int,
        *,
        axis: Axis = "index",
        part: Part = "re",
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return x and y that draw the scalars: see HistoryReader."""
        end = self._scalar_end
        is_missing = part == "im" and not self._scalars.has_imaginary
        if is_missing or end == self._scalars.dropped or not stop >= start:
            return NOTHING
        pixels = max(1, pixels)
        if axis == "index":
            return envelope_by_index(self._scalars, end, (start, stop), pixels, part)
        bounds_ns = self._t_ns(start), self._t_ns(stop)
        t_ns, y = envelope_by_time(self._scalars, end, bounds_ns, pixels, part)
        return (t_ns - self.epoch_ns) / 1e9, y

    def statistics(
        self, start: float, stop: float, *, axis: Axis = "index", part: Part = "re"
    ) -> ScalarStatistics:
        """Return the statistics of all scalars whose x is in ``start`` to ``stop``, inclusive."""
        first, end = self._scalars.dropped, self._scalar_end
        if axis == "index":
            low, high = (max(min(bound, 1e18), -1e18) for bound in (start, stop))
            bounds = [int(np.ceil(low)), int(np.floor(high)) + 1]
        else:
            bounds = [self.index_at(self._t_ns(start) - 1), self.index_at(self._t_ns(stop))]
        low_number, high_number = (min(max(bound, first), end) for bound in bounds)
        high_number = max(high_number, low_number)
        return statistics_of(self._scalars, low_number, high_number, part)

    # Places in time

    def index_at(self, t_ns: int) -> int:
        """Return how many scalars there were at a time: the number of the next one."""
        if not self._scalars.count:
            return 0
        return min(self._scalars.index_at(min(t_ns, _LATEST_NS)), self._scalar_end)

    def scalar_at(self, number: int) -> ScalarCapture:
        """Return the scalar of this number; IndexError when it is not stored."""
        if not self._scalars.dropped <= number < self._scalar_end:
            raise IndexError(f"scalar {number} is not stored")
        return self._scalars.at(number)

    def nearest(self, x: float, *, axis: Axis = "index") -> ScalarCapture | None:
        """Return the scalar whose x is nearest, for what snaps to the data."""
        first, last = self._scalars.dropped, self._scalar_end - 1
        if last < first or x != x:
            return None
        if axis == "index":
            return self._scalars.at(round(min(max(x, first), last)))
        t_ns = self._t_ns(x)
        after = min(max(self.index_at(t_ns), first), last)
        before = max(after - 1, first)
        return min(
            (self._scalars.at(before), self._scalars.at(after)),
            key=lambda capture: abs(capture.t_ns - t_ns),
        )

    def ends_at(self, t_ns: int) -> Ends:
        """Return the numbers of the next scalar, array and text at a time."""
        t_ns = min(t_ns, _LATEST_NS)
        _, array_end, text_end = self.ends
        return (
            self.index_at(t_ns),
            min(self._arrays.number_at(t_ns), array_end),
            min(self._texts.number_at(t_ns), text_end),
        )

    def capture_at(self, t_ns: int) -> Capture[Value] | None:
        """Return the newest capture of any kind at a time."""
        return self._newest_before(self.ends_at(t_ns))

    def previous_t_ns(self, t_ns: int) -> int | None:
        """Return the time of the newest capture before ``t_ns``, to step back to."""
        scalar_end, array_end, text_end = self.ends_at(t_ns - 1)
        times_ns = [
            self._arrays.time_before(array_end),
            self._texts.time_before(text_end),
        ]
        if scalar_end > self._scalars.dropped:
            times_ns.append(self._scalars.time_at(scalar_end - 1))
        return max((time_ns for time_ns in times_ns if time_ns is not None), default=None)

    def next_t_ns(self, t_ns: int) -> int | None:
        """Return the time of the oldest capture after ``t_ns``, to step on to."""
        scalar_next, array_next, text_next = self.ends_at(t_ns)
        scalar_end, array_end, text_end = self.ends
        times_ns: list[int | None] = []
        if scalar_next < scalar_end:
            times_ns.append(self._scalars.time_at(scalar_next))
        if array_next < array_end:
            times_ns.append(self._arrays.time_from(array_next))
        if text_next < text_end:
            times_ns.append(self._texts.time_from(text_next))
        return min((time_ns for time_ns in times_ns if time_ns is not None), default=None)

    def as_of(self, t_ns: int) -> "PastHistory":
        """Return the history as it was at a time: see HistoryReader."""
        return PastHistory(self, self.ends_at(t_ns))


class PastHistory(HistoryReading):
    """A history as it was. What is let go later is missing here too."""

    def __init__(self, history: HistoryReading, ends: Ends) -> None:
        super().__init__(history._scalars, history._arrays, history._texts)
        self._history = history  # which would give up its series when nobody held it
        self._ends = ends
        self.epoch_ns = history.epoch_ns

    @property
    def ends(self) -> Ends:
        """The numbers of the next scalar, array and text."""
        return self._ends

    @property
    def whole(self) -> HistoryReading:
        """The history of which this is a past."""
        return self._history.whole
