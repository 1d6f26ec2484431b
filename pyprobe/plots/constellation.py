"""Constellation: complex samples as points in their plane, with the captures before fading."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QFontMetricsF

from pyprobe.plots.axes_painter import top_height
from pyprobe.plots.axis_end import Axis
from pyprobe.plots.axis_range import RangeMode
from pyprobe.plots.curves import Curve
from pyprobe.plots.drawn_trace import DrawnTrace, LineStyle
from pyprobe.plots.finite import finite_bounds
from pyprobe.plots.measured_samples import MeasuredCurve
from pyprobe.plots.number_text import count_text, number_text
from pyprobe.plots.persistence import Persistence, layers
from pyprobe.plots.reached_area import reached_area
from pyprobe.plots.series_lens import SeriesLens
from pyprobe.plots.series_part import Part
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.ticks import Ticks
from pyprobe.plots.trace_curves import area_curve
from pyprobe.session.values import ArrayValue

MOST_POINTS = 20_000  # of one capture; evenly chosen of more
_PADDING = 1.15
_FADE = 0.6  # from one capture to the one before it


class ConstellationLens(SeriesLens):
    """Both axes have one scale, so that circles are round."""

    log_axes: ClassVar[tuple[Axis, ...]] = ()

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self._bound = 1.0
        self.set_persistence(Persistence.FADING)

    def transform(self, value: ArrayValue, trace: DrawnTrace) -> list[Part]:
        """Return the samples as they are; ``curves_of`` makes points of them."""
        step = -(-len(value.array) // MOST_POINTS)
        return [Part("", np.ascontiguousarray(value.array[::step]))]

    def fit_x(self) -> None:
        """Make room for all that is drawn, the same around zero in each direction."""
        drawn = [part.y for trace in self.shown_traces for part in self._newest_parts(trace)]
        if self.persistence is Persistence.ENVELOPE:
            drawn += [one for trace in self.shown_traces for one in self._points(trace)]
        bounds = [pair for array in drawn for pair in _both_bounds(array)]
        bound = max((abs(end) for pair in bounds for end in pair), default=1.0) or 1.0
        # The bound follows growth at once and shrinks late, or the axes would tremble.
        if bound > self._bound or bound < self._bound / 2:
            self._bound = bound * _PADDING
        ratio = self._ratio()
        self.x_range.fit(-self._bound * max(ratio, 1.0), self._bound * max(ratio, 1.0))

    def fit_y(self) -> None:
        """Give the vertical axis the scale of the horizontal one."""
        if self.y_range.mode is RangeMode.AUTO:
            reach = self._bound * max(1.0 / self._ratio(), 1.0)
            self.y_range.fit(-reach, reach)

    def _ratio(self) -> float:
        """Width by height of the data area."""
        above = top_height(self.axes, QFontMetricsF(self.font()))
        height = max(self.height() - self.room_below() - self.below_data() - above, 8.0)
        return max(self.width() - self._gutter_px - self.right_margin(), 8.0) / height

    def curves_of(self, trace: DrawnTrace, columns: int) -> list[Curve]:
        """Return the points of each capture that is kept, the newest first."""
        captures = self._kept(trace)
        points = self._points(trace)
        name = self.part_name(trace, "")
        if self.persistence is Persistence.MEAN and points:
            return [Curve(name, trace.color, *mean_points(points), style=LineStyle.DOTS)]
        if self.persistence is Persistence.ENVELOPE and len(points) > 1:
            area = reached_area([_plane(one) for one in points], square=True)
            newest = Curve(name, trace.color, *_plane(points[-1]), style=LineStyle.DOTS)
            return [newest, area_curve(area, trace)]
        curves = []
        for age, capture in enumerate(reversed(captures)):
            for part in self._parts_of(trace, capture):
                real, imag = _plane(part.y)
                opacity = _FADE**age
                curves.append(
                    Curve(
                        name if not age else "",
                        trace.color,
                        real,
                        imag,
                        style=LineStyle.DOTS,
                        opacity=opacity,
                    )
                )
        for opacity, part in self.run_parts(trace):
            real, imag = _plane(part.y)
            style = LineStyle.DOTS
            curves.append(Curve("", trace.color, real, imag, style=style, opacity=opacity))
        return curves

    def _points(self, trace: DrawnTrace) -> list[NDArray[Any]]:
        """Return the points of the captures that are kept, oldest first."""
        return [part.y for one in self._kept(trace) for part in self._parts_of(trace, one)]

    def readout(self, x: float, y: float) -> str:
        """Return the place under the mouse as the complex number it is."""
        return f"{number_text(x)} {'-' if y < 0 else '+'} {number_text(abs(y))}j"

    def is_whole_x(self) -> bool:
        """Parts may be any number."""
        return False

    def x_title(self) -> str:
        """Return what stands on the horizontal axis."""
        return "re"

    def y_ticks(self, most: int) -> Ticks:
        """Return the ticks of the vertical axis, and what stands on it."""
        ticks = super().y_ticks(most)
        return replace(ticks, note=f"{ticks.note} im".strip()) if ticks.labels else ticks

    def measured(self) -> list[MeasuredCurve]:
        """Return the points that are drawn, which have no order along x."""
        return self.measured_points(has_edges=False)

    def notes(self) -> tuple[str, ...]:
        """Say how many points are drawn of more."""
        last = self.shown_traces[0].history.last if self.shown_traces else None
        if isinstance(last, ArrayValue) and len(last.array) > MOST_POINTS:
            drawn = len(last.array[:: -(-len(last.array) // MOST_POINTS)])
            notes = (f"{count_text(drawn)} of {count_text(len(last.array))} points",)
            return (*notes, *super().notes())
        return super().notes()


def mean_points(
    captures: Sequence[NDArray[Any]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mean place of each point over captures as long as the newest, the last one."""
    planes = [_plane(one) for one in captures if len(one) == len(captures[-1])]
    real, imag = (
        layers([plane[part] for plane in planes], Persistence.MEAN)[0].y for part in (0, 1)
    )
    return real, imag


def _plane(array: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return array.real.astype(np.float64), array.imag.astype(np.float64)


def _both_bounds(array: NDArray[Any]) -> list[tuple[float, float]]:
    return [pair for part in _plane(array) if (pair := finite_bounds(part)) is not None]
