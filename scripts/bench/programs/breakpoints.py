"""A loop with a line that never runs and a hot one; prints how many seconds its turns took.

The number of turns is in each line of its input.
"""

import sys
from time import perf_counter


def loop(steps: int) -> float:
    total = 0.0
    for i in range(steps):
        x = i * 0.5
        if x < 0.0:
            total = -1.0  # cold
        total += x  # hot
    return total


for line in sys.stdin:
    steps = int(line)
    loop(steps // 8)  # whoever wrote the line is now at rest
    began = perf_counter()
    loop(steps)
    print("seconds", perf_counter() - began, flush=True)
