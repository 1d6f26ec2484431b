"""ProfileStrip: the curve of a line profile below its image."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.plots.curve_canvas import CurveCanvas
from pyprobe.plots.curves import Curve
from pyprobe.plots.number_text import number_text
from pyprobe.plots.theme import PlotTheme

_CHANNELS = (("red", "#e0483e"), ("green", "#2f9e44"), ("blue", "#4a78e0"), ("opacity", "#8a8f98"))


class ProfileStrip(CurveCanvas):
    """Shows what ``set_profile`` gave it last; ``values`` is n × channels."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.values: NDArray[Any] = np.empty((0, 1))
        self._dx = 1.0
        self._unit = ""
        self._sentence = ""
        self.setAccessibleName("Line profile")

    def set_profile(self, values: NDArray[Any], dx: float, unit: str, sentence: str = "") -> None:
        """Draw values (n, or n × channels) at ``i * dx``, or a sentence."""
        self.values = values if values.ndim == 2 else values[:, np.newaxis]
        self._dx, self._unit, self._sentence = dx, unit, sentence
        if self.isVisible():
            self.rebuild()

    def fit_x(self) -> None:
        """Show the whole line."""
        last = (len(self.values) - 1) * self._dx
        self.fit_x_to(0.0, last, least=self._dx) if last > 0 else self.fit_x_to(-1.0, 1.0)

    def load(self, columns: int) -> None:
        """Reduce the values to what the pixels show."""
        self.curves = []
        self.empty_sentence = self._sentence
        for (name, color), values in zip(self._looks(), self.values.T, strict=True):
            x, y, _step = self.reduced(values, 0.0, self._dx, columns)
            self.curves.append(Curve(name, color, x, y, staircase=True))
        if not self._sentence and not any(np.isfinite(curve.y).any() for curve in self.curves):
            self.empty_sentence = "no numbers along this line"
        self.fit_y()

    def _looks(self) -> Sequence[tuple[str, str]]:
        count = self.values.shape[1]
        return (("", self.color),) if count == 1 else _CHANNELS[:count]

    def is_whole(self) -> bool:
        """Whether all values are whole numbers by their type."""
        return self.values.dtype.kind in "biu"

    def is_whole_x(self) -> bool:
        """Pixels along a row or a column are counted."""
        return self._dx == 1.0

    def x_title(self) -> str:
        """Return what stands on the horizontal axis."""
        return self._unit

    def x_text(self, x: float) -> str:
        """Return a place on the line as the readout tells it."""
        return f"{self._unit} {number_text(x)}"
