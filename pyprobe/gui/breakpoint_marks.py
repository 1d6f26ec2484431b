"""Breakpoint marks: what a breakpoint looks like beside its line; shape says kind and state."""

from dataclasses import dataclass
from enum import Enum

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

from pyprobe.core.debug.records import BreakpointState
from pyprobe.gui.theme import Theme

_RADIUS_PX = 5.2
_ICON_PX = 16


class BreakpointKind(Enum):
    """What it does when it is reached; each has a shape of its own."""

    STOP = "disc"
    CONDITION = "disc with two bars"
    LOG = "diamond"
    SNAPSHOT = "square with a hole"
    DATA = "triangle"
    EXCEPTION = "flash"


@dataclass(frozen=True, slots=True)
class BreakpointMark:
    """One breakpoint as it is shown. ``tip`` says all of it in words."""

    breakpoint_id: int
    line: int
    kind: BreakpointKind
    state: BreakpointState
    enabled: bool = True
    one_shot: bool = False
    tip: str = ""


def paint_breakpoint(
    painter: QPainter, center: QPointF, mark: BreakpointMark, theme: Theme, *, ghost: bool = False
) -> None:
    """Paint a mark: filled where it is armed, a ring with a dot while its code has not run, an
    outline while it is disabled, crossed where it cannot be; a ghost shows what a click will set.
    """
    color = QColor(theme.bad)
    if ghost:
        color.setAlpha(90)
    outline = not mark.enabled or mark.state in (BreakpointState.SPENT, BreakpointState.INVALID)
    pending = mark.enabled and mark.state is BreakpointState.PENDING and not ghost
    painter.setPen(QPen(color, 1.7))
    hollow = outline or pending
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else color)
    _paint_shape(painter, center, mark.kind)
    ink = color if hollow else QColor(theme.surface)
    if mark.kind is BreakpointKind.CONDITION:
        painter.setPen(QPen(ink, 1.6))
        for up in (-1.7, 1.7):
            painter.drawLine(center + QPointF(-2.4, up), center + QPointF(2.4, up))
    elif mark.kind is BreakpointKind.SNAPSHOT:
        painter.setPen(QPen(ink, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(center, 2.2, 2.2)
    elif pending:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(center, 1.9, 1.9)
    if mark.state is BreakpointState.INVALID:
        _paint_cross(painter, center, theme)
    if mark.one_shot:
        painter.setPen(QPen(QColor(theme.text), 1.5))
        at = center + QPointF(_RADIUS_PX + 0.6, _RADIUS_PX - 4.6)
        painter.drawLine(at, at + QPointF(0.0, 5.4))
        painter.drawLine(at, at + QPointF(-1.6, 1.4))


def paint_arrow(painter: QPainter, room: QRectF, theme: Theme, *, main: bool = True) -> None:
    """Paint the arrow of the line where a thread stands; pale for a caller that is looked at."""
    color = QColor(theme.warn if main else theme.muted)
    middle, right = room.center().y(), room.right() - 1.0
    left, reach = room.left() + 2.5, 5.0
    neck = right - 6.5
    painter.setPen(QPen(QColor(theme.surface), 1.0))
    painter.setBrush(color)
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(left, middle - 2.6),
                QPointF(neck, middle - 2.6),
                QPointF(neck, middle - reach - 0.5),
                QPointF(right, middle),
                QPointF(neck, middle + reach + 0.5),
                QPointF(neck, middle + 2.6),
                QPointF(left, middle + 2.6),
            ]
        )
    )


def breakpoint_icon(mark: BreakpointMark, theme: Theme) -> QIcon:
    """Return a mark as an icon, for lists."""
    scale = 3
    pixmap = QPixmap(QSize(_ICON_PX, _ICON_PX) * scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    paint_breakpoint(painter, QPointF(_ICON_PX / 2, _ICON_PX / 2), mark, theme)
    painter.end()
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # else Qt tints it in the selection's colour
    return icon


def _paint_shape(painter: QPainter, center: QPointF, kind: BreakpointKind) -> None:
    radius = _RADIUS_PX
    if kind is BreakpointKind.LOG:
        painter.drawPolygon(_around(center, (0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)))
    elif kind is BreakpointKind.SNAPSHOT:
        side = radius * 1.75
        box = QRectF(center.x() - side / 2, center.y() - side / 2, side, side)
        painter.drawRoundedRect(box, 1.5, 1.5)
    elif kind is BreakpointKind.DATA:
        painter.drawPolygon(_around(center, (0, -1.1), (1.1, 0.85), (-1.1, 0.85)))
    elif kind is BreakpointKind.EXCEPTION:
        points = (
            (0.25, -1.2),
            (-0.9, 0.25),
            (-0.05, 0.25),
            (-0.3, 1.2),
            (0.9, -0.25),
            (0.1, -0.25),
        )
        painter.drawPolygon(_around(center, *points))
    else:
        painter.drawEllipse(center, radius, radius)


def _around(center: QPointF, *places: tuple[float, float]) -> QPolygonF:
    return QPolygonF([center + QPointF(x, y) * _RADIUS_PX for x, y in places])


def _paint_cross(painter: QPainter, center: QPointF, theme: Theme) -> None:
    reach = _RADIUS_PX + 0.8
    for pen in (QPen(QColor(theme.surface), 3.6), QPen(QColor(theme.text), 1.7)):
        painter.setPen(pen)
        for sign in (1.0, -1.0):
            way = QPointF(reach, reach * sign)
            painter.drawLine(center - way, center + way)
