"""Data breakpoints and code that binds by another name, in other files, by setattr and through
namespaces."""

import pytest

from tests.core.debug.watching import Watch, said, watched

__all__ = ["watched"]  # a fixture


def test_a_global_that_another_module_binds(watched: Watch) -> None:
    program = watched(
        "import state\nstate.gain = 3\nfrom state import set_gain\nset_gain(4)\n"
        "vars(state)['gain'] = 5\nstate.__dict__.update(gain=6)\nsetattr(state, 'gain', 7)\n"
        "del state.gain\nimport state as other\nother.gain = 8\nstate.__dict__.pop('gain')\n"
        "state.__dict__['gain'] = 9\ndelattr(state, 'gain')\ngain = 1\n"
    )
    state = program.module(
        "state",
        "gain = 1\ndef set_gain(value):\n    global gain\n    gain = value\n"
        "globals()['gain'] = 2\n",
    )
    found = program.watch(1, "gain", file=state).changes()
    here = " of program.py"
    assert found == [
        said("gain", "no value", "1", 1),
        said("gain", "1", "2", 5),
        said("gain", "2", "3", 2, where=here),
        said("gain", "3", "4", 4),
        said("gain", "4", "5", 5, where=here),
        said("gain", "5", "6", 6, where=here),
        said("gain", "6", "7", 7, where=here),
        "gain was 7, is no value; deleted in line 8 of program.py",
        said("gain", "no value", "8", 10, where=here),
        said("gain", "8", "no value", 11, where=here),
        said("gain", "no value", "9", 12, where=here),
        said("gain", "9", "no value", 13, where=here),
    ]


def test_a_global_chosen_where_it_is_only_used(watched: Watch) -> None:
    program = watched("import state\nprint(state.gain)\nstate.change()\nstate.gain = 3\n")
    program.module("state", "gain = 1\ndef change():\n    global gain\n    gain = 2\n")
    assert program.watch(2, "state.gain").changes() == [
        said("state.gain", "1", "2", 4, where=" of state.py"),
        said("state.gain", "2", "3", 4),
    ]


BASE = """\
class Base:
    def __init__(self):
        self.x = 1
    def change(me):
        me.x += 1
"""
INHERITING = """\
from base import Base
class Mine(Base):
    def own(self):
        self.x = 5
class Derived(Mine):
    def derived(self):
        self.x = 6
one = Mine()
one.own()
one.change()
one.change()
Derived().derived()
Base()
"""


def test_an_attribute_bound_by_base_classes_and_derived_ones(watched: Watch) -> None:
    program = watched(INHERITING)
    program.module("base", BASE)
    base = " of base.py"
    assert program.watch(4, "self.x").changes() == [
        said("self.x", "no value", "1", 3, where=base),
        said("self.x", "1", "5", 4),
        said("self.x", "5", "6", 5, where=base),
        said("self.x", "6", "7", 5, where=base),
        said("self.x", "no value", "1", 3, where=base),
        said("self.x", "1", "6", 7),
    ]


CLASS = """\
class C:
    def __init__(self):
        self.x = 0
class Other: pass
c, other = C(), Other()
other.x = 9
items = [c]
"""
WAYS = [
    "c.x = 1",
    "items[0].x = 1",
    "(lambda: c)().x = 1",
    "[other, c][1].x = 1",
    "setattr(c, 'x', 1)",
    "setattr(items[0], *('x', 1))",
    "c.__setattr__('x', 1)",
    "object.__setattr__(c, 'x', 1)",
    "C.__setattr__(c, 'x', 1)",
    "c.__dict__['x'] = 1",
    "c.__dict__.update(x=1)",
    "c.__dict__.update(**{'x': 1})",
    "vars(c)['x'] = 1",
    "vars(c).update({'x': 1})",
    "vars(items[0]).__setitem__('x', 1)",
    "v = vars(c); v['x'] = 1",
    "for c.x in (1,): pass",
    "c.x, y = 1, 2",
    "c.x += 1",
    "setattr(c, 'x', 0); c.x |= 1",
    "exec('c.x = 1')",
    "import helper; helper.change(c)",
    "import helper; helper.change_by_name(c, 'x')",
    (
        "import threading\n"
        "t = threading.Thread(target=setattr, args=(c, 'y', 1)); t.start(); t.join(); c.x = 1"
    ),
]
HELPER = """\
def change(thing):
    thing.x = 1
def change_by_name(thing, name):
    setattr(thing, name, 1)
"""


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_bind_an_attribute(watched: Watch, way: str) -> None:
    program = watched(f"{CLASS}{way}\n")
    program.module("helper", HELPER)
    first, *others = program.watch(3, "self.x").changes()
    assert first == said("self.x", "no value", "0", 3)
    assert [each.split(";")[0] for each in others] == ["self.x was 0, is 1"]


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_bind_an_attribute_of_what_a_name_stands_for(watched: Watch, way: str) -> None:
    program = watched(f"{CLASS}print(c.x)\n{way}\n")
    program.module("helper", HELPER)
    found = program.watch(8, "c.x").changes()
    assert [each.split(";")[0] for each in found] == ["c.x was 0, is 1"]


