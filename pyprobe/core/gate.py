"""The gate between handlers and the service thread: waking it, waiting for it, dropping.

Handlers look at one flag, ``attention``; all that is rare hides behind it.
"""

from _thread import allocate_lock
from collections.abc import Callable

WAITING_BYTES_LIMIT = 8 << 20
_POLL_S = 0.002


class Gate:
    """Shared state of the program's threads (at a hit) and the service thread.

    ``attention`` is True while the service sleeps or there is no room. With ``lossless`` a lack of
    room makes the program wait; else captures are dropped and counted until there is room again.
    """

    __slots__ = ("_asleep", "_full", "_room", "_wake", "attention", "lossless", "waiting_bytes")

    def __init__(self, *, lossless: bool = False) -> None:
        self.attention = False
        self.lossless = lossless
        self.waiting_bytes = 0
        self._asleep = False
        self._full = False
        self._room = allocate_lock()
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

    def close(self) -> None:
        """There is no room for more captures."""
        self._full = True
        self.attention = True
        self._room.acquire(blocking=False)

    def open(self) -> None:
        """There is room again; told by the service thread."""
        self._full = False
        self.attention = self._asleep
        if self._room.locked():
            self._room.release()

    def pass_or_drop(self) -> bool:
        """Called at a hit while ``attention`` is set; False when the capture is to be dropped."""
        self.wake()
        while self._full:
            if not self.lossless:
                return False
            self.pause_briefly()
        return True

    def pause_briefly(self) -> None:
        """Let the service thread work; signal handlers of the program run meanwhile."""
        if self._room.acquire(timeout=_POLL_S):
            self._room.release()

    def add_bytes(self, count: int) -> None:
        """Count bytes that wait in the log beside its scalars, and call the service for many."""
        self.waiting_bytes += count
        if self.waiting_bytes > WAITING_BYTES_LIMIT and not self._full:
            self.close()
            self._wake()
