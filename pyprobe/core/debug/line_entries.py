"""Line entries: at which instructions a code object arrives at a line, once for each arrival.

The interpreter's own line events are not that: they come again when the rest of a statement of
several lines goes on, or when a ``with`` is left, and on some versions not at all for a function
or a loop that stands on one line.
"""

from _opcode import stack_effect  # type: ignore[import-not-found]
from dataclasses import dataclass
from opcode import HAVE_ARGUMENT as _HAVE_ARGUMENT
from types import CodeType

from pyprobe.core.code_map import CodeMap, Instruction

_COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")
_APPENDING = ("LIST_APPEND", "SET_ADD", "MAP_ADD")
_NO_ARRIVAL = ("PUSH_EXC_INFO", "WITH_EXCEPT_START", "END_FOR", "POP_ITER", "CLEANUP_THROW")
# Handlers that may go straight on with what follows, which is no handler.
_GOING_ON = ("CLEANUP_THROW", "END_ASYNC_FOR")
_AWAITING_ON = "JUMP_BACKWARD_NO_INTERRUPT"  # of an ``await`` or ``yield from``, which waits on
# A statement begins with what takes nothing from the stack.
_BEGINNING = (
    *("LOAD_CONST", "LOAD_FAST", "LOAD_NAME", "LOAD_GLOBAL", "LOAD_DEREF", "LOAD_CLOSURE"),
    *("LOAD_BUILD_CLASS", "LOAD_ASSERTION_ERROR", "LOAD_LOCALS", "LOAD_CLASSDEREF", "NOP"),
    *("LOAD_SMALL_INT", "LOAD_COMMON_CONSTANT", "PUSH_NULL", "JUMP", "RETURN_CONST"),
    *("DELETE_FAST", "DELETE_NAME", "DELETE_GLOBAL", "DELETE_DEREF", "SETUP_ANNOTATIONS"),
)
_BEGINNING_WITHOUT_PARTS = ("BUILD_", "RAISE_VARARGS")


@dataclass(frozen=True, slots=True)
class LineEntry:
    """One instruction. ``line`` is that of the line event that comes before it, None for none."""

    offset: int
    line: int | None


