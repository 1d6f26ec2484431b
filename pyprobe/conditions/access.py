"""Access: how a condition's names, attributes and elements are read; the seam to whoever has them.

A reader raises KeyError or any ``PyProbeError`` where there is nothing to read; the item is then
false and counted. The readers of ``pyprobe.core.plain_access`` fit; without them only the simplest
objects are read, which can be done here without running code of a program.
"""

import sys
from collections.abc import Callable, Mapping
from types import CodeType, GetSetDescriptorType, MemberDescriptorType, SimpleNamespace
from typing import Any, Protocol, TypeVar

from pyprobe.conditions.plain_values import find_in_class, numpy_class, type_name
from pyprobe.errors import PyProbeError

ScopeT = TypeVar("ScopeT")
T = TypeVar("T")
ScopeT_contra = TypeVar("ScopeT_contra", contravariant=True)


class AbsentValueError(PyProbeError):
    """There is no such attribute or element, or it cannot be read without running code."""


class Access(Protocol[ScopeT_contra]):
    """How to read what a condition names, in scopes of one kind (a frame, a mapping)."""

    @property
    def class_name(self) -> str:
        """The class that the scopes are in, which says what ``self.__x`` means; ``""`` for none."""

    @property
    def read_attribute(self) -> Callable[[object, str], object]:
        """Reads ``obj.name``."""

    @property
    def read_item(self) -> Callable[[object, int | str], object]:
        """Reads ``obj[key]``."""

    def name_reader(self, name: str) -> Callable[[ScopeT_contra], object]:
        """Return what reads the variable ``name`` in a scope; it raises KeyError if it has none."""

    def namespaces(self, scope: ScopeT_contra) -> tuple[dict[str, Any], Mapping[str, object]]:
        """Return a scope's globals and locals, for Python expressions."""

    def evaluate(
        self,
        convert: Callable[[Any], T],
        code: CodeType,
        global_names: dict[str, Any],
        local_names: Mapping[str, object],
    ) -> T:
        """Return what ``convert`` makes of a Python expression's value; raises what that raises."""


def read_own_attribute(obj: object, name: str) -> object:
    """Return what an object itself holds under ``name``, past everything its class computes.

    Raises:
        AbsentValueError: it holds none, or its class has a say in it.
    """
    kind = type(obj)
    descriptor: Any = find_in_class(kind, "__dict__")
    kind_of_dict = type(descriptor)
    plain_dict = kind_of_dict is GetSetDescriptorType or kind_of_dict is MemberDescriptorType
    own = descriptor.__get__(obj) if plain_dict else None
    in_class = find_in_class(kind, name)
    getter = find_in_class(kind, "__getattribute__")
    if type(own) is dict and in_class is None and any(getter is known for known in _GETTERS):
        found: object = dict.get(own, name, _MISSING)
        if found is not _MISSING:
            return found
    raise AbsentValueError(f"{type_name(obj)} has no plain attribute `{name}`")


def read_own_item(obj: Any, key: int | str) -> object:
    """Return an element of a plain list, tuple, dict, text or numpy array.

    Raises:
        AbsentValueError: there is no such element, or ``obj`` is something else.
    """
    kind = type(obj)
    for base in (list, tuple, dict, str, bytes, numpy_class("ndarray")):
        if kind is base:
            try:
                found: object = obj[key]
            except (LookupError, TypeError):
                break
            return found
    raise AbsentValueError(f"{type_name(obj)} has no plain element {key!r}")


class MappingAccess:
    """Reads names in a mapping from names to values."""

    __slots__ = ("read_attribute", "read_item")
    class_name = ""

    def __init__(
        self,
        *,
        read_attribute: Callable[[object, str], object] = read_own_attribute,
        read_item: Callable[[object, int | str], object] = read_own_item,
    ) -> None:
        self.read_attribute = read_attribute
        self.read_item = read_item

    def name_reader(self, name: str) -> Callable[[Mapping[str, object]], object]:
        """Return what reads ``name`` in a mapping; it raises KeyError if it is not there."""
        return lambda scope: scope[name]

    def namespaces(
        self, scope: Mapping[str, object]
    ) -> tuple[dict[str, Any], Mapping[str, object]]:
        """Return empty globals, and the mapping as locals."""
        return {"__builtins__": sys.modules["builtins"]}, scope

    def evaluate(
        self,
        convert: Callable[[Any], T],
        code: CodeType,
        global_names: dict[str, Any],
        local_names: Mapping[str, object],
    ) -> T:
        """Evaluate the expression, and take note of nothing."""
        return convert(eval(code, global_names, local_names))


_MISSING = object()
_GETTERS = (object.__getattribute__, SimpleNamespace.__getattribute__)
