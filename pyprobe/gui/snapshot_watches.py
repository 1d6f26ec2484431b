"""SnapshotWatches: the session's conditions: when one holds, a snapshot, a pause or capturing."""

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from pyprobe.core.trigger_watch import WatchAction
from pyprobe.gui.condition_field import ConditionField, Names

_ID = Qt.ItemDataRole.UserRole
_MOST_ROWS = 4
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
    """``added``: condition, WatchAction, label; ``switched``: id and whether it is on."""

    added = pyqtSignal(str, object, str)
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
        self.label.setMaxLength(80)
        self.add = QPushButton("Add")
        self.list = _List()
        self.list.setAccessibleName("Conditions of the session")
        row = QHBoxLayout()
        row.setSpacing(5)
        row.addWidget(self.condition, 3)
        for widget in (self.action, self.label, self.add):
            row.addWidget(widget, 1 if widget is self.label else 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 2)
        layout.setSpacing(4)
        layout.addLayout(row)
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
            self.list.clear()
            for row in rows:
                item = QTreeWidgetItem(self.list)
                item.setData(0, _ID, row.watch_id)
        for at, row in enumerate(rows):
            shown = self.list.topLevelItem(at)
            if shown is not None:
                _show_row(shown, row)
        self.list.setVisible(bool(rows))
        height = self.list.sizeHintForRow(0) if rows else 0
        self.list.setFixedHeight(max(1, min(len(rows), _MOST_ROWS)) * max(height, 18) + 4)
        del blocker

    def _show_label(self) -> None:
        self.label.setEnabled(self.action.currentData() is WatchAction.SNAPSHOT)

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
        if column == 0:
            self.switched.emit(item.data(0, _ID), item.checkState(0) is Qt.CheckState.Checked)

    def _remove(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.removed.emit(item.data(0, _ID))


class _List(QTreeWidget):
    remove_asked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setColumnCount(3)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.header()
        if header is not None:
            header.setStretchLastSection(False)
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            for column in (1, 2):
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.setToolTip("Switch a condition off by its box; Delete removes it")

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Delete removes the current one."""
        if event is not None and event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit()
            return
        super().keyPressEvent(event)


def _show_row(item: QTreeWidgetItem, row: WatchRow) -> None:
    words = dict(_ACTIONS)[row.action]
    then = f"→ {words} “{row.label}”" if row.label else f"→ {words}"
    item.setFlags(
        Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
    )
    item.setCheckState(0, Qt.CheckState.Checked if row.is_on else Qt.CheckState.Unchecked)
    for column, text in enumerate((f"when {row.condition}", then, row.state)):
        if item.text(column) != text:
            item.setText(column, text)
        item.setToolTip(column, row.note)
