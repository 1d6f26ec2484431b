"""DockRefit: says when the docks have other room for good, and what the source had of it before."""

from collections.abc import Callable

import PyQt6Ads as ads
from PyQt6.QtCore import QEvent, QObject, QTimer
from PyQt6.QtWidgets import QSplitter

from pyprobe.gui.dock_tiles import main_row, source_share

_SETTLE_MS = 200  # from one step of a drag at the window's edge to the next it takes less


class DockRefit(QObject):
    """``fit`` gets the source's share of the width as it was last given, by a person or by us.

    In a window that has become small what it has is what the plots have left it.
    """

    def __init__(
        self,
        manager: "ads.CDockManager",
        source: "ads.CDockWidget",
        fit: Callable[[float], None],
    ) -> None:
        super().__init__(manager)
        self._source = source
        self._fit = fit
        self._row: QSplitter | None = None
        self._share: float | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._on_settled)
        manager.installEventFilter(self)

    def remember(self) -> None:
        """Take the source's share as it is now."""
        row = main_row(self._source)
        if row is not None and row is not self._row:
            row.splitterMoved.connect(self.remember)
        self._row = row
        self._share = source_share(self._source)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if a1 is not None and a1.type() is QEvent.Type.Resize:
            self._settle.start()
        return False

    def _on_settled(self) -> None:
        if self._share is not None:
            self._fit(self._share)
