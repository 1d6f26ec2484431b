"""One history's arrays, or its texts: the newest in memory, older ones on disk."""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Generic, NamedTuple, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.column_reader import Column
from pyprobe.session.array_store import ArrayStore
from pyprobe.session.array_store_codec import ItemCodec
from pyprobe.session.array_store_file import Buffer
from pyprobe.session.growing import GrowingArray
from pyprobe.session.history_columns import column_of
from pyprobe.session.history_records import Capture, CaptureGoneError
from pyprobe.session.values import Value

RawT = TypeVar("RawT")
V = TypeVar("V", bound=Value)

_GROUP_BYTES = 1 << 20
_ROW = np.dtype(
    "i8,i8,i8,i8,u8,i8,i8",
)
_ROW.names = ("number", "seq", "t_ns", "reached_ns", "thread", "offset", "nbytes")
_CACHED = 2  # captures that stay the same objects while they are asked for: newest, and chosen
_LONG_AGO_NS = -(1 << 63)


class _Item(NamedTuple, Generic[RawT]):
    """A capture in memory. ``reached_ns`` is the latest time up to it, over all threads."""

    number: int
    seq: int
    t_ns: int
    reached_ns: int
    thread: int
    nbytes: int
    raw: RawT


class _Group(NamedTuple):
    """Captures that were stored at once, and are let go at once."""

    offset: int
    nbytes: int
    items: int


