"""What a probe costs a hot loop, told apart from what else goes on on the machine.

Beside a busy neighbour the same loop takes up to twice as long, for milliseconds or for minutes,
and the times of long stretches differ by several per cent. So here the loop times itself in pieces
of a tenth of a millisecond (``programs/pieces.py``), and two things are taken from these:

What is there all the time shows in the calm pieces, those in which nobody was beside it: one that a
twentieth of all is below, of the loop with the probe and of the plain one, in many pairs of
processes. (Not in the least of all: a slowdown of 4 % that had been there for long had left single
pieces as they were.)

What comes with each hit, the service thread's turn above all, shows in when it comes: the pieces
around a hit are compared with those of the same interval long after it. A neighbour comes and goes
without regard to hits, so over many of them his part cancels out.
"""

from __future__ import annotations

import math
import statistics
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, pairwise

from apart import apart_from_programs
from measuring import Setting
from pacing import NINE_OF_TEN, PlainProgram, Prepare, ProbedProgram, doubt_of_median

from pyprobe.session.session import Session

SCRIPT = "pieces.py"
TURNS = 2_000  # of a piece, as the program says
_PIECES = 2_500  # of a stretch: a quarter of a second, or half of one
_STRETCHES = 10  # of each process
_PROCESSES = 20
_CALM_PART = 0.05  # of the pieces are shorter than what is taken for calm
# From a hit, when what it brings with it begins and ends, and from when to when the loop is again
# as if there had been none. The code is armed before its hit, and the program waits meanwhile.
_BEGINS_NS, _ENDS_NS = -2_000_000, 10_000_000
_CALM_FROM_NS, _CALM_UNTIL_NS = 12_000_000, 42_000_000


@dataclass(frozen=True)
class Cost:
    """``between_hits``: the time of a calm piece, to plain. ``hit_ns``: what each hit adds.

    ``interval_ns``: from hit to hit, 0 without any. ``doubt``: by how much ``to_plain`` may be off;
    one time in ten by more. ``quiet_ns``: of a turn in the calmest of the plain loop's.
    """

    between_hits: float
    hit_ns: float
    interval_ns: float
    doubt: float
    quiet_ns: float

    @property
    def to_plain(self) -> float:
        """How much longer the loop takes, all in all."""
        by_hits = self.hit_ns / (self.interval_ns - self.hit_ns) if self.interval_ns else 0.0
        return self.between_hits * (1 + by_hits)

    def said(self) -> str:
        """Return the reference: what the ratio to plain is made of."""
        turn = f"a calm turn {self.quiet_ns:.1f} ns"
        if not self.interval_ns:
            return f"±{self.doubt * 100:.1f} %, {turn}"
        hit = f"{self.hit_ns / 1e6:.2f} ms a hit, between hits {self.between_hits:.3f}"
        return f"±{self.doubt * 100:.1f} %, {hit}, {turn}"


@dataclass(frozen=True)
class _Pair:
    """What two processes have told: their calm pieces, and of the hits in one of them."""

    plain_ns: int
    with_ns: int
    excesses_ns: list[float]
    intervals_ns: list[int]


def cost(setting: Setting, *, prepare: Prepare) -> Cost:
    """Return what ``prepare``, which adds at most one probe, costs the loop."""
    pairs = [_measured(setting, prepare) for _ in range(setting.repeats(_PROCESSES))]
    ratios = [one.with_ns / one.plain_ns for one in pairs]
    excesses_ns = list(chain.from_iterable(one.excesses_ns for one in pairs))
    intervals_ns = list(chain.from_iterable(one.intervals_ns for one in pairs))
    hit_ns = interval_ns = hit_doubt_ns = 0.0
    if len(excesses_ns) > 1:
        hit_ns, interval_ns = statistics.fmean(excesses_ns), statistics.median(intervals_ns)
        hit_doubt_ns = NINE_OF_TEN * statistics.stdev(excesses_ns) / math.sqrt(len(excesses_ns))
    return Cost(
        statistics.median(ratios),
        hit_ns,
        interval_ns,
        math.hypot(doubt_of_median(ratios), hit_doubt_ns / (interval_ns or 1.0)),
        min(one.plain_ns for one in pairs) / TURNS,
    )


def _measured(setting: Setting, prepare: Prepare) -> _Pair:
    plains: list[list[int]] = []
    withs: list[list[int]] = []
    with (
        apart_from_programs(),
        closing(PlainProgram(setting, SCRIPT)) as plain,
        closing(ProbedProgram(setting, SCRIPT, budget_percent=5.0)) as probed,
    ):
        probed.start()
        undo = probed.prepared(prepare)
        _stretch_ns(plain)
        _stretch_ns(probed)
        for _ in range(setting.repeats(_STRETCHES)):
            plains.append(_stretch_ns(plain))
            withs.append(_stretch_ns(probed))
        hits_ns = _hits_ns(probed.session)
        undo()
        probed.finish()
    excesses_ns = chain.from_iterable(excesses_of_hits_ns(one, hits_ns) for one in withs)
    intervals_ns = [after - before for before, after in pairwise(hits_ns)]
    return _Pair(_calm_ns(plains), _calm_ns(withs), list(excesses_ns), intervals_ns)


def excesses_of_hits_ns(times_ns: Sequence[int], hits_ns: Sequence[int]) -> list[float]:
    """Return how much longer the pieces around each hit took than as many of those long after it.

    ``times_ns``: when each piece began, and the last one ended. Hits too near to the stretch's
    ends or to the next one are left out.
    """
    excesses: list[float] = []
    for hit_ns, next_ns in zip(hits_ns, [*hits_ns, math.inf][1:], strict=True):
        is_inside = times_ns[0] <= hit_ns + _BEGINS_NS and hit_ns + _CALM_UNTIL_NS <= times_ns[-1]
        if not is_inside or hit_ns + _CALM_UNTIL_NS > next_ns + _BEGINS_NS:
            continue
        begin, end, calm_begin, calm_end = (
            bisect_left(times_ns, hit_ns + offset_ns)
            for offset_ns in (_BEGINS_NS, _ENDS_NS, _CALM_FROM_NS, _CALM_UNTIL_NS)
        )
        if calm_begin == calm_end:
            continue  # a piece as long as all the time that is looked at
        calm_ns = (times_ns[calm_end] - times_ns[calm_begin]) / (calm_end - calm_begin)
        excesses.append(times_ns[end] - times_ns[begin] - (end - begin) * calm_ns)
    return excesses


def _stretch_ns(program: PlainProgram | ProbedProgram) -> list[int]:
    """Have a stretch run; return when each piece began, and the last one ended."""
    first_ns, *after_ns = map(int, program.answer(_PIECES)[1:])
    return [first_ns, *(first_ns + one_ns for one_ns in after_ns)]


def _calm_ns(stretches: Sequence[Sequence[int]]) -> int:
    """Return how long the pieces take in which nobody was beside the loop."""
    pieces_ns = sorted(
        after - before for times_ns in stretches for before, after in pairwise(times_ns)
    )
    return pieces_ns[int(len(pieces_ns) * _CALM_PART)]


def _hits_ns(session: Session) -> list[int]:
    scalars = [probe.history.scalars() for probe in session.probes.values()]
    return [int(t_ns) for one in scalars for t_ns in one.t_ns]
