"""Curves: what one plot draws as lines, with pens that suit how densely the points lie."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QPainter

from pyprobe.plots.axes_painter import cosmetic_pen
from pyprobe.plots.finite import finite_bounds
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.polyline import EMPTY_POLYLINE, Polyline, polygon, polyline, steps

Floats = NDArray[np.float64]

_SPARSE_PX = 3.0  # points farther apart than this are joined by smooth lines
_DOTS_PX = 9.0  # … than this are also marked one by one
_DOT_PX = 4.0
_LINE_PX = 1.6


@dataclass(frozen=True, slots=True)
class Curve:
    """A named series in data units, ``x`` ascending; y is NaN at gaps."""

    name: str
    color: str
    x: Floats
    y: Floats
    staircase: bool = False


def curve_bounds(curves: list[Curve]) -> tuple[float, float] | None:
    """Return the least and greatest y of all curves; None where nothing is finite."""
    found = [pair for curve in curves if (pair := finite_bounds(curve.y)) is not None]
    return (min(low for low, _ in found), max(high for _, high in found)) if found else None


class PlacedCurve:
    """A curve mapped to the pixels of a frame, ready to paint."""

    def __init__(self, curve: Curve, frame: PlotFrame) -> None:
        self.curve = curve
        x, y = frame.x_pixels(curve.x), frame.y_pixels(curve.y)
        spacing = _spacing(x)
        self.sparse = spacing > _SPARSE_PX
        self.line: Polyline = EMPTY_POLYLINE
        if len(x):
            self.line = (
                polyline(*steps(x, y)) if curve.staircase and self.sparse else polyline(x, y)
            )
        finite = np.isfinite(y)
        marked = finite if spacing > _DOTS_PX else np.zeros(len(y), bool)
        self.dots = polygon(x[marked], y[marked]) if marked.any() else self.line.dots

    def paint(self, painter: QPainter) -> None:
        """Paint lines, then dots."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.sparse)
        width_px = _LINE_PX * painter.device().devicePixelRatioF() if self.sparse else 1.0  # type: ignore[union-attr]
        painter.setPen(cosmetic_pen(self.curve.color, width_px))
        for piece in self.line.pieces:
            painter.drawPolyline(piece)
        if self.dots.size():
            self._paint_dots(painter)

    def _paint_dots(self, painter: QPainter) -> None:
        ratio = painter.device().devicePixelRatioF()  # type: ignore[union-attr]
        pen = cosmetic_pen(self.curve.color, (_DOT_PX if self.sparse else 2.0) * ratio)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPoints(self.dots)

    def newest(self) -> QPointF | None:
        """Return the pixel of the last point, if it is there."""
        piece = self.line.pieces[-1] if self.line.pieces else self.line.dots
        return piece.at(piece.size() - 1) if piece.size() else None


def _spacing(x: Floats) -> float:
    """Pixels between neighbouring points, on the average; many for a single point."""
    if len(x) < 2:
        return 1e9
    return float(x[-1] - x[0]) / (len(x) - 1)
