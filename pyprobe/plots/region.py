"""Region of interest: a rectangle of whole pixels on an image, moved and sized by the mouse."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from pyprobe.plots.plot_frame import PlotFrame

_GRAB_PX = 6.0
_HANDLE_PX = 6.0


@dataclass(frozen=True, slots=True)
class Box:
    """Rows ``top`` to ``bottom`` and columns ``left`` to ``right``, the last ones not included."""

    top: int
    left: int
    bottom: int
    right: int

    def within(self, rows: int, columns: int) -> "Box":
        """Return the part that lies on an image; empty where none does."""
        top, bottom = (min(max(one, 0), rows) for one in (self.top, self.bottom))
        left, right = (min(max(one, 0), columns) for one in (self.left, self.right))
        return Box(top, left, bottom, right)

    def moved(self, down: int, right: int) -> "Box":
        """Return a box of the same size somewhere else."""
        return Box(self.top + down, self.left + right, self.bottom + down, self.right + right)

    def grown(self, down: int, right: int) -> "Box":
        """Return a box whose lower right corner is somewhere else; a pixel stays."""
        bottom, right = self.bottom + down, self.right + right
        return Box(self.top, self.left, max(bottom, self.top + 1), max(right, self.left + 1))

    def text(self) -> str:
        """Return the box as numpy's slices."""
        return f"[{self.top}:{self.bottom}, {self.left}:{self.right}]"


class Region:
    """A CanvasTool: edges and corners size the box, its inside moves it.

    ``changed`` is called with each move, ``ended`` with the box from before a drag.
    """

    def __init__(
        self, color: str, changed: Callable[[], object], ended: Callable[[Box | None], object]
    ) -> None:
        self.color = color
        self.box: Box | None = None
        self._changed = changed
        self._ended = ended
        self._held: tuple[Box, tuple[int, int], float, float] | None = None

    def set(self, box: Box | None) -> None:
        """Put the box somewhere, or take it away."""
        self.box = box
        self._changed()

    def show(self, frame: PlotFrame, rows: int, columns: int) -> None:
        """Put the box on the middle of the part of the image that is in view."""
        top, bottom = (_edge(y, rows) for y in (frame.y_low, frame.y_high))
        left, right = (_edge(x, columns) for x in (frame.x_low, frame.x_high))
        ends = Box(top, left, bottom, right)
        high, wide = max((ends.bottom - ends.top) // 3, 1), max((ends.right - ends.left) // 3, 1)
        top = ends.top + (ends.bottom - ends.top - high) // 2
        left = ends.left + (ends.right - ends.left - wide) // 2
        self.set(Box(top, left, top + high, left + wide))

    # CanvasTool.

    def takes(self, frame: PlotFrame, position: QPointF) -> bool:
        """Whether the box or its edge is there."""
        return self.grip_at(frame, position) is not None and frame.holds(position.x(), position.y())

    def grip_at(self, frame: PlotFrame, position: QPointF) -> tuple[int, int] | None:
        """Return which side is held, down and right: -1, 0 or 1 each; 0, 0 moves the box."""
        if self.box is None:
            return None
        area = box_area(self.box, frame)
        if not area.adjusted(-_GRAB_PX, -_GRAB_PX, _GRAB_PX, _GRAB_PX).contains(position):
            return None
        down = _side(position.y(), area.top(), area.bottom())
        return down, _side(position.x(), area.left(), area.right())

    def press(self, frame: PlotFrame, position: QPointF) -> None:
        """Take hold."""
        grip = self.grip_at(frame, position)
        if grip is not None and self.box is not None:
            x, y = frame.x_at(position.x()), frame.y_at(position.y())
            self._held = (self.box, grip, x, y)

    def move(self, frame: PlotFrame, position: QPointF) -> None:
        """Follow the mouse in whole pixels."""
        if self._held is None:
            return
        box, (down, right), start_x, start_y = self._held
        step_x = round(frame.x_at(position.x()) - start_x)
        step_y = round(frame.y_at(position.y()) - start_y)
        wanted = (
            box.moved(step_y, step_x)
            if not (down or right)
            else Box(
                min(box.top + step_y, box.bottom - 1) if down < 0 else box.top,
                min(box.left + step_x, box.right - 1) if right < 0 else box.left,
                max(box.bottom + step_y, box.top + 1) if down > 0 else box.bottom,
                max(box.right + step_x, box.left + 1) if right > 0 else box.right,
            )
        )
        if wanted != self.box:
            self.set(wanted)

    def release(self) -> None:
        """Let go."""
        if self._held is not None and self._held[0] != self.box:
            self._ended(self._held[0])
        self._held = None

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint the box with handles at its corners, seen on any colour."""
        if self.box is None:
            return
        area = box_area(self.box, frame)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor("#000000"), 3.0))
        painter.drawRect(area)
        painter.setPen(QPen(QColor("#ffffff"), 1.0))
        painter.drawRect(area)
        for corner in (area.topLeft(), area.topRight(), area.bottomLeft(), area.bottomRight()):
            paint_handle(painter, corner, self.color)


def box_area(box: Box, frame: PlotFrame) -> QRectF:
    """Return where the box lies on the screen."""
    left, right = frame.x_pixels(np.array([box.left, box.right]) - 0.5).tolist()
    top, bottom = frame.y_pixels(np.array([box.top, box.bottom]) - 0.5).tolist()
    return QRectF(QPointF(left, top), QPointF(right, bottom)).normalized()


def paint_handle(painter: QPainter, at: QPointF, color: str) -> None:
    """Paint the small square that says where to take hold."""
    half = _HANDLE_PX / 2
    square = QRectF(at.x() - half, at.y() - half, _HANDLE_PX, _HANDLE_PX)
    painter.fillRect(square.adjusted(-1, -1, 1, 1), QColor("#ffffff"))
    painter.fillRect(square, QColor(color))


def _edge(at: float, count: int) -> int:
    """Return the edge between pixels nearest to a place, on an image of ``count`` pixels."""
    return int(np.clip(np.floor(at + 0.5), 0, count))


def _side(at: float, low: float, high: float) -> int:
    if abs(at - low) <= _GRAB_PX and abs(at - low) < abs(at - high):
        return -1
    return 1 if abs(at - high) <= _GRAB_PX else 0
