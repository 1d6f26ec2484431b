"""Reading attributes and elements of any object without running code of the program.

Names are looked up in the dicts of the classes themselves, through C descriptors fetched once from
``type`` and ``object``. So metaclasses, ``__getattr__``, ``__getattribute__``, ``__class__``,
properties and classes that raise on everything are never asked.

``isinstance`` and ``in`` on tuples or sets of classes are avoided on purpose: both can call into a
class (``__class__``) or its metaclass (``__eq__``, ``__hash__``).
"""

import sys
from _collections import _tuplegetter  # type: ignore[import-not-found]
from _functools import _lru_cache_wrapper, partial  # type: ignore[import-not-found]
from _thread import _local
from _weakref import CallableProxyType, ProxyType
from collections.abc import Callable
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any

from pyprobe.core.plain_items import read_item, read_item_running_code
from pyprobe.core.plain_types import (
    FLAG_DICT,
    FLAG_HEAP,
    MISSING,
    AbsentError,
    PlainAccessError,
    RunsCodeError,
    class_name,
    find_in_class,
    flags_of,
    has_base,
    mro_of,
    namespace_of,
    plain_type_name,
)

_generic_read: Callable[[object, str], object] = object.__getattribute__
_OBJECT_NAMES = namespace_of(object)

# What C code binds without asking anything of the program.
_SAFE_DESCRIPTORS = {
    id(kind)
    for kind in (
        FunctionType,
        BuiltinFunctionType,
        MethodDescriptorType,
        WrapperDescriptorType,
        ClassMethodDescriptorType,
        MemberDescriptorType,
        MethodWrapperType,
        MethodType,
        staticmethod,
        _tuplegetter,
        _lru_cache_wrapper,
    )
}

# Their attribute access is C code of its own kind; ``object.__getattribute__`` would not be theirs.
_FORWARDING = {id(kind) for kind in (super, ProxyType, CallableProxyType)}

# Modules whose C getters compute from the object's own data only.
_KNOWN_MODULES = frozenset(
    (
        *("builtins", "numpy", "datetime", "decimal", "collections", "array", "functools", "re"),
        *("itertools", "fractions", "zoneinfo", "uuid", "types", "weakref", "_thread", "operator"),
    )
)
_CODE_RUNNING_GETTERS = frozenset(
    (
        *("__annotations__", "__annotate__", "__type_params__", "f_locals", "__abstractmethods__"),
        *("__isabstractmethod__", "__parameters__"),  # these ask what they hold
        "co_lnotab",  # warns, from 3.12 on
    )
)
# Those of a type that ask what its objects hold or are of, where others of the name do not.
_ASKING_GETTERS = frozenset(
    (
        (id(property), "__name__"),
        (id(MethodType), "__doc__"),
        (id(BuiltinFunctionType), "__qualname__"),
        (id(MemberDescriptorType), "__qualname__"),
        (id(GetSetDescriptorType), "__qualname__"),
    )
)
_ARRAY_FACTS = frozenset(
    ("shape", "ndim", "size", "dtype", "itemsize", "nbytes", "strides", "flags")
)


_state_of_exception: Callable[[Any], Any] = BaseException.__reduce__


def _made_by_exception(obj: object) -> Any:
    state = _state_of_exception(obj)
    return state[2] if len(state) > 2 else None


def _made_by_partial(obj: object) -> Any:
    return partial.__reduce__(obj)[2][3]


# Types that make their objects' ``__dict__`` when it is first asked for, and behave otherwise when
# it is there: in what they pickle, and a partial in what is made of it.
_MADE_LATE = {
    id(BaseException.__dict__["__dict__"]): _made_by_exception,
    id(partial.__dict__["__dict__"]): _made_by_partial,
}


def plain_dict(obj: object) -> dict[str, object] | None:
    """Return the object's own ``__dict__``, or None if it has none that is plain data.

    It may be an instance of a subclass of dict: read it through ``dict.get`` and the like only.
    """
    for base in mro_of(type(obj)):
        descriptor = namespace_of(base).get("__dict__")
        if descriptor is None:
            continue
        kind = type(descriptor)
        if kind is GetSetDescriptorType or kind is MemberDescriptorType:
            made_by = _MADE_LATE.get(id(descriptor))
            try:
                found = descriptor.__get__(obj) if made_by is None else made_by(obj)
            except (AttributeError, TypeError):
                return None
            return found if flags_of(type(found)) & FLAG_DICT else None
    return None


