"""Line profile: a row, a column or a free line on an image, and the values along it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from math import hypot
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QLineF, QPointF
from PyQt6.QtGui import QColor, QPainter, QPen

from pyprobe.plots.image_plane import plane_of
from pyprobe.plots.plot_frame import PlotFrame
from pyprobe.plots.region import paint_handle

_GRAB_PX = 7.0
_MOST_SAMPLES = 1 << 20


class ProfileKind(Enum):
    """Which pixels are taken; the value is its name in menus and remembered layouts."""

    OFF = "off"
    ROW = "row"
    COLUMN = "column"
    LINE = "free line"


@dataclass(frozen=True, slots=True)
class Line:
    """From one pixel to another; a row profile takes the whole row of the start, and so on."""

    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def length(self) -> float:
        """The way in pixels of the image."""
        return hypot(self.x2 - self.x1, self.y2 - self.y1)


def profile_values(
    image: NDArray[Any], kind: ProfileKind, line: Line
) -> tuple[NDArray[Any], float]:
    """Return the real values along a line and the way from one to the next, in pixels.

    ``image`` is H × W or H × W × channels, and so the result has a second axis for channels. A free
    line takes the nearest pixel at each step; off the image there is NaN.
    """
    rows, columns = image.shape[:2]
    if kind is ProfileKind.ROW:
        row = round(line.y1)
        return (plane_of(image[row]) if 0 <= row < rows else _nothing(image, columns)), 1.0
    if kind is ProfileKind.COLUMN:
        column = round(line.x1)
        inside = 0 <= column < columns
        return (plane_of(image[:, column]) if inside else _nothing(image, rows)), 1.0
    count = min(int(line.length + 0.5), _MOST_SAMPLES) + 1
    x = np.rint(np.linspace(line.x1, line.x2, count)).astype(np.intp)
    y = np.rint(np.linspace(line.y1, line.y2, count)).astype(np.intp)
    inside_image = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
    values = _nothing(image, count)
    with np.errstate(over="ignore"):
        values[inside_image] = plane_of(image[y[inside_image], x[inside_image]])
    return values, line.length / (count - 1) if count > 1 else 1.0


def _nothing(image: NDArray[Any], count: int) -> NDArray[np.float64]:
    return np.full((count, *image.shape[2:]), np.nan)


class ProfileTool:
    """A CanvasTool: rows and columns are moved, a free line is drawn and its ends are moved.

    ``changed`` is called with each move, ``ended`` with the line from before a drag.
    """

    def __init__(
        self, color: str, changed: Callable[[], object], ended: Callable[[Line | None], object]
    ) -> None:
        self.color = color
        self.kind = ProfileKind.OFF
        self.line: Line | None = None  # None for a free line that is still to be drawn
        self._changed = changed
        self._ended = ended
        self._held: tuple[Line | None, int, float, float] | None = None

    def show(self, kind: ProfileKind, frame: PlotFrame) -> None:
        """Put a row or column on the middle of the view; a free line waits to be drawn."""
        self.kind = kind
        self.line = None
        if kind in (ProfileKind.ROW, ProfileKind.COLUMN):
            x, y = round((frame.x_low + frame.x_high) / 2), round((frame.y_low + frame.y_high) / 2)
            self.line = Line(x, y, x, y)
        self._changed()

    def set(self, kind: ProfileKind, line: Line | None) -> None:
        """Take a line as it was."""
        self.kind, self.line = kind, line
        self._changed()

    def step(self, right: int, down: int, frame: PlotFrame, *, only_end: bool = False) -> None:
        """Move the line by pixels, or only its second end; one that is not drawn yet is put across
        the middle of the view.
        """
        if self.line is None:
            x_low, x_high = (
                round(frame.x_low * (1.0 - share) + frame.x_high * share) for share in (0.25, 0.75)
            )
            y = round((frame.y_low + frame.y_high) / 2)
            self.line = Line(x_low, y, x_high, y)
        else:
            grip = 2 if only_end and self.kind is ProfileKind.LINE else 0
            self.line = _moved(self.line, right, down, grip)
        self._changed()

    # CanvasTool.

    def takes(self, frame: PlotFrame, position: QPointF) -> bool:
        """Whether the line is near, or wants to be drawn."""
        if self.kind is ProfileKind.OFF or not frame.holds(position.x(), position.y()):
            return False
        return self.line is None or self._grip(frame, position) is not None

    def _grip(self, frame: PlotFrame, position: QPointF) -> int | None:
        """1 and 2 for the ends of a free line, 0 for a line as a whole."""
        if self.line is None:
            return None
        drawn = self._on_screen(self.line, frame)
        if self.kind is ProfileKind.LINE:
            ways = [QLineF(position, end).length() for end in (drawn.p1(), drawn.p2())]
            if min(ways) <= _GRAB_PX:
                return 1 if ways[0] < ways[1] else 2
        return 0 if _way_to(drawn, position) <= _GRAB_PX else None

    def press(self, frame: PlotFrame, position: QPointF) -> None:
        """Take hold, or begin to draw."""
        x, y = frame.x_at(position.x()), frame.y_at(position.y())
        if self.line is None:
            self._held = (None, 2, x, y)
            return
        grip = self._grip(frame, position)
        if grip is not None:
            self._held = (self.line, grip, x, y)

    def move(self, frame: PlotFrame, position: QPointF) -> None:
        """Follow the mouse in whole pixels."""
        if self._held is None:
            return
        before, grip, start_x, start_y = self._held
        x, y = frame.x_at(position.x()), frame.y_at(position.y())
        if before is None:
            wanted = Line(round(start_x), round(start_y), round(x), round(y))
        else:
            wanted = _moved(before, round(x - start_x), round(y - start_y), grip)
        if wanted != self.line:
            self.line = wanted
            self._changed()

    def release(self) -> None:
        """Let go."""
        if self._held is not None and self._held[0] != self.line:
            self._ended(self._held[0])
        self._held = None

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint the line, seen on any colour, with handles where it is free."""
        if self.kind is ProfileKind.OFF or self.line is None:
            return
        drawn = self._on_screen(self.line, frame)
        for pen in (QPen(QColor("#000000"), 3.0), QPen(QColor("#ffffff"), 1.0)):
            painter.setPen(pen)
            painter.drawLine(drawn)
        if self.kind is ProfileKind.LINE:
            paint_handle(painter, drawn.p1(), self.color)
            paint_handle(painter, drawn.p2(), self.color)

    def _on_screen(self, line: Line, frame: PlotFrame) -> QLineF:
        x = frame.x_pixels(np.array([line.x1, line.x2])).tolist()
        y = frame.y_pixels(np.array([line.y1, line.y2])).tolist()
        if self.kind is ProfileKind.ROW:
            return QLineF(frame.left, y[0], frame.right, y[0])
        if self.kind is ProfileKind.COLUMN:
            return QLineF(x[0], frame.top, x[0], frame.bottom)
        return QLineF(x[0], y[0], x[1], y[1])


def _moved(line: Line, right: int, down: int, grip: int) -> Line:
    first, second = grip in (0, 1), grip in (0, 2)
    return Line(
        line.x1 + right * first,
        line.y1 + down * first,
        line.x2 + right * second,
        line.y2 + down * second,
    )


def _way_to(line: QLineF, position: QPointF) -> float:
    """The distance of a place from a line that ends."""
    along = line.p2() - line.p1()
    length = QPointF.dotProduct(along, along)
    share = QPointF.dotProduct(position - line.p1(), along) / length if length else 0.0
    nearest = line.p1() + along * min(max(share, 0.0), 1.0)
    return QLineF(nearest, position).length()
