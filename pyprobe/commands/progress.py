"""Progress: how much of a long command is done, on standard error, and its end by a signal."""

import signal
import sys
from contextlib import suppress
from time import monotonic
from types import FrameType
from typing import Any, Self

PROGRESS = ("auto", "lines", "none")
LINE_PREFIX = "progress "
_INTERVAL_S = 0.1
_ENDING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class EndedBySignal(BaseException):
    """A signal asked us to end; ``number`` is which."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class ProgressShown:
    """Shows parts from 0 to 1 as they are done: on a terminal in place, else as ``lines``.

    On a terminal what is soon done shows nothing; lines are for programs, which get the first part.
    """

    def __init__(self, mode: str) -> None:
        is_there = sys.stderr is not None
        self._in_place = is_there and mode == "auto" and sys.stderr.isatty()
        self._in_lines = is_there and mode == "lines"
        self._due_s = monotonic() + (0.0 if self._in_lines else _INTERVAL_S)
        self._is_shown = False

    def __call__(self, fraction: float) -> None:
        """Show a part, not too often."""
        if not (self._in_place or self._in_lines) or monotonic() < self._due_s:
            return
        self._due_s = monotonic() + _INTERVAL_S
        if self._in_lines:
            _show(f"{LINE_PREFIX}{fraction:.3f}\n")
        else:
            self._is_shown = True
            _show(f"\rpyprobe: {fraction:4.0%} ")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Take it from the terminal."""
        if self._is_shown:
            _show(f"\r{' ' * 15}\r")


def _show(text: str) -> None:
    with suppress(OSError):  # nobody looks any more, which does not end the command
        print(text, end="", file=sys.stderr, flush=True)


class EndingSignals:
    """Has the signals that end a command raise ``EndedBySignal``, once, so that it tidies up.

    They raise at once, or, where that could strike in the middle of foreign code, at the next
    ``check``.
    """

    def __init__(self, *, at_once: bool) -> None:
        self._at_once = at_once
        self._number = 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for name in _ENDING:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._end)
        return self

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _end(self, number: int, frame: FrameType | None) -> None:
        if not self._number:  # what is tidied up is not disturbed
            self._number = number
            if self._at_once:
                self.check()

    def check(self) -> None:
        """Raise what has come.

        Raises:
            EndedBySignal: a signal has.
        """
        if self._number:
            raise EndedBySignal(self._number)
