"""Point series as Qt shapes: numpy arrays copied in one go, broken where a number is missing.

Dense series become polylines of one pixel's width, the fastest Qt has. Wider lines must be drawn
segment by segment: as one path Qt looks for its crossings with itself, which takes 30 ms for 400
noisy points, against 0.6 ms.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6 import sip
from PyQt6.QtCore import QLineF, QPointF
from PyQt6.QtGui import QPolygonF

Floats = NDArray[np.float64]

_POINT_BYTES = 16  # two doubles
_LINE_BYTES = 32
_make_array: Any = sip.array  # sip's stubs know no arguments of it


@dataclass(frozen=True, slots=True)
class Polyline:
    """One curve to draw: connected ``pieces``, and ``dots`` for points without a neighbour."""

    pieces: tuple[QPolygonF, ...]
    dots: QPolygonF


EMPTY_POLYLINE = Polyline((), QPolygonF())


class Segments:
    """Straight lines that Qt draws in one call; ``ends`` has the shape (count, 4): x, y, x, y."""

    def __init__(self, ends: Floats) -> None:
        self.ends = ends
        self.lines = _make_array(QLineF, len(ends))
        if len(ends):
            memory = sip.voidptr(self.lines, len(ends) * _LINE_BYTES)
            np.frombuffer(memory, np.float64).reshape(-1, 4)[:] = ends


def polygon(x: Floats, y: Floats) -> QPolygonF:
    """Return the points as a QPolygonF; x and y are of equal length."""
    result = QPolygonF()
    count = len(x)
    if count:
        result.fill(QPointF(), count)
        buffer = result.data()
        assert buffer is not None  # Qt gives null only for an empty polygon
        buffer.setsize(count * _POINT_BYTES)
        points = np.frombuffer(buffer, np.float64).reshape(count, 2)
        points[:, 0] = x
        points[:, 1] = y
    return result


def segments(x: Floats, y: Floats) -> Segments:
    """Return a line between every two neighbours that are both finite."""
    points = np.column_stack((x, y))
    finite = np.isfinite(points).all(axis=1)
    joined = finite[:-1] & finite[1:]
    return Segments(np.hstack((points[:-1][joined], points[1:][joined])))


def polyline(x: Floats, y: Floats) -> Polyline:
    """Break the series, in pixels, at every point whose x or y is not finite."""
    finite = np.isfinite(y) & np.isfinite(x)
    count = int(np.count_nonzero(finite))
    if not count:
        return EMPTY_POLYLINE
    if count == len(y) > 2:
        return Polyline((polygon(x, y),), QPolygonF())
    edges = np.flatnonzero(np.diff(finite, prepend=False, append=False))
    starts, stops = edges[::2], edges[1::2]
    is_dot = stops - starts == 1
    pairs = np.flatnonzero(stops - starts == 2)
    if len(pairs):  # the extremes of one column, between columns that are empty
        is_dot[pairs] = _are_near(x, starts[pairs]) & _are_near(y, starts[pairs])
    runs = zip(starts[~is_dot].tolist(), stops[~is_dot].tolist(), strict=True)
    pieces = tuple(polygon(x[start:stop], y[start:stop]) for start, stop in runs)
    dots = starts[is_dot]
    return Polyline(pieces, polygon(x[dots], y[dots]))


def _are_near(pixels: Floats, places: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Tell of each place whether a line from there to the next would be too short to be seen."""
    return np.abs(pixels[places + 1] - pixels[places]) < 1.0


def steps(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return the series as a staircase: every value holds until the next point."""
    if len(x) < 2:
        return x, y
    return np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]
