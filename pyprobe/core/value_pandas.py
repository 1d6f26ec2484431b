"""Reads pandas' tables and columns as parts of a tree: columns as arrays, the index beside them.

Only pandas' own classes are read, by their own methods; what they hold of the program's objects is
shown by its plain text.
"""

from typing import Any

from pyprobe.core.value_libraries import is_pandas_own
from pyprobe.core.value_modules import loaded_library
from pyprobe.core.value_numpy import NumpyTypes, numpy_types
from pyprobe.core.value_parts import Branch, Data, Label, Opener, label_of
from pyprobe.core.value_text import summarise
from pyprobe.ipc.trees import TreeLayout

# A larger table is cut to its first rows, so that its columns stay together.
TABLE_BYTES = 60 << 20
TEXT_ROWS = 10_000
TEXT_CHARS = 64

_NUMBERS = "biufcmM"
_MASKED = ("IntegerArray", "FloatingArray", "BooleanArray")
_TIMES = ("DatetimeArray", "TimedeltaArray")
_INDEXES = (
    *("Index", "DatetimeIndex", "TimedeltaIndex", "CategoricalIndex"),
    *("IntervalIndex", "PeriodIndex"),
)


def open_frame(frame: Any, kind: type, most: int) -> Branch:
    """Read a DataFrame: its index, then as many columns as there is room for."""
    manager = frame._mgr
    if not all(map(is_pandas_own, manager.axes)):
        return Branch(TreeLayout.TABLE.value, "DataFrame", "DataFrame", 1, (), [])
    count, rows = map(len, manager.axes)
    shown = min(count, max(most - 1, 0))
    arrays = [manager.iget_values(position) for position in range(shown)]
    kept = _rows_kept(rows, arrays)
    labels: list[Label] = [("index",), *_labels(manager.axes[0][:shown])]
    items = [read_index(manager.axes[1], kept), *(read_column(array, kept) for array in arrays)]
    return Branch(TreeLayout.TABLE.value, "DataFrame", "DataFrame", count + 1, tuple(labels), items)


def open_series(series: Any, kind: type, most: int) -> Branch:
    """Read a Series: its values, its index and its name."""
    values = series._values
    kept = _rows_kept(len(values), [values]) if is_pandas_own(values) else 0
    items = [read_column(values, kept), read_index(series.index, kept), series.name]
    labels = ("values", "index", "name")
    return Branch(TreeLayout.SERIES.value, "Series", "Series", 3, labels, items)


def open_index(index: Any, kind: type, most: int) -> Branch:
    """Read an index that is a value by itself."""
    found = read_index(index, _rows_kept(len(index), [index._values]))
    if isinstance(found, Branch):
        return found
    name = kind.__name__
    return Branch(TreeLayout.SERIES.value, name, name, 2, ("values", "name"), [found, index.name])


