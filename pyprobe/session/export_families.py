"""Which numbers and arrays of one probe can stand in one array, for formats of columns. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from pyprobe.ipc.columns import ValueKind

Form = ValueKind | np.dtype[Any]

_NAMES = {"b": "bool", "i": "int", "u": "uint", "f": "float", "c": "complex"}
_NAMES |= {"U": "text", "S": "bytes", "M": "date", "m": "duration", "V": "record"}
_NUMBERS = "biufc"
_KIND_DTYPES = {
    ValueKind.BOOL: np.dtype(np.bool_),
    ValueKind.INT: np.dtype("<i8"),
    ValueKind.FLOAT: np.dtype("<f8"),
    ValueKind.COMPLEX: np.dtype("<c16"),
}


def number_dtype(kinds: Iterable[ValueKind]) -> np.dtype[Any]:
    """Return the dtype that holds numbers of these kinds, large ints in the place of floats too."""
    return np.result_type(*(_KIND_DTYPES.get(kind, np.dtype("<f8")) for kind in kinds))


def families(forms: Sequence[Form], *, has_large_ints: bool) -> dict[Form, str]:
    """Return for each kind of number, or dtype of arrays, the name of the array it goes into.

    The name is ``""`` where one array holds all as they are. ``has_large_ints``: some are beyond
    what floats tell apart.
    """
    dtypes = {form: _dtype_of(form) for form in forms}
    numbers = {dtype for dtype in dtypes.values() if dtype.kind in _NUMBERS}
    fits = not has_large_ints or np.result_type(*numbers).kind in "biu" or _is_long(numbers)
    names: dict[Form, str] = {}
    known: dict[object, str] = {}
    for form, dtype in dtypes.items():
        family = _family(dtype, numbers_fit=fits)
        if family not in known:
            word = family if isinstance(family, str) else family[0]
            alike = sum(name.rstrip("0123456789") == word for name in known.values())
            known[family] = f"{word}{alike + 1}" if alike else word
        names[form] = known[family]
    return names if len(known) > 1 else dict.fromkeys(names, "")


def _dtype_of(form: Form) -> np.dtype[Any]:
    return _KIND_DTYPES.get(form, np.dtype("<f8")) if isinstance(form, ValueKind) else form


def _is_long(numbers: Iterable[np.dtype[Any]]) -> bool:
    """Whether the one float that holds all has room for 64-bit ints."""
    return np.finfo(np.result_type(*numbers)).nmant >= 63


def _family(dtype: np.dtype[Any], *, numbers_fit: bool) -> str | tuple[str, np.dtype[Any]]:
    if dtype.kind in _NUMBERS and numbers_fit:
        return "number"
    word = _NAMES.get(dtype.kind, "other")
    return word if dtype.kind in _NUMBERS or dtype.kind in "US" else (word, dtype)
