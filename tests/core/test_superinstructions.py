"""Code that was probed runs as plain as code that never was: on 3.12, with its pairs fused."""

import dis
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from pyprobe.core.portions import Portions
from pyprobe.core.throttle import ThrottleStrategy, WatchConfig
from pyprobe.core.tracer import VariableTracer
from tests.core.capturing import Capturer, marked_occurrences
from tests.waiting import PATIENCE_S

SOURCE = """\
def work(count):
    x = 0.0
    for i in range(count):
        x = x * 0.5 + i  # probe: x
        if x > 3.0:
            y = x
            z = y
        w = x + i
    return x
"""
LATER_NS = 1 << 62


class Program:
    """A function with a hot line, and an engine that probes it on demand."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "program.py"
        self.path.write_text(SOURCE)
        self.capturer = Capturer()
        self.work = self.new_function()
        self.fused_at_first = fused(self.code)
        self.probe_id = -1

    def new_function(self) -> Callable[[int], float]:
        namespace: dict[str, Any] = {}
        exec(compile(SOURCE, str(self.path), "exec"), namespace)
        work: Callable[[int], float] = namespace["work"]
        return work

    @property
    def code(self) -> CodeType:
        return self.work.__code__

    def is_as_plain_as_at_first(self) -> bool:
        """Where pairs are fused from the start, they are now; 3.11 fuses when code is warm.

        While a thread is traced 3.12 itself unfuses every code that runs, probed or not.
        """
        if self.capturer.engine.source.name == "settrace" and self.fused_at_first:
            never_probed = self.new_function()
            never_probed(1)
            return fused(self.code) == fused(never_probed.__code__)
        return fused(self.code) == self.fused_at_first or not self.fused_at_first

    def probe(self) -> None:
        config = WatchConfig("x", ThrottleStrategy.TIME_BASED, 1e6)
        self.probe_id = self.capturer.add(self.path, marked_occurrences(SOURCE)[0], config)
        self.work(100)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    one = Program(tmp_path)
    one.capturer.engine.start()
    one.work(1)  # the engine meets its code
    yield one
    one.capturer.engine.stop()


def fused(code: CodeType) -> list[tuple[int, str]]:
    """Return where which pairs of instructions are fused now."""
    instructions = dis.get_instructions(code, adaptive=True)
    return [(one.offset, one.opname) for one in instructions if "__" in one.opname]


def fused_stores(code: CodeType) -> set[str]:
    """Return the variables whose store is fused with a load now."""
    instructions = dis.get_instructions(code, adaptive=True)
    return {one.argval for one in instructions if one.opname == "STORE_FAST__LOAD_FAST"}


def test_a_throttled_line_runs_plain_until_it_is_armed_again(program: Program) -> None:
    program.probe()
    program.capturer.engine.settle_armed()
    assert program.is_as_plain_as_at_first()
    assert len(program.capturer.drain().values) == 1


def test_what_runs_for_the_first_time_later_runs_plain_from_the_next_settling(
    program: Program,
) -> None:
    source = program.capturer.engine.source
    config = WatchConfig("x", ThrottleStrategy.NONE)
    program.capturer.add(program.path, marked_occurrences(SOURCE)[0], config)
    program.work(2)
    program.capturer.engine.settle_armed()
    if source.slows_code:
        assert "y" not in fused_stores(program.code)
    gate, wakings = program.capturer.engine.gate, []
    gate.connect(lambda: wakings.append("woken"))
    gate.sleeping(True)
    program.work(100)
    gate.sleeping(False)
    program.capturer.engine.settle_armed()
    if source.slows_code:
        assert wakings == ["woken"]  # by the capture, or by what has run: once for all of it
        assert "y" in fused_stores(program.code)
        # Also the pair whose second half has begun a pair of its own for long.
        assert "z" in fused_stores(program.code)
    assert program.capturer.engine.has_unsettled() is False


def test_code_without_a_probe_runs_plain_soon_after_its_first_run(program: Program) -> None:
    portions = Portions(program.capturer.engine)
    portions.turn(0)
    while portions.due_ns is not None:
        portions.turn(portions.due_ns)
    assert program.is_as_plain_as_at_first()
    program.work(10)
    assert program.is_as_plain_as_at_first()


def test_a_tracer_settles_the_code_it_meets_by_itself(tmp_path: Path) -> None:
    program = Program(tmp_path)
    tracer = VariableTracer(lambda captured: None)
    tracer.start_anchored()
    try:
        program.work(1)
        limit_s = time.monotonic() + PATIENCE_S
        while not program.is_as_plain_as_at_first():
            assert time.monotonic() < limit_s
            program.work(1000)
    finally:
        tracer.stop()


def test_is_captured_again_when_armed_again(program: Program) -> None:
    program.probe()
    engine = program.capturer.engine
    engine.settle_armed()
    for probe in engine.probes.values():
        probe.due_ns = 0
    engine.rearm_due(LATER_NS)
    program.work(2)
    assert program.capturer.drain().values == [0.0, 0.0]


def test_a_line_runs_plain_when_its_probe_is_removed(program: Program) -> None:
    program.probe()
    program.capturer.engine.remove(program.probe_id)
    assert program.is_as_plain_as_at_first()


def test_another_tracer_sees_every_line_afterwards(program: Program) -> None:
    want = traced_lines(program.new_function())
    program.probe()
    program.capturer.engine.remove(program.probe_id)
    assert traced_lines(program.work) == want


def traced_lines(work: Callable[[int], float]) -> list[int]:
    lines: list[int] = []

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line" and frame.f_code is work.__code__:
            lines.append(frame.f_lineno)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work(5)
    finally:
        sys.settrace(before)
    return lines
