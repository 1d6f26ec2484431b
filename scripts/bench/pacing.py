"""Runs a program plain and under PyProbe at the same time, a short stretch of each in turn.

On a machine whose speed drifts, two runs of seconds each differ by more than what is measured.
Stretches of half a second at most, one right after the other, see the same weather. And where the
parts of a program lie in memory makes two processes of the same plain program differ by 5 %, now
and then by 20: so what is measured is put in and taken out again within one process, the process
without it is measured against a plain one, and many pairs of processes are taken. A process that
has rested while another ran on its processor is faster at first, for seconds, than one whose own
Python code has just run there (plain Python, too): so the two take turns, each stretch begins after
a rest of one stretch, what is put in before it included, and then the program runs some code of its
own, as any program does before its hot loop (``programs/everyday.py``). The loops of both have one
processor to themselves (``apart.py``), and the objects of each process, its code among them, are
strewn over other places (``programs/strewn.py``).

A program takes its stretches from its input: a line holds a number of steps, and it answers with a
line ``seconds`` and how long they took.
"""

from __future__ import annotations

import math
import statistics
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from time import monotonic

from apart import apart_from_programs
from measuring import PROGRAMS, BenchError, Setting, new_session, process_until

from pyprobe.analysis.occurrence import Occurrence
from pyprobe.session.listener import ProgramState
from pyprobe.session.session import Session

Undo = Callable[[], object]
Prepare = Callable[[Session], Undo]
# What is lent of the budget at the start of a run is paid back, and what adapts itself has done so.
WARM_UP_STRETCHES = 2
# Two stretches of one process differ by less than two processes do.
PAIRS = 2
# At least so many pairs of processes, and more while the result is not as certain as it is to be,
# and there is time. Many short ones tell more than a few long ones: it is by processes, and from
# one tenth of a second to the next, that the times differ.
_PROCESSES = 10
_LARGEST_DOUBT = 0.006
_LONGEST_S = 200
NINE_OF_TEN = 1.645  # of what is scattered lies within so many standard deviations, on both sides


@dataclass(frozen=True)
class Slowdown:
    """``to_plain``: time with, to that of a plain process: what the limits are about.

    ``ratio``: to the time without, in the same process; ``bare``: that without, to a plain process.
    ``plain_s``: of one stretch. ``share``: of the time with, as reported. ``doubt``: by what part
    of it ``to_plain`` may be off; one time in ten by more.
    """

    to_plain: float
    ratio: float
    bare: float
    plain_s: float
    share: float
    doubt: float

    def said(self, steps: int) -> str:
        """Return the reference: what the ratio to plain is made of."""
        turn_ns = self.plain_s / steps * 1e9
        parts = f"with to without it {self.ratio:.3f}, without it to plain {self.bare:.3f}"
        return f"±{self.doubt * 100:.1f} %, {parts}, plain: {turn_ns:.1f} ns a turn"


