"""Setting a variable and changing the next line, in a program that stands."""

import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from pyprobe.errors import PyProbeError
from tests.core.debug.standing import FUNCTION, PATIENCE_S, Stopped, standing

# Setting


@pytest.mark.parametrize(
    ("target", "text", "shown", "name", "value"),
    [
        ("a", "b * 50", "100", "a", 100),
        ("shared", "[shared]", "[4]", "shared", [4]),
        ("values[1]", "'two'", "'two'", "values", [1, "two", 3]),
        ("values[:2]", "()", "[3]", "values", [3]),
    ],
)
def test_a_variable_or_part_is_set_by_its_name(
    target: str, text: str, shown: str, name: str, value: object
) -> None:
    with standing(FUNCTION) as program:
        assert program.set(text, name=target) == shown
    assert program.namespace["result"][name] == value


def test_a_part_is_set_by_its_path() -> None:
    source = """
class Motor:
    def __init__(self):
        self.limits, self.settings = [1, 2], {'gain': 1, (1, 2): 'old'}
    @property
    def speed(self): return self.limits[0]
    @speed.setter
    def speed(self, value): self.limits[0] = value
m = Motor()
stand()
"""
    with standing(source) as program:
        m = ["attribute", "m"]
        limits, settings = [m, ["attribute", "limits"]], [m, ["attribute", "settings"]]
        assert program.set("50 + 5", path=[*limits, ["index", 1]]) == "55"
        assert program.set("2.5", path=[*settings, ["key", "gain"]]) == "2.5"
        assert program.set("'new'", path=[*settings, ["entry", 1]]) == "'new'"
        assert program.set("7", path=[m, ["attribute", "speed"]]) == "7"
        assert program.set("'v'", path=[["attribute", "fresh"]]) == "'v'"
        assert program.set("1", path=[["attribute", "m"], ["index", 0]]).startswith("TypeError")
        with pytest.raises(PyProbeError, match="no such part any more"):
            program.set("1", path=[*settings, ["entry", 9]])
    motor = program.namespace["m"]
    assert (motor.limits, motor.settings) == ([7, 55], {"gain": 2.5, (1, 2): "new"})
    assert program.namespace["fresh"] == "v"


def test_a_global_is_set_from_within_a_function() -> None:
    with standing(FUNCTION) as program:
        assert program.set("99", scope="globals", path=[["attribute", "limit"]]) == "99"
        assert program.set("98", path=[["attribute", "a"]], scope="locals") == "98"
    assert program.namespace["limit"] == 99
    assert program.namespace["result"]["a"] == 98


def test_what_cannot_be_set_says_why_and_changes_nothing() -> None:
    with standing(FUNCTION) as program:
        assert program.set("1 +", name="a").startswith("SyntaxError: invalid syntax")
        assert "column 0" not in program.set("1/", name="a")
        assert program.set("a = 1", name="a").startswith("SyntaxError")
        assert program.set("", name="a").startswith("SyntaxError")
        assert program.set("1", name="f()").startswith("SyntaxError: cannot assign to function")
        assert program.set("gone", name="a").startswith("NameError")
        assert program.set("1", name="a.b").startswith("AttributeError")
    assert program.namespace["result"]["a"] == 1


def test_a_parameter_that_is_a_cell_and_a_free_variable_are_set() -> None:
    source = """
def outer(x):
    def inner():
        stand()
        return x
    return inner(), x
returned = outer(1)
"""
    with standing(source) as program:
        assert program.set("2", name="x") == "2"
        assert program.evaluate("x", frame=1) == "2"
    assert program.namespace["returned"] == (2, 2)


# The next line

JUMPS = """
def work():
    log.append('one')
    log.append('two')
    for i in range(1):
        log.append('loop')
    log.append('three')
log = []
work()
log.append('end')
"""


