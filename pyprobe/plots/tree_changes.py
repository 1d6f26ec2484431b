"""What of a tree is not as it was in the capture before: found node by node, when it is asked."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.tree_form import TreeNode
from pyprobe.ipc.tree_reader import Tree

_MOST_COMPARED = 1 << 16  # elements; of a longer array only so many are looked at, evenly


class TreeChanges:
    """Between two captures; without a ``before`` nothing has changed."""

    def __init__(self, tree: Tree, before: Tree | None) -> None:
        self._tree = tree
        self._before = before
        self._known: dict[int, bool] = {}

    def has_changed(self, node: TreeNode) -> bool:
        """Whether a node, or anything below it, is new or other than it was."""
        if self._before is None or self._before is self._tree:
            return False
        known = self._known.get(node.position)
        if known is None:
            known = self._known[node.position] = self._compare(node, self._before)
        return known

    def has_element_changed(self, node: TreeNode, element: int) -> bool:
        """Whether one element of a 1-D array is other than it was."""
        before = self._node_before(node)
        if self._before is None or before is None or not before.is_array:
            return self._before is not None
        old, new = self._before.array(before).array, self._tree.array(node).array
        if old.ndim != 1 or element >= len(old):
            return True
        return not _same(old[element : element + 1], new[element : element + 1])

    def _node_before(self, node: TreeNode) -> TreeNode | None:
        if self._before is None:
            return None
        if self._before.form is self._tree.form:
            return node
        return self._before.form.find(self._tree.form.path(node))

    def _compare(self, node: TreeNode, before: Tree) -> bool:
        old = self._node_before(node)
        if old is None or (old.code, old.type, old.length) != (node.code, node.type, node.length):
            return True
        if node.is_number:
            new_number, old_number = self._tree.number(node), before.number(old)
            is_nan = new_number != new_number and old_number != old_number
            return new_number != old_number and not is_nan
        if node.is_array:
            return not _same(before.array(old).array, self._tree.array(node).array)
        if node.code in "st":
            return self._tree.text(node) != before.text(old)
        return any(self.has_changed(child) for child in self._tree.form.children(node))


def _same(old: NDArray[Any], new: NDArray[Any]) -> bool:
    if old.shape != new.shape or old.dtype != new.dtype:
        return False
    if old is new:
        return True
    step = -(-old.size // _MOST_COMPARED) or 1
    flat_old, flat_new = old.reshape(-1)[::step], new.reshape(-1)[::step]
    return bool(np.array_equal(flat_old, flat_new, equal_nan=old.dtype.kind in "fcmM"))
