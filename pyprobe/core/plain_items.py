"""Reading elements, ``obj[key]``, without running code of the program."""

import gc
import sys
from collections.abc import Callable
from types import MappingProxyType, ModuleType, WrapperDescriptorType
from typing import Any

from pyprobe.core.plain_types import (
    FLAG_BYTES,
    FLAG_DICT,
    FLAG_HEAP,
    FLAG_INT,
    FLAG_LIST,
    FLAG_STR,
    FLAG_TUPLE,
    MISSING,
    AbsentError,
    PlainAccessError,
    RunsCodeError,
    find_in_class,
    flags_of,
    has_base,
    mro_of,
    namespace_of,
    plain_type_name,
)

_Reader = Callable[[Any, Any], object]

_PLAIN_KEYS = {id(kind) for kind in (int, str, bytes, bool, float, complex, type(None))}
_BASES: tuple[tuple[int, Any], ...] = (
    (FLAG_LIST, list),
    (FLAG_TUPLE, tuple),
    (FLAG_DICT, dict),
    (FLAG_STR, str),
    (FLAG_BYTES, bytes),
)


def read_item(obj: object, key: object) -> object:
    """Return ``obj[key]`` as the program would get it, running none of its code.

    ``key`` may be a number, text, None, Ellipsis, a slice or a tuple of these; for an array also an
    array; as a dict's key any object that hashes and compares in C. As in the program's own
    look-up, a key *inside* the dict with an equal hash is compared by its own ``__eq__``.

    Raises:
        RunsCodeError: ``__getitem__``, ``__missing__`` or the like would have to run.
        AbsentError: there is no such element.
    """
    kind = type(obj)
    if kind is dict:
        return _read_mapping(obj, key)
    reader = _EXACT.get(id(kind))
    if reader is None:
        return _read_other(obj, key)
    _check_index(obj, key)
    return _attempt(reader, obj, key)


def read_item_running_code(obj: Any, key: object) -> object:
    """Return ``obj[key]`` as the program does. Only where the user asked.

    Raises:
        PlainAccessError: the program's code raised; the error says what.
    """
    try:
        return obj[key]
    except Exception as error:  # noqa: BLE001 - the program's code may raise anything
        raised = plain_type_name(error)
    raise PlainAccessError(f"reading {_describe(key)} of {plain_type_name(obj)} raised {raised}")


def _attempt(reader: _Reader, obj: object, key: object) -> object:
    try:
        return reader(obj, key)
    except (LookupError, TypeError, ValueError, NotImplementedError):
        pass  # the error holds the key and perhaps the object; leave it before raising ours
    raise AbsentError(f"{plain_type_name(obj)} has no element {_describe(key)}")


def _describe(key: object) -> str:
    text = repr(key) if id(type(key)) in _PLAIN_KEYS else f"of key type {plain_type_name(key)}"
    return text if len(text) <= 60 else f"{text[:60]}…"


def _check_index(obj: object, key: object) -> None:
    """Accept as an index of a sequence or array only what converts in C."""
    kind = type(key)
    if kind is int or kind is bool or key is None or key is Ellipsis:
        return
    if kind is slice:
        parts: tuple[object, ...] = (key.start, key.stop, key.step)  # type: ignore[attr-defined]
    elif kind is tuple:
        parts = key  # type: ignore[assignment]
    elif kind is str or _is_number_type(kind):
        return  # a structured array's field; a wrong one raises in C
    elif _is_plain_array(key):
        return
    else:
        raise RunsCodeError(
            f"an index of type {plain_type_name(key)} could run code of the program"
        )
    for part in parts:
        _check_index(obj, part)


def _is_plain_array(key: Any) -> bool:
    """Tell whether this is an array, perhaps a mask, of plain data and no objects."""
    ndarray: Any = _numpy("ndarray")
    return type(key) is ndarray and not key.dtype.hasobject


def _is_number_type(kind: type) -> bool:
    return kind is float or (not flags_of(kind) & FLAG_HEAP and has_base(kind, _numpy("generic")))


def _numpy(name: str) -> type:
    """Return a C class of numpy, or a class that is no base of anything if numpy is not there."""
    module = sys.modules.get("numpy")
    found = vars(module).get(name) if type(module) is ModuleType else None
    return found if type(found) is type and not flags_of(found) & FLAG_HEAP else _NoSuchClass


class _NoSuchClass:
    pass


def _read_mapping(obj: Any, key: object) -> object:
    if id(type(key)) not in _PLAIN_KEYS:
        _check_hashable(key)
    try:
        found: object = dict.get(obj, key, MISSING)  # never asks __missing__
    except TypeError:
        found = MISSING  # a tuple with something that cannot be hashed
    if found is not MISSING:
        return found
    raise AbsentError(f"{plain_type_name(obj)} has no element {_describe(key)}")


