"""What conditions decide: plain values as Python does, everything else false and counted."""

# ruff: noqa: E501  messages stand whole in their tables

import enum
import math
import sys
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pyprobe.conditions import ConditionError, Evaluator, compile, parse
from tests.core.hostile import HostileType, hostile_class


class Mode(enum.Enum):
    AUTO = 1
    MANUAL = 2


class Level(enum.IntEnum):
    LOW = 1


class Colour(enum.StrEnum):
    RED = "red"


class Celsius(float):
    def __gt__(self, other: object) -> bool:
        raise AssertionError("the program's code has run")


class Name(str):
    def __eq__(self, other: object) -> bool:
        raise AssertionError("the program's code has run")

    __hash__ = str.__hash__


class Empty:
    def __bool__(self) -> bool:
        raise AssertionError("the program's code has run")


class Sized:
    def __len__(self) -> int:
        raise AssertionError("the program's code has run")


def evaluate(source: str, **names: Any) -> Evaluator[Any]:
    evaluator = compile(parse(source))
    evaluator(names)
    return evaluator


HOLDS: list[tuple[str, dict[str, Any], bool]] = [
    ("x > 1", {"x": 2}, True),
    ("x > 1", {"x": 1.5}, True),
    ("x > 1.5", {"x": 1}, False),
    ("x == 1", {"x": True}, True),
    ("x == True", {"x": 1}, True),
    ("x == True", {"x": 1.0}, True),
    ("x == 2", {"x": 2 + 0j}, True),
    ("x != 2", {"x": 2 + 1j}, True),
    ("x == x", {"x": math.nan}, False),
    ("x != x", {"x": math.nan}, True),
    ("x > 1e999", {"x": 10**400}, False),
    ("x < 1e999", {"x": 10**400}, True),
    ("x == 'on'", {"x": "on"}, True),
    ("x < 'b'", {"x": "a"}, True),
    ("x == y", {"x": b"a", "y": b"a"}, True),
    ("x < y", {"x": 1, "y": 1.5}, True),
    ("x <= y", {"x": 1.5, "y": 1}, False),
    ("x == y", {"x": "a", "y": "a"}, True),
    ("x == None", {"x": None}, True),
    ("x == None", {"x": 3}, False),
    ("x != None", {"x": 3}, True),
    ("x != None", {"x": object()}, True),
    ("x != None", {"x": np.zeros(3)}, True),
    ("x == y", {"x": None, "y": np.zeros(3)}, False),
    ("x == 3", {"x": None}, False),
    ("x != 3", {"x": None}, True),
    ("x == 1", {"x": Level.LOW}, True),
    ("x >= 1", {"x": Level.LOW}, True),
    ("x == 'red'", {"x": Colour.RED}, True),
    ("x == 'AUTO'", {"x": Mode.AUTO}, True),
    ("x != 'AUTO'", {"x": Mode.AUTO}, False),
    ("x == y", {"x": Mode.AUTO, "y": Mode.AUTO}, True),
    ("x == y", {"x": Mode.AUTO, "y": Mode.MANUAL}, False),
    ("x == y", {"x": "MANUAL", "y": Mode.MANUAL}, True),
    ("x > 20", {"x": Celsius(21.5)}, True),
    ("x == 'a'", {"x": Name("a")}, True),
    ("x > 1", {"x": np.float64(2)}, True),
    ("x > 1", {"x": np.float32(0.5)}, False),
    ("x == 255", {"x": np.uint8(255)}, True),
    ("x == 1", {"x": np.bool_(True)}, True),
    ("x == 'a'", {"x": np.str_("a")}, True),
    ("x == y", {"x": np.bytes_(b"a"), "y": b"a"}, True),
    ("x > 1", {"x": np.longdouble(2)}, True),
    ("x == 2", {"x": np.complex64(2)}, True),
    ("x > 1", {"x": np.array(2)}, True),
    ("x > y", {"x": np.int8(2), "y": np.float16(1)}, True),
    ("x", {"x": 1}, True),
    ("x", {"x": 0.0}, False),
    ("x", {"x": math.nan}, True),
    ("x", {"x": ""}, False),
    ("x", {"x": b"a"}, True),
    ("x", {"x": 0j}, False),
    ("x", {"x": None}, False),
    ("x", {"x": np.float32(0)}, False),
    ("x", {"x": np.bool_(True)}, True),
    ("x", {"x": np.array(0)}, False),
    ("x", {"x": []}, False),
    ("x", {"x": (0,)}, True),
    ("x", {"x": {}}, False),
    ("x", {"x": {1}}, True),
    ("x", {"x": deque([1])}, True),
    ("x", {"x": OrderedDict()}, False),
    ("x", {"x": defaultdict(int)}, False),
    ("x", {"x": range(0)}, False),
    ("x", {"x": object()}, True),
    ("x", {"x": Mode.AUTO}, True),
    ("x", {"x": Level.LOW}, True),
    ("~x", {"x": True}, False),
    ("~x", {"x": 0}, True),
    ("~x", {"x": []}, True),
    ("~x", {"x": 2.5}, False),
    ("a & b", {"a": 1, "b": 1}, True),
    ("a & b & c", {"a": 1, "b": 0, "c": 1}, False),
    ("a | b", {"a": 0, "b": 1}, True),
    ("a | b | c", {"a": 0, "b": 0, "c": 0}, False),
    ("a | ~b, m == 1", {"a": 0, "b": 0, "m": 1}, True),
    ("a | ~b, m == 1", {"a": 0, "b": 1, "m": 1}, False),
    ("any_of(a == 1, b == 2)", {"a": 0, "b": 2}, True),
    ("all_of(a == 1, b == 2)", {"a": 0, "b": 2}, False),
    ("m.running", {"m": SimpleNamespace(running=True)}, True),
    ("m.a.b[1] == 3", {"m": SimpleNamespace(a=SimpleNamespace(b=[1, 3]))}, True),
    ("c[-1] == 3", {"c": (1, 3)}, True),
    ("c['gain'] > 0.5", {"c": {"gain": 0.75}}, True),
    ("c[0] == 'a'", {"c": "abc"}, True),
    ("c[1] > 1", {"c": np.arange(3)}, False),
    ("c[1][0] == 3", {"c": np.arange(6).reshape(2, 3)}, True),
]


