"""BreakpointPanel: all breakpoints, edited in place, and which exceptions stop the program."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QModelIndex, QPoint, QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QIcon, QKeyEvent, QResizeEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from pyprobe.conditions.completion import complete
from pyprobe.conditions.message_completion import complete_message
from pyprobe.core.debug.records import ExceptionStops
from pyprobe.gui.breakpoint_checks import (
    class_names,
    class_names_note,
    class_names_problem,
    condition_problem,
    hit_count_problem,
    message_problem,
)
from pyprobe.gui.checked_cells import CellText, CheckedCells
from pyprobe.gui.condition_field import Names, repolish, show_wrong
from pyprobe.gui.folding_row import FoldingRow, beside
from pyprobe.gui.theme import Theme

_ID = Qt.ItemDataRole.UserRole
_IS_LINE = Qt.ItemDataRole.UserRole + 1
_COLUMNS = ("Where", "Condition", "Hit count", "Log message", "Hits", "State")
# The shares of the columns, by the width in zeros from which on they hold.
_SHARES = {
    96: (0.22, 0.22, 0.1, 0.2, 0.08, 0.18),
    70: (0.27, 0.23, 0.0, 0.25, 0.08, 0.17),
    50: (0.38, 0.28, 0.0, 0.0, 0.12, 0.22),
    0: (0.41, 0.23, 0.0, 0.0, 0.13, 0.23),
}
_NAMES_PX = 220
_CONDITION = 1
_FIELDS = {_CONDITION: "condition", 2: "hit_count", 3: "message"}
_CELLS = {
    _CONDITION: CellText(
        "Condition", condition_problem, completes=complete, hint="such as x > 100"
    ),
    2: CellText("Hit count", hit_count_problem, hint="5,  >= 5,  or  % 3"),
    3: CellText(
        "Log message",
        message_problem,
        completes=complete_message,
        hint="gain is {gain}   ·   Snapshot: label",
    ),
}
_EMPTY = (
    "No breakpoint yet: click left of a line number, or press F9. "
    "A right click there sets one with a condition or a log message."
)


@dataclass(frozen=True, slots=True)
class BreakpointRow:
    """One breakpoint as it is listed. ``is_line``: of a line, so that its fields can be edited.

    ``note``: what is wrong with it, in a sentence.
    """

    breakpoint_id: int
    where: str
    condition: str
    hit_count: str
    message: str
    hits: int
    state: str
    enabled: bool
    icon: QIcon
    tip: str
    is_line: bool
    note: str = ""


class BreakpointPanel(QWidget):
    """``edited``: id, field and text; ``switched``: id and whether it is on. ``edit_asked``: id
    and field to be edited in the source. ``names_of`` gives the names in scope for an id.
    """

    edited = pyqtSignal(int, str, str)
    switched = pyqtSignal(int, bool)
    removed = pyqtSignal(int)
    reveal_asked = pyqtSignal(int)
    edit_asked = pyqtSignal(int, str)
    said = pyqtSignal(str)
    exceptions_changed = pyqtSignal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.list = _List()
        self.names_of: Callable[[int], Names] = lambda _id: lambda _base: ()
        cells = CheckedCells(self.list, _CELLS, self._names)
        cells.refused.connect(lambda why: self.said.emit(f"Not taken: {why}."))
        self.list.setItemDelegate(cells)
        self.empty = QLabel(_EMPTY)
        self.empty.setObjectName("emptyHint")
        self.empty.setWordWrap(True)
        self.empty.setMargin(12)
        self.uncaught = QCheckBox("Uncaught exceptions")
        self.raised = QCheckBox("All raised")
        self.names = QLineEdit()
        self.names.setPlaceholderText("or these, such as KeyError, ValueError")
        self.names.setAccessibleName("Exceptions that stop the program wherever they are raised")
        self.note = QLabel()
        self.note.setObjectName("fieldProblem")
        self.note.setWordWrap(True)
        self.note.setContentsMargins(8, 3, 8, 0)
        self.note.hide()
        self._notes: dict[int, str] = {}
        self.problem = QLabel()
        self.problem.setObjectName("fieldProblem")
        self.problem.setWordWrap(True)
        self.problem.setContentsMargins(8, 0, 8, 4)
        self.problem.hide()
        boxes = beside(QLabel("Stop at"), self.uncaught, self.raised, gap_px=10)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 3, 8, 5)
        foot.addWidget(FoldingRow(boxes, self.names, grows=1, least_px=_NAMES_PX))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.empty, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.note)
        layout.addLayout(foot)
        layout.addWidget(self.problem)
        self._connect()
        self.show_rows(())

    def _connect(self) -> None:
        self.list.itemChanged.connect(self._on_changed)
        self.list.currentItemChanged.connect(lambda _item, _before: self._show_note())
        self.list.itemDoubleClicked.connect(self._on_double_click)
        self.list.remove_asked.connect(lambda: self._emit(self.removed))
        self.list.reveal_asked.connect(lambda: self._emit(self.reveal_asked))
        self.list.customContextMenuRequested.connect(self._show_menu)
        for box in (self.uncaught, self.raised):
            box.toggled.connect(lambda _on: self._tell_exceptions())
        self.names.editingFinished.connect(self._tell_exceptions)
        self.names.textChanged.connect(lambda _text: self._judge_names())

    # ---- what is shown -------------------------------------------------------------------

    def show_rows(self, rows: Sequence[BreakpointRow]) -> None:
        """List these breakpoints."""
        blocker = QSignalBlocker(self.list)
        known = [self.list.topLevelItem(at) for at in range(self.list.topLevelItemCount())]
        if [item.data(0, _ID) for item in known if item] != [row.breakpoint_id for row in rows]:
            current = self.list.currentItem()
            chosen = current.data(0, _ID) if current is not None else None
            self.list.clear()
            for row in rows:
                item = QTreeWidgetItem(self.list)
                item.setData(0, _ID, row.breakpoint_id)
                if row.breakpoint_id == chosen:
                    self.list.setCurrentItem(item)
        for at, row in enumerate(rows):
            shown = self.list.topLevelItem(at)
            if shown is not None:
                self._show_row(shown, row)
        self.list.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self.setFocusProxy(self.list if rows else self.uncaught)
        if rows and self.list.currentItem() is None:
            self.list.setCurrentItem(self.list.topLevelItem(0))
        self._notes = {row.breakpoint_id: row.note for row in rows}
        self._show_note()
        del blocker

    def _show_note(self) -> None:
        """Say what is wrong with the current one."""
        item = self.list.currentItem()
        note = self._notes.get(item.data(0, _ID), "") if item is not None else ""
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def _show_row(self, item: QTreeWidgetItem, row: BreakpointRow) -> None:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        flags |= Qt.ItemFlag.ItemIsUserCheckable
        item.setFlags(flags | Qt.ItemFlag.ItemIsEditable)
        item.setData(0, _IS_LINE, row.is_line)
        item.setCheckState(0, Qt.CheckState.Checked if row.enabled else Qt.CheckState.Unchecked)
        item.setIcon(0, row.icon)
        hits = f"{row.hits:,}" if row.hits else ""
        texts = (row.where, row.condition, row.hit_count, row.message, hits, row.state)
        for column, text in enumerate(texts):
            if item.text(column) != text:
                item.setText(column, text)
            item.setToolTip(column, row.tip)
        item.setTextAlignment(4, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setForeground(5, QColor(self._theme.muted))

    def show_exceptions(self, stops: ExceptionStops) -> None:
        """Show which exceptions stop the program."""
        for box, on in ((self.uncaught, stops.uncaught), (self.raised, stops.raised)):
            blocker = QSignalBlocker(box)
            box.setChecked(on)
            del blocker
        if not self.names.hasFocus() and not class_names_problem(self.names.text()):
            self.names.setText(", ".join(stops.names))

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours."""
        self._theme = theme

    # ---- hands ---------------------------------------------------------------------------

    def _emit(self, signal: object) -> None:
        item = self.list.currentItem()
        if item is not None:
            signal.emit(item.data(0, _ID))  # type: ignore[attr-defined]

    def _on_changed(self, item: QTreeWidgetItem, column: int) -> None:
        if column == 0:
            on = item.checkState(0) is Qt.CheckState.Checked
            self.switched.emit(item.data(0, _ID), on)
        elif column in _FIELDS:
            self.edited.emit(item.data(0, _ID), _FIELDS[column], item.text(column).strip())

    def _on_double_click(self, item: QTreeWidgetItem, column: int) -> None:
        if _can_edit(item, column):
            self.list.editItem(item, column)
        else:
            self._emit(self.reveal_asked)

    def _show_menu(self, at: QPoint) -> None:
        item, viewport = self.list.itemAt(at), self.list.viewport()
        if item is None or viewport is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Show in the source", lambda: self._emit(self.reveal_asked))
        for column, field in ((_CONDITION, "condition"), (2, "hit count"), (3, "log message")):
            if _can_edit(item, column):
                edit = f"Edit the {field}"
                menu.addAction(edit, lambda column=column: self._edit(item, column))
        on = item.checkState(0) is Qt.CheckState.Checked
        breakpoint_id = item.data(0, _ID)
        menu.addAction(
            "Disable" if on else "Enable", lambda: self.switched.emit(breakpoint_id, not on)
        )
        menu.addAction("Remove", lambda: self._emit(self.removed))
        menu.popup(viewport.mapToGlobal(at))

    def _edit(self, item: QTreeWidgetItem, column: int) -> None:
        """Edit a cell; one that has no room in the list is edited in the source."""
        if self.list.isColumnHidden(column):
            self.edit_asked.emit(item.data(0, _ID), _FIELDS[column])
        else:
            self.list.editItem(item, column)

    def _names(self, index: QModelIndex) -> Names:
        return self.names_of(int(index.siblingAtColumn(0).data(_ID) or 0))

    def _tell_exceptions(self) -> None:
        text = self.names.text()
        if class_names_problem(text):
            return  # it stands below, where the user looks
        self.names.setModified(False)
        stops = ExceptionStops(
            self.uncaught.isChecked(), self.raised.isChecked(), class_names(text)
        )
        self.exceptions_changed.emit(stops)

    def _judge_names(self) -> None:
        problem = class_names_problem(self.names.text())
        note = "" if problem else class_names_note(self.names.text())
        show_wrong(self.names, bool(problem))
        self.problem.setText(problem or note)
        self.problem.setProperty("note", not problem)
        self.problem.setVisible(bool(problem or note))
        repolish(self.problem)


