"""Places of widgets on the screen, as the end-to-end report tells them."""

from PyQt6.QtCore import QPoint, QRect
from PyQt6.QtWidgets import QWidget


def global_rect(widget: QWidget) -> list[int]:
    """Return where a widget is on the screen: ``[x, y, width, height]``."""
    return rect_list(QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size()))


def rect_list(rect: QRect) -> list[int]:
    """Return ``[x, y, width, height]``."""
    return [rect.x(), rect.y(), rect.width(), rect.height()]
