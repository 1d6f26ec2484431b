"""StandingPlace: where threads of one's own process wait that a condition has stopped."""

from _thread import LockType, _local, allocate_lock
from collections.abc import Callable


class StandingPlace:
    """``ask`` and ``stand`` are called in the thread that hits, ``release`` in any other.

    ``is_open`` answers whether anybody may stand at all; it closes before a last ``release``.
    """

    def __init__(self, is_open: Callable[[], bool]) -> None:
        self._is_open = is_open
        self._asked = _local()
        self._waiting: list[LockType] = []

    def ask(self, condition: str) -> None:
        """The calling thread is to stand at the next ``stand``."""
        self._asked.yes = True

    def stand(self) -> None:
        """Return when ``release`` is called, at once where ``ask`` was not."""
        if not getattr(self._asked, "yes", False):
            return
        self._asked.yes = False
        gate = allocate_lock()
        gate.acquire()
        self._waiting.append(gate)
        if not self._is_open():
            self.release()
        gate.acquire()

    def release(self) -> None:
        """Let all go on who stand; harmless when nobody does."""
        while self._waiting:
            self._waiting.pop().release()

    @property
    def is_taken(self) -> bool:
        """Whether anybody stands."""
        return bool(self._waiting)
