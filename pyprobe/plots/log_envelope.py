"""Log envelope: a scalar history drawn over a logarithmic axis, octave by octave."""

from itertools import pairwise
from math import log2, log10

import numpy as np
from numpy.typing import NDArray

from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.history_records import Axis, Part

Floats = NDArray[np.float64]

_LEAST_DECADE, _MOST_DECADE = -12.0, 18.0  # no capture lies beyond


def least_positive_s(history: HistoryReader) -> float | None:
    """Return the first time after the epoch, in seconds; ``None`` where none is stored."""
    span = history.span("time")
    if span is None or span[1] <= 0:
        return None
    number = history.index_at(history.epoch_ns)
    least_s = (history.scalar_at(number).t_ns - history.epoch_ns) / 1e9
    return least_s if least_s > 0 else None


def log_envelope(
    history: HistoryReader,
    ends: tuple[float, float],
    columns: int,
    *,
    axis: Axis = "index",
    part: Part = "re",
) -> tuple[Floats, Floats]:
    """Return x, in data values, and y to draw what is between two decimal logarithms.

    Within an octave columns of equal width are at most twice as wide in pixels at its start as at
    its end, so each octave gets twice as many as it has pixels.
    """
    span = history.span(axis)
    low, high = (min(max(end, _LEAST_DECADE), _MOST_DECADE) for end in ends)
    if span is None or span[1] <= 0 or not low < high:
        return np.empty(0), np.empty(0)
    is_index = axis == "index"
    margin = 1.0 if is_index else 0.0
    start = max(10.0**low - margin, span[0] if span[0] > 0 else (1.0 if is_index else 0.0))
    if not is_index and start <= 0:
        start = 10.0**low
    stop = min(10.0**high + margin, span[1] + margin)
    edges = _octaves(start, stop, whole=is_index)
    pieces = []
    for place, (begin, end) in enumerate(pairwise(edges)):
        pixels = 2 * columns * log10(end / begin) / (high - low)
        last = end - 1.0 if is_index else end
        x, y = history.envelope(begin, last, max(int(pixels) + 1, 4), axis=axis, part=part)
        is_inner = (place > 0, place < len(edges) - 2)
        pieces.append(_within(x, y, (begin, end), is_inner, clip=is_index))
    if not pieces:
        return np.empty(0), np.empty(0)
    return np.concatenate([x for x, _ in pieces]), np.concatenate([y for _, y in pieces])


def _octaves(start: float, stop: float, *, whole: bool) -> list[float]:
    """Return the edges from ``start`` on, each twice the one before, up to just beyond ``stop``."""
    if whole:
        start, stop = float(np.floor(start)), float(np.ceil(stop)) + 1.0
    if not start < stop:
        return []
    count = max(int(np.ceil(log2(stop / start))), 1)
    return [start * 2.0**octave for octave in range(count)] + [stop]


def _within(
    x: Floats, y: Floats, ends: tuple[float, float], is_inner: tuple[bool, bool], *, clip: bool
) -> tuple[Floats, Floats]:
    """Keep what an octave gave within it, where another one follows.

    Columns that reach beyond are moved to its edge, so that no extreme is lost; of single captures
    those of the neighbours are left to these.
    """
    if not len(x):
        return x, y
    low = ends[0] if is_inner[0] else -np.inf
    high = ends[1] if is_inner[1] else np.inf
    is_exact = len(x) < 2 or x[1] > x[0]
    if clip or not is_exact:
        return np.clip(x, low, high), y
    inside = (x >= low) & (x < high)
    return x[inside], y[inside]