class ItemSeries(Generic[RawT, V]):
    """Captures numbered from 0 over all ever appended. Those on disk are older than the others."""

    def __init__(self, codec: ItemCodec[RawT, V], disk: ArrayStore) -> None:
        self.count = 0
        self.dropped = 0
        self._codec = codec
        self._disk = disk
        self._recent: deque[_Item[RawT]] = deque()
        self._recent_bytes = 0
        self._rows = GrowingArray(_ROW)
        self._gone_rows = 0  # at the front of _rows, removed when they are many
        self._groups: deque[_Group] = deque()
        self._reached_ns = _LONG_AGO_NS
        self._cached: dict[int, Capture[V]] = {}

    @property
    def recent_bytes(self) -> int:
        """Bytes of memory they take, about."""
        return self._recent_bytes

    def append(self, column: Column, raws: Sequence[RawT]) -> int:
        """Take in a column's captures; return how many bytes of memory they take."""
        times = (column.seq.tolist(), column.t_ns.tolist(), column.thread.tolist())
        memory_bytes = self._codec.memory_bytes
        total, number, reached_ns = 0, self.count, self._reached_ns
        for seq, t_ns, thread, raw in zip(*times, raws, strict=True):
            nbytes = memory_bytes(raw)
            reached_ns = max(reached_ns, t_ns)
            self._recent.append(_Item(number, seq, t_ns, reached_ns, thread, nbytes, raw))
            number += 1
            total += nbytes
        self.count, self._reached_ns = number, reached_ns
        self._recent_bytes += total
        return total

    # From memory to disk, and away

    def spill(self, most: int, wanted_bytes: int) -> tuple[int, int]:
        """Move the oldest in memory to disk, at most ``most`` of them and never the newest.

        It stops when ``wanted_bytes`` of memory are free. What the disk does not take is let go.
        Returns how many have gone from memory, and their bytes.
        """
        count = freed = 0
        while count < most and freed < wanted_bytes and len(self._recent) > 1:
            group: list[_Item[RawT]] = []
            group_bytes = 0
            while count < most and freed < wanted_bytes and len(self._recent) > 1:
                if group and group_bytes + self._recent[0].nbytes > _GROUP_BYTES:
                    break
                item = self._recent.popleft()
                group.append(item)
                group_bytes += item.nbytes
                count, freed = count + 1, freed + item.nbytes
            self._recent_bytes -= group_bytes
            self._store(group)
        return count, freed

    def _store(self, group: list[_Item[RawT]]) -> None:
        if not self._disk.keeps_up_with(sum(item.nbytes for item in group)):
            self.dropped += len(group)
            return
        packed = [(item, self._codec.pack(item.raw)) for item in group] if self._disk.is_on else []
        kept = [(item, buffers) for item, buffers in packed if buffers is not None]
        sizes = [sum(map(len, buffers)) for _, buffers in kept]
        buffers: tuple[Buffer, ...] = tuple(buffer for _, parts in kept for buffer in parts)
        if len(buffers) == len(kept) > 1:
            buffers = (b"".join(buffers),)  # small ones, copied already
        offset = self._disk.put(self, buffers, sum(sizes))
        if offset is None:
            self.dropped += len(group)
            return
        self.dropped += len(group) - len(kept)
        rows = np.array([(*item[:5], 0, 0) for item, _ in kept], _ROW)
        rows["nbytes"] = sizes
        rows["offset"] = offset + np.cumsum(sizes) - sizes
        self._rows.extend(rows)
        self._groups.append(_Group(offset, sum(sizes), len(kept)))

    def drop_oldest(self) -> bool:
        """Let go of what was stored first, and free it; False when there is nothing."""
        if not self._groups:
            return False
        group = self._groups.popleft()
        self._disk.free(group.offset, group.nbytes)
        self.dropped += group.items
        self._gone_rows += group.items
        if self._gone_rows > 1024 and self._gone_rows * 2 > self._rows.count:
            self._rows.drop_first(self._gone_rows)
            self._gone_rows = 0
        return True

    def lose(self, offset: int) -> None:
        """Let go of what was stored at an offset, and free it: it could not be written."""
        index = next(at for at, group in enumerate(self._groups) if group.offset == offset)
        first = self._gone_rows + sum(group.items for group in islice(self._groups, index))
        group = self._groups[index]
        del self._groups[index]
        left = np.delete(self._rows.view, np.arange(first, first + group.items))
        self._rows = GrowingArray(_ROW)  # a new one, as views of the old one stay
        self._rows.extend(left)
        self.dropped += group.items
        self._disk.free(group.offset, group.nbytes)

    def close(self) -> None:
        """Let go of everything, on disk and in memory, uncounted."""
        self._recent.clear()
        self._recent_bytes = 0
        self._cached.clear()
        self.lose_stored()

    def lose_stored(self) -> None:
        """Let go of everything on disk."""
        while self.drop_oldest():
            pass

    # What is read

    @property
    def rows(self) -> NDArray[Any]:
        """Where and when those on disk are, oldest first."""
        return self._rows.view[self._gone_rows :]

    def number_at(self, t_ns: int) -> int:
        """Return the number of the first capture after a time, or of the next one to come."""
        rows = self.rows
        if not self._recent or self._recent[0].reached_ns > t_ns:
            index = int(np.searchsorted(rows["reached_ns"], t_ns, side="right"))
            if index:
                return int(rows["number"][index - 1]) + 1
            oldest = rows["number"][0] if len(rows) else self.count - len(self._recent)
            return int(oldest)
        low, high = 1, len(self._recent)
        while low < high:
            middle = (low + high) // 2
            is_before = self._recent[middle].reached_ns <= t_ns
            low, high = (middle + 1, high) if is_before else (low, middle)
        return self._recent[low - 1].number + 1

    def before(self, number: int) -> Capture[V] | None:
        """Return the newest capture with a smaller number."""
        found = self._newest_before(number)
        if found is None:
            return None
        return self.capture(found) if isinstance(found, _Item) else self.read(found)

    def time_before(self, number: int) -> int | None:
        """Return the time of the newest capture with a smaller number."""
        found = self._newest_before(number)
        if found is None:
            return None
        return found.t_ns if isinstance(found, _Item) else int(found["t_ns"])

    def time_from(self, number: int) -> int | None:
        """Return the time of the oldest capture with this number or a larger one."""
        rows = self.rows
        index = int(np.searchsorted(rows["number"], number))
        if index < len(rows):
            return int(rows["t_ns"][index])
        index = max(number - (self.count - len(self._recent)), 0)
        return self._recent[index].t_ns if index < len(self._recent) else None

    def _newest_before(self, number: int) -> _Item[RawT] | NDArray[Any] | None:
        index = min(number, self.count) - (self.count - len(self._recent))
        if index > 0:
            return self._recent[index - 1]
        rows = self.rows
        index = int(np.searchsorted(rows["number"], number))
        row: NDArray[Any] | None = rows[index - 1] if index else None
        return row

    def sequence(self, stop: int) -> "ItemSequence[RawT, V]":
        """Return the captures numbered below ``stop`` that are kept."""
        rows = self.rows
        first_recent = self.count - len(self._recent)
        if stop <= first_recent:
            rows = rows[: int(np.searchsorted(rows["number"], stop))]
        recent = tuple(islice(self._recent, max(stop - first_recent, 0)))
        return ItemSequence(self, rows, recent)

    def columns(self, probe_id: int, start: int, stop: int) -> Iterator[Column]:
        """Yield the captures numbered ``start`` up to ``stop`` that are kept, each as a column."""
        rows = self.rows
        rows = rows[np.searchsorted(rows["number"], start) : np.searchsorted(rows["number"], stop)]
        for row in rows:
            yield column_of(probe_id, self.read(row))
        for item in list(self._recent):
            if start <= item.number < stop:
                yield column_of(probe_id, self.capture(item))

    def capture(self, item: _Item[RawT]) -> Capture[V]:
        """Return a capture that is in memory."""
        found = self._cached.get(item.number)
        if found is None:
            value = self._codec.value(item.raw)
            found = Capture(item.seq, item.t_ns, item.thread, value)
            self._keep(item.number, found)
        return found

    def read(self, row: NDArray[Any]) -> Capture[V]:
        """Return a capture that is on disk.

        Raises:
            CaptureGoneError: it was let go meanwhile, or cannot be read.
        """
        number, seq, t_ns, _, thread, offset, nbytes = row.tolist()
        found = self._cached.get(number)
        if found is None:
            numbers = self.rows["number"]
            index = int(np.searchsorted(numbers, number))
            if index == len(numbers) or numbers[index] != number:
                raise CaptureGoneError("this capture has been let go meanwhile")
            try:
                data = self._disk.read(offset, nbytes)
            except OSError as error:
                raise CaptureGoneError(f"this capture cannot be read from disk: {error}") from error
            found = Capture(seq, t_ns, thread, self._codec.unpack(data))
            self._keep(number, found)
        return found

    def _keep(self, number: int, capture: Capture[V]) -> None:
        if len(self._cached) >= _CACHED:
            del self._cached[next(iter(self._cached))]
        self._cached[number] = capture


