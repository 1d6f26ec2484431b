"""Evaluations: the Python expressions of a person that run in the program right now.

An expression that never ends holds the thread it runs in, and as one call into C the whole
interpreter. So what runs is written where it can be seen from outside, and what has not ended some
time after the front end has gone is ended together with the program.
"""

import os
import time
from _thread import RLock, get_ident
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count
from types import CodeType
from typing import Any, TypeVar

from pyprobe.errors import PyProbeError

T = TypeVar("T")

END_AFTER_S = 10.0  # how long one may go on without a front end
KILL_AFTER_S = 3.0
_LOOK_S = 0.05
_INTERRUPT_S = 0.5
_CUT_SHORT = "nobody waits for it any more"

ENDED_TEXT = (
    "pyprobe: the program is ended: the window or command that watched it is gone, and a Python"
    f" expression that was to be evaluated in it has not ended within {END_AFTER_S:g} s\n"
)


class CutShortError(PyProbeError):
    """A condition was interrupted, as nobody wants to know any more whether it holds."""


class Evaluations:
    """One for the process. ``show`` is told the number of one that runs, 0 when none does.

    Conditions get even numbers, what was asked for in a program that stands odd ones.
    ``show_signal`` is told the signal that interrupts what runs in the main thread, 0 when
    none does any more.
    """

    def __init__(self) -> None:
        self.show: Callable[[int], object] = lambda number: None
        self.show_signal: Callable[[int], object] = lambda number: None
        self._lock = RLock()  # a signal handler may come within, and evaluate
        self._next = count(1).__next__
        self._running: dict[int, int] = {}  # by number: the thread of a condition, 0 for others
        self._interrupted: set[int] = set()

    @property
    def any_runs(self) -> bool:
        """Whether there is one that has not ended."""
        return bool(self._running)

    @property
    def any_line_runs(self) -> bool:
        """Whether something runs that was asked for where the program stands."""
        return any(number % 2 for number in list(self._running))

    def begin(self) -> int:
        """A line begins that was asked for; return its number."""
        with self._lock:
            number = 2 * self._next() + 1
            self._running[number] = 0
            self.show(next(iter(self._running)))
        return number

    def end(self, number: int) -> None:
        """One has ended; harmless when done already."""
        with self._lock:
            self._running.pop(number, None)
            self.show(next(iter(self._running), 0))

    def condition(
        self,
        convert: Callable[[Any], T],
        code: CodeType,
        global_names: dict[str, Any],
        local_names: Mapping[str, object],
    ) -> T:
        """Return what ``convert`` makes of the value of an expression; raises what that raises."""
        # Conditions stand in hot lines, so this is ``begin`` and ``end`` once more, without calls.
        number, running, lock = 2 * self._next(), self._running, self._lock
        with lock:
            running[number] = get_ident()
            self.show(number if len(running) == 1 else next(iter(running)))
        try:
            value = convert(eval(code, global_names, local_names))
            with lock:
                del running[number]
                self.show(next(iter(running)) if running else 0)
            if number in self._interrupted:
                raise CutShortError(_CUT_SHORT)
        except BaseException:
            was_interrupted = number in self._interrupted
            while not self._has_ended(number):
                pass
            if was_interrupted:
                raise CutShortError(_CUT_SHORT) from None
            raise
        return value

    def _has_ended(self, number: int) -> bool:
        """Let nothing more be raised; False where this itself was interrupted."""
        try:
            self.end(number)
            if number in self._interrupted:
                self._meet_interruption(number)
        except BaseException:
            if number in self._interrupted:
                return False
            raise
        return True

    def _meet_interruption(self, number: int) -> None:
        from pyprobe.core.debug.interruption import meet_what_is_left

        meet_what_is_left()
        self._interrupted.discard(number)

    def abandon(self) -> None:
        """In a forked child: what ran in the parent runs here no more."""
        self._lock = RLock()
        self.show = self.show_signal = lambda number: None
        self._running.clear()

    def outlast(self) -> None:
        """Return when none runs any more: the front end is gone, and none is begun.

        Conditions are interrupted; for the others whoever has begun them does it. Where they do
        not end the program does. Called on a thread of ours.
        """
        end_s = time.monotonic() + END_AFTER_S
        interrupt_s = time.monotonic() + _INTERRUPT_S  # most end by themselves
        while self._running:
            now_s = time.monotonic()
            if now_s > end_s:
                end_program()
                return
            if now_s > interrupt_s:
                self._interrupt_conditions()
                interrupt_s = now_s + _INTERRUPT_S
            time.sleep(_LOOK_S)

    def _interrupt_conditions(self) -> None:
        from pyprobe.core.debug.interruption import interrupt_thread, prepare_interruption

        prepare_interruption()
        with self._lock:
            for number, ident in self._running.items():
                if ident:
                    self._interrupted.add(number)
                    interrupt_thread(ident)


def end_program() -> None:
    """End the program as the front end would have, and say why where it writes its errors."""
    import signal  # most programs are not ended by us

    with suppress(OSError):  # nobody reads it
        os.write(2, ENDED_TEXT.encode())
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(KILL_AFTER_S)
    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


PROCESS_EVALUATIONS = Evaluations()
