"""The stored captures of one probe, within fixed bounds of memory, and what is drawn of them."""

from collections import deque
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.history_records import (
    ArrayCapture,
    Axis,
    Capture,
    Part,
    ScalarCapture,
    ScalarStatistics,
    TextCapture,
)
from pyprobe.session.scalar_history import ScalarHistory, ScalarSeries
from pyprobe.session.tree_value import characters_of, texts_of
from pyprobe.session.values import ArrayValue, ScalarValue, Value

MAX_ARRAY_BYTES = 16 << 20
MAX_TEXT_CHARACTERS = 1 << 20
_TEXT_OVERHEAD_CHARACTERS = 64


class History:
    """One probe's captures.

    Scalars are kept up to four million, arrays up to 16 MiB, texts up to a million characters; of
    each the oldest go first, the newest always stays, and what went is counted.
    """

    def __init__(self, *, epoch_ns: int = 0, max_array_bytes: int = MAX_ARRAY_BYTES) -> None:
        self.epoch_ns = epoch_ns
        self.count = 0
        self.last: Value | None = None
        self.last_t_ns: int | None = None
        self.dropped_arrays = 0
        self.dropped_texts = 0
        self._max_array_bytes = max_array_bytes
        self._scalars = ScalarHistory()
        self._arrays: deque[ArrayCapture] = deque()
        self._array_bytes = 0
        self._texts: deque[TextCapture] = deque()
        self._text_characters = 0

    @property
    def kind(self) -> ValueKind | None:
        """The kind of the newest capture; ``None`` before the first."""
        return self.last.kind if self.last is not None else None

    @property
    def dropped_scalars(self) -> int:
        """Scalars that were let go."""
        return self._scalars.dropped

    @property
    def nbytes(self) -> int:
        """Bytes of memory held for values and for drawing them."""
        return self._scalars.nbytes + self._array_bytes + 4 * self._text_characters

    def append(self, column: Column) -> None:
        """Store a column of captures, which are younger than all that are stored."""
        if not column.count:
            return
        self.count += column.count
        self.last_t_ns = int(column.t_ns[-1])
        if column.kind is ValueKind.ARRAY:
            self._append_arrays(column)
        elif column.kind is ValueKind.TEXT or column.kind is ValueKind.TREE:
            self._append_texts(column)
        else:
            self._scalars.append(column)
            newest = column.values[-1].item()
            self.last = ScalarValue(newest, column.kind, column.dtype)

    def _append_arrays(self, column: Column) -> None:
        for position, record in enumerate(column.arrays):
            value = ArrayValue(record.array, record.type, tuple(record.full_shape), record.reduced)
            self._arrays.append(Capture(*_when(column, position), value))
            self._array_bytes += record.array.nbytes
            self.last = value
        while self._array_bytes > self._max_array_bytes and len(self._arrays) > 1:
            self._array_bytes -= self._arrays.popleft().value.array.nbytes
            self.dropped_arrays += 1

    def _append_texts(self, column: Column) -> None:
        for position, value in enumerate(texts_of(column)):
            self._texts.append(Capture(*_when(column, position), value))
            self._text_characters += _TEXT_OVERHEAD_CHARACTERS + characters_of(value)
            self.last = value
        while self._text_characters > MAX_TEXT_CHARACTERS and len(self._texts) > 1:
            oldest = self._texts.popleft().value
            self._text_characters -= _TEXT_OVERHEAD_CHARACTERS + characters_of(oldest)
            self.dropped_texts += 1

    @property
    def has_imaginary(self) -> bool:
        """Whether any scalar has been complex, so that there is a part ``"im"``."""
        return self._scalars.has_imaginary

    def scalars(self, start: int | None = None, stop: int | None = None) -> ScalarSeries:
        """Return the stored scalars, or those numbered ``start`` up to ``stop``: views."""
        return self._scalars.series(start, stop)

    def arrays(self) -> Sequence[ArrayCapture]:
        """Return the arrays that are kept, oldest first."""
        return self._arrays

    def texts(self) -> Sequence[TextCapture]:
        """Return the texts that are kept, oldest first."""
        return self._texts

    @property
    def last_array(self) -> NDArray[Any] | None:
        """The newest array that is kept."""
        return self._arrays[-1].value.array if self._arrays else None

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
        return self._scalars.envelope(
            start, stop, pixels, axis=axis, part=part, epoch_ns=self.epoch_ns
        )

    def span(self, axis: Axis = "index") -> tuple[float, float] | None:
        """Return the x of the first and of the last stored scalar; ``None`` when there is none."""
        return self._scalars.span(axis, self.epoch_ns)

    def statistics(
        self, start: float, stop: float, *, axis: Axis = "index", part: Part = "re"
    ) -> ScalarStatistics:
        """Return the statistics of all scalars from ``start`` to ``stop``, inclusive."""
        series = self._scalars.series()
        x = self._x_of(series, axis)
        values = series.imag if part == "im" else series.value
        inside = values[(x >= start) & (x <= stop)] if values is not None else np.empty(0)
        finite = inside[np.isfinite(inside)]
        gaps = len(inside) - len(finite)
        if not len(finite):
            return ScalarStatistics(0, gaps, *[float("nan")] * 5)
        return ScalarStatistics(
            len(finite),
            gaps,
            float(np.min(finite)),
            float(np.max(finite)),
            float(finite.mean()),
            float(np.sqrt(np.mean(finite**2))),
            float(finite.std()),
        )

    def _x_of(self, series: ScalarSeries, axis: Axis) -> NDArray[np.float64]:
        if axis == "time":
            return (series.t_ns - self.epoch_ns) / 1e9
        return np.arange(series.first, series.first + len(series.value), dtype=np.float64)

    def index_at(self, t_ns: int) -> int:
        """Return how many scalars there were at a time: the number of the next one."""
        series = self._scalars.series()
        return series.first + int(np.searchsorted(series.t_ns, t_ns, side="right"))

    def scalar_at(self, number: int) -> ScalarCapture:
        """Return the scalar of this number; IndexError when it is not stored."""
        series = self._scalars.series(number, number + 1)
        if not len(series.value):
            raise IndexError(f"scalar {number} is not stored")
        value = series.value.item() if series.imag is None else complex(series.value.item())
        kind = ValueKind.FLOAT
        exact = ScalarValue(value, kind, "float")
        return ScalarCapture(
            int(series.seq[0]), int(series.t_ns[0]), int(series.thread[0]), exact, number
        )

    def nearest(self, x: float, *, axis: Axis = "index") -> ScalarCapture | None:
        """Return the scalar whose x is nearest, for what snaps to the data."""
        series = self._scalars.series()
        if not len(series.value):
            return None
        nearest = int(np.argmin(np.abs(self._x_of(series, axis) - x)))
        return self.scalar_at(series.first + nearest)

    def capture_at(self, t_ns: int) -> Capture[Value] | None:
        """Return the newest capture of any kind at a time."""
        found: list[Capture[Value]] = [
            *(capture for capture in self._arrays if capture.t_ns <= t_ns),
            *(capture for capture in self._texts if capture.t_ns <= t_ns),
        ]
        number = self.index_at(t_ns)
        if number > self.dropped_scalars:
            found.append(self.scalar_at(number - 1))
        return max(found, key=lambda capture: capture.seq, default=None)

    def _times_ns(self) -> list[int]:
        arrays = [capture.t_ns for capture in self._arrays]
        texts = [capture.t_ns for capture in self._texts]
        return sorted([*self._scalars.series().t_ns.tolist(), *arrays, *texts])

    def previous_t_ns(self, t_ns: int) -> int | None:
        """Return the time of the newest capture before ``t_ns``, to step back to."""
        return max((time_ns for time_ns in self._times_ns() if time_ns < t_ns), default=None)

    def next_t_ns(self, t_ns: int) -> int | None:
        """Return the time of the oldest capture after ``t_ns``, to step on to."""
        return min((time_ns for time_ns in self._times_ns() if time_ns > t_ns), default=None)

    def as_of(self, t_ns: int) -> HistoryReader:
        """Return the history as it was at a time: see HistoryReader."""
        past = History(epoch_ns=self.epoch_ns)
        past._scalars = self._scalars.until(self.index_at(t_ns))
        past._arrays = deque(capture for capture in self._arrays if capture.t_ns <= t_ns)
        past._texts = deque(capture for capture in self._texts if capture.t_ns <= t_ns)
        past.dropped_arrays, past.dropped_texts = self.dropped_arrays, self.dropped_texts
        past.count = past.index_at(t_ns) + len(past._arrays) + len(past._texts)
        past.count += past.dropped_arrays + past.dropped_texts
        newest = self.capture_at(t_ns)
        if newest is not None:
            past.last, past.last_t_ns = newest.value, newest.t_ns
        return past


def _when(column: Column, position: int) -> tuple[int, int, int]:
    return int(column.seq[position]), int(column.t_ns[position]), int(column.thread[position])
