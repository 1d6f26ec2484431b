"""The parts of any value, page by page, read without running code of the program.

A page of a list is a slice of it, so a list of a million elements costs what is looked at.
"""

import gc
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from types import (
    AsyncGeneratorType,
    CellType,
    CoroutineType,
    GeneratorType,
    MappingProxyType,
    MethodType,
    ModuleType,
)
from typing import Any, Protocol

from pyprobe.core.data_classifier import is_enum, loaded_class
from pyprobe.core.debug.frame_scope import FrameScope
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
    MISSING,
    find_in_class,
    flags_of,
    has_base,
    mro_of,
    namespace_of,
)
from pyprobe.core.value_branches import opener_of
from pyprobe.core.value_libraries import library_of
from pyprobe.core.value_numpy import numpy_types
from pyprobe.core.value_parts import LABEL_CHARS, Branch, Data
from pyprobe.core.value_records import encodable
from pyprobe.core.value_text import SIMPLE_KINDS, slots_of, summarise
from pyprobe.core.value_times import describe_stdlib

# How a part is found again: a word and what it needs, all of it plain data.
Step = list[object]
Part = tuple[str, Step, Any]
ATTRIBUTE, INDEX, KEY, ENTRY = "attribute", "index", "key", "entry"

_INT64_MIN, _INT64_END = -(1 << 63), 1 << 63
_EXCEPTION_FIELDS = ("args", "__cause__", "__context__")
_FRAMES: dict[int, Callable[[Any], Any]] = {
    id(GeneratorType): namespace_of(GeneratorType)["gi_frame"].__get__,
    id(CoroutineType): namespace_of(CoroutineType)["cr_frame"].__get__,
    id(AsyncGeneratorType): namespace_of(AsyncGeneratorType)["ag_frame"].__get__,
}


class Section(Protocol):
    """Parts of one sort. ``total`` is how many there are now."""

    total: int

    def page(self, start: int, count: int) -> list[Part]: ...

    def find(self, step: Step) -> Any:
        """Return the part that a step leads to, or MISSING."""


class Indexed:
    """Elements by position; ``take`` returns those of a range."""

    def __init__(self, total: int, take: Callable[[int, int], Sequence[Any]]) -> None:
        self.total = total
        self._take = take

    def page(self, start: int, count: int) -> list[Part]:
        items = self._take(start, start + count)
        return [(f"[{at}]", [INDEX, at], item) for at, item in enumerate(items, start)]

    def find(self, step: Step) -> Any:
        match step:
            case [word, int() as at] if word == INDEX and 0 <= at < self.total:
                return next(iter(self._take(at, at + 1)), MISSING)
        return MISSING


class Named:
    """Parts with names, which are few."""

    def __init__(self, pairs: Iterable[tuple[str, Any]]) -> None:
        self._pairs = list(pairs)
        self.total = len(self._pairs)

    def page(self, start: int, count: int) -> list[Part]:
        return [
            (name, [ATTRIBUTE, name], item) for name, item in self._pairs[start : start + count]
        ]

    def find(self, step: Step) -> Any:
        wanted = step[1] if len(step) == 2 and step[0] == ATTRIBUTE else None
        return next((item for name, item in self._pairs if name == wanted), MISSING)


class Entries:
    """What a dict holds. An entry is found by its key where that is plain, else by its place."""

    def __init__(self, value: Any) -> None:
        self._value = value
        self.total = dict.__len__(value)

    def page(self, start: int, count: int) -> list[Part]:
        found = _looked_through(dict.items(self._value), start, start + count)
        return [
            (f"[{_text(key)}]", _step_to(key, place), item)
            for place, (key, item) in enumerate(found, start)
        ]

    def find(self, step: Step) -> Any:
        match step:
            case [word, int() as place] if word == ENTRY:
                pairs = _looked_through(dict.items(self._value), place, place + 1)
                return pairs[0][1] if pairs else MISSING
            case [word, wanted] if word == KEY:
                return self._of_key(wanted)
        return MISSING

    def _of_key(self, wanted: object) -> Any:
        # Not looked up: a key of a class of the program could be asked whether it is equal.
        kind = type(wanted)
        try:
            for key, item in dict.items(self._value):
                if type(key) is kind and key == wanted:
                    return item
        except RuntimeError:  # another thread changed its size while we looked
            pass
        return MISSING

    def key_of(self, step: Step) -> Any:
        """Return the key itself of the entry that a step leads to, or MISSING."""
        match step:
            case [word, int() as place] if word == ENTRY:
                pairs = _looked_through(dict.items(self._value), place, place + 1)
                return pairs[0][0] if pairs else MISSING
            case [word, wanted] if word == KEY:
                return wanted
        return MISSING


