"""A hot loop that stays in its frame and times itself in pieces of a tenth of a millisecond.

A number of pieces is in each line of its input. It answers with one line: ``pieces``, when the
first began (``perf_counter_ns``), and when each ended, counted from there.
"""

import sys
from time import perf_counter_ns

from everyday import run_everyday_code
from processor import take_processor

TURNS = 2_000


def never(x: float) -> float:
    rest = x + 1.0
    return rest  # noqa: RET504


def floats(pieces: int, times_ns: list[int]) -> None:
    x = 0.0
    for _ in range(pieces):
        times_ns.append(perf_counter_ns())
        for i in range(TURNS):
            x = x * 0.5 + i
    times_ns.append(perf_counter_ns())


if len(sys.argv) > 1:
    never(0.0)
take_processor()
for line in sys.stdin:
    times_ns: list[int] = []
    run_everyday_code()
    floats(int(line), times_ns)
    first_ns = times_ns[0]
    print("pieces", first_ns, *(time_ns - first_ns for time_ns in times_ns[1:]), flush=True)
