"""Opens a recording in the real window, and prints the clock when its plots are painted; then ends.

python open_paint.py RECORDING     on a display (Xvfb will do)

Prints ``plot_ns``, when the first plot with captures has been painted, and ``whole_ns``, when all
plots have been painted with all captures; and how many ``captures`` these are.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter_ns

from PyQt6.QtCore import QEvent, QObject, QTimer
from PyQt6.QtWidgets import QApplication, QWidget

from pyprobe.cli import main as pyprobe_main
from pyprobe.gui.main_window import MainWindow
from pyprobe.session.recorded_session import RecordedSession

LOOK_MS = 2


class Watching(QObject):
    """Sees every paint of the window's plots; a frame is complete when a timer comes after it."""

    def __init__(self) -> None:
        super().__init__()
        self._lenses: set[QObject] = set()
        self._whole: set[QObject] = set()
        self._has_plot = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look_for_plots)
        self._timer.start(LOOK_MS)

    def _look_for_plots(self) -> None:
        for window in QApplication.topLevelWidgets():
            if not isinstance(window, MainWindow) or window.traces is None:
                continue
            is_whole = isinstance(window.session, RecordedSession) and window.session.is_loaded
            for panel in window.traces.panels.values():
                lens = panel.lens
                if isinstance(lens, QWidget) and panel.isVisible() and lens not in self._lenses:
                    self._lenses.add(lens)
                    lens.installEventFilter(self)
                    lens.update()
                elif is_whole and isinstance(lens, QWidget):
                    lens.update()  # the last that was read may have been nothing to draw

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if a1 is not None and a1.type() is QEvent.Type.Paint and isinstance(a0, QWidget):
            window = a0.window()
            if isinstance(window, MainWindow) and isinstance(window.session, RecordedSession):
                session = window.session
                is_whole = session.is_loaded
                QTimer.singleShot(0, lambda: self._painted(a0, window, is_whole=is_whole))
        return False

    def _painted(self, lens: QObject, window: MainWindow, *, is_whole: bool) -> None:
        if not self._has_plot:
            self._has_plot = True
            print("plot_ns", perf_counter_ns(), flush=True)
        if is_whole and not self._whole.issuperset(self._lenses):
            self._whole.add(lens)
            if self._whole.issuperset(self._lenses):
                self._timer.stop()
                print("whole_ns", perf_counter_ns())
                print("captures", sum(one.captured for one in window.session.probes.values()))
                sys.stdout.flush()
                window.close()


def main() -> int:
    plain_exec: Callable[[], int] = QApplication.exec
    keep: list[Watching] = []

    def run() -> int:
        keep.append(Watching())
        return plain_exec()

    QApplication.exec = staticmethod(run)  # type: ignore[method-assign]
    return pyprobe_main(["open", sys.argv[1]])


if __name__ == "__main__":
    sys.exit(main())
