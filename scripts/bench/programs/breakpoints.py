"""A loop with a line that never runs and a hot one; prints how many seconds its rounds took."""

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


rounds, steps = int(sys.argv[1]), int(sys.argv[2])
loop(steps // 10)
for _ in range(rounds):
    began = perf_counter()
    loop(steps)
    print("seconds", perf_counter() - began)