class Parts:
    """All parts of a value: its sections, one after the other."""

    def __init__(self, *sections: Section) -> None:
        self.sections = [section for section in sections if section.total]
        self.total = sum(section.total for section in self.sections)

    def page(self, start: int, count: int) -> list[Part]:
        """Return the parts of a range, fewer where the value has no more."""
        found: list[Part] = []
        for section in self.sections:
            wanted = count - len(found)
            if start < section.total and wanted > 0:
                found += section.page(start, min(wanted, section.total - start))
            start = max(start - section.total, 0)
        return found

    def find(self, step: Step) -> Any:
        """Return the part that a step leads to, or MISSING."""
        found = (section.find(step) for section in self.sections)
        return next((part for part in found if part is not MISSING), MISSING)


def parts_of(value: Any) -> Parts | None:
    """Return what a value consists of; None for one that has no parts to look at."""
    kind = type(value)
    if kind is Branch or kind is Data:
        return Parts(_branch(value)) if kind is Branch else _array(value.array)
    special = _SPECIAL.get(id(kind))
    if special is not None:
        return special(value)
    if id(kind) in SIMPLE_KINDS:
        return None
    flags = flags_of(kind)
    if flags & FLAG_TYPE:
        return Parts(Named(_plain_names(namespace_of(value))))
    if flags & (FLAG_STR | FLAG_BYTES | FLAG_INT) or is_enum(kind):
        return None
    if flags & FLAG_EXCEPTION:
        return Parts(Named(_exception_fields(value)), *_attributes(value, kind))
    numpy = numpy_types()
    if numpy is not None:
        if id(kind) in numpy.names:
            return None
        if has_base(kind, numpy.ndarray):
            return _array(numpy.ndarray.view(value, numpy.ndarray))
    if library_of(kind):
        opener = opener_of(value, kind)
        return Parts(_opened(value, kind, opener)) if opener is not None else None
    return _container(value, kind, flags) or _object(value, kind)


def _container(value: Any, kind: type, flags: int) -> Parts | None:
    own: Section | None = None
    if flags & FLAG_LIST:
        own = _sliced(value, list)
    elif flags & FLAG_TUPLE:
        own = _tuple(value, kind)
    elif flags & FLAG_DICT:
        own = Entries(value)
    else:
        bases = (set, frozenset, loaded_class("collections", "deque"))
        for base in bases:
            if base is not None and has_base(kind, base):
                own = _iterated(value, base)
        array = loaded_class("array", "array")
        if array is not None and has_base(kind, array):
            own = _sliced(value, array)
    return Parts(own, *_attributes(value, kind)) if own is not None else None


def _object(value: Any, kind: type) -> Parts | None:
    if describe_stdlib(value, kind) is not None:
        return None
    attributes = _attributes(value, kind)
    if flags_of(kind) & FLAG_HEAP:
        return Parts(*attributes, Named([("__class__", kind)]))
    return Parts(*attributes) if attributes[0].total else None


def _attributes(value: Any, kind: type) -> list[Section]:
    """What an object holds in its dict and its slots."""
    own = plain_dict(value)
    pairs = list(_plain_names(own)) if own is not None else []
    for base in mro_of(kind):
        if flags_of(base) & FLAG_HEAP:
            pairs += slots_of(value, base)
    return [Named(pairs)]


def _plain_names(namespace: Any) -> list[tuple[str, Any]]:
    items = namespace.items() if type(namespace) is MappingProxyType else dict.items(namespace)
    found = _looked_through(items, 0, len(items))
    return [(name, item) for name, item in found if type(name) is str]


