"""The array in a value with parts that lenses for arrays can draw, and where its samples lie. Pure.

Objects that carry samples and a step, series, labelled arrays, and sparse matrices written out.
"""

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.tree_form import TreeNode
from pyprobe.ipc.tree_reader import Tree
from pyprobe.ipc.trees import TreeLayout
from pyprobe.session.tree_samples import coordinates, find_samples
from pyprobe.session.tree_table import sparse_entries
from pyprobe.session.values import ArrayValue, Value

_MOST_DENSE = 1 << 24  # bytes of a sparse matrix that is written out


@dataclass(frozen=True, eq=False)
class InnerArray:
    """Sample ``i`` stands at ``start + i * step``, in ``unit``."""

    array: ArrayValue
    start: float = 0.0
    step: float = 1.0
    unit: str = "sample"


def inner_node(tree: Tree) -> TreeNode | None:
    """Return the node of the array that can be drawn, which is cheap; ``None`` if there is none."""
    root = tree.form.root
    if root.layout in (TreeLayout.SERIES, TreeLayout.LABELLED):
        node = tree.form.child(root, ".values")
        return node if node is not None and node.is_array else None
    found = find_samples(tree)
    return found.samples if found is not None else None


def dense_shape(tree: Tree) -> tuple[int, ...] | None:
    """Return the shape of a sparse matrix that is small enough to be written out."""
    root = tree.form.root
    shape = tree.form.child(root, ".shape") if root.layout is TreeLayout.SPARSE else None
    data = tree.form.child(root, ".data") if shape is not None else None
    if shape is None or data is None or not shape.is_array or data.array is None:
        return None
    lengths = tuple(int(one) for one in tree.array(shape).array.reshape(-1))
    size_bytes = prod(lengths) * data.array.dtype.itemsize
    return lengths if len(lengths) == 2 and size_bytes <= _MOST_DENSE else None


def inner_array(value: Value) -> InnerArray | None:
    """Return the array of a value that can be drawn; an array is its own."""
    if isinstance(value, ArrayValue):
        return InnerArray(value)
    tree: Tree | None = getattr(value, "tree", None)
    if tree is None:
        return None
    if dense_shape(tree) is not None:
        entries = sparse_entries(tree)
        dense = entries.dense() if entries is not None else None
        return InnerArray(_plain(dense, tree)) if dense is not None else None
    node = inner_node(tree)
    if node is None:
        return None
    raw = tree.array(node)
    array = ArrayValue(raw.array, raw.type, tuple(raw.full_shape), raw.reduced)
    found = find_samples(tree)
    if found is not None and _can_be_drawn(found.start, found.step, len(array.array)):
        return InnerArray(array, found.start, found.step, "s")
    if found is not None:
        return InnerArray(array)
    return _along(tree, array)


def _can_be_drawn(start: float, step: float, count: int) -> bool:
    """Whether an axis of floats can tell such places apart and be zoomed."""
    ends = max(abs(start), abs(start + step * count), step)
    return 1e-60 < step < 1e60 and ends < 1e60 and ends / step < 1e12


def _plain(dense: NDArray[Any], tree: Tree) -> ArrayValue:
    return ArrayValue(dense, tree.form.root.type, dense.shape)


def _along(tree: Tree, array: ArrayValue) -> InnerArray:
    """Return a series over its index, where that goes in equal steps."""
    places = coordinates(tree, tree.form.root) if array.array.ndim == 1 else None
    if places is None or len(places) < 2 or len(places) != len(array.array):
        return InnerArray(array)
    unit = "index"
    if places.dtype.kind == "M":
        places = (places - places[0]).astype("m8[ns]").astype(np.int64) / 1e9
        unit = "s"
    if places.dtype.kind not in "iuf":
        return InnerArray(array)
    steps = np.diff(places.astype(np.float64))
    step = float(steps[0])
    is_even = _can_be_drawn(float(places[0]), step, len(places)) and bool(
        np.allclose(steps, step, rtol=1e-6, atol=0.0)
    )
    return InnerArray(array, float(places[0]), step, unit) if is_even else InnerArray(array)
