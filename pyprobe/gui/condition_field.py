"""ConditionField: a condition typed in place, checked at every key, with names in scope offered."""

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QRect, QStringListModel, Qt, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QKeyEvent
from PyQt6.QtWidgets import QCompleter, QLabel, QLineEdit, QVBoxLayout, QWidget

from pyprobe.conditions.completion import Completion, complete
from pyprobe.conditions.expectation import Kind
from pyprobe.conditions.validation import validate
from pyprobe.gui.popup_presses import PopupPresses

_MOST_SHOWN = 12
_LIST_FRAME_PX = 28  # of a list of words: its border and its scroll bar
_PYTHON = "py:"

Names = Callable[[str], Sequence[str]]
"""Gives the names in scope for ``""``, else the attributes of what the text names."""

Complete = Callable[[str, int], Completion]
"""Tells what may stand at a position of a text."""


class ConditionLine(QLineEdit):
    """The line itself. ``complete`` tells what may stand in it, which else is a condition.

    ``left``: the keyboard has gone elsewhere, or Enter was pressed.
    """

    left = pyqtSignal()
    entered = pyqtSignal()
    given_up = pyqtSignal()

    def __init__(
        self, names: Names, parent: QWidget | None = None, *, complete: Complete = complete
    ) -> None:
        super().__init__(parent)
        self.names = names
        self._complete = complete
        self._words = QStringListModel(self)
        self._start = 0
        self.completer_popup = QCompleter(self._words, self)
        self.completer_popup.setWidget(self)
        self.completer_popup.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.completer_popup.setMaxVisibleItems(_MOST_SHOWN)
        self.completer_popup.activated.connect(self._insert)
        popup = self.completer_popup.popup()
        if popup is not None:
            popup.setObjectName("completions")
            self._presses = PopupPresses(popup)  # kept: nothing else in Python holds it
        self.textEdited.connect(lambda _text: self.suggest())

    def suggest(self, *, asked: bool = False) -> None:
        """Offer what may stand at the cursor; before anything is typed only if ``asked``."""
        text, position = self.text(), self.cursorPosition()
        found = self._complete(text, position)
        typed = text[found.start : position]
        words = self._candidates(found, typed)
        popup = self.completer_popup.popup()
        if not words or not (typed or asked or found.base is not None) or words == [typed]:
            if popup is not None:
                popup.hide()
            return
        self._start = found.start
        self._words.setStringList(words)
        self.completer_popup.setCompletionPrefix("")
        self.completer_popup.complete(self._room_for_words())

    def _room_for_words(self) -> QRect:
        """Return where the list goes: below the line, and as wide as its words need."""
        popup, room = self.completer_popup.popup(), self.rect()
        if popup is not None:
            room.setWidth(max(room.width(), popup.sizeHintForColumn(0) + _LIST_FRAME_PX))
        return room

    def _candidates(self, found: Completion, typed: str) -> list[str]:
        words: list[str] = []
        if Kind.NAME in found.kinds:
            words += self.names(str(found.base) if found.base is not None else "")
        words += [word for word in found.words if word[0].isalpha()]
        low = typed.lower()
        return [word for word in dict.fromkeys(words) if word.lower().startswith(low)]

    def _insert(self, word: str) -> None:
        text, position = self.text(), self.cursorPosition()
        self.setText(text[: self._start] + word + text[position:])
        self.setCursorPosition(self._start + len(word))
        self.textEdited.emit(self.text())

    def keyPressEvent(self, a0: QKeyEvent | None) -> None:
        """Ctrl+Space and Down offer names; Escape gives up."""
        if a0 is None:
            return
        popup = self.completer_popup.popup()
        if popup is not None and popup.isVisible() and self._is_for_list(a0.key()):
            a0.ignore()  # then the list takes it
            return
        control = bool(a0.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if a0.key() == Qt.Key.Key_Down or (a0.key() == Qt.Key.Key_Space and control):
            self.suggest(asked=True)
        elif a0.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        elif a0.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
            self.entered.emit()
        else:
            super().keyPressEvent(a0)

    def _is_for_list(self, key: int) -> bool:
        popup = self.completer_popup.popup()
        chosen = popup is not None and popup.currentIndex().isValid()
        ends = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
        return key == Qt.Key.Key_Escape or (chosen and key in ends)

    def focusOutEvent(self, a0: QFocusEvent | None) -> None:
        """Tell that the keyboard went elsewhere, but for the list of names."""
        super().focusOutEvent(a0)
        if a0 is not None and a0.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class ConditionField(QWidget):
    """A condition and, below it, what is wrong with it.

    ``taken`` carries a condition that is right, once it was left or Enter was pressed and it is
    another one than before; an empty one where that is ``allowed_empty``. ``given_up``: Escape.
    """

    taken = pyqtSignal(str)
    given_up = pyqtSignal()

    def __init__(self, names: Names, *, allow_empty: bool = False) -> None:
        super().__init__()
        self._allow_empty = allow_empty
        self._kept = ""
        self.check: Callable[[str], Sequence[str]] = validate
        self.line = ConditionLine(names, self)
        self.line.setAccessibleName("Condition")
        self.line.setPlaceholderText("condition, such as x > 100 or rise(Fault)")
        self.problem = QLabel()
        self.problem.setObjectName("fieldProblem")
        self.problem.setWordWrap(True)
        self.problem.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.line)
        layout.addWidget(self.problem)
        self.setFocusProxy(self.line)
        self.line.textChanged.connect(self._judge)
        self.line.left.connect(self.take)
        self.line.given_up.connect(self._give_up)

    @property
    def text(self) -> str:
        """What stands there."""
        return self.line.text().strip()

    @property
    def problem_text(self) -> str:
        """What is wrong with it; ``""`` if nothing is."""
        text = self.text
        if not text:
            return "" if self._allow_empty else "a condition is needed"
        found = self.check(text)
        return found[0] if found else ""

    def show_text(self, text: str) -> None:
        """Show a condition that holds already, unless the user is at it."""
        if self.line.hasFocus() and self.line.isModified():
            return
        self._kept = text
        if self.line.text() != text:
            self.line.setText(text)
            self.line.setModified(False)

    def take(self) -> bool:
        """Hand over what stands there if it is right; False if it is not."""
        if self.text and self.problem_text:
            self._judge()
            return False
        self.line.setModified(False)
        if self.text != self._kept and (self.text or self._allow_empty):
            self._kept = self.text
            self.taken.emit(self.text)
        return True

    def _give_up(self) -> None:
        self.line.setText(self._kept)
        self.line.setModified(False)
        self.given_up.emit()

    def _judge(self) -> None:
        text = self.text
        problem = self.problem_text if text else ""
        note = "runs code of the program" if text.startswith(_PYTHON) and not problem else ""
        self.problem.setText(problem or note)
        self.problem.setProperty("note", bool(note))
        self.problem.setVisible(bool(problem or note))
        show_wrong(self.line, bool(problem))
        repolish(self.problem)
        self.updateGeometry()  # at once: the layouts around would keep the height of before


def show_wrong(line: QLineEdit, wrong: bool) -> None:
    """Show whether what stands in a line is wrong."""
    if bool(line.property("wrong")) is not wrong:
        line.setProperty("wrong", wrong)
        repolish(line)


def repolish(widget: QWidget) -> None:
    """Have a widget look as its properties say now."""
    style = widget.style()
    if style is not None:
        style.unpolish(widget)
        style.polish(widget)
