"""Min/max of a long 1-D array for each pixel column, with missing numbers kept apart."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.plots.finite import block_extremes, finite_or_nan, row_extremes

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


def min_max_log(
    values: NDArray[Any], x0: float, dx: float, ends: tuple[float, float], pixels: int
) -> tuple[Floats, Floats, int]:
    """Return (x, y, step) to draw samples that stand at ``x0 + i * dx`` over a logarithmic axis.

    ``ends`` are the decimal logarithms of its ends, ``dx`` is positive. As in ``min_max``, but each
    pixel column has as many samples as lie in it; ``step`` is the largest number of them.
    """
    low, high = ends
    pixels = max(pixels, 1)
    column = (high - low) / pixels
    # Columns at multiples of their width stand still while the view moves.
    places = np.arange(np.floor(low / column), np.ceil(high / column) + 1.0) * column
    with np.errstate(over="ignore"):
        edges = np.ceil((10.0**places - x0) / dx)
    positive = int(np.clip(np.floor(-x0 / dx) + 1.0, 0, len(values)))
    first = int(np.clip(edges[0] - 1, positive, len(values)))
    last = int(np.clip(edges[-1] + 1, first, len(values)))
    if last - first <= 2 * pixels:
        x = x0 + np.arange(first, last, dtype=np.float64) * dx
        return x, finite_or_nan(values[first:last]), 1
    starts = np.unique(np.clip(np.append(edges, first), first, last - 1).astype(np.intp))
    stops = np.append(starts[1:], last)
    lows, highs = block_extremes(values[first:last], starts - first)
    x = x0 + (starts + stops - 1) / 2 * dx
    return np.repeat(x, 2), np.stack((lows, highs), axis=1).ravel(), int(np.max(stops - starts))
