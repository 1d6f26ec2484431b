"""SnapshotTree: all values of one snapshot, those of the probes and the locals, as a lazy tree."""

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QResizeEvent
from PyQt6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from pyprobe.core.snapshot import LOCALS
from pyprobe.gui.theme import Theme
from pyprobe.ipc.tree_form import TreeNode
from pyprobe.ipc.tree_reader import Tree
from pyprobe.plots.tree_model import type_text
from pyprobe.plots.value_delegate import ValueDelegate
from pyprobe.session.short_text import shorten
from pyprobe.session.snapshots import Snapshot
from pyprobe.session.tree_text import tree_text

_MOST_CHARACTERS = 200
_NODE = Qt.ItemDataRole.UserRole
_NAME_SHARE = 0.42
_TYPE_EM = 16
_TYPE_FROM_EM = 60
_PROBES, _LOCALS = "Probes", "Locals"


class SnapshotTree(QTreeWidget):
    """A section that was closed by hand stays so for the next snapshot."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tree: Tree | None = None
        self._closed: set[str] = set()
        self.setColumnCount(3)
        self.setHeaderLabels(["Name", "Value", "Type"])
        self.setAccessibleName("Values of the snapshot")
        self.setItemDelegateForColumn(1, ValueDelegate(self))
        self.setUniformRowHeights(True)
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.setIndentation(14)
        header, em = self.header(), self.fontMetrics().horizontalAdvance("0")
        if header is not None:
            header.setStretchLastSection(False)
            header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
            header.resizeSection(2, _TYPE_EM * em)
        self.itemExpanded.connect(self._fill)
        self.itemCollapsed.connect(lambda item: self._closed.add(item.text(0)))

    def resizeEvent(self, e: QResizeEvent | None) -> None:
        """Keep the values in view where there is little room."""
        super().resizeEvent(e)
        header, viewport = self.header(), self.viewport()
        if header is not None and viewport is not None:
            width, em = viewport.width(), self.fontMetrics().horizontalAdvance("0")
            self.setColumnHidden(2, width < _TYPE_FROM_EM * em)
            header.resizeSection(0, round(width * _NAME_SHARE))

    def set_theme(self, theme: Theme) -> None:
        """Take a theme's colours; they show with the next snapshot."""
        self._theme = theme

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show the values of a snapshot, or nothing."""
        self.clear()
        self._tree = snapshot.tree if snapshot is not None else None
        if snapshot is None:
            return
        probes = self._section(_PROBES, len(snapshot.probes))
        for moment in snapshot.probes.values():
            item = QTreeWidgetItem(probes, [moment.title, moment.text, ""])
            item.setToolTip(1, moment.text)
        tree = snapshot.tree
        names = next(
            (part for part in tree.form.children(tree.form.root) if part.label == LOCALS), None
        )
        children = list(tree.form.children(names)) if names is not None else []
        section = self._section(_LOCALS, len(children))
        for node in children:
            self._add(section, node)
        for item in (probes, section):
            item.setExpanded(item.text(0) not in self._closed)

    def _section(self, title: str, count: int) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self, [title, f"{count:,}", ""])
        item.setFirstColumnSpanned(False)
        font = item.font(0)
        font.setBold(True)
        item.setFont(0, font)
        item.setForeground(1, QColor(self._theme.muted))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        return item

    def _add(self, parent: QTreeWidgetItem, node: TreeNode) -> None:
        if self._tree is None:
            return
        text = shorten(tree_text(self._tree, node), _MOST_CHARACTERS)
        item = QTreeWidgetItem(parent, [node.label, text, type_text(node)])
        item.setToolTip(1, text)
        item.setForeground(2, QColor(self._theme.muted))
        if node.layout is not None and node.children:
            item.setData(0, _NODE, node)
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)

    def _fill(self, item: QTreeWidgetItem) -> None:
        self._closed.discard(item.text(0))
        node = item.data(0, _NODE)
        if item.childCount() or not isinstance(node, TreeNode) or self._tree is None:
            return
        for child in self._tree.form.children(node):
            self._add(item, child)
