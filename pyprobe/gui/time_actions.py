"""Time actions: the entries of the menu Time, with their keys."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction

from pyprobe.gui.actions import Actions

if TYPE_CHECKING:
    from pyprobe.gui.time_control import TimeControl


def make_time_actions(time: "Callable[[], TimeControl]", actions: Actions) -> list[QAction]:
    """Return the actions that move the time cursor of a window; asked for when one is chosen."""
    make = actions.make
    return [
        make("One capture &back", lambda: time().step(-1), keys="Alt+Left", icon="back"),
        make("One capture &forward", lambda: time().step(1), keys="Alt+Right", icon="forward"),
        make("&Hold the time, or be live", lambda: time().toggle(), keys="Ctrl+L"),
    ]
