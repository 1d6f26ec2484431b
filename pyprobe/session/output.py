"""The program's standard streams behind pipes: read without stalling it, kept within bounds."""

import codecs
import locale
import os
import queue
import selectors
import threading
from collections import deque
from collections.abc import Callable
from typing import IO, Literal

StreamName = Literal["stdout", "stderr"]

_READ_BYTES = 1 << 16
_KEEP_CHARACTERS = 1 << 20
_LAST_LINE_CHARACTERS = 4096
_QUIET_S = 0.5
_LATE_BYTES = 1 << 20  # more than a pipe ever holds


class OutputBuffer:
    """What the program wrote and nobody has taken yet, in order of arrival over both streams.

    Thread-safe. Past one million characters the oldest are let go, and the place says how many
    lines went.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pieces: deque[tuple[StreamName, str]] = deque()
        self._characters = 0
        self._lost_lines: dict[StreamName, int] = {"stdout": 0, "stderr": 0}

    def add(self, stream: StreamName, text: str) -> bool:
        """Keep a piece; True if the buffer was empty before."""
        with self._lock:
            was_empty = not self._pieces
            self._pieces.append((stream, text))
            self._characters += len(text)
            while self._characters > _KEEP_CHARACTERS and len(self._pieces) > 1:
                lost_stream, lost = self._pieces.popleft()
                self._characters -= len(lost)
                self._lost_lines[lost_stream] += max(1, lost.count("\n"))
            return was_empty

    def take(self) -> list[tuple[StreamName, str]]:
        """Take everything, neighbours of one stream joined."""
        with self._lock:
            pieces, self._pieces, self._characters = self._pieces, deque(), 0
            lost_lines, self._lost_lines = self._lost_lines, {"stdout": 0, "stderr": 0}
        taken: list[tuple[StreamName, list[str]]] = [
            (stream, [f"… {count:,} lines not shown\n"])
            for stream, count in lost_lines.items()
            if count
        ]
        for stream, text in pieces:
            if taken and taken[-1][0] == stream:
                taken[-1][1].append(text)
            else:
                taken.append((stream, [text]))
        return [(stream, "".join(texts)) for stream, texts in taken]


class Pump(threading.Thread):
    """Reads one stream to its end into the buffer. ``tail`` keeps the last characters of it.

    A child of the program may hold the other end open for ever, or write to it for ever, so what
    comes after ``finish`` is read within bounds.
    """

    def __init__(
        self, source: IO[bytes], name: StreamName, buffer: OutputBuffer, wakeup: Callable[[], None]
    ) -> None:
        super().__init__(name=f"pyprobe-{name}", daemon=True)
        self._source = source
        self._stream_name = name
        self._buffer = buffer
        self._wakeup = wakeup
        self._closing = False
        self._finishing = False
        self._late_bytes = 0
        self.tail = ""

    def run(self) -> None:
        decoder = codecs.getincrementaldecoder(locale.getencoding())(errors="backslashreplace")
        while data := self._read():
            self._keep(decoder.decode(data))
        self._keep(decoder.decode(b"", final=True))

    def _read(self) -> bytes:
        """Return what comes next, nothing at the end of what is wanted."""
        if not self._wait_readable():
            return b""
        data = os.read(self._source.fileno(), _READ_BYTES)
        if self._finishing:
            self._late_bytes += len(data)
        return data

    def _wait_readable(self) -> bool:
        """Wait for data or the end; False when ``close`` or ``finish`` says that it is enough."""
        if os.name != "posix":  # a Windows pipe cannot be waited for, and read() must do
            return not self._closing
        with selectors.PollSelector() as selector:
            selector.register(self._source, selectors.EVENT_READ)
            while not self._closing and self._late_bytes <= _LATE_BYTES:
                finishing = self._finishing  # before the look: what the program wrote is then seen
                if selector.select(_QUIET_S):
                    return True
                if finishing:
                    break
        return False

    def finish(self) -> None:
        """The program has ended: read what it wrote, and stop where only others go on writing.

        That is at the end of the data, when nothing has come for half a second, or after 1 MiB.
        """
        self._finishing = True

    def close(self) -> None:
        """Stop reading, within half a second."""
        self._closing = True

    def _keep(self, text: str) -> None:
        if text:
            self.tail = (self.tail + text)[-_LAST_LINE_CHARACTERS:]
            if self._buffer.add(self._stream_name, text):
                self._wakeup()

    def last_line(self) -> str:
        """The last non-empty line read so far, or ``""``."""
        return next((line for line in reversed(self.tail.splitlines()) if line.strip()), "").strip()


class InputWriter(threading.Thread):
    """Writes to the program's standard input, so that a program that never reads blocks nobody."""

    def __init__(self, sink: IO[bytes]) -> None:
        super().__init__(name="pyprobe-stdin", daemon=True)
        self._sink = sink
        self._pending: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def send(self, text: str) -> None:
        """Queue text for the program."""
        self._pending.put(text)

    def finish(self) -> None:
        """Close the program's input after what is queued."""
        self._pending.put(None)

    def run(self) -> None:
        while (text := self._pending.get()) is not None:
            data = memoryview(text.encode(locale.getencoding(), errors="replace"))
            try:
                while data:
                    data = data[os.write(self._sink.fileno(), data) :]
            except (OSError, ValueError):  # the program is gone, or has closed its input
                break
        try:
            self._sink.close()
        except OSError:  # nothing is buffered that could be lost
            return
