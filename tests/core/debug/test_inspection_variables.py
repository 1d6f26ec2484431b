"""Variables of a program that stands: a lazy tree of plain data, from which no code runs."""

import contextlib
import gc
import weakref
from collections import OrderedDict, deque, namedtuple
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.errors import PyProbeError
from tests.core.debug.standing import standing
from tests.core.hostile import HostileType, hostile_class, with_attributes

IN_FUNCTION = """
def work(a, b=2, *rest, flag=True, **options):
    inner = a + b
    def later():
        return inner
    if a > 100:
        unbound = 1
    stand()
    return later
work(1, 5, 7, colour='red')
"""


def test_locals_of_a_function_come_in_its_order_and_without_those_that_have_no_value() -> None:
    with standing(IN_FUNCTION) as program:
        names = ["a", "b", "flag", "rest", "options", "inner", "later"]
        texts = ["1", "5", "True", "(7,)", "{'colour': 'red'}", "6"]
        function = "<function work.<locals>.later>"
        assert program.texts() == dict(zip(names, [*texts, function], strict=True))
        assert list(program.texts()) == [*names[:-2], "later", "inner"]  # cells come last


def test_each_frame_of_the_stack_has_its_own_variables() -> None:
    source = """
def outer(x):
    middle(x + 1)
def middle(x):
    stand()
outer(1)
"""
    with standing(source) as program:
        assert program.texts(frame=0)["x"] == "2"
        assert program.texts(frame=1)["x"] == "1"
        assert "outer" in program.texts(frame=2)
        with pytest.raises(PyProbeError, match="no such frame"):
            program.rows(frame=99)


def test_globals_are_a_scope_of_every_frame_with_the_interpreters_names_last() -> None:
    with standing("value = 5\ndef f():\n  stand()\nf()") as program:
        names = list(program.texts(scope="globals"))
        assert names.index("value") < names.index("__name__")
        assert program.texts() == {}


def test_a_class_body_shows_its_own_names() -> None:
    with standing("class A:\n  first = 1\n  stand()\n  second = 2") as program:
        assert program.texts()["first"] == "1"
        assert "second" not in program.texts()


def test_a_comprehension_shows_its_variable() -> None:
    with standing("def f(): return [stand() or x for x in (7, )]\nf()") as program:
        assert program.texts()["x"] == "7"
    with standing("found = [stand() or x for x in (7, )]") as program:
        assert program.texts()["x"] == "7"


def test_a_row_says_type_size_and_whether_it_is_a_number() -> None:
    with standing("x = 1.5\ny = [1, 2]\nz = 'text'\nn = numpy.float32(2)\nstand()", numpy=np) as it:
        rows = {row["name"]: row for row in it.rows()}
        facts = {name: (row["type"], row["parts"], row["number"]) for name, row in rows.items()}
        assert facts["x"] == ("float", -1, True)
        assert facts["y"] == ("list", 2, False)
        assert facts["z"] == ("str", -1, False)
        assert facts["n"] == ("float32", -1, True)


def test_a_list_of_a_million_elements_is_read_page_by_page() -> None:
    with standing("big = list(range(1_000_000))\nstand()") as program:
        step = next(row["step"] for row in program.rows() if row["name"] == "big")
        page = program.ask("variables", path=[step], start=999_998, count=100)
        assert page["total"] == 1_000_000
        assert page["rows"] == [
            {"name": "[999998]", "step": ["index", 999998], "text": "999998"}
            | {"type": "int", "parts": -1, "number": True},
            {"name": "[999999]", "step": ["index", 999999], "text": "999999"}
            | {"type": "int", "parts": -1, "number": True},
        ]
        assert program.ask("variables", path=[step], start=2_000_000)["rows"] == []
        most = program.ask("variables", path=[step], count=1 << 40)["rows"]
        assert isinstance(most, list)
        assert len(most) == 1000


def test_a_dict_is_read_by_pages_and_its_entries_found_by_key() -> None:
    source = "d = {'name': 1, 2: 'two', (1, 2): [3], None: 0, 1.5: 7, 'ä': 8}\nstand()"
    with standing(source) as program:
        rows = program.rows("d")
        assert [row["name"] for row in rows] == [
            *("['name']", "[2]", "[(1, 2)]", "[None]", "[1.5]", "['ä']")
        ]
        assert program.texts("d", "[(1, 2)]") == {"[0]": "3"}
        program.evaluate("d.pop('name')")
        page = program.ask("variables", path=[["attribute", "d"], ["key", 2]])
        assert page == {"total": 0, "rows": []}
        with pytest.raises(PyProbeError, match="there is no name any more"):
            program.ask("variables", path=[["attribute", "d"], ["key", "name"]])


