"""Notices, on the settrace source, that the program takes a thread's trace hook, and lets it.

The program wins: while its hook is installed ``sys`` is as it was, for a function of ours in
``sys.settrace`` would be traced by it. That it lets go is told by an audit event, which is never
traced; ours comes back at the main thread's next occasion. Only a plain ``settrace(None)`` counts
as letting go: the argument is not told, and a look at it afterwards would be traced.
"""

import sys
from collections.abc import Callable
from functools import wraps
from opcode import opname as _OPNAME
from types import FrameType
from typing import Any

from pyprobe.core.door import is_own_function
from pyprobe.core.events.settrace import SettraceSource

_BETWEEN_ARGUMENT_AND_CALL = ("CACHE", "PRECALL")


def _passes_none(frame: FrameType) -> bool:
    """Whether the call that ``frame`` stands at has the constant ``None`` as its last argument."""
    raw, place = frame.f_code.co_code, frame.f_lasti - 2
    while place > 0 and _OPNAME[raw[place]] in _BETWEEN_ARGUMENT_AND_CALL:
        place -= 2
    if place < 0 or _OPNAME[raw[place]] != "LOAD_CONST":
        return False
    constants = frame.f_code.co_consts
    return raw[place + 1] < len(constants) and constants[raw[place + 1]] is None


class TraceHookWatch:
    """Wraps ``sys.settrace`` and ``sys.gettrace`` for as long as the hook is ours.

    ``on_taken`` is called in the thread whose hook the program takes, just before.
    """

    def __init__(self, source: SettraceSource, on_taken: Callable[[], None]) -> None:
        self._source, self._on_taken = source, on_taken
        self._settrace, self._gettrace = sys.settrace, sys.gettrace
        self._ours = sys.gettrace()
        self._taken = self._removed = self._audits = self._in_audit = False
        self._pointer: Any = None
        self._add: Callable[..., int] = lambda *_arguments: -1
        self._wrap()

    def remove(self) -> None:
        """Put the functions of ``sys`` back."""
        self._removed = True
        self._unwrap()

    def _wrap(self) -> None:
        @wraps(self._settrace)
        def settrace(function: Any, /) -> None:
            if function is None or function == self._ours:
                self._settrace(self._ours)
                return
            self._unwrap()
            self._taken = True
            self._wait_for_release()
            self._on_taken()
            self._source.let_go()
            self._settrace(function)

        @wraps(self._gettrace)
        def gettrace() -> Any:
            function = self._gettrace()
            return None if function == self._ours else function

        sys.settrace = settrace
        sys.gettrace = gettrace

    def _unwrap(self) -> None:
        if is_own_function(sys.settrace):
            sys.settrace = self._settrace
        if is_own_function(sys.gettrace):
            sys.gettrace = self._gettrace

    def _wait_for_release(self) -> None:
        """Install the audit hook, once: there is no way to take one away."""
        if self._audits:
            return
        try:
            import ctypes
        except ImportError:  # an interpreter built without it: ours does not come back
            return
        self._pointer = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(self._look)
        self._add = ctypes.pythonapi.Py_AddPendingCall

        def on_audit(event: str, _arguments: tuple[object, ...]) -> None:
            if event != "sys.settrace" or not self._taken or self._removed:
                return
            if _passes_none(sys._getframe(1)):
                self._in_audit = True
                self._add(self._pointer, None)
                self._in_audit = False

        sys.addaudithook(on_audit)
        self._audits = True

    def _look(self, _argument: object) -> int:
        """Take the main thread's hook back if it is free; a pending call, after ``settrace``.

        One that comes while the audit hook still runs is put off, for nothing is decided yet.
        """
        if self._in_audit:
            self._add(self._pointer, None)
        elif self._taken and not self._removed and self._gettrace() in (None, self._ours):
            self._taken = False
            self._settrace(self._ours)
            self._wrap()
            self._source.trace_again()
        return 0
