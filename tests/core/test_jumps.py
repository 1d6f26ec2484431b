"""Where a probe's place is a loop's jump back, that alone is armed, and nothing is lost."""

import dis
import sys
import textwrap
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from pyprobe.core.throttle import ThrottleStrategy, WatchConfig
from tests.core.capturing import Capturer, capture, marked_occurrences
from tests.core.semantics_rows import ROWS, Row, plain, without_scope

LATER_NS = 1 << 62
EACH = WatchConfig("x", ThrottleStrategy.SAMPLE_EVERY_N, 1)  # every hit, by a handler that counts

AT_THE_END = """\
def work(count):
    x = 0.0
    for i in range(count):
        x = x * 0.5 + i  # probe: x
    return x
"""
IN_THE_MIDDLE = """\
def work(count):
    x = 0.0
    for i in range(count):
        x = x * 0.5 + i  # probe: x
        y = x
    return y
"""


class Program:
    """A function of a text whose marked occurrence is probed."""

    def __init__(self, source: str, folder: Path, config: WatchConfig) -> None:
        path = folder / "program.py"
        path.write_text(source)
        self.capturer = Capturer()
        self.capturer.engine.start()
        namespace: dict[str, Any] = {}
        exec(compile(source, str(path), "exec"), namespace)
        self.work = namespace["work"]
        self.work(1)  # the engine meets its code
        self.capturer.add(path, marked_occurrences(source)[0], config)

    @property
    def armed(self) -> set[str]:
        """What the instructions are that are armed now; only for sys.monitoring."""
        code: CodeType = self.work.__code__
        adaptive = dis.get_instructions(code, adaptive=True)
        return {one.opname for one in adaptive if one.opname.startswith("INSTRUMENTED")}


def is_monitored() -> bool:
    """Whether events come from sys.monitoring in this run of the tests."""
    return Capturer().source.name == "monitoring"


def timed() -> WatchConfig:
    return WatchConfig("x", ThrottleStrategy.TIME_BASED, 1e6)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_captures_exactly(row: Row, tmp_path: Path) -> None:
    captured = capture(row.source, tmp_path, config=EACH)
    assert [plain(value) for value in captured.values] == row.expected
    assert captured.faults == []


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_captures_the_same_inside_a_function(row: Row, tmp_path: Path) -> None:
    if "global x" in row.source or "import *" in row.source:
        return
    inside = "def whole():\n" + textwrap.indent(row.source, "    ") + "\nwhole()\n"
    values = capture(inside, tmp_path, config=EACH).values
    assert [without_scope(value) for value in values] == row.expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("while n < 3:\n    n += 1\n    x = n  # probe: x", [1, 2, 3]),
        ("for i in range(4):\n    if i % 2:\n        x = i  # probe: x", [1, 3]),
        ("for i in range(4):\n    if i % 2:\n        continue\n    x = i  # probe: x", [0, 2]),
        (
            "for i in range(4):\n    if i % 2:\n        x = i  # probe: x\n    else: y = i",
            [1, 3],
        ),
        ("for i in range(2):\n    for j in range(2):\n        x = i + j  # probe: x", [0, 1, 1, 2]),
        ("for i in range(3): x = i  # probe: x", [0, 1, 2]),
        ("for i in range(3):\n    a = x = i  # probe: x", [0, 1, 2]),
        ("for i in range(3):\n    x = a = i  # probe: x", [0, 1, 2]),
        (
            "for i in range(3):\n    try: x = 2 // i  # probe: x\n    except Exception: y = 1",
            [2, 1],
        ),
        (
            "def g():\n    for i in range(3):\n        x = yield i  # probe: x\nlist(g())",
            [None] * 3,
        ),
        ("for i in range(3):\n    x = i  # probe: x\n    if i == 1: break", [0, 1]),
        ("for i in range(300):\n    x = i  # probe: x", list(range(300))),
    ],
)
def test_values_of_a_last_statement(source: str, expected: list[object], tmp_path: Path) -> None:
    inside = "def whole():\n    n = 0\n" + textwrap.indent(source, "    ") + "\nwhole()\n"
    captured = capture(inside, tmp_path, config=EACH)
    assert captured.values == expected
    assert captured.faults == []


