"""Opens a window, prints the clock when its first frame is painted, and ends.

python first_paint.py pyprobe SCRIPT     the whole front end
python first_paint.py bare SCRIPT        a bare window with the same widgets, the file in its editor
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter_ns

from PyQt6.QtCore import QEvent, QObject, QTimer
from PyQt6.QtWidgets import QApplication, QMainWindow, QWidget


class FirstPaint(QObject):
    """Waits for the first paint of a top-level window."""

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        is_paint = event is not None and event.type() == QEvent.Type.Paint
        if is_paint and isinstance(watched, QWidget) and isinstance(watched.window(), QMainWindow):
            application = QApplication.instance()
            assert application is not None
            application.removeEventFilter(self)
            # The frame is complete once all widgets have painted, which is when a timer comes.
            # Ending here, within it, would take the window from under its painter.
            QTimer.singleShot(0, self._end)
        return False

    def _end(self) -> None:
        print("first_paint_ns", perf_counter_ns(), flush=True)
        QApplication.quit()


def watch_first_paint() -> None:
    """Make the application, whoever creates it, report its first paint."""
    plain_exec: Callable[[], int] = QApplication.exec
    watcher = FirstPaint()

    def run() -> int:
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(watcher)
        return plain_exec()

    QApplication.exec = staticmethod(run)  # type: ignore[method-assign]


def main() -> int:
    kind, script = sys.argv[1:3]
    watch_first_paint()
    if kind == "bare":
        from bare_window import open_bare_window

        return open_bare_window(script)
    from pyprobe.cli import main as pyprobe_main

    return pyprobe_main([script])


if __name__ == "__main__":
    sys.exit(main())
