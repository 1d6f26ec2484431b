"""Levels: between which values an image's colours run. Pure."""

from enum import Enum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pyprobe.plots.finite import finite_bounds

_LARGEST = 1.79e308
_PERCENTILES = (1.0, 99.0)
_COUNTED = 1 << 16  # values a percentile is taken of; evenly chosen of more
_EXACT_BYTES = 64 << 20  # of larger planes some rows decide, so that a frame stays short


class Levels(NamedTuple):
    """The values that get the first and the last colour; ``low`` < ``high``, finite."""

    low: float
    high: float


class LevelsMode(Enum):
    """Who decides about the levels; the value is its name in menus and remembered layouts."""

    AUTO = "minimum to maximum"
    PERCENTILE = "1st to 99th percentile"
    FIXED = "fixed"


def auto_levels(plane: NDArray[Any]) -> Levels:
    """Return the least and greatest finite value, around a constant plane; else 0 to 1."""
    bounds = finite_bounds(plane)
    if bounds is None:
        return Levels(0.0, 1.0)
    return _widened(*bounds)


def percentile_levels(plane: NDArray[Any]) -> Levels:
    """Return what 1 % of the finite values lie below and 1 % above."""
    step = max(plane.size // _COUNTED, 1)
    # An odd step, so that it does not run along one column of an even width.
    values = plane.reshape(-1)[:: step | 1].astype(np.float64)
    values = values[np.isfinite(values)]
    if not values.size:
        return auto_levels(plane)
    with np.errstate(all="ignore"):
        low, high = np.percentile(values / 2, _PERCENTILES).tolist()
    return _widened(low * 2, high * 2)


def around_zero(levels: Levels) -> Levels:
    """Return levels that reach as far below zero as above."""
    reach = max(abs(levels.low), abs(levels.high))
    return Levels(-reach, reach)


def deciding_rows(image: NDArray[Any]) -> tuple[NDArray[Any], int]:
    """Return the rows that decide about the levels: all, or every n-th of a huge image; and n."""
    step = max(-(-image.nbytes // _EXACT_BYTES), 1)
    return image[::step], step


def _widened(low: float, high: float) -> Levels:
    if low < high:
        return Levels(low, high)
    margin = abs(low) * 1e-3 or 0.5
    return Levels(max(low - margin, -_LARGEST), min(high + margin, _LARGEST))
