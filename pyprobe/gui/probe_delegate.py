"""Delegates of the probe list: names go short by whole parts, values never within a number."""

from PyQt6.QtCore import QModelIndex
from PyQt6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pyprobe.plots.title_forms import cut_end, title_forms
from pyprobe.session.short_text import ELLIPSIS, cut_value


class _Fitting(QStyledItemDelegate):
    def initStyleOption(self, option: QStyleOptionViewItem | None, index: QModelIndex) -> None:
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


class NameDelegate(_Fitting):
    """A name drops its file first, then its line, then its first attributes."""

    def shortened(self, text: str, option: QStyleOptionViewItem, room_px: float) -> str:
        """Return the longest form that has room."""
        width = option.fontMetrics.horizontalAdvance
        forms = title_forms(text)
        fitting = (form for form in forms if width(form) <= room_px)
        return next(fitting, "") or cut_end(forms[-1], width, room_px, least=1)


class ValueDelegate(_Fitting):
    """A value is cut at its end, a number in it not at all."""

    def shortened(self, text: str, option: QStyleOptionViewItem, room_px: float) -> str:
        """Return as much of it as there is room for."""
        return cut_value(text, option.fontMetrics.horizontalAdvance, room_px) or ELLIPSIS
