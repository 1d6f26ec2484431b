"""numpy's types as the program has loaded them; numpy itself is never imported."""

import sys
from collections.abc import Callable
from types import MethodDescriptorType, ModuleType
from typing import Any

from pyprobe.core.plain_types import namespace_of

_Converter = Callable[[Any], Any]
_SCALARS: tuple[tuple[_Converter | None, tuple[str, ...]], ...] = (
    (bool, ("bool_",)),
    (int, ("int8", "int16", "int32", "int64", "intc", "int_", "longlong")),
    (int, ("uint8", "uint16", "uint32", "uint64", "uintc", "uint", "ulonglong")),
    (float, ("float16", "float32", "float64", "longdouble")),
    (complex, ("complex64", "complex128", "clongdouble")),
    (None, ("datetime64", "timedelta64", "str_", "bytes_", "void")),
)


class NumpyTypes:
    """The program's numpy: its module, array class and the names of its scalar classes by id."""

    __slots__ = ("converters", "generic", "module", "names", "ndarray")

    def __init__(self, module: Any) -> None:
        self.module = module
        self.ndarray = module.ndarray
        self.generic = module.generic
        self.names: dict[int, str] = {}
        self.converters: dict[int, _Converter] = {}
        for converter, attributes in _SCALARS:
            for attribute in attributes:
                cls = vars(module)[attribute]
                self.names[id(cls)] = module.dtype(cls).name
                if converter is not None:
                    self.converters[id(cls)] = converter


_known: NumpyTypes | None = None
_refused: object = None


def numpy_types() -> NumpyTypes | None:
    """Return the program's numpy, or None if it has not (wholly) imported the real one."""
    global _known, _refused
    module = sys.modules.get("numpy")
    if module is None:
        return None
    if _known is not None and _known.module is module:
        return _known
    if module is _refused or not _is_ready(module):
        return None
    if not _is_genuine(module):
        _refused = module
        return None
    _known = NumpyTypes(module)
    return _known


def _is_ready(module: object) -> bool:
    return type(module) is ModuleType and not getattr(module.__spec__, "_initializing", False)


def _is_genuine(module: ModuleType) -> bool:
    """Tell numpy from a module of the program that has its name: its array's methods are in C."""
    ndarray, generic = vars(module).get("ndarray"), vars(module).get("generic")
    if type(ndarray) is not type or type(generic) is not type:
        return False
    methods = (namespace_of(cls).get("tobytes") for cls in (ndarray, generic))
    return all(type(method) is MethodDescriptorType for method in methods)
