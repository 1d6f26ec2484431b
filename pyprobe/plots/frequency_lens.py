"""FrequencyLens: the base of lenses over frequency; knows the sample rate, window and scale."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from enum import Enum

from PyQt6.QtGui import QAction

from pyprobe.errors import LensError
from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.number_text import number_text
from pyprobe.plots.option_menu import OptionMenu
from pyprobe.plots.series_lens import SeriesLens
from pyprobe.plots.series_part import Part
from pyprobe.plots.spectra import Window
from pyprobe.plots.theme import PlotTheme
from pyprobe.session.values import ArrayValue


class Scale(Enum):
    """How magnitudes are drawn; the value is its name in menus and remembered layouts."""

    LINEAR = "linear"
    DECIBEL = "dB"


class FrequencyLens(SeriesLens):
    """Over Hz where the trace's sample rate is known, else over cycles per sample."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.window_menu = OptionMenu("Window", Window.HANN, self._option_changed, self)
        self.scale_menu = OptionMenu("Scale", Scale.DECIBEL, self._option_changed, self)

    def _option_changed(self, _option: object) -> None:
        self.guarded(self.transform_changed)

    def transform(self, value: ArrayValue, trace: DrawnTrace) -> list[Part]:
        """Return the spectrum of a whole array."""
        if value.reduced:
            raise LensError("this array was reduced at the source, so it has no true spectrum")
        if value.array.dtype.kind == "b":
            raise LensError("truth values have no spectrum")
        return self.spectrum(value, trace.sample_rate_hz or 1.0)

    @abstractmethod
    def spectrum(self, value: ArrayValue, rate_hz: float) -> list[Part]:
        """Return the parts of a whole 1-D array of numbers."""

    @property
    def has_rate(self) -> bool:
        """Whether every trace's sample rate is known."""
        return all(trace.sample_rate_hz for trace in self.shown_traces)

    def x_title(self) -> str:
        """Return the unit of the horizontal axis."""
        return "Hz" if self.has_rate else "cycles / sample"

    def x_text(self, x: float) -> str:
        """Return a frequency as the readout tells it."""
        return f"{number_text(x)} {self.x_title()}"

    def is_whole_x(self) -> bool:
        """Frequencies may be any number."""
        return False

    def notes(self) -> tuple[str, ...]:
        """Say what the spectrum depends on."""
        return (f"{self.window_menu.choice.value} window", *super().notes())

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        return (*super().view_actions(), self.scale_menu.action, self.window_menu.action)

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        chosen = {"window": self.window_menu.choice.value, "scale": self.scale_menu.choice.value}
        return {**super().state(), **chosen}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        self.window_menu.restore(state.get("window"))
        self.scale_menu.restore(state.get("scale"))
        super().restore(state)
        self.transform_changed()
