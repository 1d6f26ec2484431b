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
Wholes = NDArray[np.int64] | NDArray[np.uint64]
Piece = tuple[Floats, Floats | Wholes]

LARGE = 1 << 40  # beyond it floats have little or no room between one int and the next
_MOST_EXACT = 1 << 53  # beyond it not every int is a float

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
            rms=min(hypot(self.mean, self.std), max(abs(self.minimum), abs(self.maximum))),
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

    Where all values are 64-bit ints, their differences are exact, however large they are.
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
        origin = None if summary is not None else _origin_of(y for _x, y in read())

        def read_floats() -> Iterator[tuple[Floats, Floats]]:
            for x, y in read():
                yield x, _floats(y, origin or 0)

        found = summarised(y for _x, y in read_floats()) if summary is None else summary
        if summary is None and found.count:
            found = _with_moments(found, (y for _x, y in read_floats()))
        if not has_edges or not found.minimum < found.maximum:
            return _moved(found.measurements(), origin)
        return _moved(_with_edges(found, read_floats()), origin)


def _origin_of(values: Iterable[Floats | Wholes]) -> int | None:
    """Return what large ints are counted from, so that floats tell them apart; None for others.

    Where they reach farther than floats hold, their differences are as exact as floats are.
    """
    low = high = None
    for y in values:
        if y.dtype.kind not in "iu":
            return None
        if len(y):
            least, most = int(np.min(y)), int(np.max(y))
            low = least if low is None else min(low, least)
            high = most if high is None else max(high, most)
    if low is None or high is None or high - low > _MOST_EXACT:
        return None
    return low if max(-low, high) > LARGE else None


def _floats(y: Floats | Wholes, origin: int) -> Floats:
    if origin:
        # Where it goes round, it comes back: the differences are short.
        y = (y - y.dtype.type(origin)).view(np.int64)
    return y.astype(np.float64, copy=False)


def _moved(found: Measurements, origin: int | None) -> Measurements:
    """Return measurements of values counted from ``origin`` as those of the values."""
    if not origin or not found.count:
        return found
    mean = found.mean + origin
    return replace(
        found,
        minimum=float(int(found.minimum) + origin),
        maximum=float(int(found.maximum) + origin),
        mean=mean,
        rms=hypot(mean, found.std),
    )


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
    mean = min(max(mean * largest, found.minimum), found.maximum)
    return Summary(found.count, found.minimum, found.maximum, mean, std)


def _with_edges(found: Summary, pieces: Iterable[tuple[Floats, Floats]]) -> Measurements:
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
