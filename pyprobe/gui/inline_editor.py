"""InlineEditor: what is edited in a code view, right below the line that it is about."""

from collections.abc import Callable

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QFrame, QLabel, QWidget

from pyprobe.analysis.line_mover import move_lines
from pyprobe.gui.code_view import CodeView

_WIDTH_PX = 520


class InlineEditor(QFrame):
    """Stays until Enter has taken it over, or Escape. ``problem`` is the label of what is wrong.

    ``text`` gives the file's text as it is now: ``line`` goes along when that is edited.
    """

    def __init__(self, view: CodeView, line: int, *, name: str, text: Callable[[], str]) -> None:
        super().__init__(view)
        self.setObjectName("inlineEditor")
        self.setAccessibleName(name)
        self._view = view
        self.line = line
        self._text = text
        self._refers_to = text()
        self._gone = ""
        self.problem = QLabel()
        self.problem.setObjectName("fieldProblem")
        self.problem.setWordWrap(True)
        self.problem.hide()
        view.laid_out.connect(self.place)

    def open_at(self, field: QWidget) -> None:
        """Show it, with the keyboard in one of its fields."""
        self.place()
        self.show()
        self.raise_()
        field.setFocus(Qt.FocusReason.PopupFocusReason)

    def place(self) -> None:
        """Lie below the line, or above where there is no room."""
        view = self._view
        width = min(_WIDTH_PX, max(240, view.width() - view.text_left - 30))
        self.setFixedWidth(width)
        self.resize(width, self._height_at(width))
        rect = view.line_rect(self.line)
        top = rect.bottom() + 3
        if top + self.height() > view.height() - 4:
            top = max(2, rect.top() - self.height() - 3)
        self.move(QPoint(view.text_left + 6, top))

    def _height_at(self, width: int) -> int:
        """Return what is needed where sentences wrap at this width, not at their own."""
        layout = self.layout()
        if layout is None:
            return self.sizeHint().height()
        layout.activate()  # so that it is what is shown now
        if not layout.hasHeightForWidth():
            return layout.totalSizeHint().height()
        return layout.totalHeightForWidth(width)

    def follow_edits(self) -> None:
        """Stay with the line when the file's text has changed."""
        now = self._text()
        if now != self._refers_to:
            self._gone = self.move_with(self._refers_to, now)
            self._refers_to = self._refers_to if self._gone else now
            self.show_problem(self._gone)
        elif self._gone:
            self._gone = ""
            self.show_problem("")

    def move_with(self, old: str, new: str) -> str:
        """Go to where the line stands in the new text; return why it cannot, ``""`` if it has."""
        place = move_lines(old, new, [self.line])[self.line]
        if place.new is None:
            return f"Line {self.line} is gone: {place.why}."
        self.line = place.new
        return ""

    def wrong_field(self) -> QWidget | None:
        """Return the field that says itself that what stands there is wrong."""
        return None

    def taken(self) -> str:
        """Take over what was edited; return what is wrong with it, ``""`` if nothing is."""
        raise NotImplementedError

    def enter(self) -> None:
        """Take it over, if it is right."""
        wrong = self.wrong_field()
        if wrong is not None:  # it is said there already, and once is enough
            wrong.setFocus()
            return
        problem = self._gone or self.taken()
        self.show_problem(problem)
        if not problem:
            self.close_editor()

    def show_problem(self, problem: str) -> None:
        """Say what is wrong; nothing is where it is ``""``."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.place()

    def close_editor(self) -> None:
        """Go away, and give the keyboard back to the source."""
        if self.isVisible():
            self.hide()
            self._view.setFocus()
            self.deleteLater()

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        """Enter takes it over, Escape gives up."""
        key = a0.key() if a0 is not None else None
        if key == Qt.Key.Key_Escape:
            self.close_editor()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.enter()
        else:
            super().keyPressEvent(a0)
