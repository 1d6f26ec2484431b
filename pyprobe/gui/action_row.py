"""ActionRowPainter: paints one action of the palette: name, group, keys, or why it is grey."""

from PyQt6.QtCore import QModelIndex, QRect, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PyQt6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from pyprobe.gui.action_list import ActionEntry
from pyprobe.gui.theme import Theme, blend

ENTRY_ROLE = int(Qt.ItemDataRole.UserRole)
PLACES_ROLE = ENTRY_ROLE + 1
_SIDE_PX = 10
_CHECK_PX = 20
_GAP_PX = 14
_VERTICAL = Qt.AlignmentFlag.AlignVCenter


class ActionRowPainter(QStyledItemDelegate):
    """Letters that fit the query are bold; text on the right is keys, a reason, or the group."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._faded = blend(theme.muted, theme.surface, 0.7)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(100, option.fontMetrics.height() + 12)

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        entry = index.data(ENTRY_ROLE)
        if painter is None or not isinstance(entry, ActionEntry):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.selection))
            painter.drawRoundedRect(option.rect.adjusted(2, 1, -2, -1), 5, 5)
        room = option.rect.adjusted(_SIDE_PX, 0, -_SIDE_PX, 0)
        if entry.checked:
            self._write(painter, QRect(room), "✓", self._theme.accent, option.font)
        room.setLeft(room.left() + _CHECK_PX)
        if entry.keys:
            keys_px = self._write_right(painter, room, entry.keys, option.font, self._theme.muted)
            room.setRight(room.right() - keys_px - _GAP_PX)
        color = self._faded if entry.why_not else self._theme.text
        used_px = self._write_name(
            painter, room, entry.text, index.data(PLACES_ROLE), option, color
        )
        room.setLeft(room.left() + used_px + _GAP_PX)
        self._write_aside(painter, room, entry, option.font)
        painter.restore()

    def _write_name(
        self,
        painter: QPainter,
        room: QRect,
        text: str,
        places: tuple[int, ...],
        option: QStyleOptionViewItem,
        color: str,
    ) -> int:
        """Write the name in runs of plain and bold letters; return its width."""
        bold = QFont(option.font)
        bold.setBold(True)
        start_px = room.left()
        position = 0
        while position < len(text):
            fits = position in places
            end = position
            while end < len(text) and (end in places) == fits:
                end += 1
            font = bold if fits else option.font
            ink = self._theme.accent if fits and color == self._theme.text else color
            piece = text[position:end]
            self._write(painter, QRect(room), piece, ink, font)
            room = room.adjusted(QFontMetrics(font).horizontalAdvance(piece), 0, 0, 0)
            position = end
        return room.left() - start_px

    def _write_aside(self, painter: QPainter, room: QRect, entry: ActionEntry, font: QFont) -> None:
        """Write the reason in full where there is one, else the group where it has room."""
        metrics = QFontMetrics(font)
        text = metrics.elidedText(
            entry.why_not or entry.group, Qt.TextElideMode.ElideRight, room.width()
        )
        color = self._theme.warn if entry.why_not else self._faded
        if len(text) > 1:
            self._write(painter, room, text, color, font)

    def _write_right(
        self, painter: QPainter, room: QRect, text: str, font: QFont, color: str
    ) -> int:
        width = QFontMetrics(font).horizontalAdvance(text)
        self._write(painter, QRect(room).adjusted(room.width() - width, 0, 0, 0), text, color, font)
        return width

    @staticmethod
    def _write(painter: QPainter, room: QRect, text: str, color: str, font: QFont) -> None:
        painter.setFont(font)
        painter.setPen(QColor(color))
        painter.drawText(room, int(_VERTICAL | Qt.TextFlag.TextSingleLine), text)
