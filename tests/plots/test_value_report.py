"""Values as text."""

import numpy as np
import pytest

from pyprobe.plots.value_report import headline, report
from pyprobe.session.values import ArrayValue, TextValue


def array_report(array: np.ndarray) -> str:
    return report(ArrayValue(array, "ndarray", array.shape))


def test_a_volume_shows_shape_dtype_and_statistics() -> None:
    volume = np.arange(24.0).reshape(2, 3, 4)
    volume[0, 0, 0] = np.nan
    lines = array_report(volume).splitlines()
    assert "shape   2 × 3 × 4" in lines
    assert "dtype   float64" in lines
    assert "finite  23" in lines
    assert "nan     1" in lines
    assert "min     1" in lines
    assert "max     23" in lines
    assert "mean    12" in lines
    assert lines[-1].startswith("[nan, 1, 2, ")


def test_structured_and_odd_arrays() -> None:
    rows = np.zeros(2, [("a", "f8"), ("b", "i4")])
    assert "struct with a: float64, b: int32" in array_report(rows)
    assert "min" not in array_report(np.array(["a", "b"]))
    assert array_report(np.array(5.0)).endswith("5.0")
    assert "0 elements" in array_report(np.empty((0, 3, 2)))
    assert "magnitude 5" in array_report(np.full((1, 1, 1), 3 + 4j))


def test_text_that_was_cut_says_so() -> None:
    assert report(TextValue("abc", "str", "str", cut=True)) == "abc\n… cut at the source"
    assert headline(TextValue("abc", "str", "str", cut=True)) == "str, cut"
    long = report(TextValue("x" * 200_000, "str", "str"))
    assert len(long) < 101_000
    assert long.endswith("cut: 200,000 characters")


@pytest.mark.parametrize(
    ("array", "line"),
    [
        (np.zeros((2, 3, 4)), "ndarray of float64, 2 × 3 × 4"),
        (np.array(1.0), "ndarray of float64, 0-d"),
    ],
)
def test_headlines(array: np.ndarray, line: str) -> None:
    assert headline(ArrayValue(array, "ndarray", array.shape)) == line
