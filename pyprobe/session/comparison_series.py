"""The difference of one probe's captures in two recordings, as captures of its own."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from pyprobe.ipc.array_reader import ArrayValue
from pyprobe.ipc.column_reader import Column
from pyprobe.ipc.columns import PACKED_ITEM_BYTES, ValueKind
from pyprobe.session.comparison_pairs import ProbePair
from pyprobe.session.comparison_queues import CaptureQueue, RecordingSide
from pyprobe.session.recording_reader import RecordingReader


def difference_columns(a: RecordingReader, b: RecordingReader, pair: ProbePair) -> Iterator[Column]:
    """Yield the captures of ``a`` minus those of ``b``, paired in order, for a history to store.

    Probe, sequence numbers, times and threads are those of ``a``. Differences of numbers are
    float64 or complex128, those of numeric arrays of equal shape are arrays; captures without a
    difference (texts, other shapes, a number against an array) are left out. Both recordings are
    read side by side in bounded memory.

    Raises:
        RecordingError: one of them cannot be read.
    """
    if pair.a is None or pair.b is None:
        return
    waiting_a, waiting_b = CaptureQueue(), CaptureQueue()
    side_a = RecordingSide(a, {pair.a.id: waiting_a})
    side_b = RecordingSide(b, {pair.b.id: waiting_b})
    while True:
        while waiting_a.front is None and not side_a.has_ended:
            side_a.read_on()
        while waiting_b.front is None and not side_b.has_ended:
            side_b.read_on()
        if waiting_a.front is None or waiting_b.front is None:
            return
        count = min(waiting_a.front.count, waiting_b.front.count)
        yield from differences_of(waiting_a.take(count), waiting_b.take(count))


def differences_of(a: Column, b: Column) -> Iterator[Column]:
    """Yield what two columns of equal length differ by: see ``difference_columns``."""
    if a.kind in PACKED_ITEM_BYTES and b.kind in PACKED_ITEM_BYTES:
        yield _of_numbers(a, b)
    elif a.kind is b.kind is ValueKind.ARRAY:
        for position in range(a.count):
            array = _of_arrays(a.arrays[position], b.arrays[position])
            if array is not None:
                yield replace(a.part(position, position + 1), arrays=[array])


def _of_numbers(a: Column, b: Column) -> Column:
    is_complex = ValueKind.COMPLEX in (a.kind, b.kind)
    dtype = np.complex128 if is_complex else np.float64
    with np.errstate(all="ignore"):
        values = np.subtract(a.values, b.values, dtype=dtype)
    kind = ValueKind.COMPLEX if is_complex else ValueKind.FLOAT
    return replace(a, kind=kind, dtype="complex" if is_complex else "float", values=values)


def _of_arrays(a: ArrayValue, b: ArrayValue) -> ArrayValue | None:
    left, right = a.array, b.array
    if left.shape != right.shape or not {left.dtype.kind, right.dtype.kind} <= set("biufc"):
        return None
    # Not in the arrays' own dtype, in which an unsigned difference would wrap around.
    dtype = np.result_type(left, right, np.float64)
    with np.errstate(all="ignore"):
        array = np.subtract(left, right, dtype=dtype)
    array.flags.writeable = False
    return ArrayValue(array, a.type, array.shape, a.reduced)
