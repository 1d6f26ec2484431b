"""Readings: what a plot tells in numbers, as rows of a table. Pure."""

from dataclasses import dataclass
from math import isnan

from pyprobe.plots.measurements import Measurements
from pyprobe.plots.number_text import count_text, number_text

MEASURED = ("min", "max", "mean", "RMS", "p-p", "std", "freq", "rise")


@dataclass(frozen=True, slots=True)
class Reading:
    """One row: what it is of, that one's ``#rrggbb`` or ``""``, and pairs of a name and a text."""

    title: str
    color: str
    values: tuple[tuple[str, str], ...]

    def as_text(self) -> str:
        """Return the row as tab-separated values."""
        return "\t".join((self.title, *(f"{name}\t{text}" for name, text in self.values)))


def measured_values(found: Measurements) -> tuple[tuple[str, str], ...]:
    """Return measurements as they stand in a row; a dash where there is nothing to say."""
    numbers = (
        found.minimum,
        found.maximum,
        found.mean,
        found.rms,
        found.peak_to_peak,
        found.std,
        found.frequency,
        found.rise_time,
    )
    texts = (("n", count_text(found.count)),)
    return texts + tuple(
        (name, reading_text(number)) for name, number in zip(MEASURED, numbers, strict=True)
    )


def reading_text(number: float) -> str:
    """Return a number as it stands in a row."""
    return "–" if isnan(number) else number_text(float(f"{number:.5g}"))
