"""Prints what evaluating one condition on a frame costs on this interpreter, in nanoseconds."""

import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter_ns
from types import CodeType, FrameType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))  # PyProbe is not installed here

from pyprobe.conditions import MappingAccess, compile, parse
from pyprobe.core.frame_reader import fast_access, variable_reader
from pyprobe.core.plain_access import read_attribute, read_item

COUNT = 100_000
REPEATS = 7
CONDITIONS = {
    "comparison": "speed > 1.5",
    "tags": "speed > limit",
    "text": "name == 'on'",
    "attribute": "motor.speed > 1.5",
    "element": "series[-1] > 1.5",
    "both": "(speed > 1.5) & (limit > 1)",
    "edge": "rise(speed)",
}


class Motor:
    def __init__(self) -> None:
        self.speed = 2.5


class FrameAccess:
    """Reads names of the frames of one code object."""

    read_attribute = staticmethod(read_attribute)
    read_item = staticmethod(read_item)
    evaluate = MappingAccess().evaluate
    class_name = ""

    def __init__(self, code: CodeType) -> None:
        self._code = code

    def name_reader(self, name: str) -> Callable[[FrameType], object]:
        access = fast_access(self._code, copies_locals=False)
        return variable_reader(self._code, name, access=access)

    def namespaces(self, scope: FrameType) -> tuple[dict[str, Any], dict[str, Any]]:
        return scope.f_globals, dict(scope.f_locals)


def frame_of_function() -> FrameType:
    speed, limit, name = 2.5, 2, "on"
    motor, series = Motor(), [1.0, 2.0]
    frame = sys._getframe()
    assert len(frame.f_locals) >= len((speed, limit, name, motor, series))
    return frame


def once_ns(function: Callable[[FrameType], object], frame: FrameType) -> float:
    start = perf_counter_ns()
    for _ in range(COUNT):
        function(frame)
    return (perf_counter_ns() - start) / COUNT


def empty_ns() -> float:
    start = perf_counter_ns()
    for _ in range(COUNT):
        pass
    return (perf_counter_ns() - start) / COUNT


frame = frame_of_function()
access = FrameAccess(frame.f_code)
loop_ns = min(empty_ns() for _ in range(REPEATS))
functions = {word: compile(parse(text), access=access).test for word, text in CONDITIONS.items()}
read = access.name_reader("speed")
print("read", min(once_ns(read, frame) for _ in range(REPEATS)) - loop_ns)
for word, function in functions.items():
    print(word, min(once_ns(function, frame) for _ in range(REPEATS)) - loop_ns)
