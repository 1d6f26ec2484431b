"""Power density: how an array's power is spread over frequency, by Welch's method."""

from functools import partial

from pyprobe.plots.frequency_lens import FrequencyLens, Scale
from pyprobe.plots.series_part import Part
from pyprobe.plots.spectra import decibels, default_segment, power_density
from pyprobe.session.values import ArrayValue


class PowerDensityLens(FrequencyLens):
    """The unit is that of the samples squared per Hz (or per cycle a sample)."""

    def spectrum(self, value: ArrayValue, rate_hz: float) -> list[Part]:
        """Return the density."""
        found = power_density(value.array, rate_hz, self.window_menu.choice)
        is_decibel = self.scale_menu.choice is Scale.DECIBEL
        shown_as = partial(decibels, of_power=True) if is_decibel else None
        return [Part("", found.values, found.first_hz, found.step_hz, shown_as=shown_as)]

    def notes(self) -> tuple[str, ...]:
        """Say the unit and how many samples make one estimate."""
        unit = "dB / Hz" if self.scale_menu.choice is Scale.DECIBEL else "power / Hz"
        last = self.shown_traces[0].history.last if self.shown_traces else None
        length = default_segment(last.array.size) if isinstance(last, ArrayValue) else 0
        return (unit, f"segments of {length}", *super().notes())
