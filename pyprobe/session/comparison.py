"""Compares two recordings probe by probe, capture by capture, in bounded memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from pyprobe.ipc.column_reader import Column
from pyprobe.session.comparison_pairs import ProbePair, pair_probes
from pyprobe.session.comparison_queues import CaptureQueue, RecordingSide
from pyprobe.session.comparison_values import (
    EXACT,
    Tolerance,
    describe_difference,
    first_unequal,
    value_at,
)
from pyprobe.session.recording_reader import RecordingReader
from pyprobe.session.values import Value

_MAX_PENDING_BYTES = 1 << 28


class Verdict(Enum):
    """How one probe's captures compare."""

    SAME = "same"
    PARTS = "parts"
    COUNTS_DIFFER = "counts differ"  # one has more, and all before is the same
    ONLY_IN_A = "only in a"
    ONLY_IN_B = "only in b"


@dataclass(frozen=True)
class Difference:
    """The first capture at which one probe's captures part.

    ``index`` counts the probe's captures from 0; ``seq_a``, ``t_ns_a`` … are those of the capture
    in each recording. ``sentence`` says in what the values differ.
    """

    index: int
    seq_a: int
    seq_b: int
    t_ns_a: int
    t_ns_b: int
    a: Value
    b: Value
    sentence: str


@dataclass(frozen=True)
class ProbeComparison:
    """What was found of one probe; ``first`` is set exactly where the verdict is PARTS."""

    pair: ProbePair
    verdict: Verdict
    count_a: int
    count_b: int
    first: Difference | None = None


def compare_recordings(
    a: RecordingReader,
    b: RecordingReader,
    *,
    tolerance: Tolerance = EXACT,
    pairs: Sequence[ProbePair] | None = None,
) -> list[ProbeComparison]:
    """Compare two recordings; ``pairs`` limits it to some of ``pair_probes``'.

    Raises:
        RecordingError: one of them cannot be read.
    """
    if pairs is None:
        pairs = pair_probes(a.survey(), b.survey())
    together = _compare(a, b, pairs, tolerance, _MAX_PENDING_BYTES)
    if together is not None:
        return together
    # The same probes captured at quite other times: one after the other needs no memory for that.
    found: list[ProbeComparison] = []
    for pair in pairs:
        found += _compare(a, b, [pair], tolerance, None) or []
    return found


def _compare(
    a: RecordingReader,
    b: RecordingReader,
    pairs: Sequence[ProbePair],
    tolerance: Tolerance,
    max_pending_bytes: int | None,
) -> list[ProbeComparison] | None:
    """Read both side by side; ``None`` when more captures wait for their partner than may."""
    running = [_Running(pair, tolerance) for pair in pairs]
    side_a = RecordingSide(a, {one.pair.a.id: one.a for one in running if one.pair.a is not None})
    side_b = RecordingSide(b, {one.pair.b.id: one.b for one in running if one.pair.b is not None})
    while not (side_a.has_ended and side_b.has_ended):
        pending_a = sum(one.a.nbytes for one in running)
        pending_b = sum(one.b.nbytes for one in running)
        if max_pending_bytes is not None and max(pending_a, pending_b) > max_pending_bytes:
            side_a.close()
            side_b.close()
            return None
        takes_a = side_b.has_ended or (pending_a <= pending_b and not side_a.has_ended)
        (side_a if takes_a else side_b).read_on()
        for one in running:
            one.compare(side_a.has_ended, side_b.has_ended)
    return [one.result() for one in running]


class _Running:
    """The comparison of one pair while both recordings are read."""

    def __init__(self, pair: ProbePair, tolerance: Tolerance) -> None:
        self.pair = pair
        self.a, self.b = CaptureQueue(), CaptureQueue()
        self._tolerance = tolerance
        self._compared = 0
        self._first: Difference | None = None
        if pair.a is None or pair.b is None:
            self._stop()

    def _stop(self) -> None:
        self.a.keep_no_more()
        self.b.keep_no_more()

    def compare(self, a_has_ended: bool, b_has_ended: bool) -> None:
        while (left := self.a.front) is not None and (right := self.b.front) is not None:
            count = min(left.count, right.count)
            self._compare_columns(self.a.take(count), self.b.take(count))
        # What waits for captures that will not come need not be kept.
        if (a_has_ended and self.a.front is None) or (b_has_ended and self.b.front is None):
            self._stop()

    def _compare_columns(self, a: Column, b: Column) -> None:
        position = first_unequal(a, b, self._tolerance)
        if position is None:
            self._compared += a.count
            return
        self._first = difference_at(a, b, position, self._compared, self._tolerance)
        self._stop()

    def result(self) -> ProbeComparison:
        return ProbeComparison(self.pair, self._verdict(), self.a.count, self.b.count, self._first)

    def _verdict(self) -> Verdict:
        if self.pair.b is None:
            return Verdict.ONLY_IN_A
        if self.pair.a is None:
            return Verdict.ONLY_IN_B
        if self._first is not None:
            return Verdict.PARTS
        return Verdict.SAME if self.a.count == self.b.count else Verdict.COUNTS_DIFFER


def difference_at(
    a: Column, b: Column, position: int, compared: int, tolerance: Tolerance
) -> Difference:
    """Return in what two columns differ at a position; ``compared`` captures came before them."""
    left, right = value_at(a, position), value_at(b, position)
    return Difference(
        compared + position,
        int(a.seq[position]),
        int(b.seq[position]),
        int(a.t_ns[position]),
        int(b.t_ns[position]),
        left,
        right,
        describe_difference(left, right, tolerance),
    )


def first_in_time(found: Sequence[ProbeComparison]) -> ProbeComparison | None:
    """Return the one that parts first, in order of execution of the first recording."""
    parted = [(one.first.seq_a, one) for one in found if one.first is not None]
    return min(parted, key=lambda pair: pair[0])[1] if parted else None
