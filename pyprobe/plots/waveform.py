"""Waveform: the newest 1-D array over its index; complex ones as real and imaginary part."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.plots.curve_canvas import CurveCanvas
from pyprobe.plots.curves import Curve
from pyprobe.plots.decimate import min_max
from pyprobe.plots.number_text import count_text
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.ticks import NO_TICKS, Ticks
from pyprobe.session.history import History
from pyprobe.session.values import ArrayValue


class WaveformLens(CurveCanvas):
    """One array as a curve; of long ones the minimum and maximum of each pixel column."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self._value: ArrayValue | None = None
        self._step = 1

    def show_history(self, history: History) -> None:
        """Draw the newest value, which is a 1-D array of numbers."""
        last = history.last
        if isinstance(last, ArrayValue):
            self._value = last
            self.rebuild()

    @property
    def _scale(self) -> float:
        """Samples of the program's array for each one that was sent."""
        if self._value is None or not len(self._value.array):
            return 1.0
        return self._value.full_shape[0] / len(self._value.array)

    def fit_x(self) -> None:
        """Show the whole array."""
        if self._value is not None:
            count = self._value.full_shape[0]
            self.x_range.fit(0.0, float(count - 1)) if count > 1 else self.x_range.fit(-1.0, 1.0)

    def load(self, columns: int) -> None:
        """Reduce what is in view to the columns."""
        self.curves = []
        self.empty_sentence = ""
        if self._value is None:
            return
        array = self._value.array
        if not array.size:
            self.empty_sentence = f"empty array, {self._value.dtype}"
            return
        for name, part in _parts(array):
            x, y, self._step = min_max(
                part, self.x_range.low / self._scale, self.x_range.high / self._scale, columns
            )
            if self._scale != 1.0:
                x = (x + 0.5) * self._scale - 0.5
            self.curves.append(Curve(name, self.part_color(name), x, y, array.dtype.kind == "b"))
        if not any(bool(np.isfinite(curve.y).any()) for curve in self.curves):
            seen = any(len(curve.y) for curve in self.curves)
            self.empty_sentence = "only NaN and infinities here" if seen else ""
        self.fit_y()

    def is_whole(self) -> bool:
        """Whether the array holds bools or ints."""
        return self._value is not None and self._value.array.dtype.kind in "biu"

    def x_ticks(self, most: int) -> Ticks:
        """Return whole samples; none for an array without any."""
        is_empty = self._value is None or not self._value.array.size
        return NO_TICKS if is_empty else super().x_ticks(most)

    def x_title(self) -> str:
        """Return the unit of the horizontal axis."""
        return "sample"

    def x_text(self, x: float) -> str:
        """Return a horizontal position as the readout tells it."""
        return f"sample {x:,.0f}"

    def notes(self) -> tuple[str, ...]:
        """Say what was reduced at the source and what is reduced here."""
        notes = []
        if self._value is not None and self._value.reduced:
            notes.append(f"reduced: {self._value.reduced}")
        if self._step > 1:
            notes.append(f"min/max of {count_text(self._step)} each")
        return tuple(notes)


def _parts(array: NDArray[Any]) -> list[tuple[str, NDArray[Any]]]:
    if array.dtype.kind == "c":
        return [("re", array.real), ("im", array.imag)]
    return [("", array)]
