"""A column of values of which few differ, such as threads: one byte each, or none if all agree."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_DTYPES = (np.uint8, np.uint16, np.uint32)


class CodedColumn:
    """Unsigned 64-bit numbers, kept as codes into a table of those that differ."""

    def __init__(self) -> None:
        self._table: list[int] = []
        self._codes: NDArray[Any] | None = None
        self._count = 0

    @property
    def nbytes(self) -> int:
        """Bytes of memory held."""
        return (self._codes.nbytes if self._codes is not None else 0) + 8 * len(self._table)

    @property
    def only(self) -> int | None:
        """The one number that stands everywhere; ``None`` where several do, or nothing."""
        return self._table[0] if len(self._table) == 1 else None

    def extend(self, values: NDArray[np.uint64], capacity: int) -> None:
        """Append numbers; there will never be more than ``capacity``."""
        first = int(values[0])
        is_one = values.strides == (0,) or bool((values == values[0]).all())
        start, self._count = self._count, self._count + len(values)
        if is_one and self._table in ([], [first]):
            self._table = [first]
            return
        codes = self._code_of(first) if is_one else self._codes_of(values)
        self._room(capacity, start)[start : self._count] = codes

    def extend_by(self, value: int, count: int, capacity: int) -> None:
        """Append one number many times."""
        if self._codes is None and self._table == [value]:
            self._count += count
            return
        self.extend(np.broadcast_to(np.uint64(value), count), capacity)

    def _code_of(self, value: int) -> int:
        if value not in self._table:
            self._table.append(value)
        return self._table.index(value)

    def _codes_of(self, values: NDArray[np.uint64]) -> NDArray[Any]:
        distinct, codes = np.unique(values, return_inverse=True)
        known = {value: code for code, value in enumerate(self._table)}
        for value in distinct.tolist():
            if value not in known:
                known[value] = len(self._table)
                self._table.append(value)
        return np.array([known[value] for value in distinct.tolist()])[codes]

    def _room(self, capacity: int, stored: int) -> NDArray[Any]:
        needed = next(dtype for dtype in _DTYPES if len(self._table) <= np.iinfo(dtype).max + 1)
        codes = self._codes
        if codes is None or len(codes) < capacity or codes.dtype != needed:
            larger = np.zeros(capacity, needed)
            if codes is not None:
                larger[:stored] = codes[:stored]
            self._codes = codes = larger
        return codes

    def codes(self, start: int, stop: int) -> NDArray[Any]:
        """Return the codes of a range."""
        if self._codes is None:
            return np.zeros(stop - start, np.uint8)
        return self._codes[start:stop]

    def values(self, start: int, stop: int) -> NDArray[np.uint64]:
        """Return the numbers of a range."""
        if self._codes is None:
            only = self._table[0] if self._table else 0
            return np.full(stop - start, only, np.uint64)
        values: NDArray[np.uint64] = np.array(self._table, np.uint64)[self._codes[start:stop]]
        return values

    def at(self, position: int) -> int:
        """Return one number."""
        return self._table[int(self._codes[position]) if self._codes is not None else 0]
