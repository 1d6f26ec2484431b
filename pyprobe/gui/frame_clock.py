"""FrameClock: turns wake-ups from any thread into frames, at most sixty a second, none if idle."""

from collections.abc import Callable
from time import perf_counter

from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal, pyqtSlot

FRAME_MS = 1000.0 / 60.0


class FrameClock(QObject):
    """Calls ``on_frame`` on the window's thread soon after ``wake``.

    ``on_frame`` returns True while more work waits. No timer runs when there is nothing to do.
    """

    _woken = pyqtSignal()

    def __init__(self, on_frame: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_frame = on_frame
        self._is_pending = False
        self._is_stopped = False
        self._last_frame_s = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._woken.connect(self._schedule)

    def wake(self) -> None:
        """Ask for a frame. Safe from any thread, cheap when one is already asked for."""
        if not self._is_pending and not self._is_stopped:
            self._is_pending = True
            self._woken.emit()

    def stop(self) -> None:
        """Call ``on_frame`` no more."""
        self._is_stopped = True
        self._timer.stop()

    @property
    def is_idle(self) -> bool:
        """Whether no frame is asked for and no timer runs."""
        return not self._is_pending and not self._timer.isActive()

    @pyqtSlot()
    def _schedule(self) -> None:
        if self._is_stopped or self._timer.isActive():
            return
        since_ms = (perf_counter() - self._last_frame_s) * 1000.0
        self._timer.start(max(0, round(FRAME_MS - since_ms)))

    def _tick(self) -> None:
        self._is_pending = False
        self._last_frame_s = perf_counter()
        if self._on_frame():
            self.wake()
