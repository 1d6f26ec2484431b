"""Statistics of any range of a scalar history, from sums over blocks and the values at the ends."""

import math

import numpy as np

from pyprobe.session.history_blocks import BLOCK, BLOCK_BITS, Moments, moments
from pyprobe.session.history_records import Part, ScalarStatistics
from pyprobe.session.pyramid import FACTOR_BITS, FIRST_BITS, Floats
from pyprobe.session.scalar_history import ScalarHistory

_LEVEL = (BLOCK_BITS - FIRST_BITS) // FACTOR_BITS


def statistics_of(history: ScalarHistory, start: int, stop: int, part: Part) -> ScalarStatistics:
    """Return the statistics of the scalars ``start`` up to ``stop``, all of them stored."""
    history.refresh()
    first, last = -(-start >> BLOCK_BITS), stop >> BLOCK_BITS
    if first >= last:
        return _statistics(stop - start, [_floats(history, start, stop, part)], [])
    ends = [
        _floats(history, start, first * BLOCK, part),
        _floats(history, last * BLOCK, stop, part),
    ]
    blocks: list[Floats] = []
    for chunk, begin, end in history.parts(first * BLOCK, last * BLOCK):
        blocks.append(chunk.blocks(begin >> BLOCK_BITS, end >> BLOCK_BITS, part))
    buckets = history.buckets_at(np.arange(first, last), _LEVEL, BLOCK_BITS, part)
    return _statistics(stop - start, ends, blocks, np.concatenate(buckets))


def _floats(history: ScalarHistory, start: int, stop: int, part: Part) -> Floats:
    if start >= stop:
        return np.empty(0)
    return history.floats_at(np.arange(start, stop), part)


def _statistics(
    total: int, ends: list[Floats], blocks: list[Floats], extremes: Floats | None = None
) -> ScalarStatistics:
    values = np.concatenate(ends)
    values = values[np.isfinite(values)]
    parts = list(blocks)
    if len(values):
        near = moments(values[None, :])
        parts.append(np.stack([near.counts, near.means, near.deviations]))
    joined = np.concatenate([np.empty((3, 0)), *parts], axis=1)
    count, mean, std = Moments(*joined).joined()
    if not count:
        return ScalarStatistics(0, total, *[math.nan] * 5)
    seen = values if extremes is None else np.concatenate([values, extremes])
    low, high = float(np.nanmin(seen)), float(np.nanmax(seen))
    largest = max(abs(low), abs(high))  # rounding goes past it, where it may be no number
    rms = min(math.hypot(mean, std), largest)
    return ScalarStatistics(count, total - count, low, high, min(max(mean, low), high), rms, std)
