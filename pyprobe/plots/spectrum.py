"""Spectrum: the magnitude of each frequency of an array, and its phase at the right."""

from collections.abc import Mapping, Sequence

import numpy as np
from PyQt6.QtGui import QAction

from pyprobe.plots.drawn_trace import Side
from pyprobe.plots.frequency_lens import FrequencyLens, Scale
from pyprobe.plots.series_part import Part
from pyprobe.plots.spectra import amplitude_spectrum, decibels, phase_spectrum
from pyprobe.plots.theme import PlotTheme
from pyprobe.session.values import ArrayValue


class SpectrumLens(FrequencyLens):
    """A sine of amplitude A has a peak of A, whatever the window."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.phase_action = QAction("Phase in degrees", self)
        self.phase_action.setCheckable(True)
        self.phase_action.triggered.connect(lambda _on: self._option_changed(None))

    def spectrum(self, value: ArrayValue, rate_hz: float) -> list[Part]:
        """Return the magnitude, and the phase where it is wanted."""
        window = self.window_menu.choice
        amplitude = amplitude_spectrum(value.array, rate_hz, window)
        shown_as = decibels if self.scale_menu.choice is Scale.DECIBEL else None
        name = "magnitude" if self.phase_action.isChecked() else ""
        first_hz, step_hz = amplitude.first_hz, amplitude.step_hz
        parts = [Part(name, amplitude.values, first_hz, step_hz, shown_as=shown_as)]
        if self.phase_action.isChecked():
            phase = np.degrees(phase_spectrum(value.array, rate_hz, window).values)
            parts.append(Part("phase", phase, first_hz, step_hz, side=Side.RIGHT, turn=360.0))
        return parts

    def notes(self) -> tuple[str, ...]:
        """Say the unit of the magnitude."""
        is_decibel = self.scale_menu.choice is Scale.DECIBEL
        return ("dB of amplitude" if is_decibel else "amplitude", *super().notes())

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        return (*super().view_actions(), self.phase_action)

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        return {**super().state(), "phase": self.phase_action.isChecked()}

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        self.phase_action.setChecked(state.get("phase") is True)
        super().restore(state)
