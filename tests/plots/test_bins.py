"""Bins: every finite number is counted once, in the bin it lies in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pyprobe.plots.bins import MOST_BINS, count_bins


def test_whole_numbers_have_bins_centred_on_them() -> None:
    bins = count_bins(np.array([1, 2, 2, 5], np.uint8))
    assert bins is not None
    assert (bins.counts.tolist(), bins.low, bins.width) == ([1, 2, 0, 0, 1], 0.5, 1.0)


def test_truth_values_have_two() -> None:
    bins = count_bins(np.array([True, False, True]))
    assert bins is not None
    assert bins.counts.tolist() == [1, 2]


def test_what_is_not_finite_is_left_out_and_counted() -> None:
    bins = count_bins(np.array([0.0, np.nan, np.inf, 1.0]))
    assert bins is not None
    assert (int(bins.counts.sum()), bins.left_out) == (2, 2)


@pytest.mark.parametrize("values", [np.array([]), np.full(3, np.nan), np.array([-np.inf])])
def test_without_a_finite_number_there_are_none(values: NDArray[np.float64]) -> None:
    assert count_bins(values) is None


@given(
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=200)
    | st.lists(st.floats(-1, 1), min_size=1, max_size=200)
)
def test_all_finite_numbers_are_counted_within_the_range(values: list[float]) -> None:
    bins = count_bins(np.array(values))
    assert bins is not None
    assert int(bins.counts.sum()) == len(values)
    assert len(bins.counts) <= MOST_BINS
    assert bins.width > 0
    assert bins.low <= min(values)


@given(st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=100))
def test_integers_of_any_size(values: list[int]) -> None:
    bins = count_bins(np.array(values))
    assert bins is not None
    assert int(bins.counts.sum()) == len(values)
    assert len(bins.counts) <= MOST_BINS + 1


def test_normal_numbers_have_a_bell_in_the_middle() -> None:
    bins = count_bins(np.random.default_rng(1).normal(10.0, 2.0, 100_000))
    assert bins is not None
    middle = bins.low + (int(np.argmax(bins.counts)) + 0.5) * bins.width
    assert middle == pytest.approx(10.0, abs=0.5)
    assert 50 < len(bins.counts) <= MOST_BINS