def test_an_object_that_contains_itself_opens_as_deep_as_one_likes() -> None:
    with standing("a = []\na.append(a)\na.append(1)\nstand()") as program:
        assert program.texts("a", *["[0]"] * 30)["[1]"] == "1"


def test_objects_show_what_they_hold_and_their_class() -> None:
    source = """
class Slotted:
    __slots__ = ('gain', 'empty')
class Motor(Slotted):
    count = 0
    def __init__(self):
        self.gain, self.name = 2.5, 'M1'
    @property
    def power(self):
        raise SystemExit
    def __getattr__(self, name):
        raise SystemExit
m = Motor()
stand()
"""
    with standing(source) as program:
        assert program.texts("m") == {
            "name": "'M1'",
            "gain": "2.5",
            "__class__": "<class Motor>",
        }
        inside = program.texts("m", "__class__")
        assert inside["count"] == "0"
        assert inside["power"] == "<property>"


def test_containers_of_the_standard_library_open() -> None:
    point = namedtuple("point", "x y")
    values: dict[str, Any] = {
        "point": point(1, 2),
        "queue": deque([5, 6]),
        "group": {9},
        "ordered": OrderedDict(a=1),
        "space": SimpleNamespace(b=2),
        "error": ValueError("bad", 3),
    }
    with standing("stand()", **values) as program:
        assert program.texts("point") == {"x": "1", "y": "2"}
        assert program.texts("queue") == {"[0]": "5", "[1]": "6"}
        assert program.texts("group") == {"[0]": "9"}
        assert program.texts("ordered") == {"['a']": "1"}
        assert program.texts("space")["b"] == "2"
        assert program.texts("error") == {"args": "('bad', 3)"}


def test_methods_generators_cells_and_modules_open() -> None:
    source = """
import types
def counting(n):
    for i in range(n):
        yield i
g = counting(3)
next(g)
done = counting(0)
list(done)
class A:
    def go(self): pass
method = A().go
view = types.MappingProxyType({'k': 1})
def around():
    held = 5
    return lambda: held
cells = around().__closure__
stand()
"""
    with standing(source) as program:
        assert program.texts("g") == {"n": "3", "i": "0"}
        assert program.texts("done") == {}
        assert list(program.texts("method")) == ["__self__", "__func__"]
        assert program.texts("view") == {"['k']": "1"}
        assert program.texts("cells", "[0]") == {"cell_contents": "5"}
        assert "ModuleType" in program.texts("types")


def test_arrays_open_along_their_first_axis() -> None:
    table = np.arange(6.0).reshape(2, 3)
    with standing("stand()", table=table, scalar=np.array(5), flat=np.arange(100)) as program:
        assert program.texts()["flat"].endswith("(100,)) [0, 1, 2, 3, 4, 5, 6, 7, …]")
        assert program.texts("table", "[1]") == {"[0]": "3.0", "[1]": "4.0", "[2]": "5.0"}
        assert program.rows("scalar") == []


def test_tables_of_pandas_open_by_column() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]})
    with standing("stand()", frame=frame) as program:
        columns = program.texts("frame")
        assert columns["a"].startswith("ndarray(float64, (2,)) [1.0, 2.0]")
        assert program.texts("frame", "a") == {"[0]": "1.0", "[1]": "2.0"}


@pytest.mark.parametrize("base", [object, list, dict, tuple, set, str, int, BaseException])
def test_a_class_that_raises_on_everything_is_read_all_the_same(base: type) -> None:
    kind = hostile_class(base, metaclass=type)
    value = vars(base)["__new__"](kind)
    if base not in (str, int):
        with_attributes(value, gain=2.5)
    with standing("stand()", value=value) as program:
        row = next(row for row in program.rows() if row["name"] == "value")
        assert row["type"] == "Hostile"
        if base not in (str, int):
            assert program.texts("value")["gain"] == "2.5"
    program.namespace.clear()


