"""Minimum and maximum of a growing series over buckets at fixed positions, level above level.

A million points are drawn from a few thousand buckets, so that a redraw costs by the pixel and not
by the history; since buckets never move, a scrolling trace does not shimmer.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.session.growing import GrowingArray

FIRST_BUCKET = 16
FACTOR = 4
# Ranges shorter than this are read from the values themselves. Longer ones widen to whole buckets,
# by at most a quarter of their length at either end.
MIN_BUCKETS = 4

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Pyramid:
    """Extremes of one series. NaN and infinities are left out; a bucket of nothing else is NaN."""

    def __init__(self) -> None:
        self._lows: list[GrowingArray] = []
        self._highs: list[GrowingArray] = []
        self._count = 0

    @property
    def nbytes(self) -> int:
        """Bytes of memory held."""
        return sum(level.nbytes for level in (*self._lows, *self._highs))

    def clear(self) -> None:
        """Forget everything, because positions have moved."""
        self._lows, self._highs, self._count = [], [], 0

    def update(self, values: Floats) -> None:
        """Take in what ``values``, the whole series, has gained since the last time."""
        if len(values) == self._count:
            return
        start = self._count // FIRST_BUCKET * FIRST_BUCKET
        low = high = finite_or_nan(values[start:])
        self._count = len(values)
        level, bucket = 0, FIRST_BUCKET
        with np.errstate(invalid="ignore"):
            while len(values) > bucket:
                if level == len(self._lows):
                    low, high, start = self._whole_level_below(level, values)
                    self._lows.append(GrowingArray("f8"))
                    self._highs.append(GrowingArray("f8"))
                low, high, start = self._update_level(level, start, low, high)
                level, bucket = level + 1, bucket * FACTOR

    def _whole_level_below(self, level: int, values: Floats) -> tuple[Floats, Floats, int]:
        if level == 0:
            all_values = finite_or_nan(values)
            return all_values, all_values, 0
        return self._lows[level - 1].view, self._highs[level - 1].view, 0

    def _update_level(
        self, level: int, start: int, low: Floats, high: Floats
    ) -> tuple[Floats, Floats, int]:
        """Set the buckets above what begins at ``start``; return them and their start."""
        width = FIRST_BUCKET if level == 0 else FACTOR
        first = start // width
        lows, highs = self._lows[level], self._highs[level]
        # The bucket that ``start`` falls into began before it: take its earlier part in again.
        if start % width and level > 0:
            low = self._lows[level - 1].view[first * width :]
            high = self._highs[level - 1].view[first * width :]
        edges = np.arange(0, len(low), width)
        lows.replace_from(first, np.fmin.reduceat(low, edges))
        highs.replace_from(first, np.fmax.reduceat(high, edges))
        return lows.view[first:], highs.view[first:], first

    def level_for(self, count: int) -> int:
        """Return the level whose buckets suit a range of ``count`` values; -1 for the values."""
        level = -1
        bucket = FIRST_BUCKET
        while bucket * MIN_BUCKETS <= count and level + 1 < len(self._lows):
            level += 1
            bucket *= FACTOR
        return level

    def extremes(self, values: Floats, starts: Ints, stops: Ints) -> tuple[Floats, Floats]:
        """Return minimum and maximum of ``values[start:stop]`` for each pair, all non-empty.

        Long ranges are widened to whole buckets. ``update`` must have seen all of ``values``.
        """
        low = np.empty(len(starts))
        high = np.empty(len(starts))
        levels = self._levels(stops - starts)
        with np.errstate(invalid="ignore"):
            for level in np.unique(levels):
                chosen = levels == level
                low[chosen], high[chosen] = (
                    _extremes_of_values(values, starts[chosen], stops[chosen])
                    if level < 0
                    else self._extremes_of_buckets(int(level), starts[chosen], stops[chosen])
                )
        return low, high

    def _levels(self, counts: Ints) -> Ints:
        limits = FIRST_BUCKET * MIN_BUCKETS * FACTOR ** np.arange(len(self._lows))
        return np.searchsorted(limits, counts, side="right") - 1

    def _extremes_of_buckets(self, level: int, starts: Ints, stops: Ints) -> tuple[Floats, Floats]:
        width = bucket_width(level)
        first, last = starts // width, -(-stops // width)
        return (
            _reduce_ranges(np.fmin, self._lows[level].padded(np.nan), first, last),
            _reduce_ranges(np.fmax, self._highs[level].padded(np.nan), first, last),
        )


def bucket_width(level: int) -> int:
    """Return how many values one bucket of a level covers; 1 for level -1, the values."""
    return FIRST_BUCKET * FACTOR**level if level >= 0 else 1


def finite_or_nan(values: Floats) -> Floats:
    """Return the values with infinities as NaN, without copying when there are none."""
    finite = np.isfinite(values)
    return values if finite.all() else np.where(finite, values, np.nan)


def _extremes_of_values(values: Floats, starts: Ints, stops: Ints) -> tuple[Floats, Floats]:
    counts = stops - starts
    ends = np.cumsum(counts)
    offsets = ends - counts
    positions = np.repeat(starts - offsets, counts) + np.arange(ends[-1])
    near = finite_or_nan(values[positions])
    return np.fmin.reduceat(near, offsets), np.fmax.reduceat(near, offsets)


def _reduce_ranges(reducer: Any, padded: Floats, starts: Ints, stops: Ints) -> Floats:
    """Reduce ``padded[start:stop]`` for each pair; the last value is there for any stop."""
    edges = np.empty(2 * len(starts), np.int64)
    edges[::2], edges[1::2] = starts, stops
    reduced: Floats = reducer.reduceat(padded, edges)[::2]
    return reduced
