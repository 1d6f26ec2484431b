"""Copies large data into memory that is used again: fresh memory costs more than the copy itself.

A piece of a mebibyte takes 0.4 ms in fresh memory, nearly all of it for the system to provide the
pages, and 0.05 ms in memory that has been used before.
"""

from collections import deque
from weakref import ref

MOST_POOLED_BYTES = 32 << 20


class BufferPool:
    """Gives read-only copies, and takes their memory back with the last use of each."""

    def __init__(self, most_bytes: int = MOST_POOLED_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._free: dict[int, deque[bytearray]] = {}
        self._lent: dict[int, ref[memoryview]] = {}

    def copy(self, source: memoryview) -> bytes | memoryview:
        """Return a copy of contiguous bytes; in fresh memory where too much is lent already."""
        buffer = self._buffer(len(source))
        if buffer is None:
            return bytes(source)
        with memoryview(buffer) as writable:
            writable[:] = source
        view = memoryview(buffer).toreadonly()
        key = id(buffer)
        self._lent[key] = ref(view, lambda _: self._take_back(key, buffer))
        return view

    def _take_back(self, key: int, buffer: bytearray) -> None:
        """The last use is over; may be called in the midst of anything."""
        self._lent.pop(key, None)
        self._free.setdefault(len(buffer), deque()).append(buffer)

    def _buffer(self, size: int) -> bytearray | None:
        free = self._free.get(size)
        try:
            if free:
                return free.pop()
        except IndexError:  # another thread was faster
            pass
        if self._bytes + size > self._most_bytes:
            self._let_go_of_other_sizes()
        if self._bytes + size > self._most_bytes:
            return None
        self._bytes += size
        return bytearray(size)

    def _let_go_of_other_sizes(self) -> None:
        for size in list(self._free):
            free = self._free.pop(size)
            self._bytes -= size * len(free)
