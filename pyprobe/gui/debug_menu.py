"""The Debug menu: filled when the window is complete, as its first paint has no time for it."""

from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu

from pyprobe.gui.actions import Actions

if TYPE_CHECKING:
    from pyprobe.gui.debug_parts import DebugParts


def fill_debug_menu(menu: QMenu, actions: Actions, parts: "DebugParts") -> None:
    """Add what can be done about stopping and triggering."""
    make = actions.make
    docks: list[QAction] = [
        make("&Trigger", lambda: parts.open_trigger(), keys="Ctrl+T"),
        make("S&napshots", lambda: parts.open("snapshots"), keys="Ctrl+Shift+T"),
    ]
    menu.addActions(docks)
