"""ProfileStrip: the curve of a line profile below its image."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import pyqtSignal

from pyprobe.plots.curve_canvas import CurveCanvas
from pyprobe.plots.curves import Curve
from pyprobe.plots.number_text import number_text
from pyprobe.plots.option_menu import OptionMenu
from pyprobe.plots.persistence import Persistence, layers
from pyprobe.plots.theme import PlotTheme

_CHANNELS = (("red", "#e0483e"), ("green", "#2f9e44"), ("blue", "#4a78e0"), ("opacity", "#8a8f98"))


class ProfileStrip(CurveCanvas):
    """Shows what ``set_profile`` gave it last; ``values`` is n × channels.

    ``persistence_menu`` chooses what is seen of the captures before; ``asked`` is sent where more
    of them are wanted.
    """

    asked = pyqtSignal()

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.values: NDArray[Any] = np.empty((0, 1))
        self._older: Sequence[NDArray[Any]] = ()
        self._dx = 1.0
        self._unit = ""
        self._sentence = ""
        self.persistence_menu = OptionMenu(
            "Persistence of the profile", Persistence.LAST, lambda _mode: self.asked.emit(), self
        )
        self.setAccessibleName("Line profile")

    def set_profile(
        self,
        values: NDArray[Any],
        dx: float,
        unit: str,
        sentence: str = "",
        *,
        older: Sequence[NDArray[Any]] = (),
    ) -> None:
        """Draw values (n, or n × channels) at ``i * dx``, or a sentence.

        ``older`` are those of the captures before, oldest first; others than as many are left out.
        """
        self.values = _by_channel(values)
        by_channel = map(_by_channel, older)
        self._older = [one for one in by_channel if one.shape == self.values.shape]
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
        for channel, (name, color) in enumerate(self._looks()):
            series = [one[:, channel] for one in (*self._older, self.values)]
            for depth, layer in enumerate(layers(series, self.persistence_menu.choice)):
                x, y, _step = self.reduced(layer.y, 0.0, self._dx, columns)
                floor = layer.floor
                if floor is not None:
                    floor = self.reduced(floor, 0.0, self._dx, columns)[1]
                shown_name, opacity = name if not depth else "", layer.opacity
                self.curves.append(
                    Curve(shown_name, color, x, y, True, opacity=opacity, floor=floor)
                )
        if not self._sentence and not any(np.isfinite(curve.y).any() for curve in self.curves):
            self.empty_sentence = "no numbers along this line"
        self.fit_y()

    def notes(self) -> tuple[str, ...]:
        """Say of how many captures the profile is."""
        mode = self.persistence_menu.choice
        if mode is Persistence.LAST or self._sentence:
            return ()
        return (f"profile: {mode.value} of {len(self._older) + 1}",)

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


def _by_channel(values: NDArray[Any]) -> NDArray[Any]:
    return values if values.ndim == 2 else values[:, np.newaxis]
