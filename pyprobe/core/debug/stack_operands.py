"""StackOperands: reads what an instruction is about to work on, from its frame's value stack.

``items[next(i)].speed = 3`` stores into an object that no variable names. How many values stand on
the stack before each instruction follows from the code alone (the compiler counts them in the same
way), and they lie after the frame's variables. Nothing is read where the layout is not known.
"""

import sys
from collections.abc import Iterator
from opcode import HAVE_ARGUMENT, stack_effect
from types import FrameType

from pyprobe.core.code_map import CodeMap, exception_table
from pyprobe.core.frame_reader import NotBoundError, Reader
from pyprobe.core.frame_slots import slot_at, slots_place
from pyprobe.core.memory_arrays import address_of

# From 3.14 on the stack holds tagged references.
_KNOWN_LAYOUT = sys.implementation.name == "cpython" and sys.version_info < (3, 14)
_BEGIN_EFFECT = 1  # what is sent to a generator when it begins; up to 3.12 it is not counted


def stack_is_readable() -> bool:
    """Whether operands can be read in this interpreter."""
    return _KNOWN_LAYOUT and slots_place() > 0


class StackOperands:
    """The operands of the instructions of one code object."""

    def __init__(self, code_map: CodeMap) -> None:
        self._map = code_map
        self._depths = stack_depths(code_map) if stack_is_readable() else {}

    def reader(self, index: int, place: int) -> Reader | None:
        """Return what reads the operand ``place`` below the top, just before an instruction.

        None where it cannot be read. The reader raises KeyError where nothing stands there.
        """
        depth = self._depths.get(index, 0)
        if place >= depth:
            return None
        return _word_reader(len(self._map.fast_names) + depth - 1 - place)


def _word_reader(place: int) -> Reader:
    records, values = slot_at(place)

    def read(frame: FrameType) -> object:
        try:
            return values[records[address_of(frame) >> 3] >> 3]
        except ValueError:  # a call without a ``self`` has nothing there
            raise NotBoundError("nothing") from None

    return read


def stack_depths(code_map: CodeMap) -> dict[int, int]:
    """Return how many values stand on the stack before each instruction, by its index.

    Empty where the ways that lead to one do not agree: that is no code as we know it.
    """
    most, index_at = code_map.code.co_stacksize, code_map.index_at
    todo = [(0, 0)]
    for _start, _end, target, depth in exception_table(code_map.code):
        if target in index_at:
            todo.append((index_at[target], depth))
    depths: dict[int, int] = {}
    while todo:
        index, depth = todo.pop()
        if index in depths:
            if depths[index] != depth:
                return {}
            continue
        if not 0 <= depth <= most:
            return {}
        depths[index] = depth
        todo += _ways_on(code_map, index, depth)
    return depths


def _ways_on(code_map: CodeMap, index: int, depth: int) -> Iterator[tuple[int, int]]:
    ins = code_map.instructions[index]
    operation = code_map.code.co_code[ins.op_offset]
    arg = ins.arg if operation >= HAVE_ARGUMENT else None
    target = code_map.jump_target(index)
    if target is not None:
        yield target, depth + stack_effect(operation, arg, jump=True)
    begins = ins.opname == "RETURN_GENERATOR"  # where it will go on
    if begins or not code_map.always_jumps(index):
        effect = _BEGIN_EFFECT if begins else stack_effect(operation, arg, jump=False)
        if index + 1 < len(code_map.instructions):
            yield index + 1, depth + effect
