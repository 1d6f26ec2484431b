"""Places in a code object that steps run to: after a call, at a yield, past a comprehension."""

from bisect import bisect_right
from itertools import pairwise
from types import CodeType, FrameType

from pyprobe.core.code_map import CodeMap

_GENERATOR, _COROUTINE, _ASYNC_GENERATOR = 0x20, 0x80, 0x200
_ITERABLE_COROUTINE = 0x100
_SUSPENDING = _GENERATOR | _COROUTINE | _ASYNC_GENERATOR
_CLEARING = ("END_FOR", "END_ASYNC_FOR", "POP_", "SWAP", "STORE_FAST")
_AWAIT_LENGTH = 4  # from a SEND to where the frame is suspended
_AWAITING = ("GET_AWAITABLE", "GET_YIELD_FROM_ITER", "GET_ANEXT")


def can_suspend(code: CodeType) -> bool:
    """Whether frames of ``code`` are suspended: generators and coroutines of all kinds."""
    return bool(code.co_flags & _SUSPENDING)


def gives_value(frame: FrameType) -> bool:
    """Whether a frame that is being suspended gives its caller a value, and does not just wait."""
    code = frame.f_code
    if not code.co_flags & _ASYNC_GENERATOR:
        return bool(code.co_flags & _GENERATOR)
    instructions = CodeMap(code).instructions
    index = bisect_right([ins.op_offset for ins in instructions], frame.f_lasti) - 1
    # With sys.settrace 3.13 has moved on to where it will resume.
    return any(
        instructions[place].opname == "YIELD_VALUE" and instructions[place - 1].opname != "SEND"
        for place in (index, index - 1)
        if place > 0 and instructions[place].opname in ("YIELD_VALUE", "RESUME")
    )


def is_coroutine(code: CodeType) -> bool:
    """Whether frames of ``code`` are what a task runs."""
    return bool(code.co_flags & (_COROUTINE | _ITERABLE_COROUTINE))


def after_call(frame: FrameType) -> list[int]:
    """Return where a frame that has called goes on, exceptions left out."""
    code_map = CodeMap(frame.f_code)
    instructions = code_map.instructions
    # While it calls, a frame may stand at the inline caches behind the instruction.
    index = bisect_right([ins.op_offset for ins in instructions], frame.f_lasti) - 1
    if index < 0:
        return []
    return [_behind_loop(code_map, successor) for successor in code_map.successors(index)]


def after_await(frame: FrameType) -> list[int]:
    """Return where a suspended frame goes on when what it waits for has ended."""
    code_map = CodeMap(frame.f_code)
    instructions = code_map.instructions
    index = bisect_right([ins.op_offset for ins in instructions], frame.f_lasti) - 1
    for place in range(index, max(index - _AWAIT_LENGTH, -1), -1):
        if instructions[place].opname == "SEND":
            found = [one for one in code_map.successors(place) if one != place + 1]
            return [instructions[one].offset for one in found]
    return []


def ways_back(frame: FrameType) -> list[int]:
    """Return where a frame that has called goes on, or goes to when that raises."""
    return [*after_call(frame), *CodeMap(frame.f_code).handler_offsets(frame.f_lasti)]


def _behind_loop(code_map: CodeMap, index: int) -> int:
    """Return the offset of an instruction, or of what follows it where a loop is cleared away."""
    instructions = code_map.instructions
    if instructions[index].opname == "END_FOR":
        index += 1
        while instructions[index].opname in ("POP_TOP", "POP_ITER"):
            index += 1
    return instructions[index].offset


def awaits(code: CodeType) -> list[int]:
    """Return the offsets at which an ``await`` or ``yield from`` begins to wait."""
    return [ins.offset for ins in CodeMap(code).instructions if ins.opname in _AWAITING]


def own_yields(code: CodeType) -> list[int]:
    """Return the offsets of the ``yield`` instructions that are no part of waiting for another."""
    instructions = CodeMap(code).instructions
    return [
        ins.op_offset
        for before, ins in pairwise(instructions)
        if ins.opname == "YIELD_VALUE" and before.opname != "SEND"
    ]


def constant_returned(frame: FrameType) -> tuple[object, ...]:
    """Return the constant whose return is the next instruction of a frame; () where none is."""
    code_map = CodeMap(frame.f_code)
    index = code_map.index_at.get(frame.f_lasti)
    if index is None or code_map.instructions[index].opname != "RETURN_CONST":
        return ()
    return (frame.f_code.co_consts[code_map.instructions[index].arg],)


def inlined_comprehensions(code: CodeType) -> list[range]:
    """Return the offsets of each comprehension that is part of ``code``: 3.12 and newer."""
    code_map = CodeMap(code)
    instructions = code_map.instructions
    found = []
    for index, ins in enumerate(instructions):
        if ins.opname != "LOAD_FAST_AND_CLEAR":
            continue
        for loop in range(index, len(instructions)):
            opname = instructions[loop].opname
            if opname in ("FOR_ITER", "END_ASYNC_FOR"):
                end = max(code_map.successors(loop))
                found.append(range(ins.offset, _restored_at(code_map, end) + 1))
                break
    return found


def _restored_at(code_map: CodeMap, index: int) -> int:
    """Return the last offset at which the result is stored and hidden variables are put back."""
    instructions = code_map.instructions
    while instructions[index].opname.startswith(_CLEARING):
        index += 1
    return instructions[index - 1].offset
