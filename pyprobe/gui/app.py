"""The window's application: from the options of the command line to its exit code."""

import importlib
import json
import os
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer
from PyQt6.QtWidgets import QApplication, QWidget

from pyprobe.gui.icons import make_app_icon
from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.mishap import MishapDoor
from pyprobe.gui.preferences import Store
from pyprobe.gui.session_view import SessionView
from pyprobe.gui.signals import SignalDoor
from pyprobe.gui.window_memory import WindowMemory
from pyprobe.gui.workspace import Workspace
from pyprobe.session.locate import program_file
from pyprobe.session.options import WindowOptions
from pyprobe.session.session import Session

if TYPE_CHECKING:
    from pyprobe.gui.e2e_report import E2EReport

REPORT_VARIABLE = "PYPROBE_E2E_REPORT"
FIRST_PAINT_VARIABLE = "PYPROBE_REPORT_FIRST_PAINT"
_DEFAULT_BUDGET_PERCENT = 5.0


def run_window(options: WindowOptions) -> int:
    """Open the window and stay until it is closed; return the exit code."""
    application = make_application()
    store = Store()
    preferences = store.load_preferences()
    if options.budget_percent != _DEFAULT_BUDGET_PERCENT:
        preferences = replace(preferences, budget_percent=options.budget_percent)
    session = Session(options.program, budget_percent=preferences.budget_percent)
    workspace = Workspace(session, throttle=preferences.throttle)
    window = MainWindow(workspace, preferences, application)
    opening = Opening(window, WindowMemory(window, store), options)
    mishaps = MishapDoor(window.messages)
    door = SignalDoor(window.close)
    view = SessionView(session, window)
    report = open_report(window)
    window.show()
    opening.begin()
    try:
        return application.exec()
    finally:
        door.close()
        if report is not None:
            report.close()
        view.stop()
        session.close()
        take_down(window)
        mishaps.close()


def make_application() -> QApplication:
    """Return the application, with what holds for all its windows."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QApplication.setHighDpiScaleFactorRoundingPolicy(
        Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    )
    application = QApplication(["pyprobe"])
    application.setStyle("Fusion")
    application.setApplicationName("PyProbe")
    application.setDesktopFileName("pyprobe")
    application.setWindowIcon(make_app_icon())
    application.setQuitOnLastWindowClosed(False)
    return application


def open_report(window: MainWindow) -> "E2EReport | None":
    """Return the report that the environment asks for, if it does."""
    path = os.environ.get(REPORT_VARIABLE)
    if not path:
        return None
    from pyprobe.gui.e2e_report import E2EReport

    return E2EReport(path, window)


def take_down(window: MainWindow) -> None:
    """Delete a window with all it owns, now rather than at the interpreter's end."""
    window.hide()
    window.sources.watch.deleteLater()
    window.deleteLater()
    for _ in range(2):  # what is deleted may leave something to be deleted
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


class Opening(QObject):
    """What happens between ``show`` and a window that is complete, in the order it is seen."""

    def __init__(self, window: MainWindow, memory: WindowMemory, options: WindowOptions) -> None:
        super().__init__(window)
        self._window = window
        self._memory = memory
        self._options = options
        self._is_painted = False
        memory.restore_geometry()
        path = program_file(options.program)
        if path is not None:
            window.sources.open(path, is_main=True)
            window.file_tree.show_current(path)
        else:
            window.messages.post(
                f"The source of {options.program.label} is not found; the program can be run."
            )
        page = window.source_area.current_page
        self._watched: QWidget | None = page.view.viewport() if page is not None else window
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def begin(self) -> None:
        """To be called when the window has been shown."""
        self._window.first_sizes()
        page = self._window.source_area.current_page
        if page is not None:
            page.view.setFocus()
        options = self._options
        if options.quit_after_s is not None:
            QTimer.singleShot(round(options.quit_after_s * 1000), self._finish)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if a1 is not None and a1.type() is QEvent.Type.Paint and not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self._complete)
        return False

    def _complete(self) -> None:
        """Do, after the first paint, what takes long: plots need large libraries."""
        if self._watched is not None:
            self._watched.removeEventFilter(self)
        if os.environ.get(FIRST_PAINT_VARIABLE):
            times = {"first_paint_ns": time.perf_counter_ns(), "first_paint_unix": time.time()}
            print(json.dumps(times), flush=True)
        importlib.import_module("pyprobe.session.run")  # F5 and a first capture need it at once
        self._memory.restore_probes(self._options)
        self._window.make_traces()
        self._memory.restore_layout()
        self._memory.tell_complaints()
        if self._options.run_at_once:
            self._window.program.run()

    def _finish(self) -> None:
        path = self._options.screenshot
        if path is not None and not self._window.grab().save(path):
            print(f"pyprobe: {path} cannot be written", file=sys.stderr)
        self._window.close()
