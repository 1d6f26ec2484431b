"""Depth: what is done for a thread whose hook is dropped close to its recursion limit (3.11).

There its calls go unheard. The hook comes back as soon as the frame in which it was dropped is
gone: something that goes with the frame has a C function set it, which no signal handler of the
program can come into. That is when the frame returns, or when the exception that has ended it is
forgotten. An exception that nobody catches is told by the interpreter's own functions for it.
"""

import sys
from _thread import get_ident
from collections.abc import Callable
from functools import partial
from itertools import repeat
from types import FrameType, TracebackType
from typing import Any
from weakref import ref

_settrace = sys.settrace  # before anybody wraps it
_THREAD_START = "_bootstrap_inner"

HearEnd = Callable[[FrameType, BaseException, TracebackType | None], None]


class _GoesWithFrame:
    """Stands where a frame keeps its tracer."""

    __slots__ = ("__weakref__",)

    def __call__(self, frame: FrameType, event: str, arg: Any) -> None:
        """Called where the hook was set meanwhile: nothing is wanted of this frame."""


class Depth:
    """``hook`` is ours, which is set again; ``hear_end`` is told exceptions that nobody catches."""

    def __init__(self, hook: Callable[..., Any], hear_end: HearEnd) -> None:
        self._hear_end = hear_end
        self._set_hook = partial(next, map(_settrace, repeat(hook)))  # whatever it is given
        self._waiting: dict[int, ref[_GoesWithFrame]] = {}
        self._hooks: list[tuple[Any, Any, Any]] = []  # whose, what it was, and ours

    def enter(self, frame: FrameType) -> None:
        """The calling thread's hook is dropped where ``frame`` begins."""
        if frame.f_trace is None:  # a generator may have one, which is wanted later
            mark = _GoesWithFrame()
            self._waiting[get_ident()] = ref(mark, self._set_hook)
            frame.f_trace = mark

    @staticmethod
    def is_mark(tracer: object) -> bool:
        """Whether it is what goes with a frame that a hook was dropped in."""
        return type(tracer) is _GoesWithFrame

    def forget(self, ident: int) -> None:
        """The program takes a thread's hook: ours is not set again by itself."""
        self._waiting.pop(ident, None)

    def hear_ends(self) -> None:
        """Hear of exceptions that nobody catches, in any thread; harmless when called twice."""
        if self._hooks:
            return
        owners: tuple[Any, ...] = (sys, sys.modules.get("threading"))
        for owner in owners:
            before = getattr(owner, "excepthook", None)
            if callable(before):
                ours = self._excepthook(before)
                self._hooks.append((owner, before, ours))
                owner.excepthook = ours

    def leave_ends(self) -> None:
        """Put the interpreter's functions back, where the program has not put in others."""
        for owner, before, ours in self._hooks:
            if owner.excepthook is ours:
                owner.excepthook = before
        self._hooks.clear()

    def leave(self) -> None:
        """Leave everything as it was."""
        self._waiting.clear()
        self.leave_ends()

    def _excepthook(self, before: Callable[..., object]) -> Callable[..., None]:
        def excepthook(*told: Any) -> None:
            # ``threading`` hands over one record of the same beginning.
            _kind, error, traceback = (told if len(told) == 3 else told[0])[:3]
            entry = traceback
            while entry is not None and entry.tb_frame.f_code.co_name == _THREAD_START:
                entry = entry.tb_next
            if error is not None and entry is not None:
                self._hear_end(entry.tb_frame, error, traceback)
            before(*told)

        return excepthook
