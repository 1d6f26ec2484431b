"""Scalars of a history as arrays, each made when it is first asked for."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.session.history_chunk import ScalarChunk


class ScalarSeries:
    """Consecutive scalars in order of capture, as read-only arrays of equal length.

    ``value`` is float64 (bools and ints widened; the real part of complex values), ``imag`` the
    imaginary part, or ``None`` when no complex value has come. ``first`` is the number of the
    first one, counted over all ever captured. A series stays as it was taken.
    """

    def __init__(
        self,
        first: int,
        parts: Sequence[tuple[ScalarChunk, int, int]],
        *,
        has_imaginary: bool,
    ) -> None:
        self.first = first
        self._parts = parts
        self._has_imaginary = has_imaginary
        self._count = sum(stop - start for _, start, stop in parts)

    def __len__(self) -> int:
        return self._count

    @cached_property
    def seq(self) -> NDArray[np.int64]:
        """The sequence numbers."""
        return _joined([chunk.seq.values(at, end) for chunk, at, end in self._parts], np.int64)

    @cached_property
    def t_ns(self) -> NDArray[np.int64]:
        """The times."""
        return _joined([chunk.t_ns.values(at, end) for chunk, at, end in self._parts], np.int64)

    @cached_property
    def thread(self) -> NDArray[np.uint64]:
        """The threads."""
        return _joined([chunk.thread.values(at, end) for chunk, at, end in self._parts], np.uint64)

    @cached_property
    def value(self) -> NDArray[np.float64]:
        """The values, or their real parts."""
        return _joined([chunk.floats(at, end) for chunk, at, end in self._parts], np.float64)

    @cached_property
    def whole(self) -> NDArray[np.int64] | None:
        """The values exactly, where all are ints or bools."""
        parts = [chunk.wholes(at, end) for chunk, at, end in self._parts]
        known = [part for part in parts if part is not None]
        return _joined(known, np.int64) if len(known) == len(parts) else None

    @property
    def has_rounded_ints(self) -> bool:
        """Whether ints of its history are kept as floats, as they were too large."""
        return any(chunk.has_rounded_ints for chunk, _, _ in self._parts[:1])

    @cached_property
    def imag(self) -> NDArray[np.float64] | None:
        """The imaginary parts."""
        if not self._has_imaginary:
            return None
        return _joined([chunk.floats(at, end, "im") for chunk, at, end in self._parts], np.float64)

    def pieces(self) -> Iterator["ScalarSeries"]:
        """Yield the series in pieces of at most 131,072, for what goes through very many."""
        first = self.first
        for part in self._parts:
            yield ScalarSeries(first, [part], has_imaginary=self._has_imaginary)
            first += part[2] - part[1]


def _joined(parts: list[NDArray[Any]], dtype: Any) -> NDArray[Any]:
    joined = parts[0].view() if len(parts) == 1 else np.concatenate([np.empty(0, dtype), *parts])
    joined.flags.writeable = False
    return joined
