"""Min/max of a long 1-D array for each pixel column, with missing numbers kept apart."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.plots.finite import finite_or_nan, row_extremes

Floats = NDArray[np.float64]


def min_max(
    values: NDArray[Any], start: float, stop: float, pixels: int
) -> tuple[Floats, Floats, int]:
    """Return (x, y, step) to draw the samples from index ``start`` to ``stop``.

    Where at most two samples share a pixel, they come as they are and ``step`` is 1; else a minimum
    and a maximum for every ``step`` samples, both at the middle of these. One sample more on either
    side is included, so that lines reach the edge. A block without a finite number is NaN, infinite
    samples count as missing. ``values`` is 1-D, real, of any numeric dtype.
    """
    count = len(values)
    first = int(np.clip(np.floor(start) - 1, 0, count))
    last = int(np.clip(np.ceil(stop) + 2, first, count))
    pixels = max(pixels, 1)
    if last - first <= 2 * pixels:
        return np.arange(first, last, dtype=np.float64), finite_or_nan(values[first:last]), 1
    step = -(-(last - first) // pixels)
    first -= first % step  # blocks stand still while the view moves
    blocks, rest = divmod(last - first, step)
    whole = values[first : first + blocks * step].reshape(blocks, step)
    low, high = row_extremes(whole)
    if rest:
        rest_low, rest_high = row_extremes(values[first + blocks * step : last].reshape(1, rest))
        low, high = np.concatenate((low, rest_low)), np.concatenate((high, rest_high))
    x = first + (np.arange(len(low), dtype=np.float64) + 0.5) * step - 0.5
    x[-1] = min(x[-1], count - 1)
    return np.repeat(x, 2), np.stack((low, high), axis=1).ravel(), step
