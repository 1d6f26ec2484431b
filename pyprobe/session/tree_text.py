"""A tree as text, in the form in which values without numbers come from the target."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from pyprobe.ipc.tree_form import TreeNode
from pyprobe.ipc.tree_reader import Tree
from pyprobe.ipc.trees import TreeLayout

MAX_TEXT_CHARS = 4096
MAX_DEPTH = 5
MAX_ITEMS = 30
_MOST_NAMES = 20


def tree_text(tree: Tree, node: TreeNode | None = None) -> str:
    """Return a tree, or a node of it, as text of up to 4,096 characters."""
    text = _Text(tree)
    text.add(node or tree.form.root, 0)
    return "".join(text.parts)


class _Text:
    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self.parts: list[str] = []
        self._left = MAX_TEXT_CHARS

    def write(self, text: str) -> None:
        self.parts.append(text[: max(self._left, 0)])
        self._left -= len(text)

    def add(self, node: TreeNode, depth: int) -> None:
        """Write a node; branches beyond five levels by their type's name alone."""
        if self._left <= 0:
            return
        if node.layout is not None and depth < MAX_DEPTH:
            _WRITERS[node.layout](self, node, depth + 1)
        elif node.is_array and depth < MAX_DEPTH:
            self.write(_array_text(self._tree, node))
        elif node.layout is not None or node.is_array or node.code == "d":
            self.write(f"{node.type}(…)")
        else:
            self.write(_leaf_text(self._tree, node))

    def items(self, node: TreeNode, depth: int) -> None:
        """Write ``[a, b, …]`` as the type of the container has it."""
        before, after = _brackets(node)
        self.write(before)
        for position, child in enumerate(self._shown(node)):
            self.write(", " if position else "")
            self.add(child, depth)
        self._note_rest(node)
        self.write(after)

    def keys(self, node: TreeNode, depth: int) -> None:
        """Write ``{'a': 1, …}``."""
        exact = node.type == "dict"
        self.write("{" if exact else f"{node.type}({{")
        for position, child in enumerate(self._shown(node)):
            is_text = child.step[1] in "'\""  # a step is the key as Python writes it, in brackets
            key = repr(child.label) if is_text else child.label
            self.write(f"{', ' if position else ''}{key}: ")
            self.add(child, depth)
        self._note_rest(node)
        self.write("}" if exact else "})")

    def attributes(self, node: TreeNode, depth: int) -> None:
        """Write ``Point(x=1, …)``."""
        self.write(f"{node.type}(")
        for position, child in enumerate(self._shown(node)):
            self.write(f"{', ' if position else ''}{child.label}=")
            self.add(child, depth)
        self._note_rest(node)
        self.write(")")

    def table(self, node: TreeNode, depth: int) -> None:
        """Write size and columns of a table."""
        children = list(self._tree.form.children(node))
        rows = rows_of(self._tree, children[0]) if children else 0
        names = [child.label for child in children[1 : 1 + _MOST_NAMES]]
        more = [] if node.length - 1 <= len(names) else ["…"]
        self.write(f"{node.type} of {rows} × {node.length - 1}: {', '.join([*names, *more])}")

    def series(self, node: TreeNode, depth: int) -> None:
        """Write length and type of a column."""
        values = self._tree.form.child(node, ".values")
        length = rows_of(self._tree, values) if values is not None else 0
        self.write(f"{node.type} of {length}: {_dtype(values)}")

    def labelled(self, node: TreeNode, depth: int) -> None:
        """Write dimensions and type of an array with coordinates."""
        form = self._tree.form
        values, dims = form.child(node, ".values"), form.child(node, ".dims")
        names = [self._tree.text(dim) for dim in form.children(dims)] if dims is not None else []
        shape = values.array.full_shape if values is not None and values.array is not None else ()
        size = " × ".join(f"{name} {length}" for name, length in zip(names, shape, strict=False))
        self.write(f"{node.type} of {size or 'no dimensions'}: {_dtype(values)}")

    def dataset(self, node: TreeNode, depth: int) -> None:
        """Write the names of the variables."""
        variables = self._tree.form.child(node, ".variables")
        names = [child.label for child in self._tree.form.children(variables)] if variables else []
        self.write(f"{node.type}: {', '.join(names[:_MOST_NAMES])}")

    def sparse(self, node: TreeNode, depth: int) -> None:
        """Write shape and how many numbers are stored."""
        form = self._tree.form
        shape, data = form.child(node, ".shape"), form.child(node, ".data")
        size = self._tree.array(shape).array.tolist() if shape is not None else []
        stored = np.prod(data.array.full_shape) if data is not None and data.array else 0
        self.write(f"{node.type} of {' × '.join(map(str, size))}, {stored} stored: {_dtype(data)}")

    def categories(self, node: TreeNode, depth: int) -> None:
        """Write the length."""
        self.write(f"{node.type} of {rows_of(self._tree, node)}")

    def range(self, node: TreeNode, depth: int) -> None:
        """Write start, stop and step."""
        numbers = [str(self._tree.number(child)) for child in self._tree.form.children(node)]
        self.write(f"{node.type}({', '.join(numbers)})")

    def _shown(self, node: TreeNode) -> Iterator[TreeNode]:
        for position in node.children[:MAX_ITEMS]:
            if self._left <= 0:
                return
            yield self._tree.form.nodes[position]

    def _note_rest(self, node: TreeNode) -> None:
        if node.length > min(len(node.children), MAX_ITEMS):
            self.write(f", … {node.length} in all")


