"""Reads what a window reports of itself, as it is reported."""

import json
import os
import select
import threading
from pathlib import Path
from typing import Any

Report = dict[str, Any]

_READ_BYTES = 1 << 16


class ReportReader(threading.Thread):
    """Takes the lines out of the pipe at once, so that the window never waits for a reader.

    ``lines`` only grows. The thread ends with the window's process.
    """

    def __init__(self, pipe: Path) -> None:
        super().__init__(name="report reader", daemon=True)
        os.mkfifo(pipe)
        # Read and write: a pipe that no window has opened yet, or any more, is not at its end.
        self._pipe: int | None = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
        self._process = -1
        self._news = threading.Condition()
        self._rest = b""
        self.lines: list[Report] = []
        self.at_end = False

    def follow(self, pid: int) -> None:
        """Begin to read; ``pid`` is the window's process, which has not been waited for."""
        self._process = os.pidfd_open(pid)
        self.start()

    def run(self) -> None:
        assert self._pipe is not None
        has_ended = False
        while not has_ended:
            readable, _, _ = select.select([self._pipe, self._process], [], [])
            has_ended = self._pipe not in readable
            self.drain()
        with self._news:
            os.close(self._pipe)
            os.close(self._process)
            self._pipe = None
            self.at_end = True
            self._news.notify_all()

    def drain(self) -> None:
        """Take what has been reported by now."""
        with self._news:
            while self._pipe is not None:
                try:
                    data = os.read(self._pipe, _READ_BYTES)
                except BlockingIOError:
                    return
                *whole, self._rest = (self._rest + data).split(b"\n")
                self.lines += [json.loads(line) for line in whole]
                self._news.notify_all()

    def wait_more(self, count: int, timeout_s: float) -> bool:
        """Wait until there are more lines than this; False at the end of the time or the window."""
        with self._news:
            self._news.wait_for(lambda: len(self.lines) > count or self.at_end, timeout_s)
            return len(self.lines) > count
