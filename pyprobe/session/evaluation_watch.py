"""EvaluationWatch: looks after the Python expressions that a person has evaluated in a program.

What never ends may hold the whole interpreter, so that the program itself can tell nobody.
"""

import os
from contextlib import suppress
from time import monotonic

from pyprobe.ipc.messages import (
    Inspect,
    Message,
    ProgramWatch,
    SetBreakpoint,
    SetDataBreakpoint,
    SetTrigger,
    SetWatch,
    Step,
)
from pyprobe.ipc.ring import RingReader
from pyprobe.session.model import SessionModel
from pyprobe.session.target import Target

TELL_AFTER_S = 3.0
CONDITION_LASTS = (
    f"A condition in Python (`py:`) has been running for {TELL_AFTER_S:g} s, and the program waits"
    " for it. If it never ends, Stop ends the program."
)
_PYTHON = "py:"


class EvaluationWatch:
    """One for a run. ``ring``: where the program shows what it is busy with, None if nowhere."""

    def __init__(self, target: Target, ring: RingReader | None, model: SessionModel) -> None:
        self._target = target
        self._ring = ring
        self._model = model
        self._number = 0
        self._since_s = 0.0
        self._is_told = False

    def sending(self, message: Message) -> None:
        """Called before a command is sent, and when the program has set a condition by itself."""
        if self._ring is not None and os.name == "posix" and _evaluates(message):
            with suppress(OSError):  # no process more can be started
                self._target.guard_evaluations(self._ring.descriptor)

    def interrupt(self) -> None:
        """Send the signal that interrupts what was asked for, if there is one; it may be late.

        The program does so by itself, but not while C code holds its interpreter.
        """
        number = self._ring.signal if self._ring is not None else 0
        if number:
            self._target.signal_alone(number)

    def look(self) -> None:
        """Say so where a condition does not end. What was asked for has a limit of its own."""
        number = self._ring.busy if self._ring is not None else 0
        if number != self._number:
            self._number, self._since_s, self._is_told = number, monotonic(), False
        is_condition = bool(number) and number % 2 == 0
        if is_condition and not self._is_told and monotonic() - self._since_s >= TELL_AFTER_S:
            self._is_told = True
            self._model.note(CONDITION_LASTS)


def _evaluates(message: Message) -> bool:
    """Whether it has Python of a person evaluated in the program, now or at hits."""
    match message:
        case Inspect(request=request):
            return request.get("ask") in ("evaluate", "set")
        case SetBreakpoint(condition=condition, message=text, entity=entity):
            return any(_PYTHON in each for each in (condition, text, entity))
        case Step(entity=condition):
            return _PYTHON in condition
        case (
            SetDataBreakpoint(condition=condition)
            | SetTrigger(condition=condition)
            | SetWatch(condition=condition)
            | ProgramWatch(condition=condition)
        ):
            return _PYTHON in condition
    return False
