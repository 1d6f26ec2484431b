"""Line breakpoints in one process: which hits stop, log or take a snapshot, on either source."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pyprobe.core.debug.records import StopReason
from pyprobe.core.value_copy import CopiedValue
from pyprobe.errors import PyProbeError
from tests.core.capturing import marked_occurrences
from tests.core.debug.breaking import Broken, broken

LOOP = """\
def run(gain):
    for i in range(10):
        x = i * gain
        y = -x
    return x
run(2)
"""


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Any]:
    opened: list[Any] = []

    def make(source: str = LOOP) -> Broken:
        manager = broken(tmp_path, source)
        opened.append(manager)
        return manager.__enter__()

    yield make
    for manager in opened:
        manager.__exit__(None, None, None)


def test_stops_before_the_line_runs(program: Any) -> None:
    run = program()
    breakpoint_id = run.set(4)
    run.run()
    assert run.lines == [4] * 10
    first = run.stops.found[0]
    assert (first.breakpoint_id, first.function) == (breakpoint_id, "run")
    assert first.reason is StopReason.BREAKPOINT
    assert first.variables == {"gain": "2", "i": "0", "x": "0"}
    note = run.notes()[breakpoint_id]
    assert (note.state, note.line, note.hits, note.detail) == ("set", 4, 10, "")


CONDITIONS = [
    ({"condition": "i == 3"}, ["3"]),
    ({"condition": "x > 12"}, ["7", "8", "9"]),
    ({"condition": "changed(half)"}, []),
    ({"condition": "rise(i)"}, ["1"]),
    ({"condition": "py: i % 4 == 0"}, ["0", "4", "8"]),
    ({"hit_count": "5"}, ["4"]),
    ({"hit_count": ">= 9"}, ["8", "9"]),
    ({"hit_count": "% 3"}, ["2", "5", "8"]),
    ({"condition": "i > 3", "hit_count": "2"}, ["5"]),
    ({"one_shot": True}, ["0"]),
    ({"one_shot": True, "condition": "i == 7"}, ["7"]),
    ({"one_shot": True, "hit_count": "3"}, ["2"]),
    ({"entity": "gain == 2", "condition": "i == 1"}, ["1"]),
    ({"entity": "gain == 3"}, []),
]


@pytest.mark.parametrize(("fields", "stopped"), CONDITIONS)
def test_only_hits_that_count_stop(program: Any, fields: Any, stopped: list[str]) -> None:
    run = program()
    run.set(4, **fields)
    run.run()
    assert [stop.variables["i"] for stop in run.stops.found] == stopped


def test_a_stop_says_which_condition_held(program: Any) -> None:
    run = program()
    run.set(4, condition="i == 3")
    run.run()
    assert [stop.detail for stop in run.stops.found] == ["i == 3"]


def test_several_stand_on_one_line_and_elsewhere(program: Any) -> None:
    run = program()
    first, second = run.set(4, condition="i == 1"), run.set(4, condition="i < 3")
    run.set(5)
    run.run()
    assert [stop.breakpoint_id for stop in run.stops.found][:4] == [second, first, second, second]
    assert run.lines == [4, 4, 4, 4, 5]
    run.breakpoints.remove(second)
    run.run()
    assert run.lines[5:] == [4, 5]


def test_one_in_code_that_runs_already_stops_at_the_next_arrival(program: Any) -> None:
    source = "def run():\n    for i in range(5):\n        arm(i)\n        x = i\nrun()\n"
    run = program(source)
    run.run(arm=lambda i: run.set(4) if i == 2 else None)
    assert [stop.variables["i"] for stop in run.stops.found] == ["2", "3", "4"]


def test_removed_it_stops_no_more(program: Any) -> None:
    source = "def run():\n    for i in range(5):\n        x = i\n        drop(i)\nrun()\n"
    run = program(source)
    breakpoint_id = run.set(3)
    run.run(drop=lambda i: run.breakpoints.remove(breakpoint_id) if i == 2 else None)
    assert len(run.lines) == 3
    run.breakpoints.remove(breakpoint_id)


def test_replaced_it_begins_anew(program: Any) -> None:
    run = program()
    breakpoint_id = run.set(4, one_shot=True)
    run.run()
    run.set(4, condition="i == 9")
    run.run()
    assert run.lines == [4, 4]
    assert run.notes()[breakpoint_id].state == "spent"


def test_waits_for_its_file_and_is_set_as_soon_as_that_runs(program: Any) -> None:
    run = program("def never():\n    return 1\n")
    breakpoint_id = run.set(2)
    assert run.notes()[breakpoint_id].state == "pending"
    run.run()
    assert run.notes()[breakpoint_id].state == "set"
    assert run.lines == []


def test_a_line_that_this_python_has_no_code_for_gives_the_next(program: Any) -> None:
    run = program("x = 1\n# nothing\n\ny = 2\n")
    breakpoint_id = run.set(2)
    run.run()
    assert run.lines == [4]
    assert run.notes()[breakpoint_id].line == 4


def test_below_the_last_line_it_is_invalid(program: Any) -> None:
    run = program("x = 1\n# nothing\n")
    breakpoint_id = run.set(2)
    run.run()
    note = run.notes()[breakpoint_id]
    assert (note.state, note.detail) == ("invalid", "there is no code at line 2 or below")


LINES = [
    ("f = lambda v: v + 1\nf(1)\nf(2)\n", 1, [1, 1, 1]),
    ("def f(v): return v\nf(1)\nf(2)\n", 1, [1, 1, 1]),
    ("x = [v for v in range(5)]\n", 1, [1]),
    ("def f():\n    return [\n        v\n        for v in range(3)\n    ]\nf()\n", 3, [3, 3, 3]),
    ("x = max(\n    1,\n    2,\n)\n", 1, [1]),
    ("def g():\n    yield 1\n    yield 2\nlist(g())\n", 2, [2]),
    ("def f(n):\n    return n and f(n - 1)\nf(3)\n", 2, [2, 2, 2, 2]),
    ("class A:\n    x = 1\n    def m(self):\n        self.y = 2\nA().m()\nA().m()\n", 4, [4, 4]),
    ("try:\n    1 / 0\nexcept ZeroDivisionError:\n    x = 1\n", 4, [4]),
    ("def f():\n    try:\n        return 1\n    finally:\n        x = 2\nf()\n", 5, [5]),
    ("with open(__file__) as f:\n    x = 1\n", 1, [1]),
    (
        "async def f():\n    return 1\ntry:\n    f().send(None)\nexcept StopIteration: x = 1\n",
        2,
        [2],
    ),
    ("exec('y = 1')\nx = 1\n", 1, [1]),
]


@pytest.mark.parametrize(("source", "line", "expected"), LINES)
def test_each_arrival_is_one_hit(program: Any, source: str, line: int, expected: list[int]) -> None:
    run = program(source)
    run.set(line)
    run.run(__file__=str(run.path))
    assert run.lines == expected


def test_an_exception_in_a_comprehension_is_no_arrival(program: Any) -> None:
    run = program("def f():\n    return [\n        1 / v\n        for v in (1, 0)\n    ]\nf()\n")
    run.set(2)
    run.run()
    assert len(run.lines) == 1


LOGGED = [
    ("gain is {gain} at {i}", "gain is 2 at 0"),
    ("{x:.2f}|{i:>3}", "0.00|  0"),
    ("{name}", "<there is no name>"),
    ("{py: [i, gain * 2]}", "[0, 4]"),
    ("{py: 1 / i}", "<`1 / i` raised ZeroDivisionError>"),
    ("{*}", "gain = 2, i = 0, x = 0"),
    ("{i.real}", "0"),
    ("{i.nothing}", "<int has no attribute `nothing`>"),
]


@pytest.mark.parametrize(("message", "text"), LOGGED)
def test_a_message_is_logged_instead_of_stopping(program: Any, message: str, text: str) -> None:
    run = program()
    run.set(4, message=message)
    run.run()
    assert run.lines == []
    logged = run.logged()
    assert logged[0] == text
    assert len(logged) == 10


def test_a_message_runs_no_code_of_the_program(program: Any) -> None:
    source = """\
