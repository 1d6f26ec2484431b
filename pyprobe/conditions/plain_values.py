"""Plain values: what an object counts as in a condition, found without running program code.

Numbers, texts, bytes, None and enum members are plain; a numpy scalar, and an instance of a
subclass of number or text, counts as its value. Classes are read through C descriptors fetched once
from ``type``, so nothing a class or metaclass defines is asked.
"""

import sys
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from enum import Enum
from types import ModuleType
from typing import Any

NOT_PLAIN = object()
ARRAY = object()

_FLAG_HEAP = 1 << 9  # of type.__flags__: a class made by a class statement
_mro_of: Callable[[type], tuple[type, ...] | None] = type.__dict__["__mro__"].__get__
_namespace_of: Callable[[type], Mapping[str, Any]] = type.__dict__["__dict__"].__get__
_flags_of: Callable[[type], int] = type.__dict__["__flags__"].__get__
_name_of: Callable[[type], str] = type.__dict__["__name__"].__get__


def type_name(obj: object) -> str:
    """Return the name of an object's real type."""
    return _name_of(type(obj))


def find_in_class(kind: type, name: str) -> object:
    """Return what a class or its bases hold under ``name``, or None."""
    for base in _mro_of(kind) or ():
        namespace = _namespace_of(base)
        if name in namespace:
            return namespace[name]
    return None


class _NoSuchClass:
    pass


def numpy_class(name: str) -> type:
    """Return a C class of numpy, or one that is no base of anything while numpy is not loaded."""
    module = sys.modules.get("numpy")
    found = vars(module).get(name) if type(module) is ModuleType else None
    return found if type(found) is type and not _flags_of(found) & _FLAG_HEAP else _NoSuchClass


def plain(value: object) -> object:
    """Return the number, text, bytes, None or enum member a value counts as.

    ``ARRAY`` for an array of several elements, ``NOT_PLAIN`` for everything else.
    """
    kind = type(value)
    if kind is float or kind is int or kind is str or kind is bool or value is None:
        return value
    if kind is bytes or kind is complex:
        return value
    array, scalar = numpy_class("ndarray"), numpy_class("generic")
    for base in _mro_of(kind) or ():
        reader = _READERS.get(id(base))
        if reader:
            return reader(value)
        if base is array:
            return _element(array, value) if dimensions(value) == 0 else ARRAY
        if base is scalar:
            return _element(scalar, value)
    return NOT_PLAIN


_READERS: dict[int, Callable[[Any], object]] = {
    id(int): int.__int__,
    id(float): float.__float__,
    id(complex): complex.__complex__,
    id(str): str.__str__,
    id(bytes): lambda value: bytes.__getitem__(value, slice(None)),
    id(Enum): lambda member: member,
}


def dimensions(array: object) -> int:
    """Return how many indices it takes to name one element of an array."""
    count: int = _namespace_of(numpy_class("ndarray"))["ndim"].__get__(array)
    return count


def _element(owner: type, value: Any) -> object:
    found: Any = _namespace_of(owner)["item"](value)
    if type(found) is type(value):  # numpy has no plain number for its long ones
        extended = type(found) is numpy_class("longdouble")
        return float(found) if extended else NOT_PLAIN
    return plain(found)


def is_member(value: object) -> bool:
    """Tell whether a plain value is a member of an enum that is no number and no text."""
    return any(base is Enum for base in (_mro_of(type(value)) or ()))


def member_name(member: object) -> str:
    """Return an enum member's name."""
    name = _dict_of_member(member).get("_name_")
    return name if type(name) is str else ""


_dict_of_member: Callable[[object], dict[str, object]] = Enum.__dict__["__dict__"].__get__


def truth(value: object) -> object:
    """Return a value's truth as Python has it; ``ARRAY`` or ``NOT_PLAIN`` where it has none here.

    A container is true if it is not empty, an object without ``__bool__`` and ``__len__`` is true.
    """
    found = plain(value)
    if found is ARRAY:
        return ARRAY
    if found is not NOT_PLAIN and not is_member(found):
        return bool(found)
    for base in _mro_of(type(value)) or ():
        length = _LENGTHS.get(id(base))
        if length:
            return length(value) > 0
        namespace = _namespace_of(base)
        if "__bool__" in namespace or "__len__" in namespace:
            return NOT_PLAIN
    return True


_LENGTHS: dict[int, Callable[[Any], int]] = {
    id(kind): kind.__len__
    for kind in (list, tuple, dict, OrderedDict, set, frozenset, deque, bytearray, range)
}