def _rows_kept(rows: int, arrays: list[Any]) -> int:
    own = filter(is_pandas_own, arrays)
    row_bytes = 8 + sum(getattr(array.dtype, "itemsize", 8) for array in own)
    return int(min(rows, TABLE_BYTES // row_bytes))


def _labels(index: Any) -> list[Label]:
    return [label_of(label) for label in list(index)]


def read_index(index: Any, rows: int) -> Data | Branch | str:
    """Return the first ``rows`` of an index of pandas' own; of any other its class's name."""
    pandas = loaded_library("pandas")
    kind = type(index)
    if kind is pandas.get("RangeIndex"):
        numbers = [index.start, index.stop, index.step]
        labels = ("start", "stop", "step")
        return Branch(TreeLayout.RANGE.value, "range", "RangeIndex", 3, labels, numbers)
    if kind is pandas.get("MultiIndex"):
        return _read_levels(index, rows)
    if any(kind is pandas.get(name) for name in _INDEXES):
        return read_column(index._values, rows)
    return f"<{kind.__name__}>"


def _read_levels(index: Any, rows: int) -> Branch:
    items: list[Any] = []
    for codes, level in zip(index.codes, index.levels, strict=True):
        cut = _data(codes, rows, "codes")
        categories = read_index(level, len(level))
        items.append(_categories("level", [cut, categories]))
    labels = tuple(
        f"level {position}" if name is None else label_of(name)
        for position, name in enumerate(index.names)
    )
    layout = TreeLayout.ATTRIBUTES.value
    return Branch(layout, "MultiIndex", "MultiIndex", len(items), labels, items)


def _categories(type_name: str, items: list[Any]) -> Branch:
    layout = TreeLayout.CATEGORIES.value
    return Branch(layout, "Categorical", type_name, 2, ("codes", "categories"), items)


def read_column(values: Any, rows: int) -> Data | Branch | str:
    """Return the first ``rows`` of a column's values as an array; of text fewer."""
    numpy = numpy_types()
    kind = type(values)
    if numpy is None:
        return f"<{kind.__name__}>"
    if kind is numpy.ndarray:
        if values.dtype.kind in _NUMBERS:
            return _data(values, rows, "ndarray")
        return _texts(values[:TEXT_ROWS], values, numpy)
    arrays = loaded_library("pandas.arrays")
    name = kind.__name__ if any(kind is found for found in arrays.values()) else ""
    if name == "Categorical":
        codes = _data(values.codes, rows, "codes")
        categories = values.categories
        return _categories("category", [codes, read_index(categories, len(categories))])
    if name in _TIMES:
        return _data(values._ndarray, rows, _name_of_times(values))
    if name in _MASKED:
        return _masked(values, rows, numpy)
    if name == "SparseArray":
        return read_column(values[:rows].to_dense(), rows)
    if name == "NumpyExtensionArray":
        return read_column(values._ndarray, rows)
    if name in ("PeriodArray", "IntervalArray"):
        return _texts(values[:TEXT_ROWS].astype(str), values, numpy)
    if name:
        return _texts(values[:TEXT_ROWS].to_numpy(dtype=object), values, numpy)
    return f"<{kind.__name__}>"  # an extension type of the program's own


def _name_of_times(values: Any) -> str:
    """Return the dtype without the name of its zone, which may be the program's to say."""
    name = str(values._ndarray.dtype)
    return name if getattr(values.dtype, "tz", None) is None else f"{name}, UTC"


def _data(array: Any, rows: int, type_name: str) -> Data | str:
    numpy = numpy_types()
    if numpy is None or type(array) is not numpy.ndarray:
        return "<ndarray>"  # of a class of the program's
    length = len(array)
    reduced = f"first {rows} of {length}" if rows < length else ""
    return Data(array[:rows], type_name, (length, *array.shape[1:]), reduced)


def _masked(values: Any, rows: int, numpy: NumpyTypes) -> Data:
    """Return values some of which may be missing: those as NaN, and then all as float64."""
    name = str(values.dtype)
    numbers, missing = values._data[:rows], values._mask[:rows]
    if missing.any():
        numbers = numpy.module.where(missing, float("nan"), numbers.astype("f8"))
    reduced = f"first {rows} of {len(values)}" if rows < len(values) else ""
    return Data(numbers, name, (len(values),), reduced)


def _texts(objects: Any, whole: Any, numpy: NumpyTypes) -> Data:
    """Return objects as text, each of at most 64 characters."""
    length = len(whole)
    texts = [_plain_text(item) for item in objects.tolist()]
    width = max(map(len, texts), default=1) or 1
    reduced = f"first {len(texts)} of {length}" if len(texts) < length else ""
    return Data(numpy.module.array(texts, dtype=f"U{width}"), str(whole.dtype), (length,), reduced)


def _plain_text(item: Any) -> str:
    if type(item) is str:
        return item if len(item) <= TEXT_CHARS else item[: TEXT_CHARS - 1] + "…"
    text = summarise(item)[0]
    return text if len(text) <= TEXT_CHARS else text[: TEXT_CHARS - 1] + "…"


PANDAS_OPENERS: dict[str, Opener] = {
    "DataFrame": open_frame,
    "Series": open_series,
    "Index": open_index,
    "RangeIndex": open_index,
    "MultiIndex": open_index,
    "DatetimeIndex": open_index,
    "TimedeltaIndex": open_index,
    "CategoricalIndex": open_index,
}
