"""Measured samples: all samples behind a curve, read in pieces, whatever is drawn of them."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pyprobe.plots.finite import finite_or_nan
from pyprobe.plots.measurements import LARGE, Piece, Summary, Wholes
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.history_records import Axis, Part
from pyprobe.session.scalar_series import ScalarSeries

Floats = NDArray[np.float64]
Interval = tuple[float, float]

_PIECE = 1 << 17
_ROUNDING = 1e-6  # of the way from one sample to the next
_MOST_LOOKED_AT = 1 << 20  # samples under a pixel that are searched for the one that is drawn


@dataclass(frozen=True)
class MeasuredCurve:
    """A curve as it is measured; ``note`` says what its samples leave out."""

    name: str
    color: str
    samples: "Samples"
    note: str = ""


@dataclass(frozen=True)
class Stretch:
    """The samples of an interval as they were when it was taken; any thread may read them.

    ``pieces`` gives x and y in order, each time it is called. ``summary`` is what is known of them.
    """

    count: int
    pieces: Callable[[], Iterable[Piece]]
    summary: Summary | None = None


class Samples(Protocol):
    """The samples of one curve, in data values. ``version`` changes with them.

    ``has_edges``: they are a series, so that there is a frequency and a rise time.
    """

    @property
    def version(self) -> Hashable:
        """What is the same while the samples are."""

    @property
    def has_edges(self) -> bool:
        """Whether the samples follow each other along x."""

    def within(self, interval: Interval) -> Stretch:
        """Return the samples whose x is in an interval, both ends included."""

    def value_at(self, x: float) -> float:
        """Return the value of the sample nearest to x, ints exactly; NaN without any."""


@dataclass(frozen=True, eq=False)
class PointSamples:
    """Single points in any order, as they are drawn."""

    x: Floats
    y: Floats
    version: Hashable
    has_edges: bool = True

    def within(self, interval: Interval) -> Stretch:
        """Return the points between two positions."""
        inside = (self.x >= interval[0]) & (self.x <= interval[1])
        x, y = self.x[inside], self.y[inside]
        return Stretch(len(x), lambda: [(x, y)])

    def value_at(self, x: float) -> float:
        """Return the value of the nearest point."""
        ways = np.abs(self.x - x)
        there = np.isfinite(ways)
        if not there.any():
            return float("nan")
        return float(self.y[int(np.argmin(np.where(there, ways, np.inf)))])


@dataclass(frozen=True, eq=False)
class UniformSamples:
    """Real values of any dtype that stand at ``x0 + i * dx``."""

    values: NDArray[Any]
    x0: float
    dx: float
    version: Hashable
    has_edges: bool = True

    def within(self, interval: Interval) -> Stretch:
        """Return the samples between two positions."""
        low, high = ((end - self.x0) / self.dx for end in interval)
        first = ceil(min(max(low - _ROUNDING, 0.0), len(self.values)))
        stop = floor(min(max(high + _ROUNDING, -1.0), len(self.values) - 1)) + 1
        stop = max(stop, first)
        return Stretch(stop - first, lambda: self._pieces(first, stop))

    def _pieces(self, first: int, stop: int) -> Iterator[Piece]:
        for start in range(first, stop, _PIECE):
            end = min(start + _PIECE, stop)
            x = self.x0 + np.arange(start, end, dtype=np.float64) * self.dx
            yield x, exact_or_floats(self.values[start:end])

    def value_at(self, x: float) -> float:
        """Return the value of the nearest sample."""
        if not len(self.values) or x != x:
            return float("nan")
        place = min(max((x - self.x0) / self.dx, 0.0), len(self.values) - 1.0)
        value = self.values[round(place)]
        return int(value) if self.values.dtype.kind in "iu" else float(value)


@dataclass(frozen=True, eq=False)
class ValueSamples:
    """Values without an order, such as a histogram counts: x is the value itself."""

    values: Floats | Wholes
    version: Hashable
    has_edges: bool = False

    def within(self, interval: Interval) -> Stretch:
        """Return the values between two others."""
        inside = self.values[(self.values >= interval[0]) & (self.values <= interval[1])]
        pieces = [inside[at : at + _PIECE] for at in range(0, len(inside), _PIECE)]
        return Stretch(len(inside), lambda: [(one.astype(np.float64), one) for one in pieces])

    def value_at(self, x: float) -> float:
        """There is no value at a value."""
        return float("nan")


@dataclass(frozen=True, eq=False)
class HistorySamples:
    """The scalars of a history."""

    history: HistoryReader
    axis: Axis
    part: Part
    has_edges: bool = True

    @property
    def version(self) -> Hashable:
        """Scalars that came and that were let go."""
        history = self.history
        return history.epoch_ns, history.dropped_scalars, history.span("index"), self.axis

    def within(self, interval: Interval) -> Stretch:
        """Return the scalars of an interval; what is known of them already is at hand."""
        found = self.history.statistics(*interval, axis=self.axis, part=self.part)
        first, count = self._first(interval[0]), found.count + found.gaps
        pieces = list(self.history.scalars(first, first + count).pieces())
        is_exact = max(-found.minimum, found.maximum) >= LARGE and _are_wholes(pieces)
        if pieces:
            # The newest piece is still written to; it is read here, on the session's own thread.
            self._piece(pieces[-1], is_exact)
        summary = Summary(found.count, found.minimum, found.maximum, found.mean, found.std)
        return Stretch(
            count,
            lambda: (self._piece(piece, is_exact) for piece in pieces),
            None if is_exact else summary,
        )

    def _first(self, low: float) -> int:
        """The number of the first scalar at or after a position."""
        dropped = self.history.dropped_scalars
        if self.axis == "index":
            return max(ceil(min(max(low, -1e18), 1e18)), dropped)
        t_ns = round(min(max(low, -9e9), 9e9) * 1e9) + self.history.epoch_ns
        return max(self.history.index_at(t_ns - 1), dropped)

    def _piece(self, series: ScalarSeries, is_exact: bool) -> Piece:
        y: Floats | Wholes = series.value
        if self.part == "im" and series.imag is not None:
            y = series.imag
        elif is_exact and series.whole is not None:
            y = series.whole
        if self.axis == "time":
            return (series.t_ns - self.history.epoch_ns) / 1e9, y
        return series.first + np.arange(len(series), dtype=np.float64), y

    def value_at(self, x: float) -> float:
        """Return the value of the nearest scalar, ints exactly."""
        nearest = self.history.nearest(x, axis=self.axis)
        if nearest is None:
            return float("nan")
        value = nearest.value.value
        if isinstance(value, complex):
            return value.real if self.part == "re" else value.imag
        return value if self.part == "re" else 0.0


def rounding_note(history: HistoryReader) -> str:
    """Say of numbers that were ints, and are kept as floats, that they are rounded."""
    return "rounded to 53 bits" if history.scalars().has_rounded_ints else ""


def _are_wholes(pieces: Sequence[ScalarSeries]) -> bool:
    return all(piece.whole is not None for piece in pieces)


def exact_or_floats(values: NDArray[Any]) -> Floats | Wholes:
    """Return real numbers of any dtype: 64-bit ints as they are, others as new float64 numbers."""
    if values.dtype.kind in "iu" and values.dtype.itemsize == 8:
        return values.astype(values.dtype.newbyteorder("="), copy=False)
    return finite_or_nan(values)


def drawn_sample(
    samples: Samples, ends: Interval, point: tuple[float, float]
) -> tuple[float, float] | None:
    """Return the sample of an interval that has a point's value and is nearest to it.

    What is drawn of many samples are their extremes, in the middle of where they were found.
    ``None`` where there is none, or more samples than can be searched at once.
    """
    stretch = samples.within(ends)
    if stretch.count > _MOST_LOOKED_AT:
        return None
    found = [
        (abs(float(x[place]) - point[0]), float(x[place]))
        for x, y in stretch.pieces()
        for place in np.flatnonzero(y == point[1]).tolist()
    ]
    return (min(found)[1], point[1]) if found else None