class Angry:
    def __repr__(self): raise SystemExit
    __str__ = __format__ = __len__ = __eq__ = __repr__
    text = property(__repr__)
x = Angry()
y = 1
"""
    run = program(source)
    run.set(6, message="{x} {x.text} {x:>20}")
    run.run()
    (text,) = run.logged()
    assert text.startswith("Angry() <`text` is a property of Angry")


def test_a_snapshot_is_captured_and_said(program: Any) -> None:
    run = program()
    breakpoint_id = run.set(5, message="Snapshot: late")
    run.run()
    assert run.logged() == ["Snapshot 'late' was taken"]
    _first, rows = run.capturer.log.drain()
    assert rows.probe_ids == [breakpoint_id]
    (taken,) = rows.values
    assert isinstance(taken, CopiedValue)
    assert isinstance(taken.value, dict)
    assert taken.value["locals"] == {"gain": 2, "i": 9, "x": 18, "y": -18}


WRONG = [
    ({"condition": "i =="}, "Expected"),
    ({"entity": "&"}, "Expected"),
    ({"hit_count": "often"}, "A hit count is a number from 1"),
    ({"message": "{i"}, "'{' is never closed"),
]


@pytest.mark.parametrize(("fields", "said"), WRONG)
def test_refuses_what_is_none_and_keeps_what_was(program: Any, fields: Any, said: str) -> None:
    run = program()
    run.set(4, one_shot=True)
    with pytest.raises(PyProbeError, match=said):
        run.set(4, **fields)
    run.run()
    assert run.lines == [4]


def test_a_condition_that_fails_says_why_and_the_program_goes_on(program: Any) -> None:
    run = program("for i in range(5):\n    x = [1]\n    y = i\n")
    breakpoint_id = run.set(3, condition="py: x > 2")
    names = run.run()
    assert names["y"] == 4
    note = run.notes()[breakpoint_id]
    assert note.state == "invalid"
    assert note.detail.startswith("`x > 2` raised TypeError")


def test_what_cannot_be_compared_is_false_and_counted(program: Any) -> None:
    source = """\
