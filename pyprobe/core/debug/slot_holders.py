"""Slot holders: which objects hold the slot that a data breakpoint watches.

Objects are told by what they are now, or by weak references; none is kept alive.
"""

import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any, Protocol

from pyprobe.analysis.occurrence import Path, Step
from pyprobe.core.code_registry import PROCESS_REGISTRY
from pyprobe.core.debug.module_namespace import ModuleNamespace
from pyprobe.core.debug.slot import follow
from pyprobe.core.frame_reader import Reader
from pyprobe.core.plain_access import PlainAccessError, plain_dict
from pyprobe.core.plain_types import FLAG_TYPE, MISSING, flags_of, has_base, mro_of, namespace_of

_MAX_FRAMES = 200
_MAX_MET = 32
_MAX_NOTED = 8
_qualname_of: Callable[[type], str] = type.__dict__["__qualname__"].__get__
# Returns what reads the base in frames of a code object, None where that does not name it.
BaseReader = Callable[[CodeType], Reader | None]


class Holder(Protocol):
    """Tells the objects that hold a slot from all others.

    ``is_one_place``: whichever object it is, there is only one at a time.
    """

    @property
    def is_one_place(self) -> bool: ...

    def holds(self, frame: FrameType, thing: object) -> bool:
        """Whether ``thing``, which code of ``frame`` works on, holds the slot, or is the namespace
        of what does."""

    def known(self, frame: FrameType) -> Iterator[object]:
        """Yield the objects that hold it and can be found from ``frame``."""

    def meet(self, thing: object) -> None:
        """Be told of an object whose namespace, or whose slot, is about to be looked at."""


def is_or_has(holder: object, thing: object) -> bool:
    """Whether ``thing`` is the holder or, as a plain dict, its namespace."""
    return thing is holder or (type(thing) is dict and plain_dict(holder) is thing)


class GlobalHolder:
    """The module of one file."""

    is_one_place = True

    def __init__(self, namespace: ModuleNamespace) -> None:
        self._namespace = namespace

    def holds(self, frame: FrameType, thing: object) -> bool:
        if type(thing) is dict:
            if thing is frame.f_globals and not self._namespace.is_it(thing):
                return self._namespace.of_frame(frame) is thing
            return self._namespace.is_it(thing)
        if not has_base(type(thing), ModuleType):
            return False
        own = plain_dict(thing)
        return own is not None and self._namespace.is_it(own)

    def known(self, frame: FrameType) -> Iterator[object]:
        found = self._namespace.find(frame)
        if found is not None:
            yield found

    def meet(self, thing: object) -> None:
        """The module is found by its name."""


class OneObject:
    """One object, of which the user stood beside."""

    is_one_place = False

    def __init__(self, thing: object) -> None:
        self._id, self._kind = id(thing), id(type(thing))
        self._reference = weak(thing)

    def holds(self, frame: FrameType, thing: object) -> bool:
        if self._reference is not None:
            holder = self._reference()
            return holder is not None and is_or_has(holder, thing)
        return id(thing) == self._id and id(type(thing)) == self._kind

    def known(self, frame: FrameType) -> Iterator[object]:
        holder = None if self._reference is None else self._reference()
        if holder is not None:
            yield holder

    def meet(self, thing: object) -> None:
        """It is known already."""


class BaseObject:
    """What a path such as ``motor`` or ``self.parts[0]`` leads to now.

    The path of a global is followed from the module, any other from the nearest frame up the stack
    whose code names it. ``reader_in`` returns what reads it there.
    """

    def __init__(
        self, path: Path, namespace: ModuleNamespace | None, reader_in: BaseReader
    ) -> None:
        self.is_one_place = namespace is not None
        self._path = path
        self._namespace = namespace
        self._reader_in = reader_in

    def holds(self, frame: FrameType, thing: object) -> bool:
        holder = self._find(frame)
        return holder is not MISSING and is_or_has(holder, thing)

    def known(self, frame: FrameType) -> Iterator[object]:
        holder = self._find(frame)
        if holder is not MISSING:
            yield holder

    def meet(self, thing: object) -> None:
        """It is found by its path."""

    def _find(self, frame: FrameType) -> object:
        try:
            if self._namespace is None:
                return self._on_stack(frame)
            found = self._namespace.find(frame)
            return MISSING if found is None else follow(found[self._path.root], self._path.steps)
        except (KeyError, PlainAccessError, RuntimeError):
            return MISSING

    def _on_stack(self, frame: FrameType) -> object:
        above: FrameType | None = frame
        for _ in range(_MAX_FRAMES):
            if above is None:
                break
            read = self._reader_in(above.f_code)
            if read is not None:
                return read(above)
            above = above.f_back
        return MISSING


