"""Waiting for what happens outside this process: a file that grows, a process that ends. Linux."""

import fcntl
import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PATIENCE_S = 30.0


def wait_for_end(pid: int) -> None:
    """Wait until a process has ended, reaped or not; it need not be a child of ours."""
    with suppress(ProcessLookupError):  # it has ended already
        watched = os.pidfd_open(pid)
        try:
            assert select.select([watched], [], [], PATIENCE_S)[0], f"process {pid} goes on"
        finally:
            os.close(watched)


def wait_for_files(folder: Path, condition: Callable[[], bool]) -> None:
    """Wait until the condition holds; it is looked at whenever a file in the folder changes."""
    with _changes(folder) as next_change:
        while not condition():
            next_change()


@contextmanager
def _changes(folder: Path) -> Iterator[Callable[[], None]]:
    """Give a function that waits for the next write, creation or removal in a folder."""
    reader, writer = os.pipe()
    for end in (reader, writer):
        os.set_blocking(end, False)
    watched = os.open(folder, os.O_RDONLY)
    handler = signal.signal(signal.SIGIO, lambda _number, _frame: None)
    wakeup = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    events = fcntl.DN_MODIFY | fcntl.DN_CREATE | fcntl.DN_DELETE | fcntl.DN_RENAME
    fcntl.fcntl(watched, fcntl.F_NOTIFY, events | fcntl.DN_MULTISHOT)

    def next_change() -> None:
        assert select.select([reader], [], [], PATIENCE_S)[0], f"nothing changes in {folder}"
        os.read(reader, 4096)

    try:
        yield next_change
    finally:
        os.close(watched)
        signal.set_wakeup_fd(wakeup)
        signal.signal(signal.SIGIO, handler)
        os.close(reader)
        os.close(writer)
