"""CurveCanvas: the common part of lenses that draw lines over a horizontal axis."""

from dataclasses import replace

import numpy as np
from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from pyprobe.plots.axes_painter import LABEL_GAP_PX, LegendEntry, gutter_width
from pyprobe.plots.axis_range import AxisRange, RangeMode
from pyprobe.plots.curves import Curve, PlacedCurve, curve_bounds
from pyprobe.plots.drawn_trace import Side
from pyprobe.plots.number_text import number_text
from pyprobe.plots.plot_canvas import PlotCanvas
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.ticks import NO_TICKS, Ticks, value_ticks

_Y_PADDING = 0.06
_TICK_PX = 36.0


class CurveCanvas(PlotCanvas):
    """Keeps the loaded curves and what became of them on the screen.

    Curves whose side is RIGHT have a vertical axis of their own, ``right_range``, drawn right of
    the data as soon as there is such a curve.
    """

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.curves: list[Curve] = []
        self.placed: list[PlacedCurve] = []
        self.right_range = AxisRange()

    @property
    def has_right_axis(self) -> bool:
        """Whether any curve has its vertical axis at the right."""
        return any(curve.side is Side.RIGHT for curve in self.curves)

    def fit_y(self) -> None:
        """Fit the vertical ranges to the loaded curves, where the data decide."""
        for side, fitted in ((Side.LEFT, self.y_range), (Side.RIGHT, self.right_range)):
            bounds = curve_bounds(curve for curve in self.curves if curve.side is side)
            if bounds is not None:
                fitted.fit(*bounds, padding=_Y_PADDING, calm=True)

    def is_auto(self) -> bool:
        """Whether the data decide about all axes."""
        return super().is_auto() and (
            not self.has_right_axis or self.right_range.mode is RangeMode.AUTO
        )

    def y_ticks(self, most: int) -> Ticks:
        """Return round values, whole ones where the data are."""
        return value_ticks(self.y_range.low, self.y_range.high, most, whole=self.is_whole())

    def is_whole(self) -> bool:
        """Whether all values are whole numbers by their type."""
        return False

    def place(self, frame: PlotFrame) -> None:
        """Map the curves to pixels."""
        ratio = self.devicePixelRatioF()
        frames = {Side.LEFT: frame, Side.RIGHT: self.right_frame(frame)}
        self.placed = [PlacedCurve(curve, frames[curve.side], ratio) for curve in self.curves]

    def right_frame(self, frame: PlotFrame) -> PlotFrame:
        """Return the frame with the right axis as its vertical one."""
        return replace(frame, y_low=self.right_range.low, y_high=self.right_range.high)

    def paint_data(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint the curves, the first one on top."""
        for placed in reversed(self.placed):
            placed.paint(painter)

    # The right axis.

    def right_margin(self) -> float:
        """Return the room for the labels of the right axis."""
        if not self.has_right_axis or self.empty_sentence:
            return super().right_margin()
        return float(int(gutter_width(self._right_ticks(), QFontMetricsF(self.font()))) + 1)

    def _right_ticks(self) -> Ticks:
        if not self.has_right_axis:
            return NO_TICKS
        rows = max(int(self.height() / _TICK_PX), 2)
        return value_ticks(self.right_range.low, self.right_range.high, rows)

    def paint_beside(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint the labels of the right axis."""
        ticks = self._right_ticks()
        if not ticks.positions or self.empty_sentence:
            return
        right = self.right_frame(frame)
        painter.setPen(QPen(QColor(self._right_color())))
        metrics = QFontMetricsF(painter.font())
        drop = metrics.ascent() / 2 - metrics.descent() / 2
        places = right.y_pixels(np.array(ticks.positions, np.float64)).tolist()
        for y, label in zip(places, ticks.labels, strict=True):
            if frame.top - 1 <= y <= frame.bottom + 1:
                painter.drawText(QPointF(frame.right + LABEL_GAP_PX, y + drop), label)
        if ticks.note and frame.top >= metrics.height():
            x = frame.right - metrics.horizontalAdvance(ticks.note)
            painter.drawText(QPointF(x, frame.top - 4.0), ticks.note)

    def _right_color(self) -> str:
        """The one colour of all curves at the right, so that the eye finds their axis."""
        colors = {curve.color for curve in self.curves if curve.side is Side.RIGHT}
        return colors.pop() if len(colors) == 1 else self.theme.muted

    # What is told.

    def legend(self) -> tuple[LegendEntry, ...]:
        """Return the curves' names where there is more than one."""
        named = [curve for curve in self.curves if curve.name]
        if len(named) < 2:
            return ()
        return tuple(LegendEntry(curve.name, curve.color) for curve in named)

    def readout(self, x: float, y: float) -> str:
        """Return the values of all curves nearest to x."""
        parts = []
        several = sum(bool(curve.name) for curve in self.curves) > 1
        for position, curve in enumerate(self.curves):
            if not len(curve.x) or (position and not curve.name):
                continue
            nearest = nearest_x(curve, x)
            here = curve.y[np.flatnonzero(curve.x == nearest)]
            low, high = number_text(float(here[0])), number_text(float(here[-1]))
            value = low if low == high else f"{low} … {high}"
            name = f"{curve.name} " if several else ""
            parts.append((self.x_text(nearest), f"{name}{value}"))
        if not parts:
            return ""
        return f"{parts[0][0]}: {', '.join(value for _x, value in parts)}"

    def x_text(self, x: float) -> str:
        """Return a horizontal position as the readout tells it."""
        return f"{x:,.0f}"


def nearest_x(curve: Curve, x: float) -> float:
    """Return the x of the curve's point nearest to a position; the curve is not empty."""
    right = min(int(np.searchsorted(curve.x, x)), len(curve.x) - 1)
    left = max(right - 1, 0)
    nearer_left = abs(curve.x[left] - x) <= abs(curve.x[right] - x)
    return float(curve.x[left] if nearer_left else curve.x[right])
