"""Persistence: how captures before the newest one stay on a curve lens. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[Any]

_OLDEST_OPACITY = 0.08
_FADED_OPACITY = 0.5  # of the capture just before the newest


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


def layers(series: Sequence[Numbers], mode: Persistence) -> list[Layer]:
    """Return what to draw of captures, oldest first in ``series``, newest first in the result.

    Captures of another length than the newest are left out of means and envelopes. A missing number
    (NaN) is passed over by both where any capture has one.
    """
    if not series:
        return []
    newest = series[-1]
    if mode is Persistence.LAST or len(series) == 1:
        return [Layer(newest)]
    if mode is Persistence.FADING:
        return [Layer(newest), *_faded(series[:-1])]
    alike = np.stack([one for one in series if one.shape == newest.shape]).astype(np.float64)
    alike[~np.isfinite(alike)] = np.nan
    if mode is Persistence.MEAN:
        return [Layer(_mean(alike))]
    return [Layer(newest), Layer(_extreme(alike, np.fmax), 0.6, _extreme(alike, np.fmin))]


def _faded(older: Sequence[Numbers]) -> list[Layer]:
    opacities = np.geomspace(_FADED_OPACITY, _OLDEST_OPACITY, len(older)).tolist()
    return [Layer(y, opacity) for y, opacity in zip(reversed(older), opacities, strict=True)]


def _mean(alike: Floats) -> Floats:
    with np.errstate(all="ignore"):
        mean: Floats = np.nansum(alike, axis=0) / np.isfinite(alike).sum(axis=0)
    return mean


def _extreme(alike: Floats, pick: np.ufunc) -> Floats:
    extreme: Floats = pick.reduce(alike, axis=0)
    return extreme
