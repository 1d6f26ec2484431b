"""Rows of a waterfall: 1-D arrays as short rows of their values or spectra. Pure."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.plots.image_plane import plane_of
from pyprobe.plots.spectra import Window, amplitude_spectrum, decibels
from pyprobe.plots.value_traits import NUMBER_KINDS
from pyprobe.session.values import ArrayValue

MOST_COLUMNS = 2048


class RowOf(Enum):
    """What a row shows of an array; the value is its name in menus."""

    VALUES = "values"
    SPECTRA = "spectra"


def is_series(value: ArrayValue) -> bool:
    """Whether an array is 1-D and of numbers."""
    return value.array.ndim == 1 and value.array.dtype.kind in NUMBER_KINDS


@dataclass(frozen=True, slots=True)
class RowMaker:
    """Makes rows that fit that of the newest array, which has ``count`` samples.

    Arrays of another length are cut, or end in NaN; their spectra keep their place in frequency.
    """

    of: RowOf
    count: int
    rate_hz: float
    is_complex: bool = False

    @property
    def bins(self) -> int:
        """How many numbers there are before any are put together."""
        whole = self.of is RowOf.VALUES or self.is_complex
        return self.count if whole else self.count // 2 + 1

    @property
    def step(self) -> int:
        """How many of them become one column."""
        return max(-(-self.bins // MOST_COLUMNS), 1)

    @property
    def columns(self) -> int:
        """The length of a row."""
        return -(-self.bins // self.step)

    @property
    def dx(self) -> float:
        """The way from one column to the next, in samples or in Hz."""
        if self.of is RowOf.VALUES:
            return float(self.step)
        return self.step * self.rate_hz / max(self.count, 1)

    @property
    def x0(self) -> float:
        """Where the middle of the first column lies."""
        if self.of is RowOf.VALUES:
            return (self.step - 1) / 2
        first = -(self.count // 2) if self.is_complex else 0
        return (first + (self.step - 1) / 2) * self.rate_hz / max(self.count, 1)

    def problem(self, newest: ArrayValue) -> str:
        """Return the sentence for arrays that have no such row."""
        if self.of is RowOf.VALUES:
            return ""
        if newest.reduced:
            return "this array was reduced at the source, so it has no true spectrum"
        return "truth values have no spectrum" if newest.array.dtype.kind == "b" else ""

    def row(self, value: ArrayValue) -> NDArray[np.float32]:
        """Return the row of an array; all NaN for what is no series."""
        if not is_series(value) or not value.array.size or self.problem(value):
            return np.full(self.columns, np.nan, np.float32)
        with np.errstate(all="ignore"):
            if self.of is RowOf.VALUES:
                return self._columns(plane_of(value.array[: self.count]), np.nanmean)
            return self._columns(self._spectrum(value.array), np.nanmax)

    def _spectrum(self, samples: NDArray[Any]) -> NDArray[np.float64]:
        if np.iscomplexobj(samples) != self.is_complex:
            samples = samples.astype(np.complex128) if self.is_complex else np.abs(samples)
        found = amplitude_spectrum(samples, self.rate_hz, Window.HANN)
        values = decibels(found.values)
        if len(samples) == self.count:
            return values
        own = found.first_hz + np.arange(len(values)) * found.step_hz
        first = -(self.count // 2) if self.is_complex else 0
        wanted = (first + np.arange(self.bins)) * self.rate_hz / self.count
        return np.interp(wanted, own, values, left=np.nan, right=np.nan)

    def _columns(self, numbers: NDArray[Any], put_together: Any) -> NDArray[np.float32]:
        padded = np.full(self.columns * self.step, np.nan)
        padded[: len(numbers)] = numbers
        padded[~np.isfinite(padded)] = np.nan
        if self.step == 1:
            return padded.astype(np.float32)
        blocks = padded.reshape(self.columns, self.step)
        there = np.isfinite(blocks).any(axis=1)
        row = np.full(self.columns, np.nan, np.float32)
        row[there] = put_together(blocks[there], axis=1)
        return row
