"""A CPU-bound program that binds a value of one kind in its hottest line; prints the seconds.

python hot_kinds.py float|int|array   with a number of steps in each line of its input
"""

import sys
from time import perf_counter

from everyday import run_everyday_code
from processor import take_processor
from strewn import call_deep, strew


def never(x: float) -> float:
    rest = x + 1.0
    return rest  # noqa: RET504


def floats(steps: int) -> None:
    x = 0.0
    for i in range(steps):
        x = x * 0.5 + i


def integers(steps: int) -> None:
    y = 0
    for i in range(steps):
        y = (y * 3 + i) & 0xFFFF


def arrays(steps: int) -> None:
    import numpy as np

    z = np.zeros(16)
    for i in range(steps):
        z = z * 0.5 + i


held = strew()
take_processor()
work = {"float": floats, "int": integers, "array": arrays}[sys.argv[1]]
if len(sys.argv) > 2:
    never(0.0)
for line in sys.stdin:
    steps = int(line)
    call_deep(work, steps // 8)  # whoever wrote the line is now at rest
    run_everyday_code()
    start = perf_counter()
    call_deep(work, steps)
    print("seconds", perf_counter() - start, flush=True)