@pytest.mark.parametrize(
    "way", ["del c.x", "delattr(c, 'x')", "c.__dict__.pop('x')", "del vars(c)['x']"]
)
def test_every_way_to_delete_an_attribute(watched: Watch, way: str) -> None:
    found = watched(f"{CLASS}{way}\n").watch(3, "self.x").changes()
    assert [each.split(";")[0] for each in found[1:]] == ["self.x was 0, is no value"]


ELEMENT_WAYS = [
    'cfg["gain"] = 1',
    "key = 'gain'; cfg[key] = 1",
    "other = cfg; other['gain'] = 1",
    "cfg.update(gain=1)",
    "cfg.update({'gain': 1})",
    "other = cfg; other.update(gain=1)",
    "other = cfg; other |= {'gain': 1}",
    "cfg.__setitem__('gain', 1)",
    "dict.__setitem__(cfg, 'gain', 1)",
    "cfg.pop('gain'); cfg.setdefault('gain', 1)",
    "del cfg['gain']; cfg['gain'] = 1",
    "cfg = {'gain': 1}",
    "import helper; helper.change(cfg)",
    "import helper; helper.bind()",
    "import operator; operator.setitem(cfg, 'gain', 1)",
    "globals()['cfg'] = {'gain': 1}",
]
ELEMENT_HELPER = """\
import program
def change(settings):
    settings["gain"] = 1
def bind():
    program.cfg = {"gain": 1}
"""


@pytest.mark.parametrize("way", ELEMENT_WAYS)
def test_every_way_to_bind_an_element(watched: Watch, way: str) -> None:
    program = watched(
        f'cfg = {{"gain": 0, "level": 0}}\nprint(cfg["gain"])\n{way}\ncfg["level"] = 5\n'
    )
    program.module("helper", ELEMENT_HELPER)
    first, *others = program.watch(2, 'cfg["gain"]').changes(as_module="program")
    assert first == said('cfg["gain"]', "no value", "0", 1)
    assert (others[0].split(" is ")[0], others[-1].split(";")[0].split(" is ")[1]) == (
        *('cfg["gain"] was 0,', "1"),
    )


LOCAL_ELEMENT = """\
def run(cfg):
    cfg["gain"] = 0
    alias = cfg
    alias["gain"] = 1
    helper(cfg)
    cfg = {"gain": 3}
def helper(given):
    given["gain"] = 2
    {}["gain"] = 7
run({})
"""


def test_an_element_of_a_local_is_followed_into_what_is_called(watched: Watch) -> None:
    symbol = 'cfg["gain"]'
    assert watched(LOCAL_ELEMENT).watch(2, symbol).changes() == [
        said(symbol, "no value", "0", 2),
        said(symbol, "0", "1", 4),
        said(symbol, "1", "2", 8),
        said(symbol, "2", "3", 6),
    ]


PART = """\
class Gear:
    speed = 0
class Motor:
    def __init__(self):
        self.gear = Gear()
        self.log = {}
    def run(self):
        self.gear.speed = 1
        self.log["n"] = 1
def other(gear, log):
    gear.speed = 2
    log["n"] = 2
motor = Motor()
motor.run()
other(motor.gear, motor.log)
other(Gear(), {})
motor.log = {"n": 3}
"""


