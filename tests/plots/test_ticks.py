"""Axis ticks: positions, labels, and that no range breaks them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.plots.ticks import NO_TICKS, nice_step, time_ticks, value_ticks


def test_plain_range() -> None:
    ticks = value_ticks(-1.0, 1.0, 5)
    assert ticks.positions == pytest.approx((-1.0, -0.5, 0.0, 0.5, 1.0))
    assert ticks.labels == ("-1.0", "-0.5", "0.0", "0.5", "1.0")
    assert ticks.note == ""


@pytest.mark.parametrize(
    ("least", "step"), [(2.0, 2.0), (0.9, 1.0), (1 / 3, 0.5), (7, 10), (3e-8, 5e-8), (9e307, 1e308)]
)
def test_steps_are_1_2_5(least: float, step: float) -> None:
    assert nice_step(least) == pytest.approx(step)


def test_large_numbers_share_a_power_of_ten() -> None:
    ticks = value_ticks(0.0, 4e6, 4)
    assert ticks.labels == ("0", "1", "2", "3", "4")
    assert ticks.note == "×10⁶"
    assert value_ticks(0.0, 4e-9, 4).note == "×10⁻⁹"


def test_close_large_numbers_share_an_offset() -> None:
    ticks = value_ticks(1_000_000.0, 1_000_000.4, 4)
    assert ticks.note == "+1000000"
    assert ticks.labels == ("0.0", "0.1", "0.2", "0.3", "0.4")


def test_range_of_the_largest_floats() -> None:
    ticks = value_ticks(-1.7e308, 1.7e308, 4)
    assert ticks.note == "×10³⁰⁸"
    assert 2 <= len(ticks.positions) <= 5
    assert "0" in ticks.labels[len(ticks.labels) // 2]


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (30.0, 160.0, ("50", "100", "150")),
        (-0.044, 0.043, ("-0.04", "-0.02", "0.00", "0.02", "0.04")),
        (47.0, 77.0, ("50", "60", "70")),
    ],
)
def test_a_scale_is_told_by_two_ticks_at_least(
    low: float, high: float, labels: tuple[str, ...]
) -> None:
    assert value_ticks(low, high, 2).labels == labels


@given(st.floats(-1e300, 1e300), st.floats(1e-3, 1e3), st.integers(1, 12))
def test_there_are_two_ticks_and_not_too_many(low: float, share: float, most: int) -> None:
    high = low + max(abs(low), 1.0) * share
    assert 2 <= len(value_ticks(low, high, most).positions) <= most + 4


def test_whole_numbers_only() -> None:
    assert value_ticks(-0.1, 1.1, 6, whole=True).labels == ("0", "1")


def test_what_is_no_range_has_no_ticks() -> None:
    for low, high in ((1.0, 1.0), (2.0, 1.0), (math.nan, 1.0), (0.0, math.inf)):
        assert value_ticks(low, high, 5) == NO_TICKS
        assert time_ticks(low, high, 5) == NO_TICKS


def test_time_in_the_unit_that_keeps_it_short() -> None:
    assert time_ticks(0.0, 10.0, 5).note == "s"
    milliseconds = time_ticks(0.0, 0.01, 5)
    assert milliseconds.note == "ms"
    assert milliseconds.labels == ("0", "2", "4", "6", "8", "10")
    assert milliseconds.positions[-1] == pytest.approx(0.01)
    assert time_ticks(0.0, 5e-6, 5).note == "µs"


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(1, 12),
)
def test_any_finite_range(first: float, second: float, most: int) -> None:
    low, high = sorted((first, second))
    ticks = value_ticks(low, high, most)
    assert len(ticks.positions) == len(ticks.labels) <= 4 * most + 6
    assert all(math.isfinite(position) for position in ticks.positions)
    assert list(ticks.positions) == sorted(ticks.positions)
    assert all(len(label) <= 20 for label in ticks.labels)
