"""GoField: a line above a grid in which a place is typed; it says what is wrong with one."""

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QKeyEvent, QPalette
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from pyprobe.plots.theme import PlotTheme


class GoField(QWidget):
    """``go`` gets what was typed and returns what is wrong with it, ``""`` to close."""

    def __init__(self, go: Callable[[str], str]) -> None:
        super().__init__()
        self._go = go
        self.field = QLineEdit()
        self.field.setAccessibleName("Go to")
        self.field.setMaxLength(100)
        self.field.setMaximumWidth(220)
        self.field.returnPressed.connect(self._enter)
        self.problem = QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 3, 6, 3)
        layout.addWidget(self.field)
        layout.addWidget(self.problem, 1)
        self.hide()

    def ask(self, what: str) -> None:
        """Appear, and take the keyboard."""
        self.field.setPlaceholderText(what)
        self.field.clear()
        self.problem.clear()
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _enter(self) -> None:
        problem = self._go(self.field.text())
        self.problem.setText(problem)
        self.setVisible(bool(problem))

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        """Escape closes, and gives the keyboard back."""
        if a0 is not None and a0.key() == Qt.Key.Key_Escape:
            self.hide()
            parent = self.parentWidget()
            if parent is not None:
                parent.setFocus()
            return
        super().keyPressEvent(a0)

    def set_theme(self, theme: PlotTheme) -> None:
        """Draw in these colours."""
        palette = self.problem.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(theme.error))
        self.problem.setPalette(palette)
        own = self.palette()
        own.setColor(QPalette.ColorRole.Window, QColor(theme.panel))
        self.setPalette(own)
        self.setAutoFillBackground(True)
