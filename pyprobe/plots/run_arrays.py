"""Run arrays: which arrays of the runs before this one are drawn behind it. Pure."""

from typing import NamedTuple

from pyprobe.plots.drawn_trace import DrawnTrace
from pyprobe.plots.persistence import Persistence, persisted_count
from pyprobe.plots.value_traits import NUMBER_KINDS
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.history_records import ArrayCapture
from pyprobe.session.values import ArrayValue


class RunCapture(NamedTuple):
    """One array, and the history it is of."""

    history: HistoryReader
    capture: ArrayCapture


def is_series(value: object) -> bool:
    """Whether it is a 1-D array of numbers that is not empty."""
    return (
        isinstance(value, ArrayValue)
        and value.array.ndim == 1
        and bool(value.array.size)
        and value.array.dtype.kind in NUMBER_KINDS
    )


def earlier_series(trace: DrawnTrace) -> list[RunCapture]:
    """Return one array of each run before this one, the latest run first.

    It is the one of the same number as this run's newest, so that what is compared was captured at
    the same point of the program; of a run that had fewer its last. Of long arrays fewer runs are
    taken, so that a frame stays short.
    """
    newest = trace.history.last_array
    if newest is None or not trace.earlier:
        return []
    number = trace.history.dropped_arrays + len(trace.history.arrays()) - 1
    most = persisted_count(Persistence.FADING, newest.size, len(trace.earlier) + 1) - 1
    found = []
    for history in reversed(trace.earlier[len(trace.earlier) - most :]):
        arrays = history.arrays()
        if len(arrays):
            place = min(max(number - history.dropped_arrays, 0), len(arrays) - 1)
            capture = arrays[place]
            if is_series(capture.value):
                found.append(RunCapture(history, capture))
    return found