@pytest.mark.parametrize(("source", "names", "expected"), HOLDS)
def test_a_condition_holds_or_not(source: str, names: dict[str, Any], expected: bool) -> None:
    evaluator = compile(parse(source))
    assert evaluator(names) is expected
    assert (evaluator.missing, evaluator.not_comparable) == (0, 0)


UNLIKE: list[tuple[str, dict[str, Any], str]] = [
    ("x == 'a'", {"x": 1}, "int and str cannot be compared by =="),
    ("x != 'a'", {"x": 1}, "int and str cannot be compared by !="),
    ("x > 1", {"x": "a"}, "str and int cannot be compared by >"),
    ("x > 1", {"x": None}, "NoneType and int cannot be compared by >"),
    ("x < None", {"x": 1}, "int and NoneType cannot be compared by <"),
    ("x > 1", {"x": 1j}, "complex and int cannot be compared by >"),
    ("x == 'a'", {"x": b"a"}, "bytes and str cannot be compared by =="),
    ("x > 'AUTO'", {"x": Mode.MANUAL}, "Mode and str cannot be compared by >"),
    ("x == 1", {"x": Mode.AUTO}, "Mode and int cannot be compared by =="),
    ("x == y", {"x": Mode.AUTO, "y": 1}, "Mode and int cannot be compared by =="),
    ("x == 1", {"x": [1]}, "list and int cannot be compared by =="),
    ("x == y", {"x": [1], "y": [1]}, "list and list cannot be compared by =="),
    ("x > 1", {"x": np.datetime64("2024-01-01")}, "datetime64 and int cannot be compared by >"),
    ("x", {"x": Empty()}, "the truth of Empty is decided by its own code"),
    ("~x", {"x": Sized()}, "the truth of Sized is decided by its own code"),
    ("rise(x)", {"x": Empty()}, "the truth of Empty is decided by its own code"),
    ("changed(x)", {"x": [1]}, "list is no number, text or other plain value"),
]


@pytest.mark.parametrize(("source", "names", "reason"), UNLIKE)
def test_what_cannot_be_compared_is_false_and_counted(
    source: str, names: dict[str, Any], reason: str
) -> None:
    evaluator = compile(parse(source))
    assert [evaluator(names), evaluator(names)] == [False, False]
    assert evaluator.not_comparable == 2
    assert evaluator.tally.not_comparable == {source: 2}
    assert evaluator.tally.reasons == {source: reason}
    assert evaluator.missing == 0


MISSING: list[tuple[str, dict[str, Any], str, str]] = [
    ("x > 1", {}, "x", "there was no x"),
    ("x", {}, "x", "there was no x"),
    ("~x", {}, "x", "there was no x"),
    ("x != None", {}, "x", "there was no x"),
    ("y < x", {"y": 1}, "x", "there was no x"),
    ("x < y", {"y": 1}, "x", "there was no x"),
    ("rise(x)", {}, "x", "there was no x"),
    ("changed(x.a)", {}, "x.a", "there was no x.a"),
    ("x.a == 1", {"x": SimpleNamespace()}, "x.a", "SimpleNamespace has no plain attribute `a`"),
    ("x.a.b == 1", {"x": 3}, "x.a.b", "int has no plain attribute `a`"),
    ("x[3] == 1", {"x": [1]}, "x[3]", "list has no plain element 3"),
    ("x['a'] == 1", {"x": [1]}, "x['a']", "list has no plain element 'a'"),
    ("x['a'] == 1", {"x": {}}, "x['a']", "dict has no plain element 'a'"),
    ("x[0] == 1", {"x": {1}}, "x[0]", "set has no plain element 0"),
]


