"""The part of ``typing`` that our modules use, in little time: the target's get it instead.

The standard module takes several milliseconds of a program's start, on 3.12 with ``re`` even ten.
What is not here, an import statement of ours gets from the standard module.
``tests/core/test_light_typing.py`` holds the two against each other.
"""

from collections import namedtuple
from collections.abc import Callable
from types import GenericAlias

TYPE_CHECKING = False

_make_named_tuple: Callable[..., type] = namedtuple


class Any:
    """Any type."""


class NoReturn:
    """The type of what does not return."""


class TypeAlias:
    """The type of a type's other name."""


class ClassVar:
    """An attribute of a class that is no field."""

    @classmethod
    def __class_getitem__(cls, item: object) -> GenericAlias:
        return GenericAlias(cls, (item,))


class Final(ClassVar):
    """A name that is bound once."""


class Generic:
    """A class with parameters, which mean nothing when it runs."""

    @classmethod
    def __class_getitem__(cls, item: object) -> type:
        return cls


class Protocol(Generic):
    """What a class must have to be taken for one of a kind."""


class TypeVar:
    """A parameter that stands for a type."""

    def __init__(self, name: str, *constraints: object, **options: object) -> None:
        self.__name__ = name

    def __or__(self, other: object) -> "TypeVar":
        return self

    __ror__ = __or__


def cast(kind: object, value: object) -> object:
    """Return the value."""
    return value


def overload(function: object) -> object:
    """Declare a function that the one below it defines."""
    return function


def dataclass_transform(**options: object) -> Callable[[object], object]:
    """Declare that what is decorated makes records."""
    return overload


class _NamedTupleMaker(type):
    """Makes of a class statement a named tuple with the statement's methods."""

    def __new__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, object]
    ) -> "_NamedTupleMaker":
        kinds = namespace.get("__annotations__", {})
        assert isinstance(kinds, dict)
        defaults = [namespace[field] for field in kinds if field in namespace]
        made = _make_named_tuple(name, kinds, defaults=defaults, module=namespace.get("__module__"))
        for key, value in namespace.items():
            if key not in kinds:
                setattr(made, key, value)
        return made  # type: ignore[return-value]


class _TypedDictMaker(type):
    """Makes of a class statement a class whose calls give plain dicts."""

    def __call__(cls, *args: object, **kwargs: object) -> object:
        return dict(*args, **kwargs)


class _Base:
    """What stands in a class statement for the class that it is made with."""

    def __init__(self, made_with: type) -> None:
        self._made_with = made_with

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return (self._made_with,)


NamedTuple = _Base(type.__new__(_NamedTupleMaker, "NamedTuple", (), {}))
TypedDict = _Base(_TypedDictMaker("TypedDict", (dict,), {}))
