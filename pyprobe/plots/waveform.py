"""Waveform: the newest 1-D array over its index; complex ones as real and imaginary part."""

from collections.abc import Mapping, Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction

from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.number_text import number_text
from pyprobe.plots.series_lens import SeriesLens
from pyprobe.plots.series_part import Part
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.ticks import Ticks, time_ticks
from pyprobe.session.values import ArrayValue


class WaveformLens(SeriesLens):
    """One array as a curve; of long ones the minimum and maximum of each pixel column."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.time_action = QAction("Time axis", self)
        self.time_action.setCheckable(True)
        self.time_action.setShortcut("T")
        self.time_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.time_action.triggered.connect(lambda _on: self.guarded(self._change_axis))
        self.addAction(self.time_action)

    def _change_axis(self) -> None:
        self.x_range.set_auto()
        self.transform_changed()

    @property
    def in_seconds(self) -> bool:
        """Whether the axis shows seconds: it is wanted, and all sample rates are known."""
        rates = [trace.sample_rate_hz for trace in self.shown_traces]
        return self.time_action.isChecked() and bool(rates) and all(rates)

    def transform(self, value: ArrayValue, trace: DrawnTrace) -> list[Part]:
        """Return the array itself; one that was reduced at the source over its full length."""
        array = value.array
        dx = value.full_shape[0] / len(array)
        x0 = (dx - 1.0) / 2.0  # each sample that was sent stands for ``dx`` of the program's
        if self.in_seconds and trace.sample_rate_hz:
            x0, dx = x0 / trace.sample_rate_hz, dx / trace.sample_rate_hz
        if array.dtype.kind == "c":
            return [Part("re", array.real, x0, dx, x0), Part("im", array.imag, x0, dx, x0)]
        return [Part("", array, x0, dx, x0, staircase=array.dtype.kind == "b")]

    def is_whole(self) -> bool:
        """Whether the arrays hold bools or ints."""
        return self._dtype_kinds() <= set("biu")

    def _dtype_kinds(self) -> set[str]:
        values = [trace.history.last for trace in self.shown_traces]
        return {value.array.dtype.kind for value in values if isinstance(value, ArrayValue)}

    def linear_x_ticks(self, most: int) -> Ticks:
        """Return samples, or seconds in a short unit."""
        if self.in_seconds:
            return time_ticks(self.x_range.low, self.x_range.high, most)
        return super().linear_x_ticks(most)

    def x_kind(self) -> str:
        """Return what the horizontal axis counts."""
        return "s" if self.in_seconds else "sample"

    def x_title(self) -> str:
        """Return the unit of the horizontal axis."""
        if self.in_seconds:
            return "" if self.x_scale is AxisScale.LINEAR else "s"  # the ticks' note says it
        return "sample"

    def x_text(self, x: float) -> str:
        """Return a horizontal position as the readout tells it."""
        return f"{number_text(x)} s" if self.in_seconds else f"sample {x:,.0f}"

    def notes(self) -> tuple[str, ...]:
        """Say why there are no seconds where they are wanted."""
        missing = self.time_action.isChecked() and not self.in_seconds
        return (*super().notes(), *(("no sample rate",) if missing else ()))

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        return (*super().view_actions(), self.time_action)

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        return {**super().state(), "seconds": self.time_action.isChecked()}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        self.time_action.setChecked(state.get("seconds") is True)
        super().restore(state)
