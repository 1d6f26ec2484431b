"""CheckedCells: edits texts in the cells of a list; what is typed is checked at every key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PyQt6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QRect, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from pyprobe.gui.condition_field import Complete, ConditionLine, Names, show_wrong

_ROLE = Qt.ItemDataRole.EditRole
_LEAST_EM = 30  # of an editor: a narrow column shows what fits, but nobody writes into so little
_GAP_PX = 2
_TAKING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MOVES = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show)

Check = Callable[[str], str]
"""Returns what is wrong with a text, ``""`` if nothing is."""


@dataclass(frozen=True, slots=True)
class CellText:
    """A column that is edited. ``completes`` tells where names in scope are offered."""

    name: str
    check: Check
    completes: Complete | None = None
    hint: str = ""


class CheckedCells(QStyledItemDelegate):
    """What is wrong with a text stands below its cell, and Enter does not take it.

    ``names_of`` gives the names in scope for a row. ``refused``: what was wrong with a text that
    was left all the same, so that its cell keeps what it had.
    """

    refused = pyqtSignal(str)

    def __init__(
        self,
        view: QAbstractItemView,
        columns: Mapping[int, CellText],
        names_of: Callable[[QModelIndex], Names],
    ) -> None:
        super().__init__(view)
        self._columns = columns
        self._names_of = names_of

    def createEditor(
        self, parent: QWidget | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> QWidget | None:
        """Return the line to type in."""
        column = self._columns.get(index.column())
        if column is None:
            return None
        line = QLineEdit(parent)
        if column.completes is not None:
            line = ConditionLine(self._names_of(index), parent, complete=column.completes)
        line.setAccessibleName(column.name)
        line.setPlaceholderText(column.hint)
        line.setProperty(_CHECK, column.check)
        _Problem(line, column.check)
        return line

    def setEditorData(self, editor: QWidget | None, index: QModelIndex) -> None:
        """Begin with what the cell holds; news of its row do not undo what is typed meanwhile."""
        if isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(str(index.data(_ROLE) or ""))

    def setModelData(
        self, editor: QWidget | None, model: QAbstractItemModel | None, index: QModelIndex
    ) -> None:
        """Take what was typed if it is right."""
        if not isinstance(editor, QLineEdit) or model is None:
            return
        problem = _problem_of(editor)
        if problem:
            self.refused.emit(problem)
        else:
            model.setData(index, editor.text().strip(), _ROLE)

    def updateEditorGeometry(
        self, editor: QWidget | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        """Lie over the cell, and over its neighbours where that is too narrow."""
        parent = editor.parentWidget() if editor is not None else None
        if editor is None or parent is None:
            return
        least = _LEAST_EM * editor.fontMetrics().horizontalAdvance("0")
        width = min(max(option.rect.width(), least), parent.width())
        height = max(option.rect.height(), editor.sizeHint().height())
        rect = QRect(option.rect.left(), 0, width, height)
        rect.moveCenter(QRect(rect.left(), option.rect.top(), width, option.rect.height()).center())
        rect.moveRight(min(rect.right(), parent.width() - 1))
        rect.moveTop(max(rect.top(), 0))
        editor.setGeometry(rect)

    def eventFilter(self, object: QObject | None, event: QEvent | None) -> bool:
        """Stay open where Enter would take what is wrong."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in _TAKING
            and isinstance(object, QLineEdit)
            and _problem_of(object)
        ):
            return True
        return super().eventFilter(object, event)


_CHECK = "check"


def _problem_of(line: QLineEdit) -> str:
    check = line.property(_CHECK)
    return str(check(line.text().strip())) if callable(check) else ""


class _Problem(QLabel):
    """What is wrong with a line, below it or above it, wherever it goes."""

    def __init__(self, line: QLineEdit, check: Check) -> None:
        super().__init__(line.parentWidget())
        self._line, self._check = line, check
        self.setObjectName("cellProblem")
        self.setWordWrap(True)
        self.hide()
        line.textChanged.connect(lambda _text: self._judge())
        line.installEventFilter(self)
        line.destroyed.connect(self.deleteLater)

    def _judge(self) -> None:
        problem = self._check(self._line.text().strip())
        show_wrong(self._line, bool(problem))
        self.setText(problem)
        self.setVisible(bool(problem))
        self._place()

    def _place(self) -> None:
        parent, line = self.parentWidget(), self._line.geometry()
        if parent is None:
            return
        self.setFixedWidth(line.width())
        self.adjustSize()
        top = line.bottom() + _GAP_PX
        if top + self.height() > parent.height():
            top = max(0, line.top() - self.height() - _GAP_PX)
        self.move(line.left(), top)
        self.raise_()

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if a1 is not None and a1.type() in _MOVES:
            self._place()
        elif a1 is not None and a1.type() is QEvent.Type.Hide:
            self.hide()
        return False
