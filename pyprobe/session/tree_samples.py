"""Objects that carry samples and a step: which part is which, and where each sample lies."""

from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.tree_form import TreeNode
from pyprobe.ipc.tree_reader import Tree
from pyprobe.ipc.trees import TreeLayout

_SAMPLES = ("samples", "data", "values", "signal", "waveform", "y", "wave", "trace", "audio")
_STEPS = ("dt", "step", "delta", "dx", "sample_interval", "sampling_interval", "sample_time", "ts")
_RATES = (
    *("fs", "sample_rate", "samplerate", "sampling_rate", "sample_rate_hz", "fs_hz", "rate"),
    *("sr", "framerate", "sampling_frequency", "sample_frequency"),
)
_COUNTED = ("step", "delta", "rate", "ts")  # may as well count: in a dict beside named samples only
_STARTS = ("t0", "start", "start_time", "x0", "t_start", "offset")
_NAMED = (TreeLayout.ATTRIBUTES, TreeLayout.KEYS)


@dataclass(frozen=True, eq=False)
class Sampled:
    """A node whose child ``samples`` holds values at ``start``, ``start + step`` …

    ``source`` is the child that said the step, or the rate it is one over.
    """

    samples: TreeNode
    step: float
    start: float
    source: TreeNode


def find_samples(tree: Tree, node: TreeNode | None = None) -> Sampled | None:
    """Return which children of a node (else the root) are samples and their step; or None."""
    node = node or tree.form.root
    if node.layout not in _NAMED:
        return None
    named = {child.label.strip("_").lower(): child for child in tree.form.children(node)}
    samples = _samples_among(named)
    if samples is None:
        return None
    is_named = samples.label.strip("_").lower() in _SAMPLES
    if node.layout is TreeLayout.KEYS and not is_named:
        named = {name: child for name, child in named.items() if name not in _COUNTED}
    start = _first(tree, named, _STARTS)
    begin = start[1] if start is not None else 0.0
    step, rate = _first(tree, named, _STEPS), _first(tree, named, _RATES)
    if step is not None and step[1] > 0:
        return Sampled(samples, step[1], begin, step[0])
    if rate is not None and rate[1] > 0:
        return Sampled(samples, 1 / rate[1], begin, rate[0])
    return None


def _samples_among(named: dict[str, TreeNode]) -> TreeNode | None:
    arrays = {name: child for name, child in named.items() if child.is_array}
    for name in _SAMPLES:
        if name in arrays:
            return arrays[name]
    return next(iter(arrays.values())) if len(arrays) == 1 else None


def _first(
    tree: Tree, named: dict[str, TreeNode], names: tuple[str, ...]
) -> tuple[TreeNode, float] | None:
    for name in names:
        child = named.get(name)
        if child is not None and child.code in "fi":
            number = float(tree.number(child).real)
            if isfinite(number):
                return child, number
    return None


def coordinates(tree: Tree, node: TreeNode, axis: int = 0) -> NDArray[np.generic] | None:
    """Return where the values of a SERIES or LABELLED node lie along an axis; None if nowhere.

    They may be numbers, dates or text, and fewer than the values where these were cut.
    """
    form = tree.form
    if node.layout is TreeLayout.SERIES:
        index = form.child(node, ".index")
        return column_values(tree, index) if index is not None and axis == 0 else None
    dims, coords = form.child(node, ".dims"), form.child(node, ".coords")
    if node.layout is not TreeLayout.LABELLED or dims is None or coords is None:
        return None
    names = [tree.text(dim) for dim in form.children(dims)]
    along = names[axis] if 0 <= axis < len(names) else None
    for coord in form.children(coords):
        values = form.child(coord, ".values")
        if coord.label == along and values is not None:
            return column_values(tree, values)
    return None


def column_values(tree: Tree, node: TreeNode) -> NDArray[np.generic] | None:
    """Return a column or an index as an array; None where it is none.

    Categories are written out as far as they came; of several levels the first is taken.
    """
    if node.is_array:
        return tree.array(node).array
    children = list(tree.form.children(node))
    if node.layout is TreeLayout.RANGE and len(children) == 3:
        start, stop, step = (int(tree.number(child).real) for child in children)
        return np.arange(start, stop, step or 1)
    if node.layout is TreeLayout.CATEGORIES and len(children) == 2:
        return _written_out(tree, *children)
    if node.layout is TreeLayout.ATTRIBUTES and children:
        return column_values(tree, children[0])
    return None


def _written_out(tree: Tree, codes: TreeNode, categories: TreeNode) -> NDArray[np.generic] | None:
    names = column_values(tree, categories)
    if names is None or not codes.is_array:
        return None
    at = tree.array(codes).array
    texts = names if names.dtype.kind == "U" else names.astype(str)
    texts = np.append(texts, "")  # code -1, which is missing, and codes beyond what came
    at = np.where((at < 0) | (at >= len(names)), len(names), at)
    return np.asarray(texts[at])
