"""CurveCanvas: the common part of lenses that draw lines over a horizontal axis."""

import numpy as np
from PyQt6.QtGui import QPainter

from pyprobe.plots.axes_painter import LegendEntry
from pyprobe.plots.curves import Curve, PlacedCurve, curve_bounds
from pyprobe.plots.number_text import number_text
from pyprobe.plots.plot_canvas import PlotCanvas
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.ticks import Ticks, value_ticks

_Y_PADDING = 0.06


class CurveCanvas(PlotCanvas):
    """Keeps the loaded curves and what became of them on the screen."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.curves: list[Curve] = []
        self.placed: list[PlacedCurve] = []

    def fit_y(self) -> None:
        """Fit the vertical range to the loaded curves, where the data decide."""
        bounds = curve_bounds(self.curves)
        if bounds is not None:
            self.y_range.fit(*bounds, padding=_Y_PADDING, calm=True)

    def y_ticks(self, most: int) -> Ticks:
        """Return round values, whole ones where the data are."""
        return value_ticks(self.y_range.low, self.y_range.high, most, whole=self.is_whole())

    def is_whole(self) -> bool:
        """Whether all values are whole numbers by their type."""
        return False

    def part_color(self, name: str) -> str:
        """Return the colour of a part of the trace: the imaginary part is drawn in grey."""
        return self.theme.muted if name == "im" else self.color

    def place(self, frame: PlotFrame) -> None:
        """Map the curves to pixels."""
        ratio = self.devicePixelRatioF()
        self.placed = [PlacedCurve(curve, frame, ratio) for curve in self.curves]

    def paint_data(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint the curves, the first one on top."""
        for placed in reversed(self.placed):
            placed.paint(painter)

    def legend(self) -> tuple[LegendEntry, ...]:
        """Return the curves' names where there is more than one."""
        if len(self.curves) < 2:
            return ()
        return tuple(LegendEntry(curve.name, curve.color) for curve in self.curves)

    def readout(self, x: float, y: float) -> str:
        """Return the values of all curves nearest to x."""
        parts = []
        for curve in self.curves:
            if not len(curve.x):
                continue
            nearest = nearest_x(curve, x)
            here = curve.y[np.flatnonzero(curve.x == nearest)]
            low, high = number_text(float(here[0])), number_text(float(here[-1]))
            value = low if low == high else f"{low} … {high}"
            name = f"{curve.name} " if len(self.curves) > 1 else ""
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
