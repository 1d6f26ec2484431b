"""A table in a tree: rows and columns that a virtual grid asks for one by one."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.tree_form import TreeNode
from pyprobe.ipc.tree_reader import Tree
from pyprobe.ipc.trees import TreeLayout
from pyprobe.session.tree_samples import column_values
from pyprobe.session.tree_text import rows_of


@dataclass(frozen=True, eq=False)
class Table:
    """A TABLE node. Cells cost the same wherever they are.

    ``names`` may repeat; ``columns`` are the nodes of the columns that came, of ``column_count``.
    """

    tree: Tree
    node: TreeNode

    @cached_property
    def columns(self) -> list[TreeNode]:
        """The columns that came."""
        return list(self.tree.form.children(self.node))[1:]

    @property
    def names(self) -> list[str]:
        """The name of each column."""
        return [column.label for column in self.columns]

    @property
    def column_count(self) -> int:
        """How many columns the value has."""
        return max(self.node.length - 1, 0)

    @cached_property
    def row_count(self) -> int:
        """How many rows the value has; ``values`` may hold fewer of some columns."""
        parts = [rows_of(self.tree, child) for child in self.tree.form.children(self.node)]
        return max(parts, default=0)

    @cached_property
    def _arrays(self) -> dict[int, NDArray[Any] | None]:
        return {}

    def values(self, column: int) -> NDArray[Any] | None:
        """Return a column as an array, -1 the index; None where it came as no array."""
        if column not in self._arrays:
            node = list(self.tree.form.children(self.node))[column + 1]
            self._arrays[column] = column_values(self.tree, node)
        return self._arrays[column]

    def cell(self, row: int, column: int) -> object:
        """Return one cell, column -1 being the index; None where it did not come."""
        values = self.values(column)
        if values is None or not 0 <= row < len(values):
            return None
        value = values[row]
        return value.item() if value.dtype.kind in "biufcUS" else str(value)


def table_of(tree: Tree, node: TreeNode | None = None) -> Table | None:
    """Return the table that a node (else the root) is; None if it is none."""
    node = node or tree.form.root
    is_table = node.layout is TreeLayout.TABLE and len(node.children) > 0
    return Table(tree, node) if is_table else None


@dataclass(frozen=True, eq=False)
class SparseEntries:
    """The stored numbers of a sparse matrix: ``row``, ``col`` and ``data`` of equal length."""

    shape: tuple[int, int]
    row: NDArray[np.int64]
    col: NDArray[np.int64]
    data: NDArray[Any]

    def dense(self) -> NDArray[Any]:
        """Return the matrix written out; entries at one place add up."""
        whole = np.zeros(self.shape, self.data.dtype)
        np.add.at(whole, (self.row, self.col), self.data)
        return whole


def sparse_entries(tree: Tree, node: TreeNode | None = None) -> SparseEntries | None:
    """Return the entries of a SPARSE node with two axes (else the root); None if there are none."""
    node = node or tree.form.root
    if node.layout is not TreeLayout.SPARSE:
        return None
    parts = {child.label: child for child in tree.form.children(node)}
    arrays = {name: tree.array(child).array for name, child in parts.items() if child.is_array}
    shape = tuple(int(length) for length in arrays.pop("shape", np.empty(0)))
    if len(shape) != 2 or "data" not in arrays:
        return None
    form = tree.text(parts["format"]) if parts["format"].code == "s" else ""
    try:
        row, col, data = _EXPAND[form](arrays, shape)
    except (KeyError, ValueError, IndexError):
        return None  # arrays that do not make such a matrix, such as reduced ones
    inside = (row >= 0) & (row < shape[0]) & (col >= 0) & (col < shape[1])
    return SparseEntries((shape[0], shape[1]), row[inside], col[inside], data[inside])


_Arrays = dict[str, NDArray[Any]]
_Entries = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]


def _from_rows(arrays: _Arrays, shape: tuple[int, ...]) -> _Entries:
    ends: NDArray[np.int64] = arrays["indptr"].astype(np.int64)
    counts = ends[1:] - ends[:-1]
    row = np.repeat(np.arange(len(counts)), counts)
    col = arrays["indices"].astype(np.int64)[: len(row)]
    return row, col, arrays["data"][: len(row)]


def _from_columns(arrays: _Arrays, shape: tuple[int, ...]) -> _Entries:
    col, row, data = _from_rows(arrays, shape)
    return row, col, data


def _from_blocks(arrays: _Arrays, shape: tuple[int, ...]) -> _Entries:
    data = arrays["data"]
    row, col, _ = _from_rows(arrays | {"data": data[:, 0, 0]}, shape)
    height, width = data.shape[1:]
    rows = row[:, None, None] * height + np.arange(height)[:, None]
    cols = col[:, None, None] * width + np.arange(width)
    rows, cols = np.broadcast_arrays(rows, cols)
    return rows.reshape(-1), cols.reshape(-1), data.reshape(-1)


def _from_entries(arrays: _Arrays, shape: tuple[int, ...]) -> _Entries:
    return arrays["row"].astype(np.int64), arrays["col"].astype(np.int64), arrays["data"]


def _from_diagonals(arrays: _Arrays, shape: tuple[int, ...]) -> _Entries:
    data, offsets = arrays["data"], arrays["offsets"].astype(np.int64)
    col = np.broadcast_to(np.arange(data.shape[1]), data.shape)
    row = col - offsets[:, None]
    return row.reshape(-1), col.reshape(-1), data.reshape(-1)


_EXPAND = {
    "csr": _from_rows,
    "csc": _from_columns,
    "bsr": _from_blocks,
    "coo": _from_entries,
    "dok": _from_entries,
    "lil": _from_entries,
    "dia": _from_diagonals,
}