def _check_hashable(key: object) -> None:
    kind = type(key)
    if id(kind) in _PLAIN_KEYS:
        return
    if kind is tuple or kind is frozenset or kind is slice:
        inner = (key.start, key.stop, key.step) if kind is slice else key  # type: ignore[attr-defined]
        for part in inner:  # type: ignore[attr-defined]
            _check_hashable(part)
        return
    hashing, comparing = find_in_class(kind, "__hash__"), find_in_class(kind, "__eq__")
    if hashing is None:
        raise AbsentError(f"{plain_type_name(key)} cannot be a key")
    in_c = type(hashing) is WrapperDescriptorType or _is_enum_hash(hashing)
    if not in_c or type(comparing) is not WrapperDescriptorType:
        raise RunsCodeError(
            f"a key of type {plain_type_name(key)} hashes or compares in its own code"
        )


def _is_enum_hash(hashing: object) -> bool:
    enum = sys.modules.get("enum")
    base = vars(enum).get("Enum") if type(enum) is ModuleType else None
    return base is not None and hashing is namespace_of(base).get("__hash__")


def _read_other(obj: object, key: object) -> object:
    kind = type(obj)
    if has_base(kind, _numpy("ndarray")):
        return _read_array(obj, key)
    if kind is MappingProxyType:
        for mapping in gc.get_referents(obj):  # the one mapping it stands for
            return read_item(mapping, key)
    getter = find_in_class(kind, "__getitem__")
    owner: Any = getattr(getter, "__objclass__", None) if _is_in_c(getter) else None
    if flags_of(kind) & FLAG_DICT and owner is dict:
        return _read_dict_subclass(obj, key)
    for flag, base in _BASES:
        if flags_of(kind) & flag and owner is base:
            _check_index(obj, key)
            return _attempt(base.__getitem__, obj, key)
    if _is_collection(owner):
        _check_index(obj, key)
        return _attempt(owner.__getitem__, obj, key)
    if flags_of(kind) & FLAG_INT or getter is MISSING:
        raise AbsentError(f"{plain_type_name(obj)} has no elements")
    raise RunsCodeError(f"elements of {plain_type_name(obj)} come from its own __getitem__")


def _is_in_c(getter: object) -> bool:
    return type(getter) is WrapperDescriptorType or type(getter) is type(dict.__getitem__)


def _is_collection(owner: object) -> bool:
    """Tell whether this is ``deque`` or ``array``, which need not be loaded."""
    for module_name, name in (("collections", "deque"), ("array", "array")):
        module = sys.modules.get(module_name)
        if type(module) is ModuleType and owner is vars(module).get(name) and owner is not None:
            return True
    return False


def _read_dict_subclass(obj: object, key: object) -> object:
    missing = find_in_class(type(obj), "__missing__")
    try:
        return _read_mapping(obj, key)
    except AbsentError:
        if missing is MISSING or _is_in_c_method(missing):
            raise  # a defaultdict's factory is not called
    if missing is _counter_missing():
        return 0
    raise RunsCodeError(f"{plain_type_name(obj)} has a __missing__: reading would run its code")


def _is_in_c_method(found: object) -> bool:
    return type(found) is type(dict.get)


def _counter_missing() -> object:
    module = sys.modules.get("collections")
    counter = vars(module).get("Counter") if type(module) is ModuleType else None
    return None if counter is None else namespace_of(counter).get("__missing__")


def _read_array(obj: Any, key: object) -> object:
    """Basic indexing of an array's own data; a subclass is read as its base."""
    ndarray: Any = _numpy("ndarray")
    _check_index(obj, key)
    for base in mro_of(type(obj)):
        if base is ndarray:
            break
        if "__getitem__" in namespace_of(base) and not _is_numpy_class(base):
            raise RunsCodeError(
                f"{plain_type_name(obj)} has its own __getitem__: reading would run its code"
            )
    plain = obj if type(obj) is ndarray else ndarray.view(obj, ndarray)
    return _attempt(ndarray.__getitem__, plain, key)


def _is_numpy_class(cls: type) -> bool:
    module = namespace_of(cls).get("__module__")
    return type(module) is str and module.partition(".")[0] == "numpy"


_SEQUENCES: tuple[Any, ...] = (list, tuple, str, bytes, bytearray, range, memoryview)
_EXACT: dict[int, _Reader] = {id(kind): kind.__getitem__ for kind in _SEQUENCES}
