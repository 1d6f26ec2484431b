"""Changes in place: of lists, dicts, sets, arrays and objects, by any name and by any code."""

import pytest

from tests.core.debug.watching import Watch, watched

__all__ = ["watched"]  # a fixture


def in_place(symbol: str, old: object, new: object, line: int, *, where: str = "") -> str:
    return f"{symbol} was {old}, is {new}; changed in place by line {line}{where}"


CONFIG = 'cfg = {"gain": 1}\nprint(cfg["gain"])\n'
CONFIG_WAYS = [
    "cfg.update(gain=2)",
    "alias = cfg; alias.update(gain=2)",
    "alias = cfg; alias['gain'] = 2",
    "exec('cfg.update(gain=2)')",
    "change = cfg.__setitem__; list(map(change, ['gain'], [2]))",
    "import helper; helper.change(cfg)",
    "import helper; helper.by_map(cfg.__setitem__)",
    "globals().update(cfg={'gain': 2})",
]
HELPER = """\
def change(thing):
    thing.update(gain=2)
def by_map(change):
    list(map(change, ["gain"], [2]))
"""


@pytest.mark.parametrize("way", CONFIG_WAYS)
def test_a_plain_value_in_a_dict_changes_in_every_way(watched: Watch, way: str) -> None:
    program = watched(f"{CONFIG}{way}\ny = 0\n")
    program.module("helper", HELPER)
    first, *others = program.watch(2, 'cfg["gain"]', in_place=True).changes()
    assert first == 'cfg["gain"] was no value, is 1; bound in line 1'
    assert [each.split(";")[0] for each in others] == ['cfg["gain"] was 1, is 2']


def test_the_line_of_another_file_that_did_it_is_told(watched: Watch) -> None:
    program = watched(f"{CONFIG}import helper\nhelper.by_map(cfg.__setitem__)\ny = 0\n")
    program.module("helper", HELPER)
    found = program.watch(2, 'cfg["gain"]', in_place=True).changes()
    assert found[1:] == [in_place('cfg["gain"]', 1, 2, 4, where=" of helper.py")]
    assert program.run.stops.found[-1].function == "by_map"


OBJECTS = """\
class Slotted:
    __slots__ = ("v",)
class C:
    pass
l = [C(), Slotted(), {"a": C()}]
l[0].v = 9
l[1].v = 8
l[2]["a"].v = 7
l[0].w = [1]
l[0].w.append(2)
del l[0].v
y = 0
"""


def test_attributes_of_objects_in_a_list_are_contents(watched: Watch) -> None:
    found = watched(OBJECTS).watch(5, "l", in_place=True).changes()
    assert [int(each.rpartition(" ")[2]) for each in found] == [5, 6, 7, 8, 9, 10, 11]


ALIAS = """\
def run():
    b = []
    fill(b)
    c = b
    c.append(2)
    keep = [b]
    def inner():
        keep[0].append(3)
    inner()
    return b
def fill(given):
    given.append(1)
    y = 0
run().append(4)
z = 0
"""


def test_a_local_is_followed_by_other_names_and_into_what_is_called(watched: Watch) -> None:
    found = watched(ALIAS).watch(2, "b", in_place=True).changes()
    assert found[1:] == [
        in_place("b", "[]", "[1]", 12),
        in_place("b", "[1]", "[1, 2]", 5),
        in_place("b", "[1, 2]", "[1, 2, 3]", 8),
    ]


ATTRIBUTE = """\
class M:
    def __init__(self):
        self.log = []
    def note(self, text):
        self.log.append(text)
m, n = M(), M()
m.note(1)
m.log.append(2)
log = m.log
log.append(3)
n.note(4)
y = 0
"""


def test_the_contents_of_an_attribute_of_every_instance(watched: Watch) -> None:
    found = watched(ATTRIBUTE).watch(3, "self.log", in_place=True).changes()
    assert found[2:] == [
        in_place("self.log", "[]", "[1]", 5),
        in_place("self.log", "[1]", "[1, 2]", 8),
        in_place("self.log", "[1, 2]", "[1, 2, 3]", 10),
        in_place("self.log", "[]", "[4]", 5),
    ]


SLOTS = """\
class P:
    __slots__ = ("l",)
    def __init__(self):
        self.l = []
    def go(self):
        self.l.append(1)
p = P()
p.go(); setattr(p, "l", p.l)
p.go()
"""


def test_objects_without_weak_references_are_compared_in_their_methods(watched: Watch) -> None:
    found = watched(SLOTS).watch(4, "self.l", in_place=True).changes()
    assert found[1:] == [
        in_place("self.l", "[]", "[1]", 6),
        in_place("self.l", "[1]", "[1, 1]", 6),
    ]


def test_a_call_that_changes_contents_only_binds_nothing(watched: Watch) -> None:
    source = """\
class P:
    def __init__(self): self.l = []
    def go(self): self.l.append(1)
p = P()
p.go(); setattr(p, "k", 1)
setattr(p, "l", [2])
"""
    found = watched(source).watch(2, "self.l").changes()
    assert found[1:] == ["self.l was [1], is [2]; bound in line 6"]


CONSTRUCTS = """\
b = []
for i in range(2): b.append(i)
[b.append(i) for i in (2,)]
b += [3]
if b.pop(): pass
while len(b) > 2: b.pop()
with memoryview(b"") as m: b.append(5)
try: b.append(6); 1 / 0
except ZeroDivisionError: b.append(7)
finally: b.append(8)
(lambda: b.clear())()
def g():
    b.append(9)
    yield b.append(10)
    b.append(11)
for _ in g(): b.append(12)
x, y = b.append(13), 0
def h():
    b.append(14)
    raise KeyError
try: h()
except KeyError: pass
y = 0
"""


def test_the_line_that_did_it_is_told_in_every_construct(watched: Watch) -> None:
    found = watched(CONSTRUCTS).watch(1, "b", in_place=True).changes()
    lines = [int(each.rpartition(" ")[2]) for each in found[1:]]
    each_line = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 16, 15, 16, 17, 19]
    assert list(dict.fromkeys(lines)) == list(dict.fromkeys(each_line))
