"""ProcessorChoice: keeps the service thread off the processor that the program's main thread is on.

Where our Python code has run on a processor, a tight loop of the same process is slower on it by up
to 8 per cent, and stays so for longer than from one hit to the next; in another process it does no
harm. And a thread that wakes where the program runs has it move to another processor. Linux only.

Only the service thread's own choice of processors is narrowed. Called from it, with the GIL, which
nothing here lets go of; no file stays open, and no audit hook hears of one.
"""

import os
import sys
from collections.abc import Callable
from os import getpid  # all of it now: what a program puts in its place is not ours to call
from time import perf_counter_ns

from pyprobe.ipc.gil_calls import character_array, library_function

if sys.platform == "linux":
    from os import sched_getaffinity, sched_setaffinity

# A thread that has waited for another may go on elsewhere. One that stays is looked at ever more
# rarely: with cold caches a look takes a tenth of a millisecond, in which the program waits.
_FIRST_INTERVAL_NS = 20_000_000
_LONGEST_INTERVAL_NS = 16 * _FIRST_INTERVAL_NS
_MOST_BYTES = 1024
_PROCESSOR_FIELD = 36  # of those behind the name; the 39th of all (proc_pid_stat(5))

Reader = Callable[[], int | None]


class ProcessorChoice:
    """Made before the program runs, as it loads what it needs; used by one thread at a time."""

    def __init__(self, read: Reader | None = None) -> None:
        """``read`` returns the number of the program's processor, None where that is not known."""
        self._read = read or _main_thread_reader()
        self.begin_thread()

    def begin_thread(self) -> None:
        """Begin anew, for the thread that calls."""
        self._look_ns = 0
        self._interval_ns = _FIRST_INTERVAL_NS
        self._processor: int | None = None
        self._allowed: set[int] = set()  # what the thread may run on, but for us
        self._chosen: set[int] = set()

    def look(self) -> None:
        """Leave the program's processor to it, if it is time to look and there is another one."""
        now_ns = perf_counter_ns()
        if self._read is None or now_ns < self._look_ns:
            return
        processor = self._read()
        if processor is None:
            self._read = None
            return
        if processor == self._processor:
            self._interval_ns = min(2 * self._interval_ns, _LONGEST_INTERVAL_NS)
        else:
            self._interval_ns = _FIRST_INTERVAL_NS
            self._processor = processor
            self._leave(processor)
        self._look_ns = now_ns + self._interval_ns

    def _leave(self, processor: int) -> None:
        if sys.platform != "linux":
            return
        try:
            present = sched_getaffinity(0)
            if present != self._chosen:  # at first, and where somebody else has chosen since
                self._allowed = present
            others = self._allowed - {processor}
            if others:
                sched_setaffinity(0, others)
                self._chosen = others
        except OSError:  # a sandbox forbids it
            self._read = None


def _main_thread_reader() -> Reader | None:
    """Return what tells the processor that the process's main thread has run on last."""
    calls = [library_function(name) for name in ("open", "read", "close")]
    if sys.platform != "linux" or None in calls:
        return None
    open_, read, close = calls
    assert open_ is not None
    assert read is not None
    assert close is not None
    flags = os.O_RDONLY | os.O_CLOEXEC
    room = character_array(_MOST_BYTES)

    def processor() -> int | None:
        path = f"/proc/self/task/{getpid()}/stat"  # of a forked child another one
        descriptor = open_(path.encode(), flags)
        if descriptor < 0:
            return None
        count = read(descriptor, room, _MOST_BYTES)
        close(descriptor)
        fields = room.raw[: max(count, 0)].rpartition(b")")[2].split()
        return int(fields[_PROCESSOR_FIELD]) if len(fields) > _PROCESSOR_FIELD else None

    return processor
