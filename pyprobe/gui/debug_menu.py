"""The Debug menu: filled when the window is complete, as its first paint has no time for it."""

from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QMenu

from pyprobe.gui.actions import Actions

if TYPE_CHECKING:
    from pyprobe.gui.debug_parts import DebugParts


def fill_debug_menu(menu: QMenu, actions: Actions, parts: "DebugParts") -> None:
    """Add what can be done about stopping and triggering."""
    make, bar = actions.make, parts.control.bar
    menu.addAction(bar.toggle)
    menu.addSeparator()
    menu.addActions(list(bar.steps.values()))
    menu.addAction(bar.jump)
    menu.addSeparator()
    for action in (
        make("&Trigger", lambda: parts.open_trigger(), keys="Ctrl+T"),
        make("S&napshots", lambda: parts.open("snapshots"), keys="Ctrl+Shift+T"),
        make("Break&points", lambda: parts.open("breakpoints"), keys="Ctrl+Shift+B"),
        make("&Call stack", lambda: parts.open("stack"), keys="Ctrl+Shift+K"),
        make("&Variables", lambda: parts.open("variables"), keys="Ctrl+Shift+V"),
    ):
        menu.addAction(action)
