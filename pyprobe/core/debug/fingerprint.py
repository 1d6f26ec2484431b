"""Fingerprints: what a value is like, bounded, to be compared later without keeping the value.

No code of the program runs for it, and no reference to one of its objects is kept.
"""

from collections.abc import Callable
from typing import Any

from pyprobe.conditions.plain_values import numpy_class
from pyprobe.core.data_classifier import loaded_class
from pyprobe.core.plain_access import plain_dict
from pyprobe.core.plain_types import (
    FLAG_DICT,
    FLAG_LIST,
    FLAG_TUPLE,
    class_name,
    flags_of,
    has_base,
)

MAX_PARTS = 10_000
MAX_BYTES = 1 << 20
_MAX_DEPTH = 3

_PLAIN_KINDS = frozenset(map(id, (int, str, bytes, type(None))))
_MARKED_KINDS = frozenset(map(id, (float, complex, bool)))
_parts_of_list = list.__iter__
_parts_of_tuple = tuple.__iter__


def is_plain(value: object) -> bool:
    """Whether a value cannot change in place and is its own fingerprint."""
    kind = id(type(value))
    return kind in _PLAIN_KINDS or kind in _MARKED_KINDS


def fingerprint(value: object) -> object:
    """Return what compares equal as long as a value has the same contents.

    Beyond ``MAX_PARTS`` parts, ``MAX_BYTES`` of an array and three levels only sizes and
    identities are compared.
    """
    return _Taker().of(value, 0)


class _Taker:
    def __init__(self) -> None:
        self._left = MAX_PARTS

    def of(self, value: Any, depth: int) -> object:
        kind = type(value)
        if id(kind) in _PLAIN_KINDS:
            return value
        if id(kind) in _MARKED_KINDS:  # True equals 1, and 1.0 does
            return class_name(kind), value if value == value else "nan"
        self._left -= 1
        if depth >= _MAX_DEPTH or self._left <= 0:
            return id(value)
        parts = self._parts(value, kind, depth)
        return id(value) if parts is None else (class_name(kind), parts)

    def _parts(self, value: Any, kind: type, depth: int) -> object | None:
        flags = flags_of(kind)
        if flags & FLAG_LIST:
            return self._each(_parts_of_list(value), list.__len__(value), depth)
        if flags & FLAG_TUPLE:
            return self._each(_parts_of_tuple(value), tuple.__len__(value), depth)
        if flags & FLAG_DICT:
            return self._pairs(value, depth)
        for base in (set, frozenset):
            if has_base(kind, base):
                return self._each(base.__iter__(value), base.__len__(value), depth)
        known = _KNOWN.get(kind.__name__) if type(kind) is type else None
        found = known(self, value, kind, depth) if known is not None else None
        if found is not None or depth:
            return found
        own = plain_dict(value)
        return None if own is None else self._pairs(own, depth)

    def _each(self, parts: Any, length: int, depth: int) -> tuple[object, ...]:
        found: list[object] = [length]
        for part in parts:
            self._left -= 1
            if self._left <= 0:
                break
            found.append(self.of(part, depth + 1))
        return tuple(found)

    def _pairs(self, value: Any, depth: int) -> tuple[object, ...]:
        found: list[object] = [dict.__len__(value)]
        for key, part in dict.items(value):
            self._left -= 2
            if self._left <= 0:
                break
            found.append(self.of(key, depth + 1))
            found.append(self.of(part, depth + 1))
        return tuple(found)

    def _array(self, value: Any, kind: type, depth: int) -> object | None:
        if kind is not numpy_class("ndarray"):
            return None
        flat, step = value, max(value.nbytes // MAX_BYTES, 1)
        if step > 1:
            flat = value.reshape(-1)[::step] if value.flags.c_contiguous else value[::step]
        return value.shape, value.dtype.str, hash(flat.tobytes())

    def _bytes(self, value: Any, kind: type, depth: int) -> object | None:
        if kind is not bytearray and kind is not loaded_class("array", "array"):
            return None
        return hash(bytes(value))

    def _deque(self, value: Any, kind: type, depth: int) -> object | None:
        if kind is not loaded_class("collections", "deque"):
            return None
        return self._each(iter(value), len(value), depth)


_KNOWN: dict[str, Callable[[_Taker, Any, type, int], object | None]] = {
    "ndarray": _Taker._array,
    "bytearray": _Taker._bytes,
    "array": _Taker._bytes,
    "deque": _Taker._deque,
}
