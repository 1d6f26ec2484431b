"""Mouse and wheel events sent to a widget as Qt would deliver them."""

from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QMouseEvent, QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

from pyprobe.plots.plot_canvas import PlotCanvas

LEFT, RIGHT, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton(0)
NO_KEYS = Qt.KeyboardModifier.NoModifier


def middle(canvas: PlotCanvas) -> QPointF:
    """Return the middle of the data area."""
    frame = canvas.frame
    return QPointF(frame.left + frame.width / 2, frame.top + frame.height / 2)


def mouse(
    widget: QWidget,
    what: QEvent.Type,
    at: QPointF,
    button: Qt.MouseButton = NO_BUTTON,
    held: Qt.MouseButton = NO_BUTTON,
    modifiers: Qt.KeyboardModifier = NO_KEYS,
) -> None:
    """Send one mouse event."""
    event = QMouseEvent(what, at, widget.mapToGlobal(at), button, held, modifiers)
    QApplication.sendEvent(widget, event)


def hover(widget: QWidget, at: QPointF) -> None:
    """Move the mouse without a button."""
    mouse(widget, QEvent.Type.MouseMove, at)


def drag(
    widget: QWidget,
    start: QPointF,
    way: QPointF,
    *,
    button: Qt.MouseButton = LEFT,
    modifiers: Qt.KeyboardModifier = NO_KEYS,
) -> None:
    """Press, move in three steps, release."""
    mouse(widget, QEvent.Type.MouseButtonPress, start, button, button, modifiers)
    for share in (0.3, 0.6, 1.0):
        mouse(widget, QEvent.Type.MouseMove, start + way * share, NO_BUTTON, button, modifiers)
    mouse(widget, QEvent.Type.MouseButtonRelease, start + way, button, NO_BUTTON, modifiers)


def double_click(widget: QWidget, at: QPointF) -> None:
    """Double click with the left button."""
    mouse(widget, QEvent.Type.MouseButtonDblClick, at, LEFT, LEFT)
    mouse(widget, QEvent.Type.MouseButtonRelease, at, LEFT)


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO_KEYS) -> None:
    """Press and release a key, by way of the shortcuts as a keyboard does."""
    QTest.keyClick(widget, key, modifiers)  # type: ignore[call-overload]


def wheel(
    widget: QWidget, at: QPointF, notches: float = 1.0, modifiers: Qt.KeyboardModifier = NO_KEYS
) -> None:
    """Turn the wheel; positive is away from the user."""
    event = QWheelEvent(
        at,
        widget.mapToGlobal(at),
        QPoint(),
        QPoint(0, int(120 * notches)),
        NO_BUTTON,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)