def read_attribute(obj: object, name: str) -> object:
    """Return ``obj.name`` as the program would get it, running none of its code.

    Raises:
        RunsCodeError: a property, ``__getattr__`` or the like would have to run.
        AbsentError: there is no such attribute.
    """
    found: object = MISSING
    for base in mro_of(type(obj)):
        if base is object:
            break
        namespace = namespace_of(base)
        if found is MISSING and name in namespace:
            found = namespace[name]
        if "__getattribute__" in namespace:
            return _read_by_kind(obj, name, found, namespace["__getattribute__"])
    return _read_generic(obj, name, found)


def _read_by_kind(obj: object, name: str, found: object, getter: object) -> object:
    """Read where a class has a ``__getattribute__`` of its own."""
    if type(getter) is not WrapperDescriptorType:
        raise RunsCodeError(
            f"{plain_type_name(obj)} has its own __getattribute__: "
            f"reading `{name}` would run its code"
        )
    owner = getter.__objclass__
    if owner is type:
        return _read_of_class(obj, name)  # type: ignore[arg-type]
    if id(owner) in _FORWARDING:
        raise RunsCodeError(f"{plain_type_name(obj)} forwards `{name}`: reading it may run code")
    if found is MISSING:
        found = find_in_class(type(obj), name)
    if owner is _local:
        _check_descriptor(obj, name, found)
        return _attempt(_local.__getattribute__, obj, name)
    return _read_generic(obj, name, found)


def _read_generic(obj: object, name: str, found: object) -> object:
    if found is MISSING:
        if name in _OBJECT_NAMES:
            found = _OBJECT_NAMES[name]
            _check_descriptor(obj, name, found)
    elif id(type(found)) not in _SAFE_DESCRIPTORS and (reason := _why_unsafe(obj, name, found)):
        return _read_beside(obj, name, found, reason)
    return _attempt(_generic_read, obj, name)


def _attempt(reader: Callable[[Any, str], object], obj: object, name: str) -> object:
    """Read through C code that asks nothing of the program; explain what is missing."""
    why = ""
    try:
        return reader(obj, name)
    except AttributeError:
        pass  # the error holds the object; leave it before raising ours
    except ValueError as error:  # an empty cell, a released memoryview, a detached stream
        if error.__traceback__ is None or error.__traceback__.tb_next is not None:
            raise  # by a signal handler of the program
        why = str(error)
    if why:
        raise AbsentError(f"`{name}` of {plain_type_name(obj)}: {why}")
    found = _kept_by_module(obj, name)
    if found is not MISSING:
        return found
    if find_in_class(type(obj), "__getattr__") is not MISSING or _module_getattr(obj):
        raise RunsCodeError(
            f"`{name}` of {plain_type_name(obj)} comes from __getattr__: "
            "reading it would run its code"
        )
    raise AbsentError(f"{plain_type_name(obj)} has no attribute `{name}`")


def _kept_by_module(obj: object, name: str) -> object:
    """Return what torch's modules keep beside their attributes, as their ``__getattr__`` would."""
    torch = sys.modules.get("torch.nn.modules.module")
    base = vars(torch).get("Module") if type(torch) is ModuleType else None
    if type(base) is not type or not has_base(type(obj), base):
        return MISSING
    if find_in_class(type(obj), "__getattr__") is not namespace_of(base).get("__getattr__"):
        return MISSING  # the program's own
    own = plain_dict(obj) or {}
    for store in ("_parameters", "_buffers", "_modules"):
        kept: Any = dict.get(own, store)
        if flags_of(type(kept)) & FLAG_DICT and dict.__contains__(kept, name):
            return dict.__getitem__(kept, name)
    return MISSING


def _module_getattr(obj: object) -> bool:
    if not has_base(type(obj), ModuleType):
        return False
    own = plain_dict(obj)
    return own is not None and dict.__contains__(own, "__getattr__")


def _read_beside(obj: object, name: str, found: object, reason: str) -> object:
    """Read an instance's own value beside a class attribute whose getter must not run."""
    kind = type(found)
    if find_in_class(kind, "__set__") is MISSING and find_in_class(kind, "__delete__") is MISSING:
        own = plain_dict(obj)  # such as what a cached_property has left there
        value = MISSING if own is None else dict.get(own, name, MISSING)
        if value is not MISSING:
            return value
    if name in ("name", "value") and _is_enum_getter(found):
        return _attempt(_generic_read, obj, f"_{name}_")
    raise RunsCodeError(reason)


