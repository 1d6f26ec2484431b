"""PopupPresses: a press beside a list of words closes it, and reaches what was pressed."""

from PyQt6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt
from PyQt6.QtGui import QContextMenuEvent, QMouseEvent, QWindow
from PyQt6.QtWidgets import QApplication, QWidget

_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)


class PopupPresses(QObject):
    """Watches a popup that a completer opens; on some platforms a press beside it only closes it.

    What follows such a press, up to its release, Qt may give to the popup's window too, which is
    closed by then.
    """

    def __init__(self, popup: QWidget) -> None:
        super().__init__(popup)
        self._popup = popup
        self._pressed: QWindow | None = None
        popup.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # or others pass it on once more
        popup.installEventFilter(self)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        """Pass on what is beside the popup."""
        if isinstance(a1, QContextMenuEvent) and a0 is self._popup and not self._popup.isVisible():
            _ask_menu(a1)
            return True
        if not isinstance(a1, QMouseEvent):
            return False
        return self._press(a1) if a0 is self._popup else self._follow(a1)

    def _press(self, press: QMouseEvent) -> bool:
        beside = not self._popup.rect().contains(press.position().toPoint())
        if press.type() not in _PRESSES or not beside or not self._popup.isVisible():
            return False
        own = self._popup.windowHandle()
        self._popup.hide()
        pressed = _window_at(press.globalPosition().toPoint())
        if press.button() is not Qt.MouseButton.RightButton and pressed is not None:
            if own is not None:
                own.installEventFilter(self)
            self._pressed = pressed
            # At once: the release may be next, and would come before what is only posted.
            QCoreApplication.sendEvent(pressed, _as_seen_from(pressed, press))
        return True

    def _follow(self, event: QMouseEvent) -> bool:
        """Pass on what came to the popup's window, as long as the button is down."""
        pressed = self._pressed
        if pressed is None or self._popup.isVisible():
            return False
        if pressed not in QApplication.topLevelWindows():  # the press has closed it
            self._pressed = None
            return False
        if event.type() is QEvent.Type.MouseButtonRelease:
            self._pressed = None
        QCoreApplication.sendEvent(pressed, _as_seen_from(pressed, event))
        return True


def _window_at(place: QPoint) -> QWindow | None:
    """Return this program's window at a place on the screen."""
    widget = QApplication.widgetAt(place)
    top = widget.window() if widget is not None else None
    return top.windowHandle() if top is not None else None


def _as_seen_from(window: QWindow, event: QMouseEvent) -> QMouseEvent:
    place = event.globalPosition()
    return QMouseEvent(
        event.type(),
        window.mapFromGlobal(place),
        place,
        event.button(),
        event.buttons(),
        event.modifiers(),
    )


def _ask_menu(event: QContextMenuEvent) -> None:
    place = event.globalPos()
    widget = QApplication.widgetAt(place)
    if widget is not None:
        at = widget.mapFromGlobal(place)
        asked = QContextMenuEvent(event.reason(), at, place, event.modifiers())
        QCoreApplication.postEvent(widget, asked)
