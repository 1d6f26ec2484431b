"""Fingerprints: what a value is like, bounded, to be compared later without keeping the value.

No code of the program runs for it, and no reference to one of its objects is kept.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from types import MemberDescriptorType
from typing import Any

from pyprobe.conditions.plain_values import ARRAY, NOT_PLAIN, numpy_class, plain
from pyprobe.core.data_classifier import loaded_class
from pyprobe.core.debug.plain_parts import PlainParts, plain_parts, plain_tuple
from pyprobe.core.plain_access import plain_dict
from pyprobe.core.plain_types import (
    FLAG_DICT,
    FLAG_HEAP,
    FLAG_LIST,
    FLAG_TUPLE,
    class_name,
    flags_of,
    has_base,
    mro_of,
    namespace_of,
)
from pyprobe.core.value_times import describe_stdlib

MAX_PARTS = 10_000
MAX_BYTES = 1 << 20
_MAX_DEPTH = 3
_MAX_TEXT = 10_000  # of a longer one the hash is compared, which it keeps itself
_EMPTY = "empty", None

_PLAIN_KINDS = frozenset(map(id, (int, str, bytes, type(None))))
_MARKED_KINDS = frozenset(map(id, (float, complex, bool)))
# Values that do not change, by the text that says all of them.
_STANDARD_KINDS = frozenset(
    (
        *("timedelta", "datetime", "date", "time", "Decimal", "Fraction", "UUID"),
        *("PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath"),
    )
)
_parts_of_list = list.__iter__
_parts_of_tuple = tuple.__iter__
_Parts = Callable[[], Iterator[Any]]


def is_plain(value: object) -> bool:
    """Whether a value cannot change in place and is its own fingerprint."""
    kind = id(type(value))
    return kind in _PLAIN_KINDS or kind in _MARKED_KINDS


def fingerprint(value: object, before: object = None) -> object:
    """Return what compares equal as long as a value has the same contents.

    These are the parts of containers, the numbers of arrays, and the attributes of an object that
    is the value itself or lies in a container; of an object within an object only which it is.
    Beyond ``MAX_PARTS`` parts (more where all are plain, see ``plain_parts``), ``MAX_BYTES`` of an
    array and three levels only sizes and identities are compared. ``before``: one that was taken of
    the same value; it is returned where that surely has not changed, which is soon told.

    Raises:
        RuntimeError: a thread of the program changes it meanwhile.
    """
    found = plain_parts(value, before)
    return _Taker().of(value, 0) if found is None else found


class _Taker:
    def __init__(self) -> None:
        self._left = MAX_PARTS
        self._is_in_object = False
        self._slots: dict[int, tuple[MemberDescriptorType, ...]] = {}
        self._without_value: set[int] = set()  # classes, by their ids

    def of(self, value: Any, depth: int) -> object:
        kind = type(value)
        if id(kind) in _PLAIN_KINDS:
            is_long = (kind is str or kind is bytes) and len(value) > _MAX_TEXT
            return (class_name(kind), len(value), hash(value)) if is_long else value
        if id(kind) in _MARKED_KINDS:  # True equals 1, and 1.0 does
            return class_name(kind), value if value == value else "nan"
        self._left -= 1
        if id(kind) not in self._without_value:
            own = self._own_value(value, kind)
            if own is not None:
                return own
        if depth >= _MAX_DEPTH or self._left <= 0:
            return id(value)
        parts = self._parts(value, kind, depth)
        return id(value) if parts is None else (class_name(kind), parts)

    def _own_value(self, value: Any, kind: type) -> object | None:
        """Return what is compared of a value that equals others of its class, None for others."""
        name = class_name(kind)
        if name in _STANDARD_KINDS:
            text = describe_stdlib(value, kind)
            return None if text is None else (name, text)
        if kind is range:
            return name, value.start, value.stop, value.step
        scalar: Any = numpy_class("generic")
        if has_base(kind, scalar):
            dtype = scalar.dtype.__get__(value)
            return None if dtype.hasobject else (dtype.str, scalar.tobytes(value))
        number = plain(value)
        if number is NOT_PLAIN:
            self._without_value.add(id(kind))  # which the class alone decides
            return None
        if number is ARRAY or number is value:
            return None
        return name, self.of(number, 0)

    def _parts(self, value: Any, kind: type, depth: int) -> object | None:
        flags = flags_of(kind)
        if flags & FLAG_LIST:
            found = self._each(partial(_parts_of_list, value), list.__len__(value), depth)
        elif flags & FLAG_TUPLE:
            found = self._each(partial(_parts_of_tuple, value), tuple.__len__(value), depth)
        elif flags & FLAG_DICT:
            found = self._pairs(value, depth)
        elif has_base(kind, set) or has_base(kind, frozenset):
            base: Any = set if has_base(kind, set) else frozenset
            parts = self._each(partial(base.__iter__, value), base.__len__(value), depth)
            if len(parts) == 2 and isinstance(parts[1], PlainParts):
                return parts[0], parts[1].in_any_order()
            return frozenset(parts)
        else:
            known = self._known(value, kind, depth)
            if known is not None:
                return known
            return self._object(value, kind, depth, ())
        # A list of a class of the program may have attributes, too.
        return self._object(value, kind, depth, found) if flags & FLAG_HEAP else found

    def _known(self, value: Any, kind: type, depth: int) -> object | None:
        array = numpy_class("ndarray")
        if array is not None and has_base(kind, array):
            return self._array(value, array, depth)
        known = _KNOWN.get(kind.__name__) if type(kind) is type else None
        return known(self, value, kind, depth) if known is not None else None

    def _object(
        self, value: Any, kind: type, depth: int, parts: tuple[object, ...]
    ) -> object | None:
        """Return the attributes of an object, after its parts, if it has any of the kind."""
        if self._is_in_object or (depth and not flags_of(kind) & FLAG_HEAP):
            return parts or None
        own, slots = plain_dict(value), self._slots_of(kind)
        if own is None and not slots:
            return parts or None
        self._is_in_object = True
        try:
            found: list[object] = [parts, None if own is None else self._pairs(own, depth)]
            for slot in slots:
                found.append(self._slot(value, slot, depth))
        finally:
            self._is_in_object = False
        return tuple(found)

    def _slots_of(self, kind: type) -> tuple[MemberDescriptorType, ...]:
        if not flags_of(kind) & FLAG_HEAP:
            return ()
        slots = self._slots.get(id(kind))
        if slots is None:
            slots = self._slots[id(kind)] = tuple(
                part
                for base in mro_of(kind)
                if flags_of(base) & FLAG_HEAP
                for part in namespace_of(base).values()
                if type(part) is MemberDescriptorType
            )
        return slots

    def _slot(self, value: object, slot: MemberDescriptorType, depth: int) -> object:
        try:
            held = slot.__get__(value)
        except (AttributeError, TypeError):  # nothing is there, or the slot is another class's
            return _EMPTY
        return self.of(held, depth + 1)

    def _each(self, parts: _Parts, length: int, depth: int) -> tuple[object, ...]:
        some = self._plain(parts)
        if some is not None:
            return length, some
        found: list[object] = [length]
        for part in parts():
            self._left -= 1
            if self._left <= 0:
                break
            found.append(self.of(part, depth + 1))
        return tuple(found)

    def _pairs(self, value: Any, depth: int) -> tuple[object, ...]:
        some = self._plain(lambda: chain.from_iterable(dict.items(value)))
        if some is not None:
            return dict.__len__(value), some
        found: list[object] = [dict.__len__(value)]
        for key, part in dict.items(value):
            self._left -= 2
            if self._left <= 0:
                break
            found.append(self.of(key, depth + 1))
            found.append(self.of(part, depth + 1))
        return tuple(found)

    def _plain(self, parts: _Parts) -> object | None:
        """Return parts that are all plain as one, which is much faster than one by one."""
        some = plain_tuple(parts(), max(self._left - 1, 0))
        if some is not None:
            self._left -= len(some.parts)
        return some

    def _array(self, value: Any, array: Any, depth: int) -> object:
        """Look at an array, or at what a class of the program has made of one, as numpy has it."""
        shape, dtype = array.shape.__get__(value), array.dtype.__get__(value)
        size = array.size.__get__(value)
        if dtype.hasobject:
            some = array.flat.__get__(value)[: max(self._left, 0)]
            return shape, str(dtype), self._each(some.tolist().__iter__, size, depth)
        step = max(array.nbytes.__get__(value) // MAX_BYTES, 1)
        if step == 1:
            data = array.tobytes(value)
        else:
            flags = array.flags.__get__(value)
            flat = array.reshape(value, -1) if flags.c_contiguous else array.flat.__get__(value)
            data = array.tobytes(flat[::step])
        return shape, dtype.str, hash(data)

    def _bytes(self, value: Any, kind: type, depth: int) -> object | None:
        if kind is not bytearray and kind is not loaded_class("array", "array"):
            return None
        return hash(bytes(value))

    def _deque(self, value: Any, kind: type, depth: int) -> object | None:
        if kind is not loaded_class("collections", "deque"):
            return None
        return self._each(partial(iter, value), len(value), depth)


_KNOWN: dict[str, Callable[[_Taker, Any, type, int], object | None]] = {
    "bytearray": _Taker._bytes,
    "array": _Taker._bytes,
    "deque": _Taker._deque,
}
