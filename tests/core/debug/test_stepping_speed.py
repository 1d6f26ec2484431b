"""What is stepped over runs plain: no event is asked for in its code, nor in all code."""

import sys
from pathlib import Path
from types import CodeType
from typing import Any

import pytest

from tests.core.debug.walking import END, Walk

SOURCE = """\
def inner(n):
    look("inner", inner.__code__)
    return n

def middle():
    a = inner(1)  # middle
    return a

def main():
    b = middle()  # start
    look("main", inner.__code__)
    return b  # after

main()
"""


def events_of(code: CodeType) -> tuple[int, int]:
    """Return the events that are asked for everywhere but starts, and those in one code object."""
    monitoring: Any = getattr(sys, "monitoring", None)
    tools = range(0) if monitoring is None else range(6)
    for tool in tools:
        if monitoring.get_tool(tool) == "pyprobe":
            everywhere = monitoring.get_events(tool) & ~monitoring.events.PY_START
            return everywhere & ~monitoring.events.PY_UNWIND, monitoring.get_local_events(
                tool, code
            )
    return (0, 0) if sys._getframe(2).f_trace is None else (1, 1)  # settrace


@pytest.mark.parametrize("steps", [["over"], ["into", "out"], ["to after"]])
def test_what_runs_on_the_way_has_no_events(tmp_path: Path, steps: list[str]) -> None:
    seen: dict[str, tuple[int, int]] = {}
    walking = Walk(tmp_path, SOURCE)

    def look(name: str, code: CodeType) -> None:
        seen[name] = events_of(code)

    walking.namespace["look"] = look
    with walking.running():
        walking.next_stop()
        for step in steps:
            walking.step(step)
        assert seen["inner"] == (0, 0)


def test_nothing_is_left_of_a_step(tmp_path: Path) -> None:
    seen: dict[str, tuple[int, int]] = {}
    walking = Walk(tmp_path, SOURCE)

    def look(name: str, code: CodeType) -> None:
        seen[name] = events_of(code)

    walking.namespace["look"] = look
    with walking.running():
        walking.next_stop()
        for _ in range(3):
            walking.step("into")
        assert walking.step("to after").startswith("after")
        if walking.engine.source.name == "monitoring":
            assert seen["main"] == (0, 0)
        assert walking.step("over") == "main()"
        assert walking.step("over") == END


RECURSION = """\
def depth(n):
    if n == 0:  # if
        look("bottom", depth.__code__)
        return 0
    try:
        below = depth(n - 1)  # call
    except KeyError:
        below = -1
    return below + 1  # return

def main():
    b = depth(300)  # start
    return b  # after

main()
"""


def test_what_a_recursive_call_runs_has_no_line_events(tmp_path: Path) -> None:
    """Past the first hundred lines, which cost less than to change what is listened to."""
    seen: dict[str, tuple[int, int]] = {}
    walking = Walk(tmp_path, RECURSION)

    def look(name: str, code: CodeType) -> None:
        seen[name] = events_of(code)

    walking.namespace["look"] = look
    with walking.running():
        walking.next_stop()
        walking.step("into")
        walking.step("to call")
        assert walking.step("over") == "return below=299 n=300"
        if walking.engine.source.name == "monitoring":
            monitoring: Any = sys.monitoring  # type: ignore[attr-defined, unused-ignore]
            assert seen["bottom"] == (0, monitoring.events.INSTRUCTION)
        assert walking.step("over") == "start"
        assert walking.step("over") == "after b=300"


RAISING = """\
def depth(n, top):
    if n == 0:
        raise KeyError
    if top:
        try:
            depth(n - 1, False)  # call
        except KeyError:  # key
            x = 1  # x
    else:
        depth(n - 1, False)  # inner
    return n  # return

def main():
    try:
        depth(300, TOP)  # start
    except KeyError:  # main's
        y = 1
    return 0  # after

main()
"""


def test_an_exception_that_comes_back_through_a_recursion_ends_the_step(tmp_path: Path) -> None:
    with Walk(tmp_path, RAISING.replace("TOP", "True")).running() as walking:
        walking.next_stop()
        walking.step("into")
        walking.step("to call")
        assert walking.step("over").startswith("key")
        assert walking.step("over").startswith("x")


def test_an_exception_that_leaves_a_recursion_ends_the_step_in_its_caller(tmp_path: Path) -> None:
    with Walk(tmp_path, RAISING.replace("TOP", "False")).running() as walking:
        walking.next_stop()
        walking.step("into")
        walking.step("to inner")
        assert walking.step("over") == "main's"
        assert walking.step("over") == "y = 1"
