"""What the classifier says of values: one word and a shape."""

import datetime
import enum
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
        (np.ma.masked_array([[1.0]]), "float64", (1, 1)),
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
