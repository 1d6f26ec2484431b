"""Reads torch's sparse tensors as parts of a tree: the arrays of their format, not written out."""

from typing import Any

from pyprobe.core.value_numpy import numpy_types
from pyprobe.core.value_parts import Branch, Data, Opener
from pyprobe.core.value_torch import (
    REFUSALS,
    fact,
    is_dispatched,
    is_tensor,
    tensor_array,
    tensor_shape,
    unheard,
)
from pyprobe.ipc.trees import TreeLayout

# Of the sparse layouts with two axes: as scipy calls it, and how its parts are had.
_SPARSE = {
    "torch.sparse_coo": ("coo", {"data": "_values", "indices": "_indices"}),
    "torch.sparse_csr": (
        "csr",
        {"data": "values", "indices": "col_indices", "indptr": "crow_indices"},
    ),
    "torch.sparse_csc": (
        "csc",
        {"data": "values", "indices": "row_indices", "indptr": "ccol_indices"},
    ),
}


def opener_of_tensor(tensor: Any, kind: type) -> Opener | None:
    """Return what reads a sparse tensor with two axes; None for any other."""
    if not is_tensor(kind) or numpy_types() is None or len(tensor_shape(tensor)) != 2:
        return None
    with unheard():
        if is_dispatched() or str(fact(tensor, "layout")) not in _SPARSE:
            return None
        if fact(tensor, "device").type != "cpu":
            return None
        try:
            _stored(tensor)
        except REFUSALS:
            return None
    return _open_sparse


def _open_sparse(tensor: Any, kind: type, most: int) -> Branch:
    """Read a sparse tensor as scipy's matrices are: the arrays of its format."""
    with unheard():
        form, parts = _stored(tensor)
    numpy: Any = numpy_types()
    arrays = {name: tensor_array(part, numpy) for name, part in parts.items()}
    if form == "coo" and arrays["indices"] is not None:
        arrays["row"], arrays["col"] = arrays.pop("indices")
    items: list[Any] = [form, tensor_shape(tensor)]
    items += [None if one is None else Data(one, "ndarray", one.shape) for one in arrays.values()]
    name = kind.__name__
    labels = ("format", "shape", *arrays)
    return Branch(TreeLayout.SPARSE.value, name, name, len(items), labels, items)


def _stored(tensor: Any) -> tuple[str, dict[str, Any]]:
    form, names = _SPARSE[str(fact(tensor, "layout"))]
    parts = {name: fact(tensor, method)() for name, method in names.items()}
    if len(fact(parts["data"], "shape")) != 1:
        raise TypeError("blocks are stored")
    return form, parts
