"""The dead-man's limit is chosen in the preferences and holds for the session at once."""

from PyQt6.QtWidgets import QApplication

from pyprobe.gui.preferences import Preferences
from pyprobe.gui.preferences_dialog import PreferencesDialog
from pyprobe.gui.window_base import WindowBase
from pyprobe.session.session import Session
from tests.gui.conftest import OpenWindow

STANDS = "breakpoint()\n"


def limit_s(window: WindowBase) -> float:
    assert isinstance(window.session, Session)
    return window.session.debug.settings.release_after_s


def test_the_limit_is_the_sessions_from_the_start(open_main_window: OpenWindow) -> None:
    window = open_main_window(STANDS, Preferences(release_after_s=30))
    assert limit_s(window) == 30.0


def test_the_limit_is_changed_in_the_dialog(
    open_main_window: OpenWindow, qapp: QApplication
) -> None:
    window = open_main_window(STANDS)
    dialog = PreferencesDialog(window.preferences)
    dialog.changed.connect(window.apply_preferences)
    assert dialog.release_s.text() == "off"
    dialog.release_s.setValue(20)
    assert limit_s(window) == 20.0
    dialog.release_s.setValue(0)
    assert limit_s(window) == 0.0
    dialog.close()
