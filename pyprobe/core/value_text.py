"""A bounded summary of any value as text: depth, items and characters are limited.

Attributes and elements are read without running code of the program; what cannot be is shown by
its type's name alone.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from types import BuiltinFunctionType, FunctionType, MemberDescriptorType, MethodType, ModuleType
from typing import Any

from pyprobe.core.data_classifier import is_enum, loaded_class
from pyprobe.core.plain_access import plain_dict
from pyprobe.core.plain_types import (
    FLAG_BYTES,
    FLAG_DICT,
    FLAG_EXCEPTION,
    FLAG_HEAP,
    FLAG_INT,
    FLAG_LIST,
    FLAG_STR,
    FLAG_TUPLE,
    FLAG_TYPE,
    class_name,
    find_in_class,
    flags_of,
    has_base,
    mro_of,
    namespace_of,
)
from pyprobe.core.value_numpy import numpy_types
from pyprobe.core.value_records import MAX_TEXT_CHARS, int_text
from pyprobe.core.value_times import describe_stdlib

MAX_DEPTH = 5
MAX_ITEMS = 30
MAX_STRING_CHARS = 200

# C getters, which the classes of the program cannot change.
_exception_args = namespace_of(BaseException)["args"].__get__
_int_of = namespace_of(int)["real"].__get__
_float_of = namespace_of(float)["real"].__get__
_real_of = namespace_of(complex)["real"].__get__
_imag_of = namespace_of(complex)["imag"].__get__


def summarise(value: object, *, most_chars: int = MAX_TEXT_CHARS) -> tuple[str, bool]:
    """Return a value as text of up to ``most_chars``, and whether something is left out."""
    summary = _Summary(most_chars)
    summary.add(value, 0)
    return "".join(summary.parts), summary.cut


class _Summary:
    def __init__(self, most_chars: int) -> None:
        self.parts: list[str] = []
        self.cut = False
        self._left = most_chars
        self._open: set[int] = set()  # ids of the containers around what is being written

    def write(self, text: str) -> None:
        if len(text) > self._left:
            text = text[: max(self._left, 0)]
            self.cut = True
        self._left -= len(text)
        self.parts.append(text)

    def add(self, value: Any, depth: int) -> None:
        """Write any value."""
        kind = type(value)
        simple = _SIMPLE.get(id(kind))
        if simple is not None:
            self.write(simple(self, value))
            return
        if self._left <= 0 or depth >= MAX_DEPTH:
            self.cut = True
            self.write(f"{class_name(kind)}(…)" if self._left > 0 else "")
        elif id(value) in self._open:
            self.write(f"<{class_name(kind)} that contains this>")
        else:
            self._open.add(id(value))
            try:
                self._add_compound(value, kind, depth + 1)
            except RuntimeError:  # another thread changed the size while we looked
                self.cut = True
                self.write("…")
            self._open.discard(id(value))

    def _add_compound(self, value: Any, kind: type, depth: int) -> None:
        flags = flags_of(kind)
        if flags & FLAG_TYPE:
            self.write(f"<class {class_name(value)}>")
        elif is_enum(kind):
            self.write(enum_text(value))
        elif flags & FLAG_LIST:
            self._add_items(value, list, "[]", depth)
        elif flags & FLAG_TUPLE:
            self._add_tuple(value, kind, depth)
        elif flags & FLAG_DICT:
            self._add_dict(value, kind, depth)
        elif flags & FLAG_STR:
            self.write(self._text(str.__getitem__(value, slice(0, MAX_STRING_CHARS + 1))))
        elif flags & FLAG_BYTES:
            self.write(self._text(bytes.__getitem__(value, slice(0, MAX_STRING_CHARS + 1))))
        elif flags & FLAG_INT:
            self.write(self._int(exact_int(value)))
        elif flags & FLAG_EXCEPTION:
            self._add_exception(value, kind, depth)
        else:
            self._add_other(value, kind, depth)

    def _add_other(self, value: Any, kind: type, depth: int) -> None:
        for base in (set, frozenset):
            if has_base(kind, base):
                prefix = "" if kind is set else class_name(kind)
                self._wrap(prefix, value, base, "{}", depth)
                return
        for number, exact in ((float, exact_float), (complex, exact_complex)):
            if has_base(kind, number):
                self.write(repr(exact(value)))
                return
        deque = loaded_class("collections", "deque")
        if deque is not None and has_base(kind, deque):
            self._wrap(class_name(kind), value, deque, "[]", depth)
            return
        objects = _object_array(value, kind)
        if objects is not None:
            # The elements are the array's own references: handing them out asks them nothing.
            self.write(f"{class_name(kind)}(object, {objects.shape}, [")
            self._add_each(objects.flat, objects.size, depth)
            self.write("])")
            return
        text = _describe_array(value, kind) or describe_stdlib(value, kind)
        if text is not None:
            self.write(text)
        else:
            self._add_object(value, kind, depth)

    def _wrap(self, prefix: str, value: Any, base: Any, brackets: str, depth: int) -> None:
        self.write(f"{prefix}(" if prefix else "")
        self._add_items(value, base, brackets, depth)
        self.write(")" if prefix else "")

    def _add_items(self, value: Any, base: Any, brackets: str, depth: int) -> None:
        """Write ``[a, b, …]`` by the base's own iterator."""
        self.write(brackets[0])
        self._add_each(base.__iter__(value), base.__len__(value), depth)
        self.write(brackets[1])

    def _add_each(self, items: Iterable[object], length: int, depth: int) -> None:
        for position, item in enumerate(islice(items, MAX_ITEMS)):
            if self._left <= 0:
                break
            self.write(", " if position else "")
            self.add(item, depth)
        self._note_rest(length)

    def _note_rest(self, length: int) -> None:
        if length > MAX_ITEMS:
            self.cut = True
            self.write(f", … {length} in all")

    def _add_tuple(self, value: Any, kind: type, depth: int) -> None:
        names = find_in_class(kind, "_fields") if kind is not tuple else None
        if type(names) is tuple and len(names) == tuple.__len__(value):
            pairs = [
                (name, item)
                for name, item in zip(names, tuple.__iter__(value), strict=True)
                if type(name) is str
            ]
            self._add_attributes(class_name(kind), pairs, depth)
            return
        self.write("(" if kind is tuple else f"{class_name(kind)}(")
        self._add_each(tuple.__iter__(value), tuple.__len__(value), depth)
        self.write(",)" if tuple.__len__(value) == 1 else ")")

    def _add_dict(self, value: Any, kind: type, depth: int) -> None:
        self.write("{" if kind is dict else class_name(kind) + "({")
        for position, (key, item) in enumerate(islice(dict.items(value), MAX_ITEMS)):
            if self._left <= 0:
                break
            self.write(", " if position else "")
            self.add(key, depth)
            self.write(": ")
            self.add(item, depth)
        self._note_rest(dict.__len__(value))
        self.write("}" if kind is dict else "})")

    def _add_exception(self, value: Any, kind: type, depth: int) -> None:
        self.write(class_name(kind) + "(")
        self._add_each(_exception_args(value), len(_exception_args(value)), depth)
        self.write(")")

    def _add_object(self, value: Any, kind: type, depth: int) -> None:
        attributes = plain_attributes(value, kind)
        if not attributes and not flags_of(kind) & FLAG_HEAP:
            self.write(f"<{class_name(kind)}>")
        else:
            self._add_attributes(class_name(kind), attributes, depth)

    def _add_attributes(self, name: str, attributes: list[tuple[str, object]], depth: int) -> None:
        self.write(f"{name}(")
        for position, (attribute, item) in enumerate(attributes[:MAX_ITEMS]):
            if self._left <= 0:
                break
            self.write(f"{', ' if position else ''}{attribute[:MAX_STRING_CHARS]}=")
            self.add(item, depth)
        self._note_rest(len(attributes))
        self.write(")")

    def _text(self, value: Any) -> str:
        if len(value) > MAX_STRING_CHARS:
            self.cut = True
            return repr(value[:MAX_STRING_CHARS]) + "…"
        return repr(value)

    def _int(self, value: int) -> str:
        text, cut = int_text(value)
        self.cut |= cut
        return text

    def _function(self, value: Any) -> str:
        return f"<function {value.__qualname__}>"

    def _method(self, value: Any) -> str:
        function = value.__func__
        name = function.__qualname__ if type(function) is FunctionType else "…"
        return f"<method {name}>"

    def _module(self, value: Any) -> str:
        name = dict.get(plain_dict(value) or {}, "__name__")
        return f"<module {name if type(name) is str else '?'}>"

    def _plain(self, value: Any) -> str:
        return repr(value)


