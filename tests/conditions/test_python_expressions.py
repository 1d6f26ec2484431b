"""``py:`` conditions: the whole of Python, evaluated in the frame, with what it raises told."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import numpy as np
import pytest

from pyprobe.conditions import ConditionError, MappingAccess, compile, parse

LIMIT = 3


class FrameAccess(MappingAccess):
    """Reads a frame the simple way."""

    def name_reader(self, name: str) -> Callable[[Any], object]:
        return lambda frame: frame.f_locals[name]

    def namespaces(self, scope: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return scope.f_globals, scope.f_locals


def test_it_sees_locals_and_globals_of_the_frame() -> None:
    def frame_of_function(values: list[int]) -> FrameType:
        return sys._getframe()

    for source in ("len(values) > LIMIT", "any(v > LIMIT and v in values for v in values)"):
        evaluator = compile(parse(f"py: {source}"), access=FrameAccess())
        assert evaluator(frame_of_function([1, 2, 3, 4])) is True
        assert evaluator(frame_of_function([1])) is False
        assert evaluator.runs_program_code


@pytest.mark.parametrize(
    ("source", "expected"),
    [("x", True), ("not x", False), ("[]", False), ("(y := x) and y", True), ("f(x)", True)],
)
def test_its_truth_is_pythons(source: str, expected: bool) -> None:
    names = {"x": 2, "f": lambda value: value == 2}
    assert compile(parse(f"py: {source}"))(names) is expected
    assert "y" not in names


def test_a_name_that_is_not_there_is_counted() -> None:
    evaluator = compile(parse("py: gone > 1"))
    assert evaluator({}) is False
    assert evaluator.tally.missing == {"gone": 1}
    inner = compile(parse("py: [gone for x in (1,)]"))
    assert inner({}) is False
    assert inner.tally.reasons == {"gone": "there was no gone"}


def raising() -> None:
    raise NameError("name 'other' is not defined", name="other")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 / x", "`1 / x` raised ZeroDivisionError: division by zero"),
        ("x.gone", "`x.gone` raised AttributeError: 'int' object has no attribute 'gone'"),
        ("raising()", "`raising()` raised NameError: name 'other' is not defined"),
        ("array > 1", "`array > 1` raised ValueError: The truth value of an array"),
    ],
)
def test_what_it_raises_is_an_error_of_the_condition(source: str, message: str) -> None:
    evaluator = compile(parse(f"py: {source}"))
    names: dict[str, object] = {"x": 0, "raising": raising, "array": np.zeros(2)}
    with pytest.raises(ConditionError) as error:
        evaluator(names)
    assert str(error.value).startswith(message)


def test_what_is_meant_to_end_the_program_does() -> None:
    with pytest.raises(SystemExit):
        compile(parse("py: stop()"))({"stop": sys.exit})
