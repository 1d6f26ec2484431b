"""CurveCanvas: the common part of lenses that draw lines over a horizontal axis."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QAction, QColor, QFontMetricsF, QPainter, QPen

from pyprobe.plots.axes_painter import LABEL_GAP_PX, LegendEntry, gutter_width, is_note_there
from pyprobe.plots.axis_end import Axis, AxisEnd
from pyprobe.plots.axis_range import AxisRange, AxisView, RangeMode
from pyprobe.plots.axis_scale import AxisScale, log_ticks
from pyprobe.plots.curve_scaling import NO_X, missing_sentence, on_scales, scaled_span, with_place
from pyprobe.plots.curves import Curve, PlacedCurve, curve_bounds
from pyprobe.plots.decimate import min_max, min_max_log
from pyprobe.plots.drawn_trace import Side
from pyprobe.plots.number_text import number_text
from pyprobe.plots.plot_canvas import PlotCanvas
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.ticks import NO_TICKS, Ticks, value_ticks
from pyprobe.plots.title_forms import shortest_apart

Floats = NDArray[np.float64]

_Y_PADDING = 0.06
_TICK_PX = 36.0


class CurveCanvas(PlotCanvas):
    """Keeps the loaded curves and what became of them on the screen.

    Curves whose side is RIGHT have a vertical axis of their own, ``right_range``, drawn right of
    the data as soon as there is such a curve. ``load`` leaves curves in data values; ``fit_y``
    makes ``curves`` what stands on the axes, decimal logarithms where these are logarithmic.
    """

    has_data: ClassVar[bool] = True
    log_axes: ClassVar[tuple[Axis, ...]] = (Axis.X, Axis.Y)  # those that can be logarithmic

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.curves: list[Curve] = []
        self.placed: list[PlacedCurve] = []
        self.right_range = AxisRange()
        self.x_scale = AxisScale.LINEAR
        self.y_scale = AxisScale.LINEAR
        self._unscaled: list[Curve] = []
        self._has_no_x = False
        self.log_x_action = self._make_log(Axis.X, "Shift+L")
        self.log_action = self._make_log(Axis.Y, "L")

    def _make_log(self, axis: Axis, keys: str) -> QAction:
        action = QAction(f"Logarithmic {axis.value} axis", self)
        action.setCheckable(True)
        if axis in self.log_axes:
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.toggled.connect(partial(self._on_log, axis))
            self.addAction(action)
        return action

    @property
    def has_right_axis(self) -> bool:
        """Whether any curve has its vertical axis at the right."""
        return any(curve.side is Side.RIGHT for curve in self.curves)

    def range_of(self, end: AxisEnd) -> AxisRange:
        """Return the range that an end belongs to."""
        return self.right_range if end.is_second and end.axis is Axis.Y else super().range_of(end)

    def ranges(self) -> dict[str, AxisRange]:
        """Return all ranges by the names they are remembered by."""
        return {**super().ranges(), "right": self.right_range}

    def fit_x_to(
        self,
        low: float,
        high: float,
        *,
        least: float = 0.0,
        padding: float = 0.0,
        calm: bool = False,
    ) -> None:
        """Fit the horizontal range to data values, where the data decide.

        ``least`` is the least positive of them, where a logarithmic axis begins if ``low`` is not.
        """
        span = scaled_span(self.x_scale, low, high, least)
        self._has_no_x = span is None
        if span is not None:
            self.x_range.fit(*span, padding=padding, calm=calm)

    @property
    def x_window(self) -> tuple[float, float]:
        """The ends of the horizontal axis in data values."""
        return self.x_scale.value_at(self.x_range.low), self.x_scale.value_at(self.x_range.high)

    def reduced(
        self, values: NDArray[Any], x0: float, dx: float, columns: int
    ) -> tuple[Floats, Floats, int]:
        """Return x, y and step of what is in view of values that stand at ``x0 + i * dx``.

        As ``min_max`` does; on a logarithmic axis the step is the largest there is.
        """
        if self.x_scale is AxisScale.LOGARITHMIC:
            return min_max_log(values, x0, dx, (self.x_range.low, self.x_range.high), columns)
        low, high = self.x_window
        x, y, step = min_max(values, (low - x0) / dx, (high - x0) / dx, columns)
        return x0 + x * dx, y, step

    def fit_y(self) -> None:
        """Put the loaded curves on their axes, and fit these where the data decide."""
        self.gestures.right = self.right_range if self.has_right_axis else None
        if not self.x_scale is self.y_scale is AxisScale.LINEAR:
            self._unscaled = [with_place(curve, self.x_scale) for curve in self.curves]
            scaled = [on_scales(curve, self.x_scale, self.y_scale) for curve in self._unscaled]
            sentence = NO_X if self._has_no_x else missing_sentence(self.curves, scaled)
            self.empty_sentence = self.empty_sentence or sentence
            self.curves = scaled
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

    def x_ticks(self, most: int) -> Ticks:
        """Return round positions; a subclass says which where the axis is linear."""
        if self.x_scale is AxisScale.LOGARITHMIC:
            return log_ticks(self.x_range.low, self.x_range.high, most)
        return self.linear_x_ticks(most)

    def linear_x_ticks(self, most: int) -> Ticks:
        """Return the ticks of the horizontal axis while it is linear."""
        return super().x_ticks(most)

    def scale_of(self, axis: Axis) -> AxisScale:
        """Return how an axis shows values."""
        return self.x_scale if axis is Axis.X else self.y_scale

    def _on_log(self, axis: Axis, wanted: bool) -> None:
        self.guarded(partial(self._set_log, axis, wanted))

    def _set_log(self, axis: Axis, wanted: bool) -> None:
        scale = AxisScale.LOGARITHMIC if wanted else AxisScale.LINEAR
        if axis is Axis.X:
            self.x_scale = scale
            changed = [self.x_range]
        else:
            self.y_scale = scale
            changed = [self.y_range, self.right_range]
        for one in changed:
            one.set_auto()
            one.limits = scale.limits
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
        drawn = (curve for curve in self.unscaled() if not curve.bare)
        for number, curve in enumerate(drawn):
            name = curve.name or f"curve {number}"
            columns[f"{name} x"], columns[f"{name} y"] = curve.x, curve.y
        return columns

    def unscaled(self) -> list[Curve]:
        """Return the curves in data values, point for point those in ``curves``."""
        is_linear = self.x_scale is self.y_scale is AxisScale.LINEAR
        return self.curves if is_linear else self._unscaled

    def view(self) -> tuple[AxisView, ...]:
        """Return what is in view, to be brought back."""
        return (*super().view(), self.right_range.view)

    def bring_back(self, view: tuple[AxisView, ...]) -> None:
        """Show what was in view once."""
        self.right_range.bring_back(view[2])
        super().bring_back(view)

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        logs = {Axis.X: self.log_x_action, Axis.Y: self.log_action}
        return (*super().view_actions(), *(logs[axis] for axis in self.log_axes))

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        scales = {"x_scale": self.x_scale.value, "y_scale": self.y_scale.value}
        return {**super().state(), **scales}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        log = AxisScale.LOGARITHMIC.value
        self.log_x_action.setChecked(Axis.X in self.log_axes and state.get("x_scale") == log)
        self.log_action.setChecked(Axis.Y in self.log_axes and state.get("y_scale") == log)
        super().restore(state)

    # The right axis.

    def right_margin(self) -> float:
        """Return the room for the labels of the right axis."""
        if not self.has_right_axis or self.empty_sentence:
            return super().right_margin()
        return float(int(gutter_width(self._right_ticks(), QFontMetricsF(self.font()))) + 1)

    def rebuild(self) -> None:
        """Keep the legend clear of what completes the labels of the right axis."""
        super().rebuild()
        self.axes = replace(self.axes, right_note=self._right_ticks().note)

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
        if ticks.note and not is_note_there(frame, metrics):
            return
        drop = metrics.ascent() / 2 - metrics.descent() / 2
        places = right.y_pixels(np.array(ticks.positions, np.float64)).tolist()
        for y, label in zip(places, ticks.labels, strict=True):
            if frame.top - 1 <= y <= frame.bottom + 1:
                painter.drawText(QPointF(frame.right + LABEL_GAP_PX, y + drop), label)
        if ticks.note:
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
        """Return the values of all curves nearest to x on the screen."""
        place = self.x_scale.place_of(x)
        parts = []
        names = shortest_apart([curve.name for curve in self.curves])
        several = sum(map(bool, names)) > 1
        for position, (shown, curve) in enumerate(zip(self.curves, self.unscaled(), strict=True)):
            if not len(curve.x) or place is None or (position and not curve.name):
                continue
            nearest = nearest_x(shown, place)
            here = np.flatnonzero(shown.x == nearest)
            low, high = number_text(float(curve.y[here[0]])), number_text(float(curve.y[here[-1]]))
            value = low if low == high else f"{low} … {high}"
            name = f"{names[position]} " if several else ""
            parts.append((self.x_text(float(curve.x[here[0]])), f"{name}{value}"))
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
