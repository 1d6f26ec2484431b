"""FindBar: finds text in a code view, and goes to a line; one slim row below the source."""

from PyQt6.Qsci import QsciScintilla
from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QIntValidator, QKeyEvent
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from pyprobe.gui.icons import make_icon
from pyprobe.gui.theme import Theme


class FindBar(QWidget):
    """Hidden until ``open_find`` or ``open_line``; Escape closes it and gives the focus back."""

    def __init__(self, view: QsciScintilla, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paneTools")
        self._view = view
        self._wants_line = False
        self._label = QLabel("Find")
        self.field = QLineEdit()
        self.field.setAccessibleName("Find in this file")
        self.field.setClearButtonEnabled(True)
        self.field.textEdited.connect(self._on_edited)
        self.field.returnPressed.connect(self._on_return)
        self.field.installEventFilter(self)
        self._exact = QCheckBox("Match case")
        self._exact.toggled.connect(lambda: self._find_from_start())
        self._result = QLabel()
        self._previous = _button("Find the previous (Shift+Enter)")
        self._next = _button("Find the next (Enter)")
        self._close = _button("Close (Esc)")
        self._previous.clicked.connect(lambda: self._find(forward=False))
        self._next.clicked.connect(lambda: self._find(forward=True))
        self._close.clicked.connect(self.close_bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 6, 4)
        row.setSpacing(6)
        row.addWidget(self._label)
        row.addWidget(self.field, 1)
        for widget in (self._result, self._previous, self._next, self._exact, self._close):
            row.addWidget(widget)
        self.set_theme(theme)
        self.hide()

    def open_find(self) -> None:
        """Show the bar to find text, starting from what is selected."""
        self._open(wants_line=False)
        if self._view.hasSelectedText() and "\n" not in self._view.selectedText():
            self.field.setText(self._view.selectedText())
        self.field.selectAll()

    def open_line(self) -> None:
        """Show the bar to go to a line."""
        self._open(wants_line=True)
        self.field.clear()

    def close_bar(self) -> None:
        """Hide the bar."""
        self.hide()
        self._view.setFocus()

    def set_theme(self, theme: Theme) -> None:
        """Take the theme's colours."""
        for button, name in (
            (self._previous, "previous"),
            (self._next, "next"),
            (self._close, "close"),
        ):
            button.setIcon(make_icon(name, theme))

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.close_bar()
                return True
            shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and shifted:
                self._find(forward=False)
                return True
        return super().eventFilter(watched, event)

    def _open(self, *, wants_line: bool) -> None:
        self._wants_line = wants_line
        self._label.setText("Go to line" if wants_line else "Find")
        self.field.setValidator(QIntValidator(1, 99_999_999, self.field) if wants_line else None)
        self.field.setAccessibleName("Line number" if wants_line else "Find in this file")
        for widget in (self._previous, self._next, self._exact):
            widget.setVisible(not wants_line)
        self._result.clear()
        self.show()
        self.field.setFocus()

    def _on_edited(self) -> None:
        if not self._wants_line:
            self._find_from_start()

    def _on_return(self) -> None:
        if not self._wants_line:
            self._find(forward=True)
        elif self.field.text():
            line = min(int(self.field.text()), self._view.lines())
            self._view.setCursorPosition(line - 1, 0)
            self._view.ensureLineVisible(line - 1)
            self.close_bar()

    def _find_from_start(self) -> None:
        line, col, _, _ = self._view.getSelection()
        if line < 0:
            line, col = self._view.getCursorPosition()
        self._search(forward=True, line=line, col=col)

    def _find(self, *, forward: bool) -> None:
        first_line, first_col, last_line, last_col = self._view.getSelection()
        if first_line < 0:
            first_line, first_col = last_line, last_col = self._view.getCursorPosition()
        line, col = (last_line, last_col) if forward else (first_line, first_col)
        self._search(forward=forward, line=line, col=col)

    def _search(self, *, forward: bool, line: int, col: int) -> None:
        text = self.field.text()
        if not text:
            self._result.clear()
            return
        exact = self._exact.isChecked()
        found = self._view.findFirst(text, False, exact, False, True, forward, line, col, True)
        self._result.setText("" if found else "Not found")


def _button(tip: str) -> QToolButton:
    button = QToolButton()
    button.setAutoRaise(True)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    return button
