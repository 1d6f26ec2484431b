"""A shared-memory ring in one file, for large arrays: the target writes, the front end reads.

On Linux the file never has a name: the target opens it through the front end's ``/proc`` entry.
Elsewhere the front end removes the name as soon as the target has opened the file. So nothing is
left behind, whoever is killed.

Positions count bytes from the ring's beginning and only ever grow; a slot lies at
``position % size`` and never wraps. The writer goes on to the next free place, past slots that
are still held, and begins again at the front early: few pages are touched, and these stay in the
processor's cache.

Layout: a header of 4096 bytes (native unsigned 64-bit words: magic, version, size, written, what
the target is busy with, whether it has left, where the rest lies that it could not send, and the
signal that ends what it is busy with), then ``size`` bytes of slots. Before each slot's data stands
its stamp, a word that is ``position + 1`` while the slot is in use and 0 once the reader has
released it. So slots may be released in any order: threads that capture at the same time send them
in any order, and a front end looks at the newest arrays where they lie, without a copy.
"""

import os
from _thread import allocate_lock, get_ident
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Collection
from weakref import ref

from pyprobe.errors import ProtocolError
from pyprobe.ipc.buffer_pool import BufferPool
from pyprobe.ipc.piecewise import copy_pieces, pieces_of
from pyprobe.ipc.ring_file import (
    ALIGNMENT,
    BUSY_AT,
    CAPTURED_AT,
    HEADER_BYTES,
    LEFT_AT,
    MAGIC,
    MAGIC_AT,
    REST_AT,
    REST_BYTES_AT,
    SIGNAL_AT,
    SIZE_AT,
    SMALLEST_RING_BYTES,
    STAMP_BYTES,
    VERSION,
    VERSION_AT,
    WRITTEN_AT,
    RingError,
    RingMapping,
    aligned,
    create_ring_file,
    remove_ring_file,
)

DEFAULT_RING_BYTES = 64 << 20
WARM_BYTES = 4 << 20
_WORD_BYTES = 8

__all__ = [
    "DEFAULT_RING_BYTES",
    "SMALLEST_RING_BYTES",
    "RingError",
    "RingReader",
    "RingWriter",
    "Slot",
]


class Slot:
    """A reserved piece of the ring: fill ``view``, then send ``[position, size]``."""

    __slots__ = ("position", "size", "view")

    def __init__(self, position: int, size: int, view: memoryview) -> None:
        self.position = position
        self.size = size
        self.view = view


