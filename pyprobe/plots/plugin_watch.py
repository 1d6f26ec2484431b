"""PluginWatch: stops a lens of another package that keeps the window from going on."""

import ctypes
import faulthandler
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import FrameType

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from pyprobe.errors import LensError

LIMIT_S = 5.0
_BEAT_MS = 500
_TOLD_AFTER = 2.0  # limits: until then, what can be interrupted has been
_SIGNAL = getattr(signal, "SIGURG", None)  # unless it is handled, it does nothing


class LensHangsError(LensError):
    """A lens was stopped because it took too long."""

    def __init__(self) -> None:
        super().__init__(f"it kept the window waiting for {LIMIT_S:g} s and was stopped")


class LensStuck(BaseException):
    """A lens was stopped that had caught ``LensHangsError``, as any error, and gone on."""


class PluginWatch(QObject):
    """Runs only while a lens of another package is in use.

    The window's event loop beats twice a second. When it has not for ``limit_s`` and code from one
    of ``folders`` (origin to folder) is on the main thread's stack, an exception is raised there by
    a signal's handler, which also ends a sleep and a wait for a lock; without such a signal, when
    Python code runs there. What computes in C to its end is waited for: a lens that did so from the
    start never came here (``lens_trials``), and of another the traceback is written to stderr, by
    C code, as no Python code may be able to run. ``hung`` carries the origin.
    """

    hung = pyqtSignal(str)

    def __init__(self, folders: Mapping[str, str], *, limit_s: float = LIMIT_S) -> None:
        super().__init__()
        self._folders = folders
        self._limit_s = limit_s
        self._main_thread = threading.get_ident()
        self._stopped = threading.Event()
        self._beaten = threading.Event()
        self._timer = QTimer(self)
        self._timer.setInterval(_BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._thread: threading.Thread | None = None
        self._handler_before: object = None
        self._due: type[BaseException] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it watches."""
        return self._thread is not None

    def start(self) -> None:
        """Watch from now on; harmless when it does already."""
        if self._thread is None:
            self._stopped.clear()
            self._timer.start()
            self._tell_later()
            if _SIGNAL is not None:
                self._handler_before = signal.signal(_SIGNAL, self._on_signal)
            self._thread = threading.Thread(target=self._watch, name="pyprobe-lenses", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Watch no more, and leave neither thread nor timer."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._timer.stop()
            faulthandler.cancel_dump_traceback_later()
            self._stopped.set()
            self._beaten.set()
            thread.join()
            if _SIGNAL is not None:
                signal.signal(_SIGNAL, self._handler_before or signal.SIG_DFL)  # type: ignore[arg-type]

    def _beat(self) -> None:
        self._beaten.set()
        self._tell_later()

    def _tell_later(self) -> None:
        if sys.__stderr__ is not None:
            with suppress(OSError, ValueError):  # it is closed
                faulthandler.dump_traceback_later(_TOLD_AFTER * self._limit_s, file=sys.__stderr__)

    def _watch(self) -> None:
        stopped = ""
        while not self._stopped.is_set():
            if self._beaten.wait(self._limit_s):
                self._beaten.clear()
                stopped = ""
                self._stopped.wait(_BEAT_MS / 1000)
                continue
            origin = culprit(sys._current_frames().get(self._main_thread), self._folders)
            if origin:
                self._interrupt(LensStuck if origin == stopped else LensHangsError)
                self.hung.emit(origin)
                stopped = origin

    def _interrupt(self, kind: type[BaseException]) -> None:
        if _SIGNAL is not None:
            self._due = kind
            signal.pthread_kill(self._main_thread, _SIGNAL)
            return
        raise_in: Callable[..., int] = ctypes.pythonapi.PyThreadState_SetAsyncExc
        raise_in(ctypes.c_ulong(self._main_thread), ctypes.py_object(kind))

    def _on_signal(self, _number: int, frame: FrameType | None) -> None:
        """Raise, unless the lens has come to its end in between."""
        kind, self._due = self._due, None
        if kind is not None and culprit(frame, self._folders):
            raise kind


def culprit(frame: FrameType | None, folders: Mapping[str, str]) -> str:
    """Return the origin whose code is innermost on a stack, ``""`` when there is none."""
    while frame is not None:
        file = frame.f_code.co_filename
        for origin, folder in folders.items():
            if folder and (file == folder or file.startswith(folder + os.sep)):
                return origin
        frame = frame.f_back
    return ""
