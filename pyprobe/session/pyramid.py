"""Minimum and maximum of a growing series over buckets at fixed positions, level above level.

A hundred million points are drawn from a few thousand buckets, so that a redraw costs by the pixel
and not by the history; since buckets never move, a scrolling trace does not shimmer. Each chunk of
a history has its own pyramid, of whole buckets only: what is left over at the end, or at a moment
of the past, is put together from the levels below when it is asked for.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

FIRST_BITS = 5
FACTOR_BITS = 2
FACTOR = 1 << FACTOR_BITS
# Ranges of fewer buckets are read from the level below. Longer ones widen to whole buckets, by at
# most a quarter of their length at either end.
MIN_BUCKETS = 4

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Pyramid:
    """Extremes of one chunk. NaN and infinities are left out; a bucket of nothing else is NaN."""

    def __init__(self) -> None:
        self._lows: list[Floats] = []
        self._highs: list[Floats] = []
        self.count = 0

    @property
    def nbytes(self) -> int:
        """Bytes of memory held."""
        return sum(level.nbytes for level in (*self._lows, *self._highs))

    def reserve(self, capacity: int) -> None:
        """Make room for a chunk of ``capacity`` values."""
        self._lows = _enlarged(self._lows, capacity, self.count)
        self._highs = _enlarged(self._highs, capacity, self.count)

    def extend(self, values: Floats) -> None:
        """Take in the chunk's next values, which complete buckets of the first level."""
        start, stop = self.count, self.count + len(values)
        low = high = values
        is_whole = bool(np.isfinite(values).all())
        if not is_whole:
            low = high = finite_or_nan(values)
        # Without a NaN the plain minimum does, which is twice as fast.
        minimum, maximum = (np.minimum, np.maximum) if is_whole else (np.fmin, np.fmax)
        with np.errstate(invalid="ignore"):
            for level in range(len(self._lows)):
                bits = bucket_bits(level)
                first, last = start >> bits, stop >> bits
                if first == last:
                    break
                if level:
                    below = slice(first << FACTOR_BITS, last << FACTOR_BITS)
                    low, high = self._lows[level - 1][below], self._highs[level - 1][below]
                    minimum, maximum = np.fmin, np.fmax
                edges = np.arange(0, len(low), FACTOR if level else 1 << FIRST_BITS)
                self._lows[level][first:last] = minimum.reduceat(low, edges)
                self._highs[level][first:last] = maximum.reduceat(high, edges)
        self.count = stop

    def lows(self, level: int) -> Floats:
        """Return the minima of a level, of which the whole buckets are set."""
        return self._lows[level]

    def highs(self, level: int) -> Floats:
        """Return the maxima of a level, of which the whole buckets are set."""
        return self._highs[level]


def _enlarged(levels: list[Floats], capacity: int, count: int) -> list[Floats]:
    larger = [np.empty(capacity >> bucket_bits(level)) for level in range(level_count(capacity))]
    for level, stored in enumerate(levels):
        done = count >> bucket_bits(level)
        larger[level][:done] = stored[:done]
    return larger


def level_count(capacity: int) -> int:
    """Return how many levels a chunk of this capacity has: all with a whole bucket."""
    return max((capacity.bit_length() - 1 - FIRST_BITS) // FACTOR_BITS + 1, 0)


def bucket_bits(level: int) -> int:
    """Return the binary logarithm of ``bucket_width``."""
    return FIRST_BITS + FACTOR_BITS * level if level >= 0 else 0


def bucket_width(level: int) -> int:
    """Return how many values one bucket of a level covers; 1 for level -1, the values."""
    return 1 << bucket_bits(level)


def levels_for(counts: Ints, levels: int) -> Ints:
    """Return the level whose buckets suit ranges of ``counts`` values; -1 for the values."""
    limits = MIN_BUCKETS << FIRST_BITS << (FACTOR_BITS * np.arange(levels))
    return np.searchsorted(limits, counts, side="right") - 1


def finite_or_nan(values: Floats) -> Floats:
    """Return the values with infinities as NaN, without copying when there are none."""
    finite = np.isfinite(values)
    return values if finite.all() else np.where(finite, values, np.nan)


def positions_of(starts: Ints, stops: Ints) -> tuple[Ints, Ints]:
    """Return the positions of non-empty ranges, one after the other, and where each begins."""
    counts = stops - starts
    ends = np.cumsum(counts)
    offsets = ends - counts
    return np.repeat(starts - offsets, counts) + np.arange(ends[-1]), offsets


def reduce_parts(reducer: Any, values: Floats, offsets: Ints) -> Floats:
    """Reduce ``values`` from each offset to the next; NaN where there is nothing but NaN."""
    with np.errstate(invalid="ignore"):
        reduced: Floats = reducer.reduceat(values, offsets)
    return reduced
