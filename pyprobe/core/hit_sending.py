"""HitSending: sends a few arrays that are alike at a hit, in the program's own thread.

The service thread does the same, but for each of its turns the program waits for the GIL twice, and
for all that the turn takes with a cold cache: as long as for copying three arrays of 1 MiB. Here a
frame is filled in and sent while the program is at the hit anyway.

A signal handler of the program may run wherever Python code of ours calls something. It may raise,
never return, or come to a hit and send from there; and another thread may come in between. So
nothing is held meanwhile, and nothing changed: all that counts is done by one call into C, in which
nobody comes in between, right after a look whether everything still is as it was.
"""

from _functools import partial  # type: ignore[import-not-found]
from _operator import call, getitem
from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from pyprobe.core.capture_log import CaptureLog
from pyprobe.ipc.array_frames import ArrayFrames
from pyprobe.ipc.capture_rows import CaptureRows
from pyprobe.ipc.target_connection import TargetConnection


class SentBatch(NamedTuple):
    """Captures of one probe that were sent at a hit; ``data`` is their frame with its header."""

    data: bytes
    frame: bytes
    rows: CaptureRows


class Sent(NamedTuple):
    """What became of a batch: how many bytes of its data the socket has taken, -1 for none."""

    nbytes: int
    batch: SentBatch

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left to be sent."""
        return self.nbytes == len(self.batch.data)


# What one batch leaves behind in the list of results: what the socket has taken, of two more calls
# nothing of interest, the batch.
_RESULTS = 4


class HitSending:
    """Open while the service thread sleeps and has left nothing unsent.

    ``posted`` are messages that wait for that thread, and go first. All but ``send`` is called by
    the service thread.
    """

    def __init__(
        self,
        log: CaptureLog,
        connection: TargetConnection,
        frames: ArrayFrames,
        posted: Collection[object],
    ) -> None:
        self._log = log
        self._connection = connection
        self._frames = frames
        self._posted = posted
        self._results: list[Any] | None = None  # a new one each time it is opened

    def open(self) -> None:
        """Let hits send from now on."""
        self._results = []

    def close(self) -> list[Sent]:
        """Let hits send no more, and return what they have sent, in order."""
        # Nothing is called between the two, so that no hit sends in between.
        results, self._results = self._results or [], None
        batches = len(results) // _RESULTS
        return [Sent(results[_RESULTS * at], results[_RESULTS * at + 3]) for at in range(batches)]

    def send(self) -> bool:
        """Send what waits in the log, if it can be done here; whether nothing is left to do."""
        results = self._results
        if results is None or self._posted or not _is_whole(results):
            return False
        first_seq, rows = self._log.peek()
        if not rows.values:
            return False
        frame = self._frames.known_frame_of(first_seq, rows)
        sending = None if frame is None else self._connection.sending(frame)
        if frame is None or sending is None:
            return False
        data, send = sending
        batch = SentBatch(data, frame, rows)
        steps: tuple[Callable[[], object], ...] = (
            send,
            *self._log.taking_out(first_seq, len(rows.values)),
            partial(getitem, (batch,), 0),
        )
        do_it, steps_results = results.extend, map(call, steps)
        # From here to the call nothing is called, so that nobody comes in between.
        if self._results is not results or self._log.next_seq != first_seq:
            return False
        do_it(steps_results)
        return _is_whole(results)


def _is_whole(results: list[Any]) -> bool:
    """Whether the socket has taken all of the newest batch, if there is one."""
    return not results or results[-_RESULTS] == len(results[-1].data)
