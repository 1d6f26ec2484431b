"""Heat map: a 2-D array as cells that fill the panel, with their values where there is room."""

from typing import ClassVar

import numpy as np
from PyQt6.QtCore import QPointF
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter

from pyprobe.plots.image import ImageLens
from pyprobe.plots.image_plane import plane_of
from pyprobe.plots.number_text import number_text
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.ticks import Ticks, value_ticks

MOST_TEXTS = 1500
_LIGHT_FROM = 0.45  # relative lightness of a cell from which on its text is black
_PADDING_PX = 6.0


class HeatMapLens(ImageLens):
    """Cells may be of any aspect; a last axis of three or four is not taken for colours."""

    square_by_default: ClassVar[bool] = False
    draws_pictures: ClassVar[bool] = False

    def paint_data(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint the cells, and in each its value if all in view fit."""
        super().paint_data(painter, frame)
        rows = range(*self._in_view(frame.y_low, frame.y_high, self.rows))
        columns = range(*self._in_view(frame.x_low, frame.x_high, self.columns))
        if not self.drawn.size or len(rows) * len(columns) > MOST_TEXTS:
            return
        part = plane_of(self.image[rows.start : rows.stop, columns.start : columns.stop])
        texts = [[cell_text(value) for value in row] for row in part.tolist()]
        metrics = QFontMetricsF(painter.font())
        widest = max(metrics.horizontalAdvance(text) for row in texts for text in row)
        cell_width = frame.width / (frame.x_high - frame.x_low)
        cell_height = frame.height / (frame.y_high - frame.y_low)
        if widest + _PADDING_PX > cell_width or metrics.height() > cell_height:
            return
        drop = metrics.ascent() / 2 - metrics.descent() / 2
        x = frame.x_pixels(np.array(columns, np.float64)).tolist()
        y = frame.y_pixels(np.array(rows, np.float64)).tolist()
        for row, line in enumerate(texts):
            for column, text in enumerate(line):
                painter.setPen(_readable_on(int(self.drawn[row, column])))
                left = x[column] - metrics.horizontalAdvance(text) / 2
                painter.drawText(QPointF(left, y[row] + drop), text)

    @staticmethod
    def _in_view(low: float, high: float, count: int) -> tuple[int, int]:
        first, last = np.clip([np.floor(low + 0.5), np.ceil(high + 0.5)], 0, count).astype(int)
        return int(first), int(last)

    def x_ticks(self, most: int) -> Ticks:
        """Return a label for each column where there is room."""
        return value_ticks(self.x_range.low, self.x_range.high, most, whole=True)


def cell_text(value: float) -> str:
    """Return a number as it stands in a cell: whole ones exactly, others in three digits."""
    if isinstance(value, int):
        return str(value)
    return number_text(float(f"{value:.3g}"))


def _readable_on(color: int) -> QColor:
    red, green, blue = (((color >> shift) & 255) / 255.0 for shift in (16, 8, 0))
    lightness = 0.299 * red + 0.587 * green + 0.114 * blue
    return QColor("#000000" if lightness > _LIGHT_FROM else "#ffffff")
