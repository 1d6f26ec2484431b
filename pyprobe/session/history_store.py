"""What all histories of a session share: their limits, and the store for what is not in memory."""

import weakref
from collections import deque
from collections.abc import Callable
from typing import Any

from pyprobe.session.array_store import ArrayStore
from pyprobe.session.history_items import ItemSeries
from pyprobe.session.history_limits import HistoryLimits, HistoryUsage
from pyprobe.session.scalar_history import ScalarHistory

Series = ItemSeries[Any, Any]


def _no_one(_text: str) -> None:
    """Whom to tell where nobody listens."""


class HistoryStore:
    """Keeps the histories of one session within their limits, all on the session's thread.

    ``note`` says what a person should know, such as that the disk is full. A history that nobody
    holds any more gives its memory and its disk back by itself.
    """

    def __init__(
        self, limits: HistoryLimits | None = None, *, note: Callable[[str], None] = _no_one
    ) -> None:
        self._limits = limits or HistoryLimits()
        self.disk = ArrayStore(self._limits.max_disk_bytes, note)
        self._scalars: weakref.WeakSet[ScalarHistory] = weakref.WeakSet()
        self._order: deque[tuple[Series, int, int]] = deque()  # what is in memory, oldest first
        self._array_bytes = 0
        self._left: deque[Series] = deque()  # of histories that are gone

    @property
    def limits(self) -> HistoryLimits:
        """The bounds; setting them lets go at once of what is beyond them.

        ``max_scalars`` holds for histories that begin afterwards.
        """
        return self._limits

    @limits.setter
    def limits(self, limits: HistoryLimits) -> None:
        self._limits = limits
        self.disk.set_max_bytes(limits.max_disk_bytes)
        self._keep_arrays_in_bounds()
        self.keep_scalars_in_bounds()

    @property
    def usage(self) -> HistoryUsage:
        """What is held now."""
        self._clear_left()
        scalar_bytes = sum(scalars.nbytes for scalars in self._scalars)
        return HistoryUsage(scalar_bytes, self._array_bytes, self.disk.nbytes)

    def adopt(self, owner: object, scalars: ScalarHistory, *series: Series) -> None:
        """Look after the parts of a history, until it is gone."""
        self._scalars.add(scalars)
        # May run in the midst of anything, so that it only takes a note.
        weakref.finalize(owner, self._left.extend, series).atexit = False

    def release(self, series: Series) -> None:
        """Forget a series, and give back what it holds."""
        series.close()
        kept = [entry for entry in self._order if entry[0] is not series]
        self._order = deque(kept)
        self._array_bytes = sum(nbytes for _, _, nbytes in kept)

    def _clear_left(self) -> None:
        while self._left:
            self.release(self._left.popleft())

    def items_came(self, series: Series, count: int, nbytes: int) -> None:
        """A series has taken ``count`` captures of ``nbytes`` into memory."""
        self._clear_left()
        self._order.append((series, count, nbytes))
        self._array_bytes += nbytes
        self._keep_arrays_in_bounds()

    def _keep_arrays_in_bounds(self) -> None:
        """Move the oldest to disk; the newest of each series stays, and waits behind the others."""
        newest: list[tuple[Series, int, int]] = []
        while self._order and (excess := self._array_bytes - self._limits.max_array_bytes) > 0:
            series, count, nbytes = self._order.popleft()
            gone, freed = series.spill(count, excess)
            self._array_bytes -= freed
            if gone < count and self._array_bytes > self._limits.max_array_bytes:
                newest.append((series, count - gone, nbytes - freed))
            elif gone < count:
                self._order.appendleft((series, count - gone, nbytes - freed))
        self._order.extendleft(reversed(newest))

    def keep_scalars_in_bounds(self) -> None:
        """Let go of the oldest chunks of scalars, of whatever history."""
        total = sum(scalars.nbytes for scalars in self._scalars)
        while total > self._limits.max_scalar_bytes:
            ends = [
                (end_ns, scalars)
                for scalars in self._scalars
                if (end_ns := scalars.oldest_chunk_ns) is not None
            ]
            if not ends:
                return
            oldest = min(ends, key=lambda end: end[0])[1]
            before = oldest.nbytes
            oldest.drop_oldest_chunk()
            total -= before - oldest.nbytes

    def close(self) -> None:
        """End the thread and remove the file; histories keep what is in memory."""
        for series in {id(entry[0]): entry[0] for entry in self._order}.values():
            series.lose_stored()
        self.disk.close()
