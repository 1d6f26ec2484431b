"""FoldingRow: parts beside each other, or below each other where there is too little room."""

from PyQt6.QtCore import QSize
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

_WAY = QBoxLayout.Direction


class FoldingRow(QWidget):
    """The part at the place ``grows`` takes what room is left, and needs ``least_px`` of it."""

    def __init__(self, *parts: QWidget, grows: int = 0, least_px: int = 0, gap_px: int = 6) -> None:
        super().__init__()
        self._parts, self._grows = parts, grows
        self._least_px = least_px
        self._box = QBoxLayout(_WAY.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(gap_px)
        for number, part in enumerate(self._parts):
            self._box.addWidget(part, 1 if number == grows else 0)

    def sizeHint(self) -> QSize:
        """Wish for the room in which nothing folds, however it stands now."""
        return QSize(self._needed_px(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Need no more width than the widest part, as the row can fold."""
        width = max(part.minimumSizeHint().width() for part in self._parts)
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, a0: QResizeEvent | None) -> None:
        """Fold or unfold."""
        super().resizeEvent(a0)
        is_wide = self.width() >= self._needed_px()
        self._box.setDirection(_WAY.LeftToRight if is_wide else _WAY.TopToBottom)

    def _needed_px(self) -> int:
        widths = [part.sizeHint().width() for part in self._parts]
        widths[self._grows] = max(widths[self._grows], self._least_px)
        return sum(widths) + self._box.spacing() * (len(widths) - 1)


def beside(*widgets: QWidget, gap_px: int = 6, stretch: int = -1) -> QWidget:
    """Return widgets that always stand beside each other; ``stretch``: which takes the room."""
    part = QWidget()
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(gap_px)
    for number, widget in enumerate(widgets):
        row.addWidget(widget, 1 if number == stretch else 0)
    if stretch < 0:
        row.addStretch(1)
    return part
