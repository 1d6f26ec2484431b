"""Big number: the newest value as large as its panel allows, over a line of its history."""

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QContextMenuEvent, QFont, QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy

from pyprobe.plots.axes_painter import cosmetic_pen
from pyprobe.plots.curves import Curve, PlacedCurve, curve_bounds
from pyprobe.plots.lens import LensWidget
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.theme import PlotTheme
from pyprobe.session.history_reader import HistoryReader

SPARK_CAPTURES = 500
_SPARK_SHARE = 0.3  # of the height
_MARGIN_PX = 12.0
_LARGEST_POINTS = 120.0
_SMALLEST_POINTS = 9.0
_SPARK_FROM_PX = 70


class BigNumberLens(LensWidget):
    """What is read across the room. The line below shows the last 500 captures."""

    def __init__(self, theme: PlotTheme, color: str) -> None:
        super().__init__()
        self.text = ""
        self.spark: Curve | None = None
        self.theme = theme
        self.color = color
        self._history: HistoryReader | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(48, 24)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def show_history(self, history: HistoryReader) -> None:
        """Show the newest value."""
        self._history = history
        self.text = history.last.text if history.last is not None else ""
        self.spark = self._make_spark(history)
        self.update()

    def _make_spark(self, history: HistoryReader) -> Curve | None:
        span = history.span()
        if span is None:
            return None
        start = max(span[0], span[1] - SPARK_CAPTURES + 1)
        x, y = history.envelope(start, span[1], max(self.width(), 8))
        return Curve("", self.color, x, y) if np.isfinite(y).any() else None

    def set_theme(self, theme: PlotTheme, color: str) -> None:
        """Draw in these colours."""
        self.theme = theme
        self.color = color
        if self._history is not None:
            self.show_history(self._history)

    def notes(self) -> tuple[str, ...]:
        """Say how much of the history the line shows."""
        return (f"line of the last {SPARK_CAPTURES}",) if self.spark is not None else ()

    def sizeHint(self) -> QSize:
        """Return a size at which the number can be read from afar."""
        return QSize(260, 160)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint the number over its line."""
        self.guarded(self._paint)

    def _paint(self) -> None:
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), QColor(self.theme.canvas))
            has_spark = self.spark is not None and self.height() >= _SPARK_FROM_PX
            spark_px = self.height() * _SPARK_SHARE if has_spark else 0.0
            area = QRectF(self.rect()).adjusted(_MARGIN_PX, 4.0, -_MARGIN_PX, -4.0 - spark_px)
            painter.setFont(self._fitting_font(area))
            painter.setPen(QColor(self.theme.text))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self.text)
            if has_spark and self.spark is not None:
                self._paint_spark(painter, self.spark, spark_px)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(cosmetic_pen(self.theme.accent))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        finally:
            painter.end()

    def _fitting_font(self, area: QRectF) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.Medium)
        font.setPointSizeF(_LARGEST_POINTS)
        metrics = QFontMetricsF(font)
        share = min(
            area.width() / max(metrics.horizontalAdvance(self.text), 1.0),
            area.height() / metrics.height(),
            1.0,
        )
        font.setPointSizeF(max(_LARGEST_POINTS * share * 0.95, _SMALLEST_POINTS))
        return font

    def _paint_spark(self, painter: QPainter, spark: Curve, height: float) -> None:
        low, high = curve_bounds([spark]) or (0.0, 1.0)
        first, last = float(spark.x[0]), float(spark.x[-1])
        middle = low / 2 + high / 2
        frame = PlotFrame(
            left=_MARGIN_PX,
            top=self.height() - height,
            width=max(self.width() - 2 * _MARGIN_PX, 8.0),
            height=max(height - 8.0, 2.0),
            x_low=first if first < last else first - 1.0,
            x_high=last if first < last else last + 1.0,
            y_low=low if low < high else middle - 1.0,
            y_high=high if low < high else middle + 1.0,
        )
        placed = PlacedCurve(spark, frame, self.devicePixelRatioF())
        placed.paint(painter)
        if placed.newest is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.color))
            painter.drawEllipse(QPointF(placed.newest), 2.6, 2.6)

    def contextMenuEvent(self, event: QContextMenuEvent | None) -> None:
        """Ask for the panel's menu."""
        if event is not None:
            self.menu_requested.emit(event.globalPos())
