"""A 2-D array as pixels: what plane is shown, its levels, and the colours of the part in view."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pyprobe.plots.color_map import LEVELS
from pyprobe.plots.finite import finite_bounds

IMAGE_KINDS = "biufc"


class Levels(NamedTuple):
    """The values that get the first and the last colour; ``low`` < ``high``, finite."""

    low: float
    high: float


def plane_of(image: NDArray[Any]) -> NDArray[Any]:
    """Return the real numbers that stand for a 2-D array: magnitudes, and 0 and 1 for bools."""
    if image.dtype.kind == "c":
        with np.errstate(all="ignore"):
            return np.abs(image)
    if image.dtype.kind == "b":
        return image.astype(np.uint8)
    return image


def auto_levels(plane: NDArray[Any]) -> Levels:
    """Return the least and greatest finite value, around a constant plane; else 0 to 1."""
    bounds = finite_bounds(plane)
    if bounds is None:
        return Levels(0.0, 1.0)
    low, high = bounds
    if low < high:
        return Levels(low, high)
    margin = abs(low) * 1e-3 or 0.5
    return Levels(max(low - margin, -1.79e308), min(high + margin, 1.79e308))


def sampled(count: int, first: int, last: int, pixels: int) -> slice | NDArray[np.intp]:
    """Which rows (or columns) from ``first`` to ``last`` are drawn: all, or one for each pixel."""
    first, last = max(first, 0), min(last, count)
    if last - first <= pixels:
        return slice(first, max(last, first))
    places = first + (np.arange(pixels) + 0.5) * ((last - first) / pixels)
    return np.minimum(places.astype(np.intp), count - 1)


def colored(part: NDArray[Any], levels: Levels, table: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return the colours of a 2-D plane: beyond the levels the end colours, NaN the missing one."""
    if part.dtype == np.uint8 and levels == (0.0, 255.0):
        return np.take(table, part)
    with np.errstate(all="ignore"):
        numbers = part.astype(np.float64)
        half_span = levels.high / 2 - levels.low / 2
        share = (numbers / 2 - levels.low / 2) / half_span
        missing = np.isnan(numbers)
        share[missing] = 0.0
        index = np.clip(share * LEVELS, 0, LEVELS - 1).astype(np.intp)
    index[missing] = LEVELS
    return np.take(table, index)
