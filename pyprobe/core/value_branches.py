"""What parts a value has: elements, entries or attributes, read without running its code."""

from collections.abc import Callable, Iterable
from itertools import islice
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
    find_in_class,
    flags_of,
    has_base,
    mro_of,
)
from pyprobe.core.value_libraries import describe_library, library_of
from pyprobe.core.value_modules import loaded_library
from pyprobe.core.value_numpy import numpy_types
from pyprobe.core.value_pandas import PANDAS_OPENERS
from pyprobe.core.value_parts import LABEL_CHARS, Branch, Label, Opener, label_of, name_of
from pyprobe.core.value_scipy import opener_of_sparse
from pyprobe.core.value_text import SIMPLE_KINDS, slots_of
from pyprobe.core.value_times import describe_stdlib
from pyprobe.core.value_torch_sparse import opener_of_tensor
from pyprobe.core.value_xarray import XARRAY_OPENERS
from pyprobe.ipc.trees import TreeLayout

_ATTEMPTS = 4
_ITEMS, _KEYS = TreeLayout.ITEMS.value, TreeLayout.KEYS.value
_ATTRIBUTES = TreeLayout.ATTRIBUTES.value
_LEAVES = FLAG_TYPE | FLAG_STR | FLAG_BYTES | FLAG_INT | FLAG_EXCEPTION


def opener_of(value: Any, kind: type) -> Opener | None:
    """Return what reads the parts of a value; None if it has none to show."""
    opener = _EXACT.get(id(kind))
    if opener is not None:
        return opener
    if id(kind) in SIMPLE_KINDS:
        return None
    flags = flags_of(kind)
    if flags & _LEAVES or is_enum(kind):
        return None
    library = library_of(kind)
    if library:
        found = _opener_of_library(value, kind, library)
        if found is not None or describe_library(value) is not None:
            return found
    for flag, opener in _BY_FLAG:
        if flags & flag:
            return opener
    return _opener_by_base(value, kind)


def _opener_of_library(value: Any, kind: type, library: str) -> Opener | None:
    """Return what reads a library's own class; None for a subclass, which may run other code."""
    if library == "scipy":
        return opener_of_sparse(kind)
    if library == "torch":
        return opener_of_tensor(value, kind)
    openers = {"pandas": PANDAS_OPENERS, "xarray": XARRAY_OPENERS}.get(library, {})
    own = loaded_library(library)
    for name, opener in openers.items():
        if own.get(name) is kind:
            return opener
    return None


def _opener_by_base(value: Any, kind: type) -> Opener | None:
    for base in (set, frozenset):
        if has_base(kind, base):
            return open_set
    if has_base(kind, float) or has_base(kind, complex):
        return None
    deque = loaded_class("collections", "deque")
    if deque is not None and has_base(kind, deque):
        return open_deque
    numpy = numpy_types()
    if numpy is not None and (id(kind) in numpy.names or has_base(kind, numpy.ndarray)):
        return None
    return open_object if _has_attributes(value, kind) else None


def _has_attributes(value: Any, kind: type) -> bool:
    own = plain_dict(value)
    if own is None or not dict.__len__(own):
        slotted = (base for base in mro_of(kind) if flags_of(base) & FLAG_HEAP)
        if not any(slots_of(value, base) for base in slotted):
            return False
    return describe_stdlib(value, kind) is None


def open_list(value: Any, kind: type, most: int) -> Branch:
    """Read the first elements of a list."""
    items = list.__getitem__(value, slice(0, most))
    return Branch(_ITEMS, "list", name_of(kind), list.__len__(value), len(items), items)


def open_tuple(value: Any, kind: type, most: int) -> Branch:
    """Read the first elements of a tuple; those of a named tuple have their names."""
    length = tuple.__len__(value)
    names = find_in_class(kind, "_fields") if kind is not tuple else None
    items = list(tuple.__getitem__(value, slice(0, most)))
    if type(names) is tuple and len(names) == length and all(type(name) is str for name in names):
        labels = tuple(map(label_of, names[:most]))
        return Branch(_ATTRIBUTES, "tuple", name_of(kind), length, labels, items)
    return Branch(_ITEMS, "tuple", name_of(kind), length, len(items), items)


def open_dict(value: Any, kind: type, most: int) -> Branch:
    """Read the first entries of a dict."""
    pairs = _read(dict.items, value, most)
    labels = tuple([_key_label(key) for key, _ in pairs])
    items = [item for _, item in pairs]
    return Branch(_KEYS, "dict", name_of(kind), dict.__len__(value), labels, items)


def open_set(value: Any, kind: type, most: int) -> Branch:
    """Read some elements of a set."""
    base: Any = set if has_base(kind, set) else frozenset
    return _open_iterated(value, kind, most, base, "set")


def open_deque(value: Any, kind: type, most: int) -> Branch:
    """Read the first elements of a deque."""
    return _open_iterated(value, kind, most, loaded_class("collections", "deque"), "deque")


def _open_iterated(value: Any, kind: type, most: int, base: Any, word: str) -> Branch:
    items = _read(base.__iter__, value, most)
    return Branch(_ITEMS, word, name_of(kind), base.__len__(value), len(items), items)


def open_object(value: Any, kind: type, most: int) -> Branch:
    """Read what an object holds in its dict and its slots."""
    own = plain_dict(value)
    found: list[tuple[str, object]] = []
    length = 0
    if own is not None:
        length = dict.__len__(own)
        found = [pair for pair in _read(dict.items, own, most) if type(pair[0]) is str]
    for base in mro_of(kind):
        if flags_of(base) & FLAG_HEAP:
            slots = slots_of(value, base)
            length += len(slots)
            found.extend(slots)
    del found[most:]
    labels = tuple([label_of(name) for name, _ in found])
    items = [item for _, item in found]
    return Branch(_ATTRIBUTES, "object", name_of(kind), length, labels, items)


def _read(parts_of: Callable[[Any], Iterable[Any]], value: Any, most: int) -> list[Any]:
    """Return the first parts; none where the value is changed each time while they are read.

    By another thread, or by the end of a weak reference that the garbage collector comes upon.
    """
    for _attempt in range(_ATTEMPTS):
        try:
            return list(islice(parts_of(value), most))
        except RuntimeError:
            continue
    return []


def _key_label(key: object) -> Label:
    if type(key) is str and len(key) <= LABEL_CHARS and key.isascii():
        return key
    return label_of(key)


_EXACT: dict[int, Opener] = {
    id(dict): open_dict,
    id(list): open_list,
    id(tuple): open_tuple,
    id(set): open_set,
    id(frozenset): open_set,
}
_BY_FLAG = ((FLAG_LIST, open_list), (FLAG_TUPLE, open_tuple), (FLAG_DICT, open_dict))
