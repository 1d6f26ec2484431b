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
_CLOSE_CHECK_S = 0.5


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
    """Reads one stream to its end into the buffer. ``tail`` keeps the last characters of it."""

    def __init__(
        self, source: IO[bytes], name: StreamName, buffer: OutputBuffer, wakeup: Callable[[], None]
    ) -> None:
        super().__init__(name=f"pyprobe-{name}", daemon=True)
        self._source = source
        self._stream_name = name
        self._buffer = buffer
        self._wakeup = wakeup
        self._closing = False
        self.tail = ""

    def run(self) -> None:
        decoder = codecs.getincrementaldecoder(locale.getencoding())(errors="backslashreplace")
        while self._wait_readable():
            data = os.read(self._source.fileno(), _READ_BYTES)
            self._keep(decoder.decode(data, final=not data))
            if not data:
                break

    def _wait_readable(self) -> bool:
        """Wait for data or the end; False once ``close`` was called."""
        if os.name != "posix":  # a Windows pipe cannot be waited for, and read() must do
            return not self._closing
        with selectors.PollSelector() as selector:
            selector.register(self._source, selectors.EVENT_READ)
            # A child of the program may hold the other end open for ever.
            while not self._closing:
                if selector.select(_CLOSE_CHECK_S):
                    return True
        return False

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
