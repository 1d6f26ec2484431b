"""Captures of two recordings on their way to their partners."""

from collections import deque
from collections.abc import Iterator

from pyprobe.ipc.column_reader import Column
from pyprobe.session.recording_reader import RecordingReader

_ROW_BYTES = 32  # of a capture that waits: its value, sequence number, time and thread


class CaptureQueue:
    """Captures of one probe that wait for their partners."""

    def __init__(self) -> None:
        self.count = 0
        self.nbytes = 0
        self.keeps = True
        self._columns: deque[Column] = deque()

    @property
    def front(self) -> Column | None:
        """The oldest column that waits."""
        return self._columns[0] if self._columns else None

    def add(self, column: Column) -> None:
        """Count a column, and keep it where that is wanted."""
        self.count += column.count
        if self.keeps:
            self._columns.append(column)
            self.nbytes += _nbytes(column)

    def take(self, count: int) -> Column:
        """Return the first captures of the front, at most all of it."""
        column = self._columns.popleft()
        self.nbytes -= _nbytes(column)
        if count < column.count:
            rest = column.part(count, column.count)
            self._columns.appendleft(rest)
            self.nbytes += _nbytes(rest)
        return column.part(0, count)

    def keep_no_more(self) -> None:
        """Only count from now on."""
        self.keeps = False
        self._columns.clear()
        self.nbytes = 0


def _nbytes(column: Column) -> int:
    arrays = sum(record.array.nbytes for record in column.arrays)
    texts = sum(4 * len(record["text"]) for record in column.texts)
    trees = sum(tree.nbytes for tree in column.trees)
    return _ROW_BYTES * column.count + arrays + texts + trees


class RecordingSide:
    """One recording as it is read, its captures handed to the queues of their probes."""

    def __init__(self, reader: RecordingReader, queues: dict[int, CaptureQueue]) -> None:
        self._columns: Iterator[list[Column]] = reader.columns()
        self._queues = queues
        self.has_ended = False

    def read_on(self) -> None:
        """Take in one message's captures, or notice that there are no more."""
        columns = next(self._columns, None)
        if columns is None:
            self.has_ended = True
            return
        for column in columns:
            queue = self._queues.get(column.probe_id)
            if queue is not None:
                queue.add(column)

    def close(self) -> None:
        """Read no more."""
        self._columns = iter(())
        self.has_ended = True
