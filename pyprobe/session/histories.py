"""The histories of one session: the making of new ones, their limits, and what they hold."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pyprobe.session.history_limits import HistoryLimits, HistoryUsage

if TYPE_CHECKING:
    from pyprobe.session.history import History
    from pyprobe.session.history_store import HistoryStore


class Histories:
    """Needs no numpy before the first history, so that a window opens without it.

    ``note`` says what a person should know, such as that the disk is full.
    """

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._limits = HistoryLimits()
        self._store: HistoryStore | None = None
        self._is_closed = False

    @property
    def limits(self) -> HistoryLimits:
        """The bounds; setting them lets go at once of what is beyond them.

        ``max_scalars`` holds for histories that begin afterwards.
        """
        return self._limits

    @limits.setter
    def limits(self, limits: HistoryLimits) -> None:
        self._limits = limits
        if self._store is not None:
            self._store.limits = limits

    @property
    def usage(self) -> HistoryUsage:
        """What all histories hold now, those of earlier runs included."""
        return self._store.usage if self._store is not None else HistoryUsage(0, 0, 0)

    def new(self, epoch_ns: int) -> "History":
        """Return an empty history; it gives back its room when nobody holds it any more."""
        from pyprobe.session.history import History
        from pyprobe.session.history_store import HistoryStore

        if self._store is None:
            self._store = HistoryStore(self._limits, note=self._note)
            if self._is_closed:
                self._store.close()
        return History(epoch_ns=epoch_ns, store=self._store)

    def wait(self) -> None:
        """Return when all that goes to disk has been written."""
        if self._store is not None:
            self._store.disk.wait()

    def close(self) -> None:
        """Leave no thread and no file; histories keep what is in memory. Idempotent."""
        self._is_closed = True
        if self._store is not None:
            self._store.close()
