"""The form of a tree as the front end uses it: checked, its nodes linked, found by their paths."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from pyprobe.errors import ProtocolError
from pyprobe.ipc.array_dtypes import read_dtype, read_shape
from pyprobe.ipc.trees import DATA_ALIGNMENT, MOST_SPECS, TreeLayout

MAX_NAME_CHARS = 256
MAX_LABEL_CHARS = 4096
_INT64_MIN, _INT64_END = -(1 << 63), 1 << 63
_FORMS_KEPT = 256
_LAYOUTS = {layout.value: layout for layout in TreeLayout}
_BY_KEY = (TreeLayout.KEYS, TreeLayout.TABLE)
_KIND_OF_STORE = {"f": "float", "i": "int", "b": "bool", "c": "complex"}

# The way from the root to a node: one step a level, as Python would write it, such as
# ``('.gains', "['left']", '[0]')``. Steps of siblings differ: of equal ones the second ends in #2.
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArrayForm:
    """An array without its data: see ArrayRecord."""

    type: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    full_shape: tuple[int, ...]
    reduced: str

    @property
    def nbytes(self) -> int:
        """The bytes of its data."""
        return prod(self.shape) * self.dtype.itemsize


@dataclass(frozen=True, slots=True)
class TreeNode:
    """One node of a form.

    ``code`` is the first letter of its spec, ``"B"`` for a branch. ``label`` is its own name as
    people read it, ``step`` the same as part of a path. ``kind`` is the classifier's word, ``type``
    the name of the type (of numbers the dtype). ``length``: how many parts the value has, or of how
    many numbers a run is; ``children``: positions in ``TreeForm.nodes`` of those that came.
    ``start``: where its contents begin in the list of its sort; ``end`` where they end.
    """

    position: int
    parent: int
    depth: int
    code: str
    label: str
    step: str
    kind: str
    type: str
    layout: TreeLayout | None = None
    length: int = 0
    children: range = range(0)
    store: str = ""
    start: int = 0
    end: int = 0
    array: ArrayForm | None = None
    text_cut: bool = False

    @property
    def cut(self) -> bool:
        """Whether something of it, its descendants aside, was left out at the source."""
        if self.array is not None:
            return bool(self.array.reduced)
        return self.text_cut or len(self.children) < (self.length if self.layout else 0)

    @property
    def is_number(self) -> bool:
        """Whether it is a single number or bool."""
        return self.code in "fibc"

    @property
    def is_array(self) -> bool:
        """Whether it is an array, or a list or tuple of numbers."""
        return self.code in "vaA"


class TreeForm:
    """What trees of one form have in common. ``floats`` … count each sort of contents."""

    def __init__(self, nodes: list[TreeNode], sizes: dict[str, int]) -> None:
        self.nodes = tuple(nodes)
        self.root = nodes[0]
        self.floats = sizes["f"]
        self.ints = sizes["i"]
        self.texts = sizes["t"]
        self.arrays = tuple(node for node in nodes if node.array is not None)
        self.inline_bytes = sum(
            -(-node.array.nbytes // DATA_ALIGNMENT) * DATA_ALIGNMENT
            for node in self.arrays
            if node.array is not None and node.code == "a"
        )
        self.slots = sum(node.code == "A" for node in self.arrays)
        self.cut = any(node.cut for node in nodes)
        self._by_path: dict[Path, int] | None = None

    def path(self, node: TreeNode) -> Path:
        """Return the way to a node; empty for the root."""
        steps: list[str] = []
        while node.parent >= 0:
            steps.append(node.step)
            node = self.nodes[node.parent]
        return tuple(reversed(steps))

    def find(self, path: Path) -> TreeNode | None:
        """Return the node at the end of a path; None if there is none."""
        if self._by_path is None:
            self._by_path = {self.path(node): node.position for node in self.nodes}
        position = self._by_path.get(path)
        return None if position is None else self.nodes[position]

    def children(self, node: TreeNode) -> Iterator[TreeNode]:
        """Yield the children of a node that came."""
        for position in node.children:
            yield self.nodes[position]

    def child(self, node: TreeNode, step: str) -> TreeNode | None:
        """Return the child of that step; None if there is none."""
        return next((child for child in self.children(node) if child.step == step), None)


def read_form(wire: object) -> TreeForm:
    """Check a form and link its nodes.

    Raises:
        ProtocolError: it is malformed.
    """
    if not isinstance(wire, list | tuple) or not 0 < len(wire) <= MOST_SPECS:
        raise ProtocolError(f"a tree's form is a list of at most {MOST_SPECS} specs")
    return _read_specs(_frozen(wire, 0))


def _frozen(wire: object, depth: int) -> Any:
    if isinstance(wire, list | tuple):
        if depth > 16:
            raise ProtocolError("a tree's spec is nested too deeply")
        return tuple([_frozen(part, depth + 1) for part in wire])
    if not isinstance(wire, str | int):
        raise ProtocolError("a tree's spec consists of text, whole numbers and lists")
    return wire


@lru_cache(maxsize=_FORMS_KEPT)
def _read_specs(specs: tuple[Any, ...]) -> TreeForm:
    return _Builder(specs).form()


class _Builder:
    def __init__(self, specs: tuple[Any, ...]) -> None:
        self._specs = specs
        self._nodes: list[TreeNode] = []
        self._sizes = {"f": 0, "i": 0, "t": 0}
        self._next_child = 1

    def form(self) -> TreeForm:
        """Link all nodes."""
        self._add(0, -1, 0, "", "")
        position = 0
        while position < len(self._nodes):
            self._add_children(self._nodes[position])
            position += 1
        if len(self._nodes) != len(self._specs):
            raise ProtocolError("a tree's form has specs without a parent")
        return TreeForm(self._nodes, self._sizes)

    def _add_children(self, node: TreeNode) -> None:
        if node.layout is None:
            return
        labels = self._specs[node.position][4]
        steps: dict[str, int] = {}
        for offset, position in enumerate(node.children):
            label, step = _name_child(node.layout, labels, offset)
            nth = steps[step] = steps.get(step, 0) + 1
            if nth > 1:
                step = f"{step}#{nth}"
            self._add(position, node.position, node.depth + 1, label, step)

    def _add(self, position: int, parent: int, depth: int, label: str, step: str) -> None:
        if position >= len(self._specs):
            raise ProtocolError("a tree's form lacks specs for its children")
        spec = self._specs[position]
        facts: dict[str, Any]
        if isinstance(spec, str):
            facts = self._leaf(spec)
        elif isinstance(spec, tuple) and spec and isinstance(spec[0], str):
            facts = self._branch(spec) if spec[0] in _LAYOUTS else self._record(spec)
        else:
            raise ProtocolError("a tree's spec is text, or a list that begins with text")
        self._nodes.append(TreeNode(position, parent, depth, label=label, step=step, **facts))

    def _leaf(self, spec: str) -> dict[str, Any]:
        code = spec[:1]
        if spec == "n":
            return {"code": code, "kind": "none", "type": "NoneType"}
        if spec in ("s", "S"):
            start, end = self._take("t", 1)
            facts = {"code": "s", "kind": "str", "type": "str", "text_cut": spec == "S"}
            return facts | {"start": start, "end": end}
        if code not in _KIND_OF_STORE or len(spec) > MAX_NAME_CHARS:
            raise ProtocolError(f"unknown spec {spec!r:.60} in a tree")
        kind = _KIND_OF_STORE[code]
        start, end = self._take_numbers(code, 1)
        facts = {"code": code, "kind": spec[1:] or kind, "type": spec[1:] or kind, "store": code}
        return facts | {"start": start, "end": end}

    def _take(self, sort: str, count: int) -> tuple[int, int]:
        start = self._sizes[sort]
        self._sizes[sort] = start + count
        return start, start + count

    def _take_numbers(self, store: str, count: int) -> tuple[int, int]:
        if store == "c":
            return self._take("f", 2 * count)
        return self._take("f" if store == "f" else "i", count)

    def _record(self, spec: tuple[Any, ...]) -> dict[str, Any]:
        code = spec[0]
        if code == "t" and len(spec) == 4 and isinstance(spec[3], bool):
            start, end = self._take("t", 1)
            facts = {"code": code, "kind": _text(spec[1]), "type": _text(spec[2])}
            return facts | {"text_cut": spec[3], "start": start, "end": end}
        if code == "v" and len(spec) == 4 and spec[1] in _KIND_OF_STORE:
            length = _count(spec[3])
            start, end = self._take_numbers(spec[1], length)
            facts = {"code": code, "kind": _text(spec[2]), "type": spec[2], "store": spec[1]}
            return facts | {"length": length, "start": start, "end": end}
        if code in ("a", "A") and len(spec) == 6:
            array = _array_form(spec)
            length = array.full_shape[0] if array.full_shape else 1
            return {"code": code, "kind": array.type, "type": array.type} | {
                "array": array,
                "length": length,
            }
        if code == "r" and len(spec) == 2:
            return {"code": code, "kind": "", "type": _text(spec[1])}
        if code == "d" and len(spec) == 3:
            kind = _text(spec[1])
            return {"code": code, "kind": kind, "type": _text(spec[2]), "text_cut": True}
        raise ProtocolError(f"unknown spec {code!r:.60} in a tree")

    def _branch(self, spec: tuple[Any, ...]) -> dict[str, Any]:
        if len(spec) != 5:
            raise ProtocolError("a tree's branch is layout, kind, type, length and labels")
        layout, labels = _LAYOUTS[spec[0]], spec[4]
        if isinstance(labels, tuple) == (layout is TreeLayout.ITEMS):
            raise ProtocolError("a tree's items are counted, all other children are labelled")
        count = len(labels) if isinstance(labels, tuple) else _count(labels)
        length = _count(spec[3])
        if count > length or self._next_child + count > len(self._specs):
            raise ProtocolError(f"a tree's branch of {length} parts with {count} children")
        children = range(self._next_child, self._next_child + count)
        self._next_child += count
        facts = {"code": "B", "kind": _text(spec[1]), "type": _text(spec[2])}
        return facts | {"layout": layout, "length": length, "children": children}


def _text(wire: object) -> str:
    if not isinstance(wire, str) or len(wire) > MAX_NAME_CHARS:
        raise ProtocolError("a name in a tree is a short text")
    return wire


def _count(wire: object) -> int:
    if type(wire) is not int or not 0 <= wire < 1 << 62:
        raise ProtocolError("a count in a tree is a whole number from 0")
    return wire


def _array_form(spec: tuple[Any, ...]) -> ArrayForm:
    type_name, dtype, shape, full_shape, reduced = spec[1:]
    if not isinstance(reduced, str):
        raise ProtocolError("what reduced an array of a tree is text")
    return ArrayForm(
        _text(type_name),
        read_dtype(_thawed(dtype)),
        read_shape(_thawed(shape)),
        read_shape(_thawed(full_shape)),
        reduced,
    )


def _thawed(part: Any) -> Any:
    return [_thawed(inner) for inner in part] if isinstance(part, tuple) else part


def _name_child(layout: TreeLayout, labels: Any, offset: int) -> tuple[str, str]:
    """Return label and step of a child."""
    if layout is TreeLayout.ITEMS:
        return str(offset), f"[{offset}]"
    label = labels[offset]
    if isinstance(label, tuple):
        if len(label) != 1 or not isinstance(label[0], str):
            raise ProtocolError("a label in a tree is text, a whole number or [text]")
        label, step = label[0], f"[<{label[0]}>]"
    elif type(label) is int and _INT64_MIN <= label < _INT64_END:
        label, step = str(label), f"[{label}]"
    elif isinstance(label, str):
        step = f"[{label!r}]"
    else:
        raise ProtocolError("a label in a tree is text, a whole number or [text]")
    if len(label) > MAX_LABEL_CHARS:
        raise ProtocolError("a label in a tree is a short text")
    by_key = layout in _BY_KEY and not (layout is TreeLayout.TABLE and offset == 0)
    return label, step if by_key else f".{label}"