def _standing_at_line(program: Stopped, line: int) -> Callable[[], None]:
    """Have the program stand in the event of a line, as at a breakpoint; return what ends that."""
    if sys.version_info >= (3, 12):
        tool, events = 5, sys.monitoring.events
        sys.monitoring.use_tool_id(tool, "test")

        def on_line(code: Any, number: int) -> object:
            if code.co_filename == "prog" and number == line and not program.printed:
                program.printed.append("stood")
                program.stand(2)
            return None

        sys.monitoring.register_callback(tool, events.LINE, on_line)
        sys.monitoring.set_events(tool, events.LINE)
        return lambda: sys.monitoring.free_tool_id(tool)

    def trace(frame: FrameType, event: str, arg: object) -> Any:
        if frame.f_code.co_filename != "prog":
            return None
        if event == "line" and frame.f_lineno == line and not program.printed:
            program.printed.append("stood")
            program.stand(2)
        return trace

    threading.settrace(trace)
    return lambda: threading.settrace(None)


@pytest.mark.parametrize(
    ("at", "to", "log"),
    [
        (4, 7, ["one", "three", "end"]),
        (4, 3, ["one", "one", "two", "loop", "three", "end"]),
        (9, 10, ["end"]),
    ],
)
def test_the_next_line_is_changed(at: int, to: int, log: list[str]) -> None:
    answer, logged = _jump(at, to)
    assert (answer["line"], answer["error"], logged) == (to, "", log)


@pytest.mark.parametrize(
    ("to", "error"),
    [
        (6, "into the body of a for loop"),
        (1, "line 1 comes before the current code block"),
        (500, "line 500 comes after the current code block"),
        (0, "comes before"),
        (-5, "comes before"),
        (1 << 40, "comes after"),
    ],
)
def test_where_the_interpreter_does_not_allow_it_its_own_reason_is_told(
    to: int, error: str
) -> None:
    answer, log = _jump(4, to)
    assert error in str(answer["error"])
    assert log == ["one", "two", "loop", "three", "end"]


def test_variables_that_lose_their_value_by_a_jump_are_told_of() -> None:
    if sys.version_info >= (3, 12):
        expected = "assigning None to 1 unbound local"
        assert _jump(4, 7)[0]["detail"] == expected
    assert _jump(9, 10)[0]["detail"] == ""


TRACED = """
def outer(x):
    def inner(y):
        own = 1
        log.append((x, y, own))
    inner(2)
    log.append(x)
log = []
outer(1)
"""


def test_in_the_event_of_a_line_variables_are_set_for_good_too() -> None:
    def ask(program: Stopped) -> None:
        assert program.set("50", name="own") == "50"
        assert program.set("20", name="y") == "20"
        assert program.set("10", name="x", frame=1) == "10"
        assert program.evaluate("(x, y, own)") == "(10, 20, 50)"
        assert program.evaluate("own += sum(v for v in (x, y))") == ""
        assert program.texts() == {"y": "20", "own": "80", "x": "10"}

    assert _at_line(TRACED, 5, ask) == [(10, 20, 80), 10]


def _jump(at: int, to: int) -> tuple[dict[str, Any], object]:
    answers: list[dict[str, Any]] = []
    logged = _at_line(JUMPS, at, lambda program: answers.append(program.ask("jump", line=to)))
    return answers[0], logged


def _at_line(source: str, line: int, ask: Callable[[Stopped], None]) -> object:
    """Ask while a program stands in the event of a line; return what it has logged."""
    program = Stopped()
    end = _standing_at_line(program, line)
    thread = threading.Thread(target=program.run, args=(source,))
    try:
        thread.start()
        program.wait_until_it_stands()
        ask(program)
    finally:
        program.go_on()
        thread.join(PATIENCE_S)
        end()
    assert program.failure is None
    return program.namespace["log"]


SHARED = """
def outer(x):
    def change(value):
        nonlocal x
        x = value
    changes.append(change)
    here = x
    log.append((x, here))
log, changes = [], []
outer(1)
"""


def test_what_another_thread_binds_meanwhile_stays_bound() -> None:
    def ask(program: Stopped) -> None:
        assert program.texts()["x"] == "1"
        program.namespace["changes"][0](99)  # as another thread of the program could

    assert _at_line(SHARED, 7, ask) == [(99, 99)]