class ItemSequence(Sequence[Capture[V]], Generic[RawT, V]):
    """Captures that are read when they are indexed, oldest first. Raises what ``read`` raises."""

    def __init__(
        self,
        series: ItemSeries[RawT, V],
        rows: NDArray[Any],
        recent: tuple[_Item[RawT], ...],
        *,
        chosen: range | None = None,
    ) -> None:
        self._series = series
        self._rows = rows
        self._recent = recent
        self._chosen = chosen if chosen is not None else range(len(rows) + len(recent))

    def __len__(self) -> int:
        return len(self._chosen)

    @overload
    def __getitem__(self, index: int) -> Capture[V]: ...
    @overload
    def __getitem__(self, index: slice) -> "ItemSequence[RawT, V]": ...
    def __getitem__(self, index: int | slice) -> "Capture[V] | ItemSequence[RawT, V]":
        if isinstance(index, slice):
            chosen = self._chosen[index]
            return ItemSequence(self._series, self._rows, self._recent, chosen=chosen)
        at = self._chosen[index]
        if at < len(self._rows):
            return self._series.read(self._rows[at])
        return self._series.capture(self._recent[at - len(self._rows)])

    @property
    def t_ns(self) -> NDArray[np.int64]:
        """The times of all, without reading any."""
        recent = np.array([item.t_ns for item in self._recent], np.int64)
        times_ns = np.concatenate([self._rows["t_ns"], recent])
        return times_ns[np.array(self._chosen, np.intp)]