class Instances:
    """The instances of a class and of those derived from it; for a class method, these classes.

    The class is the one of this qualified name that holds code of the file. ``only_class``: the
    class itself is what holds the slot. ``here`` is the instance of the method that runs.
    """

    is_one_place = False

    def __init__(
        self, qualname: str, file: str, *, here: BaseObject | None = None, only_class: bool = False
    ) -> None:
        self._here = here
        self._qualname = qualname
        self._file = file
        self._only_class = only_class
        self._answers: dict[int, tuple[weakref.ref[type], bool]] = {}
        self._met: OrderedDict[int, weakref.ref[Any]] = OrderedDict()
        self._noted: OrderedDict[int, weakref.ref[Any]] = OrderedDict()

    def holds(self, frame: FrameType, thing: object) -> bool:
        if type(thing) is dict:
            return any(plain_dict(one) is thing for one in _alive(self._noted))
        if flags_of(type(thing)) & FLAG_TYPE:
            holds = self._is_it(thing) if self._only_class else self._is_derived(thing)  # type: ignore[arg-type]
        else:
            holds = not self._only_class and self._is_derived(type(thing))
        if holds:
            _remember(self._met, thing, _MAX_MET)
        return holds

    def known(self, frame: FrameType) -> Iterator[object]:
        yield from _alive(self._met)
        if self._here is not None:
            for one in self._here.known(frame):
                if id(one) not in self._met and self._is_derived(type(one)):
                    yield one  # it can have no weak reference

    def meet(self, thing: object) -> None:
        _remember(self._noted, thing, _MAX_NOTED)

    def _is_derived(self, kind: type) -> bool:
        known = self._answers.get(id(kind))
        if known is not None and known[0]() is kind:
            return known[1]
        found = any(self._is_it(base) for base in mro_of(kind))
        self._answers[id(kind)] = weakref.ref(kind), found
        return found

    def _is_it(self, kind: type) -> bool:
        return _qualname_of(kind) == self._qualname and _holds_code_of(kind, self._file)


class Parts:
    """What a path such as ``.motor.gear`` leads to from each instance of a class that was met."""

    is_one_place = False

    def __init__(self, instances: Instances, steps: tuple[Step, ...]) -> None:
        self._instances = instances
        self._steps = steps

    def holds(self, frame: FrameType, thing: object) -> bool:
        return any(is_or_has(holder, thing) for holder in self.known(frame))

    def known(self, frame: FrameType) -> Iterator[object]:
        for instance in self._instances.known(frame):
            try:
                yield follow(instance, self._steps)
            except (PlainAccessError, RuntimeError):
                continue

    def meet(self, thing: object) -> None:
        self._instances.meet(thing)


def _remember(references: "OrderedDict[int, weakref.ref[Any]]", thing: object, most: int) -> None:
    reference = weak(thing)
    if reference is not None:
        references[id(thing)] = reference
        references.move_to_end(id(thing))
        while len(references) > most:
            references.popitem(last=False)


def _alive(references: "OrderedDict[int, weakref.ref[Any]]") -> Iterator[object]:
    for reference in list(references.values()):
        thing = reference()
        if thing is not None:
            yield thing


def _holds_code_of(kind: type, file: str) -> bool:
    functions = [part for part in namespace_of(kind).values() if type(part) is FunctionType]
    return not functions or any(
        PROCESS_REGISTRY.file_of(function.__code__) == file for function in functions
    )


def weak(thing: object) -> "weakref.ref[Any] | None":
    """Return a weak reference, None where the object can have none."""
    try:
        return weakref.ref(thing)
    except TypeError:
        return None
