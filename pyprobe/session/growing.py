"""A one-dimensional array that grows at its end at constant cost a value."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_FIRST_CAPACITY = 256


class GrowingArray:
    """Values of one dtype; ``view`` shows those stored so far without copying them.

    A view stays as it was taken: growing and trimming move on to new memory.
    """

    def __init__(self, dtype: Any) -> None:
        self._data: NDArray[Any] = np.empty(_FIRST_CAPACITY, dtype)
        self.count = 0

    @property
    def view(self) -> NDArray[Any]:
        """All stored values, read-only."""
        stored = self._data[: self.count]
        stored.flags.writeable = False
        return stored

    @property
    def nbytes(self) -> int:
        """Bytes of memory held."""
        return self._data.nbytes

    def extend(self, values: NDArray[Any]) -> None:
        """Append values."""
        stop = self.count + len(values)
        if stop > len(self._data):
            larger = np.empty(max(stop, len(self._data) * 3 // 2), self._data.dtype)
            larger[: self.count] = self._data[: self.count]
            self._data = larger
        self._data[self.count : stop] = values
        self.count = stop

    def drop_first(self, count: int) -> None:
        """Let go of the oldest ``count`` values."""
        kept = self._data[count : self.count]
        smaller = np.empty(max(len(kept) * 3 // 2, _FIRST_CAPACITY), self._data.dtype)
        smaller[: len(kept)] = kept
        self._data, self.count = smaller, len(kept)