_Writer = Callable[[_Summary, Any], str]
_WRITERS: tuple[tuple[_Writer, tuple[type, ...]], ...] = (
    (_Summary._plain, (bool, float, complex, type(None), range, type(Ellipsis))),
    (_Summary._int, (int,)),
    (_Summary._text, (str, bytes, bytearray)),
    (_Summary._function, (FunctionType, BuiltinFunctionType)),
    (_Summary._method, (MethodType,)),
    (_Summary._module, (ModuleType,)),
)
_SIMPLE = {id(kind): writer for writer, kinds in _WRITERS for kind in kinds}
SIMPLE_KINDS = frozenset(_SIMPLE)


def enum_text(value: object) -> str:
    """Return ``Color.RED``, or ``Perm(3)`` for a combination without a name."""
    own = plain_dict(value) or {}
    name, number = dict.get(own, "_name_"), dict.get(own, "_value_")
    type_name = class_name(type(value))
    if type(name) is str:
        return f"{type_name}.{name}"
    return f"{type_name}({number if type(number) is int else '…'})"


def plain_attributes(value: object, kind: type) -> list[tuple[str, object]]:
    """Return what an object holds in its dict and its slots, by name; no more than is shown."""
    found: list[tuple[str, object]] = []
    own = plain_dict(value)
    if own is not None:
        for name, item in islice(dict.items(own), MAX_ITEMS + 1):
            if type(name) is str:
                found.append((name, item))
    for base in mro_of(kind):
        if flags_of(base) & FLAG_HEAP and len(found) <= MAX_ITEMS:
            found.extend(slots_of(value, base))
    return found


