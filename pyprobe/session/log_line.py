"""LogLine: what a breakpoint has logged instead of stopping, and how it is read from a message."""

from collections.abc import Iterator
from typing import NamedTuple

from pyprobe.errors import ProtocolError
from pyprobe.ipc.messages import Logged


class LogLine(NamedTuple):
    """What a breakpoint has logged. ``t_ns``: the target's ``perf_counter_ns``."""

    breakpoint_id: int
    t_ns: int
    thread: int
    file: str
    line: int
    function: str
    text: str


def log_lines(message: Logged) -> Iterator[LogLine]:
    """Yield the lines of a message.

    Raises:
        ProtocolError: an entry is malformed.
    """
    for entry in message.entries:
        match entry:
            case [int(one), int(t_ns), int(thread), str(file), int(line), str(function), str(text)]:
                yield LogLine(one, t_ns, thread, file, line, function, text)
            case _:
                raise ProtocolError(f"what was logged is malformed: {entry!r:.60}")
