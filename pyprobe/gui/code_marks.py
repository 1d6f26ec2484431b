"""Code marks: what a probe looks like in source, painted over the code view.

A mark is a disc in the margin whose shape tells the probe's state, and the last value behind the
end of the line. (The token's own colour is an indicator of the editor, drawn under the text.)
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter, QPen

from pyprobe.gui.theme import Theme, blend
from pyprobe.session.probe import ProbeStatus
from pyprobe.session.short_text import ELLIPSIS, cut_value

MARGIN_WIDTH_PX = 22
_RADIUS_PX = 4.2
_GAP_BEFORE_VALUE_PX = 26.0
_GAP_BETWEEN_PX = 16.0
_RIGHT_EDGE_PX = 10.0
_LEFT_EDGE_PX = 3.0 * MARGIN_WIDTH_PX
_FADE_PX = 34.0


@dataclass(frozen=True, slots=True)
class ProbeMark:
    """One probe as the code view shows it. ``line`` from 1; columns in characters from 0."""

    probe_id: int
    line: int
    col: int
    end_col: int
    symbol: str
    color: str
    status: ProbeStatus
    value: str


def paint_disc(painter: QPainter, center: QPointF, mark: ProbeMark, theme: Theme) -> None:
    """Paint the state: a ring (armed), disc (live), pale disc (stale), square (finished), cross."""
    color = QColor(mark.color)
    painter.setPen(QPen(color, 1.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = _RADIUS_PX
    if mark.status is ProbeStatus.INVALID:
        painter.setPen(QPen(QColor(theme.bad), 2.0))
        reach = radius - 0.6
        for sign in (1.0, -1.0):
            painter.drawLine(
                center + QPointF(-reach, -reach * sign), center + QPointF(reach, reach * sign)
            )
        return
    if mark.status is ProbeStatus.FINISHED:
        painter.setBrush(color)
        side = radius * 1.6
        painter.drawRoundedRect(
            QRectF(center.x() - side / 2, center.y() - side / 2, side, side), 1.2, 1.2
        )
        return
    if mark.status is ProbeStatus.LIVE:
        painter.setBrush(color)
    elif mark.status is ProbeStatus.STALE:
        painter.setPen(QPen(QColor(blend(mark.color, theme.surface, 0.55)), 1.6))
        painter.setBrush(QColor(blend(mark.color, theme.surface, 0.35)))
    painter.drawEllipse(center, radius, radius)


def paint_values(
    painter: QPainter, marks: Iterable[ProbeMark], line_box: QRectF, font: QFont, theme: Theme
) -> None:
    """Paint last values from the line's end; ``line_box`` runs from there to the view's edge.

    A value that would not fit is set against the right edge, over the code, on its own ground.
    """
    metrics = QFontMetricsF(font)
    marks = list(marks)
    room = line_box.right() - _RIGHT_EDGE_PX - _LEFT_EDGE_PX - _GAP_BETWEEN_PX * (len(marks) - 1)
    texts = fitting_texts([value_text(mark) for mark in marks], metrics.horizontalAdvance, room)
    widths = [metrics.horizontalAdvance(text) for text in texts]
    total = sum(widths) + _GAP_BETWEEN_PX * (len(marks) - 1)
    left = line_box.left() + _GAP_BEFORE_VALUE_PX
    latest_left = line_box.right() - _RIGHT_EDGE_PX - total
    painter.setFont(font)
    if left > latest_left:
        left = max(latest_left, _LEFT_EDGE_PX)
        _paint_ground(painter, left, line_box, theme)
    for mark, text, width in zip(marks, texts, widths, strict=True):
        painter.setPen(QColor(_value_color(mark, theme)))
        box = QRectF(left, line_box.top(), width + 1.0, line_box.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)
        left += width + _GAP_BETWEEN_PX


def fitting_texts(
    texts: Sequence[str], width: Callable[[str], float], room: float
) -> Sequence[str]:
    """Return the texts, the longest of them shortened until all have room side by side."""
    if sum(map(width, texts)) <= room:
        return texts
    left, shown = room, list(texts)
    by_width = sorted(range(len(texts)), key=lambda place: width(texts[place]))
    for others, place in zip(range(len(texts) - 1, -1, -1), by_width, strict=True):
        shown[place] = cut_value(texts[place], width, left / (others + 1)) or ELLIPSIS
        left -= width(shown[place])
    return shown


def _paint_ground(painter: QPainter, left: float, line_box: QRectF, theme: Theme) -> None:
    """Let the code fade out before a value that stands over it."""
    clear, solid = QColor(theme.surface), QColor(theme.surface)
    clear.setAlpha(0)
    fade = QLinearGradient(left - _FADE_PX, 0.0, left - 6.0, 0.0)
    fade.setColorAt(0.0, clear)
    fade.setColorAt(1.0, solid)
    right = line_box.right()
    ground = QRectF(left - _FADE_PX, line_box.top(), right - left + _FADE_PX, line_box.height())
    painter.fillRect(ground, fade)


def value_text(mark: ProbeMark) -> str:
    """Return what stands behind the line, such as ``gain = 0.25``."""
    if mark.value:
        return f"{mark.symbol} = {mark.value}"
    if mark.status is ProbeStatus.INVALID:
        return f"{mark.symbol}: cannot be probed"
    if mark.status is ProbeStatus.FINISHED:
        return f"{mark.symbol}: never captured"
    return f"{mark.symbol}: armed"


def _value_color(mark: ProbeMark, theme: Theme) -> str:
    if mark.status is ProbeStatus.INVALID:
        return theme.bad
    if mark.status in (ProbeStatus.STALE, ProbeStatus.FINISHED):
        return blend(mark.color, theme.muted, 0.55)
    if not mark.value:
        return theme.muted
    return mark.color
