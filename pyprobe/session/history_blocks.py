"""Count, mean and spread of a growing series over blocks of 2048, for statistics of any range."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLOCK_BITS = 11
BLOCK = 1 << BLOCK_BITS

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Moments:
    """For each of some parts: the finite values' number, mean, and sum of squares around it."""

    counts: Floats
    means: Floats
    squares: Floats

    def joined(self) -> tuple[int, float, float]:
        """Return number, mean and sum of squares of all parts together; 0, NaN, NaN of none."""
        total = float(self.counts.sum())
        if not total:
            return 0, np.nan, np.nan
        with np.errstate(over="ignore", invalid="ignore"):
            mean = float((self.counts / total * self.means).sum())
            between = (self.counts * (self.means - mean) ** 2).sum()
            return int(total), mean, float(self.squares.sum() + between)


def moments(values: Floats) -> Moments:
    """Return the moments of each row; NaN and infinities are left out."""
    finite = np.isfinite(values)
    with np.errstate(over="ignore", invalid="ignore"):
        if finite.all():
            counts = np.full(len(values), float(values.shape[1]))
            means = _means(values, counts)
            return Moments(counts, means, ((values - means[:, None]) ** 2).sum(axis=1))
        counts = finite.sum(axis=1).astype(np.float64)
        means = _means(np.where(finite, values, 0.0), counts)
        distances = np.where(finite, values - means[:, None], 0.0)
        return Moments(counts, means, (distances**2).sum(axis=1))


def zero_blocks(count: int) -> Floats:
    """Return counts, means and squares of blocks that are zero everywhere."""
    found = np.zeros((3, count))
    found[0] = BLOCK
    return found


def _means(values: Floats, counts: Floats) -> Floats:
    divisors = np.maximum(counts, 1.0)
    means: Floats = values.sum(axis=1) / divisors
    if not np.isfinite(means).all():  # the sum is too large where the mean is not
        means = (values / divisors[:, None]).sum(axis=1)
    return means


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
        self._moments[:, first:last] = found.counts, found.means, found.squares
        self.count += len(values)

    def of(self, first: int, last: int) -> Floats:
        """Return counts, means and squares of blocks ``first`` up to ``last``."""
        return self._moments[:, first:last]
