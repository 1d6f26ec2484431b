"""Polar: magnitude and phase of complex arrays over their index, on twin axes."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtGui import QAction

from pyprobe.plots.drawn_trace import DrawnTrace, LineStyle, Side
from pyprobe.plots.option_menu import OptionMenu
from pyprobe.plots.series_lens import SeriesLens
from pyprobe.plots.series_part import Part
from pyprobe.plots.spectra import decibels
from pyprobe.plots.theme import PlotTheme
from pyprobe.session.values import ArrayValue


class Shown(Enum):
    """Which of both is drawn."""

    BOTH = "magnitude and phase"
    MAGNITUDE = "magnitude"
    PHASE = "phase"


class MagnitudeScale(Enum):
    """How magnitudes are drawn."""

    LINEAR = "linear"
    DECIBEL = "dB"


class PhaseScale(Enum):
    """How phases are drawn: within half a turn, or followed over any number of turns."""

    DEGREES = "degrees"
    RADIANS = "rad"
    UNWRAPPED_DEGREES = "unwrapped degrees"
    UNWRAPPED_RADIANS = "unwrapped rad"

    @property
    def is_unwrapped(self) -> bool:
        """Whether the phase is followed over turns."""
        return self in (PhaseScale.UNWRAPPED_DEGREES, PhaseScale.UNWRAPPED_RADIANS)

    @property
    def turn(self) -> float | None:
        """A whole turn, where the phase is within one."""
        if self.is_unwrapped:
            return None
        return 360.0 if self is PhaseScale.DEGREES else 2.0 * np.pi

    @property
    def unit(self) -> str:
        """The unit as it stands in notes."""
        return "rad" if self in (PhaseScale.RADIANS, PhaseScale.UNWRAPPED_RADIANS) else "°"


class PolarLens(SeriesLens):
    """Magnitude at the left, phase at the right."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__(theme, color)
        self.shown_menu = OptionMenu("Show", Shown.BOTH, self._option_changed, self)
        self.scale_menu = OptionMenu("Magnitude", MagnitudeScale.LINEAR, self._option_changed, self)
        self.phase_menu = OptionMenu("Phase", PhaseScale.DEGREES, self._option_changed, self)

    def _option_changed(self, _option: object) -> None:
        self.guarded(self.transform_changed)

    def transform(self, value: ArrayValue, trace: DrawnTrace) -> list[Part]:
        """Return what the user wants to see of an array."""
        dx = value.full_shape[0] / len(value.array)
        x0 = (dx - 1.0) / 2.0
        shown = self.shown_menu.choice
        both = shown is Shown.BOTH
        parts = []
        if shown is not Shown.PHASE:
            magnitude = np.abs(value.array).astype(np.float64)
            is_decibel = self.scale_menu.choice is MagnitudeScale.DECIBEL
            shown_as = decibels if is_decibel else None
            name = "magnitude" if both else ""
            parts.append(Part(name, magnitude, x0, dx, x0, shown_as=shown_as))
        if shown is not Shown.MAGNITUDE:
            phase = phase_of(value.array, self.phase_menu.choice)
            side = Side.RIGHT if both else Side.LEFT
            turn = self.phase_menu.choice.turn
            name = "phase" if both else ""
            parts.append(Part(name, phase, x0, dx, x0, side=side, turn=turn))
        return parts

    def part_look(self, trace: DrawnTrace, part: str) -> tuple[str, LineStyle]:
        """Return the phase in a look that steps back."""
        if part != "phase":
            return trace.color, trace.style
        if len(self.traces) < 2:
            return self.theme.muted, trace.style
        return trace.color, LineStyle.DASHED

    def x_title(self) -> str:
        """Return the unit of the horizontal axis."""
        return "sample"

    def x_text(self, x: float) -> str:
        """Return a horizontal position as the readout tells it."""
        return f"sample {x:,.0f}"

    def notes(self) -> tuple[str, ...]:
        """Say the units."""
        shown, notes = self.shown_menu.choice, []
        if shown is not Shown.PHASE and self.scale_menu.choice is MagnitudeScale.DECIBEL:
            notes.append("magnitude in dB")
        if shown is not Shown.MAGNITUDE:
            notes.append(f"phase in {self.phase_menu.choice.unit}")
        return (*notes, *super().notes())

    def view_actions(self) -> Sequence[QAction]:
        """Return the actions for the panel's menu."""
        menus = (self.shown_menu.action, self.scale_menu.action, self.phase_menu.action)
        return (*super().view_actions(), *menus)

    def state(self) -> dict[str, object]:
        """Return what the user chose."""
        return {
            **super().state(),
            "shown": self.shown_menu.choice.value,
            "magnitude": self.scale_menu.choice.value,
            "phase": self.phase_menu.choice.value,
        }

    def restore(self, state: Mapping[str, object]) -> None:
        """Take over what the user chose once."""
        self.shown_menu.restore(state.get("shown"))
        self.scale_menu.restore(state.get("magnitude"))
        self.phase_menu.restore(state.get("phase"))
        super().restore(state)
        self.transform_changed()


def phase_of(array: NDArray[Any], scale: PhaseScale) -> NDArray[np.float64]:
    """Return the phases; NaN where the number is not finite. Unwrapping passes over those."""
    phase: NDArray[np.float64] = np.angle(array).astype(np.float64)
    phase[~np.isfinite(array)] = np.nan
    if scale.is_unwrapped:
        there = np.isfinite(phase)
        phase[there] = np.unwrap(phase[there])
    if scale.unit != "rad":
        phase *= 180.0 / np.pi
    return phase
