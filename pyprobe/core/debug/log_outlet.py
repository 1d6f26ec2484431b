"""LogOutlet: what breakpoints log, on its way to the front end; none of it is ever lost."""

from _thread import get_ident
from collections import deque
from collections.abc import Iterator
from time import perf_counter_ns
from types import FrameType

from pyprobe.core.code_registry import PROCESS_REGISTRY
from pyprobe.core.gate import Gate
from pyprobe.ipc.messages import Logged

MAX_WAITING = 2000
_ENTRIES_A_MESSAGE = 500


class LogOutlet:
    """Filled at hits, in the program's threads, and emptied by the service thread.

    A line that logs a million times a second makes the program wait until there is room.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._waiting: deque[list[object]] = deque()
        self._ended = False

    def put(self, breakpoint_id: int, frame: FrameType, text: str) -> None:
        """Log a text; called at a hit."""
        gate = self._gate
        while len(self._waiting) >= MAX_WAITING and not self._ended:
            gate.hurry()
            gate.pause_briefly()
        code = frame.f_code
        file, line = PROCESS_REGISTRY.file_of(code), frame.f_lineno or 0
        place = [breakpoint_id, perf_counter_ns(), get_ident(), file, line, code.co_qualname]
        self._waiting.append([*place, text])
        gate.wake()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def messages(self) -> Iterator[Logged]:
        """Yield what was logged since, in order."""
        while self._waiting:
            count = min(len(self._waiting), _ENTRIES_A_MESSAGE)
            yield Logged([self._waiting.popleft() for _entry in range(count)])

    def leave(self) -> None:
        """Let nobody wait any more: the front end is gone."""
        self._ended = True
