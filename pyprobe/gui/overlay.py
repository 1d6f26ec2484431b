"""Overlay: a frameless part that lies over the window, has the keyboard, and gives it back."""

from PyQt6 import sip
from PyQt6.QtCore import QEvent, QObject, QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent
from PyQt6.QtWidgets import QApplication, QFrame, QGraphicsDropShadowEffect, QMainWindow, QWidget

_SHADOW_PX = 28.0


class Overlay(QFrame):
    """Closes on Escape, and when something beside it is pressed or gets the keyboard.

    It is deleted when it closes. ``back_to`` is the widget that had the keyboard before.
    """

    closed = pyqtSignal()

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.setObjectName("overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(_SHADOW_PX)
        shadow.setOffset(QPointF(0.0, 4.0))
        shadow.setColor(QColor(0, 0, 0, 110))
        self.setGraphicsEffect(shadow)
        self._window = window
        self.back_to: QWidget | None = None
        self._is_open = False

    def open(self, first: QWidget) -> None:
        """Appear, and give the keyboard to a part of it."""
        self.back_to = QApplication.focusWidget() or self._window.focusWidget()
        self._is_open = True
        self.place()
        self.show()
        self.raise_()
        first.setFocus(Qt.FocusReason.PopupFocusReason)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.installEventFilter(self)
            application.focusChanged.connect(self._on_focus)

    def close_overlay(self, *, give_back: bool = True) -> None:
        """Disappear; the keyboard goes back to where it was unless it has gone elsewhere."""
        if not self._is_open:
            return
        self._is_open = False
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.removeEventFilter(self)
            application.focusChanged.disconnect(self._on_focus)
        self.hide()
        if give_back and self.back_to is not None and not sip.isdeleted(self.back_to):
            self.back_to.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()
        self.deleteLater()

    def place(self) -> None:
        """Take the place over the window: its middle, where a subclass does not say another."""
        self.adjustSize()
        room = self.room()
        self.move((room.width() - self.width()) // 2, (room.height() - self.height()) // 2)

    def room(self) -> QWidget:
        """Return the window it lies over."""
        return self._window

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        if a0 is not None and a0.key() == Qt.Key.Key_Escape:
            self.close_overlay()
            return
        super().keyPressEvent(a0)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if a1 is None:
            return False
        if a1.type() is QEvent.Type.Resize and a0 is self._window:
            self.place()
        elif isinstance(a1, QMouseEvent) and a1.type() is QEvent.Type.MouseButtonPress:
            inside = self.rect().contains(self.mapFromGlobal(a1.globalPosition().toPoint()))
            if not inside and isinstance(a0, QWidget):
                self.close_overlay()
        return False

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and new is not self and not self.isAncestorOf(new):
            self.close_overlay(give_back=False)