_WRITERS = {
    TreeLayout.ITEMS: _Text.items,
    TreeLayout.KEYS: _Text.keys,
    TreeLayout.ATTRIBUTES: _Text.attributes,
    TreeLayout.TABLE: _Text.table,
    TreeLayout.SERIES: _Text.series,
    TreeLayout.LABELLED: _Text.labelled,
    TreeLayout.DATASET: _Text.dataset,
    TreeLayout.SPARSE: _Text.sparse,
    TreeLayout.CATEGORIES: _Text.categories,
    TreeLayout.RANGE: _Text.range,
}


def _brackets(node: TreeNode) -> tuple[str, str]:
    after = ",)" if node.length == 1 else ")"
    if node.kind == "tuple":
        return ("(" if node.type == "tuple" else f"{node.type}("), after
    if node.kind == "set":
        return ("{", "}") if node.type == "set" else (f"{node.type}({{", "})")
    if node.kind == "list":
        return "[", "]"
    return f"{node.type}([", "])"


def _leaf_text(tree: Tree, node: TreeNode) -> str:
    if node.code == "n":
        return "None"
    if node.code == "r":
        return f"<{node.type} that contains this>"
    if node.code == "s":
        return repr(tree.text(node)) + ("…" if node.text_cut else "")
    if node.code == "t":
        return tree.text(node)
    return number_text(tree.number(node), node.type)


def number_text(number: Any, dtype: str) -> str:
    """Return a number as its own type writes it: ``0.1`` also of a float32."""
    if dtype in ("float16", "float32") and isinstance(number, float):
        return str(np.dtype(dtype).type(number))
    if dtype == "complex64" and isinstance(number, complex):
        return str(np.complex64(number))
    return repr(number)


def _array_text(tree: Tree, node: TreeNode) -> str:
    value = tree.array(node)
    if node.type not in ("list", "tuple"):
        return f"{node.type}({_dtype(node)}, {value.full_shape})"
    length = value.full_shape[0]
    shown = [repr(number) for number in value.array[:MAX_ITEMS].tolist()]
    more = f", … {length} in all" if length > MAX_ITEMS else ""
    ending = ",)" if length == 1 else ")"
    before, after = ("[", "]") if node.type == "list" else ("(", ending)
    return f"{before}{', '.join(shown)}{more}{after}"


def rows_of(tree: Tree, node: TreeNode) -> int:
    """Return how many elements a column or index has: an array, categories, levels or a range."""
    if node.layout is TreeLayout.RANGE:
        bounds = [tree.number(child) for child in tree.form.children(node) if child.code == "i"]
        start, stop, step = map(int, map(_real, bounds)) if len(bounds) == 3 else (0, 0, 1)
        return len(range(start, stop, step or 1))
    if node.layout is not None and node.children:
        return rows_of(tree, tree.form.nodes[node.children[0]])
    return node.length


def _real(number: complex) -> float:
    return number.real


def _dtype(node: TreeNode | None) -> str:
    if node is None:
        return "?"
    return node.array.dtype.name if node.array is not None else node.type
