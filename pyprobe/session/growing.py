"""A one-dimensional array that grows at its end at constant cost a value."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_FIRST_CAPACITY = 256


class GrowingArray:
    """Values of one dtype; ``view`` shows those stored so far without copying them.

    A view stays as it was taken: growing and trimming move on to new memory.
    """

    def __init__(self, dtype: str) -> None:
        self._data: NDArray[Any] = np.empty(_FIRST_CAPACITY, dtype)
        self.count = 0

    @property
    def view(self) -> NDArray[Any]:
        """All stored values, read-only."""
        stored = self._data[: self.count]
        stored.flags.writeable = False
        return stored

    def padded(self, value: float) -> NDArray[Any]:
        """Return all stored values and one more behind them."""
        self._data[self.count] = value
        return self._data[: self.count + 1]

    @property
    def nbytes(self) -> int:
        """Bytes of memory held."""
        return self._data.nbytes

    def extend(self, values: NDArray[Any]) -> None:
        """Append values."""
        self.replace_from(self.count, values)

    def replace_from(self, start: int, values: NDArray[Any]) -> None:
        """Set the values from position ``start`` on; what stood there and behind it is gone."""
        stop = start + len(values)
        if stop >= len(self._data):  # always one place to spare, for padded()
            larger = np.empty(max(stop + 1, len(self._data) * 3 // 2), self._data.dtype)
            larger[:start] = self._data[:start]
            self._data = larger
        self._data[start:stop] = values
        self.count = stop

    def drop_first(self, count: int) -> None:
        """Let go of the oldest ``count`` values."""
        kept = self._data[count : self.count]
        smaller = np.empty(max(len(kept) * 3 // 2, _FIRST_CAPACITY), self._data.dtype)
        smaller[: len(kept)] = kept
        self._data, self.count = smaller, len(kept)
