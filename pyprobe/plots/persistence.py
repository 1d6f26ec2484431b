"""Persistence: how captures before the newest one stay on a curve lens. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[Any]

PERSISTED = 16  # captures that fade, or that make a mean or an envelope
_PERSISTED_SAMPLES = 1 << 21  # of long arrays fewer captures are kept, so that a frame stays short
_OLDEST_OPACITY = 0.08
_FADED_OPACITY = 0.5  # of the capture just before the newest
BAND_OPACITY = 0.6


class Persistence(Enum):
    """What is seen of earlier captures; the value is its name in menus and remembered layouts."""

    LAST = "last only"
    FADING = "fading"
    MEAN = "running mean"
    ENVELOPE = "min/max envelope"


@dataclass(frozen=True, slots=True)
class Layer:
    """One curve of several captures. With ``floor`` the area from there to ``y`` is filled."""

    y: Numbers
    opacity: float = 1.0
    floor: Floats | None = None


def persisted_count(mode: Persistence, size: int, kept: int) -> int:
    """Return how many captures of so many numbers are drawn of those that are kept."""
    if mode is Persistence.LAST:
        return min(kept, 1)
    return min(PERSISTED, max(_PERSISTED_SAMPLES // max(size, 1), 1), kept)


def layers(
    series: Sequence[Numbers], mode: Persistence, *, turn: float | None = None
) -> list[Layer]:
    """Return what to draw of captures, oldest first in ``series``, newest first in the result.

    Captures of another length than the newest are left out of means and envelopes. A missing number
    (NaN) is passed over by both where any capture has one. ``turn`` is a whole turn of angles,
    whose mean is that of their directions.
    """
    if not series:
        return []
    newest = series[-1]
    if mode is Persistence.LAST or len(series) == 1:
        return [Layer(newest)]
    if mode is Persistence.FADING:
        older = zip(reversed(series[:-1]), faded_opacities(len(series) - 1), strict=True)
        return [Layer(newest), *(Layer(y, opacity) for y, opacity in older)]
    alike = np.stack([one for one in series if one.shape == newest.shape])
    is_complex = alike.dtype.kind == "c"
    alike = alike.astype(np.complex128 if is_complex else np.float64)
    alike[~np.isfinite(alike)] = np.nan
    if is_complex and mode is Persistence.ENVELOPE:
        return [Layer(newest)]  # complex numbers have no order
    if mode is Persistence.MEAN:
        return [Layer(_mean(alike) if turn is None else _mean_angle(alike, turn))]
    low, high = _extreme(alike, np.fmin), _extreme(alike, np.fmax)
    return [Layer(newest), Layer(high, BAND_OPACITY, low)]


def faded_opacities(count: int) -> list[float]:
    """Return the opacities of captures before the newest, that before it first."""
    return [float(one) for one in np.geomspace(_FADED_OPACITY, _OLDEST_OPACITY, count)]


def _mean(alike: Floats) -> Floats:
    with np.errstate(all="ignore"):
        counts = np.isfinite(alike).sum(axis=0)
        mean: Floats = np.nansum(alike / np.maximum(counts, 1), axis=0)  # a sum might overflow
    mean[counts == 0] = np.nan
    return mean


def _mean_angle(alike: Floats, turn: float) -> Floats:
    with np.errstate(all="ignore"):
        radians = alike * (2.0 * np.pi / turn)
        there = np.isfinite(radians)
        total = np.where(there, np.exp(1j * np.where(there, radians, 0.0)), 0.0).sum(axis=0)
        angle: Floats = np.angle(total) * (turn / (2.0 * np.pi))
    angle[~there.any(axis=0)] = np.nan
    return angle


def _extreme(alike: Floats, pick: np.ufunc) -> Floats:
    extreme: Floats = pick.reduce(alike, axis=0)
    return extreme
