"""ValueDelegate: values in a list or a grid, which go short where they have no room."""

from PyQt6.QtCore import QModelIndex
from PyQt6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pyprobe.session.short_text import ELLIPSIS, cut_value


class FittingDelegate(QStyledItemDelegate):
    """Asks for another text where one has no room."""

    def initStyleOption(self, option: QStyleOptionViewItem | None, index: QModelIndex) -> None:
        """Put the shorter text in the place of one that has no room."""
        super().initStyleOption(option, index)
        style = QApplication.style()
        if option is None or style is None or not option.text:
            return
        area = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, option, option.widget)
        margin_px = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1
        room_px = area.width() - 2 * margin_px
        if option.fontMetrics.horizontalAdvance(option.text) > room_px:
            option.text = self.shortened(option.text, option, room_px)

    def shortened(self, text: str, option: QStyleOptionViewItem, room_px: float) -> str:
        """Return what stands for a text that has no room."""
        raise NotImplementedError


class ValueDelegate(FittingDelegate):
    """A value is cut at its end, a number in it not at all."""

    def shortened(self, text: str, option: QStyleOptionViewItem, room_px: float) -> str:
        """Return as much of it as there is room for."""
        return cut_value(text, option.fontMetrics.horizontalAdvance, room_px) or ELLIPSIS
