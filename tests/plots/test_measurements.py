"""Measurements against signals whose numbers are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyprobe.plots.measurements import frequency, measure, measure_pieces, rise_time

TIME_S = np.arange(10_000) / 10_000.0


def test_a_sine() -> None:
    found = measure(TIME_S, 1.0 + 2.0 * np.sin(2 * np.pi * 50.0 * TIME_S))
    assert found.count == 10_000
    assert found.minimum == pytest.approx(-1.0, abs=1e-3)
    assert found.maximum == pytest.approx(3.0, abs=1e-3)
    assert found.mean == pytest.approx(1.0)
    assert found.rms == pytest.approx(np.sqrt(1.0 + 2.0))
    assert found.std == pytest.approx(np.sqrt(2.0))
    assert found.peak_to_peak == pytest.approx(4.0, abs=1e-3)
    assert found.frequency == pytest.approx(50.0, rel=1e-4)
    # From 10 to 90 percent of a sine is asin(0.8) on either side of its middle.
    assert found.rise_time == pytest.approx(2 * np.arcsin(0.8) / (2 * np.pi * 50.0), rel=1e-2)


def test_a_ramp_rises_over_four_fifths_of_its_way() -> None:
    y = np.clip((TIME_S - 0.2) / 0.1, 0.0, 1.0)
    assert rise_time(TIME_S, y) == pytest.approx(0.08, rel=1e-6)


def test_noise_makes_no_crossings() -> None:
    noise = 0.02 * np.random.default_rng(2).normal(size=len(TIME_S))
    y = np.sin(2 * np.pi * 20.0 * TIME_S) + noise
    assert frequency(TIME_S, y) == pytest.approx(20.0, rel=1e-2)


def test_a_single_edge_has_no_frequency_and_a_falling_one_no_rise() -> None:
    step = (TIME_S > 0.5).astype(np.float64)
    assert np.isnan(frequency(TIME_S, step))
    assert rise_time(TIME_S, step) == pytest.approx(0.8e-4, rel=1e-6)
    assert np.isnan(rise_time(TIME_S, 1.0 - step))


def test_a_constant_and_nothing() -> None:
    constant = measure(TIME_S, np.full(len(TIME_S), 5.0))
    assert (constant.mean, constant.std, constant.peak_to_peak) == (5.0, 0.0, 0.0)
    assert np.isnan(constant.frequency)
    assert np.isnan(constant.rise_time)
    for y in (np.empty(0), np.full(3, np.nan)):
        assert measure(np.arange(float(len(y))), y).count == 0


def test_what_is_not_finite_is_left_out() -> None:
    found = measure(np.arange(4.0), np.array([1.0, np.nan, np.inf, 3.0]))
    assert (found.count, found.mean) == (2, 2.0)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=100))
def test_the_plain_numbers_are_numpys(values: list[float]) -> None:
    y = np.array(values)
    found = measure(np.arange(float(len(y))), y)
    assert found.minimum == y.min(initial=np.inf)
    assert found.maximum == y.max(initial=-np.inf)
    assert found.std == pytest.approx(np.std(y), abs=1e-9)
    assert found.rms == pytest.approx(np.sqrt(np.mean(y**2)), rel=1e-9)


@pytest.mark.parametrize("scale", [1e-300, 1e200, 1.7e308])
def test_squares_that_are_no_floats(scale: float) -> None:
    found = measure(TIME_S, np.sin(2 * np.pi * 50.0 * TIME_S) * scale)
    assert found.rms == pytest.approx(np.sqrt(0.5) * scale)
    assert found.std == pytest.approx(np.sqrt(0.5) * scale)
    assert found.frequency == pytest.approx(50.0, rel=1e-4)
    constant = measure(TIME_S, np.full(len(TIME_S), 1.7976931348623157e308))
    assert constant.rms == constant.mean == 1.7976931348623157e308


@given(
    st.lists(st.integers(-(1 << 20), 1 << 20), min_size=2, max_size=50),
    st.sampled_from([-(1 << 63) + (1 << 20), -(1 << 53), 1 << 53, (1 << 62) + 1, (1 << 63) + 7]),
)
def test_differences_of_large_ints_are_exact(steps: list[int], far: int) -> None:
    values = [far + step for step in steps]
    y = np.array(values, np.uint64) if far > 1 << 62 else np.array(values, np.int64)
    x = np.arange(len(y), dtype=np.float64)
    small = np.array(steps, np.int64)
    found = measure_pieces(lambda: [(x[:1], y[:1]), (x[1:], y[1:])])
    near = measure_pieces(lambda: [(x[:1], small[:1]), (x[1:], small[1:])])
    assert found.peak_to_peak == max(steps) - min(steps)
    assert found.std == pytest.approx(near.std, rel=1e-9, abs=1e-9)
    assert found.mean == pytest.approx(far + float(np.mean(steps)))
    assert (found.minimum, found.maximum) == (float(int(min(y))), float(int(max(y))))
    assert found.rise_time == pytest.approx(near.rise_time, nan_ok=True)
    assert found.frequency == pytest.approx(near.frequency, nan_ok=True)


def test_ints_that_reach_farther_than_floats_hold_are_rounded() -> None:
    y = np.array([-(1 << 63), (1 << 63) - 1, 0])
    found = measure_pieces(lambda: [(np.arange(3.0), y)])
    assert found.peak_to_peak == float(1 << 64)
    mixed = measure_pieces(lambda: [(np.arange(3.0), y), (np.array([4.0]), np.array([0.5]))])
    assert (mixed.count, mixed.maximum) == (4, float(1 << 63))


@given(st.lists(st.floats(), max_size=50))
def test_no_numbers_break_it(values: list[float]) -> None:
    measure(np.arange(float(len(values))), np.array(values, np.float64))
