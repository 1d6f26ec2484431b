"""Least and greatest finite numbers: what NaN and infinities are passed over by."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_least: Any = np.fmin  # numpy's stubs know no reduce of these for float64 results
_greatest: Any = np.fmax


def finite_or_nan(values: NDArray[Any]) -> Floats:
    """Return real numbers of any dtype as new float64 numbers, infinities as NaN."""
    with np.errstate(over="ignore", invalid="ignore"):
        numbers = values.astype(np.float64)
    numbers[~np.isfinite(numbers)] = np.nan
    return numbers


def finite_bounds(values: NDArray[Any]) -> tuple[float, float] | None:
    """Return the least and greatest finite number of an array of any shape; None without any."""
    if not values.size:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        low, high = float(values.min()), float(values.max())
    if np.isfinite(low) and np.isfinite(high):
        return low, high
    numbers = finite_or_nan(values)
    low, high = (
        float(_least.reduce(numbers, axis=None)),
        float(_greatest.reduce(numbers, axis=None)),
    )
    return (low, high) if np.isfinite(low) else None


def row_extremes(rows: NDArray[Any]) -> tuple[Floats, Floats]:
    """Return the least and greatest finite number of each row; NaN for rows without any."""
    with np.errstate(over="ignore", invalid="ignore"):
        low = rows.min(axis=1).astype(np.float64)
        high = rows.max(axis=1).astype(np.float64)
    odd = ~(np.isfinite(low) & np.isfinite(high))
    if odd.any():
        numbers = finite_or_nan(rows[odd])
        low[odd] = _least.reduce(numbers, axis=1)
        high[odd] = _greatest.reduce(numbers, axis=1)
    return low, high


def block_extremes(values: NDArray[Any], starts: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Return the least and greatest finite number of each block of a 1-D array.

    Blocks run from one of ``starts``, which ascend from 0, to the next; one without any is NaN.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        low = np.minimum.reduceat(values, starts).astype(np.float64)
        high = np.maximum.reduceat(values, starts).astype(np.float64)
    if not bool((np.isfinite(low) & np.isfinite(high)).all()):
        numbers = finite_or_nan(values)
        low, high = _least.reduceat(numbers, starts), _greatest.reduceat(numbers, starts)
    return low, high


def column_extremes(lows: Floats, highs: Floats) -> tuple[Floats, Floats]:
    """Return the least of ``lows`` and the greatest of ``highs`` in each column of two planes."""
    low: Floats = _least.reduce(lows, axis=0)
    high: Floats = _greatest.reduce(highs, axis=0)
    return low, high
