"""TriggerLevel: a horizontal line in a plot of numbers, dragged to the level of a trigger."""

from collections.abc import Callable
from math import floor, isfinite, log10

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.number_text import number_text
from pyprobe.plots.plot_frame import PlotFrame

_GRAB_PX = 7.0
_ARROW_PX = 5.0


class TriggerLevel:
    """A CanvasTool. While ``value`` is None a click anywhere in the data sets it.

    ``moved`` is called with each level the hand gives it, ``repaint`` whenever it looks different.
    ``direction``: 1 for a rising edge, -1 for a falling one, 0 for a level.
    """

    def __init__(
        self,
        color: str,
        moved: Callable[[float], object],
        repaint: Callable[[], object],
        scale: Callable[[], AxisScale],
    ) -> None:
        self.color = color
        self.value: float | None = None
        self.direction = 0
        self._moved = moved
        self._repaint = repaint
        self._scale = scale
        self._is_held = False

    def set(self, value: float | None, direction: int) -> None:
        """Put it at a data value."""
        if (value, direction) != (self.value, self.direction):
            self.value, self.direction = value, direction
            self._repaint()

    # CanvasTool.

    def takes(self, frame: PlotFrame, position: QPointF) -> bool:
        """Whether the line is near, or is still to be placed."""
        if not frame.holds(position.x(), position.y()):
            return False
        pixel = self.pixel(frame)
        return pixel is None or abs(pixel - position.y()) <= _GRAB_PX

    def press(self, frame: PlotFrame, position: QPointF) -> None:
        """Take the line, or place it."""
        self._is_held = True
        if self.value is None:
            self.move(frame, position)

    def move(self, frame: PlotFrame, position: QPointF) -> None:
        """Follow the mouse, in steps that are seen."""
        if not self._is_held:
            return
        pixel = min(max(position.y(), frame.top), frame.bottom)
        scale = self._scale()
        at, next_to = (scale.value_at(frame.y_at(one)) for one in (pixel, pixel + 1.0))
        value = _rounded(at, abs(next_to - at))
        if value != self.value and isfinite(value):
            self.value = value
            self._moved(value)
            self._repaint()

    def release(self) -> None:
        """Let it go."""
        self._is_held = False

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint the line, a flag with the level and, for an edge, its direction."""
        pixel = self.pixel(frame)
        if pixel is None or self.value is None:
            return
        pen = QPen(QColor(self.color), 1.4, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLine(QPointF(frame.left, pixel), QPointF(frame.right, pixel))
        metrics = QFontMetricsF(painter.font())
        text = f"T {number_text(self.value)}"
        arrow = 2 * _ARROW_PX + 4.0 if self.direction else 0.0
        width, height = metrics.horizontalAdvance(text) + arrow + 10.0, metrics.height() + 2.0
        top = min(max(pixel - height / 2, frame.top), frame.bottom - height)
        flag = QRectF(frame.right - width - 2.0, top, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.color))
        painter.drawRoundedRect(flag, 3.0, 3.0)
        ink = QColor("#ffffff" if QColor(self.color).lightness() < 140 else "#000000")
        painter.setPen(ink)
        words = flag.adjusted(5.0, 0.0, -arrow, 0.0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, text)
        if self.direction:
            self._paint_arrow(painter, QPointF(flag.right() - arrow / 2 - 2.0, flag.center().y()))

    def _paint_arrow(self, painter: QPainter, middle: QPointF) -> None:
        reach = -_ARROW_PX * self.direction
        painter.setBrush(painter.pen().color())
        painter.drawPolygon(
            QPolygonF(
                [
                    middle + QPointF(0.0, reach * 0.8),
                    middle + QPointF(-_ARROW_PX * 0.8, -reach * 0.6),
                    middle + QPointF(_ARROW_PX * 0.8, -reach * 0.6),
                ]
            )
        )

    def pixel(self, frame: PlotFrame) -> float | None:
        """Return the row of the line; None where it has none."""
        place = None if self.value is None else self._scale().place_of(self.value)
        if place is None or frame.y_high == frame.y_low:
            return None
        share = (place - frame.y_low) / (frame.y_high - frame.y_low)
        return frame.bottom - share * frame.height if 0.0 <= share <= 1.0 else None


def _rounded(value: float, step: float) -> float:
    """Round to the digits that a step of one pixel can be told by."""
    if not (isfinite(value) and isfinite(step) and step > 0.0):
        return value
    return round(value, -floor(log10(step)))
