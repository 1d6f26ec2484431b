"""RangeEditor: a number that is typed where it stands, such as the end of an axis."""

from collections.abc import Callable
from math import isfinite

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFocusEvent, QKeyEvent
from PyQt6.QtWidgets import QLineEdit, QWidget

_WIDTH_PX = 92


class RangeEditor(QLineEdit):
    """``take`` gets the number and returns ``""``, or says why it cannot be.

    Enter takes it, Escape and a click elsewhere give up.
    """

    def __init__(
        self,
        value: float,
        take: Callable[[float], str],
        parent: QWidget,
        *,
        name: str = "End of the axis",
    ) -> None:
        super().__init__(f"{value:.9g}", parent)
        self._take = take
        self.setFixedWidth(_WIDTH_PX)
        self.setAccessibleName(name)
        self.returnPressed.connect(self._enter)
        self.textEdited.connect(lambda _text: self._complain(""))
        self.selectAll()

    def open_at(self, x: float, y: float) -> None:
        """Show it centred on a place of the plot, within the plot."""
        room = self.parentWidget()
        size = self.sizeHint()
        if room is None:
            return
        left = min(max(int(x - _WIDTH_PX / 2), 0), max(room.width() - _WIDTH_PX, 0))
        top = min(max(int(y - size.height() / 2), 0), max(room.height() - size.height(), 0))
        self.move(left, top)
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _enter(self) -> None:
        try:
            number = float(self.text().replace(",", ""))
        except ValueError:
            self._complain(f"{self.text()!r} is no number")
            return
        problem = "it must be finite" if not isfinite(number) else self._take(number)
        if problem:
            self._complain(problem)
        else:
            self._end()

    def _complain(self, problem: str) -> None:
        self.setToolTip(problem)
        self.setProperty("wrong", bool(problem))
        self.setStyleSheet("QLineEdit { border: 1px solid #b8293a; }" if problem else "")

    def _end(self) -> None:
        parent = self.parentWidget()
        self.hide()
        self.deleteLater()
        if parent is not None:
            parent.setFocus()

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        """Escape gives up."""
        if a0 is not None and a0.key() == Qt.Key.Key_Escape:
            self._end()
            return
        super().keyPressEvent(a0)

    def focusOutEvent(self, a0: QFocusEvent | None) -> None:
        """A click elsewhere gives up."""
        super().focusOutEvent(a0)
        if self.isVisible():
            self.hide()
            self.deleteLater()
