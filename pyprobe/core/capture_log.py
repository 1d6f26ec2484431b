"""The capture log: one flat list all probes and threads append to, in the order of execution.

One entry is four items ``probe_id, t_ns, thread, value`` appended in one atomic ``extend``, so an
entry's position is its sequence number and no lock is needed. A flat list, because records of their
own would be objects for the program's garbage collector to count.
"""

from _functools import partial  # type: ignore[import-not-found]
from collections.abc import Callable
from typing import Any

from pyprobe.ipc.capture_rows import CaptureRows

ITEMS_PER_ENTRY = 4


# What handlers append an entry with: probe_id, t_ns, thread, value.
Extend = Callable[[tuple[int, int, int, object]], object]


class CaptureLog:
    """Entries not yet drained. ``extend`` is the bound method that handlers call."""

    def __init__(self) -> None:
        self._entries: list[Any] = []
        self.extend = self._entries.extend
        self.next_seq = 0

    def __len__(self) -> int:
        """Return the number of entries waiting."""
        return len(self._entries) // ITEMS_PER_ENTRY

    def seq_of(self, value: object) -> int:
        """Return the sequence number of the newest entry with this very value, just appended.

        When it has been drained meanwhile, that of the newest entry there was.
        """
        first_seq, entries = self.next_seq, self._entries
        for position in range(len(entries) - 1, -1, -ITEMS_PER_ENTRY):
            if entries[position] is value:
                return first_seq + position // ITEMS_PER_ENTRY
        return max(self.next_seq - 1, 0)

    def peek(self) -> tuple[int, CaptureRows]:
        """Return what ``drain`` would, and leave it there.

        Where somebody drains the log meanwhile, ``next_seq`` is no longer what is returned.
        """
        first_seq, entries = self.next_seq, self._entries
        return first_seq, _rows(entries, len(entries))

    def taking_out(self, first_seq: int, count: int) -> tuple[Callable[[], object], ...]:
        """Return what takes out so many entries from the first on, which is this one: two calls.

        Neither runs code of Python.
        """
        end = count * ITEMS_PER_ENTRY
        return (
            partial(self._entries.__delitem__, slice(0, end)),
            partial(setattr, self, "next_seq", first_seq + count),
        )

    def drain(self) -> tuple[int, CaptureRows]:
        """Take everything out: the first entry's sequence number, and the entries in rows.

        What other threads append meanwhile stays.
        """
        entries, end = self._entries, len(self._entries)
        rows = _rows(entries, end)
        del entries[:end]
        first_seq = self.next_seq
        self.next_seq += end // ITEMS_PER_ENTRY
        return first_seq, rows


def _rows(entries: list[Any], end: int) -> CaptureRows:
    step = ITEMS_PER_ENTRY
    return CaptureRows(
        entries[0:end:step], entries[1:end:step], entries[2:end:step], entries[3:end:step]
    )
