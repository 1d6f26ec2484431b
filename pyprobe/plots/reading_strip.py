"""ReadingStrip: the rows of numbers below a plot; takes no room while there are none."""

from collections.abc import Sequence

from PyQt6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QAction, QColor, QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QApplication, QMenu, QSizePolicy, QWidget

from pyprobe.plots.readings import Reading
from pyprobe.plots.theme import PlotTheme

MOST_ROWS = 6
_MARGIN_PX = 8.0
_GAP_PX = 14.0
_NAME_GAP_PX = 4.0
_LARGEST_TITLE_SHARE = 0.3


class ReadingStrip(QWidget):
    """Painted by hand, as its numbers change with every frame."""

    def __init__(self, theme: PlotTheme) -> None:
        super().__init__()
        self.theme = theme
        self.rows: tuple[Reading, ...] = ()
        self.left_out = 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.setAccessibleName("Measurements")
        self.hide()

    def set_rows(self, rows: Sequence[Reading]) -> None:
        """Show these rows; more than six are counted."""
        shown = tuple(rows[:MOST_ROWS])
        if shown == self.rows:
            return
        grows = len(shown) != len(self.rows)
        self.rows, self.left_out = shown, max(len(rows) - MOST_ROWS, 0)
        if grows:
            self.setVisible(bool(shown))
            self.updateGeometry()
        self.setAccessibleDescription(self.as_text())
        self.update()

    def set_theme(self, theme: PlotTheme) -> None:
        """Draw in these colours."""
        self.theme = theme
        self.update()

    def as_text(self) -> str:
        """Return all rows as tab-separated values."""
        return "\n".join(row.as_text() for row in self.rows)

    def sizeHint(self) -> QSize:
        """Return the height of its rows."""
        return QSize(200, int(len(self.rows) * self._line_px() + 4) if self.rows else 0)

    def minimumSizeHint(self) -> QSize:
        """Return the height; any width will do."""
        return QSize(0, self.sizeHint().height())

    def _line_px(self) -> float:
        return QFontMetricsF(self.font()).height() + 2.0

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the rows, their columns below each other."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self.theme.panel))
        metrics = QFontMetricsF(self.font())
        most = self.width() * _LARGEST_TITLE_SHARE
        titles_px = min(
            max((metrics.horizontalAdvance(r.title) for r in self.rows), default=0), most
        )
        columns = self._column_widths(metrics)
        for number, row in enumerate(self.rows):
            baseline = 2.0 + number * self._line_px() + metrics.ascent()
            self._paint_row(painter, row, baseline, titles_px, columns, metrics)
        painter.end()

    def _column_widths(self, metrics: QFontMetricsF) -> list[float]:
        widths: list[float] = []
        for row in self.rows:
            for place, (name, text) in enumerate(row.values):
                width = metrics.horizontalAdvance(name + text) + _NAME_GAP_PX
                if place < len(widths):
                    widths[place] = max(widths[place], width)
                else:
                    widths.append(width)
        return widths

    def _paint_row(
        self,
        painter: QPainter,
        row: Reading,
        baseline: float,
        titles_px: float,
        columns: Sequence[float],
        metrics: QFontMetricsF,
    ) -> None:
        x = _MARGIN_PX
        if row.color:
            middle = baseline - metrics.ascent() / 2 + metrics.descent() / 2
            painter.fillRect(QRectF(x, middle - 1.0, 10.0, 2.0), QColor(row.color))
        x += 14.0
        painter.setPen(QColor(self.theme.muted))
        title = metrics.elidedText(row.title, Qt.TextElideMode.ElideMiddle, titles_px + 1.0)
        painter.drawText(QPointF(x, baseline), title)
        x += titles_px + (_GAP_PX if titles_px else 0.0)
        for (name, text), width in zip(row.values, columns, strict=False):
            if x + width > self.width() - _MARGIN_PX:
                painter.drawText(QPointF(x, baseline), "…")
                return
            painter.setPen(QColor(self.theme.muted))
            painter.drawText(QPointF(x, baseline), name)
            painter.setPen(QColor(self.theme.text))
            start = x + metrics.horizontalAdvance(name) + _NAME_GAP_PX
            painter.drawText(QPointF(start, baseline), text)
            x += width + _GAP_PX

    def _open_menu(self, position: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = QAction("Copy as tab-separated values", menu)
        copy.triggered.connect(lambda _on: self.copy())
        menu.addAction(copy)
        menu.popup(self.mapToGlobal(position))

    def copy(self) -> None:
        """Put all rows on the clipboard."""
        clipboard = QApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self.as_text())
