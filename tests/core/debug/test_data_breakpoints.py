"""Data breakpoints in one process: every binding that changes a value stops, with old and new."""

from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from pyprobe.core.debug.breakpoints import Breakpoints
from tests.core.capturing import marked_occurrences
from tests.core.debug.breaking import broken
from tests.core.debug.watching import Watch, Watched, said, watched

__all__ = ["watched"]  # a fixture

BOUND = [
    ("x = 1\nx = 1\nx = 2\n", 1, "x", [("no value", "1", 1), ("1", "2", 3)]),
    (
        "def f():\n    x = 1\n    for x in (1, 2): pass\n    x += 5\n    return x\nf()\n",
        *(2, "x", [("no value", "1", 2), ("1", "2", 3), ("2", "7", 4)]),
    ),
    (
        "n = 0\ndef up():\n    global n\n    n += 1\nup()\nup()\nn = -1\n",
        *(1, "n", [("no value", "0", 1), ("0", "1", 4), ("1", "2", 4), ("2", "-1", 7)]),
    ),
    (
        "def f():\n  n = 0\n  def up():\n    nonlocal n\n    n += 1\n  up()\n  up()\nf()\n",
        *(2, "n", [("no value", "0", 2), ("0", "1", 5), ("1", "2", 5)]),
    ),
    (
        "class M:\n  def __init__(s):\n    s.v = 1\n  def go(s):\n    s.v = 2\nM().go()\n",
        *(3, "s.v", [("no value", "1", 3), ("1", "2", 5)]),
    ),
    (
        "c = {}\nk = 'a'\nc['a'] = 1\nc['b'] = 5\nc[k] = 2\nc = {'a': 3}\n",
        *(3, "c['a']", [("no value", "1", 3), ("1", "2", 5), ("2", "3", 6)]),
    ),
    (
        "b = [1, 2]\nfor i in range(2):\n    b[i] = 9\n",
        *(3, "b[i]", [("1", "9", 3), ("2", "9", 3)]),
    ),
    ("x = [1]\nx = [1]\nx = [2]\n", 1, "x", [("no value", "[1]", 1), ("[1]", "[2]", 3)]),
    (
        "x = 1\nx = True\nx = 1.0\n",
        1,
        "x",
        [("no value", "1", 1), ("1", "True", 2), ("True", "1.0", 3)],
    ),
    (
        "def f(n):\n    x = n\n    if n: f(n - 1)\n    x = n + 10\nf(1)\n",
        *(
            2,
            "x",
            [("no value", "1", 2), ("no value", "0", 2), ("0", "10", 4), ("1", "11", 4)],
        ),
    ),
    (
        "def g():\n  x = 0\n  while 1: x = yield x\na, b = g(), g()\nnext(a), next(b)\na.send(1)\n",
        *(
            2,
            "x",
            [("no value", "0", 2)] * 2 + [("0", "1", 3)],
        ),
    ),
    (
        "def f(v):\n  if v: x = 1\n  else: x = 2\n  for _ in range(2): x = x\nf(1)\nf(0)\n",
        *(2, "x", [("no value", "1", 2), ("no value", "2", 3)]),
    ),
    ("import os as x\nimport os as x\nwith open(__file__) as x: pass\n", 1, "x", None),
]


@pytest.mark.parametrize(("source", "line", "symbol", "expected"), BOUND)
def test_every_binding_that_changes_it_stops(
    watched: Any, source: str, line: int, symbol: str, expected: Any
) -> None:
    program = watched(source).watch(line, symbol)
    found = program.changes(__file__=str(program.run.path))
    if expected is None:
        assert len(found) == 2
    else:
        assert found == [said(symbol, *each) for each in expected]


def test_stops_right_after_the_binding(watched: Any) -> None:
    program = watched("def f():\n    x = 1; y = 2\n    x = 3; z = 4\nf()\n").watch(2, "x")
    program.changes()
    first, second = program.run.stops.found
    assert first.variables == {"x": "1"}
    assert second.variables == {"x": "3", "y": "2"}


def test_a_condition_must_hold_too(watched: Any) -> None:
    source = "def f():\n    x = 0\n    for i in range(6):\n        x = i // 2\nf()\n"
    program = watched(source).watch(4, "x", condition="x > 1")
    assert program.changes() == [said("x", "1", "2", 4)]
    note = program.run.notes()[7]
    assert (note.state, note.hits) == ("set", 1)


def test_objects_of_the_class_count_by_whatever_name_and_no_others(watched: Any) -> None:
    source = """\
class N: pass
class M:
    def go(self, other, n):
        self.v = 1
        other.v = 2
        n.v = 3
class O(M): pass
M().go(O(), N())
"""
    assert watched(source).watch(4, "self.v").changes() == [
        said("self.v", "no value", "1", 4),
        said("self.v", "no value", "2", 5),
    ]


def test_beside_a_thread_that_stands_only_its_object_counts(tmp_path: Path) -> None:
    source = """\
class M:
    def go(self, other):
        mark(self)
        self.v = 1
        other.v = 2
a, b = M(), M()
a.go(b)
b.go(a)
"""
    frames: list[FrameType] = []
    with broken(tmp_path, source) as run:
        run.breakpoints = Breakpoints(
            run.capturer.engine, run.stops, stopped_frame=lambda: frames[0] if frames else None
        )
        program = Watched(run)

        def mark(_one: object) -> None:
            if not frames:
                import sys

                frames.append(sys._getframe(1))
                program.watch(4, "self.v")

        found = program.changes(mark=mark)
    assert found == [
        said("self.v", "no value", "1", 4),
        said("self.v", "1", "2", 5),
    ]