class Angry:
    def __eq__(self, other): raise SystemExit
for i in range(6):
    x = [1, "text", None, Angry(), 7, 1j][i]
    y = i
    if i > 2: late = 1
"""
    run = program(source)
    breakpoint_id = run.set(5, condition="x > 5")
    run.set(5, condition="late == 1")
    run.run()
    assert [stop.variables["i"] for stop in run.stops.found] == ["4", "4", "5"]
    notes = run.notes()
    assert "`x > 5` was false" in notes[breakpoint_id].detail
    assert "there was no late" in notes[breakpoint_id + 1].detail


def test_a_probe_beside_it_captures_all(program: Any) -> None:
    run = program(
        "def run():\n    for i in range(9):\n        x = i  # probe: x\n        y = x\nrun()\n"
    )
    run.capturer.add(run.path, marked_occurrences(run.source)[0])
    run.set(4, condition="i == 3")
    run.set(3, condition="i == 5")
    run.run()
    assert run.lines == [4, 3]
    assert run.capturer.drain().values == list(range(9))


@pytest.mark.parametrize("line", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("probed", ["x", "y", "i", "x/load", "x/load; x; y; i"])
def test_a_probe_loses_nothing_to_a_breakpoint_elsewhere(
    program: Any, line: int, probed: str
) -> None:
    body = "    for i in range(5):\n        x = i\n        y = x\n        z = y\n    return z\n"
    source = f"def run():\n{body}run()\n"
    marked = source.splitlines()
    places = {"x": 2, "y": 3, "i": 1, "x/load": 3}
    for wish in probed.split("; "):
        mark = f"; {wish}" if "#" in marked[places[wish]] else f"  # probe: {wish}"
        marked[places[wish]] += mark
    run = program("\n".join(marked) + "\n")
    for occurrence in marked_occurrences(run.source):
        run.capturer.add(run.path, occurrence)
    run.set(line)
    run.run()
    captured = run.capturer.drain().entries
    wanted = [wish[0] for wish in ("i", "x", "x/load", "y") if wish in probed.split("; ")]
    assert captured == [(symbol, i) for i in range(5) for symbol in wanted]


def test_what_has_run_is_captured_when_the_thread_stops(program: Any) -> None:
    run = program(
        "def run():\n    for i in range(4):\n        x = i  # probe: x\n        y = x\nrun()\n"
    )
    run.capturer.add(run.path, marked_occurrences(run.source)[0])
    seen: list[object] = []
    run.stops.stop = lambda *_args, **_keywords: seen.extend(run.capturer.drain().values)
    run.set(4, condition="i == 2")
    run.run()
    assert seen == [0, 1, 2]
    assert run.capturer.drain().values == [3]


def test_a_one_shot_stops_one_thread_only(program: Any) -> None:
    source = "def work():\n    wait()\n    x = 1\n"
    run = program(source)
    run.set(3, one_shot=True)
    barrier = threading.Barrier(4)
    names = run.run(wait=barrier.wait)
    threads = [threading.Thread(target=names["work"]) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert run.lines == [3]


def test_hits_of_several_threads_are_counted_exactly(program: Any) -> None:
    run = program("def work():\n    wait()\n    for i in range(5000):\n        x = i\n")
    breakpoint_id = run.set(4, hit_count="20000")
    names = run.run(wait=threading.Barrier(4).wait)
    threads = [threading.Thread(target=names["work"]) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert run.lines == [4]
    assert run.notes()[breakpoint_id].hits == 20_000


def test_hits_are_told_of_only_to_who_waits_for_them_and_then_once(program: Any) -> None:
    """Who asks again and again takes the program's time; a hit in a hot line has none to lose."""
    run = program()
    run.set(4, hit_count="> 1000000")
    run.notes()
    gate, wakings = run.capturer.engine.gate, []
    gate.connect(lambda: wakings.append("woken"))
    run.run()
    assert not wakings
    gate.counts_wanted = True
    run.run()
    assert wakings == ["woken"]
    assert not gate.counts_wanted