def _looked_through(items: Iterable[Any], start: int, stop: int) -> list[Any]:
    try:
        return list(islice(items, start, stop))
    except RuntimeError:  # another thread changed its size while we looked
        return []


def _sliced(value: Any, base: Any) -> Indexed:
    return Indexed(
        base.__len__(value), lambda start, stop: base.__getitem__(value, slice(start, stop))
    )


def _tuple(value: Any, kind: type) -> Section:
    names = find_in_class(kind, "_fields") if kind is not tuple else None
    if type(names) is tuple and len(names) == tuple.__len__(value):
        pairs = zip(names, tuple.__iter__(value), strict=True)
        return Named([(name, item) for name, item in pairs if type(name) is str])
    return _sliced(value, tuple)


def _iterated(value: Any, base: Any) -> Indexed:
    return Indexed(
        base.__len__(value),
        lambda start, stop: _looked_through(base.__iter__(value), start, stop),
    )


def _array(plain: Any) -> Parts | None:
    """The elements of an exact ndarray along its first axis."""
    if not plain.ndim:
        return None
    return Parts(Indexed(plain.shape[0], lambda start, stop: list(plain[start:stop])))


def _branch(branch: Branch) -> Section:
    if isinstance(branch.labels, int):
        items = branch.items
        return Indexed(len(items), lambda start, stop: items[start:stop])
    return Named(zip(map(_label_text, branch.labels), branch.items, strict=True))


def _label_text(label: object) -> str:
    return str(label[0]) if isinstance(label, tuple) else str(label)


class _Opened:
    """The parts of a library's value, as far as one has looked."""

    def __init__(self, read: Callable[[int], Branch]) -> None:
        self._read = read
        self.total = read(0).length

    def page(self, start: int, count: int) -> list[Part]:
        return _branch(self._read(start + count)).page(start, count)

    def find(self, step: Step) -> Any:
        return _branch(self._read(self.total)).find(step)


def _opened(value: Any, kind: type, opener: Callable[[Any, type, int], Branch]) -> Section:
    return _Opened(lambda most: opener(value, kind, most))


def _exception_fields(value: BaseException) -> list[tuple[str, Any]]:
    own = namespace_of(BaseException)
    found = [(name, own[name].__get__(value)) for name in _EXCEPTION_FIELDS]
    return [(name, item) for name, item in found if item is not None]


def _of_suspended(value: Any) -> Parts | None:
    """The variables of a generator or coroutine that has not ended."""
    frame = _FRAMES[id(type(value))](value)
    if frame is None:
        return Parts()
    return Parts(Named(FrameScope(frame).variables().items()))


def _of_cell(cell: CellType) -> Parts:
    try:
        return Parts(Named([("cell_contents", cell.cell_contents)]))
    except ValueError:  # it is empty
        return Parts()


def _of_proxy(proxy: Any) -> Parts | None:
    for mapping in gc.get_referents(proxy):  # the one mapping it stands for
        return parts_of(mapping)
    return None


def _of_module(module: Any) -> Parts:
    return Parts(Named(_plain_names(plain_dict(module) or {})))


def _of_method(method: MethodType) -> Parts:
    return Parts(Named([("__self__", method.__self__), ("__func__", method.__func__)]))


_SPECIAL: dict[int, Callable[[Any], Parts | None]] = {
    **dict.fromkeys(_FRAMES, _of_suspended),
    id(CellType): _of_cell,
    id(MappingProxyType): _of_proxy,
    id(MethodType): _of_method,
    id(ModuleType): _of_module,
}


def _text(key: object) -> str:
    return summarise(key, most_chars=LABEL_CHARS)[0]


def _step_to(key: Any, place: int) -> Step:
    kind = type(key)
    if kind is bool or key is None or (kind is int and _INT64_MIN <= key < _INT64_END):
        return [KEY, key]
    if kind is str and len(key) <= LABEL_CHARS and encodable(key) is key:
        return [KEY, key]
    return [ENTRY, place]
