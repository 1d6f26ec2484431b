"""Fills histories as a live run does, and prints what they take and how fast they are read.

history_load.py scalars COUNT | volume COUNT
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from pyprobe.ipc.column_reader import Column, read_columns
from pyprobe.ipc.columns import ValueKind
from pyprobe.ipc.ring import RingReader, RingWriter
from pyprobe.session.histories import Histories
from pyprobe.session.history import History

PIXELS = 2000
FLUSH = 16_000
ZOOMS = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 1e-3, 1e-4, 1e-5, 1e-6)
PACE_NS = 10_000
THREAD = 1


def resident_bytes() -> int:
    """Return how much memory this process has, as the system counts it."""
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * 4096


def scalar_column(first: int, values: NDArray[np.float64]) -> Column:
    seq = np.arange(first, first + len(values), dtype=np.int64)
    thread = np.broadcast_to(np.uint64(THREAD), len(values))
    return Column(1, ValueKind.FLOAT, "float", seq, seq * PACE_NS, thread, values)


def scalars(count: int) -> None:
    """One history of ``count`` floats: memory, the cost of a value, and the slowest frame."""
    before = resident_bytes()
    history = History()
    random = np.random.default_rng(0)
    spent_s = 0.0
    for first in range(0, count, FLUSH):
        column = scalar_column(first, random.normal(size=min(FLUSH, count - first)))
        start_s = perf_counter()
        history.append(column)
        spent_s += perf_counter() - start_s
    print("memory_bytes", resident_bytes() - before)
    print("append_ns", spent_s / count * 1e9)
    print("slowest_frame_ms", max(_frame_ms(history, zoom) for zoom in ZOOMS))


def _frame_ms(history: History, zoom: float) -> float:
    """Return the slower of the two axes at this share of the whole, median of several frames."""
    slowest = 0.0
    for axis in ("index", "time"):
        low, high = history.span("time" if axis == "time" else "index") or (0.0, 0.0)
        width = (high - low) * zoom
        taken_ms = []
        for step in range(7):  # scrolled between frames
            start = low + (high - low - width) * step / 7
            begin_s = perf_counter()
            history.envelope(start, start + width, PIXELS, axis="time" if axis == "time" else axis)
            taken_ms.append((perf_counter() - begin_s) * 1e3)
        slowest = max(slowest, statistics.median(taken_ms))
    return slowest


class Source:
    """Arrays that come through a ring, as from a program."""

    def __init__(self, nbytes: int) -> None:
        self._reader = RingReader()
        self._writer = RingWriter(self._reader.path, self._reader.size)
        self._data = bytes(nbytes)
        self._sent = 0

    def next(self) -> Column:
        slot = self._writer.write(self._data)
        if slot is None:
            raise MemoryError("slots of the ring are not given back")
        place = np.array([slot.position, slot.size], "<i8").tobytes()
        packed = np.array([self._sent], "<i8").tobytes()
        shape = [len(self._data) // 8]
        like = {"type": "ndarray", "dtype": "<f8", "shape": shape, "full_shape": shape}
        times = np.array([self._sent * PACE_NS], "<i8").tobytes()
        self._sent += 1
        wire = {"p": 1, "n": 1, "k": "array", "d": "float64", "s": packed, "t": times}
        values = like | {"slots": place, "reduced": ""}
        return read_columns([wire | {"th": packed, "x": values}], self._reader)[0]

    def close(self) -> None:
        self._writer.close()
        self._reader.close()


def volume(count: int) -> None:
    """``count`` arrays of 80 kB, each looked at once; memory after a tenth and at the end."""
    source, histories = Source(80_000), Histories(note=print)
    history = histories.new(0)
    _fill(source, history, histories, count // 10)
    after_tenth = resident_bytes()
    start_s = perf_counter()
    _fill(source, history, histories, count - count // 10)
    print("arrays_per_s", (count - count // 10) / (perf_counter() - start_s))
    print("growth_bytes", resident_bytes() - after_tenth)
    print("memory_bytes", resident_bytes())
    print("kept", len(history.arrays()))
    histories.close()
    source.close()


def _fill(source: Source, history: History, histories: Histories, count: int) -> None:
    for number in range(count):
        history.append(source.next())
        if number % 4 == 3:
            histories.wait()  # as a program that computes something leaves the disk its time


if __name__ == "__main__":
    {"scalars": scalars, "volume": volume}[sys.argv[1]](int(sys.argv[2]))
