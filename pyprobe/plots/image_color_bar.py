"""ColorBar: the bar beside an image that tells its colours, and whose ends are dragged."""

from collections.abc import Callable
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from pyprobe.plots.axes_painter import cosmetic_pen
from pyprobe.plots.color_map import LEVELS
from pyprobe.plots.image_levels import Levels
from pyprobe.plots.number_text import number_text
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.theme import PlotTheme

WIDTH_PX = 10.0
GAP_PX = 8.0
_EDGE_PX = 7.0
_END_SHARE = 0.25  # of the bar's length, at each of its ends
_LEAST_SHARE = 0.01  # of the span: two ends never meet


class BarPart(Enum):
    """What of the bar is held; the value is the change in the undo history."""

    HIGH = "upper level"
    LOW = "lower level"
    MIDDLE = "levels"


class ColorBar:
    """A CanvasTool: the upper and lower quarter move one level, the middle moves both.

    ``moved`` gets the levels while they are dragged, ``ended`` those from before the drag.
    """

    def __init__(
        self, moved: Callable[[Levels], object], ended: Callable[[Levels], object]
    ) -> None:
        self.levels = Levels(0.0, 1.0)
        self.area = QRectF()
        self._moved = moved
        self._ended = ended
        self._start: tuple[BarPart, float, Levels] | None = None
        self._has_moved = False

    def width(self, metrics: QFontMetricsF) -> float:
        """Return the room beside the data that bar and labels need."""
        widest = max(metrics.horizontalAdvance(text) for text in self.texts())
        return float(int(GAP_PX + max(WIDTH_PX, widest) + _EDGE_PX))

    def texts(self) -> tuple[str, str]:
        """Return the upper and the lower level in short."""
        low, high = (number_text(float(f"{level:.4g}")) for level in self.levels)
        return high, low

    def part_at(self, position: QPointF) -> BarPart | None:
        """Return the part under the mouse; the labels belong to their ends."""
        if not self.area.height():
            return None
        reach = self.area.adjusted(-GAP_PX + 2.0, -20.0, 28.0, 20.0)
        if not reach.contains(position):
            return None
        share = (position.y() - self.area.top()) / self.area.height()
        if share < _END_SHARE:
            return BarPart.HIGH
        return BarPart.LOW if share > 1.0 - _END_SHARE else BarPart.MIDDLE

    # CanvasTool.

    def takes(self, frame: PlotFrame, position: QPointF) -> bool:
        """Whether the bar is there."""
        return self.part_at(position) is not None

    def press(self, frame: PlotFrame, position: QPointF) -> None:
        """Take hold of a part."""
        part = self.part_at(position)
        if part is not None:
            self._start = (part, position.y(), self.levels)
            self._has_moved = False

    def move(self, frame: PlotFrame, position: QPointF) -> None:
        """Move the levels as far as the mouse went along the bar."""
        if self._start is None or not self.area.height():
            return
        part, start_y, (low, high) = self._start
        way = (start_y - position.y()) / self.area.height() * (high - low)
        gap = (high - low) * _LEAST_SHARE
        if part is not BarPart.LOW:
            high = high + way if part is BarPart.MIDDLE else max(high + way, low + gap)
        if part is not BarPart.HIGH:
            low = low + way if part is BarPart.MIDDLE else min(low + way, high - gap)
        if np.isfinite(low) and np.isfinite(high) and low < high:
            self._has_moved = True
            self._moved(Levels(low, high))

    def release(self) -> None:
        """Let go."""
        if self._start is not None and self._has_moved:
            self._ended(self._start[2])
        self._start = None

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        """Nothing stands over the data; ``paint_beside`` paints the bar."""

    def paint_beside(
        self,
        painter: QPainter,
        frame: PlotFrame,
        table: NDArray[np.uint32],
        theme: PlotTheme,
        *,
        is_set: bool,
    ) -> None:
        """Paint the bar with the levels at its ends; levels ``is_set`` by the user stand out."""
        metrics = QFontMetricsF(painter.font())
        line = metrics.height()
        left = frame.right + GAP_PX
        bar = QRectF(left, frame.top + line, WIDTH_PX, frame.height - 2 * line)
        self.area = bar if bar.height() >= line else QRectF()
        if self.area.height():
            colors = np.ascontiguousarray(table[LEVELS - 1 :: -1].reshape(LEVELS, 1))
            painter.drawImage(bar, as_image(colors))
            painter.setPen(cosmetic_pen(theme.accent if is_set else theme.frame))
            painter.drawRect(bar)
        painter.setPen(QPen(QColor(theme.accent if is_set else theme.muted)))
        high, low = self.texts()
        painter.drawText(QPointF(left, frame.top + metrics.ascent() - 2.0), high)
        painter.drawText(QPointF(left, frame.bottom - 1.0), low)


def as_image(colors: NDArray[np.uint32], *, has_opacity: bool = False) -> QImage:
    """Return a QImage over the array's memory, which the caller keeps while it is painted."""
    height, width = colors.shape
    pixels = QImage.Format.Format_ARGB32 if has_opacity else QImage.Format.Format_RGB32
    return QImage(colors.data, width, height, width * 4, pixels)  # type: ignore[call-overload,no-any-return]
