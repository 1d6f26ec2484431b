"""The probe list: rows of probes (plain records), their table model, and the view."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QColor, QContextMenuEvent, QKeySequence, QPalette
from PyQt6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QMenu,
    QTableView,
    QWidget,
)

from pyprobe.gui.icons import make_swatch
from pyprobe.gui.probe_delegate import NameDelegate
from pyprobe.gui.throttle_delegate import ThrottleDelegate
from pyprobe.plots.palette import trace_color
from pyprobe.plots.value_delegate import ValueDelegate
from pyprobe.session.probe import ProbeStatus


class Column(IntEnum):
    """The columns of the probe list."""

    NAME = 0
    STATE = 1
    VALUE = 2
    RATE = 3
    THROTTLE = 4
    DROPS = 5


_TITLES = ("Probe", "State", "Last value", "Rate", "Throttle", "Drops")
# In the order of the palette; where light and dark differ, the light one's name comes first.
COLOR_NAMES = (
    *("Blue", "Vermilion", "Green", "Purple"),
    *("Indigo or deep blue", "Olive or yellow", "Wine or pink", "Brown or orange"),
)
_NUMBERS = (Column.RATE, Column.DROPS)


@dataclass(frozen=True, slots=True)
class ProbeRow:
    """One probe as the list shows it. ``trigger``: how its trigger fares, ``""`` without one."""

    probe_id: int
    name: str
    color: str
    status: ProbeStatus
    detail: str
    value: str
    rate: str
    throttle: str
    mode: str
    drops: int
    runs_code: bool = False
    trigger: str = ""
    trigger_tip: str = ""


class ProbeTableModel(QAbstractTableModel):
    """Shows ProbeRows; editing the throttle calls ``set_throttle`` (id, text), True if accepted."""

    def __init__(self, set_throttle: Callable[[int, str], bool]) -> None:
        super().__init__()
        self._rows: list[ProbeRow] = []
        self._set_throttle = set_throttle

    @property
    def rows(self) -> Sequence[ProbeRow]:
        """The rows as they are shown."""
        return tuple(self._rows)

    def set_rows(self, rows: Sequence[ProbeRow]) -> None:
        """Show these rows; an unchanged set of probes keeps selection and editors."""
        if [row.probe_id for row in rows] != [row.probe_id for row in self._rows]:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()
            return
        for position, row in enumerate(rows):
            if row != self._rows[position]:
                self._rows[position] = row
                last = len(Column) - 1
                self.dataChanged.emit(self.index(position, 0), self.index(position, last))

    def row(self, index: QModelIndex) -> ProbeRow | None:
        """Return the record of a row."""
        return self._rows[index.row()] if index.isValid() else None

    def probe_id(self, index: QModelIndex) -> int | None:
        """Return the probe of a row."""
        return self._rows[index.row()].probe_id if index.isValid() else None

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        return len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _TITLES[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: QModelIndex, role: int = 0) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], Column(index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return _text(row, column, editing=role == Qt.ItemDataRole.EditRole)
        if role == Qt.ItemDataRole.DecorationRole and column is Column.NAME:
            waits = row.status in (ProbeStatus.ARMED, ProbeStatus.INVALID)
            return make_swatch(row.color, hollow=waits)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.detail or _tooltip(row, column)
        if role == Qt.ItemDataRole.ForegroundRole and column is Column.VALUE:
            return QColor(row.color)
        return None

    def setData(self, index: QModelIndex, value: Any, role: int = 0) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() != Column.THROTTLE:
            return False
        return self._set_throttle(self._rows[index.row()].probe_id, str(value).strip())

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.column() == Column.THROTTLE:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags


class ProbeTable(QTableView):
    """The list. Its signals carry a probe's id; ``run_code_asked`` also whether it may from now on
    be read by running code of the program (properties, ``__array__`` …), ``color_asked`` the index
    of the colour.
    """

    remove_asked = pyqtSignal(int)
    run_code_asked = pyqtSignal(int, bool)
    color_asked = pyqtSignal(int, int)
    reveal_asked = pyqtSignal(int)
    trigger_asked = pyqtSignal(int)

    def __init__(self, model: ProbeTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._probes = model
        self.setModel(model)
        self.setAccessibleName("Probes")
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setItemDelegateForColumn(Column.NAME, NameDelegate(self))
        self.setItemDelegateForColumn(Column.VALUE, ValueDelegate(self))
        self._throttle_delegate = ThrottleDelegate(self)
        self.setItemDelegateForColumn(Column.THROTTLE, self._throttle_delegate)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        if rows is not None:
            rows.hide()
            rows.setDefaultSectionSize(self.fontMetrics().height() + 9)
        if columns is not None:
            _size_columns(columns, self)
        self.doubleClicked.connect(self._open)
        self.remove_action = QAction("Remove the probe", self)
        self.remove_action.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        self.remove_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.remove_action.triggered.connect(lambda: self._emit(self.remove_asked))
        self.reveal_action = QAction("Reveal in the source", self)
        self.reveal_action.setShortcut(QKeySequence("Return"))
        self.reveal_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.reveal_action.triggered.connect(lambda: self._emit(self.reveal_asked))
        self.throttle_action = QAction("Change the throttle…", self)
        self.throttle_action.setShortcut(QKeySequence("F2"))
        self.throttle_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.throttle_action.triggered.connect(self._edit_throttle)
        self.trigger_action = QAction("Trigger…", self)
        self.trigger_action.setToolTip("Choose which hits of this probe are captured")
        self.trigger_action.triggered.connect(lambda: self._emit(self.trigger_asked))
        self.run_code_action = QAction("Read by running the program's code", self)
        self.run_code_action.setCheckable(True)
        self.run_code_action.setToolTip("Allow properties and the like to be called for this probe")
        self.run_code_action.triggered.connect(self._ask_run_code)
        self.color_menu = QMenu("Colour", self)
        self.color_menu.aboutToShow.connect(self._fill_colors)
        self._fill_colors()
        color_action = self.color_menu.menuAction()
        assert color_action is not None  # every menu has one
        self._actions = [
            *(self.reveal_action, self.throttle_action, self.trigger_action, color_action),
            *(self.run_code_action, self.remove_action),
        ]
        self.addActions(self._actions)

    def changeEvent(self, e: QEvent | None) -> None:
        super().changeEvent(e)
        rows = self.verticalHeader()
        if e is not None and e.type() is QEvent.Type.FontChange and rows is not None:
            rows.setDefaultSectionSize(self.fontMetrics().height() + 9)

    def _open(self, index: QModelIndex) -> None:
        if index.column() != Column.THROTTLE:
            self._emit(self.reveal_asked)

    def _emit(self, signal: Any, *more: object) -> None:
        probe_id = self._probes.probe_id(self.currentIndex())
        if probe_id is not None:
            signal.emit(probe_id, *more)

    def _edit_throttle(self) -> None:
        index = self.currentIndex().siblingAtColumn(Column.THROTTLE)
        if index.isValid():
            self.scrollTo(index)  # Qt opens an editor also where nobody sees it
            self.edit(index)

    def closeEditor(self, editor: QWidget | None, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Keep an editor whose text was refused, so that it can be mended; Escape gives up."""
        refused, self._throttle_delegate.is_refused = self._throttle_delegate.is_refused, False
        gives_up = hint is QAbstractItemDelegate.EndEditHint.RevertModelCache
        if refused and not gives_up and isinstance(editor, QLineEdit) and editor.hasFocus():
            editor.selectAll()
            return
        super().closeEditor(editor, hint)

    def _ask_run_code(self, allowed: bool) -> None:
        probe_id = self._probes.probe_id(self.currentIndex())
        if probe_id is not None:
            self.run_code_asked.emit(probe_id, allowed)

    def _fill_colors(self) -> None:
        """Offer every colour as it looks in the present theme."""
        self.color_menu.clear()
        dark = self.palette().color(QPalette.ColorRole.Base).lightness() < 128
        for index, name in enumerate(COLOR_NAMES):
            action = QAction(make_swatch(trace_color(index, dark=dark)), name, self.color_menu)
            action.triggered.connect(lambda _on, index=index: self._emit(self.color_asked, index))
            self.color_menu.addAction(action)

    def contextMenuEvent(self, a0: QContextMenuEvent | None) -> None:
        if a0 is None:
            return
        if a0.reason() is QContextMenuEvent.Reason.Keyboard:
            self._show_menu(self.visualRect(self.currentIndex()).center())
        else:
            self._show_menu(a0.pos())

    def _show_menu(self, position: QPoint) -> None:
        viewport = self.viewport()
        if not self.indexAt(position).isValid() or viewport is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        row = self._probes.row(self.currentIndex())
        self.run_code_action.setChecked(row is not None and row.runs_code)
        menu.addActions(self._actions)
        menu.popup(viewport.mapToGlobal(position))


