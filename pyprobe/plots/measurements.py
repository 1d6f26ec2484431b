"""Measurements: what an oscilloscope's table says of a stretch of a trace. Pure.

Frequency and rise time follow IEEE Std 181: the reference levels are 10, 50 and 90 percent of the
way from the lowest to the highest value, crossings are interpolated between samples.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_HYSTERESIS = 0.1  # of the peak-to-peak value; noise smaller than it makes no crossings


@dataclass(frozen=True, slots=True)
class Measurements:
    """Numbers in the unit of the values; ``frequency`` per unit of x, ``rise_time`` in units of x.

    NaN where there is nothing to say. ``count`` are the finite values, which all speak of.
    """

    count: int
    minimum: float
    maximum: float
    mean: float
    rms: float
    peak_to_peak: float
    std: float
    frequency: float
    rise_time: float


NOTHING = Measurements(0, *(float("nan"),) * (len(fields(Measurements)) - 1))


def measure(x: Floats, y: Floats) -> Measurements:
    """Return the measurements of a series; ``x`` ascends, both have the same length."""
    there = np.isfinite(y) & np.isfinite(x)
    x, y = x[there], y[there]
    if not len(y):
        return NOTHING
    with np.errstate(all="ignore"):
        low, high = float(np.min(y)), float(np.max(y))
        mean, mean_square = float(np.mean(y)), float(np.mean(y**2))
        return Measurements(
            count=len(y),
            minimum=low,
            maximum=high,
            mean=mean,
            rms=float(np.sqrt(mean_square)),
            peak_to_peak=high - low,
            std=float(np.std(y)),
            frequency=frequency(x, y),
            rise_time=rise_time(x, y),
        )


def frequency(x: Floats, y: Floats) -> float:
    """Return how often the middle level is crossed upwards per unit of x."""
    low, high = float(np.min(y)), float(np.max(y))
    rises = _rises(y, low + (high - low) * (0.5 - _HYSTERESIS), low + (high - low) * 0.5)
    if len(rises) < 2:
        return float("nan")
    middle = low + (high - low) * 0.5
    first, last = (_crossing(x, y, int(place), middle) for place in (rises[0], rises[-1]))
    return (len(rises) - 1) / (last - first) if last > first else float("nan")


def rise_time(x: Floats, y: Floats) -> float:
    """Return the median time from 10 to 90 percent over all rising edges."""
    low, high = float(np.min(y)), float(np.max(y))
    lower, upper = low + (high - low) * 0.1, low + (high - low) * 0.9
    times = []
    for place in _rises(y, lower, upper).tolist():
        below = np.flatnonzero(y[:place] <= lower)
        start = _crossing(x, y, int(below[-1]) + 1, lower)
        times.append(_crossing(x, y, place, upper) - start)
    return float(np.median(times)) if times else float("nan")


def _rises(y: Floats, lower: float, upper: float) -> NDArray[np.intp]:
    """Return where y first reaches ``upper`` after it was at ``lower`` or below."""
    if not upper > lower:
        return np.empty(0, np.intp)
    state = np.zeros(len(y), np.int8)
    state[y <= lower] = -1
    state[y >= upper] = 1
    places = np.flatnonzero(state)
    ups = np.flatnonzero((state[places][1:] == 1) & (state[places][:-1] == -1))
    return places[ups + 1]


def _crossing(x: Floats, y: Floats, place: int, level: float) -> float:
    """Return the x at which y crosses a level just before sample ``place``."""
    if place == 0 or y[place] == y[place - 1]:
        return float(x[place])
    share = (level - y[place - 1]) / (y[place] - y[place - 1])
    return float(x[place - 1] + share * (x[place] - x[place - 1]))