def slots_of(value: object, base: type) -> list[tuple[str, object]]:
    """Return what an object holds in the slots that one of its classes defines."""
    found = []
    for name, descriptor in namespace_of(base).items():
        if type(descriptor) is MemberDescriptorType and descriptor.__objclass__ is base:
            try:
                found.append((name, descriptor.__get__(value)))
            except AttributeError:  # a slot that holds nothing
                continue
    return found


def exact_int(value: Any) -> int:
    """Return the int that an instance of a subclass is."""
    number: int = _int_of(value)
    return number


def exact_float(value: Any) -> float:
    """Return the float that an instance of a subclass is."""
    number: float = _float_of(value)
    return number


def exact_complex(value: Any) -> complex:
    """Return the complex number that an instance of a subclass is."""
    return complex(_real_of(value), _imag_of(value))


def _object_array(value: Any, kind: type) -> Any:
    """Return an array of objects as a plain one; None for anything else."""
    numpy = numpy_types()
    if numpy is None or not has_base(kind, numpy.ndarray):
        return None
    plain = value if kind is numpy.ndarray else numpy.ndarray.view(value, numpy.ndarray)
    return plain if plain.dtype.kind == "O" else None


def _describe_array(value: Any, kind: type) -> str | None:
    numpy = numpy_types()
    if numpy is None:
        return None
    if id(kind) in numpy.names:
        return str(value) if id(kind) in numpy.converters else f"<{class_name(kind)}>"
    if not has_base(kind, numpy.ndarray):
        return None
    plain = value if kind is numpy.ndarray else numpy.ndarray.view(value, numpy.ndarray)
    return f"{class_name(kind)}({plain.dtype.name}, {plain.shape})"
