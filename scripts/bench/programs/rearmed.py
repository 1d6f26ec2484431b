"""The loop of hot_kinds.py, whose code a bare thread arms 20 times a second; prints the seconds.

The least that a probe at an interval can cost: nothing is captured, and each event is disabled.
The number of turns is in each line of its input.
"""

import sys
import threading
from time import perf_counter, sleep
from types import CodeType

from everyday import run_everyday_code
from processor import take_processor

assert sys.version_info >= (3, 12)
monitoring = sys.monitoring
TOOL, INTERVAL_S, SWITCH_INTERVAL_S = 3, 0.05, 0.0003


def floats(steps: int) -> None:
    x = 0.0
    for i in range(steps):
        x = x * 0.5 + i


def leave(code: CodeType, offset: int) -> object:
    return monitoring.DISABLE


def arm() -> None:
    while True:
        sleep(INTERVAL_S)
        monitoring.set_local_events(TOOL, floats.__code__, 0)
        monitoring.set_local_events(TOOL, floats.__code__, monitoring.events.INSTRUCTION)


sys.setswitchinterval(SWITCH_INTERVAL_S)
monitoring.use_tool_id(TOOL, "rearmed")
monitoring.register_callback(TOOL, monitoring.events.INSTRUCTION, leave)
threading.Thread(target=arm, daemon=True).start()
take_processor()
for line in sys.stdin:
    steps = int(line)
    floats(steps // 8)
    run_everyday_code()
    start = perf_counter()
    floats(steps)
    print("seconds", perf_counter() - start, flush=True)
