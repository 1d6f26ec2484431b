"""The mark of a leaf that can be plotted: a small wave, in its trace's colour once it has one."""

from functools import lru_cache

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

SIZE_PX = 14
_SCALE = 3  # drawn finer than seen, for screens of any resolution


@lru_cache(maxsize=64)
def leaf_glyph(color: str, *, filled: bool = False) -> QIcon:
    """Return the mark; ``filled`` for a leaf that has a trace, without colour as empty room."""
    pixmap = QPixmap(SIZE_PX * _SCALE, SIZE_PX * _SCALE)
    pixmap.setDevicePixelRatio(_SCALE)
    pixmap.fill(Qt.GlobalColor.transparent)
    if color:
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint(painter, QColor(color), filled=filled)
        painter.end()
    return QIcon(pixmap)


def _paint(painter: QPainter, color: QColor, *, filled: bool) -> None:
    line = color
    if filled:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(QRectF(0.5, 0.5, SIZE_PX - 1.0, SIZE_PX - 1.0), 3.0, 3.0)
        line = QColor("#ffffff" if color.lightnessF() < 0.6 else "#101216")
    wave = QPainterPath(QPointF(2.5, 7.0))
    wave.cubicTo(QPointF(4.5, 0.0), QPointF(6.0, 4.5), QPointF(7.0, 7.0))
    wave.cubicTo(QPointF(8.0, 9.5), QPointF(9.5, 14.0), QPointF(11.5, 7.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(line, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawPath(wave)
