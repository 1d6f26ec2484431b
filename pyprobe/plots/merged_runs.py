"""Merged runs: the curves of several runs of a program as one mean, or as one band. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pyprobe.plots.finite import column_extremes

Floats = NDArray[np.float64]
Drawn = tuple[Floats, Floats]


def run_mean(runs: Sequence[Drawn], grid: Floats) -> Drawn:
    """Return the mean of the runs that are there at each place; pairs where any run has pairs.

    Where many captures share a column, it is the mean of their minima and that of their maxima.
    """
    lows, highs = _bounds(runs, grid)
    with np.errstate(all="ignore"):
        low, high = (np.nansum(one, axis=0) / np.isfinite(one).sum(axis=0) for one in (lows, highs))
    if np.array_equal(low, high, equal_nan=True):
        return grid, low
    return np.repeat(grid, 2), np.stack((low, high), axis=1).ravel()


def run_band(runs: Sequence[Drawn], grid: Floats) -> tuple[Floats, Floats]:
    """Return the least and the greatest value of all runs at each place."""
    return column_extremes(*_bounds(runs, grid))


def common_grid(runs: Sequence[Drawn], ends: tuple[float, float], columns: int) -> Floats:
    """Return where runs are compared: at their own captures where few, else at columns.

    ``ends`` are those of the axis. Captures of several runs stand at the same places only where
    they are counted; elsewhere each run is interpolated between its captures.
    """
    every = np.unique(np.concatenate([np.empty(0), *(x for x, _y in runs)]))
    if len(every) <= 2 * columns:
        return every
    places = np.linspace(*ends, columns + 1)
    return (places[:-1] + places[1:]) / 2


def _bounds(runs: Sequence[Drawn], grid: Floats) -> tuple[Floats, Floats]:
    """Return two planes, a row for each run: its least and its greatest values on the grid."""
    found = [_on_grid(x, y, grid) for x, y in runs]
    return np.stack([low for low, _ in found]), np.stack([high for _, high in found])


def _on_grid(x: Floats, y: Floats, grid: Floats) -> tuple[Floats, Floats]:
    if not len(x):
        nothing = np.full(len(grid), np.nan)
        return nothing, nothing
    # Columns of many captures come as pairs at one x.
    starts = np.flatnonzero(np.diff(x, prepend=-np.inf) > 0)
    low, high = np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)
    at = x[starts]

    def placed(values: Floats) -> Floats:
        return np.interp(grid, at, values, left=np.nan, right=np.nan)

    return placed(low), placed(high)
