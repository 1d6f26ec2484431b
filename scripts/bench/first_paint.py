"""Opens a window, prints the clock at its first paint, and ends.

python first_paint.py pyprobe SCRIPT     the whole front end
python first_paint.py bare SCRIPT        a bare window with the same widgets, the file in its editor
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import perf_counter_ns

from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit, QWidget


class FirstPaint(QObject):
    """Waits for the first paint of a top-level window."""

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        is_paint = event is not None and event.type() == QEvent.Type.Paint
        if is_paint and isinstance(watched, QWidget) and isinstance(watched.window(), QMainWindow):
            print("first_paint_ns", perf_counter_ns(), flush=True)
            application = QApplication.instance()
            assert application is not None
            application.removeEventFilter(self)
            application.quit()
        return False


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


def open_bare_window(script: str) -> int:
    """Show an editor with the file, an empty plot and a text area in docks."""
    import PyQt6Ads
    from PyQt6.Qsci import QsciLexerPython, QsciScintilla

    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    manager = PyQt6Ads.CDockManager(window)
    editor = QsciScintilla()
    editor.setLexer(QsciLexerPython(editor))
    with open(script, encoding="utf-8") as source:
        editor.setText(source.read())
    for title, widget in (
        ("Source", editor),
        ("Plot", QWidget()),
        ("Console", QPlainTextEdit()),
    ):
        dock = PyQt6Ads.CDockWidget(manager, title)
        dock.setWidget(widget)
        manager.addDockWidget(PyQt6Ads.DockWidgetArea.CenterDockWidgetArea, dock)
    window.resize(1200, 800)
    window.show()
    return application.exec()


def main() -> int:
    kind, script = sys.argv[1:3]
    watch_first_paint()
    if kind == "bare":
        return open_bare_window(script)
    from pyprobe.cli import main as pyprobe_main

    return pyprobe_main([script])


if __name__ == "__main__":
    sys.exit(main())
