"""Text in arrays: numpy keeps any 32-bit number as a character, Python only those of Unicode."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_LAST_CHARACTER = 0x10FFFF
_REPLACEMENT = 0xFFFD


def with_readable_text(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array whose text can be read; the same one where there is nothing to replace."""
    if not _holds_text(array.dtype) or not array.size or _is_readable(array):
        return array
    readable = array.copy()
    for codes in _codes(readable):
        codes[codes > _LAST_CHARACTER] = _REPLACEMENT
    return readable


def _holds_text(dtype: np.dtype[Any]) -> bool:
    if dtype.names is not None:
        return any(_holds_text(dtype[name].base) for name in dtype.names)
    return dtype.kind == "U"


def _is_readable(array: NDArray[Any]) -> bool:
    return not any(bool((codes > _LAST_CHARACTER).any()) for codes in _codes(array))


def _codes(array: NDArray[Any]) -> list[NDArray[np.uint32]]:
    """Return views of the numbers of all characters, field by field."""
    if array.dtype.names is not None:
        return [codes for name in array.dtype.names for codes in _codes(array[name])]
    characters = array.dtype.itemsize // 4 if array.dtype.kind == "U" else 0
    return [array.getfield(np.dtype(("<u4", (characters,))), 0)] if characters else []
