"""When two captures are the same, and what to say where they are not."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyprobe.errors import PyProbeError
from pyprobe.ipc.array_reader import ArrayValue as WireArray
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import PACKED_ITEM_BYTES, ValueKind
from pyprobe.session.comparison_trees import SameArrays, first_difference, is_same_tree
from pyprobe.session.short_text import shorten
from pyprobe.session.tree_value import TreeValue, texts_of
from pyprobe.session.values import ArrayValue, ScalarValue, TextValue, Value

Mask = NDArray[np.bool_]

_CONTEXT_CHARACTERS = 12
_SHOWN_CHARACTERS = 40


@dataclass(frozen=True)
class Tolerance:
    """Numbers are equal when they differ by at most ``absolute + relative * larger magnitude``.

    Raises:
        PyProbeError: a tolerance is negative, infinite or NaN.
    """

    absolute: float = 0.0
    relative: float = 0.0

    def __post_init__(self) -> None:
        for value in (self.absolute, self.relative):
            if not 0.0 <= value < float("inf"):
                raise PyProbeError(f"a tolerance is a number from 0, not {value}")

    @property
    def is_exact(self) -> bool:
        """Whether only equal numbers are equal."""
        return self.absolute == self.relative == 0.0


EXACT = Tolerance()


def first_unequal(a: Column, b: Column, tolerance: Tolerance) -> int | None:
    """Return the first row at which two columns of equal length differ; ``None`` if they do not.

    Values of another kind, dtype or shape are other values, whatever they are worth; NaN equals
    NaN. Times and threads are not compared.
    """
    if (a.kind, a.dtype) != (b.kind, b.dtype):
        return 0
    if a.kind in PACKED_ITEM_BYTES:
        unequal = np.flatnonzero(~equal_elements(a.values, b.values, tolerance))
        return int(unequal[0]) if len(unequal) else None
    for position in range(a.count):
        left, right = value_at(a, position), value_at(b, position)
        if not _is_same(left, right, tolerance):
            return position
    return None


def _is_same(a: Value, b: Value, tolerance: Tolerance) -> bool:
    if isinstance(a, TreeValue) and isinstance(b, TreeValue):
        return is_same_tree(a.tree, b.tree, _same_parts(tolerance))
    if not isinstance(a, ArrayValue) or not isinstance(b, ArrayValue):
        return a == b
    return _form(a) == _form(b) and bool(equal_elements(a.array, b.array, tolerance).all())


def _same_parts(tolerance: Tolerance) -> SameArrays:
    def same(a: WireArray, b: WireArray) -> bool:
        if (a.type, a.array.dtype, a.array.shape) != (b.type, b.array.dtype, b.array.shape):
            return False
        return bool(equal_elements(a.array, b.array, tolerance).all())

    return same


def _form(value: ArrayValue) -> tuple[object, ...]:
    array = value.array
    return value.type_name, array.dtype, array.shape, value.full_shape, value.reduced


def equal_elements(a: NDArray[Any], b: NDArray[Any], tolerance: Tolerance) -> Mask:
    """Return for each element whether it is the same in both arrays of one dtype and shape."""
    if a.dtype.names:
        return _equal_fields(a, b, tolerance)
    with np.errstate(all="ignore"):
        match a.dtype.kind:
            case "c":
                return _equal_complex(a, b, tolerance)
            case "f":
                return _equal_floats(a, b) | _close(a, b, np.abs(a - b), tolerance)
            case "i" | "u":
                return _equal_whole(a, b, tolerance)
            case "m" | "M":
                return np.asarray((a == b) | (np.isnat(a) & np.isnat(b)))
    return np.asarray(a == b)


def _equal_fields(a: NDArray[Any], b: NDArray[Any], tolerance: Tolerance) -> Mask:
    equal = np.ones(a.shape, np.bool_)
    for name in a.dtype.names or ():
        same = equal_elements(a[name], b[name], tolerance)
        equal &= same.all(axis=tuple(range(a.ndim, same.ndim)))  # of a field that is an array
    return equal


def _equal_floats(a: NDArray[Any], b: NDArray[Any]) -> Mask:
    return np.asarray((a == b) | (np.isnan(a) & np.isnan(b)))


def _equal_complex(a: NDArray[Any], b: NDArray[Any], tolerance: Tolerance) -> Mask:
    equal = _equal_floats(a.real, b.real) & _equal_floats(a.imag, b.imag)
    return equal | _close(a, b, np.abs(a - b), tolerance)


def _equal_whole(a: NDArray[Any], b: NDArray[Any], tolerance: Tolerance) -> Mask:
    equal = np.asarray(a == b)
    if tolerance.is_exact or equal.all():
        return equal
    # The difference of two int64 may need 64 bits and a sign; of larger less smaller it needs none.
    distance = (np.maximum(a, b) - np.minimum(a, b)).view(f"u{a.dtype.itemsize}")
    return equal | _close(a, b, distance, tolerance)


def _close(a: NDArray[Any], b: NDArray[Any], distance: NDArray[Any], tolerance: Tolerance) -> Mask:
    if tolerance.is_exact:
        return np.zeros(a.shape, np.bool_)
    larger = np.maximum(np.abs(_wide(a)), np.abs(_wide(b)))
    within = _wide(distance) <= tolerance.absolute + tolerance.relative * larger
    return np.asarray(within & np.isfinite(_wide(a)) & np.isfinite(_wide(b)))


def _wide(values: NDArray[Any]) -> NDArray[Any]:
    if values.dtype.kind == "c":
        return values
    return values.astype(np.longdouble if values.dtype.itemsize > 8 else np.float64)


def value_at(column: Column, position: int) -> Value:
    """Return one capture's value."""
    if column.kind is ValueKind.ARRAY:
        record = column.arrays[position]
        return ArrayValue(record.array, record.type, tuple(record.full_shape), record.reduced)
    if column.kind in (ValueKind.TEXT, ValueKind.TREE):
        return texts_of(column.part(position, position + 1))[0]
    return ScalarValue(column.values[position].item(), column.kind, column.dtype)


