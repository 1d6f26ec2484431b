"""Says of any value what it is, in one word and a shape, without running code of the program.

The cost does not depend on the value's size: of a list or tuple at most 1,000 elements are looked
at to tell whether it holds numbers.
"""

import sys
from collections.abc import Callable
from itertools import islice
from types import (
    AsyncGeneratorType,
    BuiltinFunctionType,
    CoroutineType,
    FunctionType,
    GeneratorType,
    MethodType,
    ModuleType,
)
from typing import Any

from pyprobe.core.plain_types import (
    FLAG_BYTES,
    FLAG_DICT,
    FLAG_EXCEPTION,
    FLAG_INT,
    FLAG_LIST,
    FLAG_STR,
    FLAG_TUPLE,
    FLAG_TYPE,
    flags_of,
    has_base,
    mro_of,
    plain_type_name,
)
from pyprobe.core.value_libraries import library_shape
from pyprobe.core.value_numpy import NumpyTypes, numpy_types

Shape = tuple[int, ...]

_MOST_LOOKED_AT = 1000
_NUMBERS = {id(kind) for kind in (bool, int, float, complex)}
_EXACT: dict[int, str] = {
    id(kind): name
    for kind, name in (
        (bool, "bool"),
        (int, "int"),
        (float, "float"),
        (complex, "complex"),
        (str, "str"),
        (bytes, "bytes"),
        (bytearray, "bytes"),
        (type(None), "none"),
        (dict, "dict"),
        (set, "set"),
        (frozenset, "set"),
        (range, "range"),
        (FunctionType, "function"),
        (BuiltinFunctionType, "function"),
        (MethodType, "function"),
        (ModuleType, "module"),
        (GeneratorType, "generator"),
        (CoroutineType, "coroutine"),
        (AsyncGeneratorType, "generator"),
        (type, "type"),
    )
}
_BY_FLAG = (
    (FLAG_TYPE, "type"),
    (FLAG_EXCEPTION, "exception"),
    (FLAG_LIST, "list"),
    (FLAG_TUPLE, "tuple"),
    (FLAG_DICT, "dict"),
    (FLAG_STR, "str"),
    (FLAG_BYTES, "bytes"),
    (FLAG_INT, "int"),
)
_BY_BASE = ((float, "float"), (complex, "complex"), (set, "set"), (frozenset, "set"))
# Classes of modules that need not be loaded, with the words for their instances.
_BY_MODULE: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "datetime",
        (("datetime", "datetime"), ("date", "date"), ("time", "time"), ("timedelta", "timedelta")),
    ),
    ("decimal", (("Decimal", "decimal"),)),
    ("fractions", (("Fraction", "fraction"),)),
    ("collections", (("deque", "deque"),)),
    ("array", (("array", "array"),)),
)


def classify_data(value: object) -> tuple[str, Shape | None]:
    """Return ``(dtype, shape)`` of a value.

    ``dtype`` is ``bool``, ``int``, ``float``, ``complex``, ``str``, ``bytes``, ``none``, ``enum``,
    ``datetime``, ``list``, ``dict`` …, a numpy dtype's name, or ``object``. ``shape`` is that of an
    array, ``(n,)`` for a list or tuple of numbers, else None.
    """
    kind = type(value)
    if kind is list or kind is tuple:
        return kind.__name__, _shape_of_numbers(value)
    word = _EXACT.get(id(kind))
    if word is not None:
        return word, None
    numpy = numpy_types()
    if numpy is not None:
        name = numpy.names.get(id(kind))
        if name is not None:
            return name, ()
        if has_base(kind, numpy.ndarray):
            return _classify_array(value, numpy)
    found = library_shape(value)
    if found is not None:
        return kind.__name__, found
    return word_for(value), None


def word_for(value: object) -> str:
    """Return the classifier's word for a value that is neither numpy's nor a library's."""
    kind = type(value)
    word = _EXACT.get(id(kind))
    if word is not None:
        return word
    flags = flags_of(kind)
    if is_enum(kind):
        return "enum"
    for flag, word in _BY_FLAG:
        if flags & flag:
            return word
    for base, word in _BY_BASE:
        if has_base(kind, base):
            return word
    return _word_by_module(kind)


def is_enum(kind: type) -> bool:
    """Tell whether a class is an Enum."""
    enum = loaded_class("enum", "Enum")
    return enum is not None and has_base(kind, enum)


def loaded_class(module_name: str, name: str) -> type | None:
    """Return a class of a module, if that module is loaded."""
    module = sys.modules.get(module_name)
    found: Any = vars(module).get(name) if type(module) is ModuleType else None
    return found if found is not None and flags_of(type(found)) & FLAG_TYPE else None


def _word_by_module(kind: type) -> str:
    bases = mro_of(kind)
    for module_name, classes in _BY_MODULE:
        if module_name in sys.modules:
            for name, word in classes:
                wanted = loaded_class(module_name, name)
                if any(base is wanted for base in bases):
                    return word
    return "object"


def _shape_of_numbers(value: Any) -> Shape | None:
    numbers: Callable[[int], bool] = _NUMBERS.__contains__
    numpy = numpy_types()
    if numpy is not None:
        converters = numpy.converters
        numbers = lambda found: found in _NUMBERS or found in converters  # noqa: E731
    looked_at = islice(value, _MOST_LOOKED_AT)
    return (len(value),) if all(map(numbers, map(id, map(type, looked_at)))) else None


def _classify_array(value: Any, numpy: NumpyTypes) -> tuple[str, Shape]:
    plain = value if type(value) is numpy.ndarray else numpy.ndarray.view(value, numpy.ndarray)
    return str(plain.dtype.name), plain.shape


__all__ = ["classify_data", "is_enum", "loaded_class", "plain_type_name", "word_for"]
