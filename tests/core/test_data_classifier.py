"""What the classifier says of values: one word and a shape, at a cost that does not grow."""

import datetime
import enum
import time
from typing import Any

import numpy as np
import pytest

from pyprobe.core.data_classifier import classify_data
from tests.core.hostile import hostile_class


class Color(enum.Enum):
    RED = 1


class Meters(float):
    pass


class Plain:
    pass


@pytest.mark.parametrize(
    ("value", "dtype", "shape"),
    [
        (True, "bool", None),
        (1, "int", None),
        (2**100, "int", None),
        (1.5, "float", None),
        (Meters(1), "float", None),
        (1j, "complex", None),
        ("x", "str", None),
        (b"x", "bytes", None),
        (None, "none", None),
        (Color.RED, "enum", None),
        (datetime.datetime(2020, 1, 1), "datetime", None),
        (datetime.timedelta(1), "timedelta", None),
        ([1, 2.5, True, 1j], "list", (4,)),
        ((), "tuple", (0,)),
        ([np.float64(1), 2], "list", (2,)),
        ([1, "x"], "list", None),
        ([[1]], "list", None),
        ({1: 2}, "dict", None),
        ({1}, "set", None),
        (Plain(), "object", None),
        (Plain, "type", None),
        (len, "function", None),
        (np.float32(1), "float32", ()),
        (np.bool_(True), "bool", ()),
        (np.zeros((2, 3), "u2"), "uint16", (2, 3)),
        (np.array(1.0), "float64", ()),
        (np.matrix([[1]]), "int64", (1, 1)),
        (np.array(["ab"]), "str64", (1,)),
    ],
    ids=lambda part: str(part)[:20],
)
def test_words_and_shapes(value: object, dtype: str, shape: tuple[int, ...] | None) -> None:
    assert classify_data(value) == (dtype, shape)


@pytest.mark.parametrize("base", [object, list, dict, str, float, Exception])
def test_hostile_classes_are_classified_without_being_asked(base: type) -> None:
    cls = hostile_class(base)
    instance: Any = vars(base)["__new__"](cls)
    word, shape = classify_data(instance)
    assert word == {"object": "object", "Exception": "exception"}.get(base.__name__, base.__name__)
    assert shape is None


def test_the_cost_does_not_grow_with_the_value() -> None:
    for value in (list(range(5_000_000)), {n: n for n in range(1_000_000)}, "x" * 10_000_000):
        best_s = min(_timed(value) for _ in range(5))
        assert best_s < 0.005  # looking at all of them would take tens of milliseconds


def _timed(value: object) -> float:
    began_s = time.perf_counter()
    classify_data(value)
    return time.perf_counter() - began_s
