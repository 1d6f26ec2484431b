"""A CPU-bound program whose hottest line is known; prints the seconds of each round.

python hot_loop.py ROUNDS STEPS
"""

import resource
import sys
from time import perf_counter


def never(x: float) -> float:
    y = x + 1.0
    return y  # noqa: RET504


def work(steps: int) -> float:
    x = 0.0
    for i in range(steps):
        x = x * 0.5 + i
    return x


def main(rounds: int, steps: int) -> None:
    if rounds < 0:
        never(0.0)
    work(steps // 10)
    for _ in range(rounds):
        start = perf_counter()
        work(steps)
        print("seconds", perf_counter() - start)
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print("peak_mib", peak_kib / 1024)


main(int(sys.argv[1]), int(sys.argv[2]))