def test_an_attribute_of_a_part_of_an_instance(watched: Watch) -> None:
    symbol = "self.gear.speed"
    assert watched(PART).watch(8, symbol).changes() == [
        said(symbol, "0", "1", 8),
        said(symbol, "1", "2", 11),
    ]


def test_an_element_of_a_part_of_an_instance(watched: Watch) -> None:
    symbol = 'self.log["n"]'
    assert watched(PART).watch(9, symbol).changes() == [
        said(symbol, "no value", "1", 9),
        said(symbol, "1", "2", 12),
        said(symbol, "2", "3", 17),
    ]


def test_a_condition_means_the_same_wherever_it_is_bound(watched: Watch) -> None:
    program = watched(f"{CLASS}import helper\nfor n in (1, 5, 2, 7): helper.set_to(c, n)\n")
    program.module("helper", "def set_to(thing, n):\n    thing.x = n\n")
    found = program.watch(3, "self.x", condition="self.x > 3").changes()
    assert [each.split(";")[0] for each in found] == [
        *("self.x was 1, is 5", "self.x was 2, is 7"),
    ]


def test_a_condition_on_a_global_means_its_own(watched: Watch) -> None:
    program = watched("import state\ngain = 100\nfor n in (1, 5, 2): state.gain = n\n")
    state = program.module("state", "gain = 0\n")
    found = program.watch(1, "gain", file=state, condition="gain > 3").changes()
    assert found == [said("gain", "1", "5", 3, where=" of program.py")]


def test_a_store_within_a_store_is_told_once(watched: Watch) -> None:
    source = """\
class M:
    def __setattr__(self, name, value):
        object.__setattr__(self, name, value * 2)
    def go(self):
        self.v = 1
        self.v = 2
M().go()
"""
    assert watched(source).watch(5, "self.v").changes() == [
        said("self.v", "no value", "2", 3),
        said("self.v", "2", "4", 3),
    ]


def test_what_a_property_computes_is_said_to_be_unreadable(watched: Watch) -> None:
    source = """\
class M:
    @property
    def v(self): return 1
    @v.setter
    def v(self, value): pass
m = M()
m.v = 2
"""
    program = watched(source).watch(7, "m.v")
    assert program.changes() == []
    assert "property of M" in program.run.notes()[7].detail


def test_what_a_dataclass_binds_by_code_of_its_own(watched: Watch) -> None:
    source = """\
from dataclasses import dataclass, replace
@dataclass
class M:
    v: int
    def go(self):
        self.v = 2
@dataclass(frozen=True)
class F:
    w: int
    def look(self):
        return self.w
m = M(1)
m.go()
f = replace(F(1), w=3)
"""
    program = watched(source).watch(6, "self.v").watch(11, "self.w", breakpoint_id=8)
    assert [each.split(";")[0] for each in program.changes()] == [
        *("self.v was no value, is 1", "self.v was 1, is 2"),
        *("self.w was no value, is 1", "self.w was no value, is 3"),
    ]


def test_an_element_of_an_array_is_its_value(watched: Watch) -> None:
    pytest.importorskip("numpy")
    source = """\
import numpy as np
a = np.zeros((3, 2))
a[0, 1] = 0
b = a[0]
b[1] = 1
a[:] = 2
a[a > 1] = 3
a.fill(4)
a = np.zeros(2).reshape(1, 2)
"""
    found = watched(source).watch(3, "a[0, 1]").changes()
    assert [each.removeprefix("a[0, 1] ") for each in found] == [
        "was no value, is 0.0; bound in line 2",
        "was 1.0, is 2.0; bound in line 6",  # what a view has done is a change in place
        "was 2.0, is 3.0; bound in line 7",
        "was 3.0, is 4.0; bound in line 8",
        "was 4.0, is 0.0; bound in line 9",
    ]


def test_an_element_that_a_view_changes_is_found_in_place(watched: Watch) -> None:
    pytest.importorskip("numpy")
    source = "import numpy as np\na = np.zeros((3, 2))\na[0, 1] = 0\nb = a[0]\nb[1] = 1\ny = 0\n"
    found = watched(source).watch(3, "a[0, 1]", in_place=True).changes()
    assert found[1:] == ["a[0, 1] was 0.0, is 1.0; changed in place by line 5"]
