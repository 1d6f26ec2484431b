"""One leaf of captured trees as a series of its own: what a click on it plots."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import TextRecord, ValueKind
from pyprobe.ipc.tree_form import Path, TreeForm, TreeNode
from pyprobe.ipc.tree_reader import Tree
from pyprobe.session.tree_value import TreeValue

# A step into an array: ``[3]``, or ``[1, 2]`` where it has several axes.
_ELEMENT = re.compile(r"\[(-?\d+(?:, ?-?\d+)*)\]")
_NUMBERS = {
    "f": ValueKind.FLOAT,
    "i": ValueKind.INT,
    "b": ValueKind.BOOL,
    "c": ValueKind.COMPLEX,
}
_KIND_OF_DTYPE = {"f": "f", "i": "i", "u": "i", "b": "b", "c": "c"}

# What a leaf's values have in common: their kind and dtype; a gap has None.
_Sort = tuple[ValueKind, str] | None


class TreeCapture(Protocol):
    """A stored capture: ``history_records.Capture``."""

    @property
    def seq(self) -> int: ...
    @property
    def t_ns(self) -> int: ...
    @property
    def thread(self) -> int: ...
    @property
    def value(self) -> object: ...


class TreeKeeper(Protocol):
    """What keeps captures of trees: a History."""

    def texts(self) -> Sequence[TreeCapture]:
        """Return the texts and trees that are kept, oldest first."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the trees of one form have a leaf: its node, and of an array which element."""

    sort: _Sort
    node: TreeNode | None = None
    element: tuple[int, ...] | None = None


def leaf_columns(column: Column, path: Path) -> list[Column]:
    """Return one leaf of a TREE column as ordinary columns of numbers, arrays or texts.

    A capture that lacks the leaf is a NaN, which is drawn as a gap.
    """
    places = _Places(path)
    found: list[Column] = []
    position = 0
    for sort, group in groupby(column.trees, key=lambda tree: places.of(tree.form).sort):
        trees = list(group)
        rows = slice(position, position + len(trees))
        position += len(trees)
        head: dict[str, Any] = {
            "probe_id": column.probe_id,
            "seq": column.seq[rows],
            "t_ns": column.t_ns[rows],
            "thread": column.thread[rows],
        }
        found.append(_column(head, sort, trees, places))
    return found


def past_leaf_columns(history: TreeKeeper, path: Path, *, probe_id: int = 0) -> list[Column]:
    """Return one leaf of all captures that are kept as ordinary columns, oldest first."""
    captures = list(history.texts())
    trees = [tree_of(capture.value) for capture in captures]
    kept = [(capture, tree) for capture, tree in zip(captures, trees, strict=True) if tree]
    if not kept:
        return []
    column = Column(
        probe_id,
        ValueKind.TREE,
        "",
        np.array([capture.seq for capture, _ in kept], np.int64),
        np.array([capture.t_ns for capture, _ in kept], np.int64),
        np.array([capture.thread for capture, _ in kept], np.uint64),
        trees=[tree for _, tree in kept],
    )
    return leaf_columns(column, path)


def tree_of(value: object) -> Tree | None:
    """Return the tree of a captured value that has one."""
    return value.tree if isinstance(value, TreeValue) else None


class _Places:
    """Where a path leads in each form; forms are few, captures many."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: dict[int, tuple[TreeForm, _Place]] = {}

    def of(self, form: TreeForm) -> _Place:
        known = self._found.get(id(form))
        if known is None:
            known = self._found[id(form)] = (form, _find(form, self._path))
        return known[1]


def _find(form: TreeForm, path: Path) -> _Place:
    node = form.find(path)
    if node is None:
        return _find_element(form, path)
    if node.is_number:
        return _Place((_NUMBERS[node.store], "" if node.type in _PLAIN else node.type), node)
    if node.is_array:
        return _Place((ValueKind.ARRAY, ""), node)
    if node.code in "st":
        return _Place((ValueKind.TEXT, ""), node)
    return _Place(None)


_PLAIN = ("float", "int", "bool", "complex")


def _find_element(form: TreeForm, path: Path) -> _Place:
    matched = _ELEMENT.fullmatch(path[-1]) if path else None
    node = form.find(path[:-1]) if matched else None
    if matched is None or node is None or not node.is_array:
        return _Place(None)
    element = tuple(map(int, matched[1].split(",")))
    if node.array is None:
        shape: tuple[int, ...] = (node.length,)
        store, dtype = node.store, ""
    else:
        shape = node.array.shape
        store = _KIND_OF_DTYPE.get(node.array.dtype.kind, "")
        dtype = node.array.dtype.name
        # Of a reduced array the elements are no longer where they were.
        store = "" if node.array.reduced else store
    inside = len(element) == len(shape) and all(
        -length <= index < length for index, length in zip(element, shape, strict=False)
    )
    if not inside or not store:
        return _Place(None)
    return _Place((_NUMBERS[store], dtype), node, element)


def _column(head: dict[str, Any], sort: _Sort, trees: list[Tree], places: _Places) -> Column:
    if sort is None:
        gaps = np.full(len(trees), np.nan)
        return Column(kind=ValueKind.FLOAT, dtype="float", values=gaps, **head)
    kind, dtype = sort
    nodes = [(tree, places.of(tree.form)) for tree in trees]
    if kind is ValueKind.ARRAY:
        arrays = [tree.array(place.node) for tree, place in nodes if place.node]
        return Column(kind=kind, dtype="", arrays=arrays, **head)
    if kind is ValueKind.TEXT:
        texts = [_text_record(tree, place.node) for tree, place in nodes if place.node]
        return Column(kind=kind, dtype="", texts=texts, **head)
    numbers = [_number(tree, place) for tree, place in nodes]
    values: NDArray[Any] = np.array(numbers, _DTYPES[kind])
    return Column(kind=kind, dtype=dtype or _PYTHON_NAMES[kind], values=values, **head)


_DTYPES: dict[ValueKind, Any] = {
    ValueKind.FLOAT: np.float64,
    ValueKind.INT: np.int64,
    ValueKind.BOOL: np.bool_,
    ValueKind.COMPLEX: np.complex128,
}
_PYTHON_NAMES = {
    ValueKind.FLOAT: "float",
    ValueKind.INT: "int",
    ValueKind.BOOL: "bool",
    ValueKind.COMPLEX: "complex",
}


def _number(tree: Tree, place: _Place) -> Any:
    node = place.node
    assert node is not None  # of a place with a sort
    if place.element is None:
        return tree.number(node)
    return tree.array(node).array[place.element]


def _text_record(tree: Tree, node: TreeNode) -> TextRecord:
    return {
        "kind": node.kind,
        "type": node.type,
        "text": tree.text(node),
        "cut": node.text_cut,
    }