def _is_enum_getter(found: object) -> bool:
    enum = sys.modules.get("enum")
    if type(enum) is not ModuleType:
        return False
    base: type = vars(enum)["Enum"]
    return any(found is namespace_of(base).get(name) for name in ("name", "value"))


def _check_descriptor(obj: object, name: str, found: object) -> None:
    if found is not MISSING and id(type(found)) not in _SAFE_DESCRIPTORS:
        reason = _why_unsafe(obj, name, found)
        if reason:
            raise RunsCodeError(reason)


def _why_unsafe(obj: object, name: str, found: Any) -> str:
    """Say why a class attribute must not be bound, or return ``""`` if it may."""
    kind = type(found)
    if kind is property:
        return f"`{name}` is a property of {plain_type_name(obj)}: reading it would run its code"
    if kind is GetSetDescriptorType:
        return _why_unsafe_getter(obj, name, found)
    if kind is classmethod:
        wrapped = found.__func__
        if id(type(wrapped)) in _SAFE_DESCRIPTORS:
            return ""
    elif find_in_class(kind, "__get__") is MISSING:
        return ""
    return (
        f"`{name}` of {plain_type_name(obj)} is computed by a {class_name(kind)}: "
        "reading it would run its code"
    )


def _why_unsafe_getter(obj: object, name: str, found: Any) -> str:
    if name in ("__dict__", "__weakref__", "__class__"):
        return ""
    root = _module_root(found.__objclass__)
    asks = name in _CODE_RUNNING_GETTERS or (id(found.__objclass__), name) in _ASKING_GETTERS
    known = root in _KNOWN_MODULES and not asks
    # A subclass of an array is told of each new view, in code of its own.
    told = root == "numpy" and name not in _ARRAY_FACTS and flags_of(type(obj)) & FLAG_HEAP
    if known and not told and not (name in ("real", "imag") and _holds_objects(obj, found)):
        return ""
    return f"`{name}` of {plain_type_name(obj)} is computed when read: that could run code"


def _holds_objects(obj: object, found: Any) -> bool:
    """Whether it is an array of objects, which are asked for their parts."""
    dtype_of = namespace_of(found.__objclass__).get("dtype")
    return type(dtype_of) is GetSetDescriptorType and bool(dtype_of.__get__(obj).hasobject)


def _module_root(cls: type) -> str:
    module = namespace_of(cls).get("__module__") if flags_of(cls) & FLAG_HEAP else _static(cls)
    return module.partition(".")[0] if type(module) is str else ""


def _static(cls: type) -> str:
    module: str = type.__dict__["__module__"].__get__(cls)
    return module


def _read_of_class(cls: type, name: str) -> object:
    """Read an attribute of a class: its metaclass first where that computes, then its bases."""
    metaclass = type(cls)
    in_metaclass = find_in_class(metaclass, name)
    found = find_in_class(cls, name)
    if in_metaclass is not MISSING and (
        found is MISSING or find_in_class(type(in_metaclass), "__set__") is not MISSING
    ):
        _check_descriptor(cls, name, in_metaclass)
        if name == "__doc__":  # what the class holds there is bound (Objects/typeobject.c)
            _check_descriptor(cls, name, namespace_of(cls).get(name, MISSING))
        return _attempt(type.__getattribute__, cls, name)
    members = _enum_members(cls)
    if members is not None and name in members:
        return members[name]
    if found is not MISSING:
        kind = type(found)
        if kind is property or kind is GetSetDescriptorType:
            return found
        _check_descriptor(cls, name, found)
    return _attempt(type.__getattribute__, cls, name)


def _enum_members(cls: type) -> dict[str, object] | None:
    enum = sys.modules.get("enum")
    base = vars(enum).get("EnumType") if type(enum) is ModuleType else None
    if base is None or not has_base(type(cls), base):
        return None
    members = namespace_of(cls).get("_member_map_")
    return members if type(members) is dict else None


def read_attribute_running_code(obj: Any, name: str) -> object:
    """Return ``obj.name`` as the program does, its properties included. Only where the user asked.

    Raises:
        PlainAccessError: the program's code raised; the error says what.
    """
    try:
        return getattr(obj, name)
    except Exception as error:  # noqa: BLE001 - the program's code may raise anything
        raised = plain_type_name(error)
    raise PlainAccessError(f"reading `{name}` of {plain_type_name(obj)} raised {raised}")


__all__ = [
    "AbsentError",
    "PlainAccessError",
    "RunsCodeError",
    "plain_dict",
    "plain_type_name",
    "read_attribute",
    "read_attribute_running_code",
    "read_item",
    "read_item_running_code",
]
