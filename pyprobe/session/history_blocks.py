"""Count, mean and deviation of a growing series over blocks of 2048: statistics of any range."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLOCK_BITS = 11
BLOCK = 1 << BLOCK_BITS
_LEAST = 2.0**-1022
_LEAST_SQUARE = 1e-280  # smaller squares have lost digits

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """For each of some parts: the finite values' number, mean, and standard deviation."""

    counts: Floats
    means: Floats
    deviations: Floats

    def joined(self) -> tuple[int, float, float]:
        """Return number, mean and standard deviation of all together; 0, NaN, NaN of none."""
        total = float(self.counts.sum())
        if not total:
            return 0, np.nan, np.nan
        shares = self.counts / total
        scale = _scale(float(np.maximum(np.abs(self.means), self.deviations).max()))
        means, deviations = self.means / scale, self.deviations / scale
        mean = float((shares * means).sum())
        distances = means - mean
        span = _scale(float(np.maximum(np.abs(distances), deviations).max()))
        squares = (deviations / span) ** 2 + (distances / span) ** 2
        return int(total), mean * scale, math.sqrt(float((shares * squares).sum())) * span * scale


def moments(values: Floats) -> Moments:
    """Return the moments of each row; NaN and infinities are left out."""
    finite = np.isfinite(values)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        if finite.all():
            counts = np.full(len(values), float(values.shape[1]))
        else:
            counts = finite.sum(axis=1).astype(np.float64)
            values = np.where(finite, values, 0.0)
        means = _means(values, counts)
        return Moments(counts, means, _deviations(values, finite, counts, means))


def zero_blocks(count: int) -> Floats:
    """Return counts, means and standard deviations of blocks that are zero everywhere."""
    found = np.zeros((3, count))
    found[0] = BLOCK
    return found


def _means(values: Floats, counts: Floats) -> Floats:
    divisors = np.maximum(counts, 1.0)
    means: Floats = values.sum(axis=1) / divisors
    if not np.isfinite(means).all():  # the sum is too large where the mean is not
        means = (values / divisors[:, None]).sum(axis=1)
    return means


def _deviations(values: Floats, finite: NDArray[np.bool_], counts: Floats, means: Floats) -> Floats:
    """Return the root of each row's mean square, also where squares are no numbers any more."""
    divisors = np.maximum(counts, 1.0)
    distances = values - means[:, None]
    if not finite.all():
        distances[~finite] = 0.0
    squares = np.square(distances, out=distances).sum(axis=1) / divisors
    deviations: Floats = np.sqrt(squares)
    odd = ~((squares > _LEAST_SQUARE) & (squares < np.inf))
    if odd.any():
        halves = np.where(finite[odd], values[odd] / 2 - means[odd, None] / 2, 0.0)
        spans = np.maximum(np.abs(halves).max(axis=1), _LEAST)
        shares = np.square(halves / spans[:, None]).sum(axis=1) / divisors[odd]
        deviations[odd] = np.sqrt(shares) * spans * 2
    return deviations


def _scale(size: float) -> float:
    """Return a power of two by which numbers up to this size are made small, losing no digit."""
    return math.ldexp(1.0, math.frexp(size)[1] - 1)


class BlockSums:
    """The moments of each whole block of one chunk."""

    def __init__(self) -> None:
        self._moments: Floats = np.empty((3, 0))
        self.count = 0

    @property
    def nbytes(self) -> int:
        """Bytes of memory held."""
        return self._moments.nbytes

    def reserve(self, capacity: int) -> None:
        """Make room for a chunk of ``capacity`` values."""
        larger = np.empty((3, capacity >> BLOCK_BITS))
        done = self.count >> BLOCK_BITS
        larger[:, :done] = self._moments[:, :done]
        self._moments = larger

    def extend(self, values: Floats) -> None:
        """Take in the chunk's next values, which are whole blocks."""
        first, last = self.count >> BLOCK_BITS, (self.count + len(values)) >> BLOCK_BITS
        found = moments(values.reshape(-1, BLOCK))
        self._moments[:, first:last] = found.counts, found.means, found.deviations
        self.count += len(values)

    def of(self, first: int, last: int) -> Floats:
        """Return counts, means and standard deviations of blocks ``first`` up to ``last``."""
        return self._moments[:, first:last]
