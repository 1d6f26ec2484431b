"""A tree as nested dicts, lists and numbers that JSON can hold."""

from collections.abc import Callable
from typing import Any

from pyprobe.ipc.array_reader import ArrayValue
from pyprobe.ipc.tree_form import TreeNode
from pyprobe.ipc.tree_reader import Tree
from pyprobe.ipc.trees import TreeLayout


def plain_tree(
    tree: Tree, *, number: Callable[[complex], object], array: Callable[[ArrayValue], object]
) -> object:
    """Return a tree that is whole as nested dicts and lists; None for one that was cut.

    Keys are text; of several equal ones the second ends in ``#2``. ``number`` and ``array`` say
    how numbers and arrays are written.
    """
    if tree.form.cut or any(node.code in "rd" for node in tree.form.nodes):
        return None
    # From the last node to the first: children come after their parents.
    made: list[object] = [None] * len(tree.form.nodes)
    for node in reversed(tree.form.nodes):
        made[node.position] = _plain(tree, node, made, number, array)
    return made[0]


def _plain(
    tree: Tree,
    node: TreeNode,
    made: list[object],
    number: Callable[[complex], object],
    array: Callable[[ArrayValue], object],
) -> object:
    if node.is_number:
        return number(tree.number(node))
    if node.is_array:
        return array(tree.array(node))
    if node.code in "st":
        return tree.text(node)
    if node.layout is TreeLayout.ITEMS:
        return [made[position] for position in node.children]
    if node.layout is None:
        return None
    found: dict[str, Any] = {}
    for child in tree.form.children(node):
        name, nth = child.label, 2
        while name in found:
            name, nth = f"{child.label}#{nth}", nth + 1
        found[name] = made[child.position]
    return found
