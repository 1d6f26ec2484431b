"""Reads xarray's arrays and datasets as parts of a tree: values, dimensions and coordinates."""

from typing import Any

from pyprobe.core.plain_types import class_name
from pyprobe.core.value_modules import loaded_library
from pyprobe.core.value_numpy import numpy_types
from pyprobe.core.value_pandas import read_column, read_index
from pyprobe.core.value_parts import Branch, Data, Label, Opener, label_of
from pyprobe.ipc.trees import TreeLayout

_ADAPTERS = ("PandasIndexingAdapter", "PandasMultiIndexingAdapter")
_MOST_CATEGORIES = 1 << 20


def open_array(array: Any, kind: type, most: int) -> Branch:
    """Read a DataArray."""
    if not _is_own(array._variable):
        return Branch(TreeLayout.LABELLED.value, "DataArray", "DataArray", 0, (), [])
    coords = _variables(array._coords, "coords", most)
    return _labelled(array._variable, "DataArray", [("coords", coords), ("name", array._name)])


def open_dataset(dataset: Any, kind: type, most: int) -> Branch:
    """Read a Dataset: its variables apart from its coordinates."""
    names = dataset._coord_names
    own = {name: found for name, found in dataset._variables.items() if name not in names}
    coords = {name: found for name, found in dataset._variables.items() if name in names}
    items = [_variables(own, "variables", most), _variables(coords, "coords", most)]
    items.append(_attributes(dataset._attrs))
    labels = ("variables", "coords", "attrs")
    return Branch(TreeLayout.DATASET.value, "Dataset", "Dataset", 3, labels, items)


def open_variable(variable: Any, kind: type, most: int) -> Branch:
    """Read a Variable: values and dimensions without coordinates."""
    return _labelled(variable, kind.__name__, [])


def _variables(variables: dict[Any, Any], name: str, most: int) -> Branch:
    shown = list(variables.items())[: max(most, 0)]
    labels = tuple(label_of(key) for key, _ in shown)
    items: list[Any] = [
        _labelled(variable, "Variable", [])
        if _is_own(variable)
        else f"<{class_name(type(variable))}>"
        for _, variable in shown
    ]
    layout = TreeLayout.KEYS.value
    return Branch(layout, "dict", name, len(variables), labels, items)


def _is_own(variable: Any) -> bool:
    own = loaded_library("xarray")
    return any(type(variable) is own.get(name) for name in ("Variable", "IndexVariable"))


def _labelled(variable: Any, type_name: str, more: list[tuple[Label, Any]]) -> Branch:
    dims = [str(name) if type(name) is str else "…" for name in variable._dims]
    shown = Branch(TreeLayout.ITEMS.value, "tuple", "tuple", len(dims), len(dims), dims)
    parts: list[tuple[Label, Any]] = [("values", _values(variable._data)), ("dims", shown)]
    parts += more
    parts.append(("attrs", _attributes(variable._attrs)))
    labels = tuple(label for label, _ in parts)
    items = [item for _, item in parts]
    layout = TreeLayout.LABELLED.value
    return Branch(layout, type_name, type_name, len(items), labels, items)


def _attributes(attributes: Any) -> Any:
    return attributes if type(attributes) is dict else {}


def _values(data: Any) -> Any:
    """Return a variable's values where they are in memory; else what they are, in a word.

    Values that are computed or read from a file when asked for are the program's to ask for.
    """
    numpy = numpy_types()
    kind = type(data)
    if numpy is not None and kind is numpy.ndarray:
        return read_column(data, len(data)) if data.dtype.kind == "O" and data.ndim == 1 else data
    indexing = loaded_library("xarray.core.indexing")
    if any(kind is indexing.get(name) for name in _ADAPTERS):
        index = data.array
        if type(index) is loaded_library("pandas").get("RangeIndex") and numpy is not None:
            numbers = numpy.module.asarray(index[:_MOST_CATEGORIES]._values)
            return Data(numbers, "RangeIndex", (len(index),))
        return read_index(index, len(index))
    return f"<{kind.__name__}>"


XARRAY_OPENERS: dict[str, Opener] = {
    "DataArray": open_array,
    "Dataset": open_dataset,
    "Variable": open_variable,
    "IndexVariable": open_variable,
}
