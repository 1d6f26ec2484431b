"""Runs programs plain and through a real session, and reads what they print of themselves."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, perf_counter_ns

from pyprobe.analysis.occurrence import Occurrence, OccurrenceKind
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.session.launch import Program, Stdio
from pyprobe.session.listener import ProgramState, SessionListener
from pyprobe.session.session import Session

PROGRAMS = Path(__file__).resolve().parent / "programs"
LONGEST_S = 300.0
# As often as `record` looks. With each 50 ms the bench came in between in every turn that PyProbe
# has for a 50 ms probe, as it began to wait right after the one before: 0.2 ms a hit.
_POLL_S = 0.25


class BenchError(Exception):
    """A measurement cannot be made; the message says why."""


@dataclass(frozen=True)
class Setting:
    """What one pass of the bench measures on. ``quick`` trades certainty for time."""

    python: str
    quick: bool

    def repeats(self, wanted: int) -> int:
        return max(2, wanted // 3) if self.quick else wanted


@dataclass(frozen=True)
class Measurement:
    """One row's result. ``met`` is None where nothing is demanded."""

    value: str
    reference: str
    met: bool | None


@dataclass
class Printed(SessionListener):
    """Collects what a program prints: lines of a word and a number."""

    text: dict[str, str] = field(default_factory=lambda: {"stdout": "", "stderr": ""})

    def on_output(self, stream: str, text: str) -> None:
        self.text[str(stream)] += text

    def numbers(self, word: str) -> list[float]:
        lines = (line.split() for line in self.text["stdout"].splitlines())
        return [float(parts[1]) for parts in lines if len(parts) == 2 and parts[0] == word]

    def median(self, word: str) -> float:
        """Return the median of the numbers printed after a word.

        Raises:
            BenchError: the program printed none.
        """
        if not self.numbers(word):
            raise BenchError(f"the program printed no {word}: {self.text['stderr'][-500:]}")
        return statistics.median(self.numbers(word))


def run_plain(setting: Setting, script: str, *arguments: str) -> Printed:
    """Run a program by plain Python."""
    command = [setting.python, str(PROGRAMS / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    return Printed({"stdout": done.stdout, "stderr": done.stderr})


def run_script(
    script: Path, *arguments: str, environment: Mapping[str, str] | None = None
) -> Printed:
    """Run one of the bench's own scripts.

    Raises:
        BenchError: it failed.
    """
    done = subprocess.run(
        [sys.executable, str(script), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    if done.returncode:
        raise BenchError(f"{script.name} ended with {done.returncode}: {done.stderr[-500:]}")
    return Printed({"stdout": done.stdout, "stderr": done.stderr})


def occurrence(script: str, kind: OccurrenceKind, symbol: str, number: int = 0) -> Occurrence:
    """Return the occurrence of this kind and symbol in a program, counted in source order."""
    source = (PROGRAMS / script).read_text(encoding="utf-8")
    found = find_occurrences(source, filename=script)
    matching = [item for item in found if item.kind is kind and item.symbol == symbol]
    return sorted(matching, key=lambda item: (item.line, item.col))[number]


def new_session(
    setting: Setting,
    script: str,
    *arguments: str,
    lossless: bool = False,
    budget_percent: float = 5.0,
) -> tuple[Session, Printed]:
    """Return a session that is not started, and what collects its output."""
    path = PROGRAMS / script
    program = Program(str(path), None, arguments, setting.python, str(PROGRAMS))
    session = Session(program, stdio=Stdio.PIPES, lossless=lossless, budget_percent=budget_percent)
    printed = Printed()
    session.add_listener(printed)
    return session, printed


def process_until(session: Session, done: Callable[[], bool]) -> None:
    """Let a session work as a front end does, until a condition holds.

    Raises:
        BenchError: it takes too long, or the program ended without it.
    """
    deadline = monotonic() + LONGEST_S
    while True:
        more = session.process_events()
        if done():
            return
        if session.state is ProgramState.ENDED:
            raise BenchError(f"the program ended too early: {session.ending}")
        if monotonic() > deadline:
            raise BenchError("the program takes too long")
        if not more:
            session.wait(_POLL_S)


def run_session(
    setting: Setting,
    script: str,
    *arguments: str,
    probes: Sequence[tuple[Occurrence, str]] = (),
    lossless: bool = False,
    budget_percent: float = 5.0,
) -> tuple[Session, Printed]:
    """Run a program to its end through a session; return the session, closed, and the output."""
    session, printed = new_session(
        setting, script, *arguments, lossless=lossless, budget_percent=budget_percent
    )
    try:
        for item, throttle in probes:
            session.add_probe(item, str(PROGRAMS / script), throttle=throttle)
        session.start()
        process_until(session, lambda: session.state is ProgramState.ENDED)
    finally:
        session.close()
    return session, printed


def interleaved(repeats: int, *measures: Callable[[], float]) -> list[float]:
    """Return the median of each measure, taken in turns so that all see the same weather."""
    taken: list[list[float]] = [[] for _ in measures]
    for _ in range(repeats):
        for index, measure in enumerate(measures):
            taken[index].append(measure())
    return [statistics.median(values) for values in taken]


def references(setting: Setting) -> Printed:
    """Return what the simplest things cost: ``append`` and ``callback``, in ns."""
    return run_plain(setting, "references.py")


def python_version(python: str) -> str:
    """Return an interpreter's version, such as 3.12.1."""
    question = "import sys; print('.'.join(map(str, sys.version_info[:3])))"
    return subprocess.run(
        [python, "-I", "-c", question], capture_output=True, text=True, check=True
    ).stdout.strip()


def is_monitored(python: str) -> bool:
    """Whether an interpreter has ``sys.monitoring``, by which a probe costs next to nothing."""
    return tuple(map(int, python_version(python).split(".")[:2])) >= (3, 12)


def spawn_to_first_line_ns(command: list[str]) -> float:
    """Return how long a command takes until the program's first line runs."""
    start_ns = perf_counter_ns()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[1]) - start_ns


def record_command(setting: Setting, recording: Path, probe: str, *program: str) -> list[str]:
    """Return the command that records a program losslessly."""
    pyprobe = str(Path(sys.executable).with_name("pyprobe"))
    record = [pyprobe, "record", "--python", setting.python]
    return [*record, "-p", probe, "--throttle", "every", "-o", str(recording), *program]
