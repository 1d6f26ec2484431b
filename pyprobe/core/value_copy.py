"""Copies of values for callbacks in one's own process, where nothing has to travel."""

import sys
from collections.abc import Sized
from typing import Any, NamedTuple

from pyprobe.core.data_classifier import classify_data
from pyprobe.core.value_libraries import describe_library
from pyprobe.core.value_text import summarise
from pyprobe.core.values import pack
from pyprobe.ipc.packed import PackedScalar, PackedText, PackedTree

# By id: a set of classes would hash the program's, which runs code of their metaclasses.
_IMMUTABLE = {id(kind) for kind in (bool, int, float, complex, str, bytes, type(None))}
_CONTAINERS = {id(kind) for kind in (list, tuple, set, frozenset, dict)}
_MAX_DEPTH = 20
_MAX_ITEMS = 1_000_000


class CopiedValue(NamedTuple):
    """A value that shares nothing with the program's, and what the classifier says of it."""

    value: object
    dtype: str
    shape: tuple[int, ...] | None


def copy_value(value: object) -> CopiedValue:
    """Copy a value: numbers, text, arrays and builtin containers as such, all else as its text."""
    dtype, shape = classify_data(value)
    return CopiedValue(_copied(value), dtype, shape)


def _copied(value: object) -> object:
    kind = type(value)
    if id(kind) in _IMMUTABLE:
        return value
    numpy: Any = sys.modules.get("numpy")
    if numpy is not None and kind is getattr(numpy, "ndarray", None):
        array: Any = value
        if not array.dtype.hasobject:
            return array.copy()
    if id(kind) in _CONTAINERS:
        try:
            return _Copier().copy(value, _MAX_DEPTH)
        except _NotPlainError:
            pass  # its text is what remains
    packed = pack(value, reduce_above=0, ring=None)
    if isinstance(packed, PackedTree):
        return describe_library(value) or summarise(value)[0]
    if isinstance(packed, PackedText):
        return packed.record["text"]
    if isinstance(packed, PackedScalar):
        return packed.value
    return getattr(packed, "record", packed)


class _NotPlainError(Exception):
    """A container holds something that cannot be copied without running its code."""


class _Copier:
    def __init__(self) -> None:
        self._left = _MAX_ITEMS

    def copy(self, value: object, depth: int) -> object:
        kind = type(value)
        if id(kind) in _IMMUTABLE:
            return value
        if id(kind) not in _CONTAINERS or depth == 0:
            raise _NotPlainError
        if kind is dict:
            items: list[tuple[object, object]] = list(dict.items(value))  # type: ignore[arg-type]
            self._count(items)
            return {self.copy(key, depth - 1): self.copy(item, depth - 1) for key, item in items}
        elements = list(value)  # type: ignore[call-overload]
        self._count(elements)
        copies = [self.copy(element, depth - 1) for element in elements]
        return kind(copies)  # type: ignore[call-arg]

    def _count(self, elements: Sized) -> None:
        self._left -= len(elements)
        if self._left < 0:
            raise _NotPlainError