def test_a_class_with_a_metaclass_that_raises_on_everything_opens() -> None:
    value = with_attributes(object.__new__(hostile_class(metaclass=HostileType)), gain=1)
    with standing("stand()", value=value) as program:
        assert program.texts("value")["gain"] == "1"
        assert "__call__" in program.texts("value", "__class__")
    program.namespace.clear()


def test_a_key_that_would_answer_for_itself_is_never_asked() -> None:
    source = """
class Key(str):
    armed = False
    def __hash__(self): return str.__hash__(self)
    def __eq__(self, other):
        if Key.armed: raise SystemExit
        return str.__eq__(self, other)
d = {Key('same'): 1, 'other': [2]}
Key.armed = True
stand()
Key.armed = False
"""
    with standing(source) as program:
        assert program.texts("d") == {"['same']": "1", "['other']": "[2]"}
        assert program.texts("d", "['other']") == {"[0]": "2"}
        with pytest.raises(PyProbeError):
            program.ask("variables", path=[["attribute", "d"], ["key", "same"]])


def test_nothing_keeps_the_programs_objects_alive_when_it_has_gone_on() -> None:
    source = """
class Thing: pass
def work():
    thing = Thing()
    watch(thing)
    stand()
    del thing
    check()
work()
"""
    watched: list[weakref.ref[Any]] = []
    alive: list[bool] = []

    def check() -> None:
        alive.append(watched[0]() is not None)

    gc.disable()
    try:
        names: dict[str, Any] = {"watch": lambda it: watched.append(weakref.ref(it))}
        with standing(source, check=check, **names) as program:
            assert program.texts()["thing"] == "Thing()"
            assert program.evaluate("thing") == "Thing()"
            program.evaluate("kept = [thing for _ in range(2)]")
            assert program.texts("$1") == {"__class__": "<class Thing>"}
    finally:
        gc.enable()
    assert alive == [False]


@pytest.mark.parametrize(
    "question",
    [
        *({"ask": "what"}, {}, {"ask": 5}, {"ask": "variables", "path": "x"}),
        *({"ask": "variables", "path": [5]}, {"ask": "variables", "start": "x"}),
        *({"ask": "variables", "path": [["attribute", "gone"]]}, {"ask": "variables", "frame": -1}),
        *({"ask": "variables", "path": ["$7"]}, {"ask": "variables", "path": [[]]}),
        *({"ask": "variables", "path": [[[], {}]]}, {"ask": "evaluate"}, {"ask": "set"}),
        *({"ask": "set", "text": "1"}, {"ask": "jump"}, {"ask": "jump", "line": True}),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_a_sentence(question: dict[str, Any]) -> None:
    with standing("x = 1\nstand()") as program:
        fields = {key: value for key, value in question.items() if key != "ask"}
        with pytest.raises(PyProbeError):
            program.ask(question.get("ask", ""), **fields)


def test_what_a_variable_held_is_gone_as_soon_as_it_is_set() -> None:
    source = """
class Thing: pass
def work(thing):
    other = 1
    watch(thing)
    stand()
    return other
work(Thing())
"""
    watched: list[weakref.ref[Any]] = []
    names: dict[str, Any] = {"watch": lambda it: watched.append(weakref.ref(it))}
    with standing(source, **names) as program:
        assert program.texts()["thing"] == "Thing()"
        assert watched[0]() is not None
        assert program.set("None", name="thing") == "None"
        assert program.set("2", name="other") == "2"
        assert watched[0]() is None


PLAIN = st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 63) - 1) | st.text(max_size=9)
WORDS = st.sampled_from(["attribute", "index", "key", "entry", "x", "d", "$", "$1", "[0]"])
STEPS = st.lists(WORDS | PLAIN | st.lists(WORDS | PLAIN, max_size=3), max_size=4)
FIELDS = {"path": STEPS | PLAIN, "start": PLAIN, "count": PLAIN, "frame": PLAIN, "scope": PLAIN}
ASKED = st.sampled_from(["variables", "stack", "threads", "nothing"])


@given(st.lists(st.tuples(ASKED, st.fixed_dictionaries({}, optional=FIELDS)), max_size=30))
def test_any_question_has_an_answer_or_is_refused(questions: list[tuple[str, Any]]) -> None:
    with standing("x = [1, {2: 3}]\nd = {'x': x, 1: 2}\nstand()") as program:
        for ask, fields in questions:
            with contextlib.suppress(PyProbeError):
                assert program.ask(ask, **fields)
