"""CodeMap: a code object's instructions with their source ranges, names and jump targets.

The interpreter's own ``dis`` is not used: it builds a large record per instruction, and a probe
must arm within a fraction of a millisecond. Formats: CPython's ``Objects/locations.md`` and
``InternalDocs/exception_handling.md``.
"""

import opcode
import sys
from collections.abc import Iterator
from itertools import chain, repeat
from types import CodeType
from typing import NamedTuple

from pyprobe.analysis.occurrence import Span

_EXTENDED_ARG = opcode.opmap["EXTENDED_ARG"]
_LOAD_AND_CLEAR = opcode.opmap.get("LOAD_FAST_AND_CLEAR", 0xFF)  # nothing is 255 on 3.11
_OPNAME = tuple(opcode.opname)
_JUMP_RELATIVE = frozenset(opcode.hasjrel)

# What the oparg of each opcode names: an index into the fast variables, or into co_names after a
# shift (CPython packs flags into the low bits).
_FAST_OPS = frozenset(
    name
    for name in _OPNAME
    if name.startswith(("LOAD_FAST", "STORE_FAST", "DELETE_FAST"))
    or name.endswith(("_DEREF", "_CLASSDEREF"))
    or name == "LOAD_FROM_DICT_OR_DEREF"
)
_FUSED_OPS = frozenset(name for name in _FAST_OPS if name.count("_FAST") == 2)
_NAME_SHIFT = {
    "STORE_NAME": 0,
    "STORE_GLOBAL": 0,
    "DELETE_NAME": 0,
    "DELETE_GLOBAL": 0,
    "LOAD_NAME": 0,
    "LOAD_FROM_DICT_OR_GLOBALS": 0,
    "LOAD_GLOBAL": 1,
    "STORE_ATTR": 0,
    "DELETE_ATTR": 0,
    "LOAD_METHOD": 0,
    "LOAD_ATTR": 1 if sys.version_info >= (3, 12) else 0,
    "LOAD_SUPER_ATTR": 2,
}

_NO_POSITION = (None, None, None, None)
_NEVER_FALLS_THROUGH = ("JUMP_FORWARD", "JUMP_BACKWARD", "RETURN_", "RERAISE", "RAISE_VARARGS")


class Instruction(NamedTuple):
    """One instruction. ``offset`` is where it begins (its first EXTENDED_ARG), where events fire.

    ``op_offset`` is the offset of the operation itself, which return and yield events report.
    ``names`` are the variables or the attribute it names, two for a fused instruction of 3.13.
    ``span`` is None where the compiler gave no position.
    """

    offset: int
    op_offset: int
    opname: str
    arg: int
    names: tuple[str, ...]
    span: Span | None


