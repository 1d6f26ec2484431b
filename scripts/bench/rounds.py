"""Stretches of a program, and what they tell: only those count that nobody was beside.

Beside a busy neighbour the same stretch takes up to twice as long, for a second or for minutes.
Whether one was there the plain program tells, right before and right after: a stretch counts where
both of these took about as little time as the calm ones do. So what is measured has no part in the
choice, and a neighbour who comes in between counts against it.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain

NINE_OF_TEN = 1.645  # of what is scattered lies within so many standard deviations, on both sides
# A tenth of the plain stretches is calm at any rate; two processes of one program differ by 5 %.
_CALM_PART, _CALM_UP_TO = 0.1, 1.08


@dataclass
class Rounds:
    """Seconds of the stretches of one pair of processes, in the order of their running.

    Without, plain, with, plain, without, plain, with, plain, without … ``cost_s``: what PyProbe
    says that those with have cost.
    """

    plain_s: list[float] = field(default_factory=list)
    with_s: list[float] = field(default_factory=list)
    without_s: list[float] = field(default_factory=list)
    cost_s: float = 0.0

    def to_plain(self, calm_s: float) -> list[float]:
        """Return the time with, to the plain one, of each stretch between two calm ones.

        A stretch of the plain program is calm if it took no longer than ``calm_s``.
        """
        return [self.with_s[at] / statistics.fmean(self._beside(at)) for at in self._chosen(calm_s)]

    def to_without(self, calm_s: float) -> list[float]:
        """Return the time with, to that without, of the same stretches."""
        return [
            self.with_s[at] / statistics.fmean(self.without_s[at : at + 2])
            for at in self._chosen(calm_s)
        ]

    def bare(self, calm_s: float) -> list[float]:
        """Return the time without, to the plain one, of those between two calm ones."""
        beside = [
            self.plain_s[max(2 * at - 1, 0) : 2 * at + 1] for at in range(len(self.without_s))
        ]
        return [
            one / statistics.fmean(plain)
            for one, plain in zip(self.without_s, beside, strict=True)
            if max(plain) <= calm_s
        ]

    def _beside(self, at: int) -> list[float]:
        return self.plain_s[2 * at : 2 * at + 2]

    def _chosen(self, calm_s: float) -> list[int]:
        return [at for at in range(len(self.with_s)) if max(self._beside(at)) <= calm_s]


def calm_limit_s(rounds: Sequence[Rounds]) -> float:
    """Return up to how long a plain stretch is calm; any is where none lies between two calm."""
    plain_s = sorted(chain.from_iterable(one.plain_s for one in rounds))
    limit_s = plain_s[int(len(plain_s) * _CALM_PART)] * _CALM_UP_TO
    return limit_s if any(one.to_plain(limit_s) for one in rounds) else math.inf


def median_of(rounds: Sequence[Rounds], told: Callable[[Rounds], list[float]]) -> float:
    """Return the median of what is told of each; of nothing, it is no number."""
    values = list(chain.from_iterable(map(told, rounds)))
    return statistics.median(values) if values else math.nan


def doubt_of(rounds: Sequence[Rounds], calm_s: float) -> float:
    """Return by what part of it the median of ``to_plain`` may be off, one time in ten by more.

    By the medians of the processes, which differ more than the stretches of one.
    """
    told = [one.to_plain(calm_s) for one in rounds]
    medians = [statistics.median(one) for one in told if one]
    return doubt_of_median(medians) / statistics.median(medians)


def doubt_of_median(values: Sequence[float]) -> float:
    """Return by how much the median of values may be off, one time in ten by more.

    Their spread is taken from the median of their distances, which single bad ones do not move.
    """
    middle = statistics.median(values)
    spread = 1.4826 * statistics.median(abs(one - middle) for one in values)
    return NINE_OF_TEN * 1.2533 * spread / math.sqrt(len(values))
