"""Interruptible: a piece of the program's code that can be cut short from another thread.

In the main thread a signal does it, so that waiting in the operating system ends too; in any other
thread an exception that the interpreter raises there at the next instruction. Both stop when the
piece has ended: nothing of it ever reaches the program.
"""

import _signal  # type: ignore[import-not-found]
from _thread import allocate_lock, get_ident
from collections.abc import Callable
from typing import Any, TypeVar

from pyprobe.errors import PyProbeError

T = TypeVar("T")


class Interruption(BaseException):
    """Raised in the middle of a piece that is cut short."""


class Interruptible:
    """``run`` is called once, in the thread of the piece; ``interrupt`` from any other.

    No thread of ours runs while C code holds the interpreter; what looks for signals then, as
    large powers and regular expressions do, is interrupted by one from another process.
    ``show_signal`` is told which that is, 0 when the piece has ended; none in another thread.
    """

    def __init__(self, show_signal: Callable[[int], object] = lambda number: None) -> None:
        self._show_signal = show_signal
        self._lock = allocate_lock()
        self._ident = 0  # of the thread while the piece runs
        self._signal: int | None = None
        self._handler_before: Any = None
        self._is_marked = False  # the interpreter has been told of an exception

    def run(self, piece: Callable[[], T]) -> T:
        """Call the piece and return its value.

        Raises Interruption where it was cut short and has let that pass, else what it raises.
        """
        self._signal = _unused_signal()
        if self._signal is not None:
            self._handler_before = _signal.signal(self._signal, self._on_signal)
        try:
            self._ident = get_ident()
            self._show_signal(self._signal or 0)
            return piece()
        finally:
            while not self._end():
                pass

    def interrupt(self) -> bool:
        """Have Interruption raised in the piece; False when it has ended."""
        with self._lock:
            if not self._ident:
                return False
            if self._signal is not None:
                _signal.pthread_kill(self._ident, self._signal)
            else:
                self._is_marked = True
                interrupt_thread(self._ident)
            return True

    def _on_signal(self, number: int, frame: object) -> None:
        if self._ident:
            raise Interruption

    def _end(self) -> bool:
        """Let nothing more be raised; False where this itself was interrupted."""
        try:
            with self._lock:
                self._ident = 0
            self._show_signal(0)
            if self._is_marked:
                meet_what_is_left()
                self._is_marked = False
            if self._signal is not None:
                _signal.pthread_sigmask(_signal.SIG_BLOCK, ())  # hears what is on its way
                if _signal.getsignal(self._signal) == self._on_signal:
                    _signal.signal(self._signal, self._handler_before)
        except Interruption:
            return False
        return True


def meet_what_is_left() -> None:
    """Have one more exception raised here, in the place of one that may be on its way.

    It cannot be called back: the interpreter would look for it at each instruction, for good.
    """
    try:
        interrupt_thread(get_ident())
        while True:
            pass
    except Interruption:
        return


def _unused_signal() -> int | None:
    """Return a signal that can be raised in the calling thread and means nothing by itself."""
    number: int | None = getattr(_signal, "SIGURG", None)
    if number is None or not hasattr(_signal, "pthread_kill") or not _is_main_thread(number):
        return None
    return number


def _is_main_thread(number: int) -> bool:
    handler = _signal.getsignal(number)
    if handler is None:
        return False  # it was not set by Python, so it could not be set again
    try:
        _signal.signal(number, handler)
    except ValueError:
        return False
    return True


def interrupt_thread(ident: int) -> None:
    """Have Interruption raised in a thread at its next instruction; ``meet_what_is_left`` there.

    Raises:
        PyProbeError: ``prepare_interruption`` was not called.
    """
    _raise_in(ident, Interruption)


def _raise_in(ident: int, error: type[BaseException]) -> None:
    raise PyProbeError("prepare_interruption was not called")


def prepare_interruption() -> None:
    """Load what raises an exception in another thread; this runs code of the standard library."""
    global _raise_in
    from ctypes import c_ulong, py_object, pythonapi

    set_exception = pythonapi.PyThreadState_SetAsyncExc

    def raise_in(ident: int, error: type[BaseException]) -> None:
        set_exception(c_ulong(ident), py_object(error))

    _raise_in = raise_in
