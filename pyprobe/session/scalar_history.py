"""Columnar storage of one probe's scalar captures, in chunks: added to, searched, reduced.

Scalars are known by their numbers, counted from 0 over all ever stored. What is read is read up to
a number ``stop``, so that the same storage answers for any moment of the past.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.column_reader import Column
from pyprobe.session.growing import GrowingArray
from pyprobe.session.history_chunk import CHUNK_BITS, KindTable, ScalarChunk
from pyprobe.session.history_offsets import BLOCK, BLOCK_BITS
from pyprobe.session.history_records import Part, ScalarCapture
from pyprobe.session.pyramid import Floats, Ints
from pyprobe.session.scalar_series import ScalarSeries
from pyprobe.session.values import ScalarValue

_SMALLEST_BITS = 11
_LONG_AGO_NS = -(1 << 63)


class ScalarHistory:
    """The scalars of one probe. ``max_count`` bounds how many are kept; the oldest chunks go."""

    def __init__(self, max_count: int) -> None:
        wanted_bits = (max_count // 8).bit_length() - 1
        self.chunk_bits = min(max(wanted_bits, _SMALLEST_BITS), CHUNK_BITS)
        self.dropped = 0
        self.count = 0  # all ever stored: the number of the next one
        self.has_imaginary = False
        self._max_count = max_count
        self._kinds = KindTable()
        self._chunks: list[ScalarChunk] = []
        self._sealed_bytes = 0
        self._reached_ns: list[int] = []  # of each chunk: the latest time before its first capture
        self._latest_ns = _LONG_AGO_NS
        self._fences = GrowingArray("i8")  # the time of every 256th scalar, or a later one before

    @property
    def nbytes(self) -> int:
        """Bytes of memory held."""
        tail_bytes = self._chunks[-1].nbytes if self._chunks else 0
        return self._sealed_bytes + tail_bytes + self._fences.nbytes

    @property
    def oldest_chunk_ns(self) -> int | None:
        """When the oldest chunk ends; ``None`` where it is the only one, which always stays."""
        return self._chunks[1].t_ns.at(0) if len(self._chunks) > 1 else None

    def append(self, column: Column) -> bool:
        """Store a column of one of the packed kinds; True when that took a new chunk."""
        has_grown = False
        while True:
            if not self._chunks or self._chunks[-1].is_full:
                self._add_chunk()
                has_grown = True
            tail = self._chunks[-1]
            first_block = -(-tail.count // BLOCK)
            taken, self._latest_ns = tail.append(column, self._latest_ns)
            self._add_fences(tail.t_ns.bases(first_block))
            self.has_imaginary |= tail.has_imaginary
            self.count += taken
            if taken == column.count:
                break
            column = column.part(taken, column.count)
        while self.count - self.dropped > self._max_count and len(self._chunks) > 1:
            self.drop_oldest_chunk()
        return has_grown

    def _add_chunk(self) -> None:
        if self._chunks:
            self._sealed_bytes += self._chunks[-1].nbytes
        self._chunks.append(ScalarChunk(self._kinds, 1 << self.chunk_bits))
        self._reached_ns.append(self._latest_ns)

    def _add_fences(self, times_ns: Ints) -> None:
        fences = self._fences
        if len(times_ns):
            before_ns = fences.view[-1] if fences.count else _LONG_AGO_NS
            fences.extend(np.maximum.accumulate(np.maximum(times_ns, before_ns)))

    def drop_oldest_chunk(self) -> None:
        """Let go of the oldest chunk, which is not the only one."""
        del self._reached_ns[0]
        oldest = self._chunks.pop(0)
        self._fences.drop_first(oldest.count >> BLOCK_BITS)
        self._sealed_bytes -= oldest.nbytes
        self.dropped += oldest.count

    def refresh(self) -> None:
        """Take what has come into what is drawn; the chunks before the last one are done."""
        if self._chunks:
            self._chunks[-1].refresh()

    # Captures

    def _place(self, number: int) -> tuple[ScalarChunk, int]:
        offset = number - self.dropped
        return self._chunks[offset >> self.chunk_bits], offset & ((1 << self.chunk_bits) - 1)

    def at(self, number: int) -> ScalarCapture:
        """Return one scalar, which is stored."""
        chunk, position = self._place(number)
        value = ScalarValue(*chunk.exact(position))
        seq, t_ns = chunk.seq.at(position), chunk.t_ns.at(position)
        return ScalarCapture(seq, t_ns, chunk.thread.at(position), value, number)

    def time_at(self, number: int) -> int:
        """Return the time of one scalar, which is stored."""
        chunk, position = self._place(number)
        return chunk.t_ns.at(position)

    def parts(self, start: int, stop: int) -> Iterator[tuple[ScalarChunk, int, int]]:
        """Yield the chunks that hold the scalars ``start`` up to ``stop``, and where in each."""
        size = 1 << self.chunk_bits
        while start < stop:
            chunk, position = self._place(start)
            taken = min(size - position, stop - start)
            yield chunk, position, position + taken
            start += taken

    def series(self, start: int, stop: int) -> ScalarSeries:
        """Return the scalars ``start`` up to ``stop``, all of them stored."""
        parts = list(self.parts(start, stop))
        return ScalarSeries(start, parts, has_imaginary=self.has_imaginary)

    # Many at once, by ascending numbers

    def _split(self, numbers: Ints, bits: int) -> Iterator[tuple[ScalarChunk, slice, int]]:
        """Yield each chunk that ascending numbers (in units of ``2 ** bits``) lie in.

        With it which of them these are, and the number of its first.
        """
        shift = self.chunk_bits - bits
        origin = self.dropped >> bits
        first, last = ((int(numbers[end]) - origin) >> shift for end in (0, -1))
        firsts = origin + (np.arange(first, last + 2) << shift)
        cuts = np.searchsorted(numbers, firsts)
        for index in (first + np.flatnonzero(np.diff(cuts))).tolist():
            rows = slice(int(cuts[index - first]), int(cuts[index - first + 1]))
            yield self._chunks[index], rows, int(firsts[index - first])

    def floats_at(self, numbers: Ints, part: Part) -> Floats:
        """Return the values of scalars in strictly ascending order, as float64."""
        values = np.empty(len(numbers))
        for chunk, rows, first in self._split(numbers, 0):
            values[rows] = chunk.take(numbers[rows] - first, part)
        return values

    def times_at(self, numbers: Ints) -> Ints:
        """Return the times of scalars in ascending order."""
        times_ns = np.empty(len(numbers), np.int64)
        for chunk, rows, first in self._split(numbers, 0):
            times_ns[rows] = chunk.t_ns.take(numbers[rows] - first)
        return times_ns

    def buckets_at(self, buckets: Ints, level: int, bits: int, part: Part) -> tuple[Floats, Floats]:
        """Return minimum and maximum of whole buckets of a level, in ascending order."""
        low, high = np.zeros(len(buckets)), np.zeros(len(buckets))
        for chunk, rows, first in self._split(buckets, bits):
            pyramid = chunk.pyramid(part)
            if pyramid is not None:
                positions = buckets[rows] - first
                low[rows] = pyramid.lows(level)[positions]
                high[rows] = pyramid.highs(level)[positions]
        return low, high

    # Times

    def index_at(self, t_ns: int) -> int:
        """Return the number of the first scalar after a time, or of the next one to come.

        Captures of several threads can stand in another order than their times: the first one that
        is younger counts, so that the past never changes.
        """
        index = int(np.searchsorted(self._reached(), t_ns, side="right")) - 1
        if index < 0:
            return self.dropped
        return self.dropped + (index << self.chunk_bits) + self._chunks[index].index_at(t_ns)

    def search_near(self, times_ns: Ints) -> Ints:
        """Return for each of ascending times a number less than 256 before what ``search`` says."""
        blocks = np.searchsorted(self._fences.view, times_ns) - 1
        return self.dropped + (np.maximum(blocks, 0) << BLOCK_BITS)

    def search(self, times_ns: Ints) -> Ints:
        """Return for each of ascending times the number of the first scalar not before it.

        Where the times of captures do not ascend, it may be one beside it.
        """
        numbers = self.search_near(times_ns)
        for chunk, rows, first in self._split(numbers, 0):
            numbers[rows] = first + chunk.t_ns.search(
                times_ns[rows], (numbers[rows] - first) >> BLOCK_BITS, chunk.count
            )
        return np.maximum.accumulate(numbers)

    def _reached(self) -> NDArray[np.int64]:
        return np.array(self._reached_ns, np.int64)
