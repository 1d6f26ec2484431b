"""Binds sixteen floats at a steady rate; prints how often a second it really did.

python many_rates.py SECONDS RATE
"""

import sys
from math import sin
from time import perf_counter, sleep

SLICE_S = 0.002


def bind(count: int, first: int) -> None:
    for i in range(first, first + count):
        x = i * 1e-3
        a = x + 0.1
        b = x - 0.2
        c = x * 1.5
        d = x * 0.5
        e = a + b
        f = a - b
        g = c + d
        h = c - d
        j = e * 0.25
        k = f * 0.25
        l = g * 0.125  # noqa: E741
        m = h * 0.125
        n = j + k
        o = l + m
        p = n - o
        q = sin(x)
    del a, b, c, d, e, f, g, h, j, k, l, m, n, o, p, q


def main(seconds: float, rate: float) -> None:
    per_slice = round(rate * SLICE_S)
    slices = round(seconds / SLICE_S)
    start = perf_counter()
    for number in range(slices):
        bind(per_slice, number * per_slice)
        early_s = start + (number + 1) * SLICE_S - perf_counter()
        if early_s > 0:
            sleep(early_s)
    print("turns", slices * per_slice)
    print("rate", slices * per_slice / (perf_counter() - start))


main(float(sys.argv[1]), float(sys.argv[2]))
