"""The part of ``dataclasses`` that our records use, in little time: the target's are made by it.

The standard module imports ``inspect`` and compiles six methods for each class, which took half of
what the runner adds to a program's start. Here one method is compiled for each class, when it is
first needed. ``tests/core/test_light_dataclasses.py`` holds the two against each other.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, ClassVar

_MISSING: Any = object()
_set = object.__setattr__
_delete = object.__delattr__


class FrozenInstanceError(AttributeError):
    """A field of a frozen record was to be set."""


class Field:
    """One field of a record."""

    __slots__ = ("default", "default_factory", "name", "type")

    def __init__(self, default: object, default_factory: Callable[[], object]) -> None:
        self.default = default
        self.default_factory = default_factory
        self.name = ""
        self.type: object = None


def field(*, default: Any = _MISSING, default_factory: Any = _MISSING) -> Any:
    """Say how a field begins that is not given."""
    return Field(default, default_factory)


def fields(record: Any) -> tuple[Field, ...]:
    """Return the fields of a record or of its class, in their order."""
    return tuple(record.__dataclass_fields__.values())


def dataclass(
    cls: type | None = None, *, frozen: bool = False, eq: bool = True, slots: bool = False
) -> Any:
    """Make a class a record, as ``dataclasses.dataclass`` does."""
    if cls is None:
        return lambda found: _process(found, frozen=frozen, eq=eq, slots=slots)
    return _process(cls, frozen=frozen, eq=eq, slots=slots)


def _process(cls: type, *, frozen: bool, eq: bool, slots: bool) -> type:
    found: dict[str, Field] = {}
    for base in cls.__mro__[-1:0:-1]:
        found.update(getattr(base, "__dataclass_fields__", {}))
    own = [one for name, kind in _annotations(cls) if (one := _field_of(cls, name, kind))]
    found.update({one.name: one for one in own})
    if slots:
        cls = _with_slots(cls, [one.name for one in own])
    names = tuple(found)
    attributes: dict[str, object] = {
        "__dataclass_fields__": found,
        "__match_args__": names,
        "__repr__": _make_repr(names),
    }
    if eq:
        attributes |= _comparing(names, frozen)
    if frozen:
        attributes |= _freezing(cls, names)
    if "__init__" not in cls.__dict__:
        attributes["__init__"] = _make_first_init(cls, tuple(found.values()), frozen)
    for name, value in attributes.items():
        if name not in cls.__dict__ or (name == "__hash__" and "__eq__" in attributes):
            setattr(cls, name, value)
    return cls


def _annotations(cls: type) -> list[tuple[str, object]]:
    return list(vars(cls).get("__annotations__", {}).items())


def _field_of(cls: type, name: str, kind: object) -> Field | None:
    """Return what an annotation of a class declares; None for a ClassVar."""
    if kind is ClassVar or getattr(kind, "__origin__", None) is ClassVar:
        return None
    given = cls.__dict__.get(name, _MISSING)
    one = given if isinstance(given, Field) else Field(given, _MISSING)
    one.name, one.type = name, kind
    if isinstance(given, Field):
        if one.default is _MISSING:
            delattr(cls, name)
        else:
            setattr(cls, name, one.default)
    return one


def _with_slots(cls: type, names: list[str]) -> type:
    """Return the class made anew: slots cannot be given to one that exists."""
    left_out = {*names, "__dict__", "__weakref__"}
    attributes = {key: value for key, value in cls.__dict__.items() if key not in left_out}
    attributes["__slots__"] = tuple(names)
    made = type(cls)(cls.__name__, cls.__bases__, attributes)
    made.__qualname__ = cls.__qualname__
    return made


def _make_repr(names: tuple[str, ...]) -> Callable[[Any], str]:
    def __repr__(self: Any) -> str:
        told = ", ".join([f"{name}={getattr(self, name)!r}" for name in names])
        return f"{type(self).__qualname__}({told})"

    return __repr__


def _comparing(names: tuple[str, ...], frozen: bool) -> dict[str, object]:
    key: Callable[[Any], Any] = attrgetter(*names) if names else lambda record: ()
    if len(names) == 1:
        only = key

        def key(record: Any) -> Any:
            return (only(record),)

    def __eq__(self: Any, other: object) -> Any:
        return key(self) == key(other) if type(other) is type(self) else NotImplemented

    def __hash__(self: Any) -> int:
        return hash(key(self))

    return {"__eq__": __eq__, "__hash__": __hash__ if frozen else None}


def _freezing(cls: type, names: tuple[str, ...]) -> dict[str, object]:
    def __setattr__(self: Any, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        _set(self, name, value)

    def __delattr__(self: Any, name: str) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        _delete(self, name)

    return {"__setattr__": __setattr__, "__delattr__": __delattr__}


def _make_first_init(cls: type, declared: tuple[Field, ...], frozen: bool) -> Callable[..., None]:
    """Return an ``__init__`` that puts the real one in its place when it is first called."""

    def __init__(self: Any, *args: object, **kwargs: object) -> None:
        made = _make_init(declared, frozen, hasattr(cls, "__post_init__"))
        if cls.__dict__.get("__init__") is __init__:
            setattr(cls, "__init__", made)  # noqa: B010  mypy forbids the assignment
        made(self, *args, **kwargs)

    return __init__


def _make_init(declared: tuple[Field, ...], frozen: bool, has_post: bool) -> Callable[..., None]:
    namespace: dict[str, Any] = {"_set": _set, "_missing": _MISSING}
    head, body = ["self"], []
    for one in declared:
        name, value = one.name, one.name
        if one.default_factory is not _MISSING:
            namespace[f"_make_{name}"] = one.default_factory
            head.append(f"{name}=_missing")
            value = f"_make_{name}() if {name} is _missing else {name}"
        elif one.default is not _MISSING:
            namespace[f"_default_{name}"] = one.default
            head.append(f"{name}=_default_{name}")
        else:
            head.append(name)
        body.append(f" _set(self, {name!r}, {value})" if frozen else f" self.{name} = {value}")
    if has_post:
        body.append(" self.__post_init__()")
    source = f"def __init__({', '.join(head)}):\n" + "\n".join(body or [" pass"])
    # Not exec(source): that would make the interpreter forget that a KeyboardInterrupt ends it.
    exec(compile(source, f"{__file__}<record>", "exec"), namespace)
    made: Callable[..., None] = namespace["__init__"]
    return made
