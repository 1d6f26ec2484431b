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
    value is an array of n numbers: other traces give what they held at those captures, NaN before
    their first. With an array among them ``seq`` and ``t_ns`` have one element, those of the newest
    capture, and each value is the newest of its trace.
    """

    values: Mapping[str, NDArray[np.generic]]
    seq: NDArray[np.int64]
    t_ns: NDArray[np.int64]
    is_series: bool


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
    return MathInputs(values, np.array([max(numbers)]), np.array([max(times)]), False)


def _series(readers: Mapping[str, HistoryReader]) -> MathInputs:
    base, *others = readers
    number, t_ns, seq = _numbers(readers[base])
    values = {base: number}
    for name in others:
        other, other_t_ns, other_seq = _numbers(readers[name])
        values[name] = _aligned(other, other_seq, seq, len(other_t_ns) == len(t_ns))
    return MathInputs(values, seq, t_ns, True)


def _numbers(
    reader: HistoryReader,
) -> tuple[NDArray[np.generic], NDArray[np.int64], NDArray[np.int64]]:
    span = reader.span()
    if span is None:
        return np.empty(0), np.empty(0, np.int64), np.empty(0, np.int64)
    last = int(span[1]) + 1
    series = reader.scalars(max(int(span[0]), last - MOST_CAPTURES), last)
    value: NDArray[np.generic] = series.value
    if series.imag is not None:
        value = series.value + 1j * series.imag
    return value, series.t_ns, series.seq


def _aligned(
    value: NDArray[np.generic],
    seq: NDArray[np.int64],
    wanted: NDArray[np.int64],
    is_as_long: bool,
) -> NDArray[np.generic]:
    """Return what a trace held at the wanted captures.

    Two traces with as many captures are taken to come from one loop, and go by their number.
    """
    if is_as_long:
        return value
    if not len(seq):
        return np.full(len(wanted), np.nan)
    places = np.searchsorted(seq, wanted, side="right") - 1
    held = value[np.maximum(places, 0)]
    return np.where(places >= 0, held, np.nan)
