"""Markers: points that snap to the data, with a note each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from pyprobe.plots.axis_scale import AxisScale
from pyprobe.plots.plot_frame import PlotFrame

_GRAB_PX = 8.0
_SIZE_PX = 5.0
_GAP_PX = 6.0
MOST_MARKERS = 100

Snap = Callable[[QPointF], tuple[float, float] | None]


@dataclass(frozen=True, slots=True)
class Marker:
    """A point in data values, and what stands beside it."""

    x: float
    y: float
    note: str = ""

    def to_dict(self) -> dict[str, object]:
        """Return it as JSON takes it."""
        return {"x": self.x, "y": self.y, "note": self.note}

    @classmethod
    def from_dict(cls, data: object) -> "Marker | None":
        """Return what ``to_dict`` gave; ``None`` for what is no marker."""
        if not isinstance(data, Mapping):
            return None
        x, y, note = data.get("x"), data.get("y"), data.get("note", "")
        if isinstance(x, int | float) and isinstance(y, int | float) and isinstance(note, str):
            return cls(float(x), float(y), note) if isfinite(x) and isfinite(y) else None
        return None


class Markers:
    """``snap`` returns the data point nearest to a place on the screen, in data values.

    ``changed`` is called with each change, ``ended`` with the markers from before a drag.
    """

    def __init__(
        self,
        color: str,
        snap: Snap,
        changed: Callable[[], object],
        ended: Callable[[Sequence[Marker]], object],
    ) -> None:
        self.color = color
        self.x_scale = AxisScale.LINEAR
        self.y_scale = AxisScale.LINEAR
        self.markers: list[Marker] = []
        self.active: int | None = None
        self._snap = snap
        self._changed = changed
        self._ended = ended
        self._held: list[Marker] | None = None  # all of them, as they were before a drag

    def add(self, position: QPointF) -> Marker | None:
        """Set a marker on the data point nearest to a place; ``None`` where there is none."""
        point = self._snap(position)
        if point is None or len(self.markers) >= MOST_MARKERS:
            return None
        marker = Marker(*point)
        self.markers.append(marker)
        self.active = len(self.markers) - 1
        self._changed()
        return marker

    def set(self, markers: Sequence[Marker]) -> None:
        """Take these in place of all."""
        self.markers = list(markers)
        self.active = None
        self._changed()

    def set_note(self, number: int, note: str) -> None:
        """Write beside a marker."""
        self.markers[number] = replace(self.markers[number], note=note)
        self._changed()

    def at(self, frame: PlotFrame, position: QPointF) -> int | None:
        """Return the number of the marker at a place on the screen."""
        for number, marker in reversed(list(enumerate(self.markers))):
            point = self._point(frame, marker)
            if point is not None and (point - position).manhattanLength() <= _GRAB_PX:
                return number
        return None

    # CanvasTool.

    def takes(self, frame: PlotFrame, position: QPointF) -> bool:
        """Whether a marker is there."""
        return self.at(frame, position) is not None

    def press(self, frame: PlotFrame, position: QPointF) -> None:
        """Take the marker."""
        self.active = self.at(frame, position)
        self._held = list(self.markers) if self.active is not None else None

    def move(self, frame: PlotFrame, position: QPointF) -> None:
        """Carry it to the nearest data point."""
        if self._held is not None:
            self.carry(position)

    def carry(self, position: QPointF) -> None:
        """Carry the chosen one to the data point nearest to a place."""
        point = self._snap(position)
        if point is not None and self.active is not None:
            self.put(self.active, point)

    def put(self, number: int, point: tuple[float, float]) -> None:
        """Put a marker on a point, in data values."""
        self.markers[number] = Marker(*point, self.markers[number].note)
        self._changed()

    def place(self, frame: PlotFrame, number: int) -> QPointF | None:
        """Return where a marker stands on the screen, also beside what is in view."""
        return self._point(frame, self.markers[number])

    def release(self) -> None:
        """Let it go."""
        held, self._held = self._held, None
        if held is not None and held != self.markers:
            self._ended(held)

    def choose_next(self) -> None:
        """Choose the next one, from left to right; after the last the first."""
        order = sorted(range(len(self.markers)), key=lambda number: self.markers[number].x)
        if order:
            here = order.index(self.active) if self.active in order else -1
            self.active = order[(here + 1) % len(order)]
            self._changed()

    def paint(self, painter: QPainter, frame: PlotFrame) -> None:
        """Paint each as a diamond with its note."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetricsF(painter.font())
        for number, marker in enumerate(self.markers):
            point = self._point(frame, marker)
            if point is None or not frame.holds(point.x(), point.y()):
                continue
            painter.setPen(QPen(QColor(self.color), 2.0 if number == self.active else 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolygon(_diamond(point))
            self._paint_note(painter, frame, point, marker.note or f"{number + 1}", metrics)

    def _paint_note(
        self,
        painter: QPainter,
        frame: PlotFrame,
        point: QPointF,
        text: str,
        metrics: QFontMetricsF,
    ) -> None:
        width, height = metrics.horizontalAdvance(text), metrics.height()
        left = point.x() + _GAP_PX
        if left + width > frame.right:
            left = point.x() - _GAP_PX - width
        top = point.y() - _GAP_PX - height
        if top < frame.top:
            top = point.y() + _GAP_PX
        painter.drawText(QRectF(left, top, width + 2.0, height), Qt.AlignmentFlag.AlignLeft, text)

    def _point(self, frame: PlotFrame, marker: Marker) -> QPointF | None:
        x, y = self.x_scale.place_of(marker.x), self.y_scale.place_of(marker.y)
        if x is None or y is None:
            return None
        across = (x - frame.x_low) / (frame.x_high - frame.x_low)
        up = (y - frame.y_low) / (frame.y_high - frame.y_low)
        return QPointF(frame.left + across * frame.width, frame.bottom - up * frame.height)


def _diamond(point: QPointF) -> QPolygonF:
    ways = ((0.0, -_SIZE_PX), (_SIZE_PX, 0.0), (0.0, _SIZE_PX), (-_SIZE_PX, 0.0))
    return QPolygonF([QPointF(point.x() + x, point.y() + y) for x, y in ways])
