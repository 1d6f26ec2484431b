"""Waterfall: one row of colours for each capture of a 1-D array, the newest at the top."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QAction

from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.image_canvas import ImageCanvas
from pyprobe.plots.number_text import count_text, number_text
from pyprobe.plots.option_menu import OptionMenu
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.ticks import Ticks
from pyprobe.plots.waterfall_rows import RowMaker, RowOf, is_series
from pyprobe.session.values import ArrayValue

_MOST_SAMPLES = 1 << 24  # of long arrays fewer captures are shown, so that a first drawing is short


class RowCount(Enum):
    """How many captures are shown; the value is its name in menus."""

    FEW = "64 captures"
    SOME = "256 captures"
    MANY = "1024 captures"

    @property
    def count(self) -> int:
        """The number itself."""
        return int(self.value.split()[0])


class WaterfallLens(ImageCanvas):
    """Of the values, or of their spectra in dB over Hz or cycles per sample."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.of_menu = OptionMenu("Rows of", RowOf.VALUES, self._on_option, self)
        self.count_menu = OptionMenu("Rows", RowCount.SOME, self._on_option, self)
        self._made: dict[tuple[object, ...], NDArray[np.float32]] = {}
        self._maker = RowMaker(RowOf.VALUES, 0, 1.0)
        self._trace: DrawnTrace | None = None
        self._sentence = ""

    def show_traces(self, traces: Sequence[DrawnTrace]) -> None:
        """Draw the arrays that are kept, as many as are wanted."""
        self._trace = traces[0]
        self._take()
        self.rebuild()

    def _take(self) -> None:
        """Make the rows that are new and forget those that are shown no more."""
        trace = self._trace
        if trace is None:
            return
        arrays = trace.history.arrays()
        last = trace.history.last
        self._sentence = ""
        if not isinstance(last, ArrayValue) or not is_series(last):
            self._sentence = "the newest value is no 1-D array of numbers"
        elif not last.array.size:
            self._sentence = f"empty array, {last.dtype}"
        else:
            rate_hz = trace.sample_rate_hz or 1.0
            is_complex = last.array.dtype.kind == "c"
            self._maker = RowMaker(self.of_menu.choice, last.array.size, rate_hz, is_complex)
            self._sentence = self._maker.problem(last)
        if self._sentence or not isinstance(last, ArrayValue):
            self._made = {}
            self.set_image(np.empty((0, 0)))
            return
        most = max(_MOST_SAMPLES // last.array.size, 8)
        count = min(self.count_menu.choice.count, most, len(arrays))
        kept: dict[tuple[object, ...], NDArray[np.float32]] = {}
        for number in range(len(arrays) - 1, len(arrays) - count - 1, -1):
            # Reading an array may mean reading a file: not for a row that is there already.
            key = (trace.history.epoch_ns, trace.history.dropped_arrays + number, self._maker)
            row = self._made.get(key)
            kept[key] = self._maker.row(arrays[number].value) if row is None else row
        self._made = kept
        self.x0, self.dx = self._maker.x0, self._maker.dx
        self.set_image(np.stack(list(kept.values())))

    def _on_option(self, _option: object) -> None:
        self.guarded(self._option_changed)

    def _option_changed(self) -> None:
        self._take()
        self.rebuild()
        self.changed.emit()

    def empty_reason(self) -> str:
        """Return why there is no row."""
        return self._sentence

    # Axes and what is told.

    @property
    def _is_of_spectra(self) -> bool:
        return self.of_menu.choice is RowOf.SPECTRA

    def is_whole_x(self) -> bool:
        """Samples are counted, frequencies may be any number."""
        return not self._is_of_spectra

    def x_title(self) -> str:
        """Return the unit of the horizontal axis."""
        if not self._is_of_spectra:
            return "sample"
        has_rate = self._trace is not None and self._trace.sample_rate_hz
        return "Hz" if has_rate else "cycles / sample"

    def y_ticks(self, most: int) -> Ticks:
        """Return how many captures ago a row was taken."""
        ticks = super().y_ticks(most)
        return Ticks(ticks.positions, ticks.labels, "captures ago")

    def readout(self, x: float, y: float) -> str:
        """Return the capture, the place along it and the value under the mouse."""
        pixel = self.pixel_at(x, y)
        if pixel is None:
            return ""
        place = number_text(float(f"{self.x0 + pixel[1] * self.dx:.6g}"))
        unit = " dB" if self._is_of_spectra else ""
        value = number_text(float(self.image[pixel]))
        return f"{pixel[0]} ago, {self.x_title()} {place}: {value}{unit}"

    def notes(self) -> tuple[str, ...]:
        """Say what rows are of and what was left out."""
        notes = []
        if self._is_of_spectra:
            notes.append("dB of amplitude, Hann window")
        elif self._trace is not None and self._maker.step > 1:
            notes.append(f"mean of {count_text(self._maker.step)} each")
        last = self._trace.history.last if self._trace is not None else None
        if isinstance(last, ArrayValue):
            if last.array.dtype.kind == "c" and not self._is_of_spectra:
                notes.append("magnitude")
            if last.reduced:
                notes.append(f"reduced: {last.reduced}")
            if self.rows and self._trace is not None and self.rows < self._trace.history.count:
                notes.append(f"newest {count_text(self.rows)}")
        return (*notes, *super().notes())

    def data(self) -> dict[str, NDArray[Any]]:
        """Return the rows, the newest first, and where their columns lie."""
        if not self.image.size:
            return {}
        return {"x": self.x0 + np.arange(self.columns) * self.dx, "rows": self.image}

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        return (*super().view_actions(), self.of_menu.action, self.count_menu.action)

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        chosen = {"of": self.of_menu.choice.value, "rows": self.count_menu.choice.value}
        return {**super().state(), **chosen}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        super().restore(state)
        self.of_menu.restore(state.get("of"))
        self.count_menu.restore(state.get("rows"))
        self.guarded(self._restored)

    def _restored(self) -> None:
        self._take()
        self.rebuild()
