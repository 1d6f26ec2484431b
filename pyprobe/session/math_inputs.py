"""Math inputs: the captures of several traces, brought together for one expression. Pure numpy."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pyprobe.errors import MathError
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.values import ArrayValue, ScalarValue

MOST_CAPTURES = 1 << 20  # of a scalar trace the newest are used


@dataclass(frozen=True, slots=True)
class MathInputs:
    """``values`` by trace name, and where the results belong.

    For scalar traces ``seq`` and ``t_ns`` (int64[n]) are those of the first trace named, and every
    value is an array of n numbers: traces of the same loop give those of the same round, as far as
    all have come to it, others what they held at those captures, NaN before their first. With an
    array among them ``seq`` and ``t_ns`` have one element, those of the newest capture, and each
    value is the newest of its trace. ``epoch_ns`` is zero of the newest run's time axis.
    """

    values: Mapping[str, NDArray[np.generic]]
    seq: NDArray[np.int64]
    t_ns: NDArray[np.int64]
    is_series: bool
    epoch_ns: int


def gather(readers: Mapping[str, HistoryReader]) -> MathInputs | None:
    """Return the inputs, or ``None`` while a trace has no capture yet.

    Raises:
        MathError: a trace holds no numbers.
    """
    if any(reader.last is None for reader in readers.values()):
        return None
    for name, reader in readers.items():
        last = reader.last
        is_number = isinstance(last, ScalarValue) or (
            isinstance(last, ArrayValue) and last.array.dtype.kind in "biufc"
        )
        if not is_number and last is not None:
            raise MathError(f"{name} holds no numbers but {last.dtype}")
    if any(isinstance(reader.last, ArrayValue) for reader in readers.values()):
        return _newest(readers)
    return _series(readers)


def _newest(readers: Mapping[str, HistoryReader]) -> MathInputs:
    values, times, numbers = {}, [], []
    for name, reader in readers.items():
        last = reader.last
        if isinstance(last, ArrayValue):
            values[name] = last.array
        elif isinstance(last, ScalarValue):
            values[name] = np.asarray(last.value)
        capture = reader.capture_at(reader.last_t_ns) if reader.last_t_ns is not None else None
        if capture is not None:
            times.append(capture.t_ns)
            numbers.append(capture.seq)
    seq, t_ns = np.array([max(numbers)]), np.array([max(times)])
    return MathInputs(values, seq, t_ns, False, _epoch_ns(readers))


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers taken of one trace: those of its captures ``start`` up to ``stop``."""

    value: NDArray[np.generic]
    t_ns: NDArray[np.int64]
    seq: NDArray[np.int64]
    start: int

    @property
    def stop(self) -> int:
        return self.start + len(self.seq)

    def part(self, start: int, stop: int) -> "_Numbers":
        own = slice(start - self.start, stop - self.start)
        return _Numbers(self.value[own], self.t_ns[own], self.seq[own], start)


def _series(readers: Mapping[str, HistoryReader]) -> MathInputs:
    taken = {name: _numbers(reader) for name, reader in readers.items()}
    base = next(iter(taken.values()))
    in_step = {name: one for name, one in taken.items() if _is_in_step(base, one)}
    start = max(one.start for one in in_step.values())
    stop = min(one.stop for one in in_step.values())
    base = base.part(start, stop)
    values = {
        name: one.part(start, stop).value if name in in_step else _held(one, base.seq)
        for name, one in taken.items()
    }
    return MathInputs(values, base.seq, base.t_ns, True, _epoch_ns(readers))


def _epoch_ns(readers: Mapping[str, HistoryReader]) -> int:
    return max(reader.epoch_ns for reader in readers.values())


def _numbers(reader: HistoryReader) -> _Numbers:
    span = reader.span()
    if span is None:
        return _Numbers(np.empty(0), np.empty(0, np.int64), np.empty(0, np.int64), 0)
    last = int(span[1]) + 1
    start = max(int(span[0]), last - MOST_CAPTURES)
    series = reader.scalars(start, last)
    value: NDArray[np.generic] = series.value
    if series.imag is not None:
        value = series.value + 1j * series.imag
    return _Numbers(value, series.t_ns, series.seq, start)


def _is_in_step(one: _Numbers, other: _Numbers) -> bool:
    """Whether two traces go by the number of their captures.

    Two with as many captures are taken to come from one loop. So are two that take turns: one is a
    capture ahead in the middle of each round, and stays so where the program is stopped there.
    """
    start, stop = max(one.start, other.start), min(one.stop, other.stop)
    if one.stop == other.stop or start >= stop:
        return one.stop == other.stop
    if abs(one.stop - other.stop) > 1:
        return False
    first, second = (one, other) if one.stop > other.stop else (other, one)
    ahead, behind = first.part(start, stop).seq, second.part(start, stop).seq
    return bool(np.all(ahead < behind) and np.all(behind[:-1] < ahead[1:]))


def _held(one: _Numbers, wanted: NDArray[np.int64]) -> NDArray[np.generic]:
    """Return what a trace held at the wanted captures."""
    if not len(one.seq):
        return np.full(len(wanted), np.nan)
    places = np.searchsorted(one.seq, wanted, side="right") - 1
    held = one.value[np.maximum(places, 0)]
    return np.where(places >= 0, held, np.nan)
