"""Slot sites: which instructions of a code object may change a slot, and of which object.

The instruction decides, not the source text: ``STORE_ATTR speed`` of any object, in any file, is
one, and what it works on is read from the value stack as it runs.
"""

from collections.abc import Callable, Iterator
from types import BuiltinFunctionType, CodeType, FrameType, MethodWrapperType
from typing import NamedTuple

from pyprobe.core.code_map import CodeMap, Instruction
from pyprobe.core.debug.slot import Slot
from pyprobe.core.debug.slot_holders import Holder
from pyprobe.core.debug.stack_operands import StackOperands
from pyprobe.core.events.base import Handler
from pyprobe.core.frame_namespace import namespace_reader
from pyprobe.core.frame_reader import Reader
from pyprobe.core.plain_types import MISSING
from pyprobe.core.resolver import is_cleanup

# Returns the object that an instruction is about to work on, MISSING where it is another.
Select = Callable[[FrameType], object]

_NAMESPACE_WORDS = frozenset(("__dict__", "vars", "globals", "locals"))
_ATTRIBUTE_SETTERS = frozenset(("setattr", "delattr", "__setattr__", "__delattr__"))
_ELEMENT_SETTERS = frozenset(
    (
        *("setitem", "delitem", "__setitem__", "__delitem__", "__ior__", "__iadd__", "__imul__"),
        *("update", "setdefault", "pop", "popitem", "clear", "append", "appendleft", "extend"),
        *("extendleft", "insert", "remove", "popleft", "reverse", "rotate", "sort", "add"),
        *("discard", "shuffle", "heappush", "heappop", "heapify", "heapreplace", "heappushpop"),
        *("insort", "insort_left", "insort_right", "move_to_end", "fill", "put", "place", "copyto"),
        *("putmask", "put_along_axis", "resize", "partition", "itemset", "setfield", "readinto"),
        *("recv_into", "pack_into", "fromlist", "frombytes", "byteswap", "subtract"),
    )
)
_CALLS = ("CALL", "CALL_KW", "PRECALL", "CALL_FUNCTION_EX", "CALL_METHOD")
_PLAIN_KEYS = frozenset(map(id, (str, int, bool, float, bytes, type(None))))
_MOST_OPERANDS = 6
_AUGMENTED = 13  # BINARY_OP's argument from which on it is an augmented assignment's


class SlotSite(NamedTuple):
    """``position`` is the instruction's in the CodeMap. ``verb``: it was ``bound`` or so."""

    position: int
    select: Select
    verb: str
    may_raise: bool
    is_call: bool = False


class SiteFinder:
    """Finds the sites of slots in one code object. ``is_mine``: elements and calls count, too."""

    def __init__(self, code_map: CodeMap, *, is_mine: bool) -> None:
        self._map = code_map
        self._is_mine = is_mine
        self._operands: StackOperands | None = None

    def sites(self, slot: Slot, holder: Holder) -> Iterator[SlotSite]:
        """Yield what may change the slot of what ``holder`` tells."""
        code, name = self._map.code, slot.name
        names = code.co_names
        if name and name in names:
            yield from self._by_name(name, holder)
        if not self._is_mine and not (name and is_made(code)):
            return
        by_key = not name or not _NAMESPACE_WORDS.isdisjoint(names)
        if by_key:
            yield from self._by_key(slot.key, holder)
        by_call = bool(name) and not _ATTRIBUTE_SETTERS.isdisjoint(names)
        if by_call or (by_key and not _ELEMENT_SETTERS.isdisjoint(names)):
            yield from self._by_call(holder)

    def meetings(self, names: frozenset[str], holder: Holder) -> Iterator[tuple[int, Handler]]:
        """Yield where objects are met one of whose attributes ``names`` is about to be read."""
        in_code = self._map.code.co_names
        if not self._is_mine or names.union(("vars",)).isdisjoint(in_code):
            return
        for index, ins in enumerate(self._map.instructions):
            if (ins.opname in ("LOAD_ATTR", "LOAD_METHOD") and ins.names[0] in names) or (
                ins.opname in _CALLS and ins.arg == 1 and "vars" in in_code
            ):
                read = self._operand(index, 0)
            else:
                continue
            if read is not None:
                yield index, _meeting(read, holder)

    def _operand(self, index: int, place: int) -> Reader | None:
        if self._operands is None:
            self._operands = StackOperands(self._map)
        return self._operands.reader(index, place)

    def _by_name(self, name: str, holder: Holder) -> Iterator[SlotSite]:
        is_module = self._map.code.co_name == "<module>"
        for index, ins in enumerate(self._map.instructions):
            if ins.names != (name,) or self._ends_except(index):
                continue
            kind, _, what = ins.opname.partition("_")
            if kind not in ("STORE", "DELETE"):
                continue
            if what == "ATTR":
                read = self._operand(index, 0)
                if read is not None:
                    yield SlotSite(index, _held(read, holder), _verb(ins), True)
            elif what == "GLOBAL" or (what == "NAME" and is_module):
                local = namespace_reader(self._map.code) if what == "NAME" else None
                yield SlotSite(index, _global(holder, local), _verb(ins), True)

    def _ends_except(self, index: int) -> bool:
        """Whether it unbinds the name of an ``except … as``, which is no binding."""
        return is_cleanup(self._map, index) or (index > 0 and is_cleanup(self._map, index - 1))

    def _by_key(self, key: object, holder: Holder) -> Iterator[SlotSite]:
        for index, ins in enumerate(self._map.instructions):
            if ins.opname in ("STORE_SUBSCR", "DELETE_SUBSCR"):
                constant = self._constant_before(index)
                if type(constant) is type(key) is str and constant != key:
                    continue
                read, read_key = self._operand(index, 1), self._operand(index, 0)
            elif ins.opname == "STORE_SLICE":
                read, read_key = self._operand(index, 2), None
            elif is_augmented(ins) and id(type(self._constant_before(index))) not in _PLAIN_KEYS:
                read, read_key = self._operand(index, 1), None  # a list or dict by another name
            else:
                continue
            if read is not None:
                yield SlotSite(index, _keyed(read, read_key, key, holder), _verb(ins), True)

    def _constant_before(self, index: int) -> object:
        """Return the key that the instruction before has put on the stack, if it is a constant."""
        if index == 0 or self._map.instructions[index].offset in self._map.jump_targets:
            return MISSING
        before = self._map.instructions[index - 1]
        if before.opname != "LOAD_CONST":
            return MISSING
        constant: object = self._map.code.co_consts[before.arg]
        return constant

    def _by_call(self, holder: Holder) -> Iterator[SlotSite]:
        for index, ins in enumerate(self._map.instructions):
            if ins.opname not in _CALLS or self._is_second_half(index, ins):
                continue
            reads = [self._operand(index, place) for place in range(_operand_count(ins))]
            known = [read for read in reads if read is not None][-_MOST_OPERANDS:]
            if known:
                yield SlotSite(index, _any_held(known, holder), "bound", True, is_call=True)

    def _is_second_half(self, index: int, ins: Instruction) -> bool:
        """On 3.11 a call is two instructions; arguments are all there before the first."""
        return ins.opname == "CALL" and self._map.instructions[index - 1].opname == "PRECALL"


