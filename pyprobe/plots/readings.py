"""Readings: what a plot tells in numbers, as rows of a table. Pure."""

from dataclasses import dataclass
from math import isinf, isnan

from pyprobe.plots.measurements import Measured
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


PENDING = "…"


def measured_values(measured: Measured, note: str = "") -> tuple[tuple[str, str], ...]:
    """Return measurements as they stand in a row; a dash where there is nothing to say.

    What is still being found is dots; ``note`` says what was left out.
    """
    found = measured.found
    if found is None:
        return tuple((name, PENDING) for name in ("n", *MEASURED))
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
    texts = [count_text(found.count), *map(reading_text, numbers)]
    if measured.is_pending:
        texts[-2:] = [PENDING, PENDING]
    rows = list(zip(("n", *MEASURED), texts, strict=True))
    if found.edges_left_out:
        rows.append(("rise of", f"all but {count_text(found.edges_left_out)} edges"))
    return (*rows, ("of", note)) if note else tuple(rows)


def reading_text(number: float) -> str:
    """Return a number as it stands in a row; what is beyond the largest float is called so."""
    if isnan(number):
        return "–"
    if isinf(number):
        return ">1.7977e+308" if number > 0 else "<-1.7977e+308"
    short = f"{number:.5g}"
    return short if isinf(float(short)) else number_text(float(short))