def test_of_two_probes_at_one_jump_each_has_its_values(tmp_path: Path) -> None:
    source = "def work():\n    for i in range(3):\n        x = -i  # probe: x; x\nwork()\n"
    captured = capture(source, tmp_path)
    assert captured.values == [0, 0, -1, -1, -2, -2]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="needs sys.monitoring")
class TestArming:
    """What the interpreter has to change of the code."""

    def test_at_a_loops_end_nothing_but_the_jump(self, tmp_path: Path) -> None:
        if not is_monitored():
            return
        program = Program(AT_THE_END, tmp_path, timed())
        try:
            assert program.armed == {"INSTRUMENTED_JUMP_BACKWARD"}
            assert not program.capturer.engine.has_unsettled()
            program.work(100)
            assert program.armed == set()
            assert len(program.capturer.drain().values) == 1
        finally:
            program.capturer.engine.stop()

    def test_in_the_middle_every_instruction(self, tmp_path: Path) -> None:
        if not is_monitored():
            return
        program = Program(IN_THE_MIDDLE, tmp_path, timed())
        try:
            assert "INSTRUMENTED_INSTRUCTION" in program.armed
        finally:
            program.capturer.engine.stop()


def test_is_armed_again(tmp_path: Path) -> None:
    soon = WatchConfig("x", ThrottleStrategy.TIME_BASED, 1e-6)
    program = Program(AT_THE_END, tmp_path, soon)
    try:
        for count in (1, 2, 3):
            program.work(100)
            assert len(program.capturer.drain().values) == 1, count
            assert program.capturer.engine.rearm_due(LATER_NS)
    finally:
        program.capturer.engine.stop()
    assert program.armed == set() or not is_monitored()  # settrace leaves code as it made it


@pytest.mark.skipif(sys.version_info < (3, 12), reason="needs sys.monitoring")
def test_a_recursion_may_go_as_deep_as_without(tmp_path: Path) -> None:
    if not is_monitored():
        return  # settrace leaves a thread that has fewer than ten levels left
    source = (
        "def dive(n):\n"
        "    for _ in range(1):\n"
        "        x = n  # probe: x\n"
        "    depths.append(n)\n"
        "    dive(n + 1)\n"
        "try:\n"
        "    dive(0)\n"
        "except RecursionError:\n"
        "    pass\n"
    )
    depths: list[int] = []
    captured = capture(
        source, tmp_path, config=EACH, namespace={"__name__": "program", "depths": depths}
    )
    both = min(len(captured.values), len(depths))
    assert captured.values[:both] == depths[:both]
    assert abs(len(captured.values) - len(depths)) <= 2  # the last level has no room for more
    plain: list[int] = []
    exec(compile(source, "plain.py", "exec"), {"__name__": "program", "depths": plain})
    assert abs(len(plain) - len(depths)) <= 2


@pytest.mark.skipif(sys.version_info < (3, 12), reason="needs sys.monitoring")
def test_what_a_signal_handler_raises_at_a_hit_is_caught_where_the_program_catches_it(
    tmp_path: Path,
) -> None:
    if not is_monitored():
        return  # settrace does not outlive the exception in this frame
    source = (
        "import signal\n"
        "class Late(Exception): pass\n"
        "def ring(signum, frame): raise Late\n"
        "before = signal.signal(signal.SIGALRM, ring)\n"
        "rings = 0\n"
        "def work():\n"
        "    global rings\n"
        "    for attempt in range(5):\n"
        "        try:\n"
        "            signal.setitimer(signal.ITIMER_REAL, 0.01)\n"
        "            while True:\n"
        "                x = attempt  # probe: x\n"
        "        except Late:\n"
        "            rings += 1\n"
        "work()\n"
        "signal.signal(signal.SIGALRM, before)\n"
    )
    namespace: dict[str, object] = {"__name__": "program"}
    captured = capture(source, tmp_path, config=EACH, namespace=namespace)
    assert namespace["rings"] == 5
    assert sorted(set(map(repr, captured.values))) == ["0", "1", "2", "3", "4"]
    assert captured.faults == []
