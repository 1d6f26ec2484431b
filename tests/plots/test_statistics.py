"""Statistics: right numbers, whatever else is in the array."""

import numpy as np
import pytest

from pyprobe.plots.statistics import statistics


def test_nan_and_infinities_are_counted_and_left_out() -> None:
    found = statistics(np.array([[1.0, np.nan, 3.0], [np.inf, -np.inf, 5.0]]))
    assert found is not None
    assert (found.count, found.finite, found.nan, found.infinite) == (6, 3, 1, 2)
    assert (found.minimum, found.maximum, found.mean) == (1.0, 5.0, 3.0)
    assert found.deviation == pytest.approx(np.std([1.0, 3.0, 5.0]))


def test_nothing_finite() -> None:
    found = statistics(np.full(4, np.nan))
    assert found is not None
    assert (found.finite, found.nan) == (0, 4)
    assert np.isnan(found.mean)


def test_the_largest_floats_do_not_overflow() -> None:
    found = statistics(np.array([1.7e308, 1.7e308, -1.7e308, -1.7e308]))
    assert found is not None
    assert found.mean == 0.0
    assert found.deviation == pytest.approx(1.7e308)


@pytest.mark.parametrize("start", [-(1 << 63), (1 << 60) + 1, (1 << 63) + 7])
def test_neighbours_among_large_ints_have_their_deviation(start: int) -> None:
    dtype = np.uint64 if start > 1 << 62 else np.int64
    found = statistics(np.array([start + step for step in range(4)], dtype))
    assert found is not None
    assert found.deviation == pytest.approx(np.std([0, 1, 2, 3]))
    assert found.minimum == float(start)


@pytest.mark.parametrize("dtype", ["U3", "S3", "O", "M8[s]", "c16"])
def test_other_dtypes_have_none(dtype: str) -> None:
    assert statistics(np.zeros(3, dtype)) is None


def test_bools_and_ints() -> None:
    found = statistics(np.array([True, False, True, True]))
    assert found is not None
    assert found.mean == 0.75
    found = statistics(np.array([2**63 - 1, -(2**63)]))
    assert found is not None
    assert found.minimum == -(2.0**63)
