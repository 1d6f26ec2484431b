"""Code with one probe of every hit is captured as any other, without a handler being called."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pyprobe.core.events.choose import EVENT_SOURCE_VARIABLE
from pyprobe.core.throttle import ThrottleStrategy, WatchConfig
from tests.core.capturing import Capturer, marked_occurrences

SOURCE = """\
def work(count):
    for i in range(count):
        x = i * 0.5  # probe: x
        y = x + 1.0  # probe: y


def other(count):
    for i in range(count):
        z = [i]  # probe: z
        work(1)


def unbound(count):
    for i in range(count):
        if i < 0:
            w = i
        v = None  # probe: v/store
        del v
"""
X, Y, Z, V = range(4)
IS_MONITORED = sys.version_info >= (3, 12) and os.environ.get(EVENT_SOURCE_VARIABLE) != "settrace"


class Program:
    def __init__(self, folder: Path, capturer: Capturer) -> None:
        self.capturer = capturer
        self._path = folder / "program.py"
        self._path.write_text(SOURCE)
        self.functions: dict[str, Any] = {}
        exec(compile(SOURCE, str(self._path), "exec"), self.functions)

    def add(self, index: int, strategy: ThrottleStrategy = ThrottleStrategy.NONE) -> int:
        occurrence = marked_occurrences(SOURCE)[index]
        config = WatchConfig(occurrence.symbol, strategy, 1)
        return self.capturer.add(self._path, occurrence, config)

    def entries(self) -> list[tuple[str, object]]:
        return self.capturer.drain().entries

    def is_taken_alone(self, name: str) -> bool:
        """Whether the sites of a function are one that needs no handler."""
        sites: dict[int, Any] = self.capturer.source._sites  # type: ignore[attr-defined]
        return sites[id(self.functions[name].__code__)].lone is not None


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    capturer = Capturer()
    capturer.engine.start()
    yield Program(tmp_path, capturer)
    capturer.engine.stop()
    assert not capturer.faults


@pytest.mark.skipif(not IS_MONITORED, reason="there is no sys.monitoring")
def test_a_single_probe_of_every_hit_needs_no_handler(program: Program) -> None:
    program.functions["work"](1)
    probe = program.add(X)
    assert program.is_taken_alone("work")
    second = program.add(Y)
    assert not program.is_taken_alone("work")
    program.capturer.engine.remove(second)
    assert program.is_taken_alone("work")
    program.capturer.engine.remove(probe)
    program.add(X, ThrottleStrategy.SAMPLE_EVERY_N)
    assert not program.is_taken_alone("work")


def test_hits_of_other_code_are_captured_between_its_own(program: Program) -> None:
    program.add(X)
    program.add(Z)
    program.functions["other"](2)
    expected = [("z", [0]), ("x", 0.0), ("z", [1]), ("x", 0.0)]
    assert [(name, _plain(value)) for name, value in program.entries()] == expected


@pytest.mark.parametrize("last", [X, Z])
def test_which_probe_came_last_makes_no_difference(program: Program, last: int) -> None:
    for name in ("work", "other"):
        program.functions[name](1)
    program.add(X + Z - last)
    program.add(last)
    program.functions["other"](1)
    program.functions["work"](2)
    names = [name for name, _value in program.entries()]
    assert names == ["z", "x", "x", "x"]


def test_a_variable_without_a_value_later_is_captured_at_each_binding(program: Program) -> None:
    program.add(V)
    program.functions["unbound"](3)
    assert [name for name, _value in program.entries()] == ["v", "v", "v"]


def test_what_a_signal_handler_raises_reaches_the_program(program: Program) -> None:
    program.add(X)
    work: Callable[[int], None] = program.functions["work"]

    class Alarm(Exception):
        pass

    def on_alarm(number: int, frame: object) -> None:
        raise Alarm

    def work_until_alarm(delay_us: int) -> None:
        signal.setitimer(signal.ITIMER_REAL, delay_us / 1e6)
        work(10_000_000)

    handler_before = signal.signal(signal.SIGALRM, on_alarm)
    try:
        for delay_us in range(200, 2000, 100):
            with pytest.raises(Alarm):
                work_until_alarm(delay_us)
            program.entries()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler_before)


def _plain(value: object) -> object:
    form = getattr(value, "value", value)
    return list(form) if isinstance(form, list | tuple) else form
