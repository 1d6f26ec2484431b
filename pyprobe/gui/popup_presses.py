"""PopupPresses: a press beside a list of words closes it, and reaches what was pressed."""

from PyQt6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt
from PyQt6.QtGui import QContextMenuEvent, QMouseEvent, QWindow
from PyQt6.QtWidgets import QApplication, QWidget

_RELEASE = QEvent.Type.MouseButtonRelease
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)


class PopupPresses(QObject):
    """Watches a popup that a completer opens; on some platforms a press beside it only closes it.

    What follows such a press, up to its release, Qt may give to the popup's window too, which is
    closed by then, and nowhere if that is gone.
    """

    def __init__(self, popup: QWidget) -> None:
        super().__init__(popup)
        self._popup = popup
        self._own: QWindow | None = None
        self._held = _HeldPress()
        popup.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # or others pass it on once more
        popup.installEventFilter(self)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        """Pass on what is beside the popup."""
        if isinstance(a1, QContextMenuEvent) and a0 is self._popup and not self._popup.isVisible():
            _ask_menu(a1)
            return True
        if not isinstance(a1, QMouseEvent):
            return False
        if a0 is self._popup:
            return self._press(a1)
        return not self._popup.isVisible() and self._held.follow(a1)

    def _press(self, press: QMouseEvent) -> bool:
        beside = not self._popup.rect().contains(press.position().toPoint())
        if press.type() not in _PRESSES or not beside or not self._popup.isVisible():
            return False
        self._watch(self._popup.windowHandle())
        self._popup.hide()
        if press.button() is not Qt.MouseButton.RightButton:  # that asks for a menu
            self._held.begin(press)
        return True

    def _watch(self, own: QWindow | None) -> None:
        if own is not None and own is not self._own:
            self._own, held = own, self._held
            own.installEventFilter(self)
            own.destroyed.connect(lambda: held.let_go())  # which outlives this


class _HeldPress:
    """A press that was passed on, until its release."""

    def __init__(self) -> None:
        self._window: QWindow | None = None
        self._last: QMouseEvent | None = None

    def begin(self, press: QMouseEvent) -> None:
        """Pass a press on to what lies there."""
        self._window = _window_at(press.globalPosition().toPoint())
        # At once: the release may be next, and would come before what is only posted.
        self.follow(press)

    def follow(self, event: QMouseEvent) -> bool:
        """Pass on what follows it; False if there is no such press."""
        window = self._window
        if window is None or window not in QApplication.topLevelWindows():
            self._window = self._last = None
            return False
        self._last = _as_seen_from(window, event, event.type(), event.button(), event.buttons())
        if event.type() is _RELEASE:
            self._window = None
        QCoreApplication.sendEvent(window, self._last)
        return True

    def let_go(self) -> None:
        """End it where it is: of its release nobody will hear."""
        window, last = self._window, self._last
        self._window = self._last = None
        if window is not None and last is not None and window in QApplication.topLevelWindows():
            released, left, none = _RELEASE, Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
            QCoreApplication.sendEvent(window, _as_seen_from(window, last, released, left, none))


def _window_at(place: QPoint) -> QWindow | None:
    """Return this program's window at a place on the screen."""
    widget = QApplication.widgetAt(place)
    top = widget.window() if widget is not None else None
    return top.windowHandle() if top is not None else None


def _as_seen_from(
    window: QWindow,
    event: QMouseEvent,
    what: QEvent.Type,
    button: Qt.MouseButton,
    buttons: Qt.MouseButton,
) -> QMouseEvent:
    place = event.globalPosition()
    at = window.mapFromGlobal(place)
    return QMouseEvent(what, at, place, button, buttons, event.modifiers())


def _ask_menu(event: QContextMenuEvent) -> None:
    place = event.globalPos()
    widget = QApplication.widgetAt(place)
    if widget is not None:
        at = widget.mapFromGlobal(place)
        asked = QContextMenuEvent(event.reason(), at, place, event.modifiers())
        QCoreApplication.postEvent(widget, asked)
