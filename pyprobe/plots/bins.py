"""Bins: how often numbers fall into equal steps of their range. Pure."""

from dataclasses import dataclass
from sys import float_info
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.plots.finite import finite_bounds, finite_or_nan

Floats = NDArray[np.float64]

MOST_BINS = 256
_LEAST_BINS = 8
_LOOKED_AT = 1 << 16  # numbers that decide the width of the bins
_LARGE = 1e307  # beyond it ranges, and bins around a number, may be beyond the largest float
_SCALE = 16.0
_MOST = float_info.max


@dataclass(frozen=True, slots=True)
class Bins:
    """``counts[i]`` numbers lie from ``low + i * width`` on; ``left_out`` are NaN or infinite."""

    counts: NDArray[np.int64]
    low: float
    width: float
    left_out: int

    @property
    def edges(self) -> Floats:
        """Where the bins begin, and where the last one ends."""
        steps = np.arange(len(self.counts) + 1, dtype=np.float64)
        with np.errstate(over="ignore"):
            edges = (self.low / self._scale + steps * (self.width / self._scale)) * self._scale
        return np.clip(edges, -_MOST, _MOST)

    @property
    def _scale(self) -> float:
        return _SCALE if max(abs(self.low), self.width * len(self.counts)) > _LARGE else 1.0

    def counting(self, numbers: Floats) -> "Bins":
        """Return these bins with the counts of other numbers; those beyond are left out."""
        with np.errstate(invalid="ignore", over="ignore"):
            scale = self._scale
            steps = (numbers / scale - self.low / scale) / (self.width / scale)
            steps = np.where(steps > len(self.counts), _just_above(steps, len(self.counts)), steps)
            inside = steps[(steps >= 0) & (steps <= len(self.counts))]
        places = np.minimum(inside, len(self.counts) - 1).astype(np.int64)
        counts = np.bincount(places, minlength=len(self.counts))
        return Bins(counts, self.low, self.width, numbers.size - inside.size)

    def suits(self, numbers: Floats) -> bool:
        """Whether these bins hold all numbers, and the numbers fill at least half of them."""
        bounds = finite_bounds(numbers)
        if bounds is None:
            return False
        edges = self.edges
        is_filled = bounds[1] / 2 - bounds[0] / 2 >= (edges[-1] / 2 - edges[0] / 2) / 2
        return bool(edges[0] <= bounds[0] and bounds[1] <= edges[-1] and is_filled)


def count_bins(values: NDArray[Any], *, is_whole: bool | None = None) -> Bins | None:
    """Return the counts of real numbers; ``None`` where none is finite.

    The bins' width is that of Freedman and Diaconis (1981), at most 256 bins and at least eight;
    whole numbers (``is_whole``, unless the dtype tells) get bins of whole width, centred on them.
    """
    numbers = finite_or_nan(values.ravel())
    finite = numbers[np.isfinite(numbers)]
    if not finite.size:
        return None
    low, high = float(np.min(finite)), float(np.max(finite))
    scale = _SCALE if max(abs(low), abs(high)) > _LARGE else 1.0
    low, high, finite = low / scale, high / scale, finite / scale
    if values.dtype.kind in "biu" if is_whole is None else is_whole:
        width = max(1.0, np.ceil((high - low + 1.0) / MOST_BINS))
        low -= 0.5
        count = int((high - low) / width) + 1
    elif low == high:
        width, count = max(abs(low) * 1e-6, 1e-12), 1
        low -= width / 2
    else:
        count = _bin_count(finite, low, high)
        width = (high - low) / count or high - low  # a range may be too small to be divided
    low, width = max(low * scale, -_MOST), min(width * scale, _MOST)
    return Bins(np.zeros(count, np.int64), low, width, 0).counting(numbers)


def _just_above(steps: Floats, count: int) -> Floats:
    """Take what is beyond the last bin by no more than rounding for its end."""
    return np.where(steps <= count * (1.0 + 1e-9), float(count), steps)


def _bin_count(finite: NDArray[np.float64], low: float, high: float) -> int:
    looked_at = finite[:: max(finite.size // _LOOKED_AT, 1)]
    with np.errstate(over="ignore", invalid="ignore"):
        first, third = np.percentile(looked_at, (25, 75))
        width = 2.0 * (third - first) / np.cbrt(finite.size)
        wanted = (high - low) / width if 0.0 < width < np.inf else 0.0
    return int(np.clip(np.ceil(wanted), _LEAST_BINS, MOST_BINS))
