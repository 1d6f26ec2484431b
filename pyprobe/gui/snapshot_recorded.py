"""RecordedSnapshots: the snapshots of a recording in its window, once there are some to show."""

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QWidget

from pyprobe.gui.debug_docks import LateDocks
from pyprobe.session.recorded_session import RecordedSession

if TYPE_CHECKING:
    from pyprobe.gui.snapshot_panel import SnapshotPanel
    from pyprobe.gui.window_base import WindowBase


class RecordedSnapshots(QObject):
    """``update`` is called while the recording is read, and when it has been."""

    def __init__(self, window: "WindowBase", session: RecordedSession) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self.panel: SnapshotPanel | None = None
        self.docks = LateDocks(window.docks, {"snapshots": self._make})

    def update(self) -> None:
        """Show what has been read; the dock appears with the first snapshot."""
        store = self._session.snapshots
        if not len(store):
            return
        if self.panel is None:
            self.docks.show("snapshots", to_front=False)
        if self.panel is not None:
            self.panel.show_snapshots(
                store.find_all(), epoch_ns=self._session.epoch_ns, forgotten=store.forgotten
            )

    def _make(self) -> QWidget:
        from pyprobe.gui.snapshot_panel import SnapshotPanel

        window = self._window
        self.panel = SnapshotPanel(window.theme, lambda _base: ())
        self.panel.watches.hide()  # nothing is asked where no program runs
        self.panel.moment_wanted.connect(window.time.cursor.move_to)
        window.preferences_changed.connect(lambda _new: self._set_theme())
        return self.panel

    def _set_theme(self) -> None:
        if self.panel is not None:
            self.panel.set_theme(self._window.theme)
