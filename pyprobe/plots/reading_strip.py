"""ReadingStrip: the rows of numbers below a plot; takes no room while there are none."""

from collections.abc import Sequence
from math import ceil

from PyQt6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QAction, QColor, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QMenu, QSizePolicy

from pyprobe.plots.readings import Reading
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.title_forms import name_of, told_apart
from pyprobe.session.short_text import cut_value

MOST_ROWS = 24
_MARGIN_PX = 8.0
_GAP_PX = 14.0
_NAME_GAP_PX = 4.0
_SWATCH_PX = 14.0
_LARGEST_TITLE_SHARE = 0.3
_LARGEST_SHARE = 0.45  # of the panel's height; what has no room in it is scrolled to
_EDGE_PX = 4


_Line = tuple[Reading, int, int]


class ReadingStrip(QAbstractScrollArea):
    """Painted by hand, as its numbers change with every frame."""

    def __init__(self, theme: PlotTheme) -> None:
        super().__init__()
        self.theme = theme
        self.rows: tuple[Reading, ...] = ()
        self.left_out = 0
        self._cells_px: list[list[float]] = []
        self._room_px = 0
        self._found_for: tuple[object, ...] = ()
        self._found_lines: list[_Line] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.setAccessibleName("Measurements")
        self.hide()

    def set_rows(self, rows: Sequence[Reading]) -> None:
        """Show these rows; those beyond ``MOST_ROWS`` are counted."""
        shown = tuple(rows[:MOST_ROWS])
        if shown == self.rows:
            return
        height = self.sizeHint().height()
        self._cells_px = self._grown_cells(shown)
        self.rows, self.left_out = shown, max(len(rows) - MOST_ROWS, 0)
        self.setVisible(bool(shown))
        if self.sizeHint().height() != height:
            self.updateGeometry()
        self.setAccessibleDescription(self.as_text())
        self._arrange()

    def set_theme(self, theme: PlotTheme) -> None:
        """Draw in these colours."""
        self.theme = theme
        self._repaint()

    def set_panel_height(self, height_px: int) -> None:
        """Take no more than a share of the panel's height."""
        room_px = int(height_px * _LARGEST_SHARE)
        if room_px != self._room_px:
            self._room_px = room_px
            self.updateGeometry()

    def as_text(self) -> str:
        """Return all rows as tab-separated values."""
        return "\n".join(row.as_text() for row in self.rows)

    def sizeHint(self) -> QSize:
        """Return the height of its lines, or of those that have room."""
        if not self.rows:
            return QSize(200, 0)
        line_px = self._line_px()
        most = max(int((self._room_px - _EDGE_PX) / line_px), 1)
        return QSize(200, int(min(self._line_count(), most) * line_px + _EDGE_PX))

    def minimumSizeHint(self) -> QSize:
        """Return the height; any width will do."""
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Take as many lines as the new width asks for."""
        super().resizeEvent(event)
        self.updateGeometry()
        self._arrange()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Show other lines."""
        self._repaint()

    def _arrange(self) -> None:
        """Let what has no room be scrolled to, by the wheel or the keys, a line at a time."""
        bar, viewport = self.verticalScrollBar(), self.viewport()
        if bar is None or viewport is None:
            return
        line_px = self._line_px()
        shown = max(int((viewport.height() - _EDGE_PX) / line_px), 1)
        hidden = max(self._line_count() - shown, 0)
        bar.setRange(0, hidden)
        bar.setPageStep(shown)
        is_tab = Qt.FocusPolicy.TabFocus if hidden else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(is_tab)
        self._repaint()

    def _repaint(self) -> None:
        viewport = self.viewport()
        if viewport is not None:
            viewport.update()

    def _line_px(self) -> float:
        return float(ceil(QFontMetricsF(self.font()).height()) + 2)

    def _line_count(self) -> int:
        return len(self._lines()) + (self.left_out > 0)

    def titles(self) -> list[str]:
        """Return what stands before each row: as much of it as there is room and need for."""
        metrics = QFontMetricsF(self.font())
        room_px = self.width() * _LARGEST_TITLE_SHARE

        def widest_px(texts: Sequence[str]) -> float:
            return max(map(metrics.horizontalAdvance, texts), default=0.0)

        titles = [row.title for row in self.rows]
        names = list(map(name_of, titles))
        is_clear = len(set(names)) == len(set(titles))
        return told_apart(names if is_clear else titles, widest_px, room_px)

    def _lines(self) -> list[_Line]:
        """Return each line as a row, and from and up to which of its values."""
        found_for = (self.rows, self.width(), self.font().key())
        if self._found_for != found_for:
            self._found_for, self._found_lines = found_for, self._find_lines()
        return self._found_lines

    def _find_lines(self) -> list[_Line]:
        most = max((len(row.values) for row in self.rows), default=1)
        bar = self.verticalScrollBar()
        bar_px = bar.sizeHint().width() if bar is not None else 0
        room_px = self.width() - bar_px - _MARGIN_PX - self._values_left()
        fitting = (
            count for count in range(most, 0, -1) if sum(self._column_widths(count)) <= room_px
        )
        count = next(fitting, 1)
        return [
            (row, start, start + count)
            for row in self.rows
            for start in range(0, max(len(row.values), 1), count)
        ]

    def _values_left(self) -> float:
        metrics = QFontMetricsF(self.font())
        widest = max((metrics.horizontalAdvance(title) for title in self.titles()), default=0.0)
        widest = min(widest, self.width() * _LARGEST_TITLE_SHARE)
        return _MARGIN_PX + _SWATCH_PX + widest + (_GAP_PX if widest else 0.0)

    def _grown_cells(self, rows: Sequence[Reading]) -> list[list[float]]:
        """Return the width of each value, with the gap behind it.

        While the rows tell the same it only grows, so that no number makes the lines jump.
        """
        metrics = QFontMetricsF(self.font())
        cells_px = [
            [metrics.horizontalAdvance(name + text) + _NAME_GAP_PX + _GAP_PX for name, text in row]
            for row in (row.values for row in rows)
        ]
        if [_kind(row) for row in rows] != [_kind(row) for row in self.rows]:
            return cells_px
        return [
            [max(pair) for pair in zip(now, before, strict=True)]
            for now, before in zip(cells_px, self._cells_px, strict=True)
        ]

    def _column_widths(self, count: int) -> list[float]:
        widths = [0.0] * count
        for cells_px in self._cells_px:
            for place, width in enumerate(cells_px):
                widths[place % count] = max(widths[place % count], width)
        return widths

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the rows, their columns below each other."""
        viewport, bar = self.viewport(), self.verticalScrollBar()
        if viewport is None or bar is None:
            return
        painter = QPainter(viewport)
        painter.fillRect(viewport.rect(), QColor(self.theme.panel))
        metrics = QFontMetricsF(self.font())
        lines = self._lines()
        baseline = 2.0 + metrics.ascent() - bar.value() * self._line_px()
        titles = iter(self.titles())
        columns = self._column_widths(max((end - start for _, start, end in lines), default=1))
        left_px = self._values_left()
        for row, start, end in lines:
            title = "" if start else next(titles)
            if 0.0 < baseline < viewport.height() + metrics.height():
                if not start:
                    self._paint_title(painter, title, row.color, baseline)
                self._paint_values(painter, row.values[start:end], baseline, columns, left_px)
            baseline += self._line_px()
        if self.left_out:
            painter.setPen(QColor(self.theme.muted))
            at = QPointF(_MARGIN_PX + _SWATCH_PX, baseline)
            painter.drawText(at, f"and {self.left_out} more")
        painter.end()

    def _paint_title(self, painter: QPainter, title: str, color: str, baseline: float) -> None:
        metrics = QFontMetricsF(self.font())
        if color:
            middle = baseline - metrics.ascent() / 2 + metrics.descent() / 2
            painter.fillRect(QRectF(_MARGIN_PX, middle - 1.0, 10.0, 2.0), QColor(color))
        painter.setPen(QColor(self.theme.muted))
        most_px = self.width() * _LARGEST_TITLE_SHARE + 1.0
        shown = cut_value(title, metrics.horizontalAdvance, most_px)
        painter.drawText(QPointF(_MARGIN_PX + _SWATCH_PX, baseline), shown)

    def _paint_values(
        self,
        painter: QPainter,
        values: Sequence[tuple[str, str]],
        baseline: float,
        columns: Sequence[float],
        x: float,
    ) -> None:
        metrics = QFontMetricsF(self.font())
        for (name, text), width in zip(values, columns, strict=False):
            painter.setPen(QColor(self.theme.muted))
            if x + width - _GAP_PX > self.width() - _MARGIN_PX:
                painter.drawText(QPointF(x, baseline), "…")
                return
            painter.drawText(QPointF(x, baseline), name)
            painter.setPen(QColor(self.theme.text))
            start = x + metrics.horizontalAdvance(name) + _NAME_GAP_PX
            painter.drawText(QPointF(start, baseline), text)
            x += width

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


def _kind(row: Reading) -> tuple[str, ...]:
    return (row.title, *(name for name, _text in row.values))
