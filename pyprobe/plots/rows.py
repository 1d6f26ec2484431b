"""Rows as curves: each row of a 2-D array as a curve, evenly chosen where there are many."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QAction

from pyprobe.plots.axes_painter import LegendEntry
from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.color_map import LEVELS, color_table
from pyprobe.plots.curves import Curve
from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.image_plane import plane_of
from pyprobe.plots.measured_samples import MeasuredCurve, UniformSamples
from pyprobe.plots.number_text import count_text, number_text
from pyprobe.plots.option_menu import OptionMenu
from pyprobe.plots.persistence import Persistence, layers, persisted_count
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.trace_curves import TraceCurves
from pyprobe.plots.value_traits import NUMBER_KINDS
from pyprobe.session.values import ArrayValue

MOST_ROWS = 32
_IN_LEGEND = 6
_LIGHT_SHARE, _DARK_SHARE = (0.0, 0.85), (0.25, 1.0)  # of the colour map: seen on the ground


class RowsLens(TraceCurves):
    """The colour of a row tells its place, from dark to light."""

    overlays: ClassVar[bool] = False

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.drawn_rows: list[int] = []
        self._step = 1
        self._persisted = 1
        self.persistence_menu = OptionMenu("Persistence", Persistence.LAST, self._on_mode, self)

    def _on_mode(self, _mode: Persistence) -> None:
        self.guarded(self.rebuild)
        self.changed.emit()

    @property
    def _array(self) -> NDArray[Any] | None:
        """The newest 2-D array of numbers."""
        last = self.traces[0].history.last if self.traces else None
        if not isinstance(last, ArrayValue):
            return None
        is_plane = last.array.ndim == 2 and last.array.dtype.kind in NUMBER_KINDS
        return last.array if is_plane else None

    def empty_reason(self, trace: DrawnTrace) -> str:
        """Return why there is nothing to draw."""
        array = self._array
        if array is None:
            return "the newest value is no 2-D array of numbers"
        return "" if array.size else f"empty array, {array.shape[0]} × {array.shape[1]}"

    def fit_x(self) -> None:
        """Show all columns."""
        array = self._array
        last = 0 if array is None else array.shape[1] - 1
        self.fit_x_to(0.0, last, least=1.0) if last > 0 else self.fit_x_to(-1.0, 1.0)

    def curves_of(self, trace: DrawnTrace, columns: int) -> list[Curve]:
        """Return a curve for each row that is drawn."""
        array = self._array
        if array is None:
            return []
        self.drawn_rows = chosen_rows(len(array))
        planes = self._kept(trace, array)
        self._persisted = len(planes)
        curves = []
        for row, color in zip(self.drawn_rows, self._colors(len(self.drawn_rows)), strict=True):
            stack = [plane_of(plane[row]) for plane in planes]
            for depth, layer in enumerate(layers(stack, self.persistence_menu.choice)):
                x, y, self._step = self.reduced(layer.y, 0.0, 1.0, columns)
                floor = layer.floor
                if floor is not None:
                    floor = self.reduced(floor, 0.0, 1.0, columns)[1]
                name = f"row {row}" if not depth else ""
                opacity = layer.opacity
                curves.append(
                    Curve(name, color, x, y, style=trace.style, opacity=opacity, floor=floor)
                )
        return curves

    def _kept(self, trace: DrawnTrace, newest: NDArray[Any]) -> list[NDArray[Any]]:
        """Return the arrays that are drawn, oldest first: those as large as the newest."""
        arrays = trace.history.arrays()
        count = persisted_count(self.persistence_menu.choice, newest.size, len(arrays))
        older = (arrays[len(arrays) - count + place].value.array for place in range(count - 1))
        alike = (one for one in older if one.shape == newest.shape)
        return [*(one for one in alike if one.dtype.kind in NUMBER_KINDS), newest]

    def measured(self) -> list[MeasuredCurve]:
        """Return all samples of the rows that are drawn."""
        array = self._array
        if array is None or self.persistence_menu.choice is Persistence.MEAN:
            return self.measured_points(note="the means as drawn")
        curves = []
        for row, color in zip(self.drawn_rows, self._colors(len(self.drawn_rows)), strict=True):
            samples = UniformSamples(plane_of(array[row]), 0.0, 1.0, (id(array), row))
            curves.append(MeasuredCurve(f"row {row}", color, samples))
        return curves

    def _colors(self, count: int) -> list[str]:
        if count == 1:
            return [self.color]
        table = color_table(self.theme.missing)
        low, high = _DARK_SHARE if self.theme.dark else _LIGHT_SHARE
        places = np.linspace(low, high, count) * (LEVELS - 1)
        return [f"#{int(table[round(place)]) & 0xFFFFFF:06x}" for place in places]

    def data(self) -> dict[str, NDArray[Any]]:
        """Return all rows, with their own values."""
        array = self._array
        return {"rows": array} if array is not None and array.size else {}

    def legend(self) -> tuple[LegendEntry, ...]:
        """Return the names of the rows, or of some of them."""
        named = (curve for curve in self.curves if curve.name)
        entries = [LegendEntry(curve.name, curve.color) for curve in named]
        if len(entries) < 2:
            return ()
        return tuple(entries[place] for place in chosen_rows(len(entries), _IN_LEGEND))

    def readout(self, x: float, y: float) -> str:
        """Return the row whose curve is nearest to the mouse, with its value."""
        best: tuple[float, str] | None = None
        for curve in self.unscaled():
            if not len(curve.x) or not curve.name:
                continue
            place = int(np.argmin(np.abs(curve.x - x)))
            way = abs(float(curve.y[place]) - y)
            if np.isfinite(way) and (best is None or way < best[0]):
                text = f"[{curve.name[4:]}, {curve.x[place]:.0f}]: {number_text(curve.y[place])}"
                best = (way, text)
        return best[1] if best else ""

    def x_title(self) -> str:
        """Return the unit of the horizontal axis."""
        return "column"

    def notes(self) -> tuple[str, ...]:
        """Say which rows are drawn and what was reduced."""
        array, notes = self._array, []
        if array is None:
            return ()
        if array.dtype.kind == "c":
            notes.append("magnitude")
        if len(array) > len(self.drawn_rows):
            notes.append(f"{len(self.drawn_rows)} of {count_text(len(array))} rows")
        last = self.traces[0].history.last
        if isinstance(last, ArrayValue) and last.reduced:
            notes.append(f"reduced: {last.reduced}")
        mode = self.persistence_menu.choice
        if mode is not Persistence.LAST:
            notes.append(f"{mode.value} of {self._persisted}")
        if self._step > 1:
            most = "" if self.x_scale is AxisScale.LINEAR else "up to "
            notes.append(f"min/max of {most}{count_text(self._step)} each")
        return tuple(notes)

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        return (*super().view_actions(), self.persistence_menu.action)

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        return {**super().state(), "persistence": self.persistence_menu.choice.value}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        super().restore(state)
        self.persistence_menu.restore(state.get("persistence"))
        self.guarded(self.rebuild)


def chosen_rows(count: int, most: int = MOST_ROWS) -> list[int]:
    """Return the rows that are drawn: all, or evenly chosen with the first and the last."""
    if count <= most:
        return list(range(count))
    return [round(place) for place in np.linspace(0, count - 1, most).tolist()]
