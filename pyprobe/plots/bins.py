"""Bins: how often numbers fall into equal steps of their range. Pure."""

from dataclasses import dataclass
from sys import float_info
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.plots.finite import finite_or_nan

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
            edges = (self.low / _SCALE + steps * (self.width / _SCALE)) * _SCALE
        return np.clip(edges, -_MOST, _MOST)


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
    places = np.clip((finite - low) / width, 0, count - 1).astype(np.int64)
    counts = np.bincount(places, minlength=count)
    low, width = max(low * scale, -_MOST), min(width * scale, _MOST)
    return Bins(counts, low, width, numbers.size - finite.size)


def count_log_bins(values: NDArray[Any]) -> tuple[Floats, NDArray[np.int64]] | None:
    """Return edges and counts of the positive numbers in bins of equal width on a logarithmic axis.

    ``None`` where no number is positive and finite.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        places = np.log10(finite_or_nan(values.ravel()))
    bins = count_bins(places, is_whole=False)
    if bins is None:
        return None
    with np.errstate(over="ignore"):
        return np.minimum(10.0**bins.edges, _MOST), bins.counts


def _bin_count(finite: NDArray[np.float64], low: float, high: float) -> int:
    looked_at = finite[:: max(finite.size // _LOOKED_AT, 1)]
    with np.errstate(over="ignore", invalid="ignore"):
        first, third = np.percentile(looked_at, (25, 75))
        width = 2.0 * (third - first) / np.cbrt(finite.size)
        wanted = (high - low) / width if 0.0 < width < np.inf else 0.0
    return int(np.clip(np.ceil(wanted), _LEAST_BINS, MOST_BINS))
