"""Notices, on the settrace source, that the program takes a thread's trace hook, and lets it.

The program wins: while its hook is installed ``sys`` is as it was, for a function of ours in
``sys.settrace`` would be traced by it. That it lets go is told by an audit event, which is never
traced; ours comes back at the main thread's next occasion. Only a plain ``settrace(None)`` counts
as letting go: the argument is not told, and a look at it afterwards would be traced.

The interpreter drops a thread's hook when an exception leaves it, and we drop it where a thread
has few levels of the recursion limit left. It comes back once there is room: on 3.11 in any thread,
also in those that ``threading`` knows nothing of, elsewhere in the main thread.
"""

import sys
from _thread import get_ident
from collections.abc import Callable
from functools import wraps
from opcode import opname as _OPNAME
from time import perf_counter_ns
from types import FrameType
from typing import Any

from pyprobe.core.door import is_own_function
from pyprobe.core.events.entry_check import without_tracing
from pyprobe.core.events.settrace import SettraceSource

_LOOK_EVERY_NS = 200_000_000
_LOOK_SOON_NS = 1_000_000
_FREE_SHARE = 4  # of the recursion limit no more than this part may be in use for a call of ours

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

    ``on_taken`` is called in the thread whose hook the program takes, just before. ``on_loss`` is
    told in a sentence, once each, what is not captured. ``wake`` has ``look_after`` called soon.
    """

    def __init__(
        self,
        source: SettraceSource,
        on_taken: Callable[[], None],
        *,
        on_loss: Callable[[str], None],
        wake: Callable[[], None],
    ) -> None:
        self._source, self._on_taken, self._wake = source, on_taken, wake
        self._on_loss = on_loss
        self._losses: set[str] = set()
        source.on_fall = self._fall
        self._settrace, self._gettrace = sys.settrace, sys.gettrace
        self._ours = sys.gettrace()
        self._taken = self._removed = self._audits = self._in_audit = self._fallen = False
        self._main_thread = get_ident()
        self._look_ns, self._wait_ns = 0, _LOOK_EVERY_NS
        self._pointer: Any = None
        self._take_up_pointer: Any = None
        self._add: Callable[..., int] = lambda *_arguments: -1
        self._wrap()

    def remove(self) -> None:
        """Put the functions of ``sys`` back."""
        self._removed = True
        self._unwrap()

    def _wrap(self) -> None:
        # A tracer that a C library has set is not told that we look at what takes it away.
        @wraps(self._settrace)
        @without_tracing
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
        @without_tracing
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
        if self._audits or not self._can_call():
            return

        def on_audit(event: str, _arguments: tuple[object, ...]) -> None:
            if event != "sys.settrace" or not self._taken or self._removed:
                return
            if _passes_none(sys._getframe(1)):
                self._in_audit = True
                self._add(self._pointer, None)
                self._in_audit = False

        sys.addaudithook(on_audit)
        self._audits = True

    def _can_call(self) -> bool:
        """Whether functions of ours can be called at the main thread's next occasion."""
        if self._pointer is None:
            try:
                import ctypes
            except ImportError:  # an interpreter built without it: ours does not come back
                return False
            prototype = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
            self._pointer = prototype(self._look)
            self._take_up_pointer = prototype(self._take_up)
            self._add = ctypes.pythonapi.Py_AddPendingCall
        return True

    def look_after(self) -> float:
        """Have hooks that were dropped taken up again; return when to look again, in seconds."""
        now_ns, fallen = perf_counter_ns(), self._fallen
        if now_ns >= self._look_ns or fallen:
            self._fallen = False
            if fallen:
                self._wait_ns = _LOOK_SOON_NS
            is_well = self._take_up_threads(fallen)
            self._look_ns = now_ns + self._wait_ns
            self._wait_ns = _LOOK_EVERY_NS if is_well else min(2 * self._wait_ns, _LOOK_EVERY_NS)
        return max(self._look_ns - now_ns, 0) / 1e9

    def _take_up_threads(self, fallen: bool) -> bool:
        """Set the hook in threads that have none; False where some have no levels for it now."""
        heard = self._main_thread in self._source.heard and not fallen
        self._source.heard.clear()
        if self._taken or self._removed:
            return True
        if self._source.reaches_threads:
            return self._source.hook_threads()
        if not heard and self._source.has_sites and self._has_room() and self._can_call():
            self._add(self._take_up_pointer, None)
        return True

    def _fall(self, loss: str) -> None:
        self._fallen = True
        if loss not in self._losses:
            self._losses.add(loss)
            self._on_loss(loss)
        self._wake()

    def _has_room(self) -> bool:
        """Whether the main thread is far from its recursion limit."""
        left = sys.getrecursionlimit() // _FREE_SHARE
        frame = sys._current_frames().get(self._main_thread)
        while frame is not None and left > 0:
            frame, left = frame.f_back, left - 1
        return left > 0

    def _take_up(self, _argument: object) -> int:
        """Set the hook again where there is none; a pending call."""
        if not self._taken and not self._removed and self._gettrace() is None:
            self._settrace(self._ours)
            self._source.trace_again()
        return 0

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
