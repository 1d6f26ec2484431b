"""The store on disk for a session's older arrays and other large values, within bounds."""

from collections import deque
from collections.abc import Callable
from typing import Protocol

from pyprobe.session.array_store_file import Buffer, Job, SpillFile, SpillWriter
from pyprobe.session.array_store_space import FileSpace

# What waits to be written still lies in the ring, whose slots are the slower the more are held. So
# a burst finds much room, and a flood that the disk cannot follow ever less.
MAX_PENDING_BYTES = 8 << 20
MIN_PENDING_BYTES = 1 << 20


class Spilled(Protocol):
    """Who owns what is stored: one history's arrays, or its texts."""

    def drop_oldest(self) -> bool:
        """Let go of what was stored first, and free it; False when there is nothing."""

    def lose(self, offset: int) -> None:
        """Let go of what was stored at an offset, and free it: it could not be written."""


class ArrayStore:
    """Bytes on disk, written in the background; the oldest are let go where there is no room.

    Belongs to one thread. ``note`` says what a person should know, such as that the disk is full.
    """

    def __init__(self, max_bytes: int, note: Callable[[str], None]) -> None:
        self.max_bytes = max_bytes
        self._note = note
        self._most = max_bytes  # less once the disk was full
        self._space = FileSpace()
        self._room_bytes = MAX_PENDING_BYTES
        self._order: deque[Spilled] = deque()  # the owners, as their oldest came
        self._pending: dict[int, tuple[Job, Spilled]] = {}
        self._writer: SpillWriter | None = None
        self._is_closed = False

    @property
    def is_on(self) -> bool:
        """Whether anything can be stored."""
        return not self._is_closed and self._most > 0

    @property
    def nbytes(self) -> int:
        """Bytes of disk in use."""
        return self._space.used

    def set_max_bytes(self, max_bytes: int) -> None:
        """Change the bound; what is beyond it is let go."""
        self._most = max_bytes if self._most == self.max_bytes else min(self._most, max_bytes)
        self.max_bytes = max_bytes
        while self._space.end > self._most and self._drop_oldest():
            pass
        self._shorten()

    def put(self, owner: Spilled, buffers: tuple[Buffer, ...], nbytes: int) -> int | None:
        """Store buffers of ``nbytes`` in total; return their offset, or ``None`` for no room.

        There is none while the disk cannot keep up, since nobody is to wait for it.
        """
        self._look_at_failures()
        if self._is_closed or not 0 < nbytes <= self._most:
            return None
        writer = self._writer or self._start()
        if writer is None or not self.keeps_up_with(nbytes):
            return None
        if not writer.pending_bytes:
            self._room_bytes = min(self._room_bytes * 2, MAX_PENDING_BYTES)
        return self._store(writer, owner, buffers, nbytes)

    def keeps_up_with(self, nbytes: int) -> bool:
        """Whether the disk can take so much now. Asked before anything is done for ``put``."""
        writer = self._writer
        if writer is None or not writer.pending_bytes:
            return True
        if writer.pending_bytes + nbytes <= self._room_bytes:
            return True
        self._room_bytes = max(self._room_bytes // 2, MIN_PENDING_BYTES)
        writer.is_flooded = True
        return False

    def _start(self) -> SpillWriter | None:
        try:
            self._writer = SpillWriter(SpillFile())
        except OSError as error:
            self._refuse(error, 0)
        return self._writer

    def _store(
        self, writer: SpillWriter, owner: Spilled, buffers: tuple[Buffer, ...], nbytes: int
    ) -> int | None:
        while (offset := self._space.allocate(nbytes, self._most)) is None:
            if not self._drop_oldest():
                return None
        job = Job(offset, buffers, nbytes)
        self._forget_written()
        self._pending[offset] = job, owner
        self._order.append(owner)
        writer.put(job)
        return offset

    def _forget_written(self) -> None:
        """Jobs are written in their order, so those at the front are done first."""
        while self._pending:
            offset, (job, _) = next(iter(self._pending.items()))
            if job.buffers and not job.is_cancelled:
                return
            del self._pending[offset]

    def _drop_oldest(self) -> bool:
        while self._order:
            if self._order.popleft().drop_oldest():
                return True
        return False

    def read(self, offset: int, nbytes: int) -> bytes:
        """Return what was stored, or a part of it.

        Raises:
            OSError: it cannot be read.
        """
        for job, _ in self._pending.values():
            start = offset - job.offset
            if 0 <= start < job.nbytes and (buffers := job.buffers):
                return b"".join(buffers)[start : start + nbytes]
        if self._writer is None:
            raise OSError("the store is closed")
        return self._writer.file.read_at(offset, nbytes)

    def free(self, offset: int, nbytes: int) -> None:
        """Give back the room of something stored."""
        found = self._pending.pop(offset, None)
        if found is not None:
            found[0].is_cancelled = True
        self._space.free(offset, nbytes)
        if not self._space.used:
            self._shorten()

    def _shorten(self) -> None:
        if self._writer is not None:
            self._writer.file.truncate(self._space.end)

    def _look_at_failures(self) -> None:
        writer = self._writer
        while writer is not None and writer.failed:
            job = writer.failed.popleft()
            if job.failure is not None:
                self._refuse(job.failure, job.offset)
            if not job.is_cancelled:
                self._pending[job.offset][1].lose(job.offset)

    def _refuse(self, error: OSError, offset: int) -> None:
        self._most = min(self._most, offset)
        self._note(
            f"Older arrays cannot all be kept on disk ({error.strerror or error});"
            " the oldest are let go."
        )

    def wait(self) -> None:
        """Return when everything has been written."""
        if self._writer is not None:
            self._writer.wait()
        self._look_at_failures()

    def close(self) -> None:
        """End the thread and remove the file; what it held is lost."""
        self._is_closed = True
        writer, self._writer = self._writer, None
        self._order.clear()
        self._pending.clear()
        if writer is not None:
            writer.close()
            writer.file.close()
