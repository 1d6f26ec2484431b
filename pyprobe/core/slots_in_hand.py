"""SlotsInHand: gives back what was taken of the ring for a capture that came to nothing.

A signal handler of the program may raise anywhere in a hit, also between the moment when a slot is
taken for an array and that when its capture is in the log. Nobody would ever release such a slot.
"""

from typing import NamedTuple

from pyprobe.core.capture_log import CaptureLog
from pyprobe.ipc.column_writer import slots_of
from pyprobe.ipc.ring import RingWriter


class Mark(NamedTuple):
    """Where the ring and the log stood when a hit began."""

    written: int
    next_seq: int


class SlotsInHand:
    """Used in the program's threads; ``ring`` is None as long as there is none."""

    def __init__(self, log: CaptureLog) -> None:
        self._log = log
        self.ring: RingWriter | None = None

    def mark(self) -> Mark:
        """Return where things stand, before anything is taken."""
        return Mark(0 if self.ring is None else self.ring.written, self._log.next_seq)

    def give_back(self, mark: Mark, *, may_be_logged: bool) -> None:
        """Free what the calling thread has taken since, but for what is in the log.

        What may have been in there when it was drained is not freed.
        """
        ring = self.ring
        if ring is None or ring.written == mark.written:
            return
        next_seq, rows = self._log.peek()
        logged = {position for position, _ in slots_of(rows.values)}
        was_drained = not next_seq == self._log.next_seq == mark.next_seq
        if not (may_be_logged and was_drained):
            ring.give_back(mark.written, logged)
