"""Prints what the simplest thing of each kind costs on this interpreter, in nanoseconds."""

import dis
import sys
from time import perf_counter_ns

COUNT = 400_000


def work(count):  # type: ignore[no-untyped-def]
    for i in range(count):
        x = i
    return x


def appended(count):  # type: ignore[no-untyped-def]
    items = []
    append = items.append
    for i in range(count):
        append(i)


def cost_ns(function):  # type: ignore[no-untyped-def]
    best = None
    for _ in range(5):
        start = perf_counter_ns()
        function(COUNT)
        took = (perf_counter_ns() - start) / COUNT
        best = took if best is None else min(best, took)
    return best


plain_ns = cost_ns(work)
print("append", cost_ns(appended) - plain_ns)

if sys.version_info >= (3, 12):
    tool = 4
    monitoring = sys.monitoring
    monitoring.use_tool_id(tool, "reference")
    code = work.__code__
    wanted = next(
        step.offset
        for step in dis.get_instructions(code)
        if step.opname == "STORE_FAST" and step.argval == "x"
    )

    def callback(code, offset):  # type: ignore[no-untyped-def]
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

    def trace(frame, event, argument):  # type: ignore[no-untyped-def]
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        return trace

    def traced(count):  # type: ignore[no-untyped-def]
        sys.settrace(trace)
        work(count)
        sys.settrace(None)

    opcodes_in_loop = 3
    print("callback", (cost_ns(traced) - plain_ns) / opcodes_in_loop)