class _List(QTreeWidget):
    remove_asked = pyqtSignal()
    reveal_asked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderLabels(list(_COLUMNS))
        self.setRootIsDecorated(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # a line number stands at the end
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setAccessibleName("Breakpoints")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = self.header()
        if header is not None:
            header.setStretchLastSection(True)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    def resizeEvent(self, e: QResizeEvent | None) -> None:
        """Share the width out; where there is little, what is rarely set has no column."""
        super().resizeEvent(e)
        header, viewport = self.header(), self.viewport()
        if header is None or viewport is None:
            return
        width = viewport.width()
        width_em = width / self.fontMetrics().horizontalAdvance("0")
        shares = next(shares for least_em, shares in _SHARES.items() if width_em >= least_em)
        for column, share in enumerate(shares):
            self.setColumnHidden(column, not share)
            header.resizeSection(column, int(width * share))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Delete removes, Enter shows in the source, F2 edits the condition, Space switches."""
        item = self.currentItem()
        if event is None or item is None:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.reveal_asked.emit()
        elif event.key() == Qt.Key.Key_F2:
            self.editItem(item, _CONDITION)
        else:
            super().keyPressEvent(event)


def _can_edit(item: QTreeWidgetItem, column: int) -> bool:
    """Whether a cell can be edited; of what stops at a change it is the condition only."""
    return column == _CONDITION or (column in _FIELDS and bool(item.data(0, _IS_LINE)))
