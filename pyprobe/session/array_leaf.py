"""One part of a captured array as a value of its own: an element, a row, a column or a field."""

import re
from ast import literal_eval
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc import array_reader
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import ValueKind
from pyprobe.ipc.tree_form import Path
from pyprobe.session.history_records import ArrayCapture
from pyprobe.session.values import ArrayValue

# ``[3]``, ``[1, 2]``, ``[:, 3]``, ``[2, :]``
_PLACE = re.compile(r"\[((?:-?\d{1,18}|:)(?:, ?(?:-?\d{1,18}|:))*)\]")
_KINDS: dict[str, tuple[ValueKind, Any]] = {
    "f": (ValueKind.FLOAT, np.float64),
    "i": (ValueKind.INT, np.int64),
    "u": (ValueKind.INT, np.int64),
    "b": (ValueKind.BOOL, np.bool_),
    "c": (ValueKind.COMPLEX, np.complex128),
}
_INT64_MAX = (1 << 63) - 1


def array_leaf(value: ArrayValue, path: Path) -> NDArray[Any] | None:
    """Return the part of an array that a path leads to, 0-d for one number; None where none is.

    Steps are ``['field']`` of a structured dtype and places: ``[3]``, ``[1, 2]``, ``[:, 3]``.
    """
    part: Any = value.array
    for step in path:
        part = _step_into(part, step, is_whole=not value.reduced)
        if part is None:
            return None
    return np.asarray(part) if path and part.dtype.kind in _KINDS else None


def _step_into(part: Any, step: str, *, is_whole: bool) -> Any:
    matched = _PLACE.fullmatch(step)
    if matched is None:
        name = _field_name(step)
        return part[name] if name in (part.dtype.names or ()) else None
    places = [slice(None) if one == ":" else int(one) for one in re.split(", ?", matched[1])]
    if not is_whole or len(places) > part.ndim:
        return None  # of a reduced array the elements are no longer where they were
    inside = all(
        isinstance(place, slice) or -length <= place < length
        for place, length in zip(places, part.shape, strict=False)
    )
    return part[tuple(places)] if inside else None


def _field_name(step: str) -> object:
    try:
        return literal_eval(step[1:-1])
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def array_leaf_columns(
    captures: Sequence[ArrayCapture], path: Path, *, probe_id: int
) -> Iterator[Column]:
    """Yield one part of captured arrays as ordinary columns; what lacks it is a NaN, a gap."""
    found = [(capture, array_leaf(capture.value, path)) for capture in captures]
    for (kind, dtype), group in groupby(found, key=lambda pair: _sort(pair[1])):
        rows = list(group)
        head: dict[str, Any] = {
            "probe_id": probe_id,
            "kind": kind,
            "dtype": dtype,
            "seq": np.array([capture.seq for capture, _ in rows], np.int64),
            "t_ns": np.array([capture.t_ns for capture, _ in rows], np.int64),
            "thread": np.array([capture.thread for capture, _ in rows], np.uint64),
        }
        parts = [part for _, part in rows if part is not None]
        if kind is ValueKind.ARRAY:
            arrays = [array_reader.ArrayValue(part, "ndarray", part.shape, "") for part in parts]
            yield Column(**head, arrays=arrays)
        else:
            numbers = [part.item() for part in parts] or [np.nan] * len(rows)
            wide = _KINDS[_LETTERS[kind]][1]
            yield Column(**head, values=np.array(numbers, wide))


_LETTERS = {
    ValueKind.FLOAT: "f",
    ValueKind.INT: "i",
    ValueKind.BOOL: "b",
    ValueKind.COMPLEX: "c",
}


def _sort(part: NDArray[Any] | None) -> tuple[ValueKind, str]:
    if part is None:
        return ValueKind.FLOAT, "float"
    if part.ndim:
        return ValueKind.ARRAY, part.dtype.name
    if part.dtype.kind == "u" and int(part) > _INT64_MAX:
        return ValueKind.FLOAT, part.dtype.name
    return _KINDS[part.dtype.kind][0], part.dtype.name
