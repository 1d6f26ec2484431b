"""Classes that raise on everything, for tests: none of their code may run."""

from typing import Any


class Ran(BaseException):
    """Code of a hostile class has run; not an Exception, so that nothing swallows it."""


def _run(*_arguments: object, **_options: object) -> Any:
    raise Ran


class HostileType(type):
    """A metaclass that raises whatever is asked of its classes."""

    __getattribute__ = _run
    __hash__ = _run
    __eq__ = _run
    __repr__ = _run
    __instancecheck__ = _run
    __subclasscheck__ = _run


_METHODS: tuple[str, ...] = (
    *("__getattribute__", "__getattr__", "__repr__", "__str__", "__format__", "__bytes__"),
    *("__len__", "__iter__", "__next__", "__getitem__", "__missing__", "__contains__"),
    *("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__bool__"),
    *("__int__", "__float__", "__complex__", "__index__", "__array__", "__array_finalize__"),
    *("__array_interface__", "__array_struct__", "__array_ufunc__", "__array_function__"),
    *("__buffer__", "__call__", "__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__"),
    *("__sizeof__", "__dir__", "__enter__", "__exit__", "__length_hint__", "__reversed__"),
    *("__neg__", "__abs__", "__round__", "__fspath__", "keys", "items", "values"),
)


def hostile_class(*bases: type, metaclass: type = HostileType, **namespace: Any) -> Any:
    """Return a class whose every method and property raises."""
    contents: dict[str, Any] = dict.fromkeys(_METHODS, _run)
    contents["__class__"] = property(_run)
    contents["__doc__"] = property(_run)
    contents.update(namespace)
    return metaclass("Hostile", bases, contents)


def with_attributes(instance: Any, **attributes: object) -> Any:
    """Set attributes past the class."""
    for name, value in attributes.items():
        object.__setattr__(instance, name, value)
    return instance
