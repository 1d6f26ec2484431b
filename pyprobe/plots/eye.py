"""Eye diagram: an array cut into pieces of two symbols, which lie over each other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QWidget, QWidgetAction

from pyprobe.errors import LensError
from pyprobe.plots.axis_end import Axis
from pyprobe.plots.curves import Curve
from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.finite import column_extremes, finite_or_nan
from pyprobe.plots.measured_samples import MeasuredCurve
from pyprobe.plots.number_text import count_text, number_text
from pyprobe.plots.persistence import BAND_OPACITY
from pyprobe.plots.series_lens import SeriesLens
from pyprobe.plots.series_part import Part
from pyprobe.plots.theme import PlotTheme
from pyprobe.session.values import ArrayValue

Floats = NDArray[np.float64]

MOST_PIECES = 400
_MOST_OLDER_PIECES = 60  # of each capture that fades
DEFAULT_SYMBOL_SAMPLES = 8
_LONGEST_SYMBOL = 4096
_SYMBOLS = 2
_OPACITY = 0.35


class EyeLens(SeriesLens):
    """Real arrays, or real and imaginary parts; ``symbol_samples`` is set by hand."""

    log_axes: ClassVar[tuple[Axis, ...]] = (Axis.Y,)

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.symbol_samples = DEFAULT_SYMBOL_SAMPLES
        self.samples_box = QSpinBox()
        self.samples_box.setRange(2, _LONGEST_SYMBOL)
        self.samples_box.setValue(self.symbol_samples)
        self.samples_box.setAccessibleName("Samples per symbol")
        self.samples_box.valueChanged.connect(
            lambda count: self.guarded(lambda: self.set_symbol_samples(count))
        )
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(24, 2, 8, 2)
        layout.addWidget(QLabel("Samples per symbol"))
        layout.addWidget(self.samples_box)
        self._samples_action = QWidgetAction(self)
        self._samples_action.setText("Samples per symbol")
        self._samples_action.setDefaultWidget(row)

    def set_symbol_samples(self, count: int) -> None:
        """Take the length of a symbol, from 2 to 4,096 samples."""
        if count != self.symbol_samples:
            self.symbol_samples = count
            self.samples_box.setValue(count)
            self.transform_changed()

    def transform(self, value: ArrayValue, trace: DrawnTrace) -> list[Part]:
        """Return the parts whose pieces are drawn."""
        if value.reduced:
            raise LensError("this array was reduced at the source, so its samples are not there")
        if len(value.array) <= self.symbol_samples:
            raise LensError(
                f"the array is not longer than a symbol of {self.symbol_samples} samples"
            )
        if value.array.dtype.kind == "c":
            return [Part("re", value.array.real), Part("im", value.array.imag)]
        return [Part("", value.array)]

    def fit_x(self) -> None:
        """Show two symbols."""
        self.x_range.fit(0.0, float(_SYMBOLS))

    def curves_of(self, trace: DrawnTrace, columns: int) -> list[Curve]:
        """Return each part's pieces as one line with gaps."""
        curves = []
        for stack in self.stacks(trace):
            color, style = self.part_look(trace, stack.newest.name)
            name = self.part_name(trace, stack.newest.name)
            curve = Curve(name, color, np.empty(0), np.empty(0), style=style, side=trace.side)
            for depth, (_part, layer) in enumerate(stack.layers):
                if layer.floor is not None:
                    band = eye_band((layer.floor, layer.y), self.symbol_samples)
                    x, top, bottom = band
                    opacity = BAND_OPACITY
                else:
                    most = MOST_PIECES if not depth else _MOST_OLDER_PIECES
                    x, top = eye_line(layer.y, self.symbol_samples, most)
                    bottom, opacity = None, _OPACITY * layer.opacity
                curves.append(
                    replace(
                        curve,
                        name=name if not depth else "",
                        x=x,
                        y=top,
                        floor=bottom,
                        opacity=opacity,
                    )
                )
        for opacity, part in self.run_parts(trace):
            color, style = self.part_look(trace, part.name)
            x, y = eye_line(part.y, self.symbol_samples, _MOST_OLDER_PIECES)
            curves.append(
                Curve("", color, x, y, style=style, side=trace.side, opacity=_OPACITY * opacity)
            )
        return curves

    def measured(self) -> list[MeasuredCurve]:
        """Return the points that are drawn, which lie over each other."""
        return self.measured_points(has_edges=False)

    def readout(self, x: float, y: float) -> str:
        """Return the place under the mouse; no single curve is nearest."""
        return f"{x:.2f} symbols: {number_text(y)}"

    def is_whole_x(self) -> bool:
        """Places within a symbol are fractions."""
        return False

    def x_title(self) -> str:
        """Return the unit of the horizontal axis."""
        return "symbols"

    def notes(self) -> tuple[str, ...]:
        """Say how the pieces were cut and how many are drawn."""
        notes = [f"{self.symbol_samples} samples a symbol"]
        last = self.shown_traces[0].history.last if self.shown_traces else None
        if isinstance(last, ArrayValue):
            pieces = len(last.array) // self.symbol_samples - 1
            if pieces > MOST_PIECES:
                notes.append(f"last {MOST_PIECES} of {count_text(pieces)} pieces")
        return (*notes, *super().notes())

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        return (*super().view_actions(), self._samples_action)

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        return {**super().state(), "symbol_samples": self.symbol_samples}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        super().restore(state)
        count = state.get("symbol_samples")
        if isinstance(count, int) and 2 <= count <= _LONGEST_SYMBOL:
            self.set_symbol_samples(count)


def eye_line(
    samples: NDArray[Any], symbol_samples: int, most: int = MOST_PIECES
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return x in symbols (0 to 2) and y of the last pieces, with NaN between them.

    A piece begins with every symbol and has both its ends, as the one after it begins there.
    """
    y = _pieces(samples, symbol_samples, most)
    x = np.broadcast_to(np.arange(y.shape[1]) / symbol_samples, y.shape)
    gap = np.full((len(y), 1), np.nan)
    return np.hstack((x, gap)).ravel(), np.hstack((y, gap)).ravel()


def eye_band(
    bounds: tuple[NDArray[Any], NDArray[Any]], symbol_samples: int
) -> tuple[Floats, Floats, Floats]:
    """Return x in symbols, and the greatest and the least value any piece has there.

    ``bounds`` are the least and the greatest value of each sample over captures.
    """
    low, high = (_pieces(one, symbol_samples, None) for one in bounds)
    x = np.arange(low.shape[1]) / symbol_samples
    least, greatest = column_extremes(low, high)
    return x, greatest, least


def _pieces(samples: NDArray[Any], symbol_samples: int, most: int | None) -> Floats:
    """Return the last pieces, a row each; NaN where the last one goes on beyond the samples."""
    length = _SYMBOLS * symbol_samples + 1
    count = max((len(samples) - 1) // symbol_samples - 1, 1)
    first = 0 if most is None else max(count - most, 0)
    starts = np.arange(first, count) * symbol_samples
    places = starts[:, None] + np.arange(length)
    inside = places < len(samples)
    return np.where(inside, finite_or_nan(samples)[np.minimum(places, len(samples) - 1)], np.nan)
