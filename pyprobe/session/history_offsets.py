"""A column of slowly growing 64-bit integers, such as times: mostly four bytes each."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK_BITS = 8
BLOCK = 1 << BLOCK_BITS
_MOST = np.iinfo(np.int32).max

Ints = NDArray[np.int64]


class OffsetColumn:
    """Integers as a base for each 256 of them, and 32-bit distances from it.

    Where any lies further from its base, all distances of the column are 64-bit.
    """

    def __init__(self) -> None:
        self._bases: Ints = np.empty(0, np.int64)
        self._offsets: NDArray[Any] = np.empty(0, np.int32)
        self._count = 0

    @property
    def nbytes(self) -> int:
        """Bytes of memory held."""
        return self._bases.nbytes + self._offsets.itemsize * self._count

    def reserve(self, capacity: int) -> None:
        """Make room for ``capacity`` integers, a multiple of 256."""
        self._bases = _enlarged(self._bases, capacity >> BLOCK_BITS, -(-self._count // BLOCK))
        self._offsets = _enlarged(self._offsets, capacity, self._count)

    def extend(self, values: Ints, *, ascend: bool) -> None:
        """Append integers, for which there is room; ``ascend`` if none is below one before it."""
        start, stop = self._count, self._count + len(values)
        first_block = -(-start // BLOCK)
        self._bases[first_block : -(-stop // BLOCK)] = values[first_block * BLOCK - start :: BLOCK]
        offsets = np.subtract(values, self._bases_of(start, stop))
        spread = int(values[-1]) - int(self._bases[start >> BLOCK_BITS])
        is_near = (ascend and spread <= _MOST) or _are_near(offsets)
        if not is_near and self._offsets.dtype == np.int32:
            self._offsets = self._offsets.astype(np.int64)
        self._offsets[start:stop] = offsets
        self._count = stop

    def _bases_of(self, start: int, stop: int) -> Ints:
        first, last = start >> BLOCK_BITS, -(-stop // BLOCK)
        if last - first == 1:
            return self._bases[first:last]
        return np.repeat(self._bases[first:last], BLOCK)[start - (first << BLOCK_BITS) :][
            : stop - start
        ]

    def values(self, start: int, stop: int) -> Ints:
        """Return the integers of a range."""
        if start >= stop:
            return np.empty(0, np.int64)
        found: Ints = self._offsets[start:stop] + self._bases_of(start, stop)
        return found

    def at(self, position: int) -> int:
        """Return one integer."""
        return int(self._bases[position >> BLOCK_BITS]) + int(self._offsets[position])

    def take(self, positions: Ints) -> Ints:
        """Return the integers at these positions."""
        found: Ints = self._offsets[positions] + self._bases[positions >> BLOCK_BITS]
        return found

    def bases(self, first: int) -> Ints:
        """Return the first integer of each block of 256 from the block ``first`` on."""
        return self._bases[first : -(-self._count // BLOCK)]

    def block_of(self, wanted: int, stop: int) -> int:
        """Return the block of 256 in which ``search`` finds something."""
        blocks = -(-stop // BLOCK)
        return max(int(np.searchsorted(self._bases[:blocks], wanted)) - 1, 0)

    def search(self, wanted: Ints, block: Ints, stop: int) -> Ints:
        """Return for each how many integers before ``stop``, which ascend, are smaller.

        ``block`` is the last block of 256 for each that begins with a smaller one, or 0.
        """
        low = block << BLOCK_BITS
        high = np.minimum(low + BLOCK, stop)
        distance = wanted - self._bases[block]
        for _ in range(BLOCK_BITS + 1):
            middle = (low + high) >> 1
            is_smaller = (self._offsets[np.minimum(middle, stop - 1)] < distance) & (low < high)
            low = np.where(is_smaller, middle + 1, low)
            high = np.where(is_smaller, high, np.maximum(middle, low))
        return low


def _are_near(offsets: Ints) -> bool:
    return bool(np.min(offsets) >= -_MOST and np.max(offsets) <= _MOST)


def _enlarged(data: NDArray[Any], capacity: int, stored: int) -> NDArray[Any]:
    larger = np.empty(capacity, data.dtype)
    larger[:stored] = data[:stored]
    return larger
