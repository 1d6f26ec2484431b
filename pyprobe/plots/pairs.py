"""Pairs: the captures of two traces that belong together, to draw one against the other. Pure."""

import numpy as np
from numpy.typing import NDArray

from pyprobe.session.history_reader import HistoryReader

Floats = NDArray[np.float64]

MOST_PAIRS = 50_000


def newest_pairs(across: HistoryReader, up: HistoryReader) -> tuple[Floats, Floats]:
    """Return x and y of the newest pairs, oldest first, at most 50,000.

    Two traces with as many captures (one more or less) are taken to come from one loop, and pair
    by their number. Otherwise each capture of ``up`` goes with the newest of ``across`` before it.
    """
    spans = across.span(), up.span()
    if spans[0] is None or spans[1] is None:
        return np.empty(0), np.empty(0)
    last_across, last_up = int(spans[0][1]) + 1, int(spans[1][1]) + 1
    if abs(last_across - last_up) <= 1:
        return _by_number(across, up, min(last_across, last_up))
    ups = up.scalars(max(int(spans[1][0]), last_up - MOST_PAIRS), last_up)
    first = max(across.index_at(int(ups.t_ns[0])) - 1, int(spans[0][0]))
    acrosses = across.scalars(max(first, last_across - 4 * MOST_PAIRS), last_across)
    places = np.searchsorted(acrosses.seq, ups.seq) - 1
    paired = places >= 0
    return acrosses.value[places[paired]], ups.value[paired]


def _by_number(across: HistoryReader, up: HistoryReader, last: int) -> tuple[Floats, Floats]:
    first = max(across.dropped_scalars, up.dropped_scalars, last - MOST_PAIRS)
    if first >= last:
        return np.empty(0), np.empty(0)
    return across.scalars(first, last).value, up.scalars(first, last).value
