"""VariablesPanel: the variables of the frame that is looked at, and a line evaluated in it."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QFont, QKeyEvent
from PyQt6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from pyprobe.gui.follow_bar import FollowBar
from pyprobe.gui.theme import Theme
from pyprobe.gui.variables_tree import VariablesTree

_MOST_HISTORY = 200


class EvaluateLine(QLineEdit):
    """Enter evaluates; Up and Down bring earlier lines back."""

    entered = pyqtSignal(str)

    def __init__(self, font: QFont) -> None:
        super().__init__()
        self.setObjectName("consoleInput")
        self.setFont(font)
        self.setAccessibleName("Evaluate in the stopped frame")
        self.history: list[str] = []
        self._at = 0
        self._draft = ""

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        """Walk through the history, or evaluate."""
        if a0 is None:
            return
        if a0.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif a0.key() == Qt.Key.Key_Up:
            self._walk(-1)
        elif a0.key() == Qt.Key.Key_Down:
            self._walk(1)
        else:
            super().keyPressEvent(a0)

    def _enter(self) -> None:
        text = self.text().strip()
        if not text:
            return
        if not self.history or self.history[-1] != text:
            self.history.append(text)
            del self.history[:-_MOST_HISTORY]
        self._at, self._draft = len(self.history), ""
        self.clear()
        self.entered.emit(text)

    def _walk(self, way: int) -> None:
        if self._at == len(self.history):
            self._draft = self.text()
        at = min(max(self._at + way, 0), len(self.history))
        if at != self._at:
            self._at = at
            self.setText(self.history[at] if at < len(self.history) else self._draft)


class VariablesPanel(QWidget):
    """Where the frame is, its variables as a tree, and the line."""

    def __init__(self, theme: Theme, font: QFont) -> None:
        super().__init__()
        self.bar = FollowBar()
        self.tree = VariablesTree(theme)
        self.line = EvaluateLine(font)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.line)
        self.setFocusProxy(self.tree)
        self.show_standing(False)

    def show_standing(self, stands: bool) -> None:
        """Take lines only while there is a frame to evaluate them in."""
        self.line.setEnabled(stands)
        self.line.setPlaceholderText(
            "Evaluate here, such as len(queue)" if stands else "Stop the program to evaluate here"
        )
        self.line.setToolTip(
            "Python, evaluated in the frame above: it runs code of the program. Up and Down bring"
            " earlier lines back."
        )

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self.tree.set_theme(theme)
