"""The runs of a program in one recording: which there are, and what belongs to which."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pyprobe.ipc.messages import Hello

ValueT = TypeVar("ValueT")

Facts = Mapping[str, str]


@dataclass(frozen=True)
class RecordedRun:
    """One run; ``number`` counts from 1. ``target``, ``ending`` are its records, empty if none.

    ``epoch_ns`` is the ``perf_counter_ns`` at which it began, where the recording says so.
    """

    number: int
    target: Facts
    ending: Facts

    @property
    def epoch_ns(self) -> int | None:
        """Zero of the time axis of what it captured."""
        text = self.target.get("epoch_ns", "")
        return int(text) if text.isdecimal() else None

    @property
    def sentence(self) -> str:
        """How it ended, in a few words."""
        return self.ending.get("sentence", "") or "the recording ended before it did"


class RunRecords:
    """Gathers what a recording says of its runs, record by record as they were written."""

    def __init__(self) -> None:
        self._targets: dict[int, Facts] = {}
        self._endings: dict[int, Facts] = {}
        self.current = 1  # the run that records belong to which do not name theirs

    def add_target(self, data: Facts) -> None:
        """A run begins."""
        after = self.current + 1 if self._targets else 1
        self.current = _number(data) or after
        self._targets[self.current] = data

    def add_ending(self, data: Facts) -> None:
        """A run has ended."""
        self._endings[_number(data) or self.current] = data

    @property
    def count(self) -> int:
        """How many runs there are; a recording has one at least."""
        return max(1, *self._targets, *self._endings) if self._targets or self._endings else 1

    @property
    def runs(self) -> tuple[RecordedRun, ...]:
        """All of them, in order."""
        return tuple(
            RecordedRun(number, self._targets.get(number, {}), self._endings.get(number, {}))
            for number in range(1, self.count + 1)
        )


def _number(data: Facts) -> int:
    text = data.get("run", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


class ByRun(Generic[ValueT]):
    """What one thing was, from which run on; runs come in order."""

    def __init__(self) -> None:
        self._known: list[tuple[int, ValueT]] = []

    def add(self, run: int, value: ValueT) -> None:
        """It is this from a run on."""
        self._known.append((run, value))

    def at(self, run: int) -> ValueT | None:
        """Return what it was in a run; ``None`` if there was nothing yet."""
        return next((value for begin, value in reversed(self._known) if begin <= run), None)


class RunFollower:
    """Tells, greeting by greeting, which run the messages belong to."""

    def __init__(self, runs: tuple[RecordedRun, ...]) -> None:
        self._runs = runs
        self._greeted = 0
        self.run = 1

    def take(self, hello: Hello) -> None:
        """A run begins. One whose own greeting is damaged is passed over."""
        named = (
            run.number
            for run in self._runs
            if run.number > self._greeted and run.target.get("pid") == str(hello.pid)
        )
        self._greeted = self.run = next(named, self._greeted + 1)