class CodeMap:
    """The instructions of one code object, in order, and where control flow joins."""

    def __init__(self, code: CodeType) -> None:
        self.code = code
        self.fast_names = fast_names(code)
        self.instructions = tuple(self._decode())
        self.handlers = tuple(exception_handlers(code))
        self.jump_targets = frozenset(self._jump_targets())
        self.index_at = {ins.offset: index for index, ins in enumerate(self.instructions)}

    def following(self, index: int) -> Instruction | None:
        """Return the instruction after ``index`` in the code, None after the last."""
        index += 1
        return self.instructions[index] if index < len(self.instructions) else None

    def handler_offsets(self, offset: int) -> list[int]:
        """Return where an exception raised at ``offset`` lands in this code (innermost only)."""
        return [target for start, end, target in self.handlers if start <= offset < end]

    def successors(self, index: int) -> Iterator[int]:
        """Yield the indexes control may go to after ``index``, exceptions left out."""
        ins = self.instructions[index]
        target = self._jump_target(ins)
        if target is not None and target in self.index_at:
            yield self.index_at[target]
        if not ins.opname.startswith(_NEVER_FALLS_THROUGH) and index + 1 < len(self.instructions):
            yield index + 1

    def reads_within(self, span: Span) -> dict[str, str]:
        """Return the names that are read in a range otherwise than from slots, and the opcodes.

        Where a comprehension was inlined into a module or class, one name may be read from a slot
        here and as a global there.
        """
        return {
            ins.names[0]: ins.opname
            for ins in self.instructions
            if ins.opname.startswith("LOAD_")
            and ins.opname.endswith(("_GLOBAL", "_NAME", "_DEREF"))
            if ins.span is not None and span.contains(ins.span)
        }

    def jumps_to(self, offset: int) -> list[int]:
        """Return the indexes of the instructions that (may) jump to ``offset``."""
        jumps = enumerate(self.instructions)
        return [index for index, ins in jumps if self._jump_target(ins) == offset]

    def jump_target(self, index: int) -> int | None:
        """Return the index of the instruction that this one may jump to, None where it does not."""
        target = self._jump_target(self.instructions[index])
        return None if target is None else self.index_at.get(target)

    def always_jumps(self, index: int) -> bool:
        """Whether the instruction never goes on to the one after it."""
        return self.instructions[index].opname.startswith(_NEVER_FALLS_THROUGH)

    def _decode(self) -> Iterator[Instruction]:
        raw = self.code.co_code
        arg = 0
        begin = -1
        # A program may have cut its own code's table of positions short.
        positions = chain(self.code.co_positions(), repeat(_NO_POSITION))
        for offset, position in zip(range(0, len(raw), 2), positions, strict=False):
            op = raw[offset]
            if op == 0:  # CACHE
                continue
            arg = (arg << 8) | raw[offset + 1]
            if begin < 0:
                begin = offset
            if op == _EXTENDED_ARG:
                continue
            name = _OPNAME[op]
            yield Instruction(begin, offset, name, arg, self._names(name, arg), _span(position))
            arg = 0
            begin = -1

    def _names(self, opname: str, arg: int) -> tuple[str, ...]:
        fast = self.fast_names
        if opname in _FUSED_OPS:
            return fast[arg >> 4], fast[arg & 15]
        if opname in _FAST_OPS:
            return (fast[arg],)
        shift = _NAME_SHIFT.get(opname)
        return () if shift is None else (self.code.co_names[arg >> shift],)

    def _jump_targets(self) -> Iterator[int]:
        for ins in self.instructions:
            target = self._jump_target(ins)
            if target is not None:
                yield target
        for _start, _end, target in self.handlers:
            yield target

    def _jump_target(self, ins: Instruction) -> int | None:
        op = self.code.co_code[ins.op_offset]
        if op not in _JUMP_RELATIVE:
            return None
        step = -ins.arg if "JUMP_BACKWARD" in ins.opname or "_BACKWARD_" in ins.opname else ins.arg
        return self._after(ins) + 2 * step

    def _after(self, ins: Instruction) -> int:
        """The offset after an instruction and its inline caches, which jumps count from."""
        raw = self.code.co_code
        offset = ins.op_offset + 2
        while offset < len(raw) and raw[offset] == 0:
            offset += 2
        return offset


def fast_names(code: CodeType) -> tuple[str, ...]:
    """Return the names of a code object's fast variables in ``localsplus`` order."""
    own = code.co_varnames
    return (*own, *(name for name in code.co_cellvars if name not in own), *code.co_freevars)


def inlined_names(code: CodeType) -> frozenset[str]:
    """Return the names that comprehensions bind which were inlined into a code object (3.12+)."""
    if _LOAD_AND_CLEAR not in code.co_code[::2]:
        return frozenset()
    instructions = CodeMap(code).instructions
    return frozenset(ins.names[0] for ins in instructions if ins.opname == "LOAD_FAST_AND_CLEAR")


def _span(position: tuple[int | None, int | None, int | None, int | None]) -> Span | None:
    line, end_line, col, end_col = position
    if line is None or end_line is None or col is None or end_col is None:
        return None
    return Span(line, col, end_line, end_col)


def exception_handlers(code: CodeType) -> Iterator[tuple[int, int, int]]:
    """Yield ``(start, end, target)`` offsets of the exception table's ranges."""
    for start, end, target, _depth in exception_table(code):
        yield start, end, target


def exception_table(code: CodeType) -> Iterator[tuple[int, int, int, int]]:
    """Yield ``(start, end, target)`` offsets, and how many values then stand on the stack."""
    table = iter(code.co_exceptiontable)
    try:
        while True:
            start = _varint(table) * 2
            length = _varint(table) * 2
            target = _varint(table) * 2
            kept = _varint(table)  # how many values stay, and whether the place is put on them
            yield start, start + length, target, (kept >> 1) + (kept & 1) + 1
    except StopIteration:
        return


def _varint(table: Iterator[int]) -> int:
    byte = next(table)
    value = byte & 63
    while byte & 64:
        byte = next(table)
        value = (value << 6) | (byte & 63)
    return value