class RingWriter:
    """The target's side: opens the file that the front end has made.

    ``wait_for_room(nbytes) -> bool`` may be set: it is called where there is no room and returns
    True to try again (the lossless policy). Without it ``reserve`` returns None, counted in
    ``no_room``.

    Raises:
        RingError: the file is not such a ring.
    """

    def __init__(self, path: str, size: int) -> None:
        try:
            descriptor = os.open(path, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
            try:
                if os.fstat(descriptor).st_size != HEADER_BYTES + size:
                    raise RingError(f"{path} does not have the size of a ring of {size} bytes")
                self._mapping = RingMapping(descriptor, size)
            finally:
                os.close(descriptor)
        except (OSError, ValueError, TypeError) as error:
            raise RingError(f"the ring {path} cannot be opened: {error}") from error
        words = self._mapping.words
        if (words[MAGIC_AT], words[VERSION_AT], words[SIZE_AT]) != (MAGIC, VERSION, size):
            raise RingError(f"{path} is not a ring of this version")
        self.size = size
        self.no_room = 0
        self.wait_for_room: Callable[[int], bool] | None = None
        self._written = words[WRITTEN_AT]
        self._in_use: list[int] = []  # offsets of slots, ascending; some may be released
        self._ends: dict[int, int] = {}  # offset to the offset after the slot
        self._takers: dict[int, int] = {}  # offset to the thread that has reserved the slot
        self._next = 0
        self._mapped = 0  # bytes from the front whose pages have been mapped
        self._since_front = 0  # bytes placed since the front was last tried
        self._lock = allocate_lock()
        self._owner = 0

    def show_busy(self, number: int) -> None:
        """Let others see what the target is busy with: a number, 0 for nothing."""
        self._mapping.words[BUSY_AT] = number

    def show_signal(self, number: int) -> None:
        """Let others see which signal ends what the target is busy with, 0 for none."""
        self._mapping.words[SIGNAL_AT] = number

    def show_left(self) -> None:
        """Let others see that the target knows the front end to be gone, and needs no help."""
        self._mapping.words[LEFT_AT] = 1

    def leave_rest(self, rest: bytes, captured: int) -> None:
        """Leave what the pipe cannot take any more, and how many captures there were in all.

        Where there is no room for it, it is lost.
        """
        words = self._mapping.words
        slot = self.write(rest) if 0 < len(rest) <= self.largest else None
        if slot is not None:
            words[REST_AT], words[REST_BYTES_AT] = slot.position, slot.size
        words[CAPTURED_AT] = captured
        self.show_left()

    @property
    def largest(self) -> int:
        """The most bytes one slot may take: so that two fit at once."""
        return self.size // 2 - STAMP_BYTES

    def reserve(self, nbytes: int) -> Slot | None:
        """Return a slot of ``nbytes`` (1 to ``largest``), or None if there is no room."""
        while True:
            slot = self._reserve_now(nbytes)
            if slot is not None:
                return slot
            wait = self.wait_for_room
            if wait is None or nbytes > self.largest or not wait(nbytes):
                self.no_room += 1
                return None

    def write(self, data: bytes | bytearray | memoryview) -> Slot | None:
        """Copy contiguous bytes into a new slot; None if there is no room."""
        view = memoryview(data).cast("B")
        slot = self.reserve(len(view))
        if slot is not None:
            copy_pieces(slot.view, view, pieces_of(len(view)))
            slot.view.release()
        return slot

    def forget(self, position: int, size: int) -> None:
        """Free a slot whose message was dropped before it was sent."""
        stamp = self._mapping.stamp_at(position)
        if size and self._mapping.stamps[stamp] == position + 1:
            self._mapping.stamps[stamp] = 0

    @property
    def written(self) -> int:
        """The position up to which slots have been reserved."""
        return self._written

    def give_back(self, since: int, but: Collection[int]) -> None:
        """Free the slots that this thread has reserved from a position on, but for some.

        For a hit that was broken off: what it has not sent nobody else would free.
        """
        thread, stamps = get_ident(), self._mapping.stamps
        for offset, taker in list(self._takers.items()):
            position = stamps[offset // _WORD_BYTES] - 1
            if taker == thread and position >= since and position not in but:
                stamps[offset // _WORD_BYTES] = 0

    def free_bytes(self) -> int:
        """How much is free now, in total; a slot can need a little more, since it never wraps."""
        with self._lock:
            stamps = self._mapping.stamps
            used = [offset for offset in self._in_use if stamps[offset // _WORD_BYTES]]
            return self.size - sum(self._ends[offset] - offset for offset in used)

    def close(self) -> None:
        """Unmap; harmless when done already. Also right in a forked child."""
        self._mapping.close()

    def _reserve_now(self, nbytes: int) -> Slot | None:
        thread = get_ident()
        if self._owner == thread:
            return None  # a signal handler of the program, inside our own bookkeeping
        with self._lock:
            self._owner = thread
            try:
                return self._place(nbytes)
            finally:
                self._owner = 0

    def _place(self, nbytes: int) -> Slot | None:
        need = STAMP_BYTES + aligned(nbytes)
        offset = self._find(need)
        if offset is None:
            return None
        mapping, ends = self._mapping, self._ends
        stop = offset + need
        if stop > self._mapped:
            mapping.map_pages(self._mapped, stop)
            self._mapped = stop
        lap, at = divmod(self._written, self.size)
        begin = (lap + (offset < at)) * self.size
        start = offset + STAMP_BYTES
        position = begin + start
        slot = Slot(position, nbytes, mapping.data[start : start + nbytes])
        is_new = offset not in ends
        # A signal handler of the program may raise after each call: there must be an end for
        # whatever is in use, and what has no stamp yet is as good as released. Where the stamp
        # will be may be data of an earlier array.
        mapping.stamps[offset // _WORD_BYTES] = 0
        ends[offset], self._takers[offset] = stop, get_ident()
        if is_new:
            insort(self._in_use, offset)
        self._next = stop
        self._written = mapping.words[WRITTEN_AT] = begin + stop
        mapping.stamps[offset // _WORD_BYTES] = position + 1
        return slot

    def _find(self, need: int) -> int | None:
        """Return where ``need`` bytes are free: after the last slot, or again near the front."""
        self._since_front += need
        offset = None
        if self._since_front <= WARM_BYTES:
            offset = self._first_free(self._next, need)
        if offset is None:
            self._since_front = need
            offset = self._first_free(0, need)
        return offset

    def _first_free(self, offset: int, need: int) -> int | None:
        """Return the first free place from ``offset`` on; forget slots released meanwhile."""
        in_use, ends, stamps = self._in_use, self._ends, self._mapping.stamps
        index = bisect_left(in_use, offset)
        while offset + need <= self.size:
            if index == len(in_use) or in_use[index] >= offset + need:
                return offset
            other = in_use[index]
            if stamps[other // _WORD_BYTES]:
                offset = ends[other]
                index += 1
            elif other == offset and ends[other] == offset + need:
                return offset  # the very place again, as where arrays are alike
            else:
                del in_use[index], ends[other], self._takers[other]
        return None


class RingReader:
    """The front end's side: creates the file, reads slots and releases them.

    Where the wanted size cannot be had, half of it is tried, and so on; see ``size``.

    Raises:
        RingError: there is no room for even the smallest ring.
    """

    def __init__(self, size: int = DEFAULT_RING_BYTES, *, folder: str | None = None) -> None:
        self.path, self._descriptor, self.size = create_ring_file(aligned(size), folder)
        self._mapping = RingMapping(self._descriptor, self.size)
        words = self._mapping.words
        words[VERSION_AT], words[SIZE_AT] = VERSION, self.size
        words[MAGIC_AT] = MAGIC
        self._closed = False
        self._held: dict[tuple[int, int], ref[memoryview]] = {}
        self._held_bytes = 0
        self._freed: deque[int] = deque()
        self._pool = BufferPool()

    @property
    def busy(self) -> int:
        """What the target is busy with, as a number that it has chosen; 0 for nothing."""
        return 0 if self._closed else self._mapping.words[BUSY_AT]

    @property
    def signal(self) -> int:
        """The signal that ends what the target is busy with; 0 for none."""
        return 0 if self._closed else self._mapping.words[SIGNAL_AT]

    @property
    def has_left(self) -> bool:
        """Whether the target has given up the pipe, and has said so here."""
        return not self._closed and bool(self._mapping.words[LEFT_AT])

    def take_rest(self) -> tuple[bytes, int]:
        """Return what the pipe could not take any more, and the number of captures in all.

        Raises:
            ProtocolError: there can be no such slot.
        """
        words = self._mapping.words
        nbytes, words[REST_BYTES_AT] = words[REST_BYTES_AT], 0
        return self.read(words[REST_AT], nbytes) if nbytes else b"", words[CAPTURED_AT]

    @property
    def descriptor(self) -> int:
        """A descriptor of the file, for a process that looks at its header; -1 once closed."""
        return self._descriptor

    def view(self, position: int, size: int) -> memoryview:
        """Return a read-only view of a slot; release the view before the slot.

        Raises:
            ProtocolError: there can be no such slot.
        """
        self._check(position, size)
        offset = position % self.size
        return self._mapping.data[offset : offset + size].toreadonly()

    def take(self, position: int, size: int) -> bytes | memoryview:
        """Return a slot's data where it lies; the slot is released when it is looked at no more.

        Once much of the ring is held in this way, the data is copied and the slot released at
        once: the writer must never wait for a front end that only keeps looking.

        Raises:
            ProtocolError: there can be no such slot.
        """
        while self._freed:
            self._held_bytes -= self._freed.popleft()
        if self._held_bytes + size > self.size // 8 * 5:
            with self.view(position, size) as view:
                data = self._pool.copy(view)
            self.release(position, size)
            return data
        view = self.view(position, size)
        key = (position, size)
        if key in self._held:
            raise ProtocolError(f"the slot at {position} of the ring was sent twice")
        self._held_bytes += size
        self._held[key] = ref(view, lambda _: self._let_go(key))
        return view

    def _let_go(self, key: tuple[int, int]) -> None:
        """Nobody looks at a slot any more; may be called in the midst of anything."""
        self._held.pop(key, None)
        self._freed.append(key[1])
        if not self._closed:
            self._mapping.stamps[self._mapping.stamp_at(key[0])] = 0

    def read(self, position: int, size: int) -> bytes:
        """Copy a slot out and release it.

        Raises:
            ProtocolError: there can be no such slot.
        """
        with self.view(position, size) as view:
            data = bytes(view)
        self.release(position, size)
        return data

    def release(self, position: int, size: int) -> None:
        """Give a slot back.

        Raises:
            ProtocolError: there can be no such slot.
        """
        self._check(position, size)
        self._mapping.stamps[self._mapping.stamp_at(position)] = 0

    def remove_name(self) -> None:
        """Take the file's name away; both mappings stay. Windows does so only in ``close``.

        A file that never had one can be opened through our descriptor until ``close``.
        """
        remove_ring_file(self.path)

    def close(self) -> None:
        """Unlink and unmap (the latter when the last data taken is let go); harmless when done."""
        if not self._closed:
            self._closed = True
            os.close(self._descriptor)
            self._descriptor = -1
            self.remove_name()
            self._mapping.discard_all_but([(at % self.size, size) for at, size in self._held])
            self._mapping.close()

    def _check(self, position: int, size: int) -> None:
        if type(position) is not int or type(size) is not int or self._closed:
            raise ProtocolError("a slot is two whole numbers in an open ring")
        fits = 0 < size <= self.size and position % self.size + size <= self.size
        begun = position >= STAMP_BYTES and position + size <= self._mapping.words[WRITTEN_AT]
        if not fits or not begun or position % ALIGNMENT:
            raise ProtocolError(f"no slot of {size} bytes at {position} in the ring")
        if self._mapping.stamps[self._mapping.stamp_at(position)] != position + 1:
            raise ProtocolError(f"the slot at {position} of the ring is not in use")
