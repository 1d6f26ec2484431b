"""Curves: what one plot draws as lines, with pens that suit how densely the points lie."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from pyprobe.plots.axes_painter import cosmetic_pen
from pyprobe.plots.drawn_trace import LineStyle, Side
from pyprobe.plots.finite import finite_bounds
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.polyline import (
    EMPTY_POLYLINE,
    Polyline,
    Segments,
    polygon,
    polyline,
    segments,
    steps,
)

Floats = NDArray[np.float64]

_SPARSE_PX = 1.0  # pixels of the screen; points farther apart are joined by smooth lines
_STAIRS_PX = 3.0  # … than this may show as a staircase
_DOTS_PX = 9.0  # … than this are also marked one by one
_DOT_PX = 4.0
_DENSE_DOT_PX = 2.0
_ROOM_OF_DOT_PX = 30.0  # the side of the square that a dot of the larger size has for itself
_LINE_PX = 1.5
_SMALL_PIXELS = 1.5  # of the screen to one of the window
_THICK_PX = 6.0  # what goes up and down by more fills its columns anyway
_AREA_OPACITY = 0.25
_PEN_STYLES = {
    LineStyle.SOLID: Qt.PenStyle.SolidLine,
    LineStyle.DASHED: Qt.PenStyle.DashLine,
    LineStyle.DOTTED: Qt.PenStyle.DotLine,
    LineStyle.DOTS: Qt.PenStyle.NoPen,
}


@dataclass(frozen=True, slots=True)
class Curve:
    """A named series in data units, ``x`` ascending; y is NaN at gaps.

    ``opacity`` is from 0 to 1. With ``floor``, the area between it and ``y`` is filled; a ``bare``
    area has no line. A curve without a name stands in no legend and no readout.
    """

    name: str
    color: str
    x: Floats
    y: Floats
    staircase: bool = False
    style: LineStyle = LineStyle.SOLID
    side: Side = Side.LEFT
    opacity: float = 1.0
    floor: Floats | None = None
    bare: bool = False


def curve_bounds(curves: Iterable[Curve]) -> tuple[float, float] | None:
    """Return the least and greatest y of all curves; None where nothing is finite."""
    drawn = [y for curve in curves for y in (curve.y, curve.floor) if y is not None]
    found = [pair for y in drawn if (pair := finite_bounds(y)) is not None]
    return (min(low for low, _ in found), max(high for _, high in found)) if found else None


class PlacedCurve:
    """A curve mapped to the pixels of a frame, ready to paint.

    ``segments`` where points are sparse, else ``line``; ``dots`` marks points one by one;
    ``newest`` is the place of the last point, None where it is missing.
    """

    def __init__(self, curve: Curve, frame: PlotFrame, pixel_ratio: float) -> None:
        self.curve = curve
        self._frame = frame
        self._pixel_ratio = pixel_ratio
        self.line: Polyline = EMPTY_POLYLINE
        self._is_thin = False
        self.segments: Segments | None = None
        x, y = frame.x_pixels(curve.x), frame.y_pixels(curve.y)
        spacing = _spacing(x)
        self.is_sparse = spacing * pixel_ratio > _SPARSE_PX
        if curve.style is LineStyle.DOTS:  # in any order: only how many there are tells
            self.is_sparse = frame.width * frame.height > len(x) * _ROOM_OF_DOT_PX**2
        stairs = curve.staircase and self.is_sparse and spacing > _STAIRS_PX
        self.areas: list[QPolygonF] = []
        if curve.floor is not None:
            bottom = frame.y_pixels(curve.floor)
            # What is below all that a logarithmic axis has a place for is below the plot.
            bottom[~np.isfinite(bottom)] = frame.bottom
            level_x, level_bottom = steps(x, bottom) if stairs else (x, bottom)
            self.areas = _areas_between(level_x, steps(x, y)[1] if stairs else y, level_bottom)
        self.dots = QPolygonF()
        self.newest: QPointF | None = None
        if curve.bare:
            return
        if curve.style is LineStyle.DOTS:
            finite = np.isfinite(y) & np.isfinite(x)
            self.dots = polygon(x[finite], y[finite])
        else:
            if not self.is_sparse:
                turned = zigzag(x, y)
                self.line = polyline(x, turned)
                self._is_thin = pixel_ratio >= _SMALL_PIXELS and _mean_step(turned) < _THICK_PX
            else:
                self.segments = segments(*steps(x, y)) if stairs else segments(x, y)
            self.dots = self._dots(x, y, spacing)
        last_is_there = len(y) > 0 and bool(np.isfinite(y[-1]))
        self.newest = QPointF(float(x[-1]), float(y[-1])) if last_is_there else None

    def nearest(self, position: QPointF, within_px: float) -> tuple[float, int] | None:
        """Return the distance in pixels and the place of the point nearest to one on the screen."""
        x, y = self._frame.x_pixels(self.curve.x), self._frame.y_pixels(self.curve.y)
        with np.errstate(invalid="ignore"):
            way = np.hypot(x - position.x(), y - position.y())
        way[~np.isfinite(way)] = np.inf
        if not len(way) or not np.min(way) <= within_px:
            return None
        place = int(np.argmin(way))
        return float(way[place]), place

    def _dots(self, x: Floats, y: Floats, spacing: float) -> QPolygonF:
        if not self.is_sparse:
            return self.line.dots
        if self.curve.staircase and self.curve.floor is not None:  # a bar is no point
            return QPolygonF()
        finite = np.isfinite(y)
        if spacing <= _DOTS_PX:  # only what no line reaches
            before = np.concatenate(([False], finite[:-1]))
            after = np.concatenate((finite[1:], [False]))
            finite &= ~(before | after)
        return polygon(x[finite], y[finite])

    def paint(self, painter: QPainter) -> None:
        """Paint lines, then dots."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.is_sparse)
        if self.areas:
            self._paint_areas(painter)
        self._paint_line(painter)
        if self.dots.size():
            dot_px = (_DOT_PX if self.is_sparse else _DENSE_DOT_PX) * self._pixel_ratio
            pen = self._pen(dot_px)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoints(self.dots)

    def _paint_line(self, painter: QPainter) -> None:
        pen = self._pen(_LINE_PX * self._pixel_ratio if self.is_sparse else 1.0)
        pen.setStyle(_PEN_STYLES[self.curve.style])
        painter.setPen(pen)
        # Where pixels are small one is hardly a line; two thin lines are faster than a wide one.
        side_px = 1.0 / self._pixel_ratio
        for shift_px in (0.0, side_px) if self._is_thin else (0.0,):
            painter.translate(shift_px, shift_px)
            for piece in self.line.pieces:
                painter.drawPolyline(piece)
            painter.translate(-shift_px, -shift_px)
        if self.segments is not None and len(self.segments.ends):
            painter.drawLines(self.segments.lines)

    def _paint_areas(self, painter: QPainter) -> None:
        color = QColor(self.curve.color)
        color.setAlphaF(_AREA_OPACITY * self.curve.opacity)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        for area in self.areas:
            painter.drawPolygon(area)

    def _pen(self, width_px: float) -> QPen:
        pen = cosmetic_pen(self.curve.color, width_px)
        if self.curve.opacity < 1.0:
            color = pen.color()
            color.setAlphaF(self.curve.opacity)
            pen.setColor(color)
        return pen


