"""Hooks at the moments when a process splits, is replaced or ends without saying so.

A forked child of the target is plain; what was captured before ``os._exit`` or ``os.exec*`` is sent
first. ``os.closerange`` leaves our descriptors open, which the program cannot know. Otherwise each
hook calls the original and changes nothing about it.
"""

import sys
from _thread import get_ident
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from types import FrameType
from typing import Any, Protocol

from pyprobe.core.door import Door, is_own_function

os: Any = sys.modules["os"]  # the program's: what our modules import is a copy


class ProcessListener(Protocol):
    """What the runner is told. All calls come from the program's threads."""

    def before_fork(self) -> None: ...

    def after_fork_in_parent(self) -> None: ...

    def after_fork_in_child(self) -> None: ...

    def before_leaving(self, reason: str) -> None:
        """The process ends (``exit``) or becomes another program (``exec``) right now."""

    def has_stayed(self) -> None:
        """It could not become the other program, and goes on."""

    def own_descriptors(self) -> Iterable[int]:
        """Return the descriptors that are ours."""


_EXEC_NAMES = ("execv", "execve")


class ProcessHooks:
    """Installs the hooks once; ``remove`` puts the functions of ``os`` back."""

    def __init__(self, listener: ProcessListener) -> None:
        self._listener: ProcessListener | None = listener
        self._originals: dict[str, Any] = {}
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(
                before=self._before_fork,
                after_in_parent=self._after_in_parent,
                after_in_child=self._after_in_child,
            )
        self._wrap("_exit", "exit")
        for name in _EXEC_NAMES:
            if hasattr(os, name):
                self._wrap(name, "exec")
        self._wrap_closerange()

    def remove(self) -> None:
        """Leave the process plain; fork hooks cannot be unregistered but do nothing from now on."""
        self._listener = None
        for name, original in self._originals.items():
            if is_own_function(getattr(os, name)):
                setattr(os, name, original)
        self._originals.clear()

    def _wrap(self, name: str, reason: str) -> None:
        original: Callable[..., Any] = getattr(os, name)
        self._originals[name] = original

        @wraps(original)
        def hook(*args: Any, **kwargs: Any) -> Any:
            if self._listener is not None:
                self._listener.before_leaving(reason)
            try:
                return original(*args, **kwargs)
            except BaseException as error:
                if self._listener is not None:
                    self._listener.has_stayed()
                error.__traceback__ = None  # it would show this frame, and holds no other
                raise

        setattr(os, name, hook)

    def _wrap_closerange(self) -> None:
        original = os.closerange
        self._originals["closerange"] = original

        @wraps(original)
        def hook(*args: Any, **kwargs: Any) -> None:
            try:
                if self._listener is None or kwargs or [type(one) for one in args] != [int, int]:
                    original(*args, **kwargs)
                    return
                for low, high in _around(self._listener.own_descriptors(), *args):
                    original(low, high)
            except BaseException as error:
                error.__traceback__ = None
                raise

        os.closerange = hook

    def _before_fork(self) -> None:
        if self._listener is not None:
            self._listener.before_fork()

    def _after_in_parent(self) -> None:
        if self._listener is not None:
            self._listener.after_fork_in_parent()

    def _after_in_child(self) -> None:
        if self._listener is not None:
            self._listener.after_fork_in_child()
            self.remove()


def _around(own: Iterable[int], low: int, high: int) -> Iterator[tuple[int, int]]:
    """Yield the ranges of descriptors from ``low`` up to ``high`` that hold none of ours."""
    for descriptor in sorted(own):
        if low <= descriptor < high:
            yield low, descriptor
            low = descriptor + 1
    yield low, high


# A hook is a few instructions long; whatever goes on for longer is none.
_MOST_PUT_OFF = 10_000


class AfterFork:
    """Has the main thread call a function when ``os.fork`` has returned.

    From 3.13 on ``os.fork`` counts the threads after its hooks have run, to warn about them, so a
    thread must not be started from one of those. A pending call comes at the next occasion; those
    that come within a hook are put off.
    """

    def __init__(self, function: Callable[[], None]) -> None:
        self._function = function
        self._forking: FrameType | None = None
        self._pointer: Any = None
        self._waiting = False
        self._put_off = 0
        self._main_thread = get_ident()
        self._add: Callable[..., int] = lambda *_arguments: -1

    def remember_caller(self) -> None:
        """Note who calls ``os.fork``; called from its first hook."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and Door.is_own(frame.f_code):
            frame = frame.f_back
        self._forking = frame

    def call_soon(self) -> None:
        """Have the function called; called from a hook in the parent."""
        if self._waiting:
            return
        # Before 3.13 the threads are counted before these hooks, or never; and only the main thread
        # makes pending calls, which may be long in coming when another one forks.
        if sys.version_info < (3, 13) or get_ident() != self._main_thread:
            self._finish()
            return
        self._waiting = True
        self._put_off = 0
        if not self._prepare() or self._add(self._pointer, None) != 0:
            self._finish()

    def _prepare(self) -> bool:
        """Make the C pointer once: a pending call that still waits must not lose it."""
        if self._pointer is None:
            try:
                import ctypes
            except ImportError:  # an interpreter built without it
                return False
            prototype = ctypes.PYFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
            self._pointer = prototype(self._pending)
            self._add = ctypes.pythonapi.Py_AddPendingCall
        return True

    def _pending(self, _argument: object) -> int:
        frame = _outside_callbacks(sys._getframe(1))
        in_hook = frame is not self._forking and self._is_below(frame)
        self._put_off += in_hook
        if in_hook and self._put_off < _MOST_PUT_OFF and self._add(self._pointer, None) == 0:
            return 0
        self._finish()
        return 0

    def _is_below(self, frame: FrameType | None) -> bool:
        """Whether ``frame`` was called, by way of ``os.fork``, from the frame that forks."""
        while frame is not None:
            frame = frame.f_back
            if frame is self._forking:
                return True
        return False

    def _finish(self) -> None:
        self._waiting = False
        self._forking = None
        self._function()


def _outside_callbacks(frame: FrameType | None) -> FrameType | None:
    """Return the frame of the program, or of a hook, below what else of ours a thread is in.

    It may stand in there for long: it has stopped.
    """
    hooks = _outside_callbacks.__code__.co_filename
    while frame is not None and Door.is_own(frame.f_code) and frame.f_code.co_filename != hooks:
        frame = frame.f_back
    return frame
