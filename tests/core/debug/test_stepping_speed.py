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
