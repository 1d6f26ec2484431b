"""Exception fate: whether anything in the frames around will catch an exception that is raised.

Told from the exception tables, before anything is unwound, and without running the program's code.
What cannot be known (a ``with`` may swallow it, a bare ``except`` may raise it again) counts as
caught.
"""

from _thread import get_ident
from collections.abc import Callable, Iterator
from types import CodeType, FrameType
from typing import Any

from pyprobe.core.code_map import CodeMap, Instruction
from pyprobe.core.debug.going_on import is_loop_call
from pyprobe.core.debug.records import IMPORTER
from pyprobe.core.debug.task_fate import FateUnknownError, frames_beyond
from pyprobe.core.frame_reader import fast_access, variable_reader
from pyprobe.core.plain_access import PlainAccessError, read_attribute
from pyprobe.core.plain_types import FLAG_TUPLE, FLAG_TYPE, flags_of, has_base

_MAX_HANDLERS = 200
_CAUGHT = -1
_MAX_KNOWN = 500
_LOADS = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FAST", "LOAD_DEREF", "LOAD_CLASSDEREF")
_ASKING = ("hasattr", "getattr")  # whose C code catches what is raised for want of an attribute


class ExceptionFate:
    """Remembers what it has found out about code objects."""

    def __init__(self, *, copies_locals: bool) -> None:
        self._copies_locals = copies_locals
        self._maps: dict[int, CodeMap] = {}  # they hold the code objects
        # By thread: the exception that was followed last, the frame it is in, the one it comes to
        # next, and the one that catches it.
        self._ways: dict[int, tuple[int, int, int, int]] = {}

    def is_uncaught(
        self, frame: FrameType | None, error: BaseException, offset: int | None = None
    ) -> bool:
        """Whether surely nothing catches ``error``, which is raised in ``frame``.

        ``offset`` is that of the instruction, where that is not the frame's own last one.
        """
        here = frame
        if here is not None and self._is_on_its_way(here, error):
            return False
        left: list[FrameType] = []
        while frame is not None and not is_thread_end(frame):
            if self.is_caught_in(frame, error, offset):
                self._note_way(here, error, frame)
                return False
            offset = None
            left.append(frame)
            frame = frame.f_back
            if frame is not None and is_loop_call(frame):
                return self._is_uncaught_beyond(left, error)
        return True

    def _is_on_its_way(self, frame: FrameType, error: BaseException) -> bool:
        """Whether it was here just now, or in the frame below, on the way to one that catches it.

        To follow it once is enough: else an exception that comes out of a recursion would be
        followed to its end from each of a thousand frames.
        """
        ident = get_ident()
        way = self._ways.get(ident)
        if way is None or way[0] != id(error) or id(frame) not in way[1:3] or way[3] == id(frame):
            return False
        self._ways[ident] = way[0], id(frame), id(frame.f_back), way[3]
        return True

    def _note_way(self, here: FrameType | None, error: BaseException, catcher: FrameType) -> None:
        if len(self._ways) >= _MAX_KNOWN:
            self._ways.clear()
        if here is not None:
            self._ways[get_ident()] = id(error), id(here), id(here.f_back), id(catcher)

    def _is_uncaught_beyond(self, left: list[FrameType], error: BaseException) -> bool:
        """Whether surely nothing catches it behind an event loop."""
        try:
            beyond = frames_beyond(left, error)
        except FateUnknownError:
            return False
        for frame in beyond:
            if is_thread_end(frame):
                break
            if self.is_caught_in(frame, error):
                return False
        return True

    def is_caught_in(
        self, frame: FrameType, error: BaseException, offset: int | None = None
    ) -> bool:
        """Whether a frame catches an exception that comes out of its current instruction."""
        code = frame.f_code
        if has_base(type(error), AttributeError) and not set(_ASKING).isdisjoint(code.co_names):
            return True
        if has_base(type(error), IndexError) and code.co_name == "__getitem__":
            return True  # so a loop over it ends
        begin = frame.f_lasti if offset is None else offset
        return self._is_handled(frame, self._map_of(code), error, begin)

    def _is_handled(
        self, frame: FrameType, code_map: CodeMap, error: BaseException, offset: int
    ) -> bool:
        for _handler in range(_MAX_HANDLERS):
            targets = code_map.handler_offsets(offset)
            if not targets:
                return False
            answer = self._follow(frame, code_map, code_map.index_at[targets[0]], error)
            if answer is None:
                # The importer raises again what it has caught to clean up, without naming it.
                return not frame.f_code.co_filename.startswith(IMPORTER)
            if answer == _CAUGHT:
                return True
            offset = answer
        return True

    def _follow(
        self, frame: FrameType, code_map: CodeMap, index: int, error: BaseException
    ) -> int | None:
        """Return where a handler raises the exception again, ``_CAUGHT`` where it does not.

        None: that cannot be known.
        """
        instructions = code_map.instructions
        while index < len(instructions):
            ins = instructions[index]
            if ins.opname == "POP_EXCEPT" and self._raises_at(instructions, index + 1):
                return instructions[index + 1].op_offset
            if ins.opname in _RAISING:
                return ins.op_offset
            if ins.opname == "CHECK_EXC_MATCH":
                wanted = self._wanted(frame, code_map, index)
                if wanted is None:
                    return None
                if _matches(error, wanted):
                    return _CAUGHT
                index = self._otherwise(code_map, index)
                continue
            if ins.opname.startswith(_MAY_CATCH) or self._is_bare(instructions, index):
                return None
            index += 1
        return None

    @staticmethod
    def _raises_at(instructions: tuple[Instruction, ...], index: int) -> bool:
        return index < len(instructions) and instructions[index].opname == "RERAISE"

    def _is_bare(self, instructions: tuple[Instruction, ...], index: int) -> bool:
        """Whether an ``except`` without a class begins here."""
        return instructions[index].opname == "POP_TOP" and instructions[index - 1].opname in (
            "PUSH_EXC_INFO",
            "NOP",
        )

    def _otherwise(self, code_map: CodeMap, index: int) -> int:
        """Return where it goes on when the class of an ``except`` does not match."""
        branch = index + 1
        after = [one for one in code_map.successors(branch) if one != branch + 1]
        return after[0] if after else len(code_map.instructions)

    def _wanted(self, frame: FrameType, code_map: CodeMap, index: int) -> list[object] | None:
        """Return the classes of an ``except``, None where they cannot be read."""
        instructions = code_map.instructions
        last = instructions[index - 1]
        count = last.arg if last.opname == "BUILD_TUPLE" else 1
        place = index - 2 if last.opname == "BUILD_TUPLE" else index - 1
        found: list[object] = []
        for _class in range(count):
            attributes: list[str] = []
            while instructions[place].opname.startswith("LOAD_ATTR"):
                attributes.insert(0, instructions[place].names[0])
                place -= 1
            ins = instructions[place]
            place -= 1
            if not ins.opname.startswith(_LOADS) or len(ins.names) != 1:
                return None
            value = self._read(frame, ins, attributes)
            if value is None:
                return None
            found.append(value)
        return found

    def _read(self, frame: FrameType, ins: Instruction, attributes: list[str]) -> object | None:
        access = fast_access(frame.f_code, copies_locals=self._copies_locals)
        try:
            value = variable_reader(frame.f_code, ins.names[0], access=access, opname=ins.opname)(
                frame
            )
            for name in attributes:
                value = read_attribute(value, name)
        except (KeyError, PlainAccessError):
            return None
        return value

    def _map_of(self, code: CodeType) -> CodeMap:
        known = self._maps.get(id(code))
        if known is None:
            if len(self._maps) >= _MAX_KNOWN:
                self._maps.clear()
            known = self._maps[id(code)] = CodeMap(code)
        return known


_parts_of: Callable[[Any], Iterator[object]] = tuple.__iter__
_RAISING = ("RERAISE", "CLEANUP_THROW", "END_ASYNC_FOR")
_MAY_CATCH = ("CHECK_EG_MATCH", "WITH_EXCEPT_START", "POP_EXCEPT", "RETURN_", "YIELD_VALUE")


def _matches(error: BaseException, wanted: list[object]) -> bool:
    for one in wanted:
        flags = flags_of(type(one))
        if flags & FLAG_TUPLE:
            if _matches(error, list(_parts_of(one))):
                return True
        elif not flags & FLAG_TYPE or has_base(type(error), one):  # type: ignore[arg-type]
            return True  # what is no class makes another error, which is another story
    return False


def is_thread_end(frame: FrameType) -> bool:
    """Whether a frame is that of ``threading`` which reports what ends a thread."""
    code = frame.f_code
    return code.co_name == "_bootstrap_inner" and frame.f_globals.get("__name__") == "threading"