def describe_difference(a: Value, b: Value, tolerance: Tolerance) -> str:
    """Say in what two values differ: ``0.5 against 0.25``."""
    if isinstance(a, ArrayValue) and isinstance(b, ArrayValue):
        return _describe_arrays(a, b, tolerance)
    if isinstance(a, TreeValue) and isinstance(b, TreeValue):
        return first_difference(a.tree, b.tree, _same_parts(tolerance))
    if isinstance(a, TextValue) and isinstance(b, TextValue) and a.type_name == b.type_name:
        return _describe_texts(a.content, b.content)
    left, right = _exact_text(a), _exact_text(b)
    if left == right or type(a) is not type(b) or a.dtype != b.dtype:
        left, right = f"{a.dtype} {left}", f"{b.dtype} {right}"
    return f"{left} against {right}"


def _exact_text(value: Value) -> str:
    if isinstance(value, ScalarValue):
        return repr(value.value)
    return value.text


def _describe_arrays(a: ArrayValue, b: ArrayValue, tolerance: Tolerance) -> str:
    if _form(a) != _form(b):
        left, right = _form_text(a), _form_text(b)
        return f"{left} against {right}" if left != right else f"{a.text} against {b.text}"
    unequal = np.argwhere(~equal_elements(a.array, b.array, tolerance))
    place = tuple(map(int, unequal[0]))
    left, right = (shorten(str(one.array[place]), _SHOWN_CHARACTERS) for one in (a, b))
    where = f"element {list(place)} is " if place else ""
    others = len(unequal) - 1
    more = f", and {others:,} more differ" if others else ""
    return f"{where}{left} against {right}{more}"


def _form_text(value: ArrayValue) -> str:
    size = " × ".join(map(str, value.array.shape)) or "0-d"
    what = value.dtype if value.type_name == "ndarray" else f"{value.type_name} of {value.dtype}"
    return f"{what} {size}{f' ({value.reduced})' if value.reduced else ''}"


def _describe_texts(a: str, b: str) -> str:
    """Show both where they part, since long texts may begin alike."""
    shorter = min(len(a), len(b))
    part = next((index for index in range(shorter) if a[index] != b[index]), shorter)
    start = max(0, part - _CONTEXT_CHARACTERS) if part > _SHOWN_CHARACTERS // 2 else 0
    left, right = (_cutting(text, start) for text in (a, b))
    return f"{left} against {right}"


def _cutting(text: str, start: int) -> str:
    shown = repr(text[start : start + _SHOWN_CHARACTERS])
    after = "…" if len(text) > start + _SHOWN_CHARACTERS else ""
    return f"{'…' if start else ''}{shown}{after}"
