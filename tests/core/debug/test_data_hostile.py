"""Data breakpoints on what raises, is huge, contains itself, is freed or changes meanwhile."""

import pytest

from tests.core.debug.watching import Watch, watched

__all__ = ["watched"]  # a fixture

ANGRY = """\
class Meta(type):
    def __eq__(self, other): raise SystemExit
    def __getattribute__(self, name): raise SystemExit
    __hash__ = __instancecheck__ = __eq__
class Angry(metaclass=Meta):
    def __eq__(self, other): raise SystemExit
    def __getattr__(self, name): raise SystemExit
    __getattribute__ = __getattr__
    __hash__ = __repr__ = __len__ = __bool__ = __iter__ = __eq__
    def go(self):
        self.v = 1
x = type.__call__(Angry)
l = [x]
d = {1: x}
d[1] = type.__call__(Angry)
l.append(x)
object.__setattr__(x, "v", 5)
x.v = 6
x = [x]
keep = d, l
"""


def test_comparing_runs_no_code_of_the_program(watched: Watch) -> None:
    program = watched(ANGRY)
    for line, symbol in ((12, "x"), (13, "l"), (14, "d"), (15, "d[1]"), (11, "self.v")):
        program.watch(line, symbol, in_place=True, breakpoint_id=line)
    found = program.changes()
    assert {each.split(" ")[0] for each in found} == {"x", "l", "d", "d[1]"}
    assert "has its own __getattribute__" in program.run.notes()[11].detail


def test_what_is_freed_is_freed_at_once(watched: Watch) -> None:
    source = """\
import weakref
class Item:
    def __init__(self):
        self.parts = []
    def __del__(self):
        freed.append(1)
freed = []
for n in range(3):
    item = Item()
    item.parts.append(n)
    item.parts = [n]
    seen = weakref.ref(item)
    del item
    kept = seen()
    Item().parts = [4]
"""
    program = watched(source)
    program.watch(4, "self.parts", in_place=True)
    program.watch(10, "item.parts", in_place=True, breakpoint_id=8)
    program.changes()
    assert len(program.run.stops.found) > 6
    assert all(stop.variables.get("kept") in (None, "None") for stop in program.run.stops.found)
    assert program.run.stops.found[-1].variables["freed"].count("1") == 5


def test_a_store_that_fails_keeps_nothing_alive(watched: Watch) -> None:
    source = """\
import weakref
class Fixed:
    def __setattr__(self, name, value):
        raise ValueError
    def go(self):
        self.v = 1
fixed = Fixed()
seen = weakref.ref(fixed)
try: fixed.v = 2
except ValueError: pass
try: fixed.go()
except ValueError: pass
del fixed
x = seen() is None
"""
    program = watched(source).watch(6, "self.v")
    program.watch(14, "x", breakpoint_id=8)
    assert program.changes() == ["x was no value, is True; bound in line 14"]


def test_huge_values_are_compared_in_part(watched: Watch) -> None:
    source = """\
b = list(range(1_000_000))
d = dict.fromkeys(range(1_000_000), 1)
s = "x" * 10_000_000
b[5] = -1
d[5] = 2
s += "y"
b.append(0)
y = 0
"""
    program = watched(source)
    for line, symbol in ((1, "b"), (2, "d"), (3, "s")):
        program.watch(line, symbol, in_place=True, breakpoint_id=line)
    lines = [int(each.rpartition(" ")[2]) for each in program.changes()]
    assert lines == [1, 2, 3, 4, 5, 6, 7]
    assert max(len(stop.detail) for stop in program.run.stops.found) < 2000


def test_what_contains_itself_is_compared(watched: Watch) -> None:
    source = """\
class Node: pass
a = []
a.append(a)
d = {}
d["d"] = d
n = Node()
n.n = n
n.l = [n]
a.append(1)
d["e"] = 2
n.v = 3
n.l.append(4)
y = 0
"""
    program = watched(source)
    for line, symbol in ((2, "a"), (4, "d"), (6, "n")):
        program.watch(line, symbol, in_place=True, breakpoint_id=line)
    lines = [int(each.rpartition(" ")[2]) for each in program.changes()]
    assert lines == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]


