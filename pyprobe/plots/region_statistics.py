"""Statistics of the pixels in a region of an image. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.plots.image_plane import plane_of

_AT_ONCE = 1 << 18  # pixels; more are taken in pieces, which stay in the processor's cache
_MOST = 1 << 23  # pixels; of more, every n-th row is taken, so that a frame stays short
_LEAST_STD = 1e-140  # the squares of smaller ones have lost digits


@dataclass(frozen=True, slots=True)
class RegionStatistics:
    """``count`` are the finite pixels, which the others speak of; NaN where there are none.

    ``std`` divides by ``count``. ``step``: every n-th row was taken.
    """

    count: int
    mean: float
    std: float
    minimum: float
    maximum: float
    step: int = 1


def region_statistics(region: NDArray[Any]) -> RegionStatistics:
    """Return the statistics of a 2-D array of numbers; of complex ones those of the magnitude."""
    step = max(-(-region.size // _MOST), 1)
    found = _statistics(region, step, 1.0)
    is_plain = found.std > _LEAST_STD or found.minimum == found.maximum or not found.count
    if is_plain and found.std < np.inf:
        return found
    return _statistics(region, step, max(abs(found.minimum), abs(found.maximum)))


def _statistics(region: NDArray[Any], step: int, scale: float) -> RegionStatistics:
    """Find them of numbers divided by ``scale``: those far from 1 have squares that are none."""
    count, mean, spread, low, high = 0, 0.0, 0.0, np.inf, -np.inf
    for values in _pieces(region[::step]):
        if not values.size:
            continue
        low, high = min(low, float(np.min(values))), max(high, float(np.max(values)))
        with np.errstate(all="ignore"):
            if scale != 1.0:
                values /= scale
            own_mean = float(values.mean())
            values -= own_mean
            # Two sets put together as in Chan, Golub and LeVeque (1979), so that nothing cancels.
            way, total = own_mean - mean, count + values.size
            spread += float(np.dot(values, values)) + way * way * count * values.size / total
            mean += way * values.size / total
        count = total
    if not count:
        return RegionStatistics(0, nan, nan, nan, nan, step)
    middle = min(max(mean * scale, low), high)
    return RegionStatistics(count, middle, sqrt(spread / count) * scale, low, high, step)


def _pieces(region: NDArray[Any]) -> Iterator[NDArray[np.float64]]:
    """Yield the finite numbers of a region, some rows at a time, as new arrays."""
    rows = max(_AT_ONCE // max(region.shape[1], 1), 1)
    for first in range(0, region.shape[0], rows):
        part = plane_of(region[first : first + rows])
        with np.errstate(all="ignore"):
            values = part.astype(np.float64).ravel()
            total = values.sum()
        if part.dtype.kind == "f" and not np.isfinite(total):
            values = values[np.isfinite(values)]
        yield values
