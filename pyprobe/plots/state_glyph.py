"""The mark of a probe's state in its trace's colour: told apart by shape, not by colour alone."""

from PyQt6.QtCore import QLineF, QPointF, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QPainter, QPen

from pyprobe.session.probe import ProbeStatus


def paint_state_glyph(
    painter: QPainter, box: QRectF, status: ProbeStatus, color: str, error: str
) -> None:
    """Paint into a square box.

    Armed: a ring. Live: a disc. Stale: a half disc. Finished: a square. Invalid: a cross in the
    colour ``error``.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    shape = box.adjusted(1.0, 1.0, -1.0, -1.0)
    pen = QPen(QColor(error if status is ProbeStatus.INVALID else color), 1.8)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    match status:
        case ProbeStatus.INVALID:
            corner, opposite = shape.topLeft(), shape.bottomRight()
            painter.drawLine(QLineF(corner, opposite))
            painter.drawLine(
                QLineF(QPointF(corner.x(), opposite.y()), QPointF(opposite.x(), corner.y()))
            )
        case ProbeStatus.FINISHED:
            painter.fillRect(shape, QColor(color))
        case ProbeStatus.LIVE:
            painter.setBrush(QBrush(QColor(color)))
            painter.drawEllipse(shape)
        case ProbeStatus.STALE:
            painter.drawEllipse(shape)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(QColor(color)))
            painter.drawPie(shape, 90 * 16, 180 * 16)
        case ProbeStatus.ARMED:
            painter.drawEllipse(shape)
    painter.restore()
