"""What binds a variable, an attribute or an element, and which code names it."""

import pytest

from pyprobe.analysis.bindings import Bindings, find_bindings
from pyprobe.analysis.occurrences import find_occurrences
from pyprobe.analysis.problems import NotWatchedProblem, SyntaxProblem

SOURCE = """\
import os
gain = 1
total = 0
def scale(value, factor):
    global gain
    gain = value
    for value in range(3):
        total = value
    return total
def outer():
    count = 0
    def inner():
        nonlocal count
        count += 1
        total = count
        return lambda count: count
    def other():
        count = 5
    squares = [count := n for n in range(3)]
    return inner, [count for count in squares]
class Motor:
    speed = 0
    def __init__(self):
        self.speed = 1
        self.log = []
        self.__secret = 3
    def run(self, other):
        self.speed += 1
        other.speed = 2
        self.log.append(self.speed)
        self.log[0] = 1
        self.log[other.index] = 2
        self.log = [4]
def use(motor):
    motor.speed = 7
    buf = [0]
    buf[0] = 1
    key = 0
    buf[key] = 2
    buf[key + 1] = 3
    buf[0:1] = [9]
    buf = [5]
print(gain, total, os.sep)
"""


def bindings(line: int, symbol: str, kind: str = "") -> Bindings:
    fitting = [
        one
        for one in find_occurrences(SOURCE)
        if one.line == line and one.symbol == symbol and kind in ("", one.kind.value)
    ]
    return find_bindings(SOURCE, fitting[0])


def places(found: Bindings) -> list[tuple[int, str]]:
    return [(one.line, one.symbol) for one in found.stores]


@pytest.mark.parametrize(
    ("line", "symbol", "expected"),
    [
        (2, "gain", [2, 6]),
        (6, "gain", [2, 6]),
        (43, "gain", [2, 6]),
        (3, "total", [3]),
        (8, "total", [8]),
        (15, "total", [15]),
        (4, "value", [7]),
        (11, "count", [11, 14, 19]),
        (14, "count", [11, 14, 19]),
        (15, "count", [11, 14, 19]),
        (18, "count", [18]),
        (20, "count", [20]),
        (22, "speed", [22]),
        (1, "os", [1]),
        (43, "os", [1]),
    ],
)
def test_a_name_is_followed_through_its_scope(line: int, symbol: str, expected: list[int]) -> None:
    assert [one for one, _symbol in places(bindings(line, symbol))] == expected


def test_an_attribute_is_bound_by_every_store_to_one_of_its_name() -> None:
    expected = [(24, "self.speed"), (28, "self.speed"), (29, "other.speed"), (35, "motor.speed")]
    assert places(bindings(28, "self.speed")) == expected
    assert places(bindings(30, "self.speed")) == expected


def test_a_private_attribute_is_found_too() -> None:
    assert places(bindings(26, "self.__secret")) == [(26, "self.__secret")]


@pytest.mark.parametrize(
    ("line", "symbol", "expected"),
    [
        (37, "buf[0]", [36, 37, 39, 40, 41, 42]),
        (39, "buf[key]", [39]),
        (31, "self.log[0]", [25, 31, 32, 33]),
    ],
)
def test_an_element_is_bound_by_stores_to_its_base_too(
    line: int, symbol: str, expected: list[int]
) -> None:
    found = bindings(line, symbol)
    assert places(found) == [(place, symbol) for place in expected]
    assert {one.path for one in found.stores} == {found.stores[0].path}


def test_says_which_code_names_it_and_how_long_that_is() -> None:
    found = bindings(11, "count")
    assert found.functions == ("outer", "inner")
    assert [one.scope.qualname for one in found.reads] == ["outer", "outer.<locals>.inner"]
    assert found.statements == 5 + 4
    log = bindings(25, "self.log")
    assert log.functions == ("Motor.__init__", "Motor.run")


@pytest.mark.parametrize(
    ("line", "symbol", "said"),
    [
        (9, "return", "what leaves by 'return' has no name that could be bound"),
        (43, "print", "nothing in this file binds 'print'"),
    ],
)
def test_says_why_there_is_nothing_to_watch(line: int, symbol: str, said: str) -> None:
    with pytest.raises(NotWatchedProblem, match=said):
        bindings(line, symbol)


def test_a_parameter_may_have_no_binding_but_that_of_its_call() -> None:
    found = bindings(4, "factor")
    assert (found.stores, found.functions) == ((), ("scale",))


def test_what_stands_there_no_longer_is_refused() -> None:
    chosen = next(one for one in find_occurrences(SOURCE) if one.line == 14)
    with pytest.raises(NotWatchedProblem, match="'count' stands no longer in line 14"):
        find_bindings("x = 1\n" * 20, chosen)


def test_a_text_that_does_not_parse_is_a_syntax_problem() -> None:
    with pytest.raises(SyntaxProblem):
        find_bindings("def f(\n", find_occurrences(SOURCE)[0])
