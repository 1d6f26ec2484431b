"""When two captured trees are the same, and which of their parts differs first where not."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.array_reader import ArrayValue as WireArray
from pyprobe.ipc.tree_form import TreeNode
from pyprobe.ipc.tree_reader import Tree

_SHOWN_PARTS = 3
_TEXT_CODES = ("s", "t")


class SameArrays(Protocol):
    """Says whether two arrays are the same."""

    def __call__(self, a: WireArray, b: WireArray) -> bool:
        """Compare type, dtype, shape and elements."""


def is_same_tree(a: Tree, b: Tree, same: SameArrays) -> bool:
    """Whether two trees have the same form, and the same in every part of it."""
    if a.form is not b.form and a.form.nodes != b.form.nodes:
        return False
    if list(a.texts) != list(b.texts):
        return False
    pairs = [*zip(a.arrays, b.arrays, strict=True), *_numbers(a, b)]
    return all(same(left, right) for left, right in pairs)


def _numbers(a: Tree, b: Tree) -> list[tuple[WireArray, WireArray]]:
    return [(_array(a.floats), _array(b.floats)), (_array(a.ints), _array(b.ints))]


def _array(numbers: NDArray[Any]) -> WireArray:
    return WireArray(numbers, "", numbers.shape, "")


def first_difference(a: Tree, b: Tree, same: SameArrays) -> str:
    """Say which part differs first, in the order of the tree: ``.gains[1] is 2.0 against 3.0``."""
    ours = {a.form.path(node): node for node in a.form.nodes}
    theirs = {b.form.path(node): node for node in b.form.nodes}
    for path, node in ours.items():
        other = theirs.get(path)
        where = "".join(path) or "it"
        if other is None:
            return f"{where} is in the first alone"
        said = _part_difference(a, node, b, other, same)
        if said:
            return f"{where} is {said}"
    alone = ["".join(path) for path in theirs if path not in ours]
    more = "" if len(alone) <= _SHOWN_PARTS else f" and {len(alone) - _SHOWN_PARTS:,} more"
    return f"{', '.join(alone[:_SHOWN_PARTS])}{more} in the second alone"


def _part_difference(a: Tree, node: TreeNode, b: Tree, other: TreeNode, same: SameArrays) -> str:
    if (node.code, node.type) != (other.code, other.type):
        return f"{node.type or node.kind} against {other.type or other.kind}"
    if node.is_number:
        left, right = a.number(node), b.number(other)
        if same(_of_number(left), _of_number(right)):
            return ""
        return f"{left!r} against {right!r}"
    if node.is_array:
        ours, theirs = a.array(node), b.array(other)
        if same(ours, theirs):
            return ""
        return f"an array of {_size(ours)} against one of {_size(theirs)}, with other values"
    if node.code in _TEXT_CODES:
        left_text, right_text = a.text(node), b.text(other)
        return "" if left_text == right_text else f"{left_text!r:.60} against {right_text!r:.60}"
    if node.length != other.length:
        return f"of {node.length:,} parts against {other.length:,}"
    return ""


def _of_number(number: complex) -> WireArray:
    return _array(np.array([number]))


def _size(value: WireArray) -> str:
    return " × ".join(map(str, value.array.shape)) or "0-d"