def test_a_store_that_fails_binds_nothing(watched: Any) -> None:
    source = """\
class M:
    __slots__ = ("v",)
    def __setattr__(self, name, value):
        if value == 2: raise ValueError
        object.__setattr__(self, name, value)
m = M()
for i in range(4):
    try:
        m.v = i
    except ValueError:
        pass
"""
    found = watched(source).watch(9, "m.v").changes()
    assert [each.split(";")[0] for each in found] == [
        *("m.v was no value, is 0", "m.v was 0, is 1", "m.v was 1, is 3")
    ]


def test_comparing_runs_no_code_of_the_program(watched: Any) -> None:
    source = """\
class Angry:
    def __eq__(self, other): raise SystemExit
    __hash__ = __repr__ = __len__ = __bool__ = __eq__
x = Angry()
x = [Angry()]
x = {1: x}
"""
    assert len(watched(source).watch(4, "x", in_place=True).changes()) == 3


IN_PLACE = [
    ("b = []\nb.append(1)\nb.append(2)\ny = 0\n", "b", [("[]", "[1]", 2), ("[1]", "[1, 2]", 3)]),
    (
        "b = {}\nb['k'] = 1\nb.pop('k')\ny = 0\n",
        "b",
        [("{}", "{'k': 1}", 2), ("{'k': 1}", "{}", 3)],
    ),
    ("b = {1}\nb.add(2)\nb.add(2)\ny = 0\n", "b", [("{1}", "{1, 2}", 2)]),
    ("b = bytearray(b'a')\nb[0] = 66\ny = 0\n", "b", [("bytearray(b'a')", "bytearray(b'B')", 2)]),
    ("b = [[1], [2]]\nb[1][0] = 5\ny = 0\n", "b", [("[[1], [2]]", "[[1], [5]]", 2)]),
    ("b = [2, 1]\ndef f():\n    b.sort()\nf()\ny = 0\n", "b", [("[2, 1]", "[1, 2]", 3)]),
]


@pytest.mark.parametrize(("source", "symbol", "expected"), IN_PLACE)
def test_changes_in_place_are_found_at_the_next_line(
    watched: Any, source: str, symbol: str, expected: list[tuple[str, str, int]]
) -> None:
    first, *found = watched(source).watch(1, symbol, in_place=True).changes()
    assert first.startswith(f"{symbol} was no value")
    assert found == [
        f"{symbol} was {old}, is {new}; changed in place by line {line}"
        for old, new, line in expected
    ]


def test_an_array_that_changes_in_place_is_found(watched: Any) -> None:
    pytest.importorskip("numpy")
    source = "import numpy as np\na = np.zeros(3)\na[1] = 5\na += 1\ny = 0\n"
    found = watched(source).watch(2, "a", in_place=True).changes()
    assert found[1:] == [
        "a was array([0.0, 0.0, 0.0]), is array([0.0, 5.0, 0.0]); changed in place by line 3",
        said("a", "array([0.0, 5.0, 0.0])", "array([1.0, 6.0, 1.0])", 4),
    ]


def test_a_local_list_of_every_call_is_another(watched: Any) -> None:
    source = """\
def f(n):
    b = []
    for i in range(n):
        b.append(i)
    return None
for n in (1, 2, 1): f(n)
"""
    found = watched(source).watch(2, "b", in_place=True).changes()
    assert [each for each in found if "in place" in each] == [
        *("b was [], is [0]; changed in place by line 4",) * 2,
        "b was [0], is [0, 1]; changed in place by line 4",
        "b was [], is [0]; changed in place by line 4",
    ]


def test_the_contents_of_a_parameter_are_compared_within_each_call(watched: Any) -> None:
    source = "def f(b):\n    b.append(1)\n    return b\nfor _ in range(2): f([])\nx = f(f([]))\n"
    found = watched(source).watch(1, "b", in_place=True).changes()
    assert found == [
        *("b was [], is [1]; changed in place by line 2",) * 3,
        "b was [1], is [1, 1]; changed in place by line 2",
    ]


def test_all_that_stands_in_one_line_does_its_part(watched: Any) -> None:
    loop = "    for i in range(4):\n        x = i // 2  # probe: x\n        y = x\n"
    source = f"def run():\n    x = 0\n{loop}run()\n"
    program = watched(source).watch(2, "x")
    run = program.run
    run.capturer.add(run.path, marked_occurrences(source)[0])
    line = run.set(5, condition="i == 2")
    run.run()
    assert [(stop.breakpoint_id, stop.line) for stop in run.stops.found] == [
        (7, 3),
        (7, 5),
        (line, 5),
    ]
    assert run.capturer.drain().values == [0, 0, 1, 1]


def test_a_change_in_the_last_line_of_a_function_is_found(watched: Any) -> None:
    source = "class A:\n    def f(self):\n        self.b = []\n        self.b.append(1)\nA().f()\n"
    found = watched(source).watch(3, "self.b", in_place=True).changes()
    assert found[-1] == "self.b was [], is [1]; changed in place by line 4"


READ_BY_CODE = """\
class M:
    @property
    def v(self): return 1
    @v.setter
    def v(self, value): pass
m = M()
m.v = 2
"""


@pytest.mark.parametrize(
    ("source", "line", "symbol"), [("x = 1\n", 1, "x"), (READ_BY_CODE, 7, "m.v")]
)
def test_a_hit_or_that_it_cannot_be_read_is_told_of_to_who_waits_for_it(
    watched: Watch, source: str, line: int, symbol: str
) -> None:
    program = watched(source).watch(line, symbol)
    program.run.notes()
    gate = program.run.capturer.engine.gate
    gate.counts_wanted = True
    program.run.run()
    assert not gate.counts_wanted
