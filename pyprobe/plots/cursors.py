"""Cursors: two vertical lines whose distance is measured, dragged by the mouse or moved by keys."""

from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.plot_frame import PlotFrame

_GRAB_PX = 6.0
_NAMES = ("A", "B")


@dataclass(frozen=True, slots=True)
class CursorReading:
    """What the cursors tell: data values at both, NaN where there is no number."""

    x: tuple[float, float]
    y: tuple[float, float]

    @property
    def dx(self) -> float:
        """The way from A to B."""
        return self.x[1] - self.x[0]

    @property
    def dy(self) -> float:
        """The change of the value from A to B."""
        return self.y[1] - self.y[0]

    @property
    def rate(self) -> float:
        """One by the way from A to B; NaN where they stand together."""
        return 1.0 / self.dx if self.dx else float("nan")


class Cursors:
    """Positions are data values, so that they stay with the data while the view moves.

    ``changed`` is called with each move, ``ended`` with where they stood before a drag.
    """

    def __init__(
        self,
        color: str,
        changed: Callable[[], object],
        ended: Callable[[tuple[float, float]], object],
    ) -> None:
        self.color = color
        self.scale = AxisScale.LINEAR
        self.x: list[float] | None = None
        self.active = 0
        self._changed = changed
        self._ended = ended
        self._held: tuple[float, float] | None = None

    @property
    def is_shown(self) -> bool:
        """Whether there are cursors."""
        return self.x is not None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The stretch between both, ascending; ``None`` without cursors."""
        return (min(self.x), max(self.x)) if self.x is not None else None

    def show(self, frame: PlotFrame) -> None:
        """Put the cursors at a third and two thirds of what is in view."""
        span = frame.x_high - frame.x_low
        self.x = [self.scale.value_at(frame.x_low + span * share) for share in (1 / 3, 2 / 3)]
        self._changed()

    def hide(self) -> None:
        """Take the cursors away."""
        self.x = None
        self._changed()

    def set(self, positions: tuple[float, float] | None) -> None:
        """Put both at data values, or take them away."""
        self.x = list(positions) if positions is not None else None
        self._changed()

    @property
    def positions(self) -> tuple[float, float] | None:
        """Where both stand, for ``set``."""
        return (self.x[0], self.x[1]) if self.x is not None else None

    def take_other(self) -> None:
        """Let keys move the other one from now on."""
        self.active = 1 - self.active
        self._changed()

    def step(self, frame: PlotFrame, pixels: float) -> None:
        """Move the one that was moved last."""
        if self.x is None:
            return
        place = self._pixel(frame, self.active)
        if place is not None:
            self.x[self.active] = self.scale.value_at(frame.x_at(place + pixels))
            self._changed()

    # CanvasTool.

    def takes(self, frame: PlotFrame, position: QPointF) -> bool:
        """Whether a cursor is near."""
        return self._nearest(frame, position.x()) is not None

    def press(self, frame: PlotFrame, position: QPointF) -> None:
        """Take the nearest cursor."""
        nearest = self._nearest(frame, position.x())
        if nearest is not None:
            self.active = nearest
            self._held = self.positions

    def move(self, frame: PlotFrame, position: QPointF) -> None:
        """Move the cursor that is held, within the view."""
        if self._held is not None and self.x is not None:
            pixel = min(max(position.x(), frame.left), frame.right)
            self.x[self.active] = self.scale.value_at(frame.x_at(pixel))
            self._changed()

    def release(self) -> None:
        """Let it go."""
        held, self._held = self._held, None
        if held is not None and held != self.positions:
            self._ended(held)

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint both lines with their names on top."""
        if self.x is None:
            return
        metrics = QFontMetricsF(painter.font())
        pen = QPen(QColor(self.color), 1.0)
        pen.setCosmetic(True)
        for number, name in enumerate(_NAMES):
            pixel = self._pixel(frame, number)
            if pixel is None:
                continue
            pen.setStyle(Qt.PenStyle.SolidLine if number == self.active else Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawLine(QPointF(pixel, frame.top), QPointF(pixel, frame.bottom))
            width = metrics.horizontalAdvance(name) + 6.0
            left = min(pixel, frame.right - width)
            flag = QRectF(left, frame.top, width, metrics.height())
            painter.fillRect(flag, QColor(self.color))
            painter.setPen(QColor("#ffffff" if QColor(self.color).lightness() < 140 else "#000000"))
            painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, name)

    def _nearest(self, frame: PlotFrame, x: float) -> int | None:
        if self.x is None:
            return None
        ways = {
            number: abs(pixel - x)
            for number in range(2)
            if (pixel := self._pixel(frame, number)) is not None
        }
        near = [number for number, way in ways.items() if way <= _GRAB_PX]
        return min(near, key=lambda number: ways[number]) if near else None

    def _pixel(self, frame: PlotFrame, number: int) -> float | None:
        if self.x is None:
            return None
        place = self.scale.place_of(self.x[number])
        if place is None:
            return None
        share = (place - frame.x_low) / (frame.x_high - frame.x_low)
        return frame.left + share * frame.width
