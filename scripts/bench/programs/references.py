"""Prints what the simplest thing of each kind costs on this interpreter, in nanoseconds."""

import dis
import sys
from collections.abc import Callable
from time import perf_counter_ns
from types import CodeType, FrameType
from typing import Any

COUNT = 400_000


def work(count: int) -> int:
    x = 0
    for i in range(count):
        x = i
    return x


def appended(count: int) -> None:
    items: list[int] = []
    append = items.append
    for i in range(count):
        append(i)


def once_ns(function: Callable[[int], object]) -> float:
    start = perf_counter_ns()
    function(COUNT)
    return (perf_counter_ns() - start) / COUNT


def cost_ns(function: Callable[[int], object]) -> float:
    return min(once_ns(function) for _ in range(5))


plain_ns = cost_ns(work)
print("append", cost_ns(appended) - plain_ns)

if sys.version_info >= (3, 12):
    tool = 4
    monitoring = sys.monitoring
    monitoring.use_tool_id(tool, "reference")
    code = work.__code__
    *_, wanted = (
        step.offset
        for step in dis.get_instructions(code)
        if step.opname == "STORE_FAST" and step.argval == "x"
    )

    def callback(code: CodeType, offset: int) -> object:
        if offset != wanted:
            return monitoring.DISABLE
        return None

    instruction = monitoring.events.INSTRUCTION
    monitoring.register_callback(tool, instruction, callback)
    monitoring.set_local_events(tool, code, instruction)
    print("callback", cost_ns(work) - plain_ns)
    monitoring.set_local_events(tool, code, 0)
    monitoring.free_tool_id(tool)
else:

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        return trace

    def traced(count: int) -> None:
        sys.settrace(trace)
        work(count)
        sys.settrace(None)

    opcodes_in_loop = 3
    print("callback", (cost_ns(traced) - plain_ns) / opcodes_in_loop)
