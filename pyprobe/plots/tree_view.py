"""TreeView: a tree whose numbers are plotted by a click; what is unfolded stays so by its path."""

from PyQt6.QtCore import QModelIndex, QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTreeView

from pyprobe.ipc.tree_form import Path
from pyprobe.plots.leaf_glyph import SIZE_PX
from pyprobe.plots.tree_model import TreeColumn, TreeItem, TreeModel
from pyprobe.plots.value_delegate import ValueDelegate
from pyprobe.session.tree_value import TreeValue

_OPEN_AT_FIRST = 24  # rows that are unfolded by themselves
_NAME_EM, _TYPE_EM = 24, 18
_TYPE_FROM_EM = 52
_NAME_SHARE = 0.5
_CHOOSE_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class TreeView(QTreeView):
    """``chosen`` carries the path of a leaf that was clicked, or on which Enter was pressed;
    ``dragged`` that of one which is dragged away. A click on any other row unfolds it.
    ``copy_asked``: the value of the current row is to be copied.
    """

    chosen = pyqtSignal(object)
    dragged = pyqtSignal(object)
    copy_asked = pyqtSignal()

    def __init__(self, model: TreeModel) -> None:
        super().__init__()
        self.tree = model
        self.empty_sentence = ""
        self._open: set[Path] = set()
        self._is_first = True
        self._is_laying_out = False
        self._has_own_width = False
        self.setModel(model)
        self.setAccessibleName("value as a tree")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setItemDelegateForColumn(TreeColumn.VALUE, ValueDelegate(self))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setIndentation(SIZE_PX + 2)
        self.setTabKeyNavigation(False)
        self._size_columns()
        self.clicked.connect(self._choose)
        self.expanded.connect(lambda index: self._open.add(self.tree.path(index)))
        self.collapsed.connect(lambda index: self._open.discard(self.tree.path(index)))

    def _size_columns(self) -> None:
        header = self.header()
        if header is None:
            return
        em = self._em
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(5 * em)
        header.setSectionsMovable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(TreeColumn.VALUE, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(TreeColumn.NAME, _NAME_EM * em)
        header.resizeSection(TreeColumn.TYPE, _TYPE_EM * em)
        header.sectionResized.connect(self._on_resized)

    @property
    def _em(self) -> int:
        return max(self.fontMetrics().horizontalAdvance("0"), 1)

    def _on_resized(self, column: int, _before: int, _after: int) -> None:
        if column == TreeColumn.NAME and not self._is_laying_out:
            self._has_own_width = True  # the user has pulled at it

    def resizeEvent(self, e: QResizeEvent | None) -> None:
        """Keep the values in view where there is little room: types go first, then names shrink."""
        super().resizeEvent(e)
        header, viewport = self.header(), self.viewport()
        if header is None or viewport is None:
            return
        width, em = viewport.width(), self._em
        self._is_laying_out = True
        self.setColumnHidden(TreeColumn.TYPE, width < _TYPE_FROM_EM * em)
        if not self._has_own_width:
            share = max(int(width * _NAME_SHARE), 5 * em)
            header.resizeSection(TreeColumn.NAME, min(_NAME_EM * em, share))
        self._is_laying_out = False

    def show_value(self, value: TreeValue, before: TreeValue | None) -> None:
        """Show a capture; what is unfolded and chosen, and the place that is read, stay."""
        opened = set(self._open)
        current = self.tree.path(self.currentIndex())
        bars = (self.verticalScrollBar(), self.horizontalScrollBar())
        places = [bar.value() if bar is not None else 0 for bar in bars]
        if self.tree.show_value(value, before):
            self._unfold(opened)
            self._open |= opened  # also what has gone for now
            index = self.tree.index_of(current)
            if index.isValid():
                self.setCurrentIndex(index)
            for bar, place in zip(bars, places, strict=True):
                if bar is not None:
                    bar.setValue(place)
        self.empty_sentence = "" if self.tree.rowCount() else f"empty {value.type_name}"
        self.repaint_rows()

    def _unfold(self, opened: set[Path]) -> None:
        if self._is_first and not opened:
            self._is_first = False
            self._unfold_some()
        for path in sorted(opened, key=len):
            index = self.tree.index_of(path)
            if index.isValid():
                self.setExpanded(index, True)

    def _unfold_some(self) -> None:
        """Unfold the first branches where that leaves the whole in view."""
        rows = self.tree.rowCount()
        for row in range(min(rows, _OPEN_AT_FIRST)):
            index = self.tree.index(row, 0)
            item = self.tree.item(index)
            if item is None or item.node.layout is None:
                continue
            rows += self.tree.rowCount(index)
            if rows > _OPEN_AT_FIRST:
                return
            self.setExpanded(index, True)

    def repaint_rows(self) -> None:
        """Read the visible cells again."""
        viewport = self.viewport()
        if viewport is not None:
            viewport.update()

    def opened(self) -> list[Path]:
        """Return what is unfolded."""
        return sorted(self._open)

    def open_paths(self, paths: set[Path]) -> None:
        """Unfold these from now on."""
        self._is_first = False
        self._open |= paths
        self._unfold(paths)

    def _choose(self, index: QModelIndex) -> None:
        index = index.siblingAtColumn(TreeColumn.NAME)
        if self.tree.is_plottable(index):
            self.chosen.emit(self.tree.path(index))
        elif index.isValid():
            self.setExpanded(index, not self.isExpanded(index))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Enter and Space do what a click does; all else as in any tree."""
        if event is not None and event.key() in _CHOOSE_KEYS and not event.modifiers():
            self._choose(self.currentIndex())
            return
        if event is not None and event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
            return
        super().keyPressEvent(event)

    def startDrag(self, supportedActions: Qt.DropAction) -> None:
        """Let the window carry the leaf, which knows whose it is."""
        path = self.tree.path(self.currentIndex())
        if self.tree.is_plottable(self.currentIndex().siblingAtColumn(TreeColumn.NAME)):
            self.dragged.emit(path)

    def current_item(self) -> TreeItem | None:
        """Return what is chosen."""
        index = self.currentIndex()
        return self.tree.item(index) if index.isValid() else None

    def menu_point(self, position: QPoint) -> QPoint:
        """Return where a menu opens that was asked for at a place of the viewport."""
        viewport = self.viewport()
        return viewport.mapToGlobal(position) if viewport is not None else position

    def paintEvent(self, e: QPaintEvent | None) -> None:
        """Paint the rows, or say that there is none."""
        super().paintEvent(e)
        viewport = self.viewport()
        if self.empty_sentence and viewport is not None:
            painter = QPainter(viewport)
            painter.setPen(self.palette().placeholderText().color())
            painter.drawText(viewport.rect(), Qt.AlignmentFlag.AlignCenter, self.empty_sentence)
            painter.end()
