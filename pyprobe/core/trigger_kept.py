"""KeptCaptures: the newest captures from before a trigger, held back in the target."""

from collections import deque

from pyprobe.core.capture_log import Extend
from pyprobe.core.gate import Gate
from pyprobe.ipc.packed import PackedArray, PackedText, PackedTree

KEPT_LIMIT_BYTES = 12 << 20  # below what may wait for the pipe
_ENTRY_BYTES = 100

Entry = tuple[int, int, int, object]


class KeptCaptures:
    """At most ``limit`` captures of one probe, and no more than ``KEPT_LIMIT_BYTES``.

    ``was_short`` tells that the bytes did not suffice for as many. Captures have their own data:
    none of them lies in the shared-memory ring, whose slots are not meant to be held.
    """

    __slots__ = ("_entries", "_limit", "_nbytes", "was_short")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entries: deque[Entry] = deque()
        self._nbytes = 0
        self.was_short = False

    def __len__(self) -> int:
        """Return how many are held."""
        return len(self._entries)

    def extend(self, entry: Entry) -> None:
        """Hold one more, as the log's ``extend`` takes it, and let the oldest go."""
        self._entries.append(entry)
        self._nbytes += _size(entry[3])
        while len(self._entries) > self._limit or self._nbytes > KEPT_LIMIT_BYTES:
            if not self._entries:  # another thread was faster
                break
            self.was_short = self.was_short or len(self._entries) <= self._limit
            self._nbytes -= _size(self._entries.popleft()[3])

    def release(self, extend: Extend, gate: Gate) -> int:
        """Append all to the log, oldest first; return how many there was no room for."""
        refused = 0
        while self._entries:
            entry = self._entries.popleft()
            size = _size(entry[3])
            self._nbytes -= size
            if gate.attention and not gate.pass_or_drop():
                refused += 1
                continue
            extend(entry)
            if size > _ENTRY_BYTES:
                gate.add_bytes(size, in_ring=False)
        return refused


def _size(packed: object) -> int:
    """Return about as many bytes as a capture's value takes."""
    if isinstance(packed, PackedArray):
        return _ENTRY_BYTES + len(packed.data)
    if isinstance(packed, PackedTree):
        return _ENTRY_BYTES + packed.inline_bytes
    if isinstance(packed, PackedText):
        return _ENTRY_BYTES + len(packed.record["text"])
    return _ENTRY_BYTES


class KeptGate(Gate):
    """The gate of captures that stay in the target: nobody has to be woken, nothing is dropped."""

    __slots__ = ()

    def add_bytes(self, count: int, *, in_ring: bool) -> None:
        """Count nothing: what is held has its own limit."""
