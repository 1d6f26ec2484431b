"""Fixtures for the window's tests: no display is needed, and nothing of a window stays behind."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PyQt6.QtCore import QCoreApplication, QEvent, QTimer
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pyprobe.gui.app import make_application, take_down
from pyprobe.gui.main_window import MainWindow
from pyprobe.gui.preferences import FOLDER_VARIABLE, Preferences
from pyprobe.gui.session_view import SessionView
from pyprobe.gui.workspace import Workspace
from pyprobe.session.launch import Program
from pyprobe.session.session import Session
from tests.patient_bot import qtbot

__all__ = ["qtbot"]

WriteProgram = Callable[..., Path]
OpenWindow = Callable[..., MainWindow]


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    """The application as the window makes it."""
    return make_application()


@pytest.fixture(autouse=True)
def settings_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep every test out of the user's own settings."""
    folder = tmp_path / "settings"
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    return folder


@pytest.fixture
def write_program(tmp_path: Path) -> WriteProgram:
    """Write a program's file and return its path."""

    def write(text: str, name: str = "program.py") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def make_session(path: Path) -> Session:
    """Return a session of a script, not started."""
    return Session(Program(str(path), None, (), sys.executable, str(path.parent)))


@pytest.fixture
def open_main_window(
    qapp: QApplication, qtbot: QtBot, write_program: WriteProgram
) -> Iterator[OpenWindow]:
    """Open a window on a program; afterwards prove that it leaves no widget and no timer.

    Probes capture every hit unless preferences are given: ``auto`` takes fewer on a busy machine.
    """
    opened: list[tuple[MainWindow, SessionView]] = []
    timers_before = active_timers()

    def open_one(text: str, preferences: Preferences | None = None) -> MainWindow:
        path = write_program(text)
        preferences = preferences or Preferences(throttle="every")
        session = make_session(path)
        window = MainWindow(session.program, preferences, qapp)
        window.complete(Workspace(session, throttle=preferences.throttle))
        view = SessionView(session, window)
        window.sources.open(str(path), is_main=True)
        window.resize(1200, 800)
        with qtbot.waitExposed(window):
            window.show()
        window.first_sizes()
        window.make_traces()
        opened.append((window, view))
        return window

    yield open_one
    for window, view in opened:
        view.stop()
        window.session.close()
        take_down(window)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    opened.clear()
    gc.collect()
    assert not [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    assert active_timers() <= timers_before


def active_timers() -> int:
    """Return how many timers of this process run."""
    return sum(
        timer.isActive() for timer in gc.get_objects() if type(timer) is QTimer and _lives(timer)
    )


def _lives(timer: QTimer) -> bool:
    try:
        timer.objectName()
    except RuntimeError:
        return False
    return True
