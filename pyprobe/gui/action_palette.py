"""ActionPalette: every action in one list that is searched as one types."""

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QMainWindow, QVBoxLayout

from pyprobe.gui.action_list import ActionEntry, list_actions
from pyprobe.gui.action_row import ENTRY_ROLE, PLACES_ROLE, ActionRowPainter
from pyprobe.gui.fuzzy import match
from pyprobe.gui.overlay import Overlay
from pyprobe.gui.theme import Theme

_WIDTH_PX = 620
_MARGIN_PX = 8
_TOP_PX = 44
_MOST_ROWS = 13
_GROUP_WEIGHT = 0.4
_WHOLE_WORDS_WEIGHT = 0.9  # above letters that are strewn over a text, below words of a text
_GREYED_COST = 6.0
_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -_MOST_ROWS + 1,
    Qt.Key.Key_PageDown: _MOST_ROWS - 1,
}

Ranked = tuple[ActionEntry, tuple[int, ...]]


def rank(entries: Sequence[ActionEntry], query: str) -> list[Ranked]:
    """Return the entries that fit a query, best first, each with the letters that fit."""
    fits: list[tuple[float, ActionEntry, tuple[int, ...]]] = []
    for entry in entries:
        cost = _GREYED_COST if entry.why_not and query.strip() else 0.0
        found = match(query, entry.text)
        if found is not None:
            fits.append((found.score - cost, entry, found.places))
            continue
        whole = f"{entry.text} {entry.group}"
        found = match(query, whole)
        if found is not None:
            inside = tuple(place for place in found.places if place < len(entry.text))
            weight = _WHOLE_WORDS_WEIGHT if _begins_words(query, whole) else _GROUP_WEIGHT
            fits.append((found.score * weight - cost, entry, inside))
    fits.sort(key=lambda fit: -fit[0])
    return [(entry, places) for _, entry, places in fits]


def _begins_words(query: str, text: str) -> bool:
    """Tell whether each word of a query begins a word of the text."""
    words = text.lower().split()
    return all(any(one.startswith(word) for one in words) for word in query.lower().split())


class ActionRows(QAbstractListModel):
    """The rows that are shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Ranked] = []

    def set_rows(self, rows: list[Ranked]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def entry(self, index: QModelIndex) -> ActionEntry | None:
        """Return the entry of a row."""
        return self._rows[index.row()][0] if index.isValid() else None

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex, role: int = 0) -> Any:
        if not index.isValid():
            return None
        entry, places = self._rows[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == PLACES_ROLE:
            return places
        if role == Qt.ItemDataRole.DisplayRole:
            words = (f"{entry.group}: {entry.text}", entry.keys, entry.why_not)
            return ", ".join(word for word in words if word)
        return None


class ActionPalette(Overlay):
    """Enter or a click runs the chosen action; ``say`` tells why a greyed-out one cannot run."""

    def __init__(self, window: QMainWindow, theme: Theme, say: Callable[[str], None]) -> None:
        super().__init__(window)
        self.setAccessibleName("Actions")
        self._say = say
        self._actions = list_actions(window, QApplication.focusWidget() or window.focusWidget())
        self.field = QLineEdit()
        self.field.setObjectName("overlayField")
        self.field.setAccessibleName("Search the actions")
        self.field.setPlaceholderText("Search every action")
        self.rows = ActionRows(self)
        self.view = QListView()
        self.view.setObjectName("overlayList")
        self.view.setAccessibleName("Actions found")
        self.view.setModel(self.rows)
        self.view.setItemDelegate(ActionRowPainter(theme, self.view))
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing = QLabel("No action has these letters in this order.")
        self._nothing.setObjectName("emptyHint")
        self._nothing.setMargin(10)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        layout.setSpacing(6)
        layout.addWidget(self.field)
        layout.addWidget(self.view, 1)
        layout.addWidget(self._nothing)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.view.entered.connect(self.view.setCurrentIndex)
        self.view.clicked.connect(self._run)
        self.closed.connect(self._actions.close)
        self._search("")

    @property
    def entries(self) -> list[ActionEntry]:
        """All that can be found."""
        return self._actions.entries

    def place(self) -> None:
        """Stand in the upper middle, as tall as the rows need."""
        room = self.room()
        width = min(_WIDTH_PX, room.width() - 32)
        row_px = self.view.sizeHintForRow(0) if self.rows.rowCount() else 0
        rows = min(self.rows.rowCount(), _MOST_ROWS)
        list_px = max(rows * row_px + 2, self._nothing.sizeHint().height() if not rows else 0)
        height = self.field.sizeHint().height() + 3 * _MARGIN_PX + list_px
        height = min(height, room.height() - _TOP_PX - 16)
        self.setGeometry((room.width() - width) // 2, _TOP_PX, width, height)

    def eventFilter(self, a0: QObject | None, a1: QEvent | None) -> bool:
        if a0 is self.field and isinstance(a1, QKeyEvent) and a1.type() is QEvent.Type.KeyPress:
            return self._handle_key(a1)
        return super().eventFilter(a0, a1)

    def _handle_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self.view.currentIndex())
        elif key in _STEPS:
            self._move(_STEPS[key])
        elif key == Qt.Key.Key_Escape:
            self.close_overlay()
        else:
            return False
        return True

    def _move(self, step: int) -> None:
        count = self.rows.rowCount()
        if not count:
            return
        wanted = self.view.currentIndex().row() + step
        if abs(step) == 1:
            wanted %= count
        self.view.setCurrentIndex(self.rows.index(max(0, min(count - 1, wanted))))

    def _search(self, query: str) -> None:
        self.rows.set_rows(rank(self.entries, query))
        found = self.rows.rowCount() > 0
        self.view.setVisible(found)
        self._nothing.setVisible(not found)
        if found:
            self.view.setCurrentIndex(self.rows.index(0))
        if self.isVisible():
            self.place()

    def _run(self, index: QModelIndex) -> None:
        entry = self.rows.entry(index)
        if entry is None:
            return
        if entry.why_not:
            self._say(f"{entry.text}: {entry.why_not}.")
            return
        self.close_overlay()
        entry.action.trigger()
