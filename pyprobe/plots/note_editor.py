"""NoteEditor: a marker's note, written where it stands."""

from collections.abc import Callable

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QFocusEvent, QKeyEvent
from PyQt6.QtWidgets import QLineEdit, QWidget

_WIDTH_PX = 160
_MOST_CHARACTERS = 80


class NoteEditor(QLineEdit):
    """Enter and a click elsewhere keep the note, Escape gives up."""

    def __init__(self, note: str, take: Callable[[str], object], parent: QWidget) -> None:
        super().__init__(note, parent)
        self._take = take
        self._before = note
        self.setMaxLength(_MOST_CHARACTERS)
        self.setFixedWidth(_WIDTH_PX)
        self.setAccessibleName("Note of the marker")
        self.setPlaceholderText("note")
        self.returnPressed.connect(self._keep)
        self.selectAll()

    def open_at(self, position: QPointF) -> None:
        """Show it beside a place of the plot, within the plot."""
        room, size = self.parentWidget(), self.sizeHint()
        if room is not None:
            left = min(max(int(position.x()) + 8, 0), max(room.width() - _WIDTH_PX, 0))
            top = min(max(int(position.y()) - size.height(), 0), room.height() - size.height())
            self.move(left, max(top, 0))
            self.show()
            self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _keep(self) -> None:
        text, self._before = self.text().strip(), self._before
        self._close()
        if text != self._before:
            self._take(text)

    def _close(self) -> None:
        parent = self.parentWidget()
        self.hide()
        self.deleteLater()
        if parent is not None:
            parent.setFocus()

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        """Escape gives up."""
        if a0 is not None and a0.key() == Qt.Key.Key_Escape:
            self._close()
            return
        super().keyPressEvent(a0)

    def focusOutEvent(self, a0: QFocusEvent | None) -> None:
        """A click elsewhere keeps what was written."""
        super().focusOutEvent(a0)
        if self.isVisible():
            self._keep()
