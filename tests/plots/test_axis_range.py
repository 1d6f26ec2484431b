"""AxisRange: data and user decide in turn, never both, and no number breaks it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.plots.axis_range import LARGEST, AxisRange, RangeMode

finite = st.floats(allow_nan=False, allow_infinity=False)


def ends(axis: AxisRange) -> tuple[float, float]:
    return axis.low, axis.high


def mode(axis: AxisRange) -> RangeMode:
    return axis.mode


def test_fits_data_with_padding() -> None:
    axis = AxisRange()
    axis.fit(0.0, 10.0, padding=0.1)
    assert ends(axis) == (-1.0, 11.0)


def test_a_calm_range_leaves_room_around_data_that_grow_slowly() -> None:
    axis = AxisRange()
    axis.fit(0.0, 100.0, padding=0.06, calm=True)
    axis.fit(0.0, 104.0, padding=0.06, calm=True)
    assert ends(axis) == pytest.approx((-6.0, 106.0))
    axis.fit(0.0, 105.0, padding=0.06, calm=True)  # almost at its end
    assert ends(axis) == pytest.approx((-6.3, 111.3))


def test_calm_keeps_a_range_that_still_suits() -> None:
    axis = AxisRange()
    axis.fit(0.0, 10.0, calm=True)
    axis.fit(2.0, 9.0, calm=True)
    assert ends(axis) == (0.0, 10.0)
    axis.fit(2.0, 10.5, calm=True)  # beyond it
    assert ends(axis) == (2.0, 10.5)
    axis.fit(3.0, 4.0, calm=True)  # far smaller
    assert ends(axis) == (3.0, 4.0)


def test_the_first_fit_is_exact_even_inside_the_initial_range() -> None:
    axis = AxisRange(0.0, 1.0)
    axis.fit(0.0, 1.0, padding=0.05, calm=True)
    assert ends(axis) == (-0.05, 1.05)


@pytest.mark.parametrize(
    ("value", "low", "high"), [(0.0, -1, 1), (10.0, 9, 11), (-2.0, -2.2, -1.8)]
)
def test_a_constant_gets_a_margin(value: float, low: float, high: float) -> None:
    axis = AxisRange()
    axis.fit(value, value)
    assert ends(axis) == pytest.approx((low, high))


def test_no_data_changes_what_the_user_set() -> None:
    axis = AxisRange()
    axis.set_user(3.0, 4.0)
    axis.fit(0.0, 100.0)
    axis.follow(1000.0)
    assert ends(axis) == (3.0, 4.0)
    assert mode(axis) is RangeMode.USER
    axis.set_auto()
    axis.fit(0.0, 100.0)
    assert ends(axis) == (0.0, 100.0)


def test_following_keeps_the_width_and_the_right_end() -> None:
    axis = AxisRange()
    axis.set_user(0.0, 50.0)
    axis.set_follow()
    axis.follow(120.0)
    assert ends(axis) == (70.0, 120.0)
    axis.zoom(0.5, 80.0)
    assert ends(axis) == (95.0, 120.0)
    assert mode(axis) is RangeMode.FOLLOW
    axis.pan(-1.0)
    assert ends(axis) == (70.0, 95.0)
    assert mode(axis) is RangeMode.USER


def test_zoom_keeps_the_place_under_the_mouse() -> None:
    axis = AxisRange(0.0, 10.0)
    axis.zoom(0.5, 2.0)
    assert ends(axis) == (1.0, 6.0)


def test_wrong_ranges_are_ignored() -> None:
    axis = AxisRange(0.0, 1.0)
    for low, high in ((2.0, 1.0), (1.0, 1.0), (math.nan, 1.0), (0.0, math.inf)):
        axis.set_user(low, high)
        axis.fit(math.nan, high)
    assert ends(axis) == (0.0, 1.0)
    assert axis.mode is RangeMode.AUTO


def test_numbers_of_numpy_overflow_without_a_word() -> None:
    axis = AxisRange()
    axis.set_user(np.float64(-LARGEST), np.float64(LARGEST))
    axis.zoom(10.0, np.float64(LARGEST / 2))
    assert (axis.low, axis.high) == (-LARGEST, LARGEST)
    assert type(axis.low) is type(axis.high) is float


def test_zoom_ends_where_floats_end() -> None:
    axis = AxisRange(0.0, 1.0)
    for _ in range(5000):
        axis.zoom(0.5, 0.25)
    assert axis.low < axis.high
    for _ in range(5000):
        axis.zoom(2.0, 0.25)
    assert -LARGEST <= axis.low < axis.high <= LARGEST


@given(
    finite,
    finite,
    st.lists(
        st.tuples(st.sampled_from("zpf"), st.floats(-20, 20), st.floats(0.01, 100)), max_size=8
    ),
)
def test_always_a_finite_range(
    first: float, second: float, moves: list[tuple[str, float, float]]
) -> None:
    axis = AxisRange()
    axis.fit(first, second, padding=0.06)
    for move, number, factor in moves:
        if move == "z":
            axis.zoom(factor, axis.low / 2 + axis.high / 2 + number)
        elif move == "p":
            axis.pan(number)
        else:
            axis.set_auto()
            axis.fit(number, second, calm=True)
        assert math.isfinite(axis.low)
        assert math.isfinite(axis.high)
        assert axis.low < axis.high