def _size_columns(header: QHeaderView, view: QWidget) -> None:
    header.setHighlightSections(False)
    header.setMinimumSectionSize(40)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setSectionResizeMode(Column.VALUE, QHeaderView.ResizeMode.Stretch)
    em = view.fontMetrics().horizontalAdvance("0")
    widths = {Column.NAME: 31, Column.STATE: 14, Column.RATE: 8, Column.THROTTLE: 11}
    for column, characters in {**widths, Column.DROPS: 7}.items():
        header.resizeSection(column, em * characters)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _text(row: ProbeRow, column: Column, *, editing: bool) -> str:
    if column is Column.THROTTLE:
        return row.throttle
    texts = {
        Column.NAME: row.name,
        Column.STATE: _state_text(row),
        Column.VALUE: row.value,
        Column.RATE: row.rate,
        Column.DROPS: f"{row.drops:,}" if row.drops else "",
    }
    return texts[column]


def _state_text(row: ProbeRow) -> str:
    """Return how a probe fares; with a trigger that comes first, as it decides what is captured."""
    trigger = f"T {row.trigger.lower()} · " if row.trigger else ""
    return f"{trigger}{row.status.value}{', runs code' if row.runs_code else ''}"


def _tooltip(row: ProbeRow, column: Column) -> str:
    if column is Column.STATE and row.trigger_tip:
        return row.trigger_tip
    if column is Column.THROTTLE:
        return (
            f"Now captured: {row.mode}. Edit in place (F2): "
            "every, every:N, Nms, change, change:TOLERANCE or auto"
        )
    if column is Column.DROPS:
        return "Captures that the budget or a full buffer cost"
    return f"{row.name}: {row.value}" if row.value else row.name
