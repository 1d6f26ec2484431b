"""PlotField: one line that is typed right on a plot, and goes away again."""

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QLineEdit, QWidget


class PlotField(QLineEdit):
    """A child of the plot; Escape closes it."""

    def __init__(self, text: str, parent: QWidget, *, width_px: int, name: str) -> None:
        super().__init__(text, parent)
        self.setFixedWidth(width_px)
        self.setAccessibleName(name)
        self.selectAll()

    def show_at(self, left_px: float, top_px: float) -> None:
        """Show it with its corner at a place of the plot, moved so that it lies within the plot."""
        room = self.parentWidget()
        if room is None:
            return
        left = min(max(int(left_px), 0), max(room.width() - self.width(), 0))
        top = min(max(int(top_px), 0), max(room.height() - self.sizeHint().height(), 0))
        self.move(left, top)
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_field(self) -> None:
        """Go away, and give the keyboard back to the plot."""
        parent = self.parentWidget()
        self.hide()
        self.deleteLater()
        if parent is not None:
            parent.setFocus()

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        """Escape gives up."""
        if a0 is not None and a0.key() == Qt.Key.Key_Escape:
            self.close_field()
            return
        super().keyPressEvent(a0)
