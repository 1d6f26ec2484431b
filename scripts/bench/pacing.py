"""Runs a program plain and under PyProbe at the same time, a short stretch of each in turn.

On a machine whose speed drifts, two runs of seconds each differ by more than what is measured. Two
stretches of half a second, one right after the other, see the same weather. A program
takes its stretches from its input: a line holds a number of steps, and it answers with a line
``seconds`` and how long they took.
"""

from __future__ import annotations

import statistics
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from measuring import PROGRAMS, BenchError, Setting, new_session, process_until

from pyprobe.session.listener import ProgramState
from pyprobe.session.session import Session

Prepare = Callable[[Session], object]
# What is lent at the start of a run is paid back, and what adapts itself has done so.
_WARM_UP_STRETCHES = 4
_PAIRS = 10
_PROCESSES = 3


@dataclass(frozen=True)
class Slowdown:
    """``ratio``: probed to plain time. ``plain_s``: of one stretch. ``share``: as reported."""

    ratio: float
    plain_s: float
    share: float


class _Plain:
    def __init__(self, setting: Setting, script: str, *arguments: str) -> None:
        command = [setting.python, str(PROGRAMS / script), *arguments]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def stretch_s(self, steps: int) -> float:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{steps}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise BenchError("the plain program ended too early")
        return float(line.split()[1])

    def close(self) -> None:
        self._process.communicate()


class _Probed:
    def __init__(
        self, setting: Setting, script: str, *arguments: str, budget_percent: float
    ) -> None:
        self.session, self._printed = new_session(
            setting, script, *arguments, budget_percent=budget_percent
        )
        self._stretches = 0

    def start(self, prepare: Prepare) -> None:
        prepare(self.session)
        self.session.start()
        process_until(self.session, lambda: self.session.state is ProgramState.RUNNING)

    def stretch_s(self, steps: int) -> float:
        self._stretches += 1
        self.session.send_input(f"{steps}\n")
        process_until(self.session, lambda: len(self._seconds()) == self._stretches)
        return self._seconds()[-1]

    def _seconds(self) -> list[float]:
        return self._printed.numbers("seconds")

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

    The median over pairs of stretches, of several pairs of processes: where the parts of a program
    lie in memory makes a difference of its own.
    """
    ratios: list[float] = []
    plains: list[float] = []
    shares: list[float] = []
    for _ in range(setting.repeats(_PROCESSES)):
        probed_s = 0.0
        with (
            closing(_Plain(setting, script, *arguments)) as plain,
            closing(_Probed(setting, script, *arguments, budget_percent=budget_percent)) as probed,
        ):
            probed.start(prepare)
            for _ in range(_WARM_UP_STRETCHES):
                plain.stretch_s(steps)
                probed.stretch_s(steps)
            before_ns = probed.session.stats.cost_ns
            plains.append(plain.stretch_s(steps))
            for _ in range(setting.repeats(_PAIRS)):
                one_s = probed.stretch_s(steps)
                plains.append(plain.stretch_s(steps))
                ratios.append(2 * one_s / (plains[-1] + plains[-2]))
                probed_s += one_s
            cost_ns = probed.session.stats.cost_ns - before_ns
            probed.finish()
        shares.append(cost_ns / 1e9 / probed_s)
    return Slowdown(statistics.median(ratios), statistics.median(plains), statistics.median(shares))