@pytest.mark.parametrize(("condition", "has_untold"), [("", False), ("i > 3", True)])
def test_counts_of_what_a_condition_could_not_decide_are_to_be_asked_for(
    program: Any, condition: str, has_untold: bool
) -> None:
    run = program()
    run.set(4, condition=condition)
    assert run.breakpoints.has_untold is has_untold


def test_a_breakpoint_leaves_nothing_armed(program: Any) -> None:
    run = program()
    breakpoint_id = run.set(4)
    run.run()
    run.breakpoints.remove(breakpoint_id)
    assert not run.notes()
    if sys.version_info >= (3, 12) and run.capturer.source.name == "monitoring":
        assert run.capturer.source._armed == {}


COMPREHENSION = """\
x, z = 0, 9
y = [
    x
    for x in (5, 6)
    if x
]
w = [
    x := z
    for z in (7, 8)
]
class Body:
    x, v = 1, 2
    y = [
        x * v
        for x, v in [(3, 4)]
    ]
    def name(self):
        return __class__.__name__
"""


@pytest.mark.parametrize("lines", [(3,), (4, 8), (3, 4, 5, 8, 9, 14, 15)], ids=str)
@pytest.mark.parametrize("condition", ["", "py: x is not None or True"])
def test_a_comprehension_that_is_looked_into_goes_on_as_it_would(
    program: Any, lines: tuple[int, ...], condition: str
) -> None:
    run = program(COMPREHENSION)
    for line in lines:
        run.set(line, condition=condition)
    found = run.run()
    assert set(run.lines) == set(lines)
    assert (found["y"], found["w"], found["x"], found["z"]) == ([5, 6], [7, 8], 8, 9)
    body = found["Body"]
    assert (body.x, body.v, body.y, body().name()) == (1, 2, [12], "Body")
    assert not {"__class__", "__classdict__"} & set(vars(body))


PRIVATE = """\
class _Motor:
    def __init__(self):
        self.__gain = 2
    def work(self):
        __turn = 1
        for __i in range(3):
            self.__gain += 1
            __turn += __i
_Motor().work()
"""


@pytest.mark.parametrize(
    "fields",
    [
        {"condition": "self.__gain == 4"},
        {"condition": "py: self.__gain == 4"},
        {"condition": "(__i == 1) & __turn"},
        {"condition": "py: [__i for _ in 'a'] == [1]"},
        {"entity": "self.__gain == 4"},
        {"condition": "self._Motor__gain == 4"},
    ],
)
def test_private_names_mean_what_they_mean_in_the_class(
    program: Any, fields: dict[str, str]
) -> None:
    run = program(PRIVATE)
    run.set(8, **fields)
    run.run()
    assert [stop.variables["_Motor__i"] for stop in run.stops.found] == ["1"]


def test_private_names_are_logged(program: Any) -> None:
    run = program(PRIVATE)
    run.set(8, message="{self.__gain} {__turn} {py: self.__gain + __i}")
    run.run()
    assert run.logged() == ["3 1 3", "4 1 5", "5 2 7"]
