"""Columnar storage of one probe's scalar captures, and their envelope for drawing."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.growing import GrowingArray
from pyprobe.session.history_records import Axis, Part
from pyprobe.session.pyramid import Floats, Ints, Pyramid, bucket_width, finite_or_nan

MAX_SCALARS = 1 << 22
# A quarter goes at once, so that the copying is rare, and whole buckets, so that they stay put.
_DROP_AT_ONCE = 1 << 20

Drawn = tuple[Floats, Floats]
_NOTHING: Drawn = (np.empty(0), np.empty(0))


@dataclass(frozen=True)
class ScalarSeries:
    """Stored scalars in order of capture, as read-only arrays of equal length.

    ``value`` is float64 (bools and ints widened; the real part of complex values), ``imag`` the
    imaginary part, or ``None`` when no complex value has come. ``first`` is the number of the
    first stored one, counted over all ever captured.
    """

    seq: NDArray[np.int64]
    t_ns: NDArray[np.int64]
    thread: NDArray[np.uint64]
    value: NDArray[np.float64]
    imag: NDArray[np.float64] | None
    first: int


class ScalarHistory:
    """The scalars of one probe, at most four million."""

    def __init__(self) -> None:
        self._seq = GrowingArray("i8")
        self._t_ns = GrowingArray("i8")
        self._thread = GrowingArray("u8")
        self._value = GrowingArray("f8")
        self._imag: GrowingArray | None = None
        self._pyramids: dict[Part, Pyramid] = {"re": Pyramid(), "im": Pyramid()}
        self.dropped = 0

    @property
    def nbytes(self) -> int:
        """Bytes of memory held."""
        arrays = (self._seq, self._t_ns, self._thread, self._value, self._imag)
        stored = sum(array.nbytes for array in arrays if array is not None)
        return stored + sum(pyramid.nbytes for pyramid in self._pyramids.values())

    def append(self, column: Column) -> None:
        """Store a column of one of the packed kinds."""
        before = self._value.count
        self._seq.extend(column.seq)
        self._t_ns.extend(column.t_ns)
        self._thread.extend(column.thread)
        self._append_values(before, column)
        if self._value.count > MAX_SCALARS:
            self._drop_oldest(
                _DROP_AT_ONCE * -(-(self._value.count - MAX_SCALARS) // _DROP_AT_ONCE)
            )

    def _append_values(self, before: int, column: Column) -> None:
        values: NDArray[Any] = column.values
        if column.kind is ValueKind.COMPLEX:
            if self._imag is None:
                self._imag = GrowingArray("f8")
                self._imag.extend(np.zeros(before))
            self._imag.extend(values.imag)
            values = values.real
        elif self._imag is not None:
            self._imag.extend(np.zeros(len(values)))
        self._value.extend(values)

    def _drop_oldest(self, count: int) -> None:
        count = min(count, self._value.count)
        for array in (self._seq, self._t_ns, self._thread, self._value, self._imag):
            if array is not None:
                array.drop_first(count)
        for pyramid in self._pyramids.values():
            pyramid.clear()
        self.dropped += count

    @property
    def has_imaginary(self) -> bool:
        """Whether any value has been complex."""
        return self._imag is not None

    def series(self, start: int | None = None, stop: int | None = None) -> ScalarSeries:
        """Return views of what is stored, of the numbers ``start`` up to ``stop``."""
        first = max(start - self.dropped, 0) if start is not None else 0
        last = max(stop - self.dropped, 0) if stop is not None else self._value.count
        rows = slice(first, last)
        return ScalarSeries(
            self._seq.view[rows],
            self._t_ns.view[rows],
            self._thread.view[rows],
            self._value.view[rows],
            self._imag.view[rows] if self._imag is not None else None,
            self.dropped + first,
        )

    def until(self, stop: int) -> "ScalarHistory":
        """Return the scalars whose numbers are below ``stop``."""
        past = ScalarHistory()
        series = self.series(None, stop)
        past.dropped = self.dropped
        past._seq.extend(series.seq)
        past._t_ns.extend(series.t_ns)
        past._thread.extend(series.thread)
        past._value.extend(series.value)
        if series.imag is not None:
            past._imag = GrowingArray("f8")
            past._imag.extend(series.imag)
        return past

    def span(self, axis: Axis, epoch_ns: int) -> tuple[float, float] | None:
        """Return the x of the first and the last stored scalar."""
        count = self._value.count
        if not count:
            return None
        if axis == "index":
            return float(self.dropped), float(self.dropped + count - 1)
        t_ns = self._t_ns.view
        return (int(t_ns[0]) - epoch_ns) / 1e9, (int(t_ns[-1]) - epoch_ns) / 1e9

    def envelope(
        self, start: float, stop: float, pixels: int, *, axis: Axis, part: Part, epoch_ns: int
    ) -> Drawn:
        """Return the points to draw: see History.envelope."""
        source = self._imag if part == "im" else self._value
        if source is None or not source.count or not stop >= start:
            return _NOTHING
        values: Floats = source.view
        pyramid = self._pyramids[part]
        pyramid.update(values)
        pixels = max(1, pixels)
        if axis == "index":
            return self._by_index(values, pyramid, start, stop, pixels)
        return self._by_time(values, pyramid, (start, stop), pixels, epoch_ns)

    def _by_index(
        self, values: Floats, pyramid: Pyramid, start: float, stop: float, pixels: int
    ) -> Drawn:
        first = _clip(math.floor(start) - self.dropped, len(values))
        last = _clip(math.ceil(stop) + 1 - self.dropped, len(values))
        if last - first <= 2 * pixels:
            x = np.arange(first + self.dropped, last + self.dropped, dtype=np.float64)
            return x, finite_or_nan(values[first:last])
        # Columns of whole buckets that begin at multiples of their width: they stay put while the
        # trace scrolls.
        wanted = (last - first) / pixels
        bucket = bucket_width(pyramid.level_for(int(wanted)))
        width = math.ceil(wanted / bucket) * bucket
        starts: Ints = np.arange(first // width * width, last, width)
        stops = np.minimum(starts + width, len(values))
        low, high = pyramid.extremes(values, starts, stops)
        return _pairs((starts + stops - 1) / 2 + self.dropped, low, high)

    def _by_time(
        self,
        values: Floats,
        pyramid: Pyramid,
        bounds_s: tuple[float, float],
        pixels: int,
        epoch_ns: int,
    ) -> Drawn:
        t_ns: Ints = self._t_ns.view
        start_ns, stop_ns = (_nanoseconds(bound_s) + epoch_ns for bound_s in bounds_s)
        # One more on either side, so that the line goes on to the edge.
        first = _clip(int(np.searchsorted(t_ns, start_ns)) - 1, len(values))
        last = _clip(int(np.searchsorted(t_ns, stop_ns, side="right")) + 1, len(values))
        if last - first <= 2 * pixels:
            return (t_ns[first:last] - epoch_ns) / 1e9, finite_or_nan(values[first:last])
        step_ns = max(1, -(-(stop_ns - start_ns) // pixels))
        edges_ns = np.arange(start_ns // step_ns * step_ns, stop_ns + step_ns, step_ns)
        edges: Ints = np.searchsorted(t_ns, edges_ns)
        starts, stops = np.append(first, edges), np.append(edges, last)
        filled = stops > starts
        starts, stops = starts[filled], stops[filled]
        low, high = pyramid.extremes(values, starts, stops)
        middle_ns = (t_ns[starts] + t_ns[stops - 1]) / 2 - epoch_ns
        return _pairs(middle_ns / 1e9, low, high)


def _clip(position: int, count: int) -> int:
    return min(max(position, 0), count)


def _nanoseconds(seconds: float) -> int:
    return int(min(max(seconds, -1e9), 1e9) * 1e9)


def _pairs(x: Floats, low: Floats, high: Floats) -> Drawn:
    y = np.empty(2 * len(low))
    y[::2], y[1::2] = low, high
    return np.repeat(x, 2), y