ARRAYS = """\
import numpy as np
class Sub(np.ndarray):
    def __array_finalize__(self, other): pass
    shape = property(lambda self: 1 / 0)
base = np.zeros((100, 100))
strided = base[::2, ::-3]
structured = np.zeros(3, dtype=[("a", "f8"), ("b", "i4", (2,))])
objects = np.array([[1], "x", None], dtype=object)
sub = np.zeros(4).view(Sub)
masked = np.ma.masked_array([1.0, 2.0], [0, 1])
large = np.zeros((2, 3_000_000))[:, ::2]
scalar = np.zeros(())
base[0, 0] = 1
structured["b"][1] = 7
objects[0].append(2)
objects[1] = "y"
np.ndarray.__setitem__(sub, 0, 5)
masked[0] = 3
large[0, 0] = 1
scalar[...] = 5
base *= 2
np.copyto(base, 3)
y = 0
"""


def test_arrays_of_every_kind_are_compared(watched: Watch) -> None:
    pytest.importorskip("numpy")
    program = watched(ARRAYS)
    names = ["base", "strided", "structured", "objects", "sub", "masked", "large", "scalar"]
    for line, symbol in enumerate(names, 5):
        program.watch(line, symbol, in_place=True, breakpoint_id=line)
    found = [(int(each.rpartition(" ")[2]), each.split(" ")[0]) for each in program.changes()]
    assert found[:8] == list(enumerate(names, 5))
    assert sorted(found[8:]) == [
        (13, "base"),
        (13, "strided"),
        (14, "structured"),
        (15, "objects"),
        (16, "objects"),
        (17, "sub"),
        (18, "masked"),
        (19, "large"),
        (20, "scalar"),
        (21, "base"),
        (21, "strided"),
        (22, "base"),
        (22, "strided"),
    ]


def test_a_dict_that_a_thread_keeps_changing_harms_nothing(watched: Watch) -> None:
    source = """\
import threading
d = {n: n for n in range(2000)}
stop = False
def churn():
    n = 0
    while not stop:
        n += 1
        d[n % 4000] = n
        d.pop(n * 7 % 4000, None)
def look():
    for n in range(100):
        y = n
thread = threading.Thread(target=churn)
thread.start()
look()
stop = True
thread.join()
"""
    program = watched(source).watch(2, "d", in_place=True)
    assert len(program.changes()) > 1


def test_which_thread_did_it_is_told_where_that_is_certain(watched: Watch) -> None:
    source = """\
import threading
b = []
def fill():
    b.append(1)
    y = 0
def both():
    thread = threading.Thread(target=fill)
    thread.start()
    thread.join()
    y = 0
both()
"""
    found = watched(source).watch(2, "b", in_place=True).changes()
    assert found[1].startswith("b was [], is [1]; changed in place by line 4")


def test_many_at_once_each_find_their_own(watched: Watch) -> None:
    names = [f"v{number}" for number in range(20)]
    first = "".join(f"    {name} = 0\n" for name in names)
    again = "".join(f"        {name} = k\n" for name in names)
    program = watched(f"def f():\n{first}    for k in range(1, 4):\n{again}f()\n")
    for number, name in enumerate(names):
        program.watch(2 + number, name, breakpoint_id=number)
    program.changes()
    counts = {note.breakpoint_id: note.hits for note in program.run.notes().values()}
    assert counts == dict.fromkeys(range(20), 4)


def test_a_recursive_functions_local_is_each_calls_own(watched: Watch) -> None:
    source = "def f(n):\n    x = n\n    if n: f(n - 1)\n    x = -n\nf(400)\n"
    assert len(watched(source).watch(2, "x").changes()) == 801


def test_one_that_hits_all_the_time_goes_on_asking_its_condition(watched: Watch) -> None:
    source = "def f():\n    for i in range(20_000): pass\nf()\n"
    program = watched(source).watch(2, "i", condition="i == 19_999")
    assert program.changes() == ["i was 19998, is 19999; bound in line 2"]


def test_removing_it_leaves_nothing_behind(watched: Watch) -> None:
    source = "class C: pass\nc = C()\nc.x = 0\nfor n in range(3): c.x = n\n"
    program = watched(source).watch(3, "c.x", in_place=True)
    program.run.breakpoints.remove(7)
    assert program.changes() == []
