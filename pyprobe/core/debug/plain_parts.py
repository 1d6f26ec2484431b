"""PlainParts: what a container of plain values holds, soon compared where nothing changes.

Numbers, texts and None cannot change, so a container that holds the same objects has the same
contents; that is a look at memory. No code of the program runs for it, and no object of one of its
classes is kept.
"""

from collections.abc import Iterable
from itertools import chain, islice
from operator import eq
from typing import Any

from pyprobe.core.data_classifier import loaded_class
from pyprobe.core.debug.same_objects import Objects, other_objects, same_objects

MAX_PLAIN_PARTS = 100_000
_MAX_TEXT = 10_000  # of a longer one the hash is compared, and not the text kept
_AT_ONCE = 512

_NUMBERS = frozenset(map(id, (int, float, complex, bool)))  # of different kinds may be equal
_TEXTS = frozenset(map(id, (str, bytes)))
_PLAIN = _NUMBERS | _TEXTS | {id(type(None))}
_MAY_BE_NAN = frozenset(map(id, (float, complex)))
_LISTS = frozenset(map(id, (list, tuple)))
_DICTS = frozenset((id(dict),))
_ROWS = _LISTS | _DICTS
_SETS = frozenset(map(id, (set, frozenset)))

Kinds = frozenset[int]


class PlainParts:
    """``kind``: the builtin class of the container; ``kinds``: at least those of its parts, by ids.

    ``rows`` are the classes of the containers that it consists of, and how long each is, none where
    it holds the parts itself; of dicts the keys come first, and then the values.
    """

    __slots__ = ("_classes", "_lengths", "kind", "kinds", "parts")

    def __init__(
        self, kind: type, parts: Objects, kinds: Kinds, *, classes: Objects, lengths: Objects
    ) -> None:
        self.kind = kind
        self.parts = parts
        self.kinds = kinds
        self._classes = classes
        self._lengths = lengths

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PlainParts):
            return NotImplemented
        if self.kind is not other.kind or len(self.parts) != len(other.parts):
            return False
        if self._lengths != other._lengths or not same_objects(self._classes, other._classes):
            return False
        if same_objects(self.parts, other.parts):
            return True
        kinds = self.kinds | other.kinds
        is_simple = not kinds & _MAY_BE_NAN and len(kinds & _NUMBERS) <= 1
        if id(self.kind) in _SETS:
            if is_simple:
                return frozenset(self.parts) == frozenset(other.parts)
            return self.in_any_order() == other.in_any_order()
        start, stop = other_objects(self.parts, other.parts)
        mine, its = self.parts[start:stop], other.parts[start:stop]
        if is_simple or len(mine) != len(its):
            return mine == its
        return all(map(eq, map(_typed, mine), map(_typed, its)))

    def __hash__(self) -> int:
        return hash(self.parts)

    def in_any_order(self) -> frozenset[object]:
        """Return what compares equal also where the order is another."""
        return frozenset(map(_typed, self.parts))

    def is_of(self, shape: "_Shape", parts: Objects) -> bool:
        """Whether a container of a shape still holds the very same objects."""
        return (
            self.kind is shape.kind
            and self._lengths == shape.lengths
            and same_objects(self._classes, shape.classes)
            and same_objects(self.parts, parts)
        )


class _Shape:
    """What a container consists of: itself, or rows that are containers."""

    __slots__ = ("classes", "is_dict", "kind", "lengths", "rows", "size")

    def __init__(self, value: Any, kind: type) -> None:
        self.kind = kind
        self.rows: Objects = ()
        self.classes: Objects = ()
        self.lengths: Objects = ()
        self.is_dict = kind is dict
        self.size = len(value)

    def split(self, value: Any) -> None:
        """Take a list or tuple apart where all that it holds are lists and tuples, or dicts."""
        rows = tuple(value)
        classes = tuple(map(type, rows))
        kinds = frozenset(map(id, classes))
        if kinds <= _LISTS or kinds == _DICTS:
            self.rows, self.classes, self.is_dict = rows, classes, kinds == _DICTS
            self.lengths = tuple(map(len, rows))
            self.size = sum(self.lengths)

    def parts(self, value: Any) -> Objects:
        """Return all that it holds, in the order of ``PlainParts``."""
        if not self.rows:
            return tuple(chain(value, dict.values(value)) if self.is_dict else value)
        found: Iterable[Any] = chain.from_iterable(self.rows)
        if self.is_dict:
            found = chain(found, chain.from_iterable(map(dict.values, self.rows)))
        return tuple(found)


def plain_parts(value: Any, before: object = None) -> PlainParts | None:
    """Return what a container holds, None where that is not all plain, or too much.

    ``before``: what it was at first; it is returned where nothing has changed.

    Raises:
        RuntimeError: a thread of the program changes it meanwhile.
    """
    kind = type(value)
    if not (kind is list or kind is dict or kind is tuple or id(kind) in _SETS or _is_deque(kind)):
        return None
    shape = _Shape(value, kind)
    if shape.size > MAX_PLAIN_PARTS:
        return None
    if (kind is list or kind is tuple) and id(type(_first(value))) in _ROWS:
        shape.split(value)
    if shape.size > MAX_PLAIN_PARTS:
        return None
    parts = shape.parts(value)
    known = before if isinstance(before, PlainParts) else None
    if known is not None and known.is_of(shape, parts):
        return known
    kinds = _kinds_of(parts, known)
    if kinds is None:
        return None
    return PlainParts(kind, parts, kinds, classes=shape.classes, lengths=shape.lengths)


def plain_tuple(parts: Iterable[Any], most: int) -> PlainParts | None:
    """Return the first ``most`` parts; None where there are none, or some are not plain."""
    some = tuple(islice(parts, most))
    kinds = _kinds_of(some, None)
    if kinds is None or not kinds:
        return None
    return PlainParts(tuple, some, kinds, classes=(), lengths=())


def _is_deque(kind: type) -> bool:
    return kind is loaded_class("collections", "deque")


def _first(value: Any) -> Any:
    try:
        return value[0]
    except IndexError:
        return None


def _kinds_of(parts: Objects, before: PlainParts | None) -> Kinds | None:
    """Return the kinds of the parts by their ids, None where some are not plain."""
    start, stop, kinds = 0, len(parts), Kinds()
    if before is not None:
        start, stop = other_objects(before.parts, parts)
        kinds = before.kinds
    for at in range(start, stop, _AT_ONCE):
        some = parts[at : min(at + _AT_ONCE, stop)]
        found = frozenset(map(id, map(type, some)))
        if not found <= _PLAIN:
            return None
        if found & _TEXTS and _longest(some, found) > _MAX_TEXT:
            return None
        kinds |= found
    return kinds


def _longest(some: Objects, found: Kinds) -> int:
    """Return the length of the longest text among parts of which there is one."""
    if found <= _TEXTS:
        return max(map(len, some))
    return max([len(one) for one in some if id(type(one)) in _TEXTS])


def _typed(value: Any) -> tuple[type, object]:
    return type(value), value if value == value else "nan"
