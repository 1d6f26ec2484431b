"""Conditions on real frames, read by core's own readers, which fit the seam as they are."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import numpy as np
import pytest

from pyprobe.conditions import MappingAccess, compile, names, parse
from pyprobe.core.frame_reader import fast_access, variable_reader
from pyprobe.core.plain_access import read_attribute, read_item
from tests.core.hostile import Ran

WORLD = 7


class FrameAccess:
    """Reads names of the frames of one code object."""

    read_attribute = staticmethod(read_attribute)
    read_item = staticmethod(read_item)
    evaluate = MappingAccess().evaluate
    class_name = ""

    def __init__(self, frame: FrameType) -> None:
        self._code = frame.f_code

    def name_reader(self, name: str) -> Callable[[FrameType], object]:
        access = fast_access(self._code, copies_locals=False)
        return variable_reader(self._code, name, access=access)

    def namespaces(self, scope: FrameType) -> tuple[dict[str, Any], dict[str, Any]]:
        return scope.f_globals, dict(scope.f_locals)


class Motor:
    def __init__(self, running: bool) -> None:
        self.running = running
        self.buf = np.array([1.0, 2.5])

    @property
    def temperature(self) -> float:
        raise Ran


def frame_of_function(speed: object, motor: Motor) -> FrameType:
    cfg = {"gain": 0.5}
    assert cfg
    return sys._getframe()


HERE = frame_of_function(3, Motor(True))
CONDITIONS = [
    ("speed > 2", True),
    ("speed < WORLD", True),
    ("motor.running & (motor.buf[-1] > 2)", True),
    ("cfg['gain'] == 0.5", True),
    ("~motor.running", False),
    ("py: speed + WORLD == 10 and motor.running", True),
    ("unbound > 1", False),
]


@pytest.mark.parametrize(("source", "expected"), CONDITIONS)
def test_names_resolve_in_the_frame(source: str, expected: bool) -> None:
    evaluator = compile(parse(source), access=FrameAccess(HERE))
    assert evaluator(HERE) is expected
    assert evaluator.test(HERE) is expected


def test_a_property_is_not_run_and_is_counted_with_the_reason() -> None:
    evaluator = compile(parse("motor.temperature > 50"), access=FrameAccess(HERE))
    assert evaluator(HERE) is False
    assert evaluator.tally.missing == {"motor.temperature": 1}
    reason = evaluator.tally.reasons["motor.temperature"]
    assert reason == "`temperature` is a property of Motor: reading it would run its code"


def test_a_local_that_is_not_bound_yet_is_missing() -> None:
    def frame() -> FrameType:
        here = sys._getframe()
        if not here:
            late = 1
            assert late
        return here

    code_frame = frame()
    evaluator = compile(parse("late == 1"), access=FrameAccess(code_frame))
    assert evaluator(code_frame) is False
    assert evaluator.missing == 1


def test_mappings_can_be_read_by_cores_readers_too() -> None:
    access = MappingAccess(read_attribute=read_attribute, read_item=read_item)
    evaluator = compile(parse("motor.buf[1] == 2.5"), access=access)
    assert evaluator({"motor": Motor(False)}) is True


def test_the_names_that_have_to_be_read_are_told() -> None:
    assert [tag.name for tag in names(parse("motor.running & (speed > WORLD)"))] == [
        *("motor", "speed", "WORLD"),
    ]
