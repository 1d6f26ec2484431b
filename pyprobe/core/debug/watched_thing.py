"""WatchedThing: what one data breakpoint watches, and at which places of a code object it shows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import CodeType, FrameType

from pyprobe.analysis.occurrence import Occurrence, Path, StepKind
from pyprobe.core.code_map import CodeMap, fast_names
from pyprobe.core.debug.data_watch import ReadSlot
from pyprobe.core.debug.in_place import Look, Place, look_at_slot
from pyprobe.core.debug.module_namespace import ModuleNamespace
from pyprobe.core.debug.slot import Slot, global_slot, is_constant
from pyprobe.core.debug.slot_holders import (
    BaseObject,
    GlobalHolder,
    Holder,
    Instances,
    OneObject,
    Parts,
)
from pyprobe.core.debug.slot_sites import SiteFinder, SlotSite, is_made
from pyprobe.core.debug.stack_operands import stack_is_readable
from pyprobe.core.events.base import Handler
from pyprobe.core.frame_reader import Reader, fast_access, path_reader
from pyprobe.core.resolver import Phase, owns_scope, resolve

_OPTIMIZED = 0x01
_MAX_FRAMES = 200
_MAX_READERS = 5000
_HERE = object()  # what a variable lies in: the frame itself
_INNER = ".<locals>."
_TEXT_ONLY = (
    "This Python does not show what an instruction works on: only what this file binds by the"
    " same words is seen"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be watched, as a front end has found it in the source.

    ``stores`` are the occurrences that bind it in its own file. ``owner`` is the only object whose
    attribute it is, None for any.
    """

    file: str
    chosen: Occurrence
    stores: tuple[Occurrence, ...]
    is_global: bool
    of_class: str
    in_place: bool
    owner: OneObject | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    """A slot, and which objects hold it."""

    slot: Slot
    holder: Holder


