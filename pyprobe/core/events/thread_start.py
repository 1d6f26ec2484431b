"""How new threads get the trace hook: those of ``threading``, and those that ``_thread`` starts.

``threading`` asks whether there is a hook and then sets it. Where an audit hook of the program runs
in between, ``sys.settrace`` refuses the next thread that comes, by an error that would end it. So
the thread sets its hook while it asks, as often as it takes, and is then told that there is none.

A thread that ``_thread`` starts asks nobody. Where the interpreter's records of threads can be
changed (3.11), the functions that start one do so in the same call of C functions.
"""

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType, FunctionType, MethodType
from typing import Any

from pyprobe.core.door import is_own_function
from pyprobe.core.events.thread_hooks import ThreadHooks

_thread = sys.modules["_thread"]  # the program's: what our modules import is a copy

Hook = Callable[[FrameType, str, Any], Any]

_MOST_TRIES = 100
_settrace, _gettrace = sys.settrace, sys.gettrace  # as they are before anybody wraps them


class AtThreadStart:
    """Stands for ``hook``, a method of ``owner``, and can be called as it."""

    def __init__(self, hook: Hook, owner: object) -> None:
        self._hook = hook
        self.__self__ = owner

    def __bool__(self) -> bool:
        for _ in range(_MOST_TRIES):
            if _gettrace() is not None:  # it is the program that asks
                break
            try:
                _settrace(self._hook)
            except RuntimeError:  # another thread is about to set its own
                continue
        return False

    def __call__(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._hook(frame, event, argument)


class RawThreads:
    """Has threads that the program starts by ``_thread`` begin with ``hook``."""

    _NAMES = ("start_new_thread", "start_new")

    def __init__(self, hook: Hook, thread_hooks: ThreadHooks) -> None:
        self._hook = hook
        self._thread_hooks = thread_hooks
        self._replaced: list[tuple[str, Any, Any]] = []  # what, as it was, and ours

    def install(self) -> None:
        """Put our functions in the place of the interpreter's; harmless when done already."""
        if self._replaced or not self._thread_hooks.usable:
            return
        for name in self._NAMES:
            original = getattr(_thread, name, None)
            if original is None:
                continue
            # Like the interpreter's, it does not become a method where it stands in a class.
            ours: Any = partial(self._start, original)
            ours.__name__ = ours.__qualname__ = name
            ours.__doc__ = original.__doc__
            self._replaced.append((name, original, ours))
            setattr(_thread, name, ours)

    def remove(self) -> None:
        """Put the interpreter's back, where the program has not put in others."""
        for name, original, ours in self._replaced:
            if getattr(_thread, name, None) is ours:
                setattr(_thread, name, original)
        self._replaced.clear()

    def _start(self, start: Callable[..., int], /, *arguments: Any) -> int:
        function = arguments[0] if arguments else None
        if not self._replaced or (
            type(function) in (FunctionType, MethodType) and is_own_function(function)
        ):
            return start(*arguments)
        return self._thread_hooks.start_hooked(self._hook, start, arguments)
