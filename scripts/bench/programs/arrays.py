"""Binds the same 1 MiB array again and again; prints the seconds a binding, and of `np.copyto`.

python arrays.py HITS

``copy`` is into one buffer, which stays in the processor's cache; ``copy_kept`` into many by turns,
as for somebody who keeps the copies. Both are warm; so are the bindings of ``seconds``, after the
FIRST ones, which are timed as ``first``: a probe's first copies are into memory not mapped yet.
"""

import sys
from time import perf_counter

import numpy as np

array = np.random.default_rng(1).normal(size=131_072)
other = np.empty_like(array)
kept = np.zeros((128, array.size))


def bind(hits: int) -> float:
    start = perf_counter()
    for _ in range(hits):
        frame = array
    del frame
    return (perf_counter() - start) / hits


def copy(hits: int) -> float:
    start = perf_counter()
    for _ in range(hits):
        np.copyto(other, array)
    return (perf_counter() - start) / hits


def copy_kept(hits: int) -> float:
    start = perf_counter()
    for number in range(hits):
        np.copyto(kept[number % len(kept)], array)
    return (perf_counter() - start) / hits


FIRST = 1000
count = int(sys.argv[1])
copy(100)
print("copy", copy(count))
print("copy_kept", copy_kept(count))
print("first", bind(FIRST))
print("seconds", bind(count))
print("copy", copy(count))
