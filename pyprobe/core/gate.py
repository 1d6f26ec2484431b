"""The gate between handlers and the service thread: waking it, waiting for it, dropping.

Handlers look at one flag, ``attention``; all that is rare hides behind it.
"""

from _thread import allocate_lock
from collections.abc import Callable
from time import perf_counter_ns

FLUSH_INLINE_BYTES = 2 << 20
INLINE_LIMIT_BYTES = 16 << 20
_POLL_S = 0.0003


class Gate:
    """Shared state of the program's threads (at a hit) and the service thread.

    ``attention`` is True while the service sleeps or there is no room. With ``lossless`` a lack of
    room makes the program wait; else captures are dropped and counted until there is room again.
    ``counts_wanted``: the service thread has told all counts of breakpoints, and asks no more until
    one changes. ``send_here`` is called at a hit where much waits, and says whether it has sent it.
    """

    __slots__ = (
        *("_asleep", "_full", "_inline_bytes", "_never", "_wake"),
        *("attention", "counts_wanted", "flush_bytes", "flush_wanted", "lossless", "send_here"),
        *("waited_ns", "waiting_bytes"),
    )

    def __init__(self, *, lossless: bool = False) -> None:
        self.attention = False
        self.counts_wanted = False
        self.lossless = lossless
        self.waited_ns = 0  # by the program, until there was room
        self.waiting_bytes = 0
        self.flush_bytes = FLUSH_INLINE_BYTES
        self.send_here: Callable[[], bool] = lambda: False
        self._asleep = False
        self._full = False
        self.flush_wanted = False
        self._inline_bytes = 0
        self._never = allocate_lock()
        self._never.acquire()
        self._wake: Callable[[], None] = lambda: None

    def connect(self, wake: Callable[[], None]) -> None:
        """Name what wakes the service thread; it is called from any thread."""
        self._wake = wake

    def sleeping(self, asleep: bool) -> None:
        """Told by the service thread before and after it sleeps."""
        self._asleep = asleep
        self.attention = asleep or self._full

    def wake(self) -> None:
        """Wake the service thread if it sleeps."""
        if self._asleep:
            self._asleep = False
            self.attention = self._full
            self._wake()

    def counts_changed(self) -> None:
        """Have the service thread tell the counts; it does so until they have stayed the same."""
        self.counts_wanted = False
        self._wake()

    def close(self) -> None:
        """There is no room for more captures."""
        self._full = True
        self.attention = True

    def open(self) -> None:
        """There is room again; told by the service thread."""
        self._full = False
        self.attention = self._asleep

    def pass_or_drop(self) -> bool:
        """Called at a hit while ``attention`` is set; False when the capture is to be dropped."""
        self.wake()
        if not self._full:
            return True
        self.hurry()
        if not self.lossless:
            return False
        began_ns = perf_counter_ns()
        while self._full and self.lossless:
            self.pause_briefly()
        self.waited_ns += perf_counter_ns() - began_ns
        return not self._full

    def pause_briefly(self) -> None:
        """Let the service thread work; signal handlers of the program run meanwhile."""
        self._never.acquire(timeout=_POLL_S)

    def hurry(self) -> None:
        """Have the log flushed now; the time for it may not have come."""
        if not self.flush_wanted:
            self.flush_wanted = True
            self._asleep = False
            self._wake()

    def size_by_ring(self, ring_bytes: int) -> None:
        """Have an eighth of the ring wait before it is flushed: fewer turns, each with more."""
        self.flush_bytes = ring_bytes // 8

    def add_bytes(self, count: int, *, in_ring: bool) -> None:
        """Count bytes that wait beside the log's scalars, and have many of them flushed."""
        self.waiting_bytes += count
        if self.waiting_bytes >= self.flush_bytes:
            if in_ring and self.send_here():
                self.drained()
                return
            self.hurry()
            if self.lossless and self.waiting_bytes >= 2 * self.flush_bytes:
                # The service thread is late. More at once would fill the ring, and all would stall.
                self.pause_briefly()
        if not in_ring:
            self._inline_bytes += count
            if self._inline_bytes > FLUSH_INLINE_BYTES:
                self.hurry()
            if self._inline_bytes > INLINE_LIMIT_BYTES and not self._full:
                self.close()

    def drained(self) -> None:
        """The log is empty again; told by whoever has sent what was in it."""
        self.waiting_bytes = 0
        self._inline_bytes = 0
        self.flush_wanted = False
