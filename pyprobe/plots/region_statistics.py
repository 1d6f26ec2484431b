"""Statistics of the pixels in a region of an image. Pure."""

from dataclasses import dataclass
from math import nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.plots.image_plane import plane_of

_AT_ONCE = 1 << 20  # pixels; more are taken in pieces, so that memory stays small
_MOST = 1 << 23  # pixels; of more, every n-th row is taken, so that a frame stays short


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
    pieces = _Pieces(region[::step])
    count, total, low, high = 0, 0.0, np.inf, -np.inf
    for values in pieces:
        if values.size:
            count += values.size
            total += float(values.sum())
            low, high = min(low, float(values.min())), max(high, float(values.max()))
    if not count:
        return RegionStatistics(0, nan, nan, nan, nan, step)
    mean = total / count
    with np.errstate(all="ignore"):
        spread = sum(float(np.square(values - mean).sum()) for values in pieces)
    return RegionStatistics(count, mean, sqrt(spread / count), low, high, step)


class _Pieces:
    """The finite numbers of a region, some rows at a time."""

    def __init__(self, region: NDArray[Any]) -> None:
        self._region = region
        self._rows = max(_AT_ONCE // max(region.shape[1], 1), 1)

    def __iter__(self) -> "Any":
        for first in range(0, self._region.shape[0], self._rows):
            part = plane_of(self._region[first : first + self._rows])
            with np.errstate(all="ignore"):
                values = part.astype(np.float64)
            if part.dtype.kind == "f" and not np.isfinite(values.sum()):
                values = values[np.isfinite(values)]
            yield values
