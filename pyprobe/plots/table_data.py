"""TableData: named columns over one index, whatever value they come from, read when they are shown.

Tables, series, labelled arrays, structured arrays, and lists or dicts of arrays.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from numpy.typing import NDArray

from pyprobe.ipc.tree_form import Path, TreeNode
from pyprobe.ipc.tree_reader import Tree
from pyprobe.ipc.trees import TreeLayout
from pyprobe.plots.value_traits import NUMBER_KINDS, is_row_of_values
from pyprobe.session.tree_samples import column_values, coordinates
from pyprobe.session.tree_table import table_of
from pyprobe.session.tree_text import rows_of
from pyprobe.session.tree_value import TreeValue
from pyprobe.session.values import ArrayValue, Value

Read = Callable[[], NDArray[Any] | None]

_MOST_COLUMNS = 4096


@dataclass(eq=False)
class Cells:
    """One column; ``path`` leads to it, ``()`` where it cannot be plotted."""

    name: str
    read: Read
    path: Path = ()
    _values: NDArray[Any] | None = field(default=None, repr=False)
    _is_read: bool = field(default=False, repr=False)

    @property
    def values(self) -> NDArray[Any] | None:
        """The cells, 1-D; ``None`` where they did not come."""
        if not self._is_read:
            found = self.read()
            self._values = found if found is not None and found.ndim == 1 else None
            self._is_read = True
        return self._values

    @property
    def dtype(self) -> str:
        """The name of the dtype, ``""`` where there are no cells."""
        return self.values.dtype.name if self.values is not None else ""

    @property
    def is_plottable(self) -> bool:
        """Whether a trace can be made of it."""
        values = self.values
        return bool(self.path) and values is not None and values.dtype.kind in NUMBER_KINDS


@dataclass(frozen=True, eq=False)
class TableData:
    """``index`` names the rows; without one they are counted. ``note`` says what is missing."""

    columns: list[Cells]
    row_count: int
    index: Cells | None = None
    note: str = ""


def table_data(value: Value) -> TableData | None:
    """Return a value as a table; ``None`` if it is none."""
    if isinstance(value, ArrayValue):
        return _structured(value)
    if not isinstance(value, TreeValue):
        return None
    tree = value.tree
    make = _MAKERS.get(tree.form.root.layout) if tree.form.root.layout else None
    return make(tree) if make is not None else None


def _structured(value: ArrayValue) -> TableData | None:
    array = value.array
    if not array.dtype.names or array.ndim != 1:
        return None
    columns = [
        Cells(name, partial(array.__getitem__, name), (f"[{name!r}]",))
        for name in array.dtype.names[:_MOST_COLUMNS]
    ]
    note = f"reduced: {value.reduced}" if value.reduced else ""
    return TableData(columns, len(array), note=note)


def _frame(tree: Tree) -> TableData | None:
    table = table_of(tree)
    if table is None:
        return None
    columns = [
        Cells(node.label, partial(table.values, at), _path_of(tree, node))
        for at, node in enumerate(table.columns[:_MOST_COLUMNS])
    ]
    index = Cells("", partial(table.values, -1))
    missing = []
    if len(columns) < table.column_count:
        missing.append(f"{len(columns):,} of {table.column_count:,} columns")
    came = max((_rows_that_came(tree, node) for node in table.columns), default=0)
    if came < table.row_count and columns:
        missing.append(f"{came:,} of {table.row_count:,} rows")
    return TableData(columns, came if columns else table.row_count, index, ", ".join(missing))


def _series(tree: Tree) -> TableData | None:
    root, form = tree.form.root, tree.form
    values, name = form.child(root, ".values"), form.child(root, ".name")
    if values is None:
        return None
    title = tree.text(name) if name is not None and name.code in "st" else "value"
    column = Cells(title, partial(column_values, tree, values), _path_of(tree, values))
    index = Cells("", partial(coordinates, tree, root, 0))
    rows = len(column.values) if column.values is not None else 0
    note = _note(values)
    return TableData([column], rows, index if form.child(root, ".index") else None, note)


def _labelled(tree: Tree) -> TableData | None:
    root = tree.form.root
    node = tree.form.child(root, ".values")
    array = tree.array(node).array if node is not None and node.is_array else None
    if node is None or array is None or array.ndim not in (1, 2):
        return None
    index = Cells("", partial(coordinates, tree, root, 0))
    rows = index if index.values is not None else None
    if array.ndim == 1:
        column = Cells("value", lambda: array, _path_of(tree, node))
        return TableData([column], len(array), rows, _note(node))
    names = coordinates(tree, root, 1)
    columns = [
        Cells(
            str(names[at]) if names is not None and at < len(names) else str(at),
            partial(array.__getitem__, (slice(None), at)),
        )
        for at in range(min(array.shape[1], _MOST_COLUMNS))
    ]
    return TableData(columns, len(array), rows, _note(node))


def _parts(tree: Tree) -> TableData | None:
    """Return the 1-D arrays of a list, a dict or an object as columns, of any lengths."""
    columns = [
        Cells(child.label, partial(column_values, tree, child), _path_of(tree, child))
        for child in tree.form.children(tree.form.root)
        if is_row_of_values(child)
    ][:_MOST_COLUMNS]
    if not columns:
        return None
    rows = max(len(one.values) for one in columns if one.values is not None)
    left = len(tree.form.root.children) - len(columns)
    return TableData(columns, rows, note=f"{left} parts are no columns" if left else "")


def _rows_that_came(tree: Tree, node: TreeNode) -> int:
    if node.array is not None:
        return node.array.shape[0] if node.array.shape else 0
    if node.layout is TreeLayout.RANGE or not node.children:
        return rows_of(tree, node)
    return _rows_that_came(tree, tree.form.nodes[node.children[0]])


def _path_of(tree: Tree, node: TreeNode) -> Path:
    return tree.form.path(node) if node.is_array else ()


def _note(node: TreeNode) -> str:
    reduced = node.array.reduced if node.array is not None else ""
    return f"reduced: {reduced}" if reduced else ""


_MAKERS: dict[TreeLayout, Callable[[Tree], TableData | None]] = {
    TreeLayout.TABLE: _frame,
    TreeLayout.SERIES: _series,
    TreeLayout.LABELLED: _labelled,
    TreeLayout.ITEMS: _parts,
    TreeLayout.KEYS: _parts,
    TreeLayout.ATTRIBUTES: _parts,
}