class WatchedThing:
    """``copies_locals`` is that of the event source."""

    def __init__(self, wanted: Wanted, *, copies_locals: bool) -> None:
        self.wanted = wanted
        self.copies_locals = copies_locals
        self._namespace = ModuleNamespace(wanted.file)
        self._readers: dict[tuple[int, Path], tuple[CodeType, Reader | None]] = {}
        self._met_by: tuple[Holder, frozenset[str]] | None = None
        path = wanted.chosen.path
        self.is_variable = not path.steps and not wanted.is_global
        constant = is_constant(path) and (stack_is_readable() or not path.steps)
        self._held = self._slots(path) if constant else []
        self.limit = "" if constant or not is_constant(path) else _TEXT_ONLY
        # What is written otherwise may be another thing, where objects cannot be told apart.
        self._stores = wanted.stores if self.is_variable else self._text_stores(path, constant)

    # Where it shows

    def sites(self, code_map: CodeMap, *, is_mine: bool) -> Iterator[tuple[SlotSite, ReadSlot]]:
        """Yield the instructions of a code object that may change it, and what then reads it."""
        if self.is_own_file(code_map.code):
            yield from self._sites_of_text(code_map)
        finder = SiteFinder(code_map, is_mine=is_mine)
        for held in self._held:
            for site in finder.sites(held.slot, held.holder):
                yield site, _read_slot(held.slot)

    def meetings(self, code_map: CodeMap, *, is_mine: bool) -> Iterator[tuple[int, Handler]]:
        """Yield the instructions at which objects are met that may be looked at later."""
        if self._met_by is not None:
            holder, names = self._met_by
            yield from SiteFinder(code_map, is_mine=is_mine).meetings(names, holder)

    def may_show_in(self, code: CodeType, *, is_mine: bool) -> bool:
        """Whether a look at the instructions of ``code`` may find anything; this one is fast."""
        if self.is_variable and not self._held:
            return self.is_own_file(code) or (self.wanted.in_place and is_mine)
        if is_mine or is_made(code):
            return True
        return any(held.slot.name in code.co_names for held in self._held)

    def is_own_file(self, code: CodeType) -> bool:
        """Whether code stands in the file of the thing."""
        return self._namespace.is_file_of(code)

    def begins_in(self, code: CodeType) -> Reader | None:
        """Return what reads the variable where calls of ``code`` begin, if it is a parameter."""
        path = self.wanted.chosen.path
        if not self.is_variable or path.root not in _parameters(code):
            return None
        return self._named_in(code, path) if owns_scope(code, self.wanted.chosen) else None

    @property
    def look(self) -> Look:
        """What is to be compared where changes in place are to be found."""
        if self._held:
            held = self._held[0]
            return look_at_slot(held.slot, held.holder)
        return self._look_at_text

    def root_reader(self, code: CodeType) -> "Callable[[FrameType, object, object], object] | None":
        """Return what stands for the first name of the thing where code does not know that name.

        It takes the frame, what holds the thing, and the thing's value. None for code that does.
        """
        path = self.wanted.chosen.path
        if self.is_own_file(code) and (self.wanted.is_global or self._related(code, path.root)):
            return None
        if self.wanted.is_global:
            return lambda frame, holder, value: (self._namespace.find(frame) or {})[path.root]
        return lambda frame, holder, value: holder if path.steps else value

    # Slots

    def _slots(self, path: Path) -> list[_Held]:
        wanted = self.wanted
        if not path.steps:
            if wanted.is_global:
                return [_Held(global_slot(path.root), GlobalHolder(self._namespace))]
            if wanted.of_class:
                holder = Instances(wanted.of_class, wanted.file, only_class=True)
                return [_Held(global_slot(path.root), holder)]
            return []
        base = Path(path.root, path.steps[:-1])
        found = [_Held(Slot(path.steps[-1:]), self._holder_of(base))]
        if path.steps[-1].kind is not StepKind.INDEX:
            return found
        if base.steps:
            over = Path(path.root, path.steps[:-2])
            found.append(_Held(Slot(path.steps[-2:]), self._holder_of(over)))
        elif wanted.is_global:
            slot = Slot((*global_slot(path.root).steps, *path.steps))
            found.append(_Held(slot, GlobalHolder(self._namespace)))
        return found

    def _holder_of(self, path: Path) -> Holder:
        wanted = self.wanted
        if wanted.owner is not None and len(path.steps) + 1 == len(wanted.chosen.path.steps):
            return wanted.owner
        if not wanted.of_class:
            namespace = self._namespace if wanted.is_global else None
            return BaseObject(path, namespace, lambda code: self._named_in(code, path))
        here = BaseObject(Path(path.root), None, self._instance_in)
        instances = Instances(wanted.of_class, wanted.file, here=here)
        if path.steps:
            self._met_by = instances, frozenset(("__dict__", str(path.steps[0].value)))
            return Parts(instances, path.steps)
        if self._met_by is None:
            names = ["__dict__"]
            if wanted.in_place:
                names.append(str(wanted.chosen.path.steps[0].value))
            self._met_by = instances, frozenset(names)
        return instances

    # What is found by the text of its own file

    def _text_stores(self, path: Path, constant: bool) -> tuple[Occurrence, ...]:
        wanted = self.wanted
        same = tuple(one for one in wanted.stores if one.symbol == wanted.chosen.symbol)
        if not constant:
            return same
        if wanted.is_global or len(path.steps) != 1 or path.steps[0].kind is StepKind.ATTRIBUTE:
            return ()
        return tuple(one for one in same if one.name == path.root)  # what binds a variable's base

    def _sites_of_text(self, code_map: CodeMap) -> Iterator[tuple[SlotSite, ReadSlot]]:
        code, chosen = code_map.code, self.wanted.chosen
        for occurrence in self._stores:
            for site in resolve(code_map, occurrence):
                if site.phase is Phase.AFTER:
                    ins = code_map.instructions[site.position]
                    read = self._reader(code, occurrence.path, ins.opname)
                    may_raise = not ins.opname.startswith(("STORE_FAST", "STORE_DEREF"))
                    yield SlotSite(site.position, _here, "bound", may_raise), _read_here(read)
            for index, ins in enumerate(code_map.instructions):
                if ins.span == occurrence.span and ins.opname.startswith("DELETE_"):
                    read = self._reader(code, chosen.path, ins.opname)
                    yield SlotSite(index, _here, "deleted", True), _read_here(read)

    def _look_at_text(self, frame: FrameType) -> Iterator[Place]:
        """Look at a variable in the nearest frame up the stack whose code names it."""
        path = self.wanted.chosen.path
        above: FrameType | None = frame
        for _ in range(_MAX_FRAMES):
            if above is None:
                return
            read = self._named_in(above.f_code, path)
            if read is not None:
                yield Place(None, _HERE, partial(read, above))
                return
            above = above.f_back

    def _named_in(self, code: CodeType, path: Path) -> Reader | None:
        """Return what reads a path in frames of code whose variable its first name is."""
        key = id(code), path
        known = self._readers.get(key)
        if known is None or known[0] is not code:
            if len(self._readers) > _MAX_READERS:
                self._readers.clear()  # they hold their code
            names_it = self.is_own_file(code) and self._related(code, path.root)
            known = self._readers[key] = code, self._reader(code, path) if names_it else None
        return known[1]

    def _instance_in(self, code: CodeType) -> Reader | None:
        """Return what reads the first parameter of a method of the class."""
        is_method = code.co_qualname.rpartition(".")[0] == self.wanted.of_class
        if not is_method or not code.co_argcount or not self.is_own_file(code):
            return None
        return self._reader(code, Path(code.co_varnames[0]))

    def _related(self, code: CodeType, root: str) -> bool:
        """Whether ``root`` in code of the file is the variable that was chosen."""
        chosen = self.wanted.chosen
        if owns_scope(code, chosen):
            return not code.co_flags & _OPTIMIZED or root in fast_names(code)
        mine, its = chosen.scope.qualname, code.co_qualname
        if root in code.co_freevars and its.startswith(mine + _INNER):
            return True
        return root in (*code.co_cellvars, *code.co_freevars) and mine.startswith(its + _INNER)

    def _reader(self, code: CodeType, path: Path, opname: str = "") -> Reader:
        access = fast_access(code, copies_locals=self.copies_locals)
        return path_reader(code, path, access=access, opname=opname)


def _here(frame: FrameType) -> object:
    return _HERE


def _read_here(read: Reader) -> ReadSlot:
    return lambda frame, _thing: read(frame)


def _read_slot(slot: Slot) -> ReadSlot:
    return lambda _frame, thing: slot.read(thing)


def _parameters(code: CodeType) -> tuple[str, ...]:
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & 0x04) + bool(code.co_flags & 0x08)  # *args, **kwargs
    return code.co_varnames[:count]
