"""What is drawn of a scalar history: few points as they are, of many the extremes by the pixel."""

import math

import numpy as np

from pyprobe.session.history_records import Part
from pyprobe.session.pyramid import (
    Floats,
    Ints,
    bucket_bits,
    bucket_width,
    finite_or_nan,
    level_count,
    levels_for,
    positions_of,
    reduce_parts,
)
from pyprobe.session.scalar_history import ScalarHistory

_MANY = 2048

Drawn = tuple[Floats, Floats]
NOTHING: Drawn = (np.empty(0), np.empty(0))


def envelope_by_index(
    history: ScalarHistory, end: int, bounds: tuple[float, float], pixels: int, part: Part
) -> Drawn:
    """Return x and y of the scalars before number ``end`` whose number is within bounds."""
    first = _between(history.dropped, math.floor(_finite(bounds[0])), end)
    last = _between(history.dropped, math.ceil(_finite(bounds[1])) + 1, end)
    if last - first <= 2 * pixels:
        return np.arange(first, last, dtype=np.float64), _exact(history, first, last, part)
    # Columns of whole buckets that begin at multiples of their width: they stay put while the
    # trace scrolls.
    wanted = (last - first) / pixels
    levels = level_count(1 << history.chunk_bits)
    bucket = bucket_width(int(levels_for(np.array([int(wanted)]), levels)[0]))
    width = math.ceil(wanted / bucket) * bucket
    starts: Ints = np.arange(first // width * width, last, width)
    stops = np.minimum(starts + width, end)
    starts[0] = max(int(starts[0]), history.dropped)
    low, high = extremes(history, end, starts, stops, part)
    return _pairs((starts + stops - 1) / 2, low, high)


def envelope_by_time(
    history: ScalarHistory, end: int, bounds_ns: tuple[int, int], pixels: int, part: Part
) -> tuple[Ints | Floats, Floats]:
    """Return times and y of the scalars before number ``end`` whose time is within bounds."""
    start_ns, stop_ns = bounds_ns
    found = history.search(np.array([start_ns, stop_ns + 1], np.int64))
    # One more on either side, so that the line goes on to the edge.
    first = max(min(int(found[0]), end) - 1, history.dropped)
    last = min(int(found[1]) + 1, end)
    if last - first <= 2 * pixels:
        return history.times_at(np.arange(first, last)), _exact(history, first, last, part)
    step_ns = max(1, -(-(stop_ns - start_ns) // pixels))
    edges_ns = np.arange(start_ns // step_ns * step_ns, stop_ns + step_ns, step_ns)
    edges = np.clip(_edges(history, edges_ns), first, last)
    starts, stops = np.append(first, edges), np.append(edges, last)
    middles_ns = np.append(edges_ns, edges_ns[-1] + step_ns) - step_ns // 2
    filled = stops > starts
    starts, stops, middles_ns = starts[filled], stops[filled], middles_ns[filled]
    low, high = extremes(history, end, starts, stops, part)
    # Of few captures the very times matter; columns of many stay where they are.
    few = stops - starts < _MANY
    if few.any():
        first_ns, last_ns = history.times_at(starts[few]), history.times_at(stops[few] - 1)
        middles_ns[few] = first_ns + (last_ns - first_ns) // 2
    return _pairs(middles_ns, low, high)


def _edges(history: ScalarHistory, edges_ns: Ints) -> Ints:
    """Return the numbers at which columns begin; between long columns at most 255 too early."""
    numbers = history.search_near(edges_ns)
    is_short = np.diff(numbers, prepend=numbers[0], append=numbers[-1]) < _MANY
    near_short = is_short[:-1] | is_short[1:]
    if near_short.any():
        numbers[near_short] = history.search(edges_ns[near_short])
    return numbers


def _exact(history: ScalarHistory, first: int, last: int, part: Part) -> Floats:
    if first >= last:
        return np.empty(0)
    return finite_or_nan(history.floats_at(np.arange(first, last), part))


def extremes(
    history: ScalarHistory, end: int, starts: Ints, stops: Ints, part: Part
) -> tuple[Floats, Floats]:
    """Return minimum and maximum of each range of scalars, all non-empty and before ``end``.

    Long ranges are widened to whole buckets, but not beyond ``end``. The ranges ascend.
    """
    history.refresh()
    low, high = np.empty(len(starts)), np.empty(len(starts))
    levels = levels_for(stops - starts, level_count(1 << history.chunk_bits))
    for level in np.unique(levels).tolist():
        chosen = levels == level
        reduce = _extremes_of_values if level < 0 else _extremes_of_buckets
        low[chosen], high[chosen] = reduce(
            history, end, level, (starts[chosen], stops[chosen]), part
        )
    return low, high


def _extremes_of_values(
    history: ScalarHistory, _end: int, _level: int, ranges: tuple[Ints, Ints], part: Part
) -> tuple[Floats, Floats]:
    numbers, offsets = positions_of(*ranges)
    near = finite_or_nan(history.floats_at(numbers, part))
    return reduce_parts(np.fmin, near, offsets), reduce_parts(np.fmax, near, offsets)


def _extremes_of_buckets(
    history: ScalarHistory, end: int, level: int, ranges: tuple[Ints, Ints], part: Part
) -> tuple[Floats, Floats]:
    bits = bucket_bits(level)
    starts, stops = ranges
    whole = end >> bits
    last = -(-stops >> bits)
    buckets, offsets = positions_of(starts >> bits, np.minimum(last, whole))
    lows, highs = history.buckets_at(buckets, level, bits, part)
    low, high = reduce_parts(np.fmin, lows, offsets), reduce_parts(np.fmax, highs, offsets)
    begun = last > whole
    if begun.any():
        rest_low, rest_high = rest_of(history, end, level, part)
        low[begun] = np.fmin(low[begun], rest_low)
        high[begun] = np.fmax(high[begun], rest_high)
    return low, high


def rest_of(history: ScalarHistory, end: int, level: int, part: Part) -> tuple[float, float]:
    """Return the extremes of the bucket that ``end`` lies in, up to ``end``."""
    low, high = [], []
    begin = end >> bucket_bits(level) << bucket_bits(level)
    for below in range(level - 1, -1, -1):
        bits = bucket_bits(below)
        if begin >> bits < end >> bits:
            buckets = np.arange(begin >> bits, end >> bits)
            lows, highs = history.buckets_at(buckets, below, bits, part)
            low.append(lows)
            high.append(highs)
            begin = end >> bits << bits
    values = _exact(history, begin, end, part)
    low.append(values)
    high.append(values)
    start, nothing = np.array([0]), np.array([np.nan])
    return (
        float(reduce_parts(np.fmin, np.concatenate([nothing, *low]), start)[0]),
        float(reduce_parts(np.fmax, np.concatenate([nothing, *high]), start)[0]),
    )


def _between(least: int, wanted: int, most: int) -> int:
    return min(max(wanted, least), most)


def _finite(bound: float) -> float:
    return min(max(bound, -1e18), 1e18)


def _pairs(x: Floats | Ints, low: Floats, high: Floats) -> Drawn:
    y = np.empty(2 * len(low))
    y[::2], y[1::2] = low, high
    return np.repeat(x, 2), y
