"""CurveCanvas: the common part of lenses that draw lines over a horizontal axis."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QAction, QColor, QFontMetricsF, QPainter, QPen

from pyprobe.plots.axes_painter import LABEL_GAP_PX, LegendEntry, gutter_width
from pyprobe.plots.axis_end import Axis
from pyprobe.plots.axis_range import AxisRange, AxisView, RangeMode
from pyprobe.plots.axis_scale import AxisScale, log_ticks
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

    has_data: ClassVar[bool] = True

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.curves: list[Curve] = []
        self.placed: list[PlacedCurve] = []
        self.right_range = AxisRange()
        self.y_scale = AxisScale.LINEAR
        self.log_action = QAction("Logarithmic Y axis", self)
        self.log_action.setCheckable(True)
        self.log_action.setShortcut("L")
        self.log_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.log_action.toggled.connect(lambda on: self.guarded(lambda: self._set_log(on)))
        self.addAction(self.log_action)

    @property
    def has_right_axis(self) -> bool:
        """Whether any curve has its vertical axis at the right."""
        return any(curve.side is Side.RIGHT for curve in self.curves)

    def fit_y(self) -> None:
        """Fit the vertical ranges to the loaded curves, where the data decide."""
        if self.y_scale is not AxisScale.LINEAR:
            self.curves = [_on_scale(curve, self.y_scale) for curve in self.curves]
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
        if self.y_scale is AxisScale.LOGARITHMIC:
            return log_ticks(self.y_range.low, self.y_range.high, most)
        return value_ticks(self.y_range.low, self.y_range.high, most, whole=self.is_whole())

    def scale_of(self, axis: Axis) -> AxisScale:
        """Return how an axis shows values."""
        return self.y_scale if axis is Axis.Y else super().scale_of(axis)

    def _set_log(self, wanted: bool) -> None:
        self.y_scale = AxisScale.LOGARITHMIC if wanted else AxisScale.LINEAR
        self.y_range.set_auto()
        self.right_range.set_auto()
        self.rebuild()
        self.changed.emit()

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

    def data(self) -> dict[str, NDArray[Any]]:
        """Return the curves as they are drawn."""
        columns: dict[str, NDArray[Any]] = {}
        for number, curve in enumerate(self.unscaled()):
            name = curve.name or f"curve {number}"
            columns[f"{name} x"], columns[f"{name} y"] = curve.x, curve.y
        return columns

    def unscaled(self) -> list[Curve]:
        """Return the curves in data values, whatever the scale of the axis."""
        if self.y_scale is AxisScale.LINEAR:
            return self.curves
        return [replace(curve, y=10.0**curve.y) for curve in self.curves]

    def view(self) -> tuple[AxisView, ...]:
        """Return what is in view, to be brought back."""
        return (*super().view(), self.right_range.view)

    def bring_back(self, view: tuple[AxisView, ...]) -> None:
        """Show what was in view once."""
        self.right_range.bring_back(view[2])
        super().bring_back(view)

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        return (*super().view_actions(), self.log_action)

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        return {**super().state(), "y_scale": self.y_scale.value}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        self.log_action.setChecked(state.get("y_scale") == AxisScale.LOGARITHMIC.value)
        super().restore(state)

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
        if self.y_scale is AxisScale.LOGARITHMIC:
            return log_ticks(self.right_range.low, self.right_range.high, rows)
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
        for position, curve in enumerate(self.unscaled()):
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


def _on_scale(curve: Curve, scale: AxisScale) -> Curve:
    floor = None if curve.floor is None else scale.shown(curve.floor)
    return replace(curve, y=scale.shown(curve.y), floor=floor)


def nearest_x(curve: Curve, x: float) -> float:
    """Return the x of the curve's point nearest to a position; the curve is not empty."""
    right = min(int(np.searchsorted(curve.x, x)), len(curve.x) - 1)
    left = max(right - 1, 0)
    nearer_left = abs(curve.x[left] - x) <= abs(curve.x[right] - x)
    return float(curve.x[left] if nearer_left else curve.x[right])
