"""Reached area: the part of a plane in which points have been, as cells. Pure.

It is what minimum and maximum are to curves: what lies outside has not been reached.
"""

from collections.abc import Sequence
from math import isqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Points = tuple[Floats, Floats]

_FEWEST_CELLS, _MOST_CELLS = 12, 72  # along each axis; the more points, the finer


class Area(NamedTuple):
    """Rectangles: from ``floor`` to ``top`` between every two x; NaN in both between them."""

    x: Floats
    top: Floats
    floor: Floats


NO_AREA = Area(np.empty(0), np.empty(0), np.empty(0))


def reached_area(captures: Sequence[Points], *, square: bool = False) -> Area:
    """Return the cells that hold a point of any capture, those above each other as one rectangle.

    The cells divide the stretch of each axis that the points take; with ``square`` all are squares.
    What is not finite is passed over.
    """
    x, y = (np.concatenate([one[part] for one in captures] or [np.empty(0)]) for part in (0, 1))
    there = np.isfinite(x) & np.isfinite(y)
    x, y = x[there], y[there]
    if not len(x):
        return NO_AREA
    count = min(max(isqrt(len(x)), _FEWEST_CELLS), _MOST_CELLS)
    ends_x, ends_y = _ends(x), _ends(y)
    if square:
        ends_x = ends_y = (min(ends_x[0], ends_y[0]), max(ends_x[1], ends_y[1]))
    cells = np.zeros((count, count), bool)
    cells[_cell(x, ends_x, count), _cell(y, ends_y, count)] = True
    edges = np.diff(np.pad(cells, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    columns, starts = np.nonzero(edges == 1)
    _columns, stops = np.nonzero(edges == -1)
    across, up = _edges(ends_x, count), _edges(ends_y, count)
    gap = np.full(len(columns), np.nan)

    right = across[columns + 1]
    return Area(
        np.stack((across[columns], right, right), axis=1).ravel(),
        np.stack((up[stops], up[stops], gap), axis=1).ravel(),
        np.stack((up[starts], up[starts], gap), axis=1).ravel(),
    )


def _ends(values: Floats) -> tuple[float, float]:
    low, high = float(np.min(values)), float(np.max(values))
    margin = 0.0 if low < high else abs(low) * 1e-3 or 1e-3
    return low - margin, high + margin


def _cell(values: Floats, ends: tuple[float, float], count: int) -> NDArray[np.intp]:
    low, high = ends
    share = (values / 2 - low / 2) / (high / 2 - low / 2)  # halves, whose difference is finite
    cell: NDArray[np.intp] = np.minimum((share * count).astype(np.intp), count - 1)
    return cell


def _edges(ends: tuple[float, float], count: int) -> Floats:
    share = np.arange(count + 1) / count
    edges: Floats = ends[0] * (1.0 - share) + ends[1] * share
    return edges
