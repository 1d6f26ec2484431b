"""Signals: Ctrl-C and SIGTERM in the terminal close the window as its own button does."""

import signal
import socket
from collections.abc import Callable
from types import FrameType

from PyQt6.QtCore import QObject, QSocketNotifier
from PyQt6.sip import voidptr

_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
_SIGNALS_SET = frozenset(map(int, _SIGNALS))


class SignalDoor(QObject):
    """Calls ``on_signal`` on the window's thread. Costs no timer: a socket wakes the event loop."""

    def __init__(self, on_signal: Callable[[], object]) -> None:
        super().__init__()
        self._on_signal = on_signal
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        self._notifier = QSocketNotifier(
            voidptr(self._reader.fileno()), QSocketNotifier.Type.Read, self
        )
        self._notifier.activated.connect(self._on_ready)
        self._old_fd = signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._old = {number: signal.signal(number, self._noticed) for number in _SIGNALS}

    def close(self) -> None:
        """Give the signals back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old_fd)
        for number, handler in self._old.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    @staticmethod
    def _noticed(_number: int, _frame: FrameType | None) -> None:
        """The byte that Python writes to the socket does the work."""

    def _on_ready(self) -> None:
        try:
            numbers = self._reader.recv(64)
        except BlockingIOError:
            return
        if not _SIGNALS_SET.isdisjoint(numbers):  # others that are handled come here, too
            self._on_signal()
