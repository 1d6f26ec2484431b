"""Measurements: what an oscilloscope's table says of a stretch of a trace. Pure.

Every sample counts, however many there are: they are read in pieces, so that memory is bounded.
Frequency and rise time follow IEEE Std 181: the reference levels are 10, 50 and 90 percent of the
way from the lowest to the highest value, crossings are interpolated between samples.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from math import hypot, sqrt

import numpy as np
from numpy.typing import NDArray

from pyprobe.errors import PyProbeError
from pyprobe.plots.rises import Rises

Floats = NDArray[np.float64]
Piece = tuple[Floats, Floats]

_HYSTERESIS = 0.1  # of the peak-to-peak value; noise smaller than it makes no crossings


class MeasuringStoppedError(PyProbeError):
    """What was being measured is not wanted any more."""


@dataclass(frozen=True, slots=True)
class Measurements:
    """Numbers in the unit of the values; ``frequency`` per unit of x, ``rise_time`` in units of x.

    NaN where there is nothing to say. ``count`` are the finite values, which all speak of.
    ``edges_left_out`` are rising edges beyond those whose median the rise time is.
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
    edges_left_out: int = 0


_NAN = float("nan")
NOTHING = Measurements(0, *(_NAN,) * 8)


@dataclass(frozen=True, slots=True)
class Summary:
    """What can be said of numbers in any order; ``count`` are the finite ones."""

    count: int
    minimum: float
    maximum: float
    mean: float
    std: float

    def measurements(self, frequency: float = _NAN, rise_time: float = _NAN) -> Measurements:
        """Return it as measurements."""
        if not self.count:
            return NOTHING
        return Measurements(
            count=self.count,
            minimum=self.minimum,
            maximum=self.maximum,
            mean=self.mean,
            rms=hypot(self.mean, self.std),
            peak_to_peak=self.maximum - self.minimum,
            std=self.std,
            frequency=frequency,
            rise_time=rise_time,
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """``is_pending``: frequency and rise time, or all of it, are still being found.

    Without ``found`` nothing is known yet.
    """

    found: Measurements | None
    is_pending: bool = False


def measure(x: Floats, y: Floats) -> Measurements:
    """Return the measurements of a series; ``x`` ascends, both have the same length."""
    return measure_pieces(lambda: [(x, y)])


def measure_pieces(
    pieces: Callable[[], Iterable[Piece]],
    *,
    summary: Summary | None = None,
    has_edges: bool = True,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Measurements:
    """Return the measurements of a series that ``pieces`` gives in order, each time it is asked.

    ``summary`` is what is known already. Without ``has_edges`` there is no order to speak of, and
    so neither frequency nor rise time.

    Raises:
        MeasuringStoppedError: ``is_stopped`` said so between two pieces.
    """

    def read() -> Iterator[Piece]:
        for x, y in pieces():
            if is_stopped():
                raise MeasuringStoppedError
            there = np.isfinite(y) & np.isfinite(x)
            yield (x, y) if bool(there.all()) else (x[there], y[there])

    with np.errstate(all="ignore"):
        found = summarised(y for _x, y in read()) if summary is None else summary
        if summary is None and found.count:
            found = _with_moments(found, (y for _x, y in read()))
        if not has_edges or not found.minimum < found.maximum:
            return found.measurements()
        return _with_edges(found, read())


def summarised(values: Iterable[Floats]) -> Summary:
    """Return count and bounds of finite numbers; mean and deviation are still to be found."""
    count, low, high = 0, np.inf, -np.inf
    for y in values:
        if len(y):
            count += len(y)
            low, high = min(low, float(np.min(y))), max(high, float(np.max(y)))
    return Summary(count, low, high, _NAN, _NAN) if count else Summary(0, *(_NAN,) * 4)


def _with_moments(found: Summary, values: Iterable[Floats]) -> Summary:
    """Add mean and standard deviation, by the pairwise update of Chan, Golub and LeVeque (1979)."""
    largest = max(abs(found.minimum), abs(found.maximum)) or 1.0  # squares of it might overflow
    count, mean, squares = 0, 0.0, 0.0
    for y in values:
        if not len(y):
            continue
        scaled = y / largest
        own = float(np.mean(scaled))
        own_squares = float(np.sum(np.square(scaled - own)))
        both = count + len(y)
        squares += own_squares + (own - mean) ** 2 * count * len(y) / both
        mean += (own - mean) * len(y) / both
        count = both
    std = sqrt(squares / count) * largest
    return Summary(found.count, found.minimum, found.maximum, mean * largest, std)


def _with_edges(found: Summary, pieces: Iterable[Piece]) -> Measurements:
    def level(share: float) -> float:
        return found.minimum * (1.0 - share) + found.maximum * share

    cycles = Rises(level(0.5 - _HYSTERESIS), level(0.5))
    edges = Rises(level(0.1), level(0.9), keeps_times=True)
    for x, y in pieces:
        cycles.feed(x, y)
        edges.feed(x, y)
    plain = found.measurements(cycles.rate, edges.median_time)
    return replace(plain, edges_left_out=edges.left_out)


def frequency(x: Floats, y: Floats) -> float:
    """Return how often the middle level is crossed upwards per unit of x."""
    return measure(x, y).frequency


def rise_time(x: Floats, y: Floats) -> float:
    """Return the median time from 10 to 90 percent over all rising edges."""
    return measure(x, y).rise_time