def zigzag(x: Floats, y: Floats) -> Floats:
    """Turn every other pair of extremes round, where all points are pairs at one x.

    The line then goes up one pixel column and down the next, and is half as long as one that comes
    back to the minimum each time.
    """
    if len(x) % 2 or len(x) < 4 or not np.array_equal(x[::2], x[1::2], equal_nan=True):
        return y
    turned = y.copy()
    turned[2::4], turned[3::4] = y[3::4], y[2::4]
    return turned


def _mean_step(y: Floats) -> float:
    with np.errstate(invalid="ignore"):  # between infinities there is no step
        steps_px = np.abs(np.diff(y))
    steps_px = steps_px[np.isfinite(steps_px)]
    return float(steps_px.mean()) if len(steps_px) else 0.0


def _spacing(x: Floats) -> float:
    """Pixels between neighbouring points, on the average; many for a single point."""
    if len(x) < 2:
        return 1e9
    return float(x[-1] - x[0]) / (len(x) - 1)


def _areas_between(x: Floats, top: Floats, bottom: Floats) -> list[QPolygonF]:
    """Return the area between two series, a polygon for each stretch without a gap in the first."""
    edges = np.flatnonzero(np.diff(np.isfinite(top), prepend=False, append=False)).tolist()
    areas = []
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        there = slice(start, stop)
        outline = np.concatenate((top[there], bottom[there][::-1]))
        areas.append(polygon(np.concatenate((x[there], x[there][::-1])), outline))
    return areas
