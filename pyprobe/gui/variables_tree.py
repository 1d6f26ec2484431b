"""VariablesTree: locals, globals and results of a stopped frame, asked for as they are unfolded."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PyQt6.QtCore import QPoint, QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QResizeEvent
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from pyprobe.gui.debug_answers import Ask, VariablePage, VariableRow, read_page
from pyprobe.gui.theme import Theme
from pyprobe.plots.value_delegate import ValueDelegate

_PLACE = Qt.ItemDataRole.UserRole
_MORE = Qt.ItemDataRole.UserRole + 1
_PAGE = 100
_MOST_RESULTS = 30
_NAME_SHARE = 0.36
_TYPE_SHARE = 0.2
_TYPE_FROM_EM = 46
_TITLES = {"locals": "Locals", "globals": "Globals"}


@dataclass(frozen=True, slots=True)
class VariablePlace:
    """Where a row's value is: a scope of the frame and the way from there, by steps and by names.

    ``scope`` is ``locals``, ``globals`` or the root of an evaluated result, such as ``$2``.
    """

    scope: str
    path: tuple[object, ...] = ()
    names: tuple[str, ...] = field(default=())

    @property
    def key(self) -> tuple[str, ...]:
        """What stays the same from stop to stop."""
        return (self.scope, *self.names)

    def inside(self, row: VariableRow) -> "VariablePlace":
        """Return the place of a part."""
        return VariablePlace(self.scope, (*self.path, row.step), (*self.names, row.name))

    def request(self, frame: int, start: int, count: int) -> dict[str, object]:
        """Return the question for the parts of this."""
        is_result = self.scope.startswith("$")
        path = [self.scope, *self.path] if is_result else list(self.path)
        scope = "locals" if is_result else self.scope
        return {
            "ask": "variables",
            "frame": frame,
            "scope": scope,
            "path": path,
            "start": start,
            "count": count,
        }


class VariablesTree(QTreeWidget):
    """What is unfolded stays so from stop to stop; a value that has changed since has the accent.

    ``set_asked``: VariablePlace and the text written into its value. ``menu_asked``: VariablePlace,
    VariableRow and global position.
    """

    set_asked = pyqtSignal(object, str)
    menu_asked = pyqtSignal(object, object, QPoint)
    filled = pyqtSignal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._ask: Ask | None = None
        self._frame = 0
        self._round = 0
        self._open: set[tuple[str, ...]] = {("locals",)}
        self._before: dict[tuple[str, ...], str] = {}
        self._texts: dict[tuple[str, ...], str] = {}
        self._identity: tuple[str, str] = ("", "")
        self._rows: dict[tuple[str, ...], VariableRow] = {}
        self.setColumnCount(3)
        self.setHeaderLabels(["Name", "Value", "Type"])
        self.setAccessibleName("Variables")
        self.setItemDelegateForColumn(1, ValueDelegate(self))
        self.setUniformRowHeights(True)
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setIndentation(14)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = self.header()
        if header is not None:
            header.setStretchLastSection(False)
            header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.itemExpanded.connect(self._on_expanded)
        self.itemCollapsed.connect(self._on_collapsed)
        self.itemDoubleClicked.connect(self._edit)
        self.itemActivated.connect(self._on_activated)
        self.itemChanged.connect(self._on_changed)
        self.customContextMenuRequested.connect(self._on_menu)

    # ---- what is shown -------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours; they show with the next stop."""
        self._theme = theme

    def show_frame(self, ask: Ask, frame: int, identity: tuple[str, str]) -> None:
        """Show a frame's variables, and earlier results below them.

        ``identity``: file and function, to tell what has changed.
        """
        same = identity == self._identity
        self._before = dict(self._texts) if same else {}
        self._texts, self._identity = {}, identity
        self._ask, self._frame, self._round = ask, frame, self._round + 1
        blocker = QSignalBlocker(self)
        results = [item for item in self._tops() if _is_result(item)]
        for item in self._tops():
            self.takeTopLevelItem(self.indexOfTopLevelItem(item))
        self._rows.clear()
        for scope, title in _TITLES.items():
            item = self._new_item(self, VariablePlace(scope), title)
            item.setExpanded((scope,) in self._open)
            font = item.font(0)
            font.setBold(True)
            item.setFont(0, font)
        for item in results:  # of an earlier moment, so that they give way to what is now
            item.takeChildren()
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.DontShowIndicator)
            item.setForeground(1, QColor(self._theme.muted))
            self.addTopLevelItem(item)
        del blocker
        for item in self._tops():
            if item.isExpanded():
                self._load(item, 0)

    def show_nothing(self) -> None:
        """Show that the program runs: the old values stay, pale, as they are no longer true."""
        self._ask = None
        self._round += 1
        blocker = QSignalBlocker(self)
        faded = QColor(self._theme.muted)
        for item in self._all_items():
            for column in range(3):
                item.setForeground(column, faded)
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
        del blocker

    def forget_frame(self) -> None:
        """Show no variables; earlier results stay as they are."""
        self.show_nothing()
        self._texts, self._identity = {}, ("", "")
        for item in self._tops():
            if not _is_result(item):
                self.takeTopLevelItem(self.indexOfTopLevelItem(item))

    def add_result(self, text: str, row: VariableRow, root: str, error: str) -> None:
        """Put what an evaluated line gave above the variables."""
        blocker = QSignalBlocker(self)
        for item in self._tops():
            place = _place(item)
            if place.scope.startswith("$") and item.text(0) == text:
                self.takeTopLevelItem(self.indexOfTopLevelItem(item))
        place = VariablePlace(root or "$none", (), (text,))
        item = QTreeWidgetItem([text, error or row.text or "done", "" if error else row.type])
        item.setData(0, _PLACE, place)
        item.setToolTip(1, error or row.text)
        item.setForeground(1, QColor(self._theme.bad if error else self._theme.text))
        item.setForeground(2, QColor(self._theme.muted))
        if root and row.parts > 0:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        self.insertTopLevelItem(0, item)
        results = [one for one in self._tops() if _is_result(one)]
        for old in results[_MOST_RESULTS:]:
            self.takeTopLevelItem(self.indexOfTopLevelItem(old))
        self.setCurrentItem(item)
        self.scrollToItem(item)
        del blocker

    def refresh(self) -> None:
        """Ask again for everything that is unfolded."""
        if self._ask is not None:
            self.show_frame(self._ask, self._frame, self._identity)

    def top_texts(self, scope: str = "locals") -> dict[str, str]:
        """Return the values of a scope by their names, as far as they have come."""
        return {
            key[1]: text for key, text in self._texts.items() if key[0] == scope and len(key) == 2
        }

    def row_at(self, place: VariablePlace) -> VariableRow | None:
        """Return what is known of a place."""
        return self._rows.get(place.key)

    def _tops(self) -> list[QTreeWidgetItem]:
        found = (self.topLevelItem(at) for at in range(self.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _all_items(self) -> list[QTreeWidgetItem]:
        waiting, found = self._tops(), []
        while waiting:
            item = waiting.pop()
            found.append(item)
            waiting += [child for at in range(item.childCount()) if (child := item.child(at))]
        return found

    # ---- asking --------------------------------------------------------------------------

    def _on_expanded(self, item: QTreeWidgetItem) -> None:
        self._open.add(_place(item).key)
        if not item.childCount():
            self._load(item, 0)

    def _on_collapsed(self, item: QTreeWidgetItem) -> None:
        self._open.discard(_place(item).key)

    def _load(self, item: QTreeWidgetItem, start: int) -> None:
        if self._ask is None:
            return
        current = self._round

        def answered(answer: dict[str, object]) -> None:
            if current == self._round:
                self._fill(item, start, read_page(answer))

        def failed(why: str) -> None:
            if current == self._round:
                self._say(item, why)

        self._ask(_place(item).request(self._frame, start, _PAGE), answered, failed)

    def _fill(self, item: QTreeWidgetItem, start: int, page: VariablePage) -> None:
        blocker = QSignalBlocker(self)
        last = item.child(item.childCount() - 1)
        if last is not None and last.data(0, _MORE) is not None:
            item.removeChild(last)
        if not item.parent() and not _place(item).path and _place(item).scope in _TITLES:
            item.setText(1, f"{page.total:,}")
            item.setForeground(1, QColor(self._theme.muted))
        added = [(self._add_row(item, row), row) for row in page.rows]
        shown = start + len(page.rows)
        if shown < page.total and page.rows:
            more = QTreeWidgetItem(item, [f"… {page.total - shown:,} more", "", ""])
            more.setData(0, _MORE, shown)
            more.setForeground(0, QColor(self._theme.accent))
        wanted = [child for child, _row in added if _place(child).key in self._open]
        for child in wanted:
            child.setExpanded(True)
        del blocker
        for child in wanted:
            self._load(child, 0)
        self.filled.emit()

    def _add_row(self, parent: QTreeWidgetItem, row: VariableRow) -> QTreeWidgetItem:
        place = _place(parent).inside(row)
        item = self._new_item(parent, place, row.name)
        item.setText(1, row.text)
        item.setText(2, row.type)
        item.setToolTip(1, row.text)
        item.setForeground(2, QColor(self._theme.muted))
        before = self._before.get(place.key)
        if before is not None and before != row.text:
            item.setForeground(1, QColor(self._theme.accent))
        self._texts[place.key], self._rows[place.key] = row.text, row
        if not row.parts > 0:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.DontShowIndicator)
        if not place.scope.startswith("$"):
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        return item

    def _new_item(
        self, parent: "QTreeWidget | QTreeWidgetItem", place: VariablePlace, text: str
    ) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text, "", ""])
        if isinstance(parent, QTreeWidget):
            parent.addTopLevelItem(item)
        else:
            parent.addChild(item)
        item.setData(0, _PLACE, place)
        item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        return item

    def _say(self, item: QTreeWidgetItem, why: str) -> None:
        blocker = QSignalBlocker(self)
        item.takeChildren()
        told = QTreeWidgetItem(item, [why, "", ""])
        told.setFirstColumnSpanned(True)
        told.setForeground(0, QColor(self._theme.muted))
        del blocker

    # ---- hands ---------------------------------------------------------------------------

    def _on_activated(self, item: QTreeWidgetItem) -> None:
        start, parent = item.data(0, _MORE), item.parent()
        if isinstance(start, int) and parent is not None:
            self._load(parent, start)

    def _edit(self, item: QTreeWidgetItem, column: int) -> None:
        if item.data(0, _MORE) is not None:
            self._on_activated(item)
        elif column == 1 and item.flags() & Qt.ItemFlag.ItemIsEditable:
            self.editItem(item, 1)

    def edit_current(self) -> None:
        """Write a new value into the current row."""
        item = self.currentItem()
        if item is not None:
            self._edit(item, 1)

    def _on_changed(self, item: QTreeWidgetItem, column: int) -> None:
        place = _place(item)
        row = self._rows.get(place.key)
        if column != 1 or row is None or item.text(1) == row.text:
            return
        wanted = item.text(1)
        blocker = QSignalBlocker(self)
        item.setText(1, row.text)  # what is true until the program says otherwise
        del blocker
        self.set_asked.emit(place, wanted)

    def remove_result(self) -> None:
        """Take the current row away, if it is what a line gave."""
        item = self.currentItem()
        if item is not None and item.parent() is None and _is_result(item):
            self.takeTopLevelItem(self.indexOfTopLevelItem(item))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Delete takes a result away, F2 changes the value of a variable."""
        if event is not None and event.key() == Qt.Key.Key_Delete:
            self.remove_result()
        elif event is not None and event.key() == Qt.Key.Key_F2:
            self.edit_current()
        else:
            super().keyPressEvent(event)

    def _on_menu(self, at: QPoint) -> None:
        item, viewport = self.itemAt(at), self.viewport()
        if item is None or viewport is None or item.data(0, _MORE) is not None:
            return
        self.setCurrentItem(item)
        place = _place(item)
        row = self._rows.get(place.key)
        if _is_result(item) and item.parent() is None:
            row = VariableRow(item.text(0), [], item.text(1), item.text(2), -1, False)
        self.menu_asked.emit(place, row, viewport.mapToGlobal(at))

    def resizeEvent(self, e: QResizeEvent | None) -> None:
        """Keep the values in view where there is little room."""
        super().resizeEvent(e)
        header, viewport = self.header(), self.viewport()
        if header is not None and viewport is not None:
            width, em = viewport.width(), self.fontMetrics().horizontalAdvance("0")
            self.setColumnHidden(2, width < _TYPE_FROM_EM * em)
            header.resizeSection(0, round(width * _NAME_SHARE))
            header.resizeSection(2, round(width * _TYPE_SHARE))


def _place(item: QTreeWidgetItem) -> VariablePlace:
    place = item.data(0, _PLACE)
    return place if isinstance(place, VariablePlace) else VariablePlace("locals")


def _is_result(item: QTreeWidgetItem) -> bool:
    return _place(item).scope.startswith("$")


def written(names: Sequence[str]) -> str:
    """Return the way to a part as a person would write it: ``self.queue[0]``."""
    text = ""
    for name in names:
        text += name if not text or name.startswith("[") else f".{name}"
    return text
