"""Rises: the rising edges of a series that comes in pieces, and how long they take. Pure."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

MOST_TIMES = 1 << 22  # edges whose times are kept, so that memory is bounded


class Rises:
    """An edge rises when ``upper`` is reached after the series was at ``lower`` or below.

    ``count`` of them have been met, the first at ``first``, the last at ``last``: where ``upper``
    is crossed. ``left_out`` are those whose times were not kept.
    """

    def __init__(self, lower: float, upper: float, *, keeps_times: bool = False) -> None:
        self.count = 0
        self.first = self.last = float("nan")
        self.left_out = 0
        self._lower, self._upper = lower, upper
        self._keeps_times = keeps_times
        self._times: list[Floats] = []
        self._state = 0  # -1 after the lower level, 1 after the upper one
        self._left_lower = float("nan")  # where the series was last seen to leave the lower level
        self._last_x, self._last_y = np.empty(0), np.empty(0)

    @property
    def rate(self) -> float:
        """Edges per unit of x; NaN where there are fewer than two."""
        way = self.last - self.first
        return (self.count - 1) / way if self.count > 1 and way > 0 else float("nan")

    @property
    def median_time(self) -> float:
        """The median way from ``lower`` to ``upper``; NaN without an edge."""
        return float(np.median(np.concatenate(self._times))) if self._times else float("nan")

    def feed(self, x: Floats, y: Floats) -> None:
        """Go on with the next samples, all finite."""
        if not len(y) or not self._upper > self._lower:
            return
        # The sample before these, so that crossings can be interpolated. It makes no edge again.
        x, y = np.concatenate((self._last_x, x)), np.concatenate((self._last_y, y))
        self._last_x, self._last_y = x[-1:], y[-1:]
        state = (y >= self._upper).astype(np.int8)
        low_places = np.flatnonzero(y <= self._lower)
        state[low_places] = -1
        places = np.flatnonzero(state)
        if not len(places):
            return
        states = state[places]
        before = np.concatenate((np.array([self._state], np.int8), states[:-1]))
        ups = places[(states == 1) & (before == -1)]
        if len(ups):
            self._take(x, y, ups, low_places)
        self._state = int(states[-1])
        if len(low_places) and low_places[-1] + 1 < len(y):
            self._left_lower = float(_crossings(x, y, low_places[-1:] + 1, self._lower)[0])

    def _take(self, x: Floats, y: Floats, ups: Places, low_places: Places) -> None:
        reached = _crossings(x, y, ups, self._upper)
        if not self.count:
            self.first = float(reached[0])
        self.count += len(ups)
        self.last = float(reached[-1])
        if not self._keeps_times:
            return
        room = MOST_TIMES - sum(map(len, self._times))
        if room <= 0:
            self.left_out += len(ups)
            return
        own = np.searchsorted(low_places, ups) - 1
        starts = np.full(len(ups), self._left_lower)
        here = own >= 0
        starts[here] = _crossings(x, y, low_places[own[here]] + 1, self._lower)
        self._times.append((reached - starts)[:room])
        self.left_out += max(len(ups) - room, 0)


def _crossings(x: Floats, y: Floats, places: Places, level: float) -> Floats:
    """Return where a level is crossed just before each of these samples, none of them the first."""
    before, after = y[places - 1], y[places]
    # Halves, as a difference of two floats may be beyond the largest one.
    share = (level / 2 - before / 2) / (after / 2 - before / 2)
    return np.where(after == before, x[places], x[places - 1] + share * (x[places] - x[places - 1]))