def is_made(code: CodeType) -> bool:
    """Whether code was made by the program: a frozen dataclass sets attributes by such."""
    name = code.co_filename
    return name.startswith("<") and not name.startswith("<frozen")


def is_augmented(ins: Instruction) -> bool:
    """Whether it is the operation of an ``x += …``."""
    return ins.opname == "BINARY_OP" and ins.arg >= _AUGMENTED


def _operand_count(ins: Instruction) -> int:
    if ins.opname == "CALL_FUNCTION_EX":
        return 2 + (ins.arg & 1) + 1
    return ins.arg + 2 + (ins.opname == "CALL_KW")


def _verb(ins: Instruction) -> str:
    return "deleted" if ins.opname.startswith("DELETE") else "bound"


def _meeting(read: Reader, holder: Holder) -> Handler:
    def meet(frame: FrameType) -> None:
        thing = read(frame)
        if type(thing) is not dict and holder.holds(frame, thing):
            holder.meet(thing)

    return meet


def _held(read: Reader, holder: Holder) -> Select:
    def select(frame: FrameType) -> object:
        thing = read(frame)
        return thing if holder.holds(frame, thing) else MISSING

    return select


def _global(holder: Holder, local_names: Reader | None) -> Select:
    def select(frame: FrameType) -> object:
        namespace = frame.f_globals
        if local_names is not None and local_names(frame) is not namespace:
            return MISSING
        return namespace if holder.holds(frame, namespace) else MISSING

    return select


def _keyed(read: Reader, read_key: Reader | None, wanted: object, holder: Holder) -> Select:
    kind = type(wanted)
    is_plain = id(kind) in _PLAIN_KEYS

    def select(frame: FrameType) -> object:
        thing = read(frame)
        if read_key is not None and type(thing) is dict:
            key = read_key(frame)
            if type(key) is kind:
                if is_plain and key != wanted:
                    return MISSING
            elif id(type(key)) in _PLAIN_KEYS and kind is str:
                return MISSING
        return thing if holder.holds(frame, thing) else MISSING

    return select


def _any_held(reads: list[Reader], holder: Holder) -> Select:
    """Select what a function or method of C is called with: ``setattr(it, …)``, ``it.pop()``."""

    def select(frame: FrameType) -> object:
        for read in reads:
            try:
                thing = read(frame)
            except KeyError:  # no ``self``
                continue
            kind = type(thing)
            if kind is BuiltinFunctionType or kind is MethodWrapperType:
                thing = thing.__self__  # type: ignore[attr-defined]
            elif kind is tuple:  # of a call with *args
                for each in thing[:_MOST_OPERANDS]:  # type: ignore[index]
                    if holder.holds(frame, each):
                        found: object = each
                        return found
            if holder.holds(frame, thing):
                return thing
        return MISSING

    return select
