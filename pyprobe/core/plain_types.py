"""What a class really is: its name, bases, dict and flags, read past anything the class defines.

Everything goes through C descriptors fetched once from ``type``; metaclasses are never asked.
``isinstance`` and ``in`` on tuples or sets of classes are avoided on purpose: both can call into a
class (``__class__``) or its metaclass (``__eq__``, ``__hash__``).
"""

from collections.abc import Callable, Mapping
from typing import Any

from pyprobe.errors import PyProbeError

# Bits of ``type.__flags__`` that CPython keeps for its own subclass checks.
FLAG_HEAP = 1 << 9
FLAG_INT = 1 << 24
FLAG_LIST = 1 << 25
FLAG_TUPLE = 1 << 26
FLAG_BYTES = 1 << 27
FLAG_STR = 1 << 28
FLAG_DICT = 1 << 29
FLAG_EXCEPTION = 1 << 30
FLAG_TYPE = 1 << 31

_mro_of: Callable[[type], tuple[type, ...] | None] = type.__dict__["__mro__"].__get__
namespace_of: Callable[[type], Mapping[str, Any]] = type.__dict__["__dict__"].__get__
flags_of: Callable[[type], int] = type.__dict__["__flags__"].__get__
class_qualname: Callable[[type], str] = type.__dict__["__qualname__"].__get__
_name_of: Callable[[type], str] = type.__dict__["__name__"].__get__
MISSING = object()


class PlainAccessError(PyProbeError):
    """A value cannot be read without running code of the program, or it is not there."""

    runs_code = False


class RunsCodeError(PlainAccessError):
    """Reading would run code of the program; the user may allow that for a probe."""

    runs_code = True


class AbsentError(PlainAccessError):
    """There is no such attribute or element."""


def plain_type_name(obj: object) -> str:
    """Return the name of the object's real type."""
    return _name_of(type(obj))


def class_name(cls: type) -> str:
    """Return the name that a class really has."""
    return _name_of(cls)


def mro_of(cls: type) -> tuple[type, ...]:
    """Return a class and its bases; nothing yet while the class is made (its ``mro()`` runs)."""
    return _mro_of(cls) or ()


def find_in_class(cls: type, name: str) -> object:
    """Return what the class or its bases hold under ``name``, or ``MISSING``."""
    for base in _mro_of(cls) or ():
        namespace = namespace_of(base)
        if name in namespace:
            return namespace[name]
    return MISSING


def has_base(cls: type, wanted: type) -> bool:
    """Tell whether ``wanted`` is really among the bases of ``cls`` (or is it)."""
    for base in _mro_of(cls) or ():  # noqa: SIM110 - any() with a generator takes three times as long
        if base is wanted:
            return True
    return False