class LineEntries:
    """The entries of the lines of one code object."""

    def __init__(self, code_map: CodeMap) -> None:
        self._map = code_map
        self._instructions = code_map.instructions
        self._lines = _line_by_index(code_map)
        self._begin = self._body_begin()
        self._cleanups = self._find_cleanups()
        self._jumps: dict[int, list[int]] | None = None

    def at(self, line: int) -> list[LineEntry]:
        """Return where the code arrives at a line; nothing where it has no code of its own.

        Where what stands on the line runs only after other lines of its statement, that is where
        the statement begins.
        """
        code = self._map.code
        if code.co_name in _COMPREHENSIONS and code.co_firstlineno == line:
            return []
        here = [
            index for index in range(self._begin, len(self._lines)) if self._lines[index] == line
        ]
        arrivals = [index for index in here if self._is_arrival(index)]
        found = [index for index in arrivals if self._is_beginning(index, arrivals)]
        # A jump that ends a loop or a branch stands on a line of what has run before it.
        found = [index for index in found if not self._is_jump(index)] or found
        if not found:
            found = sorted({self._statement_begin(index) for index in arrivals})
        entries = [self._entry(index) for index in found]
        return entries + [self._round(source) for source in self._rounds(here)]

    def _entry(self, index: int) -> LineEntry:
        """Return an arrival: a line event comes where control was on another line before."""
        line = self._lines[index]
        is_told = index != self._begin or (index > 0 and self._lines[index - 1] != line)
        return LineEntry(self._instructions[index].offset, line if is_told else None)

    def _round(self, index: int) -> LineEntry:
        return LineEntry(self._instructions[index].offset, None)

    def _is_arrival(self, index: int) -> bool:
        """Whether control comes here from another line, or from nowhere in this code."""
        if self._instructions[index].opname in _NO_ARRIVAL or self._leaves_with(index):
            return False
        if index in self._cleanups:
            return False
        incoming = self._incoming(index)
        return index == self._begin or not incoming or incoming != {self._lines[index]}

    def _incoming(self, index: int) -> set[int | None]:
        """Return the lines that control comes from; None where an exception has led there."""
        found = {self._lines[source] for source in self._sources(index)}
        before = index - 1
        while before >= self._begin and not self._map.always_jumps(before):
            if self._lines[before] is not None:
                found.add(self._lines[before])
                break
            if self._instructions[before].opname == "PUSH_EXC_INFO":
                found.add(None)
                break
            found |= {self._lines[source] for source in self._sources(before)}
            before -= 1
        return found

    def _rounds(self, here: list[int]) -> list[int]:
        """Return the jumps by which a loop on a single line comes back to its begin."""
        return [
            source
            for target in here
            for source in self._sources(target)
            if source > target
            and self._lines[source] == self._lines[target]
            and self._map.always_jumps(source)
            and self._ends_round(source)
            and not self._is_inlined(target, source)
        ]

    def _ends_round(self, source: int) -> bool:
        """Whether a jump back is that of a loop, and not of an ``await``."""
        before = self._instructions[source - 1 : source]
        awaits = self._instructions[source].opname == _AWAITING_ON
        return not awaits and not (before and before[0].opname == "CLEANUP_THROW")

    def _is_beginning(self, index: int, arrivals: list[int]) -> bool:
        """Whether a statement, or the next round of a loop, begins here; else one goes on."""
        if any(source > index for source in self._sources(index)):
            return not self._is_inlined(index, max(self._sources(index)))
        return _takes_nothing(self._instructions[index]) and not any(
            earlier < index and self._is_within(earlier, index) for earlier in arrivals
        )

    def _is_jump(self, index: int) -> bool:
        return self._instructions[index].opname.startswith("JUMP")

    def _is_within(self, earlier: int, index: int) -> bool:
        """Whether what ``earlier`` begins has left something on the stack all the way."""
        depth = 0
        for place in range(earlier, index):
            ins = self._instructions[place]
            raw = self._map.code.co_code[ins.op_offset]
            depth += stack_effect(raw, ins.arg if raw >= _HAVE_ARGUMENT else None, jump=False)
            if depth <= 0 or self._map.always_jumps(place):
                return False
        return True

    def _statement_begin(self, index: int) -> int:
        """Return the first instruction of the expression that ends with this one."""
        own = self._instructions[index].span
        while index > self._begin:
            before = self._instructions[index - 1].span
            if own is None or before is None:
                break
            if (before.line, before.col) < (own.line, own.col):
                break
            if (before.end_line, before.end_col) > (own.end_line, own.end_col):
                break
            index -= 1
        return index

    def _leaves_with(self, index: int) -> bool:
        """Whether this begins the call of ``__exit__(None, None, None)``."""
        three = self._instructions[index : index + 3]
        following = self._instructions[index + 3 : index + 4]
        return (
            len(three) == 3
            and len({(one.opname, one.arg, one.span) for one in three}) == 1
            and three[0].opname == "LOAD_CONST"
            and bool(following)
            and following[0].opname in ("CALL", "PRECALL")
        )

    def _is_inlined(self, begin: int, end: int) -> bool:
        """Whether a loop is that of a comprehension, which from 3.12 on is part of the code."""
        return any(
            one.opname in _APPENDING
            and one.arg >= 2
            and self._instructions[place + 1].opname.startswith("JUMP_BACKWARD")
            # It appends to what lies below the iterators of so many loops.
            and begin in self._loops_around(place)[: one.arg - 1]
            for place, one in enumerate(self._instructions[begin:end], begin)
        )

    def _loops_around(self, place: int) -> list[int]:
        """Return where the loops around an instruction begin, the innermost first."""
        begins = (
            begin
            for begin in range(place, -1, -1)
            for source in self._sources(begin)
            if source >= place and self._ends_round(source)
        )
        return list(dict.fromkeys(begins))

    def _sources(self, index: int) -> list[int]:
        """Return the instructions that jump to one."""
        if self._jumps is None:
            self._jumps = {}
            for source in range(len(self._instructions)):
                for target in self._map.successors(source):
                    if target != source + 1 or self._map.always_jumps(source):
                        self._jumps.setdefault(target, []).append(source)
        return self._jumps.get(index, [])

    def _find_cleanups(self) -> set[int]:
        """Return the instructions of handlers that only put the stack in order."""
        found: set[int] = set()
        for _start, _end, target in self._map.handlers:
            index = self._map.index_at.get(target, len(self._instructions))
            if index in found or self._instructions[index : index + 1] == ():
                continue
            if self._instructions[index].opname == "PUSH_EXC_INFO":
                continue
            goes_on = self._instructions[index].opname in _GOING_ON
            while index < len(self._instructions):
                found.add(index)
                if self._map.always_jumps(index) or (goes_on and not self._jumps_at(index + 1)):
                    break
                index += 1
        return found

    def _jumps_at(self, index: int) -> bool:
        return index < len(self._instructions) and self._is_jump(index)

    def _body_begin(self) -> int:
        for index, ins in enumerate(self._instructions):
            if ins.opname == "RESUME":
                return index + 1
        return 0


def _takes_nothing(ins: Instruction) -> bool:
    if ins.opname.startswith(_BEGINNING_WITHOUT_PARTS):
        return ins.arg == 0
    return ins.opname.startswith(_BEGINNING)


def _line_by_index(code_map: CodeMap) -> list[int | None]:
    """Return the line of each instruction, also where there are no columns."""
    by_offset: dict[int, int | None] = {}
    for start, end, line in code_map.code.co_lines():
        for offset in range(start, end, 2):
            by_offset[offset] = line
    return [by_offset.get(ins.op_offset) for ins in code_map.instructions]


def lines_of(code: CodeType) -> set[int]:
    """Return every line of a code object and of those within."""
    found = {line for _start, _end, line in code.co_lines() if line}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= lines_of(constant)
    return found
