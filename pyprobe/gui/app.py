"""The window's application: from the options of the command line to its exit code."""

import gc
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
from pyprobe.gui.sources import load_text
from pyprobe.gui.window_memory import WindowMemory, program_key
from pyprobe.session.locate import program_file
from pyprobe.session.options import WindowOptions

if TYPE_CHECKING:
    from pyprobe.gui.e2e_report import E2EReport
    from pyprobe.gui.session_view import SessionView
    from pyprobe.gui.signals import SignalDoor
    from pyprobe.gui.sources import Source
    from pyprobe.gui.workspace import Workspace
    from pyprobe.session.recorded_session import RecordedSession

REPORT_VARIABLE = "PYPROBE_E2E_REPORT"
FIRST_PAINT_VARIABLE = "PYPROBE_REPORT_FIRST_PAINT"
_DEFAULT_BUDGET_PERCENT = 5.0


def run_window(options: WindowOptions, recording: "RecordedSession | None" = None) -> int:
    """Open the window and stay until it is closed; return the exit code.

    With a ``recording`` it shows that, and runs no program.
    """
    application = make_application()
    store = Store()
    preferences = store.load_preferences()
    if options.budget_percent != _DEFAULT_BUDGET_PERCENT:
        preferences = replace(preferences, budget_percent=options.budget_percent)
    window = MainWindow(options.program, preferences, application)
    mishaps = MishapDoor(window.messages)
    key = None if recording is None else f"recordings of {program_key(options.program)}"
    opening = Opening(window, WindowMemory(window, store, key=key), options, recording)
    opening.show()
    try:
        return application.exec() or opening.exit_code
    finally:
        opening.close()
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
    # A plot that is dragged out would give every part of the window a native one of its own.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontCreateNativeWidgetSiblings)
    # As an argument: setStyle returns the style, and what Python makes of its class takes long.
    application = QApplication(["pyprobe", "-style", "Fusion"])
    application.setApplicationName("PyProbe")
    application.setDesktopFileName("pyprobe")
    application.setWindowIcon(make_app_icon())
    application.setQuitOnLastWindowClosed(False)
    return application


def take_down(window: MainWindow) -> None:
    """Delete a window with all it owns, now rather than at the interpreter's end."""
    window.hide()
    window.deleteLater()
    for _ in range(2):  # what is deleted may leave something to be deleted
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


class Opening(QObject):
    """The way from nothing to a complete window, in the order it is seen; and back."""

    def __init__(
        self,
        window: MainWindow,
        memory: WindowMemory,
        options: WindowOptions,
        recording: "RecordedSession | None" = None,
    ) -> None:
        super().__init__(window)
        self._recording = recording
        self._window = window
        self._memory = memory
        self._options = options
        self._is_painted = False
        self.exit_code = 0
        self._view: SessionView | None = None
        self._report: E2EReport | None = None
        self._door: SignalDoor | None = None
        self._path = self._main_file()
        self._watched: QWidget | None = window

    def _main_file(self) -> str | None:
        if self._recording is None:
            return program_file(self._options.program)
        from pyprobe.gui.open_window import main_file

        return main_file(self._recording)

    def _first_text(self, path: str) -> "Source":
        if self._recording is None:
            return load_text(path)
        from pyprobe.gui.open_window import first_text

        return first_text(self._recording, path)

    def show(self) -> None:
        """Show the window with the program's text in it; the rest comes after the first paint."""
        window = self._window
        self._memory.restore_geometry()
        if self._path is not None:
            text = self._first_text(self._path)
            page = window.source_area.show_source(text, is_main=True)
            self._watched = page.view.viewport() if page.view.isVisibleTo(window) else window
        if self._watched is not None:
            self._watched.installEventFilter(self)
        window.show()
        window.first_sizes()
        if self._options.quit_after_s is not None:
            QTimer.singleShot(round(self._options.quit_after_s * 1000), self._finish)

    def close(self) -> None:
        """Stop what runs beside the window, and the program."""
        if self._door is not None:
            self._door.close()
        if self._report is not None:
            self._report.close()
        if self._view is not None:
            self._view.stop()
            self._window.session.close()

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if a1 is not None and a1.type() is QEvent.Type.Paint and not self._is_painted:
            self._is_painted = True
            QTimer.singleShot(0, self._complete)
        return False

    def _complete(self) -> None:
        """Do, after the first paint, what takes long: most of the program is loaded here."""
        if self._watched is not None:
            self._watched.removeEventFilter(self)
        gc.enable()
        if os.environ.get(FIRST_PAINT_VARIABLE):
            times = f'"first_paint_ns": {time.perf_counter_ns()}, "first_paint_unix": {time.time()}'
            print(f"{{{times}}}", flush=True)
        self._begin_session()
        window = self._window
        if self._path is not None:
            window.sources.open(self._path, is_main=True)
            window.file_tree.show_current(self._path)
        else:
            label = self._options.program.label
            rest = "the program can be run" if self._recording is None else "its captures are here"
            window.messages.post(f"The source of {label} is not found; {rest}.")
        self._memory.restore_probes(self._options)
        window.make_traces()
        self._memory.restore_layout()
        self._memory.tell_complaints()
        self._set_focus()
        if self._options.run_at_once:
            window.program.run()

    def _make_workspace(self) -> "Workspace":
        if self._recording is not None:
            from pyprobe.gui.open_workspace import RecordedWorkspace

            return RecordedWorkspace(self._recording)
        from pyprobe.gui.workspace import Workspace
        from pyprobe.session import run  # noqa: F401 - F5 and a first capture need it at once
        from pyprobe.session.session import Session

        preferences = self._window.preferences
        session = Session(self._options.program, budget_percent=preferences.budget_percent)
        return Workspace(session, throttle=preferences.throttle)

    def _begin_session(self) -> None:
        from pyprobe.gui.session_view import SessionView
        from pyprobe.gui.signals import SignalDoor

        window = self._window
        window.complete(self._make_workspace())
        if self._recording is not None:
            from pyprobe.gui.open_window import RecordingWindow

            window.recorded = RecordingWindow(
                window,
                window.menus,
                self._recording,
                compare_with=self._options.compare_with,
            )
        self._view = SessionView(window.session, window)
        self._door = SignalDoor(window.close)
        path = os.environ.get(REPORT_VARIABLE)
        if path:
            from pyprobe.gui.e2e_report import E2EReport

            self._report = E2EReport(path, window)

    def _set_focus(self) -> None:
        page = self._window.source_area.current_page
        if page is not None:
            page.view.setFocus()
            self._memory.restore_place()
            wanted = [one for one in self._options.probes if one.file == page.path]
            if wanted:
                page.view.reveal(wanted[0].occurrence.line, wanted[0].occurrence.col)

    def _finish(self) -> None:
        path = self._options.screenshot
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        if path is not None and not self._window.grab().save(path):
            self.exit_code = 1
            print(f"pyprobe: {path} cannot be written", file=sys.stderr)
        self._window.close()
