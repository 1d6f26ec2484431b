"""The file that older arrays go to, and the thread that writes it."""

import os
import tempfile
import threading
from collections import deque
from collections.abc import Sequence
from time import monotonic

Buffer = bytes | memoryview

_BATCH_BYTES = 4 << 20
# The share of the time that is spent on writing: the program and its live arrays come first, the
# more where most cannot be kept anyway.
_SHARE, _SHARE_IN_FLOOD = 0.125, 0.03125
_BATCH_BUFFERS = 512  # of at most 1024 that a system takes at once


class SpillFile:
    """A temporary file that has no name, so that nothing is left behind whoever is killed.

    Windows, which cannot do that, removes it when it is closed.

    Raises:
        OSError: no file can be made.
    """

    def __init__(self, folder: str | None = None) -> None:
        self._file = tempfile.TemporaryFile(  # noqa: SIM115 - it lasts as long as this object
            prefix="pyprobe-", dir=folder, buffering=0
        )
        self._lock = threading.Lock()
        self._has_positions = hasattr(os, "pread") and hasattr(os, "pwritev")

    def write_at(self, offset: int, buffers: Sequence[Buffer]) -> None:
        """Write buffers one after the other.

        Raises:
            OSError: they cannot be written, for instance because the disk is full.
        """
        left = list(buffers)
        while left:
            written = self._write_some(offset, left)
            offset += written
            while left and written >= len(left[0]):
                written -= len(left.pop(0))
            if written:
                left[0] = memoryview(left[0])[written:]

    def _write_some(self, offset: int, buffers: list[Buffer]) -> int:
        if self._has_positions:
            return os.pwritev(self._file.fileno(), buffers, offset)
        with self._lock:
            self._file.seek(offset)
            return self._file.write(buffers[0]) or 0

    def read_at(self, offset: int, nbytes: int) -> bytes:
        """Return what was written.

        Raises:
            OSError: it cannot be read.
        """
        if self._has_positions:
            data = os.pread(self._file.fileno(), nbytes, offset)
        else:
            with self._lock:
                self._file.seek(offset)
                data = self._file.read(nbytes)
        if len(data) != nbytes:
            raise OSError(f"{len(data)} of {nbytes} bytes could be read")
        return data

    def truncate(self, nbytes: int) -> None:
        """Give back the disk's space behind the first ``nbytes``."""
        self._file.truncate(nbytes)

    def close(self) -> None:
        """Close the file, and so remove it."""
        self._file.close()


class Job:
    """Something to be written: ``buffers`` until it is."""

    __slots__ = ("buffers", "failure", "is_cancelled", "nbytes", "offset")

    def __init__(self, offset: int, buffers: tuple[Buffer, ...], nbytes: int) -> None:
        self.offset = offset
        self.buffers = buffers
        self.nbytes = nbytes
        self.is_cancelled = False
        self.failure: OSError | None = None


class SpillWriter:
    """Writes jobs in the background, in their order. ``failed`` holds those that it could not.

    ``is_flooded`` is set where there was no room for one since the last were taken.
    """

    def __init__(self, file: SpillFile) -> None:
        self.file = file
        self.failed: deque[Job] = deque()
        self.pending_bytes = 0
        self.is_flooded = False
        self._queue: deque[Job] = deque()
        self._changed = threading.Condition()
        self._is_busy = False
        self._is_closing = False
        self._waiting = 0
        self._thread = threading.Thread(target=self._run, name="pyprobe-arrays", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> None:
        """Have a job written."""
        with self._changed:
            self.pending_bytes += job.nbytes
            self._queue.append(job)
            self._changed.notify_all()

    def wait(self) -> None:
        """Return when everything has been written, or has failed."""
        with self._changed:
            self._waiting += 1  # somebody does: no rest now
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._queue and not self._is_busy)
            self._waiting -= 1

    def close(self) -> None:
        """End the thread; what waits is not written any more."""
        with self._changed:
            self._is_closing = True
            self._queue.clear()
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while batch := self._next_batch():
            start_s = monotonic()
            self._write([job for job in batch if not job.is_cancelled])
            spent_s = monotonic() - start_s
            with self._changed:
                self._is_busy = False
                self.pending_bytes -= sum(job.nbytes for job in batch)
                self._changed.notify_all()
                rest_s = spent_s / (_SHARE_IN_FLOOD if self.is_flooded else _SHARE) - spent_s
                self.is_flooded = False
                self._changed.wait_for(lambda: self._is_closing or self._waiting, rest_s)

    def _next_batch(self) -> list[Job]:
        """Return jobs that lie one behind the other; nothing when the end has come."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._is_closing)
            batch: list[Job] = []
            nbytes = buffers = 0
            while self._queue and not self._is_closing:
                job = self._queue[0]
                if batch and (
                    batch[-1].offset + batch[-1].nbytes != job.offset
                    or nbytes + job.nbytes > _BATCH_BYTES
                    or buffers + len(job.buffers) > _BATCH_BUFFERS
                ):
                    break
                batch.append(self._queue.popleft())
                nbytes, buffers = nbytes + job.nbytes, buffers + len(job.buffers)
            self._is_busy = bool(batch)
            return batch

    def _write(self, jobs: list[Job]) -> None:
        start = 0
        for index, job in enumerate(jobs):  # a cancelled one in between leaves a gap
            is_last = index + 1 == len(jobs)
            if is_last or jobs[index + 1].offset != job.offset + job.nbytes:
                self._write_adjoining(jobs[start : index + 1])
                start = index + 1

    def _write_adjoining(self, jobs: list[Job]) -> None:
        try:
            buffers = [buffer for job in jobs for buffer in job.buffers]
            self.file.write_at(jobs[0].offset, buffers)
        except OSError as error:
            for job in jobs:
                job.failure = error
                self.failed.append(job)
        else:
            for job in jobs:
                job.buffers = ()
