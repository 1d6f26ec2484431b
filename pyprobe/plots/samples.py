"""Lenses for the array in a value with parts: as waveform over its own axis, spectrum, image."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.image import ImageLens
from pyprobe.plots.inner_history import InnerTraces, inner_of
from pyprobe.plots.number_text import number_text
from pyprobe.plots.power_density import PowerDensityLens
from pyprobe.plots.series_part import Part
from pyprobe.plots.spectrum import SpectrumLens
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.waveform import WaveformLens
from pyprobe.session.values import ArrayValue


class SamplesLens(WaveformLens):
    """Samples where they lie: ``start + i * step`` in seconds, or along an even index."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        self._inner = InnerTraces()
        super().__init__(theme, color)
        self.time_action.setChecked(True)

    def show_traces(self, traces: Sequence[DrawnTrace]) -> None:
        """Draw the arrays in the newest values."""
        super().show_traces(self._inner.of(traces))

    @property
    def _is_along_index(self) -> bool:
        inners = [inner_of(trace) for trace in self.shown_traces]
        return self.time_action.isChecked() and any(
            inner is not None and inner.unit == "index" for inner in inners
        )

    def transform(self, value: ArrayValue, trace: DrawnTrace) -> list[Part]:
        """Return the samples over their own axis."""
        parts, inner = super().transform(value, trace), inner_of(trace)
        if inner is None or not (self.in_seconds or self._is_along_index):
            return parts
        scale = 1.0 if self.in_seconds else inner.step
        return [
            replace(
                part,
                x0=inner.start + part.x0 * scale,
                dx=part.dx * scale,
                margin=part.margin * scale,
            )
            for part in parts
        ]

    def x_title(self) -> str:
        """Return the unit of the horizontal axis."""
        return "index" if self._is_along_index else super().x_title()

    def x_kind(self) -> str:
        """Return what the horizontal axis counts."""
        return "index" if self._is_along_index else super().x_kind()

    def x_text(self, x: float) -> str:
        """Return a horizontal position as the readout tells it."""
        return f"index {number_text(x)}" if self._is_along_index else super().x_text(x)

    def notes(self) -> tuple[str, ...]:
        """Say what was reduced; samples without a step are counted, which needs no note."""
        return tuple(note for note in super().notes() if note != "no sample rate")

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        super().restore({"seconds": True, **state})


class SamplesSpectrumLens(SpectrumLens):
    """The spectrum of samples, over the frequencies their step gives."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        self._inner = InnerTraces()
        super().__init__(theme, color)

    def show_traces(self, traces: Sequence[DrawnTrace]) -> None:
        """Draw the arrays in the newest values."""
        super().show_traces(self._inner.of(traces))


class SamplesDensityLens(PowerDensityLens):
    """The power density of samples, over the frequencies their step gives."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        self._inner = InnerTraces()
        super().__init__(theme, color)

    def show_traces(self, traces: Sequence[DrawnTrace]) -> None:
        """Draw the arrays in the newest values."""
        super().show_traces(self._inner.of(traces))


class InnerImageLens(ImageLens):
    """The image of a labelled array, or of a sparse matrix written out."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        self._inner = InnerTraces()
        super().__init__(theme, color)

    def show_traces(self, traces: Sequence[DrawnTrace]) -> None:
        """Draw the arrays in the newest values."""
        super().show_traces(self._inner.of(traces))