class PlainProgram:
    """A program that plain Python runs, a stretch for each line of its input."""

    def __init__(self, setting: Setting, script: str, *arguments: str) -> None:
        command = [setting.python, str(PROGRAMS / script), *arguments]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def answer(self, steps: int) -> list[str]:
        """Return the words of the line that the program writes after so many steps.

        Raises:
            BenchError: it has ended instead.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{steps}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise BenchError("the plain program ended too early")
        return line.split()

    def stretch_s(self, steps: int) -> float:
        return float(self.answer(steps)[1])

    def close(self) -> None:
        self._process.communicate()


class ProbedProgram:
    """The same under PyProbe."""

    def __init__(
        self, setting: Setting, script: str, *arguments: str, budget_percent: float
    ) -> None:
        self.session, self._printed = new_session(
            setting, script, *arguments, budget_percent=budget_percent
        )
        self._answers = 0

    def start(self) -> None:
        self.session.start()
        process_until(self.session, lambda: self.session.state is ProgramState.RUNNING)

    def prepared(self, prepare: Prepare) -> Undo:
        """Prepare, and have the program know of it, and of its end."""
        undo = prepare(self.session)
        self._have_known()

        def undone() -> None:
            undo()
            self._have_known()

        return undone

    def _have_known(self) -> None:
        process_until(self.session, lambda: self.session.is_answered)

    def answer(self, steps: int) -> list[str]:
        """Return the words of the line that the program writes after so many steps."""
        self._answers += 1
        self.session.send_input(f"{steps}\n")
        process_until(self.session, lambda: self._lines().count("\n") == self._answers)
        return self._lines().splitlines()[-1].split()

    def stretch_s(self, steps: int) -> float:
        return float(self.answer(steps)[1])

    def _lines(self) -> str:
        return self._printed.text["stdout"]

    def finish(self) -> None:
        """Let the program come to its end, so that all it has captured is here."""
        self.session.close_input()
        process_until(self.session, lambda: self.session.state is ProgramState.ENDED)

    def close(self) -> None:
        self.session.close()


def slowdown(
    setting: Setting,
    script: str,
    *arguments: str,
    steps: int,
    prepare: Prepare,
    budget_percent: float = 5.0,
) -> Slowdown:
    """Return how much slower a stretch of ``steps`` is, with what ``prepare`` does to the session.

    The medians over stretches of several pairs of processes. ``prepare`` is called before each
    stretch that is measured with it, and what it returns after that.
    """
    rounds: list[_Rounds] = []
    least = setting.repeats(_PROCESSES)
    end_s = monotonic() + (0 if setting.quick else _LONGEST_S)
    while len(rounds) < least or (monotonic() < end_s and _doubt(rounds) > _LARGEST_DOUBT):
        with (
            apart_from_programs(),
            closing(PlainProgram(setting, script, *arguments)) as plain,
            closing(
                ProbedProgram(setting, script, *arguments, budget_percent=budget_percent)
            ) as probed,
        ):
            probed.start()
            _warm_up(plain, probed, steps, prepare)
            rounds.append(_measured(plain, probed, steps, prepare, setting.repeats(PAIRS)))
            probed.finish()
    return Slowdown(
        statistics.median(chain.from_iterable(one.to_plain() for one in rounds)),
        statistics.median(chain.from_iterable(one.to_without() for one in rounds)),
        statistics.median(chain.from_iterable(one.bare() for one in rounds)),
        statistics.median(chain.from_iterable(one.plain_s for one in rounds)),
        statistics.median(one.cost_s / sum(one.with_s) for one in rounds),
        _doubt(rounds),
    )


@dataclass
class _Rounds:
    """Seconds of the stretches of one pair of processes, in the order of their running.

    Without, plain, with, plain, without, plain, with, plain, without …
    """

    plain_s: list[float] = field(default_factory=list)
    with_s: list[float] = field(default_factory=list)
    without_s: list[float] = field(default_factory=list)
    cost_s: float = 0.0

    def to_plain(self) -> list[float]:
        return [one / _mean(self.plain_s[2 * i : 2 * i + 2]) for i, one in enumerate(self.with_s)]

    def to_without(self) -> list[float]:
        return [one / _mean(self.without_s[i : i + 2]) for i, one in enumerate(self.with_s)]

    def bare(self) -> list[float]:
        return [
            one / _mean(self.plain_s[max(2 * i - 1, 0) : 2 * i + 1])
            for i, one in enumerate(self.without_s)
        ]


def _doubt(rounds: list[_Rounds]) -> float:
    """Return by what part of it the median of ``to_plain`` may be off, one time in ten by more.

    By the medians of the processes, which differ more than the stretches of one.
    """
    medians = [statistics.median(one.to_plain()) for one in rounds]
    return doubt_of_median(medians) / statistics.median(medians)


def doubt_of_median(values: Sequence[float]) -> float:
    """Return by how much the median of values may be off, one time in ten by more.

    Their spread is taken from the median of their distances, which single bad ones do not move.
    """
    middle = statistics.median(values)
    spread = 1.4826 * statistics.median(abs(one - middle) for one in values)
    return NINE_OF_TEN * 1.2533 * spread / math.sqrt(len(values))


def _mean(seconds: list[float]) -> float:
    return statistics.fmean(seconds)


def _measured(
    plain: PlainProgram, probed: ProbedProgram, steps: int, prepare: Prepare, repeats: int
) -> _Rounds:
    taken = _Rounds(without_s=[probed.stretch_s(steps)])
    for _ in range(repeats):
        undo = probed.prepared(prepare)
        taken.plain_s.append(plain.stretch_s(steps))
        before_ns = probed.session.stats.cost_ns
        taken.with_s.append(probed.stretch_s(steps))
        taken.cost_s += (probed.session.stats.cost_ns - before_ns) / 1e9
        undo()
        taken.plain_s.append(plain.stretch_s(steps))
        taken.without_s.append(probed.stretch_s(steps))
    return taken


def plain_ratio(setting: Setting, script: str, other: str, *arguments: str, steps: int) -> float:
    """Return how much longer stretches of ``other`` take than those of ``script``, both plain."""
    ratios: list[float] = []
    for _ in range(setting.repeats(_PROCESSES)):
        with (
            apart_from_programs(),
            closing(PlainProgram(setting, script, *arguments)) as one,
            closing(PlainProgram(setting, other, *arguments)) as two,
        ):
            for _ in range(WARM_UP_STRETCHES):
                one.stretch_s(steps)
                two.stretch_s(steps)
            ones = [one.stretch_s(steps)]
            for _ in range(setting.repeats(PAIRS)):
                two_s = two.stretch_s(steps)
                ones.append(one.stretch_s(steps))
                ratios.append(two_s / _mean(ones[-2:]))
    return statistics.median(ratios)


def with_probe(session: Session, probed: Occurrence, script: str, *, throttle: str) -> Undo:
    """Add a probe; the answer removes it."""
    probe = session.add_probe(probed, str(PROGRAMS / script), throttle=throttle)
    return lambda: session.remove_probe(probe)


def _warm_up(plain: PlainProgram, probed: ProbedProgram, steps: int, prepare: Prepare) -> None:
    undo = probed.prepared(prepare)
    for _ in range(WARM_UP_STRETCHES):
        plain.stretch_s(steps)
        probed.stretch_s(steps)
    undo()
    probed.stretch_s(steps)
    plain.stretch_s(steps)
