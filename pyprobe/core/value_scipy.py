"""Reads scipy's sparse matrices as parts of a tree: the arrays of their format, not written out."""

from itertools import islice
from typing import Any

from pyprobe.core.plain_access import plain_dict
from pyprobe.core.plain_types import class_name
from pyprobe.core.value_modules import loaded_library
from pyprobe.core.value_numpy import numpy_types
from pyprobe.core.value_parts import Branch, Data, Opener
from pyprobe.ipc.trees import TreeLayout

# The arrays that make up each format; dok and lil are sent as coo is.
_ARRAYS = {
    "csr": ("data", "indices", "indptr"),
    "csc": ("data", "indices", "indptr"),
    "bsr": ("data", "indices", "indptr"),
    "coo": ("data", "row", "col"),
    "dia": ("data", "offsets"),
    "dok": ("data", "row", "col"),
    "lil": ("data", "row", "col"),
}
_AXES = ("row", "col")
_MOST_STORED = 100_000


def opener_of_sparse(kind: type) -> Opener | None:
    """Return what reads scipy's own classes of these formats; None for any other class."""
    name = class_name(kind)
    if name[:3] not in _ARRAYS or loaded_library("scipy.sparse").get(name) is not kind:
        return None
    return open_sparse


def open_sparse(value: Any, kind: type, most: int) -> Branch:
    """Read a matrix of any format."""
    name = class_name(kind)
    form = name[:3]
    found: dict[str, Any] = dict(plain_dict(value) or {})
    if form == "coo" and type(found.get("coords")) is tuple:
        found |= zip(_AXES, found["coords"], strict=False)
    elif form in ("dok", "lil"):
        found |= _stored_dok(found) if form == "dok" else _stored_lil(found)
    numpy = numpy_types()
    items: list[Any] = [form, found.get("_shape")]
    for part in _ARRAYS[form]:
        array: Any = found.get(part)
        plain = numpy is not None and type(array) is numpy.ndarray
        items.append(Data(array, "ndarray", array.shape) if plain else None)
    labels = ("format", "shape", *_ARRAYS[form])
    return Branch(TreeLayout.SPARSE.value, name, name, len(items), labels, items)


def _stored_dok(own: dict[str, Any]) -> dict[str, Any]:
    pairs = list(islice(dict.items(own.get("_dict", {})), _MOST_STORED))
    numbers = [number for _, number in pairs]
    if len(own.get("_shape", ())) == 1:
        places = [key for key, _ in pairs]
        return _arrays(places, places, numbers) | {"col": None}
    rows, cols = [key[0] for key, _ in pairs], [key[-1] for key, _ in pairs]
    return _arrays(rows, cols, numbers)


def _stored_lil(own: dict[str, Any]) -> dict[str, Any]:
    rows: list[Any] = []
    cols: list[Any] = []
    numbers: list[Any] = []
    for row, (indices, values) in enumerate(zip(own["rows"], own["data"], strict=True)):
        if type(indices) is not list or type(values) is not list or len(rows) > _MOST_STORED:
            break
        rows += [row] * len(indices)
        cols += indices
        numbers += values
    return _arrays(rows, cols, numbers)


def _arrays(rows: list[Any], cols: list[Any], numbers: list[Any]) -> dict[str, Any]:
    """Return the arrays, if all is plain numbers: others could run code when they are copied."""
    numpy = numpy_types()
    found: dict[str, Any] = {"row": None, "col": None, "data": None}
    if numpy is None or not len(rows) == len(cols) == len(numbers):
        return found
    known = {id(kind) for kind in (bool, int, float, complex)} | numpy.converters.keys()
    for name, part in (("row", rows), ("col", cols), ("data", numbers)):
        if not set(map(id, map(type, part))) <= known:
            return dict.fromkeys(found)
        found[name] = numpy.module.array(part)
    return found
