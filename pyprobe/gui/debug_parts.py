"""DebugParts: triggers, snapshots, breakpoints and stepping of a window, made when first needed."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QWidget

from pyprobe.gui.debug_docks import LateDocks
from pyprobe.session.session import Session

if TYPE_CHECKING:
    from pyprobe.gui.main_window import MainWindow
    from pyprobe.gui.snapshot_control import SnapshotControl
    from pyprobe.gui.theme import Theme
    from pyprobe.gui.trigger_control import TriggerControl


class DebugParts(QObject):
    """Goes with a window whose session runs a program; a recording's window has none."""

    said = pyqtSignal(str)

    def __init__(self, window: "MainWindow", session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self.docks = LateDocks(
            window.docks,
            {
                "trigger": lambda: self.triggers.panel,
                "snapshots": lambda: self.snapshots.panel,
            },
        )

    # ---- parts ---------------------------------------------------------------------------

    @cached_property
    def triggers(self) -> "TriggerControl":
        """What the trigger panel does."""
        from pyprobe.gui.trigger_control import TriggerControl

        control = TriggerControl(self._window, self._session)
        control.said.connect(self.said)
        return control

    @cached_property
    def snapshots(self) -> "SnapshotControl":
        """What the snapshot panel does."""
        from pyprobe.gui.snapshot_control import SnapshotControl

        control = SnapshotControl(self._window, self._session)
        control.said.connect(self.said)
        return control

    # ---- docks ---------------------------------------------------------------------------

    def open(self, name: str) -> QWidget:
        """Open the dock of this name and bring it to the front."""
        self._window.docks.set_plots_only(False)
        widget = self.docks.show(name)
        self.update()
        return widget

    def open_trigger(self, probe_id: int = 0) -> None:
        """Show the trigger of a probe."""
        self.open("trigger")
        if probe_id:
            self.triggers.choose(probe_id)
        self.triggers.panel.condition.setFocus()

    def prepare(self, names: Iterable[str]) -> None:
        """Make docks that a remembered layout places."""
        self.docks.prepare(names)

    def update(self) -> None:
        """Show what has changed, a few times a second, where it is seen."""
        updates: dict[str, Callable[[], None]] = {
            "trigger": lambda: self.triggers.update(),
            "snapshots": lambda: self.snapshots.update(),
        }
        for name, update in updates.items():
            if self.docks.is_seen(name) and self.docks.widget(name) is not None:
                update()

    def set_theme(self, theme: "Theme") -> None:
        """Draw in a theme's colours."""
        for name in ("trigger", "snapshots"):
            if self.docks.widget(name) is not None:
                control = self.triggers if name == "trigger" else self.snapshots
                control.panel.set_theme(theme)
