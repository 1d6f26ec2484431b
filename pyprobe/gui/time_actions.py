"""Time actions: the entries of the menu Time, with their keys."""

from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction

from pyprobe.gui.actions import Actions

if TYPE_CHECKING:
    from pyprobe.gui.main_window import MainWindow


def make_time_actions(window: "MainWindow", actions: Actions) -> list[QAction]:
    """Return the actions that move the window's time cursor."""
    make = actions.make
    return [
        make("One capture &back", lambda: window.time.step(-1), keys="Alt+Left", icon="back"),
        make("One capture &forward", lambda: window.time.step(1), keys="Alt+Right", icon="forward"),
        make("&Hold the time, or be live", lambda: window.time.toggle(), keys="Ctrl+L"),
    ]
