"""ParkedStrip: plots that were put aside, one button each, in a row below the docks."""

from dataclasses import dataclass

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QIcon
from PyQt6.QtWidgets import QLabel, QToolBar, QToolButton, QWidget

_ICON_PX = 11


@dataclass(frozen=True, slots=True)
class ParkedPlot:
    """One parked plot: the name on its button, and in full."""

    probe_id: int
    name: str
    full_name: str


class ParkedStrip(QToolBar):
    """Hidden while nothing is parked; those that have no room stand behind its arrow.

    ``restore_asked`` carries the id of the probe whose plot is wanted back.
    """

    restore_asked = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Parked plots", parent)
        self.setObjectName("parkedStrip")
        self.setAccessibleName("Parked plots")
        self.setMovable(False)
        self.setIconSize(QSize(_ICON_PX, _ICON_PX))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        title = QLabel("Parked")
        title.setObjectName("emptyHint")
        title.setMargin(3)
        self.addWidget(title)
        self._plots: list[ParkedPlot] = []
        self._restore_actions: list[QAction] = []
        self.hide()

    @property
    def restore_actions(self) -> list[QAction]:
        """The buttons' actions, for a menu."""
        return self._restore_actions

    def show_plots(self, plots: list[ParkedPlot], icons: list[QIcon]) -> bool:
        """Show these, each with its icon; True if they are others than before."""
        is_new = plots != self._plots
        if is_new:
            self._plots = list(plots)
            self._fill()
        for action, icon in zip(self._restore_actions, icons, strict=True):
            action.setIcon(icon)
        return is_new

    def _fill(self) -> None:
        for action in self._restore_actions:
            self.removeAction(action)
            action.deleteLater()
        self._restore_actions = [self._make(plot) for plot in self._plots]
        self.addActions(self._restore_actions)
        for button in self.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setVisible(bool(self._plots))

    def _make(self, plot: ParkedPlot) -> QAction:
        action = QAction(f"Restore {plot.full_name}".replace("&", "&&"), self)
        action.setIconText(plot.name)
        action.setToolTip(f"Show the plot of {plot.full_name} again")
        action.triggered.connect(lambda _on: self.restore_asked.emit(plot.probe_id))
        return action
