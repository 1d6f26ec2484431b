"""Math inputs: the captures of several traces, brought together for one expression. Pure numpy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pyprobe.errors import MathError
from pyprobe.session.history_reader import HistoryReader
from pyprobe.session.history_records import CaptureGoneError
from pyprobe.session.values import ArrayValue, ScalarValue

MOST_CAPTURES = 1 << 20  # of a scalar trace the newest are used


@dataclass(frozen=True, slots=True)
class MathInputs:
    """``values`` by trace name, and where the results belong.

    For scalar traces ``seq`` and ``t_ns`` (int64[n]) are those of the first trace named, of this
    recording where there are two, and every value is an array of n numbers: traces of the same loop
    give those of the same round, as far as all have come to it, others what they held at those
    captures, NaN before their first. With an array among them ``seq`` and ``t_ns`` have one
    element, those of the newest capture, and each value is the newest of its trace. ``epoch_ns`` is
    zero of the newest run's time axis.
    """

    values: Mapping[str, NDArray[np.generic]]
    seq: NDArray[np.int64]
    t_ns: NDArray[np.int64]
    is_series: bool
    epoch_ns: int


class Place(NamedTuple):
    """Where a trace's captures are taken; within one scope a round comes to them in order.

    ``APART`` is the place of another recording: its numbers and times mean nothing here, so that
    its captures go by their count alone.
    """

    scope: tuple[object, ...]
    order: tuple[int, ...]


APART = Place((), ())


def gather(
    readers: Mapping[str, HistoryReader], places: Mapping[str, Place] | None = None
) -> MathInputs | None:
    """Return the inputs, or ``None`` while a trace has no capture yet.

    ``places`` are those of the traces that have one. They tell which of two comes first in a round
    where one of them is captured only since later, as a probe that was added while the loop ran.

    Raises:
        MathError: a trace holds no numbers, or its newest value is not stored any more.
    """
    try:
        return _gather(readers, places or {})
    except CaptureGoneError as error:
        raise MathError(str(error)) from error


def _gather(readers: Mapping[str, HistoryReader], places: Mapping[str, Place]) -> MathInputs | None:
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
        return _newest(readers, places)
    return _series(readers, places)


def _newest(readers: Mapping[str, HistoryReader], places: Mapping[str, Place]) -> MathInputs:
    values, times, numbers = {}, [], []
    own = _own(readers, places)
    for name, reader in readers.items():
        last = reader.last
        if isinstance(last, ArrayValue):
            values[name] = last.array
        elif isinstance(last, ScalarValue):
            values[name] = np.asarray(last.value)
        capture = reader.capture_at(reader.last_t_ns) if reader.last_t_ns is not None else None
        if capture is not None and name in own:
            times.append(capture.t_ns)
            numbers.append(capture.seq)
    seq, t_ns = np.array([max(numbers)]), np.array([max(times)])
    return MathInputs(values, seq, t_ns, False, _epoch_ns(own))


def _own(
    readers: Mapping[str, HistoryReader], places: Mapping[str, Place]
) -> Mapping[str, HistoryReader]:
    """Return the traces whose times count: those of no other recording, where there are any."""
    return {name: one for name, one in readers.items() if places.get(name) is not APART} or readers


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

    def shifted(self, base: "_Numbers", shift: int) -> NDArray[np.generic]:
        """Return the values of the rounds of ``base``, NaN where there is none."""
        first = base.start + shift - self.start
        missing = min(max(-first, 0), len(base.seq))
        found = self.value[first + missing : first + len(base.seq)]
        if not missing:
            return found
        return np.concatenate([np.full(missing, np.nan), found])


def _series(readers: Mapping[str, HistoryReader], places: Mapping[str, Place]) -> MathInputs:
    taken = {name: _numbers(reader) for name, reader in readers.items()}
    first = next(iter(_own(readers, places)))
    base = taken[first]
    shifts: dict[str, int] = {}
    for name, one in taken.items():
        shift = _shift(base, one, _is_first(places, first, name))
        if places.get(name) is APART:
            shift = 0
        if shift is not None:
            shifts[name] = shift
    # One that is captured since later has nothing before; of the others the newest are at hand.
    starts = [taken[name].start - shift for name, shift in shifts.items() if taken[name].start]
    start = max((base.start, *starts))
    stop = min(taken[name].stop - shift for name, shift in shifts.items())
    base = base.part(start, max(stop, start))
    values = {
        name: one.shifted(base, shifts[name]) if name in shifts else _held(one, base.seq)
        for name, one in taken.items()
    }
    return MathInputs(values, base.seq, base.t_ns, True, _epoch_ns(_own(readers, places)))


def _is_first(places: Mapping[str, Place], one: str, other: str) -> bool | None:
    """Whether a round comes to one trace before another; None where that is not known."""
    if one not in places or other not in places or places[one].scope != places[other].scope:
        return None
    if places[one].order == places[other].order:
        return None
    return places[one].order < places[other].order


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


def _shift(base: _Numbers, one: _Numbers, base_is_first: bool | None) -> int | None:
    """Return how much further the number of a capture is than that of the same round in ``base``.

    None where the two do not go by the number of their captures. Two with as many captures are
    taken to come from one loop. So are two that take turns: one is a capture ahead in the middle of
    each round, and stays so where the program is stopped there. Where one is captured since later,
    they take turns from then on.
    """
    if base.stop == one.stop:
        return 0
    start, stop = max(base.start, one.start), min(base.stop, one.stop)
    if start < stop and abs(base.stop - one.stop) == 1:
        ahead, behind = (base, one) if base.stop > one.stop else (one, base)
        is_told_otherwise = base_is_first is not None and base_is_first is not (ahead is base)
        turns = ahead.part(start, stop).seq, behind.part(start, stop).seq
        if not is_told_otherwise and _take_turns(*turns):
            return 0
    if base_is_first is None or not len(base.seq) or not len(one.seq):
        return None
    if one.seq[0] > base.seq[0]:
        return _shift_of_late(base, one, base_is_first)
    shift = _shift_of_late(one, base, not base_is_first)
    return None if shift is None else -shift


def _shift_of_late(early: _Numbers, late: _Numbers, early_is_first: bool) -> int | None:
    since = int(np.searchsorted(early.seq, late.seq[0]))
    own, other = late.seq, early.seq[since:]
    if not 0 <= len(own) - len(other) <= 1 or not _take_turns(own, other):
        return None
    return late.start - (early.start + since - int(early_is_first))


def _take_turns(first: NDArray[np.int64], second: NDArray[np.int64]) -> bool:
    """Whether captures come in turn; ``first`` may have one more."""
    count = len(second)
    return bool(np.all(first[:count] < second) and np.all(second[: len(first) - 1] < first[1:]))


def _held(one: _Numbers, wanted: NDArray[np.int64]) -> NDArray[np.generic]:
    """Return what a trace held at the wanted captures."""
    if not len(one.seq):
        return np.full(len(wanted), np.nan)
    places = np.searchsorted(one.seq, wanted, side="right") - 1
    held = one.value[np.maximum(places, 0)]
    return np.where(places >= 0, held, np.nan)
