"""TreeModel: a captured tree for a view: names, values and types, read when they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PyQt6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt
from PyQt6.QtGui import QColor

from pyprobe.ipc.tree_form import Path, TreeNode
from pyprobe.ipc.trees import TreeLayout
from pyprobe.plots.leaf_glyph import leaf_glyph
from pyprobe.plots.theme import PlotTheme
from pyprobe.plots.tree_changes import TreeChanges
from pyprobe.plots.value_traits import NUMBER_KINDS
from pyprobe.session.short_text import shorten
from pyprobe.session.tree_text import number_text, tree_text
from pyprobe.session.tree_value import TreeValue
from pyprobe.session.values import ArrayValue

MOST_ELEMENTS = 1000  # of an array that can be unfolded; the grid shows them all
_SPAN = 1 << 11
_VALUE_CHARACTERS = 120
_STORES = {"f": "float", "i": "int", "b": "bool", "c": "complex"}


class TreeColumn(IntEnum):
    """The columns."""

    NAME = 0
    VALUE = 1
    TYPE = 2


_TITLES = {TreeColumn.NAME: "Name", TreeColumn.VALUE: "Value", TreeColumn.TYPE: "Type"}


@dataclass(frozen=True, slots=True)
class TreeItem:
    """A row: a node, or one element of a node that is an array."""

    node: TreeNode
    element: int | None = None


class TreeModel(QAbstractItemModel):
    """Shows what the root holds. Trees of one form keep their rows, else the model is reset."""

    def __init__(self, theme: PlotTheme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.value: TreeValue | None = None
        self.plotted: Mapping[Path, str] = {}
        self._changes: TreeChanges | None = None
        self._theme = theme

    def show_value(self, value: TreeValue, before: TreeValue | None) -> bool:
        """Show a capture, marked where it differs from the one before; True if rows are new."""
        is_new = self.value is None or self.value.tree.form is not value.tree.form
        if is_new:
            self.beginResetModel()
        self.value = value
        self._changes = TreeChanges(value.tree, before.tree if before is not None else None)
        if is_new:
            self.endResetModel()
        return is_new

    def set_theme(self, theme: PlotTheme) -> None:
        """Draw in these colours."""
        self._theme = theme

    # Rows and what they stand for.

    def item(self, index: QModelIndex) -> TreeItem | None:
        """Return what an index stands for; the root for the invalid one."""
        if self.value is None:
            return None
        nodes = self.value.tree.form.nodes
        if not index.isValid():
            return TreeItem(nodes[0])
        position, element = divmod(index.internalId() or 0, _SPAN)
        return TreeItem(nodes[position], element - 1 if element else None)

    def path(self, index: QModelIndex) -> Path:
        """Return the way to what an index stands for."""
        item = self.item(index)
        if item is None or self.value is None:
            return ()
        path = self.value.tree.form.path(item.node)
        return path if item.element is None else (*path, f"[{item.element}]")

    def index_of(self, path: Path) -> QModelIndex:
        """Return the index of what is at the end of a path; an invalid one if nothing is."""
        if self.value is None or not path:
            return QModelIndex()
        form = self.value.tree.form
        node = form.find(path)
        if node is not None:
            return self._node_index(node)
        array = form.find(path[:-1])
        inside = path[-1][1:-1]
        if array is None or not inside.isdecimal() or int(inside) >= self._elements(array):
            return QModelIndex()
        return self.index(int(inside), 0, self._node_index(array))

    def is_plottable(self, index: QModelIndex) -> bool:
        """Whether it is a number, or an array of numbers."""
        item = self.item(index)
        if item is None or not index.isValid():
            return False
        node = item.node
        if item.element is not None or node.is_number or node.code == "v":
            return True
        return node.array is not None and node.array.dtype.kind in NUMBER_KINDS

    def _elements(self, node: TreeNode) -> int:
        """How many elements of an array are shown as rows below it."""
        if node.code == "v":
            return min(node.length, MOST_ELEMENTS)
        array = node.array
        if array is None or len(array.shape) != 1 or array.dtype.kind not in NUMBER_KINDS:
            return 0
        return 0 if array.reduced else min(array.shape[0], MOST_ELEMENTS)

    def _node_index(self, node: TreeNode) -> QModelIndex:
        if node.parent < 0 or self.value is None:
            return QModelIndex()
        siblings = self.value.tree.form.nodes[node.parent].children
        return self.createIndex(node.position - siblings.start, 0, node.position * _SPAN)

    # What Qt asks.

    def index(self, row: int, column: int, parent: QModelIndex = QModelIndex()) -> QModelIndex:  # noqa: B008
        item = self.item(parent)
        if item is None or not 0 <= row < self.rowCount(parent) or not 0 <= column < 3:
            return QModelIndex()
        if item.node.layout is not None:
            return self.createIndex(row, column, item.node.children[row] * _SPAN)
        return self.createIndex(row, column, item.node.position * _SPAN + row + 1)

    def parent(self, child: QModelIndex = QModelIndex()) -> Any:  # noqa: B008
        item = self.item(child)
        if item is None or self.value is None or not child.isValid():
            return QModelIndex()
        if item.element is not None:
            return self._node_index(item.node)
        return self._node_index(self.value.tree.form.nodes[item.node.parent])

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        item = self.item(parent)
        if item is None or parent.column() > 0 or item.element is not None:
            return 0
        return len(item.node.children) if item.node.layout else self._elements(item.node)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return len(TreeColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _TITLES[TreeColumn(section)]
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsDragEnabled if self.is_plottable(index) else flags

    def data(self, index: QModelIndex, role: int = 0) -> Any:
        item = self.item(index)
        if item is None or not index.isValid():
            return None
        column = TreeColumn(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(item, column)
        if role == Qt.ItemDataRole.ForegroundRole and column is not TreeColumn.NAME:
            return self._color(item, column)
        if role == Qt.ItemDataRole.DecorationRole and column is TreeColumn.NAME:
            return self._glyph(index)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tool_tip(item, index)
        return None

    # Texts and looks.

    def text(self, item: TreeItem, column: TreeColumn) -> str:
        """Return what stands in a cell."""
        if column is TreeColumn.NAME:
            return self._name(item)
        if item.element is not None:
            return self._element_text(item.node, item.element, column)
        return self._value_text(item.node) if column is TreeColumn.VALUE else type_text(item.node)

    def _name(self, item: TreeItem) -> str:
        if item.element is not None:
            return f"[{item.element}]"
        node = item.node
        above = self.value.tree.form.nodes[node.parent] if self.value is not None else None
        is_item = above is not None and above.layout is TreeLayout.ITEMS
        nth = node.step.partition("#")[2] if node.step.rpartition("#")[2].isdecimal() else ""
        return node.step if is_item else f"{node.label} #{nth}" if nth else node.label

    def _element_text(self, node: TreeNode, element: int, column: TreeColumn) -> str:
        if self.value is None:
            return ""
        array = self.value.tree.array(node).array
        if column is TreeColumn.TYPE:
            return _STORES.get(node.store, "") or str(array.dtype)
        return number_text(array[element].item(), array.dtype.name)

    def _value_text(self, node: TreeNode) -> str:
        if self.value is None:
            return ""
        tree = self.value.tree
        if node.is_number:
            return number_text(tree.number(node), node.type)
        if node.array is not None:
            found = tree.array(node)
            return ArrayValue(found.array, found.type, found.full_shape, found.reduced).text
        return shorten(tree_text(tree, node), _VALUE_CHARACTERS)

    def _color(self, item: TreeItem, column: TreeColumn) -> QColor:
        if column is TreeColumn.TYPE:
            return QColor(self._theme.muted)
        if self._has_changed(item):
            return QColor(self._theme.accent)
        is_branch = item.node.layout is not None
        return QColor(self._theme.muted if is_branch else self._theme.text)

    def _has_changed(self, item: TreeItem) -> bool:
        if self._changes is None:
            return False
        if item.element is not None:
            return self._changes.has_element_changed(item.node, item.element)
        return self._changes.has_changed(item.node)

    def _glyph(self, index: QModelIndex) -> Any:
        if not self.is_plottable(index):
            return leaf_glyph("")
        color = self.plotted.get(self.path(index))
        return leaf_glyph(color or self._theme.muted, filled=color is not None)

    def _tool_tip(self, item: TreeItem, index: QModelIndex) -> str:
        lines = ["".join(self.path(index))]
        if item.element is None and item.node.cut:
            lines.append(cut_text(item.node))
        if self.is_plottable(index):
            is_plotted = self.path(index) in self.plotted
            lines.append("click: remove its plot" if is_plotted else "click: plot it")
        return "\n".join(lines)


def type_text(node: TreeNode) -> str:
    """Return type and size: ``float``, ``float64 3 × 4``, ``dict, 5``, ``list, 9 of 100``."""
    if node.array is not None:
        size = " × ".join(map(str, node.array.full_shape)) or "0-d"
        name = "" if node.type == "ndarray" else f"{node.type} of "
        return f"{name}{node.array.dtype.name} {size}"
    if node.code == "v":
        return f"{node.type}, {node.length:,}"
    if node.layout in (TreeLayout.ITEMS, TreeLayout.KEYS, TreeLayout.TABLE):
        of = f" of {node.length:,}" if len(node.children) < node.length else ""
        return f"{node.type}, {len(node.children):,}{of}"
    return node.type


def cut_text(node: TreeNode) -> str:
    """Return what was left out of a node at the source."""
    if node.array is not None:
        return f"reduced: {node.array.reduced}"
    return f"{len(node.children):,} of {node.length:,} came" if node.layout else "cut"
