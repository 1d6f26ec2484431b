"""ConsolePane: the console's output with its input line and its two buttons."""

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QFont, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from pyprobe.gui.console_text import Stream
from pyprobe.gui.console_view import ConsoleView
from pyprobe.gui.icons import make_icon
from pyprobe.gui.theme import Theme

_HISTORY_LINES = 200


class ConsolePane(QWidget):
    """``entered`` carries a line for the program (with its newline), ``ended`` the end of input."""

    entered = pyqtSignal(str)
    ended = pyqtSignal()

    def __init__(self, theme: Theme, font: QFont, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = ConsoleView(theme, font, self)
        self.input = QLineEdit()
        self.input.setObjectName("consoleInput")
        self.input.setAccessibleName("Input to the program")
        self.input.returnPressed.connect(self._enter)
        self.input.installEventFilter(self)
        self.clear_action = QAction("Clear the console", self)
        self.clear_action.triggered.connect(self.view.clear_output)
        self.end_action = QAction("End of input", self)
        self.end_action.setToolTip("End the program's input (Ctrl+D in the input line)")
        self.end_action.triggered.connect(self.ended)
        self._past: list[str] = []
        self._past_position = 0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.input)
        self.set_look(theme, font)
        self.set_running(False)

    def set_running(self, running: bool) -> None:
        """Allow input while a program runs."""
        self.input.setEnabled(running)
        self.end_action.setEnabled(running)
        hint = "Type here for the program, Enter sends it, Ctrl+D ends its input"
        self.input.setPlaceholderText(hint if running else "No program is running")

    def close_input(self) -> None:
        """Take no more input: the program's has been closed."""
        self.input.setEnabled(False)
        self.end_action.setEnabled(False)
        self.input.setPlaceholderText("The program's input is closed")

    def set_look(self, theme: Theme, font: QFont) -> None:
        """Set colours and font."""
        self.view.set_look(theme, font)
        self.input.setFont(font)
        self.clear_action.setIcon(make_icon("clear", theme))
        self.end_action.setIcon(make_icon("eof", theme))

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if watched is self.input and isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.ShortcutOverride and self._is_end_key(event):
                event.accept()
                return True
            if event.type() is QEvent.Type.KeyPress and self._handle_key(event):
                return True
        return super().eventFilter(watched, event)

    def _handle_key(self, event: QKeyEvent) -> bool:
        if self._is_end_key(event):
            self.end_action.trigger()
            return True
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._recall(-1 if event.key() == Qt.Key.Key_Up else 1)
            return True
        if event.matches(QKeySequence.StandardKey.Copy) and not self.input.hasSelectedText():
            self.view.copy()
            return True
        return False

    @staticmethod
    def _is_end_key(event: QKeyEvent) -> bool:
        return (
            event.key() == Qt.Key.Key_D and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        )

    def _enter(self) -> None:
        text = self.input.text()
        self.input.clear()
        if text and self._past[-1:] != [text]:
            self._past = [*self._past, text][-_HISTORY_LINES:]
        self._past_position = len(self._past)
        self.view.add(Stream.INPUT, text + "\n")
        self.entered.emit(text + "\n")

    def _recall(self, step: int) -> None:
        self._past_position = max(0, min(len(self._past), self._past_position + step))
        at_end = self._past_position == len(self._past)
        self.input.setText("" if at_end else self._past[self._past_position])
