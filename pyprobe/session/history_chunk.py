"""A piece of a scalar history: up to 131,072 captures in columns, with what is drawn of them."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.session.history_blocks import BLOCK_BITS, BlockSums, zero_blocks
from pyprobe.session.history_codes import CodedColumn
from pyprobe.session.history_offsets import OffsetColumn
from pyprobe.session.history_records import Part
from pyprobe.session.pyramid import FIRST_BITS, Pyramid
from pyprobe.session.values import Scalar

CHUNK_BITS = 17
_GROWTH_BITS = 4
_FIRST_CAPACITY = 256
_PENDING = 8192  # values that wait until they are taken into the pyramid, for speed

Floats = NDArray[np.float64]


class KindTable:
    """The kinds and dtypes that have come, by the codes that stand for them in chunks."""

    def __init__(self) -> None:
        self.entries: list[tuple[ValueKind, str]] = []
        self._codes: dict[tuple[ValueKind, str], int] = {}

    def code(self, kind: ValueKind, dtype: str) -> int:
        """Return the code of a kind."""
        code = self._codes.setdefault((kind, dtype), len(self.entries))
        if code == len(self.entries):
            self.entries.append((kind, dtype))
        return code

    @property
    def has_rounded_ints(self) -> bool:
        """Whether ints have come that were too large for 64 bits with a sign, as floats."""
        return any(
            kind is ValueKind.FLOAT and dtype.startswith(("int", "uint"))
            for kind, dtype in self.entries
        )

    def is_real(self, codes: NDArray[Any]) -> NDArray[np.bool_]:
        """Return for each code whether its values are kept as floats, not as ints."""
        real = (ValueKind.FLOAT, ValueKind.COMPLEX)
        is_real: NDArray[np.bool_] = np.array([kind in real for kind, _ in self.entries])[codes]
        return is_real


class _Drawn:
    """What is drawn and measured of one part of a chunk."""

    def __init__(self) -> None:
        self.pyramid = Pyramid()
        self.blocks = BlockSums()

    def reserve(self, capacity: int) -> None:
        self.pyramid.reserve(capacity)
        self.blocks.reserve(capacity)


class ScalarChunk:
    """Captures in order. ``bits`` holds floats as they are, ints and bools as 64-bit integers."""

    def __init__(self, kinds: KindTable, most: int) -> None:
        self._kinds = kinds
        self.most = most
        self.count = 0
        self.seq = OffsetColumn()
        self.t_ns = OffsetColumn()
        self.thread = CodedColumn()
        self.kind = CodedColumn()
        self._capacity = 0
        self._is_ordered = True
        self._bits: NDArray[np.uint64] = np.empty(0, np.uint64)
        self._imag: Floats | None = None
        self._drawn: dict[Part, _Drawn] = {"re": _Drawn()}

    @property
    def nbytes(self) -> int:
        """Bytes of memory held; what is reserved and has never been written takes none."""
        columns = (self.seq, self.t_ns, self.thread, self.kind)
        values = self.count * (8 if self._imag is None else 16)
        drawn = sum(part.pyramid.nbytes + part.blocks.nbytes for part in self._drawn.values())
        return values + drawn + sum(column.nbytes for column in columns)

    @property
    def has_imaginary(self) -> bool:
        """Whether any of its values is complex."""
        return self._imag is not None

    @property
    def has_rounded_ints(self) -> bool:
        """Whether its history has any ints that are kept as floats."""
        return self._kinds.has_rounded_ints

    @property
    def is_full(self) -> bool:
        """Whether there is no more room."""
        return self.count == self.most

    def append(self, column: Column, latest_ns: int) -> tuple[int, int]:
        """Store as many captures of a column as there is room for.

        ``latest_ns`` is the latest time of any capture before. Returns how many were stored, and
        the latest time now.
        """
        taken = min(column.count, self.most - self.count)
        if taken < column.count:
            column = column.part(0, taken)
        start, stop = self.count, self.count + taken
        if stop > self._capacity:
            self._grow(stop)
        t_ns = column.t_ns
        newest_ns = int(t_ns[-1])
        ascends = bool(t_ns[0] >= latest_ns) and bool((t_ns[1:] >= t_ns[:-1]).all())
        if not ascends:
            self._is_ordered = False
            newest_ns = max(latest_ns, int(np.max(t_ns)))
        self.seq.extend(column.seq, ascend=True)
        self.t_ns.extend(t_ns, ascend=ascends and self._is_ordered)
        self.thread.extend(column.thread, self._capacity)
        code = self._kinds.code(column.kind, column.dtype)
        self.kind.extend_by(code, taken, self._capacity)
        self._store(start, stop, column)
        self.count = stop
        if stop == self.most or stop - self._drawn["re"].pyramid.count >= _PENDING:
            self.refresh()
        return taken, newest_ns

    def _grow(self, needed: int) -> None:
        capacity = max(self._capacity, min(_FIRST_CAPACITY, self.most))
        while capacity < needed:
            capacity = min(capacity << _GROWTH_BITS, self.most)
        self._capacity = capacity
        self._bits = _enlarged(self._bits, capacity, self.count)
        if self._imag is not None:
            self._imag = _enlarged(self._imag, capacity, self.count)
        self.seq.reserve(capacity)
        self.t_ns.reserve(capacity)
        for drawn in self._drawn.values():
            drawn.reserve(capacity)

    def _store(self, start: int, stop: int, column: Column) -> None:
        values: NDArray[Any] = column.values
        if column.kind is ValueKind.COMPLEX:
            if self._imag is None:
                self._imag = np.zeros(self._capacity)
                self._drawn["im"] = _Drawn()
                self._drawn["im"].reserve(self._capacity)
            self._imag[start:stop] = values.imag
            values = values.real
        elif self._imag is not None:
            self._imag[start:stop] = 0.0
        is_real = column.kind in (ValueKind.FLOAT, ValueKind.COMPLEX)
        self._bits.view(np.float64 if is_real else np.int64)[start:stop] = values

    def refresh(self) -> None:
        """Take all whole buckets into what is drawn."""
        for part, drawn in self._drawn.items():
            stop = self.count >> FIRST_BITS << FIRST_BITS
            if stop > drawn.pyramid.count:
                drawn.pyramid.extend(self.floats(drawn.pyramid.count, stop, part))
            stop = self.count >> BLOCK_BITS << BLOCK_BITS
            if stop > drawn.blocks.count:
                drawn.blocks.extend(self.floats(drawn.blocks.count, stop, part))

    def pyramid(self, part: Part) -> Pyramid | None:
        """Return the extremes of a part; ``None`` where it is zero everywhere."""
        drawn = self._drawn.get(part)
        return drawn.pyramid if drawn is not None else None

    def blocks(self, first: int, last: int, part: Part) -> Floats:
        """Return counts, means and standard deviations of blocks ``first`` up to ``last``."""
        drawn = self._drawn.get(part)
        return drawn.blocks.of(first, last) if drawn is not None else zero_blocks(last - first)

    def index_at(self, t_ns: int) -> int:
        """Return the position of the first capture after a time."""
        if self._is_ordered:
            block = np.array([self.t_ns.block_of(t_ns + 1, self.count)])
            return int(self.t_ns.search(np.array([t_ns + 1]), block, self.count)[0])
        younger = self.t_ns.values(0, self.count) > t_ns
        return int(np.argmax(younger)) if younger.any() else self.count

    def floats(self, start: int, stop: int, part: Part = "re") -> Floats:
        """Return values as float64, bools and ints widened; a view where nothing is to be done."""
        if part == "im":
            return self._imag[start:stop] if self._imag is not None else np.zeros(stop - start)
        bits = self._bits[start:stop]
        only = self.kind.only
        if only is not None:
            is_real = self._kinds.entries[only][0] in (ValueKind.FLOAT, ValueKind.COMPLEX)
            return bits.view(np.float64) if is_real else bits.view(np.int64).astype(np.float64)
        is_real_at = self._kinds.is_real(self._kind_codes(start, stop))
        return np.where(is_real_at, bits.view(np.float64), bits.view(np.int64).astype(np.float64))

    def wholes(self, start: int, stop: int) -> NDArray[np.int64] | None:
        """Return ints and bools as they are kept; ``None`` where there are others among them."""
        only = self.kind.only
        codes = self._kind_codes(start, stop) if only is None else np.array([only])
        is_real = bool(self._kinds.is_real(codes).any())
        return None if is_real else self._bits[start:stop].view(np.int64)

    def _kind_codes(self, start: int, stop: int) -> NDArray[Any]:
        return self.kind.values(start, stop).astype(np.intp)

    def take(self, positions: NDArray[np.int64], part: Part) -> Floats:
        """Return the values at ascending positions as float64."""
        first, last = int(positions[0]), int(positions[-1]) + 1
        near = self.floats(first, last, part)
        return near if len(near) == len(positions) else near[positions - first]

    def columns(self, probe_id: int, start: int, stop: int) -> Iterator[Column]:
        """Yield the captures of a range as they came, in columns of one kind each."""
        codes = self._kind_codes(start, stop)
        cuts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), stop - start]
        for first, last in pairwise(cuts):
            kind, dtype = self._kinds.entries[int(codes[first])]
            rows = start + first, start + last
            yield Column(
                probe_id,
                kind,
                dtype,
                self.seq.values(*rows),
                self.t_ns.values(*rows),
                self.thread.values(*rows),
                self._values_of(kind, *rows),
            )

    def _values_of(self, kind: ValueKind, start: int, stop: int) -> NDArray[Any]:
        bits = self._bits[start:stop]
        if kind is ValueKind.COMPLEX:
            return bits.view(np.float64) + 1j * self.floats(start, stop, "im")
        if kind is ValueKind.FLOAT:
            return bits.view(np.float64)
        return bits.view(np.int64) != 0 if kind is ValueKind.BOOL else bits.view(np.int64)

    def exact(self, position: int) -> tuple[Scalar, ValueKind, str]:
        """Return one value as it was captured, its kind and its dtype."""
        kind, dtype = self._kinds.entries[self.kind.at(position)]
        bits = self._bits[position : position + 1]
        if kind is ValueKind.FLOAT:
            return float(bits.view(np.float64)[0]), kind, dtype
        if kind is ValueKind.COMPLEX:
            imag = self._imag[position] if self._imag is not None else 0.0
            return complex(float(bits.view(np.float64)[0]), float(imag)), kind, dtype
        whole = int(bits.view(np.int64)[0])
        return (whole != 0 if kind is ValueKind.BOOL else whole), kind, dtype


def _enlarged(data: NDArray[Any], capacity: int, stored: int) -> NDArray[Any]:
    larger = np.empty(capacity, data.dtype)
    larger[:stored] = data[:stored]
    return larger