@pytest.mark.parametrize(("source", "names", "tag", "reason"), MISSING)
def test_what_is_not_there_is_false_and_counted(
    source: str, names: dict[str, Any], tag: str, reason: str
) -> None:
    evaluator = compile(parse(source))
    assert evaluator(names) is False
    assert evaluator.missing == 1
    assert evaluator.tally.missing == {tag: 1}
    assert evaluator.tally.reasons == {tag: reason}
    assert evaluator.not_comparable == 0


def test_a_missing_name_makes_only_its_own_item_false() -> None:
    evaluator = compile(parse("gone | x"))
    assert evaluator({"x": True}) is True
    assert evaluator({"x": True, "gone": True}) is True
    assert evaluator.tally.missing == {"gone": 1}


ARRAYS = [
    ("x", 1, "Cannot test the array 'x' as true or false; compare one element, as in x[0] > 1"),
    ("~x", 2, "Cannot test the array 'x' as true or false; compare one element, as in x[0][0] > 1"),
    ("rise(x)", 1, "Cannot test the array 'x' as true or false; compare one element, as in x[0] > 1"),
    ("x >= 2.5", 1, "Cannot compare the array 'x' as a whole; compare one element, as in x[0] >= 2.5"),
    ("y < x", 2, "Cannot compare the array 'x' as a whole; compare one element, as in y < x[0][0]"),
    ("changed(x)", 1, "Cannot tell whether the array 'x' changed; watch one element, as in changed(x[0])"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "dimensions", "message"), ARRAYS)
def test_a_whole_array_is_an_error_that_names_the_fix(
    source: str, dimensions: int, message: str
) -> None:
    with pytest.raises(ConditionError) as error:
        evaluate(source, x=np.ones((2,) * dimensions), y=1)
    assert str(error.value) == message
    parse(message.rpartition("as in ")[2])


SOURCES = (
    "x == 1",
    "x > 'a'",
    "x",
    "~x",
    "rise(x)",
    "changed(x)",
    "x == y",
    "x.a == 1",
    "x[0] == 1",
)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("bases", [(), (list,), (dict,), (deque,), (Exception,), (np.ndarray,)])
def test_no_code_of_a_class_is_run(source: str, bases: tuple[type, ...]) -> None:
    base: type = bases[0] if bases else object
    create: Callable[..., object] = vars(base)["__new__"]
    if base is np.ndarray:  # numpy itself looks into the class when it creates one
        cls = hostile_class(base, metaclass=type, __array_finalize__=np.ndarray.__array_finalize__)
        instance = create(cls, (2,))
    else:
        instance = create(hostile_class(*bases))
    evaluator, names = compile(parse(source)), {"x": instance, "y": instance}
    if base is np.ndarray and "." not in source and "[" not in source:
        with pytest.raises(ConditionError, match="the array 'x'"):
            evaluator(names)
    else:
        assert evaluator(names) is False


@pytest.mark.parametrize("base", [int, float, complex, str, bytes])
def test_subclasses_of_plain_types_count_as_their_value(base: type) -> None:
    create: Callable[..., object] = vars(base)["__new__"]
    value = create(hostile_class(base))
    assert compile(parse("x == y"))({"x": value, "y": base()}) is True
    assert compile(parse("x"))({"x": value}) is False
    assert evaluate("changed(x)", x=value).not_comparable == 0


def test_a_metaclass_is_not_asked_either() -> None:
    cls = HostileType("Hostile", (), {})
    for source in SOURCES:
        assert compile(parse(source))({"x": cls, "y": cls}) in (False, source == "x")


def test_comparing_text_with_bytes_warns_of_nothing() -> None:
    evaluator = compile(parse("changed(x)"))
    assert [evaluator({"x": value}) for value in ("a", b"a", 1, None)] == [False, True, True, True]


def test_a_module_that_is_called_numpy_and_is_not_runs_no_code(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fake: Any = type(sys)("numpy")
    fake.ndarray = hostile_class()
    fake.generic = hostile_class()
    monkeypatch.setitem(sys.modules, "numpy", fake)
    value = object.__new__(fake.ndarray)
    assert compile(parse("x == 1"))({"x": value}) is False


def test_each_evaluator_counts_for_itself() -> None:
    expr = parse("x")
    first, second = compile(expr), compile(expr)
    first({})
    assert (first.missing, second.missing) == (1, 0)
    assert first.expr is expr
    assert not first.runs_program_code
