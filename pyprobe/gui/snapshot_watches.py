"""SnapshotWatches: the session's conditions: when one holds, a snapshot, a pause or capturing."""

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from pyprobe.conditions.completion import complete
from pyprobe.conditions.validation import validate
from pyprobe.core.trigger_watch import WatchAction
from pyprobe.gui.checked_cells import CellText, CheckedCells
from pyprobe.gui.condition_field import ConditionField, Names
from pyprobe.gui.folding_row import FoldingRow, beside

_ID = Qt.ItemDataRole.UserRole
_MOST_ROWS = 4
_CONDITION_PX = 230
_MOST_LABEL = 80
_WHEN, _THEN, _LABEL, _STATE = range(4)
_EMPTY = "a condition is needed; Delete removes the whole row"
_ACTIONS = (
    (WatchAction.SNAPSHOT, "take snapshot"),
    (WatchAction.PAUSE, "pause"),
    (WatchAction.START, "start capturing"),
    (WatchAction.STOP, "stop capturing"),
)


@dataclass(frozen=True, slots=True)
class WatchRow:
    """One condition as it is listed."""

    watch_id: int
    condition: str
    action: WatchAction
    label: str
    is_on: bool
    state: str
    note: str


class SnapshotWatches(QWidget):
    """``added``: condition, WatchAction, label; ``switched``: id and whether it is on;
    ``changed``: id, condition and label. ``said`` carries a hint.
    """

    added = pyqtSignal(str, object, str)
    changed = pyqtSignal(int, str, str)
    said = pyqtSignal(str)
    switched = pyqtSignal(int, bool)
    removed = pyqtSignal(int)

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.condition = ConditionField(names)
        self.condition.line.setPlaceholderText("when … , such as rise(Fault) or x > 100")
        self.action = QComboBox()
        self.action.setAccessibleName("What happens then")
        for action, text in _ACTIONS:
            self.action.addItem(text, action)
        self.label = QLineEdit()
        self.label.setPlaceholderText("label")
        self.label.setAccessibleName("Label of the snapshots")
        self.label.setMaxLength(_MOST_LABEL)
        self.add = QPushButton("Add")
        self.list = _List()
        self._cells = CheckedCells(
            self.list,
            {
                _WHEN: CellText("Condition of the session", _problem, completes=complete),
                _LABEL: CellText("Label", lambda text: "" if text else "a snapshot needs a label"),
            },
            lambda _index: names,
        )
        self._cells.refused.connect(lambda why: self.said.emit(f"Not taken: {why}."))
        self.list.setItemDelegate(self._cells)
        row = FoldingRow(
            self.condition,
            beside(self.action, self.label, self.add, gap_px=5, stretch=1),
            least_px=_CONDITION_PX,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 2)
        layout.setSpacing(4)
        layout.addWidget(row)
        layout.addWidget(self.list)
        self.list.hide()
        self.action.currentIndexChanged.connect(lambda _row: self._show_label())
        self.add.clicked.connect(self._add)
        self.label.returnPressed.connect(self._add)
        self.condition.line.entered.connect(self._add)
        self.list.itemChanged.connect(self._on_changed)
        self.list.remove_asked.connect(self._remove)

    def show_rows(self, rows: Sequence[WatchRow]) -> None:
        """List these conditions."""
        blocker = QSignalBlocker(self.list)
        known = [self.list.topLevelItem(at) for at in range(self.list.topLevelItemCount())]
        if [item.data(0, _ID) for item in known if item] != [row.watch_id for row in rows]:
            current = self.list.currentItem()
            chosen = current.data(0, _ID) if current is not None else None
            self.list.clear()
            for row in rows:
                item = QTreeWidgetItem(self.list)
                item.setData(0, _ID, row.watch_id)
                if row.watch_id == chosen:
                    self.list.setCurrentItem(item)
        for at, row in enumerate(rows):
            shown = self.list.topLevelItem(at)
            if shown is not None:
                _show_row(shown, row)
        self.list.setVisible(bool(rows))
        self.list.fit_height(min(len(rows), _MOST_ROWS))
        del blocker

    def _show_label(self) -> None:
        self.label.setVisible(self.action.currentData() is WatchAction.SNAPSHOT)

    def _add(self) -> None:
        text, action = self.condition.text, self.action.currentData()
        if not text or self.condition.problem_text:
            self.condition.setFocus()
            return
        label = self.label.text().strip() or text
        self.condition.line.clear()
        self.label.clear()
        self.added.emit(text, action, label if action is WatchAction.SNAPSHOT else "")

    def _on_changed(self, item: QTreeWidgetItem, column: int) -> None:
        watch_id = item.data(0, _ID)
        if column == _WHEN:
            self.switched.emit(watch_id, item.checkState(0) is Qt.CheckState.Checked)
        if column in (_WHEN, _LABEL):
            self.changed.emit(watch_id, item.text(_WHEN).strip(), item.text(_LABEL).strip())

    def _remove(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.removed.emit(item.data(0, _ID))


def _problem(text: str) -> str:
    found = validate(text) if text.strip() else [_EMPTY]
    return found[0] if found else ""


class _List(QTreeWidget):
    remove_asked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Conditions of the session")
        self.setColumnCount(4)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.itemDoubleClicked.connect(self._edit)
        header = self.header()
        if header is not None:
            header.setStretchLastSection(False)
            for column in (_WHEN, _LABEL):
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            for column in (_THEN, _STATE):
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)

    def fit_height(self, rows: int) -> None:
        """Be as high as so many rows."""
        self.setFixedHeight(max(1, rows) * max(self.sizeHintForRow(0), 18) + 4)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Delete removes the current one, F2 edits its condition, Space switches it."""
        item = self.currentItem()
        if event is not None and event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit()
        elif event is not None and event.key() == Qt.Key.Key_F2 and item is not None:
            self._edit(item, _WHEN)
        else:
            super().keyPressEvent(event)

    def _edit(self, item: QTreeWidgetItem, column: int) -> None:
        has_label = bool(item.text(_LABEL))
        if column == _WHEN or (column == _LABEL and has_label):
            self.editItem(item, column)


def _show_row(item: QTreeWidgetItem, row: WatchRow) -> None:
    item.setFlags(
        Qt.ItemFlag.ItemIsEnabled
        | Qt.ItemFlag.ItemIsSelectable
        | Qt.ItemFlag.ItemIsUserCheckable
        | Qt.ItemFlag.ItemIsEditable
    )
    item.setCheckState(0, Qt.CheckState.Checked if row.is_on else Qt.CheckState.Unchecked)
    texts = (row.condition, dict(_ACTIONS)[row.action], row.label, row.state)
    tip = row.note or f"{row.condition}: double click edits, Delete removes, the box switches off"
    for column, text in enumerate(texts):
        if item.text(column) != text:
            item.setText(column, text)
        item.setToolTip(column, tip)
